// Messages of the verifier of differential noise.
// RUN: ams-opt %s --verify-diagnostics --split-input-file

func.func @name(%y: tensor<2x6xf32>, %t: tensor<1x1x641xf32>) {
  // expected-error@+1 {{'ams.add_noise' op needs a layer name (F1)}}
  %0 = ams.add_noise "" table(%t : tensor<1x1x641xf32>) outs(%y : tensor<2x6xf32>) index = 0 samples = 2 -> tensor<2x6xf32>
  return
}

// -----

func.func @results(%y: tensor<2x6xf32>, %t: tensor<1x1x641xf32>) {
  // expected-error@+1 {{'ams.add_noise' op of layer "fc" must have one result on tensors (F2)}}
  ams.add_noise "fc" table(%t : tensor<1x1x641xf32>) outs(%y : tensor<2x6xf32>) index = 0 samples = 2
  return
}

// -----

func.func @rank(%y: tensor<2x6xf32>, %t: tensor<1x641xf32>) {
  // expected-error@+1 {{'ams.add_noise' op of layer "fc" table has rank 2, but must have 3 (F3)}}
  %0 = ams.add_noise "fc" table(%t : tensor<1x641xf32>) outs(%y : tensor<2x6xf32>) index = 0 samples = 2 -> tensor<2x6xf32>
  return
}

// -----

func.func @row(%y: tensor<2x6xf32>, %t: tensor<1x1x500xf32>) {
  // expected-error@+1 {{'ams.add_noise' op of layer "fc" table has shape [1, 1, 500], but must be [1, 1, 641] (F3)}}
  %0 = ams.add_noise "fc" table(%t : tensor<1x1x500xf32>) outs(%y : tensor<2x6xf32>) index = 0 samples = 2 -> tensor<2x6xf32>
  return
}

// -----

func.func @channels(%y: tensor<2x6xf32>, %t: tensor<5x2x641xf32>) {
  // expected-error@+1 {{'ams.add_noise' op of layer "fc" table has shape [5, 2, 641], but must be [6, 2, 641] (F3)}}
  %0 = ams.add_noise "fc" table(%t : tensor<5x2x641xf32>) outs(%y : tensor<2x6xf32>) index = 0 samples = 2 -> tensor<2x6xf32>
  return
}

// -----

func.func @rows(%y: tensor<2x6xf32>, %t: tensor<1x4000000x641xf32>) {
  // expected-error@+1 {{'ams.add_noise' op of layer "fc" table has 4000000 rows, but at most 3350208 are possible (T1)}}
  %0 = ams.add_noise "fc" table(%t : tensor<1x4000000x641xf32>) outs(%y : tensor<2x6xf32>) index = 0 samples = 2 -> tensor<2x6xf32>
  return
}

// -----

func.func @index(%y: tensor<2x6xf32>, %t: tensor<1x1x641xf32>) {
  // expected-error@+1 {{'ams.add_noise' op of layer "fc" index is 65536, but must be from 0 to 65535 (T3)}}
  %0 = ams.add_noise "fc" table(%t : tensor<1x1x641xf32>) outs(%y : tensor<2x6xf32>) index = 65536 samples = 2 -> tensor<2x6xf32>
  return
}

// -----

func.func @samples(%y: tensor<2x6xf32>, %t: tensor<1x1x641xf32>) {
  // expected-error@+1 {{'ams.add_noise' op of layer "fc" outs has 12 elements, which 4 samples do not share by whole rows (T3)}}
  %0 = ams.add_noise "fc" table(%t : tensor<1x1x641xf32>) outs(%y : tensor<2x6xf32>) index = 0 samples = 4 -> tensor<2x6xf32>
  return
}

// -----

func.func @elements(%y: tensor<1x65536x65537xf32>, %t: tensor<1x1x641xf32>) {
  // expected-error@+1 {{'ams.add_noise' op of layer "fc" a sample has 4295032832 elements, but at most 4294967296 are possible (T3)}}
  %0 = ams.add_noise "fc" table(%t : tensor<1x1x641xf32>) outs(%y : tensor<1x65536x65537xf32>) index = 0 samples = 1 -> tensor<1x65536x65537xf32>
  return
}

// -----

func.func @scalar(%y: tensor<f32>, %t: tensor<1x1x641xf32>) {
  // expected-error@+1 {{'ams.add_noise' op of layer "fc" outs must have elements, and dimensions (F3)}}
  %0 = ams.add_noise "fc" table(%t : tensor<1x1x641xf32>) outs(%y : tensor<f32>) index = 0 samples = 1 -> tensor<f32>
  return
}

// -----

func.func @addends(%y: tensor<2x6xf32>, %t: tensor<1x1x641xf32>) -> tensor<2x6xf32> {
  // expected-error@+1 {{'ams.add_noise' op of layer "fc" has 0 addends, but its epilogue names 1 (F10)}}
  %0 = ams.add_noise "fc" table(%t : tensor<1x1x641xf32>) outs(%y : tensor<2x6xf32>) index = 0 samples = 2 epilogue = #ams.epilogue<bias = true> -> tensor<2x6xf32>
  return %0 : tensor<2x6xf32>
}
