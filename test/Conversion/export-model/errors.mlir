// RUN: ams-opt %s --ams-export-model --split-input-file --verify-diagnostics

// expected-error@+1 {{needs @main as an llvm.func with a body: run the passes of ams-to-code first}}
module attributes {ams.inputs = [{name = "x", type = tensor<2xf32>}]} {}

// -----

// expected-error@+1 {{needs @main as an llvm.func with a body: run the passes of ams-to-code first}}
module attributes {ams.inputs = [{name = "x", type = tensor<2xf32>}]} {
  func.func @main(%x: memref<2xf32>) {
    return
  }
}

// -----

// expected-error@+1 {{needs @main as an llvm.func with a body: run the passes of ams-to-code first}}
module attributes {ams.inputs = [{name = "x", type = tensor<2xf32>}]} {
  llvm.func @main(!llvm.ptr, !llvm.ptr, !llvm.ptr, i64, i64, i64)
}

// -----

// expected-error@+1 {{needs @main as an llvm.func with a body: run the passes of ams-to-code first}}
module attributes {ams.inputs = [{name = "x", type = tensor<2xf32>}]} {
  llvm.mlir.global internal constant @main(1 : i64) : i64
}

// -----

module attributes {ams.inputs = [{name = "x", type = tensor<2xf32>}]} {
  // expected-error@+1 {{@main has 2 arguments, but the module's ams.inputs and ams.outputs ask for 5}}
  llvm.func @main(%a: !llvm.ptr, %b: !llvm.ptr) {
    llvm.return
  }
}

// -----

// expected-error@+1 {{@main has neither inputs nor outputs}}
module {
  llvm.func @main() {
    llvm.return
  }
}

// -----

// expected-error@+1 {{the first dimension of 'y' is 3, but of others 2: the batch must be the first dimension of every input and output}}
module attributes {ams.inputs = [{name = "x", type = tensor<2x3xf32>}], ams.outputs = [{name = "y", type = tensor<3xf32>}]} {
  llvm.func @main() {
    llvm.return
  }
}

// -----

module attributes {ams.inputs = [{name = "x", type = tensor<2xf32>}]} {
  // expected-error@+1 {{@ams_run is the name of a part of the entry table: rename it}}
  llvm.func @ams_run() {
    llvm.return
  }
  llvm.func @main(%x0: !llvm.ptr, %x1: !llvm.ptr, %x2: i64, %x3: i64, %x4: i64) {
    llvm.return
  }
}

// -----

// expected-error@+1 {{element 0 of the module's attribute ams.layers does not describe a layer}}
module attributes {ams.inputs = [{name = "x", type = tensor<2xf32>}], ams.layers = [{}]} {
  llvm.func @main(%x0: !llvm.ptr, %x1: !llvm.ptr, %x2: i64, %x3: i64, %x4: i64) {
    llvm.return
  }
}

// -----

// expected-error@+1 {{element 0 of the module's attribute ams.layers does not describe a layer}}
module attributes {ams.inputs = [{name = "x", type = tensor<2xf32>}], ams.layers = [
    {batch = 1 : i64, codes = 0 : i64, device = #ams.device<rows = 8, columns = 4>, gain = 1.0 : f32, kind = "pool",
     name = "fc", outputs = 3 : i64, reduction = 9 : i64, scales = 1 : i64, vectors = 2 : i64}]} {
  llvm.func @main(%x0: !llvm.ptr, %x1: !llvm.ptr, %x2: i64, %x3: i64, %x4: i64) {
    llvm.return
  }
}

// -----

// expected-error@+1 {{element 1 of the module's attribute ams.layers does not describe a layer}}
module attributes {ams.inputs = [{name = "x", type = tensor<2xf32>}], ams.layers = [
    {batch = 1 : i64, codes = 0 : i64, device = #ams.device<rows = 8, columns = 4>, gain = 1.0 : f32, kind = "matmul",
     name = "fc", outputs = 3 : i64, reduction = 9 : i64, scales = 1 : i64, vectors = 2 : i64},
    {batch = 1 : i64, codes = 0 : i64, device = #ams.device<rows = 8, columns = 4>, gain = 1.0 : f32, kind = "conv",
     name = "c", outputs = 3 : i64, reduction = 9 : i64, scales = 1 : i64, vectors = 2 : i64}]} {
  llvm.func @main(%x0: !llvm.ptr, %x1: !llvm.ptr, %x2: i64, %x3: i64, %x4: i64) {
    llvm.return
  }
}

// -----

