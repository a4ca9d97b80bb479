// One pipeline a level: each starts where the one before ends.
// RUN: rm -rf %t && mkdir %t
// RUN: ams-opt %s --ams-to-layers=device=abfp-n8 -o %t/1.mlir
// RUN: FileCheck %s --check-prefix=LAYERS < %t/1.mlir
// LAYERS-LABEL: func.func @main
// LAYERS-SAME: (%[[X:.*]]: tensor<2x6x6x2xf32> {ams.name = "image"}) -> (tensor<2x10xf32> {ams.name = "logits"})
// LAYERS-NOT: tensor.pad
// LAYERS: ams.conv "conv" ins(%[[X]], %{{.*}} : tensor<2x6x6x2xf32>, tensor<4x3x3x2xf32>) {{.*}} epilogue = #ams.epilogue<residual = true>
// LAYERS-NOT: linalg.add
// LAYERS: ams.matmul "fc" ins(%{{.*}}, %{{.*}} : tensor<2x144xf32>, tensor<10x144xf32>)

// RUN: ams-opt %t/1.mlir --ams-to-scales -o %t/2.mlir
// RUN: FileCheck %s --check-prefix=SCALES < %t/2.mlir
// SCALES-NOT: arith.constant dense<1.000000e+00> : tensor<4x3x3x2xf32>
// SCALES: ams.weights {{.*}} : !ams.abfp<4x3x3x2, axis = 1, n = 8, bits = 8>
// SCALES: ams.quantize {{.*}} to !ams.abfp<2x6x6x1x18, axis = 4, n = 8, bits = 8>
// SCALES: ams.weights {{.*}} : !ams.abfp<10x144, axis = 1, n = 8, bits = 8>
// SCALES: ams.quantize {{.*}} to !ams.abfp<2x144, axis = 1, n = 8, bits = 8>
// SCALES-NOT: gain

// RUN: ams-opt %t/2.mlir --ams-to-gains=gains=2,fc:4 -o %t/3.mlir
// RUN: FileCheck %s --check-prefix=GAINS < %t/3.mlir
// GAINS: ams.conv "conv" {{.*}} gain = 2.000000e+00
// GAINS: ams.matmul "fc" {{.*}} gain = 4.000000e+00

// RUN: ams-opt %t/3.mlir --ams-to-crossbars -o %t/4.mlir
// RUN: FileCheck %s --check-prefix=CROSSBARS < %t/4.mlir
// CROSSBARS-NOT: ams.quantize
// CROSSBARS: ams.program
// CROSSBARS: ams.mvm "conv"
// CROSSBARS: ams.mvm "fc"

// RUN: ams-opt %t/4.mlir --ams-to-buffers -o %t/5.mlir
// RUN: FileCheck %s --check-prefix=BUFFERS < %t/5.mlir
// BUFFERS: ams.inputs = [{name = "image", type = tensor<2x6x6x2xf32>}], ams.outputs = [{name = "logits", type = tensor<2x10xf32>}]
// BUFFERS-LABEL: func.func @main
// BUFFERS-SAME: (%[[X:.*]]: memref<2x6x6x2xf32>{{.*}}, %[[Y:.*]]: memref<2x10xf32>{{.*}}) {
// BUFFERS: ams.mvm "conv" %{{.*}}, %[[X]] :
// BUFFERS-NOT: memref.copy
// BUFFERS: ams.mvm "fc" {{.*}} outs(%[[Y]] : memref<2x10xf32>)

// RUN: ams-opt %t/5.mlir --ams-to-code -o %t/6.mlir
// RUN: FileCheck %s --check-prefix=CODE < %t/6.mlir
// CODE-NOT: unrealized_conversion_cast
// CODE: llvm.call @ams_rt_mvm
// CODE: llvm.call @ams_rt_mvm
// CODE: @ams_model()

// All the way at once: the same.
// RUN: ams-opt %s '--ams-pipeline=device=abfp-n8 gains=2,fc:4' -o %t/whole.mlir
// RUN: diff %t/6.mlir %t/whole.mlir

// The plain way branches off at level 5, the digital one at level 1.
// RUN: ams-opt %t/4.mlir --ams-to-buffers=target=plain -o %t/plain5.mlir
// RUN: FileCheck %s --check-prefix=PLAIN < %t/plain5.mlir
// PLAIN-NOT: ams.mvm
// PLAIN: call @ams_plain_mvm
// RUN: ams-opt %t/plain5.mlir --ams-to-code=target=plain -o %t/plain6.mlir
// RUN: ams-opt %s '--ams-pipeline=device=abfp-n8 gains=2,fc:4 target=plain' -o %t/plain.mlir
// RUN: diff %t/plain6.mlir %t/plain.mlir

// RUN: ams-opt %t/1.mlir --ams-to-buffers=target=digital -o %t/digital5.mlir
// RUN: FileCheck %s --check-prefix=DIGITAL < %t/digital5.mlir
// DIGITAL-NOT: ams.quantize
// DIGITAL: ams.conv "conv" ins({{.*}} : memref<2x6x6x2xf32>, memref<4x3x3x2xf32>)
// RUN: ams-opt %t/digital5.mlir --ams-to-code=target=digital -o %t/digital6.mlir
// RUN: ams-opt %s '--ams-pipeline=device=abfp-n8 target=digital' -o %t/digital.mlir
// RUN: diff %t/digital6.mlir %t/digital.mlir

func.func @main(%x: tensor<2x6x6x2xf32> {ams.name = "image"}) -> (tensor<2x10xf32> {ams.name = "logits"}) {
  %zero = arith.constant 0.0 : f32
  %p = tensor.pad %x low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero : f32
  } : tensor<2x6x6x2xf32> to tensor<2x8x8x2xf32>
  %w = arith.constant dense<1.0> : tensor<4x3x3x2xf32>
  %bias = arith.constant dense<0.5> : tensor<2x6x6x4xf32>
  %y = linalg.conv_2d_nhwc_fhwc {ams.layer = "conv"} ins(%p, %w : tensor<2x8x8x2xf32>, tensor<4x3x3x2xf32>) outs(%bias : tensor<2x6x6x4xf32>) -> tensor<2x6x6x4xf32>
  %flat = tensor.collapse_shape %y [[0], [1, 2, 3]] : tensor<2x6x6x4xf32> into tensor<2x144xf32>
  %v = arith.constant dense<0.25> : tensor<144x10xf32>
  %e = tensor.empty() : tensor<2x10xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<2x10xf32>) -> tensor<2x10xf32>
  %z = linalg.matmul {ams.layer = "fc"} ins(%flat, %v : tensor<2x144xf32>, tensor<144x10xf32>) outs(%init : tensor<2x10xf32>) -> tensor<2x10xf32>
  return %z : tensor<2x10xf32>
}
