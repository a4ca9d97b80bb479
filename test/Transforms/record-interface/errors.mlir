// RUN: ams-opt %s --ams-record-interface --split-input-file --verify-diagnostics

// expected-error@+1 {{a model needs one function @main with a body; this module has 0}}
module {
  func.func @other() {
    return
  }
}

// -----

// expected-error@+1 {{a model needs one function @main with a body; this module has 0}}
module {
  func.func private @main(tensor<2xf32>) -> tensor<2xf32>
}

// -----

// expected-error@+1 {{a model needs one function @main with a body; this module has 2}}
module {
  func.func @main() {
    return
  }
  module @nested {
    func.func @main() {
      return
    }
  }
}

// -----

// expected-error@+1 {{input 0 of @main must be a tensor of f32 or i64 of static shape, of rank 1 to 8 and with elements, whose first dimension is the batch}}
func.func @main(%x: tensor<?x3xf32>) {
  return
}

// -----

// expected-error@+1 {{input 1 of @main must be a tensor of f32 or i64}}
func.func @main(%x: tensor<2x3xf32>, %y: tensor<2x3xf64>) {
  return
}

// -----

// expected-error@+1 {{input 0 of @main must be a tensor of f32 or i64}}
func.func @main(%x: tensor<2x3xui64>) {
  return
}

// -----

// expected-error@+1 {{input 0 of @main must be a tensor of f32 or i64}}
func.func @main(%x: tensor<f32>) {
  return
}

// -----

// expected-error@+1 {{input 0 of @main must be a tensor of f32 or i64}}
func.func @main(%x: f32) {
  return
}

// -----

// expected-error@+1 {{input 0 of @main must be a tensor of f32 or i64}}
func.func @main(%x: tensor<*xf32>) {
  return
}

// -----

// expected-error@+1 {{input 0 of @main must be a tensor of f32 or i64}}
func.func @main(%x: memref<2x3xf32>) {
  return
}

// -----

// expected-error@+1 {{input 0 of @main must be a tensor of f32 or i64}}
func.func @main(%x: tensor<0x3xf32>) {
  return
}

// -----

// expected-error@+1 {{input 0 of @main must be a tensor of f32 or i64}}
func.func @main(%x: tensor<1x1x1x1x1x1x1x1x1xf32>) {
  return
}

// -----

// expected-error@+1 {{output 0 of @main must be a tensor of f32 or i64}}
func.func @main(%x: tensor<2x3xf32>) -> index {
  %c = arith.constant 0 : index
  return %c : index
}

// -----

// expected-error@+1 {{input 0 of @main: ams.range must be array<i64: least, most>, of a tensor of i64}}
func.func @main(%x: tensor<2x3xf32> {ams.range = array<i64: 0, 4>}) {
  return
}

// -----

// expected-error@+1 {{input 1 of @main: ams.range must be array<i64: least, most>, of a tensor of i64}}
func.func @main(%x: tensor<2x3xi64> {ams.range = array<i64: 0, 4>}, %y: tensor<2x3xi64> {ams.range = array<i64: 0>}) {
  return
}
