// Messages of the verifiers of gradients.
// RUN: ams-opt %s --verify-diagnostics --split-input-file

func.func @name(%dy: tensor<2x3xf32>, %w: tensor<3x9xf32>, %e: tensor<2x9xf32>) {
  // expected-error@+1 {{'ams.matmul_input_gradient' op needs a layer name (F1)}}
  %0 = ams.matmul_input_gradient "" ins(%dy, %w : tensor<2x3xf32>, tensor<3x9xf32>) outs(%e : tensor<2x9xf32>) -> tensor<2x9xf32>
  return
}

// -----

func.func @results(%dy: tensor<2x3xf32>, %w: tensor<3x9xf32>, %e: tensor<2x9xf32>) {
  // expected-error@+1 {{'ams.matmul_input_gradient' op of layer "fc" must have one result on tensors (F2)}}
  ams.matmul_input_gradient "fc" ins(%dy, %w : tensor<2x3xf32>, tensor<3x9xf32>) outs(%e : tensor<2x9xf32>)
  return
}

// -----

func.func @rank(%dy: tensor<1x2x3xf32>, %w: tensor<3x9xf32>, %e: tensor<2x9xf32>) {
  // expected-error@+1 {{'ams.matmul_input_gradient' op of layer "fc" gradient has rank 3, but must have 2 (F3)}}
  %0 = ams.matmul_input_gradient "fc" ins(%dy, %w : tensor<1x2x3xf32>, tensor<3x9xf32>) outs(%e : tensor<2x9xf32>) -> tensor<2x9xf32>
  return
}

// -----

func.func @weights(%dy: tensor<2x3xf32>, %w: tensor<4x9xf32>, %e: tensor<2x9xf32>) {
  // expected-error@+1 {{'ams.matmul_input_gradient' op of layer "fc" weights has shape [4, 9], but must be [3, 9] (F3)}}
  %0 = ams.matmul_input_gradient "fc" ins(%dy, %w : tensor<2x3xf32>, tensor<4x9xf32>) outs(%e : tensor<2x9xf32>) -> tensor<2x9xf32>
  return
}

// -----

func.func @left_outs(%dy: tensor<2x3xf32>, %w: tensor<3x9xf32>, %e: tensor<2x8xf32>) {
  // expected-error@+1 {{'ams.matmul_input_gradient' op of layer "fc" outs has shape [2, 8], but must be [2, 9] (F3)}}
  %0 = ams.matmul_input_gradient "fc" ins(%dy, %w : tensor<2x3xf32>, tensor<3x9xf32>) outs(%e : tensor<2x8xf32>) -> tensor<2x8xf32>
  return
}

// -----

func.func @input(%dy: tensor<2x3xf32>, %x: tensor<3x9xf32>, %e: tensor<3x9xf32>) {
  // expected-error@+1 {{'ams.matmul_weight_gradient' op of layer "fc" input has shape [3, 9], but must be [2, 9] (F3)}}
  %0 = ams.matmul_weight_gradient "fc" ins(%dy, %x : tensor<2x3xf32>, tensor<3x9xf32>) outs(%e : tensor<3x9xf32>) -> tensor<3x9xf32>
  return
}

// -----

func.func @right_outs(%dy: tensor<2x3xf32>, %x: tensor<2x9xf32>, %e: tensor<2x9xf32>) {
  // expected-error@+1 {{'ams.matmul_weight_gradient' op of layer "fc" outs has shape [2, 9], but must be [3, 9] (F3)}}
  %0 = ams.matmul_weight_gradient "fc" ins(%dy, %x : tensor<2x3xf32>, tensor<2x9xf32>) outs(%e : tensor<2x9xf32>) -> tensor<2x9xf32>
  return
}

// -----

