// Weights rounded by second moments of inputs, on both ways down.
// RUN: rm -rf %t && mkdir %t
// RUN: %python %source/test/Integration/random_npy.py %t/x.npy 400 96
// RUN: ams-compile %s --calibrate=%t/x.npy --error-feedback --moments=%t/plain -o %t/m.so > %t/table
// RUN: ams-compile %s --calibrate=%t/x.npy --error-feedback --target=plain -o %t/p.so
// RUN: ams-run %t/m.so -i %t/x.npy -o %t/m.npy
// RUN: ams-run %t/p.so -i %t/x.npy -o %t/p.npy
// RUN: cmp %t/m.npy %t/p.npy

// Conditioned, the same.
// RUN: ams-compile %s --condition=both --calibrate=%t/x.npy --error-feedback --moments=%t/both -o %t/m.so
// RUN: ams-compile %s --condition=both --calibrate=%t/x.npy --error-feedback --target=plain -o %t/p.so
// RUN: ams-run %t/m.so -i %t/x.npy -o %t/m.npy
// RUN: ams-run %t/p.so -i %t/x.npy -o %t/p.npy
// RUN: cmp %t/m.npy %t/p.npy

// Threads change nothing of what is measured.
// RUN: env OMP_NUM_THREADS=1 ams-compile %s --calibrate=%t/x.npy --error-feedback --moments=%t/again -o %t/m.so
// RUN: cmp %t/plain %t/again

// All weights of "hidden" are 0.5, the codes' end: they stay. Those of "head",
// 0.302 beside a 1, are 38.3 steps each: alone all become 38, together some 39.
// RUN: ams-opt %s --pass-pipeline='builtin.module(ams-to-layers,ams-to-scales)' -o %t/alone.mlir
// RUN: ams-opt %s --pass-pipeline='builtin.module(ams-to-layers,ams-to-scales{moments=%t/plain})' -o %t/fed.mlir
// RUN: FileCheck %s --check-prefix=ALONE < %t/alone.mlir
// RUN: FileCheck %s --check-prefix=FED < %t/fed.mlir
// ALONE: "0x080000007F{{(26){47}0}}
// FED-NOT: "0x080000007F{{(26){47}0}}
// FED: "0x080000007F{{(2[67]){47}0}}

// Files that do not fit.
// RUN: not ams-opt %s --pass-pipeline='builtin.module(ams-to-layers,ams-to-scales{moments=%t/both})' 2>&1 | FileCheck %s --check-prefix=OTHER
// RUN: not ams-opt %s --pass-pipeline='builtin.module(ams-to-layers{device=abfp-n32},ams-to-scales{moments=%t/plain})' 2>&1 | FileCheck %s --check-prefix=OTHER
// OTHER: error: weights of layer "hidden": the second moments in '{{.*}}' are of another shape, device, conditioning or weights
// RUN: sed 's/"hidden"/"body"/' %s > %t/name.mlir
// RUN: not ams-opt %t/name.mlir --pass-pipeline='builtin.module(ams-to-layers,ams-to-scales{moments=%t/plain})' 2>&1 | FileCheck %s --check-prefix=NAME
// NAME: error: weights of layer "body": '{{.*}}plain' has no second moments of this layer: it is another model's
// RUN: head -c 1000 %t/plain > %t/short
// RUN: not ams-opt %s --pass-pipeline='builtin.module(ams-to-layers,ams-to-scales{moments=%t/short})' 2>&1 | FileCheck %s --check-prefix=SHORT
// RUN: not ams-opt %s --pass-pipeline='builtin.module(ams-to-layers,ams-to-scales{moments=%t/x.npy})' 2>&1 | FileCheck %s --check-prefix=SHORT
// SHORT: error: scales: '{{.*}}' is not a whole file of second moments; measure them with ams-compile
// RUN: not ams-opt %s --pass-pipeline='builtin.module(ams-to-layers,ams-to-scales{moments=%t/absent})' 2>&1 | FileCheck %s --check-prefix=ABSENT
// ABSENT: error: scales: cannot read second moments '{{.*}}absent'
// RUN: not ams-compile %s --calibrate=%t/x.npy --moments=%t/m -o %t/m.so 2>&1 | FileCheck %s --check-prefix=LONE
// LONE: error: option '--moments' keeps what '--error-feedback' measures, which is not given