// A size that int32 cannot hold, which must not wrap to another.
#window = #ams.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0, 0, 0], dilations = [1, 1], groups = 1>
// expected-error@+1 {{element 0 of the module's attribute ams.layers does not describe a layer}}
module attributes {ams.inputs = [{name = "x", type = tensor<2xf32>}], ams.layers = [
    {batch = 1 : i64, codes = 0 : i64, device = #ams.device<rows = 8, columns = 4>, gain = 1.0 : f32, kind = "conv",
     name = "c", outputs = 3 : i64, reduction = 9 : i64, scales = 1 : i64, vectors = 2 : i64,
     window = #window, image = array<i64: 4294967297, 1, 1>}]} {
  llvm.func @main(%x0: !llvm.ptr, %x1: !llvm.ptr, %x2: i64, %x3: i64, %x4: i64) {
    llvm.return
  }
}

// -----

#window = #ams.window<kernel = [1, 1], strides = [1, 1], padding = [1, 1, 1, 1], dilations = [1, 1], groups = 1>
// expected-error@+1 {{element 0 of the module's attribute ams.layers does not describe a layer}}
module attributes {ams.inputs = [{name = "x", type = tensor<2xf32>}], ams.layers = [
    {batch = 1 : i64, codes = 0 : i64, device = #ams.device<rows = 8, columns = 4>, gain = 1.0 : f32, kind = "conv",
     name = "c", outputs = 3 : i64, reduction = 9 : i64, scales = 1 : i64, vectors = 2 : i64,
     window = #window, image = array<i64: 1, 2147483646, 1>}]} {
  llvm.func @main(%x0: !llvm.ptr, %x1: !llvm.ptr, %x2: i64, %x3: i64, %x4: i64) {
    llvm.return
  }
}

// -----

#window = #ams.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0, 0, 0], dilations = [1, 1], groups = 1>
// expected-error@+1 {{element 0 of the module's attribute ams.layers does not describe a layer}}
module attributes {ams.inputs = [{name = "x", type = tensor<2xf32>}], ams.layers = [
    {batch = 1 : i64, codes = 0 : i64, device = #ams.device<rows = 8, columns = 4>, gain = 1.0 : f32, kind = "conv",
     name = "c", outputs = 3 : i64, reduction = 9 : i64, scales = 1 : i64, vectors = 2 : i64,
     window = #window, image = array<i64: 1, 2>}]} {
  llvm.func @main(%x0: !llvm.ptr, %x1: !llvm.ptr, %x2: i64, %x3: i64, %x4: i64) {
    llvm.return
  }
}

// -----

// A product that the samples of the batch share: whose noise would it be?
// expected-error@+1 {{layer "fc" has 1 x 3 input vectors, which the 2 samples of the batch do not share equally (N3)}}
module attributes {ams.inputs = [{name = "x", type = tensor<2xf32>}], ams.layers = [
    {batch = 1 : i64, codes = 0 : i64, device = #ams.device<rows = 8, columns = 4>, gain = 1.0 : f32, kind = "matmul",
     name = "fc", outputs = 3 : i64, reduction = 9 : i64, scales = 1 : i64, vectors = 3 : i64}]} {
  llvm.func @main(%x0: !llvm.ptr, %x1: !llvm.ptr, %x2: i64, %x3: i64, %x4: i64) {
    llvm.return
  }
}

// -----

// expected-error@+1 {{layer "fc" has 4611686018427387904 x 4 input vectors}}
module attributes {ams.inputs = [{name = "x", type = tensor<2xf32>}], ams.layers = [
    {batch = 4611686018427387904 : i64, codes = 0 : i64, device = #ams.device<rows = 8, columns = 4>, gain = 1.0 : f32, kind = "batch_matmul",
     name = "fc", outputs = 3 : i64, reduction = 9 : i64, scales = 1 : i64, vectors = 4 : i64}]} {
  llvm.func @main(%x0: !llvm.ptr, %x1: !llvm.ptr, %x2: i64, %x3: i64, %x4: i64) {
    llvm.return
  }
}

// -----

// expected-error@+1 {{@main needs a workspace of 1000000000000000 bytes: compile for a smaller batch}}
module attributes {ams.inputs = [{name = "x", type = tensor<2xf32>}], ams.outputs = [{name = "y", type = tensor<2xf32>}], ams.workspace = 1000000000000000 : i64} {
  llvm.func @main(%s: !llvm.ptr, %x: !llvm.ptr, %x1: !llvm.ptr, %x2: i64, %x3: i64, %x4: i64, %y: !llvm.ptr, %y1: !llvm.ptr, %y2: i64, %y3: i64, %y4: i64, %w: !llvm.ptr, %w1: !llvm.ptr, %w2: i64, %w3: i64, %w4: i64) {
    llvm.return
  }
}