func.func @lhs(%dy: tensor<4x2x3xf32>, %b: tensor<1x3x9xf32>, %e: tensor<4x2x9xf32>) {
  // expected-error@+1 {{'ams.batch_matmul_lhs_gradient' op of layer "s" rhs has shape [1, 3, 9], but must be [4, 3, 9] (F3)}}
  %0 = ams.batch_matmul_lhs_gradient "s" ins(%dy, %b : tensor<4x2x3xf32>, tensor<1x3x9xf32>) outs(%e : tensor<4x2x9xf32>) -> tensor<4x2x9xf32>
  return
}

// -----

func.func @rhs(%dy: tensor<4x2x3xf32>, %a: tensor<4x2x9xf32>, %e: tensor<4x2x9xf32>) {
  // expected-error@+1 {{'ams.batch_matmul_rhs_gradient' op of layer "s" outs has shape [4, 2, 9], but must be [4, 3, 9] (F3)}}
  %0 = ams.batch_matmul_rhs_gradient "s" ins(%dy, %a : tensor<4x2x3xf32>, tensor<4x2x9xf32>) outs(%e : tensor<4x2x9xf32>) -> tensor<4x2x9xf32>
  return
}

// -----

#window = #ams.window<kernel = [3, 3], strides = [2, 2], padding = [1, 2, 1, 2], dilations = [1, 1], groups = 2>
func.func @conv_weights(%dy: tensor<2x3x4x6xf32>, %w: tensor<6x3x3x4xf32>, %e: tensor<2x5x6x4xf32>) {
  // expected-error@+1 {{'ams.conv_input_gradient' op of layer "c" weights has shape [6, 3, 3, 4], but must be [6, 3, 3, 2] (F3)}}
  %0 = ams.conv_input_gradient "c" ins(%dy, %w : tensor<2x3x4x6xf32>, tensor<6x3x3x4xf32>) outs(%e : tensor<2x5x6x4xf32>) window = #window -> tensor<2x5x6x4xf32>
  return
}

// -----

#window = #ams.window<kernel = [3, 3], strides = [2, 2], padding = [1, 2, 1, 2], dilations = [1, 1], groups = 2>
func.func @conv_gradient(%dy: tensor<2x4x4x6xf32>, %x: tensor<2x5x6x4xf32>, %e: tensor<6x3x3x2xf32>) {
  // expected-error@+1 {{'ams.conv_weight_gradient' op of layer "c" gradient has shape [2, 4, 4, 6], but must be [2, 3, 4, 6] (F3)}}
  %0 = ams.conv_weight_gradient "c" ins(%dy, %x : tensor<2x4x4x6xf32>, tensor<2x5x6x4xf32>) outs(%e : tensor<6x3x3x2xf32>) window = #window -> tensor<6x3x3x2xf32>
  return
}

// -----

#window = #ams.window<kernel = [3, 3], strides = [2, 2], padding = [1, 2, 1, 2], dilations = [1, 1], groups = 2>
func.func @conv_groups(%dy: tensor<2x3x4x5xf32>, %x: tensor<2x5x6x4xf32>, %e: tensor<5x3x3x2xf32>) {
  // expected-error@+1 {{'ams.conv_weight_gradient' op of layer "c" has 5 outputs, which 2 groups do not divide (F4)}}
  %0 = ams.conv_weight_gradient "c" ins(%dy, %x : tensor<2x3x4x5xf32>, tensor<2x5x6x4xf32>) outs(%e : tensor<5x3x3x2xf32>) window = #window -> tensor<5x3x3x2xf32>
  return
}

// -----

#window = #ams.window<kernel = [3, 3], strides = [2, 2], padding = [0, 0, 0, 0], dilations = [4, 4], groups = 1>
func.func @conv_fit(%dy: tensor<2x1x1x5xf32>, %x: tensor<2x5x6x4xf32>, %e: tensor<5x3x3x4xf32>) {
  // expected-error@+1 {{'ams.conv_weight_gradient' op of layer "c" kernel does not fit into the padded image (F4)}}
  %0 = ams.conv_weight_gradient "c" ins(%dy, %x : tensor<2x1x1x5xf32>, tensor<2x5x6x4xf32>) outs(%e : tensor<5x3x3x4xf32>) window = #window -> tensor<5x3x3x4xf32>
  return
}
