// With no limit, every constant with data, and only those.
// RUN: ams-opt %s --ams-outline-constants=min-bytes=0 | FileCheck %s
// RUN: ams-opt %s --ams-outline-constants=min-bytes=-1 | FileCheck %s
// CHECK: ams.sections = [dense<1> : tensor<1xi8>]
// CHECK-NOT: @one
// CHECK: memref.global "private" @mutable
// CHECK: memref.global "private" constant @outside
memref.global "private" constant @one : memref<1xi8> = dense<1>
memref.global "private" @mutable : memref<4xf32> = uninitialized
memref.global "private" constant @outside : memref<4xf32>
func.func @main() -> (memref<1xi8>, memref<4xf32>, memref<4xf32>) {
  %0 = memref.get_global @one : memref<1xi8>
  // CHECK: memref.get_global @mutable
  // CHECK: memref.get_global @outside
  %1 = memref.get_global @mutable : memref<4xf32>
  %2 = memref.get_global @outside : memref<4xf32>
  return %0, %1, %2 : memref<1xi8>, memref<4xf32>, memref<4xf32>
}
