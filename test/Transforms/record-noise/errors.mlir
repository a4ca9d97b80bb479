// Messages of --ams-record-noise.
// RUN: ams-opt %s --ams-record-noise --verify-diagnostics --split-input-file

// expected-error@+1 {{no layer of @main is on the device, so there is no noise to record}}
func.func @main(%x: tensor<2x9xf32>) -> tensor<2x9xf32> {
  return %x : tensor<2x9xf32>
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @main(%x: tensor<2x9xf32>, %w: tensor<5x9xf32>, %e: tensor<2x5xf32>) -> tensor<2x5xf32> {
  // expected-error@+1 {{'ams.matmul' op of layer "fc" has an epilogue: record noise before --ams-fuse-epilogues}}
  %y = ams.matmul "fc" ins(%x, %w : tensor<2x9xf32>, tensor<5x9xf32>) outs(%e : tensor<2x5xf32>) device = #device epilogue = #ams.epilogue<low = 0.0> -> tensor<2x5xf32>
  return %y : tensor<2x5xf32>
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @main(%x: tensor<2x9xf32>, %w: tensor<5x9xf32>, %e: tensor<5x5xf32>) -> tensor<5x5xf32> {
  // expected-error@+1 {{'ams.matmul' op of layer "fc" has a result of 5 rows, which 2 samples do not share equally, so its noise cannot be recorded: name the layer among those that stay digital}}
  %y = ams.matmul "fc" ins(%w, %w : tensor<5x9xf32>, tensor<5x9xf32>) outs(%e : tensor<5x5xf32>) device = #device -> tensor<5x5xf32>
  return %y : tensor<5x5xf32>
}
