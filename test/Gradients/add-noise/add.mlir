// Noise behind layers that are named, with a table among the arguments; its
// gradient is passed on.
// RUN: ams-opt %s --ams-add-noise="layers=fc*" | FileCheck %s
// RUN: ams-opt %s --ams-add-noise="layers=out per=channel" | FileCheck %s --check-prefix=CHANNEL
// RUN: ams-opt %s --ams-add-noise="layers=* per=magnitude:3" | FileCheck %s --check-prefix=RANGES
// RUN: ams-opt %s --ams-add-noise="layers=* per=magnitude" | FileCheck %s --check-prefix=USUAL
// RUN: ams-opt %s --ams-add-noise="layers=fc" --ams-append-loss="loss=l2" --ams-differentiate | FileCheck %s --check-prefix=GRADIENT

#device = #ams.device<rows = 8, columns = 4>

// CHECK-LABEL: @main
// CHECK-SAME: %[[T:[^:]*]]: tensor<1x1x641xf32> {ams.name = "fc.noise"})
// CHECK: %[[Y:.*]] = ams.matmul "fc"
// CHECK: %[[N:.*]] = ams.add_noise "fc" table(%[[T]] : tensor<1x1x641xf32>) outs(%[[Y]] : tensor<2x5xf32>) index = 0 samples = 2 -> tensor<2x5xf32>
// CHECK: ams.matmul "out" ins(%[[N]],
// CHECK-NOT: ams.add_noise
// CHANNEL: %[[T:[^:]*]]: tensor<3x1x641xf32> {ams.name = "out.noise"})
// CHANNEL-NOT: ams.add_noise
// CHANNEL: ams.matmul "out"
// CHANNEL: ams.add_noise "out" {{.*}} index = 1 samples = 2
// RANGES: tensor<1x3x641xf32> {ams.name = "fc.noise"}, %{{.*}}: tensor<1x3x641xf32> {ams.name = "out.noise"}
// USUAL: tensor<1x4x641xf32> {ams.name = "fc.noise"}

// The table has no gradient, the weights' is that of the noisy result.
// GRADIENT-LABEL: @main
// GRADIENT-SAME: ams.name = "labels"
// GRADIENT-SAME: ams.name = "w"
// GRADIENT-SAME: ams.name = "fc.noise"
// GRADIENT-SAME: -> (tensor<1xf32> {ams.name = "loss"}, tensor<2x3xf32>, tensor<5x9xf32> {ams.name = "w.gradient"})
// GRADIENT: ams.add_noise "fc"
// GRADIENT: %[[DY:.*]] = ams.matmul_input_gradient "out"
// GRADIENT: ams.matmul_weight_gradient "fc" ins(%[[DY]],
func.func @main(%x: tensor<2x9xf32>, %w: tensor<5x9xf32> {ams.name = "w", ams.weight = "w"}) -> tensor<2x3xf32> {
  %v = arith.constant dense<0.5> : tensor<3x5xf32>
  %e = tensor.empty() : tensor<2x5xf32>
  %y = ams.matmul "fc" ins(%x, %w : tensor<2x9xf32>, tensor<5x9xf32>) outs(%e : tensor<2x5xf32>) device = #device -> tensor<2x5xf32>
  %f = tensor.empty() : tensor<2x3xf32>
  %z = ams.matmul "out" ins(%y, %v : tensor<2x5xf32>, tensor<3x5xf32>) outs(%f : tensor<2x3xf32>) device = #device -> tensor<2x3xf32>
  return %z : tensor<2x3xf32>
}
