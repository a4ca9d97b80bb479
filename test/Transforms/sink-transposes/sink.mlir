// Transposes that sink: each operation takes the order of its input.
// RUN: ams-opt %s --ams-sink-transposes --canonicalize --split-input-file | FileCheck %s

// An elementwise operation, with a number for each channel; the two transposes
// cancel.
#id = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
#channel = affine_map<(d0, d1, d2, d3) -> (d1)>
// CHECK: #[[ID:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
// CHECK: #[[LAST:.*]] = affine_map<(d0, d1, d2, d3) -> (d3)>
// CHECK-LABEL: @elementwise
// CHECK-SAME: (%[[X:.*]]: tensor<1x4x5x3xf32>, %[[S:.*]]: tensor<3xf32>)
func.func @elementwise(%x: tensor<1x4x5x3xf32>, %s: tensor<3xf32>) -> tensor<1x4x5x3xf32> {
  // CHECK-NOT: linalg.transpose
  // CHECK: %[[Y:.*]] = linalg.generic {indexing_maps = [#[[ID]], #[[LAST]], #[[ID]]], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%[[X]], %[[S]] : tensor<1x4x5x3xf32>, tensor<3xf32>) outs(%{{.*}} : tensor<1x4x5x3xf32>)
  // CHECK-NOT: linalg.transpose
  // CHECK: return %[[Y]]
  %e = tensor.empty() : tensor<1x3x4x5xf32>
  %f = tensor.empty() : tensor<1x4x5x3xf32>
  %t = linalg.transpose ins(%x : tensor<1x4x5x3xf32>) outs(%e : tensor<1x3x4x5xf32>) permutation = [0, 3, 1, 2]
  %y = linalg.generic {indexing_maps = [#id, #channel, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
       ins(%t, %s : tensor<1x3x4x5xf32>, tensor<3xf32>) outs(%e : tensor<1x3x4x5xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %m = arith.mulf %a, %b : f32
    linalg.yield %m : f32
  } -> tensor<1x3x4x5xf32>
  %r = linalg.transpose ins(%y : tensor<1x3x4x5xf32>) outs(%f : tensor<1x4x5x3xf32>) permutation = [0, 2, 3, 1]
  return %r : tensor<1x4x5x3xf32>
}

// -----

// A sum of two that are transposed alike, by its name; one is left at the exit.
// CHECK-LABEL: @residual
// CHECK-SAME: (%[[X:.*]]: tensor<1x4x5x3xf32>, %[[Y:.*]]: tensor<1x4x5x3xf32>)
func.func @residual(%x: tensor<1x4x5x3xf32>, %y: tensor<1x4x5x3xf32>) -> tensor<1x3x4x5xf32> {
  // CHECK-NOT: linalg.transpose
  // CHECK: %[[S:.*]] = linalg.add ins(%[[X]], %[[Y]] : tensor<1x4x5x3xf32>, tensor<1x4x5x3xf32>) outs(%{{.*}} : tensor<1x4x5x3xf32>)
  // CHECK: %[[T:.*]] = linalg.transpose ins(%[[S]] : tensor<1x4x5x3xf32>) outs(%{{.*}} : tensor<1x3x4x5xf32>) permutation = [0, 3, 1, 2]
  // CHECK: return %[[T]]
  %e = tensor.empty() : tensor<1x3x4x5xf32>
  %s = linalg.transpose ins(%x : tensor<1x4x5x3xf32>) outs(%e : tensor<1x3x4x5xf32>) permutation = [0, 3, 1, 2]
  %t = linalg.transpose ins(%y : tensor<1x4x5x3xf32>) outs(%e : tensor<1x3x4x5xf32>) permutation = [0, 3, 1, 2]
  %a = linalg.add ins(%s, %t : tensor<1x3x4x5xf32>, tensor<1x3x4x5xf32>) outs(%e : tensor<1x3x4x5xf32>) -> tensor<1x3x4x5xf32>
  return %a : tensor<1x3x4x5xf32>
}

// -----

// Padding and pooling of images with their channels first.
// CHECK-LABEL: @pool
// CHECK-SAME: (%[[X:.*]]: tensor<1x4x5x3xf32>)
func.func @pool(%x: tensor<1x4x5x3xf32>) -> tensor<1x3x3x3xf32> {
  // CHECK-NOT: linalg.transpose
  // CHECK: %[[P:.*]] = tensor.pad %[[X]] low[0, 1, 2, 0] high[0, 1, 0, 0]
  // CHECK: tensor<1x4x5x3xf32> to tensor<1x6x7x3xf32>
  // CHECK: %[[F:.*]] = linalg.fill ins(%{{.*}} : f32) outs(%{{.*}} : tensor<1x3x3x3xf32>)
  // CHECK: %[[M:.*]] = linalg.pooling_nhwc_max {dilations = dense<1> : vector<2xi64>, strides = dense<2> : vector<2xi64>} ins(%[[P]], %{{.*}} : tensor<1x6x7x3xf32>, tensor<2x3xf32>) outs(%[[F]] : tensor<1x3x3x3xf32>)
  // CHECK: %[[T:.*]] = linalg.transpose ins(%[[M]] : tensor<1x3x3x3xf32>)
  // CHECK: return %[[T]]
  %lowest = arith.constant 0xFF800000 : f32
  %e = tensor.empty() : tensor<1x3x4x5xf32>
  %t = linalg.transpose ins(%x : tensor<1x4x5x3xf32>) outs(%e : tensor<1x3x4x5xf32>) permutation = [0, 3, 1, 2]
  %p = tensor.pad %t low[0, 0, 1, 2] high[0, 0, 1, 0] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %lowest : f32
  } : tensor<1x3x4x5xf32> to tensor<1x3x6x7xf32>
  %f = tensor.empty() : tensor<1x3x3x3xf32>
  %i = linalg.fill ins(%lowest : f32) outs(%f : tensor<1x3x3x3xf32>) -> tensor<1x3x3x3xf32>
  %w = tensor.empty() : tensor<2x3xf32>
  %m = linalg.pooling_nchw_max {dilations = dense<1> : vector<2xi64>, strides = dense<2> : vector<2xi64>} ins(%p, %w : tensor<1x3x6x7xf32>, tensor<2x3xf32>) outs(%i : tensor<1x3x3x3xf32>) -> tensor<1x3x3x3xf32>
  return %m : tensor<1x3x3x3xf32>
}

// -----

// A reduction reads the source in its order; its result stays what it is.
#id = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
#kept = affine_map<(d0, d1, d2, d3) -> (d0, d1)>
// CHECK: #[[ID:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
// CHECK: #[[KEPT:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d3)>
// CHECK-LABEL: @reduction
// CHECK-SAME: (%[[X:.*]]: tensor<2x4x5x3xf32>)
func.func @reduction(%x: tensor<2x4x5x3xf32>) -> tensor<2x3xf32> {
  // CHECK-NOT: linalg.transpose
  // CHECK: linalg.generic {indexing_maps = [#[[ID]], #[[KEPT]]], iterator_types = ["parallel", "reduction", "reduction", "parallel"]} ins(%[[X]] : tensor<2x4x5x3xf32>) outs(%{{.*}} : tensor<2x3xf32>)
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<2x3x4x5xf32>
  %t = linalg.transpose ins(%x : tensor<2x4x5x3xf32>) outs(%e : tensor<2x3x4x5xf32>) permutation = [0, 3, 1, 2]
  %f = tensor.empty() : tensor<2x3xf32>
  %i = linalg.fill ins(%zero : f32) outs(%f : tensor<2x3xf32>) -> tensor<2x3xf32>
  %y = linalg.generic {indexing_maps = [#id, #kept], iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
       ins(%t : tensor<2x3x4x5xf32>) outs(%i : tensor<2x3xf32>) {
  ^bb0(%a: f32, %o: f32):
    %s = arith.addf %a, %o : f32
    linalg.yield %s : f32
  } -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

// Dimensions of size 1 that move are a reshape.
// CHECK-LABEL: @reshape
// CHECK-NOT: linalg.transpose
// CHECK: tensor.collapse_shape
func.func @reshape(%x: tensor<2x1x1x8xf32>) -> tensor<2x8xf32> {
  %e = tensor.empty() : tensor<2x8x1x1xf32>
  %t = linalg.transpose ins(%x : tensor<2x1x1x8xf32>) outs(%e : tensor<2x8x1x1xf32>) permutation = [0, 3, 1, 2]
  %y = tensor.collapse_shape %t [[0], [1, 2, 3]] : tensor<2x8x1x1xf32> into tensor<2x8xf32>
  return %y : tensor<2x8xf32>
}

// -----

// Branches that are put side by side along their channels.
// CHECK-LABEL: @concat
// CHECK-SAME: (%[[X:.*]]: tensor<1x4x5x3xf32>, %[[Y:.*]]: tensor<1x4x5x2xf32>)
func.func @concat(%x: tensor<1x4x5x3xf32>, %y: tensor<1x4x5x2xf32>) -> tensor<1x4x5x8xf32> {
  // CHECK-NOT: linalg.transpose
  // CHECK: %[[C:.*]] = tensor.concat dim(3) %[[X]], %[[Y]], %[[X]] : (tensor<1x4x5x3xf32>, tensor<1x4x5x2xf32>, tensor<1x4x5x3xf32>) -> tensor<1x4x5x8xf32>
  // CHECK-NEXT: return %[[C]]
  %e = tensor.empty() : tensor<1x3x4x5xf32>
  %f = tensor.empty() : tensor<1x2x4x5xf32>
  %g = tensor.empty() : tensor<1x4x5x8xf32>
  %s = linalg.transpose ins(%x : tensor<1x4x5x3xf32>) outs(%e : tensor<1x3x4x5xf32>) permutation = [0, 3, 1, 2]
  %t = linalg.transpose ins(%y : tensor<1x4x5x2xf32>) outs(%f : tensor<1x2x4x5xf32>) permutation = [0, 3, 1, 2]
  %c = tensor.concat dim(1) %s, %t, %s : (tensor<1x3x4x5xf32>, tensor<1x2x4x5xf32>, tensor<1x3x4x5xf32>) -> tensor<1x8x4x5xf32>
  %r = linalg.transpose ins(%c : tensor<1x8x4x5xf32>) outs(%g : tensor<1x4x5x8xf32>) permutation = [0, 2, 3, 1]
  return %r : tensor<1x4x5x8xf32>
}

// -----

// The same as tosa's lowering writes it.
// CHECK-LABEL: @insert
// CHECK-SAME: (%[[X:.*]]: tensor<1x4x5x3xf32>, %[[Y:.*]]: tensor<1x4x5x2xf32>)
func.func @insert(%x: tensor<1x4x5x3xf32>, %y: tensor<1x4x5x2xf32>) -> tensor<1x4x5x5xf32> {
  // CHECK-NOT: linalg.transpose
  // CHECK: %[[E:.*]] = tensor.empty() : tensor<1x4x5x5xf32>
  // CHECK: %[[A:.*]] = tensor.insert_slice %[[X]] into %[[E]][0, 0, 0, 0] [1, 4, 5, 3] [1, 1, 1, 1] : tensor<1x4x5x3xf32> into tensor<1x4x5x5xf32>
  // CHECK: %[[B:.*]] = tensor.insert_slice %[[Y]] into %[[A]][0, 0, 0, 3] [1, 4, 5, 2] [1, 1, 1, 1] : tensor<1x4x5x2xf32> into tensor<1x4x5x5xf32>
  // CHECK-NEXT: return %[[B]]
  %e = tensor.empty() : tensor<1x3x4x5xf32>
  %f = tensor.empty() : tensor<1x2x4x5xf32>
  %g = tensor.empty() : tensor<1x5x4x5xf32>
  %h = tensor.empty() : tensor<1x4x5x5xf32>
  %s = linalg.transpose ins(%x : tensor<1x4x5x3xf32>) outs(%e : tensor<1x3x4x5xf32>) permutation = [0, 3, 1, 2]
  %t = linalg.transpose ins(%y : tensor<1x4x5x2xf32>) outs(%f : tensor<1x2x4x5xf32>) permutation = [0, 3, 1, 2]
  %a = tensor.insert_slice %s into %g[0, 0, 0, 0] [1, 3, 4, 5] [1, 1, 1, 1] : tensor<1x3x4x5xf32> into tensor<1x5x4x5xf32>
  %b = tensor.insert_slice %t into %a[0, 3, 0, 0] [1, 2, 4, 5] [1, 1, 1, 1] : tensor<1x2x4x5xf32> into tensor<1x5x4x5xf32>
  %r = linalg.transpose ins(%b : tensor<1x5x4x5xf32>) outs(%h : tensor<1x4x5x5xf32>) permutation = [0, 2, 3, 1]
  return %r : tensor<1x4x5x5xf32>
}