func.func @main(%x: tensor<4x96xf32>) -> tensor<4x5xf32> {
  %w = arith.constant dense<0.5> : tensor<96x48xf32>
  %v = arith.constant dense<[[1.0, 1.0, 1.0, 1.0, 1.0], [0.302, 0.302, 0.302, 0.302, 0.302], [0.302, 0.302, 0.302, 0.302, 0.302], [0.302, 0.302, 0.302, 0.302, 0.302], [0.302, 0.302, 0.302, 0.302, 0.302], [0.302, 0.302, 0.302, 0.302, 0.302], [0.302, 0.302, 0.302, 0.302, 0.302], [0.302, 0.302, 0.302, 0.302, 0.302], [0.302, 0.302, 0.302, 0.302, 0.302], [0.302, 0.302, 0.302, 0.302, 0.302], [0.302, 0.302, 0.302, 0.302, 0.302], [0.302, 0.302, 0.302, 0.302, 0.302], [0.302, 0.302, 0.302, 0.302, 0.302], [0.302, 0.302, 0.302, 0.302, 0.302], [0.302, 0.302, 0.302, 0.302, 0.302], [0.302, 0.302, 0.302, 0.302, 0.302], [0.302, 0.302, 0.302, 0.302, 0.302], [0.302, 0.302, 0.302, 0.302, 0.302], [0.302, 0.302, 0.302, 0.302, 0.302], [0.302, 0.302, 0.302, 0.302, 0.302], [0.302, 0.302, 0.302, 0.302, 0.302], [0.302, 0.302, 0.302, 0.302, 0.302], [0.302, 0.302, 0.302, 0.302, 0.302], [0.302, 0.302, 0.302, 0.302, 0.302], [0.302, 0.302, 0.302, 0.302, 0.302], [0.302, 0.302, 0.302, 0.302, 0.302], [0.302, 0.302, 0.302, 0.302, 0.302], [0.302, 0.302, 0.302, 0.302, 0.302], [0.302, 0.302, 0.302, 0.302, 0.302], [0.302, 0.302, 0.302, 0.302, 0.302], [0.302, 0.302, 0.302, 0.302, 0.302], [0.302, 0.302, 0.302, 0.302, 0.302], [0.302, 0.302, 0.302, 0.302, 0.302], [0.302, 0.302, 0.302, 0.302, 0.302], [0.302, 0.302, 0.302, 0.302, 0.302], [0.302, 0.302, 0.302, 0.302, 0.302], [0.302, 0.302, 0.302, 0.302, 0.302], [0.302, 0.302, 0.302, 0.302, 0.302], [0.302, 0.302, 0.302, 0.302, 0.302], [0.302, 0.302, 0.302, 0.302, 0.302], [0.302, 0.302, 0.302, 0.302, 0.302], [0.302, 0.302, 0.302, 0.302, 0.302], [0.302, 0.302, 0.302, 0.302, 0.302], [0.302, 0.302, 0.302, 0.302, 0.302], [0.302, 0.302, 0.302, 0.302, 0.302], [0.302, 0.302, 0.302, 0.302, 0.302], [0.302, 0.302, 0.302, 0.302, 0.302], [0.302, 0.302, 0.302, 0.302, 0.302]]> : tensor<48x5xf32>
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<4x48xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<4x48xf32>) -> tensor<4x48xf32>
  %h = linalg.matmul {ams.layer = "hidden"} ins(%x, %w : tensor<4x96xf32>, tensor<96x48xf32>) outs(%init : tensor<4x48xf32>) -> tensor<4x48xf32>
  %empty1 = tensor.empty() : tensor<4x5xf32>
  %init1 = linalg.fill ins(%zero : f32) outs(%empty1 : tensor<4x5xf32>) -> tensor<4x5xf32>
  %y = linalg.matmul {ams.layer = "head"} ins(%h, %v : tensor<4x48xf32>, tensor<48x5xf32>) outs(%init1 : tensor<4x5xf32>) -> tensor<4x5xf32>
  return %y : tensor<4x5xf32>
}
