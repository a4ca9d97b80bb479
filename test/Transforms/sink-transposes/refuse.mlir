// Transposes that stay where they are.
// RUN: ams-opt %s --ams-sink-transposes --split-input-file | FileCheck %s

// Another input has another order.
// CHECK-LABEL: @mixed
// CHECK: %[[T:.*]] = linalg.transpose
// CHECK: linalg.add ins(%[[T]], %{{.*}} : tensor<1x3x4x5xf32>, tensor<1x3x4x5xf32>)
func.func @mixed(%x: tensor<1x4x5x3xf32>, %y: tensor<1x3x4x5xf32>) -> tensor<1x3x4x5xf32> {
  %e = tensor.empty() : tensor<1x3x4x5xf32>
  %t = linalg.transpose ins(%x : tensor<1x4x5x3xf32>) outs(%e : tensor<1x3x4x5xf32>) permutation = [0, 3, 1, 2]
  %a = linalg.add ins(%t, %y : tensor<1x3x4x5xf32>, tensor<1x3x4x5xf32>) outs(%e : tensor<1x3x4x5xf32>) -> tensor<1x3x4x5xf32>
  return %a : tensor<1x3x4x5xf32>
}

// -----

// A user needs the transposed value itself, so two transposes would be left.
// CHECK-LABEL: @needed
// CHECK: %[[T:.*]] = linalg.transpose
// CHECK: linalg.exp ins(%[[T]]
// CHECK: tensor.collapse_shape %[[T]]
func.func @needed(%x: tensor<1x4x5x3xf32>) -> (tensor<1x3x4x5xf32>, tensor<60xf32>) {
  %e = tensor.empty() : tensor<1x3x4x5xf32>
  %t = linalg.transpose ins(%x : tensor<1x4x5x3xf32>) outs(%e : tensor<1x3x4x5xf32>) permutation = [0, 3, 1, 2]
  %a = linalg.exp ins(%t : tensor<1x3x4x5xf32>) outs(%e : tensor<1x3x4x5xf32>) -> tensor<1x3x4x5xf32>
  %c = tensor.collapse_shape %t [[0, 1, 2, 3]] : tensor<1x3x4x5xf32> into tensor<60xf32>
  return %a, %c : tensor<1x3x4x5xf32>, tensor<60xf32>
}

// -----

// The body knows its loops by number, and a pooling of another order, one that
// does not start from one number, and padding that is computed.
#id = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
// CHECK-LABEL: @index
// CHECK: %[[T:.*]] = linalg.transpose
// CHECK: linalg.generic {{.*}} ins(%[[T]]
// CHECK: %[[S:.*]] = linalg.transpose {{.*}} permutation = [0, 3, 2, 1]
// CHECK: linalg.pooling_nchw_max {{.*}} ins(%[[S]]
// CHECK: %[[U:.*]] = linalg.transpose
// CHECK: linalg.pooling_nchw_max {{.*}} ins(%[[U]]
// CHECK: %[[V:.*]] = linalg.transpose
// CHECK: tensor.pad %[[V]]
func.func @index(%x: tensor<1x4x5x3xf32>, %p: tensor<1x3x5x4xf32>, %n: f32) -> (tensor<1x3x4x5xf32>, tensor<1x3x5x4xf32>, tensor<1x3x4x5xf32>, tensor<1x3x5x5xf32>) {
  %e = tensor.empty() : tensor<1x3x4x5xf32>
  %t = linalg.transpose ins(%x : tensor<1x4x5x3xf32>) outs(%e : tensor<1x3x4x5xf32>) permutation = [0, 3, 1, 2]
  %y = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
       ins(%t : tensor<1x3x4x5xf32>) outs(%e : tensor<1x3x4x5xf32>) {
  ^bb0(%a: f32, %o: f32):
    %i = linalg.index 1 : index
    %k = arith.index_cast %i : index to i32
    %f = arith.sitofp %k : i32 to f32
    %s = arith.addf %a, %f : f32
    linalg.yield %s : f32
  } -> tensor<1x3x4x5xf32>
  %w = tensor.empty() : tensor<1x1xf32>
  %g = tensor.empty() : tensor<1x3x5x4xf32>
  %filled = linalg.fill ins(%n : f32) outs(%g : tensor<1x3x5x4xf32>) -> tensor<1x3x5x4xf32>
  %s = linalg.transpose ins(%x : tensor<1x4x5x3xf32>) outs(%g : tensor<1x3x5x4xf32>) permutation = [0, 3, 2, 1]
  %m = linalg.pooling_nchw_max {dilations = dense<1> : vector<2xi64>, strides = dense<1> : vector<2xi64>} ins(%s, %w : tensor<1x3x5x4xf32>, tensor<1x1xf32>) outs(%filled : tensor<1x3x5x4xf32>) -> tensor<1x3x5x4xf32>
  %u = linalg.transpose ins(%x : tensor<1x4x5x3xf32>) outs(%e : tensor<1x3x4x5xf32>) permutation = [0, 3, 1, 2]
  %o = linalg.pooling_nchw_max {dilations = dense<1> : vector<2xi64>, strides = dense<1> : vector<2xi64>} ins(%u, %w : tensor<1x3x4x5xf32>, tensor<1x1xf32>) outs(%y : tensor<1x3x4x5xf32>) -> tensor<1x3x4x5xf32>
  %v = linalg.transpose ins(%x : tensor<1x4x5x3xf32>) outs(%e : tensor<1x3x4x5xf32>) permutation = [0, 3, 1, 2]
  %d = tensor.pad %v low[0, 0, 0, 0] high[0, 0, 1, 0] {
  ^bb0(%a: index, %b: index, %c: index, %q: index):
    %k = arith.index_cast %q : index to i32
    %f = arith.sitofp %k : i32 to f32
    tensor.yield %f : f32
  } : tensor<1x3x4x5xf32> to tensor<1x3x5x5xf32>
  return %y, %m, %o, %d : tensor<1x3x4x5xf32>, tensor<1x3x5x4xf32>, tensor<1x3x4x5xf32>, tensor<1x3x5x5xf32>
}

