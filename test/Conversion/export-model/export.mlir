// The entry table of runtime/include/ams/abi.h.
// RUN: ams-opt %s --ams-export-model --split-input-file | FileCheck %s --check-prefixes=CHECK,INLINE
// RUN: ams-opt %s --ams-export-model=sections=external --split-input-file | FileCheck %s --check-prefixes=CHECK,EXTERNAL

// Inline: raw constants become globals; external: they stay for the driver, and
// the table is another object's.
// INLINE-NOT: ams.sections
// EXTERNAL: module attributes {ams.sections = [dense<{{.*}}> : tensor<3xi8>, dense_resource<f32> : tensor<2xf32>]}
// CHECK-NOT: ams.inputs
module attributes {
  ams.inputs = [{name = "x", type = tensor<2x3xf32>}], ams.outputs = [{name = "y", type = tensor<2x5x1xi64>}],
  ams.sections = [dense<[1, 2, 3]> : tensor<3xi8>, dense_resource<f32> : tensor<2xf32>]
} {
  // CHECK-LABEL: llvm.func internal @ams_model_main
  // CHECK-SAME: (%arg0: !llvm.ptr, %arg1: !llvm.ptr
  llvm.func @main(%call: !llvm.ptr,
      %x0: !llvm.ptr, %x1: !llvm.ptr, %x2: i64, %x3: i64, %x4: i64, %x5: i64, %x6: i64,
      %y0: !llvm.ptr, %y1: !llvm.ptr, %y2: i64, %y3: i64, %y4: i64, %y5: i64, %y6: i64, %y7: i64, %y8: i64) {
    llvm.return
  }
  // Shapes and row-major strides of each port: 2, 3, then 3, 1; 2, 5, 1, then 5, 1, 1.
  // CHECK: llvm.func internal @ams_run(%[[CALL:.*]]: !llvm.ptr, %[[INPUTS:.*]]: !llvm.ptr, %[[OUTPUTS:.*]]: !llvm.ptr) {
  // CHECK: %[[ZERO:.*]] = llvm.mlir.constant(0 : i64)
  // CHECK: %[[XS:.*]] = llvm.getelementptr %[[INPUTS]][0] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
  // CHECK: %[[X:.*]] = llvm.load %[[XS]] : !llvm.ptr -> !llvm.ptr
  // CHECK: %[[X0:.*]] = llvm.mlir.constant(2 : i64)
  // CHECK: %[[X1:.*]] = llvm.mlir.constant(3 : i64)
  // CHECK: %[[X2:.*]] = llvm.mlir.constant(3 : i64)
  // CHECK: %[[X3:.*]] = llvm.mlir.constant(1 : i64)
  // CHECK: %[[YS:.*]] = llvm.getelementptr %[[OUTPUTS]][0]
  // CHECK: %[[Y:.*]] = llvm.load %[[YS]]
  // CHECK: %[[Y0:.*]] = llvm.mlir.constant(2 : i64)
  // CHECK: %[[Y1:.*]] = llvm.mlir.constant(5 : i64)
  // CHECK: %[[Y2:.*]] = llvm.mlir.constant(1 : i64)
  // CHECK: %[[Y3:.*]] = llvm.mlir.constant(5 : i64)
  // CHECK: %[[Y4:.*]] = llvm.mlir.constant(1 : i64)
  // CHECK: %[[Y5:.*]] = llvm.mlir.constant(1 : i64)
  // CHECK: llvm.call @ams_model_main(%[[CALL]], %[[X]], %[[X]], %[[ZERO]], %[[X0]], %[[X1]], %[[X2]], %[[X3]], %[[Y]], %[[Y]], %[[ZERO]], %[[Y0]], %[[Y1]], %[[Y2]], %[[Y3]], %[[Y4]], %[[Y5]])
  // INLINE: llvm.mlir.global internal constant @ams_section_0(dense_resource<ams_section_0> : tensor<3xi8>) {{.*}}alignment = 64
  // INLINE: llvm.mlir.global internal constant @ams_section_1(dense_resource<ams_section_1> : tensor<8xi8>)
  // INLINE: llvm.mlir.global external hidden constant @ams_sections() {{.*}} : !llvm.array<2 x ptr>
  // INLINE: llvm.mlir.addressof @ams_section_0
  // INLINE: llvm.mlir.addressof @ams_section_1
  // EXTERNAL-NOT: @ams_section_
  // EXTERNAL: llvm.mlir.global external hidden constant @ams_sections() {{.*}} : !llvm.array<0 x ptr>
  // CHECK: llvm.mlir.global internal constant @ams_manifest(
  // CHECK: llvm.mlir.global external constant @ams_model() {{.*}} : !llvm.struct<(i32, i32, ptr, ptr, ptr, ptr)> {
  // CHECK: llvm.mlir.constant(827542849 : i32)
  // CHECK: llvm.mlir.addressof @ams_manifest
  // CHECK: llvm.mlir.addressof @ams_run
  // CHECK: llvm.mlir.addressof @ams_sections
  // No state of the plain way.
  // CHECK: llvm.mlir.zero
}
// INLINE: ams_section_0: "0x{{........}}010203"
// INLINE: ams_section_1: "0x{{........}}0000803F00000040"

{-#
  dialect_resources: {
    builtin: {
      f32: "0x040000000000803f00000040"
    }
  }
#-}

// -----

// Without sections; @main may do without the call's state (the plain way), whose
// own state is found by its name.
// CHECK-LABEL: llvm.func internal @ams_model_main
module attributes {ams.inputs = [{name = "x", type = tensor<2xf32>}]} {
  llvm.mlir.global external @ams_plain_state(dense<0> : tensor<4xi64>) : !llvm.array<4 x i64>
  llvm.func @main(%x0: !llvm.ptr, %x1: !llvm.ptr, %x2: i64, %x3: i64, %x4: i64) {
    llvm.return
  }
  // CHECK: llvm.func internal @ams_run(%{{.*}}: !llvm.ptr, %[[INPUTS:.*]]: !llvm.ptr,
  // CHECK: llvm.call @ams_model_main(%[[X:[0-9]*]], %[[X]],
  // CHECK-NOT: @ams_section
  // CHECK: @ams_model()
  // CHECK: llvm.mlir.zero
  // CHECK: llvm.mlir.addressof @ams_plain_state
}

// -----

// A section that is used by code before it is exported: the declaration gives
// way to the table.
// CHECK-LABEL: llvm.func internal @ams_model_main
// INLINE: @ams_sections() {{.*}} : !llvm.array<1 x ptr>
// INLINE-NOT: !llvm.array<0 x ptr>
// EXTERNAL: @ams_sections() {{.*}} : !llvm.array<0 x ptr>
// EXTERNAL-NOT: @ams_sections()
module attributes {ams.inputs = [{name = "x", type = tensor<2xf32>}], ams.sections = [dense<7> : tensor<64xi8>]} {
  llvm.mlir.global external hidden constant @ams_sections() {addr_space = 0 : i32} : !llvm.array<0 x ptr>
  llvm.func @main(%x0: !llvm.ptr, %x1: !llvm.ptr, %x2: i64, %x3: i64, %x4: i64) {
    %0 = llvm.mlir.addressof @ams_sections : !llvm.ptr
    llvm.return
  }
}
