// RUN: ams-opt %s --ams-assign-scales --split-input-file --verify-diagnostics

#device = #ams.device<rows = 4, columns = 4>
func.func @nan(%x: tensor<2x2xf32>, %init: tensor<2x1xf32>) -> tensor<2x1xf32> {
  %w = arith.constant dense<[[1.0, 0x7FC00000]]> : tensor<1x2xf32>
  // expected-error@+1 {{weights of layer "fc": quantise: element 1 of vector 0 is NaN or infinite as bfloat16}}
  %y = ams.matmul "fc" ins(%x, %w : tensor<2x2xf32>, tensor<1x2xf32>) outs(%init : tensor<2x1xf32>) device = #device -> tensor<2x1xf32>
  return %y : tensor<2x1xf32>
}

// -----

// The largest float32 value is finite, but its bfloat16 (Q1) is not.
#device = #ams.device<rows = 4, columns = 4>
func.func @large(%x: tensor<2x2xf32>, %init: tensor<2x2xf32>) -> tensor<2x2xf32> {
  %w = arith.constant dense<[[1.0, 2.0], [0x7F7FFFFF, 1.0]]> : tensor<2x2xf32>
  // expected-error@+1 {{weights of layer "fc": quantise: element 0 of vector 1 is NaN or infinite as bfloat16}}
  %y = ams.matmul "fc" ins(%x, %w : tensor<2x2xf32>, tensor<2x2xf32>) outs(%init : tensor<2x2xf32>) device = #device -> tensor<2x2xf32>
  return %y : tensor<2x2xf32>
}

// -----

#device = #ams.device<rows = 4, columns = 4>
func.func @elided(%x: tensor<2x2xf32>, %init: tensor<2x2xf32>) -> tensor<2x2xf32> {
  %w = arith.constant dense_resource<__elided__> : tensor<2x2xf32>
  // expected-error@+1 {{the bytes of the weights of layer "fc" are not at hand, or do not fit their type: was the module printed with its resources elided?}}
  %y = ams.matmul "fc" ins(%x, %w : tensor<2x2xf32>, tensor<2x2xf32>) outs(%init : tensor<2x2xf32>) device = #device -> tensor<2x2xf32>
  return %y : tensor<2x2xf32>
}

// -----

// One element where there should be four is no splat.
#device = #ams.device<rows = 4, columns = 4>
func.func @short(%x: tensor<2x2xf32>, %init: tensor<2x2xf32>) -> tensor<2x2xf32> {
  %w = arith.constant dense_resource<short> : tensor<2x2xf32>
  // expected-error@+1 {{the bytes of the weights of layer "fc" are not at hand, or do not fit their type}}
  %y = ams.matmul "fc" ins(%x, %w : tensor<2x2xf32>, tensor<2x2xf32>) outs(%init : tensor<2x2xf32>) device = #device -> tensor<2x2xf32>
  return %y : tensor<2x2xf32>
}

{-#
  dialect_resources: {
    builtin: {
      short: "0x040000000000803f"
    }
  }
#-}

// -----

#device = #ams.device<rows = 4, columns = 4>
func.func @conditioned_nan(%x: tensor<2x2xf32>, %init: tensor<2x1xf32>) -> tensor<2x1xf32> {
  %w = arith.constant dense<[[1.0, 0x7FC00000]]> : tensor<1x2xf32>
  // expected-error@+1 {{weights of layer "fc": condition: weights of output 0 hold a NaN or infinity as bfloat16}}
  %y = ams.matmul "fc" ins(%x, %w : tensor<2x2xf32>, tensor<1x2xf32>) outs(%init : tensor<2x1xf32>) device = #device condition = #ams.condition<mean = true> -> tensor<2x1xf32>
  return %y : tensor<2x1xf32>
}