// -----

// Values side by side of which one has another order, or is a constant, or whose
// transpose is needed as it is; a place that is computed, a value of another rank,
// and a value to insert into that is no transpose.
// CHECK-LABEL: @beside
// CHECK-DAG: %[[T:.*]] = linalg.transpose {{.*}} permutation = [0, 3, 1, 2]
// CHECK-DAG: %[[U:.*]] = linalg.transpose {{.*}} permutation = [0, 3, 2, 1]
// CHECK: tensor.concat dim(1) %[[T]], %[[U]]
// CHECK: tensor.concat dim(1) %[[T]], %{{.*}}
// CHECK: %[[V:.*]] = linalg.transpose {{.*}} permutation = [0, 3, 1, 2]
// CHECK: tensor.concat dim(1) %[[V]], %[[V]]
// CHECK: tensor.collapse_shape %[[V]]
// CHECK: tensor.insert_slice %[[T]] into
// CHECK: tensor.insert_slice %[[T]] into
// CHECK: %[[W:.*]] = linalg.transpose {{.*}} permutation = [1, 0]
// CHECK: tensor.insert_slice %[[W]] into
func.func @beside(%x: tensor<1x4x4x3xf32>, %into: tensor<1x6x4x4xf32>, %m: tensor<4x4xf32>, %i: index) -> (tensor<1x6x4x4xf32>, tensor<1x6x4x4xf32>, tensor<1x6x4x4xf32>, tensor<48xf32>, tensor<1x6x4x4xf32>, tensor<1x6x4x4xf32>, tensor<1x6x4x4xf32>) {
  %e = tensor.empty() : tensor<1x3x4x4xf32>
  %f = tensor.empty() : tensor<4x4xf32>
  %g = tensor.empty() : tensor<1x6x4x4xf32>
  %k = arith.constant dense<1.0> : tensor<1x3x4x4xf32>
  %t = linalg.transpose ins(%x : tensor<1x4x4x3xf32>) outs(%e : tensor<1x3x4x4xf32>) permutation = [0, 3, 1, 2]
  %u = linalg.transpose ins(%x : tensor<1x4x4x3xf32>) outs(%e : tensor<1x3x4x4xf32>) permutation = [0, 3, 2, 1]
  %1 = tensor.concat dim(1) %t, %u : (tensor<1x3x4x4xf32>, tensor<1x3x4x4xf32>) -> tensor<1x6x4x4xf32>
  %2 = tensor.concat dim(1) %t, %k : (tensor<1x3x4x4xf32>, tensor<1x3x4x4xf32>) -> tensor<1x6x4x4xf32>
  %v = linalg.transpose ins(%x : tensor<1x4x4x3xf32>) outs(%e : tensor<1x3x4x4xf32>) permutation = [0, 3, 1, 2]
  %3 = tensor.concat dim(1) %v, %v : (tensor<1x3x4x4xf32>, tensor<1x3x4x4xf32>) -> tensor<1x6x4x4xf32>
  %4 = tensor.collapse_shape %v [[0, 1, 2, 3]] : tensor<1x3x4x4xf32> into tensor<48xf32>
  %5 = tensor.insert_slice %t into %into[0, 0, 0, 0] [1, 3, 4, 4] [1, 1, 1, 1] : tensor<1x3x4x4xf32> into tensor<1x6x4x4xf32>
  %6 = tensor.insert_slice %t into %g[0, %i, 0, 0] [1, 3, 4, 4] [1, 1, 1, 1] : tensor<1x3x4x4xf32> into tensor<1x6x4x4xf32>
  %w = linalg.transpose ins(%m : tensor<4x4xf32>) outs(%f : tensor<4x4xf32>) permutation = [1, 0]
  %7 = tensor.insert_slice %w into %g[0, 1, 0, 0] [1, 1, 4, 4] [1, 1, 1, 1] : tensor<4x4xf32> into tensor<1x6x4x4xf32>
  return %1, %2, %3, %4, %5, %6, %7 : tensor<1x6x4x4xf32>, tensor<1x6x4x4xf32>, tensor<1x6x4x4xf32>, tensor<48xf32>, tensor<1x6x4x4xf32>, tensor<1x6x4x4xf32>, tensor<1x6x4x4xf32>
}
