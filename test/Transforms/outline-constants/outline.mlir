// Large constant buffers become raw sections, reached through @ams_sections.
// RUN: ams-opt %s --ams-outline-constants=min-bytes=16 --split-input-file | FileCheck %s
// RUN: ams-opt %s --ams-outline-constants --split-input-file | FileCheck %s --check-prefix=DEFAULT
// DEFAULT-NOT: llvm.mlir.addressof

// A splat is written out; equal constants are one section; what is smaller, not
// constant, not private or without data stays, and so does what nothing uses.
// CHECK: module attributes {ams.sections = [dense<[1.000000e+00, 2.000000e+00, 3.000000e+00, 4.000000e+00]> : tensor<4xf32>, dense_resource<[[SPLAT:.*]]> : tensor<2x3xi64>]}
// CHECK: llvm.mlir.global external hidden constant @ams_sections() {{.*}} : !llvm.array<0 x ptr>
// CHECK-NOT: memref.global {{.*}}@large
// CHECK-NOT: memref.global {{.*}}@equal
// CHECK-NOT: memref.global {{.*}}@splat
// CHECK: memref.global "private" constant @small
// CHECK: memref.global "private" @mutable
// CHECK: memref.global constant @public
// CHECK: memref.global "private" constant @outside
// CHECK: memref.global "private" constant @unused
// CHECK: memref.global "private" constant @scalar
// CHECK: memref.global "private" constant @space
memref.global "private" constant @large : memref<4xf32> = dense<[1.0, 2.0, 3.0, 4.0]>
memref.global "private" constant @equal : memref<4xf32> = dense<[1.0, 2.0, 3.0, 4.0]>
memref.global "private" constant @splat : memref<2x3xi64> = dense<7>
memref.global "private" constant @small : memref<3xf32> = dense<[1.0, 2.0, 3.0]>
memref.global "private" @mutable : memref<4xf32> = dense<1.0>
memref.global constant @public : memref<4xf32> = dense<1.0>
memref.global "private" constant @outside : memref<4xf32>
memref.global "private" constant @unused : memref<4xf32> = dense<1.0>
memref.global "private" constant @scalar : memref<f32> = dense<1.0>
memref.global "private" constant @space : memref<4xf32, 3> = dense<1.0>

// CHECK-LABEL: @main
func.func @main() -> (memref<4xf32>, memref<4xf32>, memref<2x3xi64>, memref<3xf32>, memref<4xf32>, memref<4xf32>, memref<4xf32>, memref<f32>, memref<4xf32, 3>) {
  // Section 0: sizes 4, stride 1.
  // CHECK: %[[TABLE:.*]] = llvm.mlir.addressof @ams_sections : !llvm.ptr
  // CHECK: %[[SLOT:.*]] = llvm.getelementptr %[[TABLE]][0] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
  // CHECK: %[[DATA:.*]] = llvm.load %[[SLOT]] : !llvm.ptr -> !llvm.ptr
  // CHECK: llvm.insertvalue %[[DATA]], %{{.*}}[0] : !llvm.struct<(ptr, ptr, i64, array<1 x i64>, array<1 x i64>)>
  // CHECK: llvm.insertvalue %[[DATA]], %{{.*}}[1]
  // CHECK: %[[ZERO:.*]] = llvm.mlir.constant(0 : i64)
  // CHECK: llvm.insertvalue %[[ZERO]], %{{.*}}[2]
  // CHECK: %[[SIZE:.*]] = llvm.mlir.constant(4 : i64)
  // CHECK: llvm.insertvalue %[[SIZE]], %{{.*}}[3, 0]
  // CHECK: %[[STRIDE:.*]] = llvm.mlir.constant(1 : i64)
  // CHECK: %[[D:.*]] = llvm.insertvalue %[[STRIDE]], %{{.*}}[4, 0]
  // CHECK: builtin.unrealized_conversion_cast %[[D]] : {{.*}} to memref<4xf32>
  %0 = memref.get_global @large : memref<4xf32>
  // CHECK: llvm.getelementptr %{{.*}}[0]
  %1 = memref.get_global @equal : memref<4xf32>
  // CHECK: llvm.getelementptr %{{.*}}[1]
  // CHECK: llvm.mlir.constant(3 : i64)
  // CHECK: [3, 1]
  // CHECK: llvm.mlir.constant(1 : i64)
  // CHECK: [4, 1]
  // CHECK: llvm.mlir.constant(2 : i64)
  // CHECK: [3, 0]
  // CHECK: llvm.mlir.constant(3 : i64)
  // CHECK: [4, 0]
  // CHECK: to memref<2x3xi64>
  %2 = memref.get_global @splat : memref<2x3xi64>
  // CHECK-COUNT-6: memref.get_global
  %3 = memref.get_global @small : memref<3xf32>
  %4 = memref.get_global @mutable : memref<4xf32>
  %5 = memref.get_global @public : memref<4xf32>
  %6 = memref.get_global @outside : memref<4xf32>
  %7 = memref.get_global @scalar : memref<f32>
  %8 = memref.get_global @space : memref<4xf32, 3>
  return %0, %1, %2, %3, %4, %5, %6, %7, %8 : memref<4xf32>, memref<4xf32>, memref<2x3xi64>, memref<3xf32>, memref<4xf32>, memref<4xf32>, memref<4xf32>, memref<f32>, memref<4xf32, 3>
}
// CHECK: [[SPLAT]]: "0x08000000070000000000000007000000000000000700000000000000070000000000000007000000000000000700000000000000"

// -----

// The table is declared once, and sections are numbered on from those there.
// CHECK: ams.sections = [dense<1> : tensor<1xi8>, dense<[1, 2, 3]> : tensor<3xi64>]
// CHECK-COUNT-1: llvm.mlir.global external hidden constant @ams_sections
// CHECK-NOT: llvm.mlir.global
module attributes {ams.sections = [dense<1> : tensor<1xi8>]} {
  llvm.mlir.global external hidden constant @ams_sections() {addr_space = 0 : i32} : !llvm.array<0 x ptr>
  memref.global "private" constant @c : memref<3xi64> = dense<[1, 2, 3]>
  func.func @main() -> memref<3xi64> {
    // CHECK: llvm.getelementptr %{{.*}}[1]
    %0 = memref.get_global @c : memref<3xi64>
    return %0 : memref<3xi64>
  }
}

// -----

// Ranks that have no descriptor here, and elements that are no whole bytes.
// CHECK-LABEL: @others
// CHECK-NOT: llvm.
memref.global "private" constant @rank : memref<1x1x1x1x1x1x1x1x4xf32> = dense<[[[[[[[[[1.0, 2.0, 3.0, 4.0]]]]]]]]]>
memref.global "private" constant @bits : memref<256xi1> = dense<true>
memref.global "private" constant @index : memref<256xindex> = dense<1>
memref.global "private" constant @elided : memref<4xf32> = dense_resource<__elided__>
func.func @others() -> (memref<1x1x1x1x1x1x1x1x4xf32>, memref<256xi1>, memref<256xindex>, memref<4xf32>) {
  %0 = memref.get_global @rank : memref<1x1x1x1x1x1x1x1x4xf32>
  %1 = memref.get_global @bits : memref<256xi1>
  %2 = memref.get_global @index : memref<256xindex>
  %3 = memref.get_global @elided : memref<4xf32>
  return %0, %1, %2, %3 : memref<1x1x1x1x1x1x1x1x4xf32>, memref<256xi1>, memref<256xindex>, memref<4xf32>
}
