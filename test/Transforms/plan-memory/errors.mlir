// RUN: ams-opt %s --ams-plan-memory --verify-diagnostics

// expected-error@+1 {{the buffers of @main take more than 2^63 bytes}}
func.func @main() {
  %a = memref.alloc() : memref<4611686018427387904xi8>
  %b = memref.alloc() : memref<4611686018427387904xi8>
  call @f(%a, %b) : (memref<4611686018427387904xi8>, memref<4611686018427387904xi8>) -> ()
  return
}
func.func private @f(memref<4611686018427387904xi8>, memref<4611686018427387904xi8>)
