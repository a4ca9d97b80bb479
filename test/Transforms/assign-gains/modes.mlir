// Gains from what weights let expect, and from a profile.
// RUN: rm -rf %t && mkdir %t
// RUN: %python %source/test/Integration/random_npy.py %t/x.npy 400 96
// RUN: ams-compile %s --calibrate=%t/x.npy --profile=%t/p.json -o %t/m.so > %t/table
// RUN: ams-opt %s --pass-pipeline='builtin.module(ams-to-layers,ams-to-scales)' -o %t/scales.mlir

// RUN: ams-opt %t/scales.mlir --ams-assign-gains='mode=calibrated profile=%t/p.json' 2>&1 | FileCheck %s --check-prefix=PROFILE
// PROFILE-DAG: remark: layer "hidden": gain 8: least error; 0.0000% saturated, {{[0-9.]+}} dB at the outputs
// PROFILE-DAG: remark: layer "head": gain 2: least error; 0.0000% saturated, {{[0-9.]+}} dB at the outputs
// PROFILE: ams.matmul "hidden" {{.*}} gain = 8.000000e+00
// PROFILE: ams.matmul "head" {{.*}} gain = 2.000000e+00

// A layer that is named has its gain whatever the mode.
// RUN: ams-opt %t/scales.mlir --ams-assign-gains='mode=calibrated profile=%t/p.json gains=head:16' 2>&1 | FileCheck %s --check-prefix=NAMED
// NAMED: remark: layer "hidden": gain 8
// NAMED-NOT: remark
// NAMED: ams.matmul "hidden" {{.*}} gain = 8.000000e+00
// NAMED: ams.matmul "head" {{.*}} gain = 1.600000e+01

// Too few vectors are no evidence; the candidate nearest to the gain for all it is.
// RUN: ams-opt %t/scales.mlir --ams-assign-gains='mode=calibrated profile=%t/p.json gains=15 least-vectors=1000' 2>&1 | FileCheck %s --check-prefix=FEW
// FEW-COUNT-2: remark: layer "{{hidden|head}}": gain 16: too few vectors to trust the profile
// FEW: ams.matmul "hidden" {{.*}} gain = 1.600000e+01

// A budget makes a layer give way.
// RUN: ams-opt %t/scales.mlir --ams-assign-gains='mode=calibrated profile=%t/p.json budget=1.9nJ' 2>&1 | FileCheck %s --check-prefix=BUDGET
// BUDGET: remark: layer "{{.*}}": gain {{[124]}}: budget;

// RUN: ams-opt %t/scales.mlir --ams-assign-gains=mode=analytic 2>&1 | FileCheck %s --check-prefix=ANALYTIC
// RUN: ams-opt %t/scales.mlir --ams-assign-gains='mode=analytic inputs=normal' 2>&1 | FileCheck %s --check-prefix=NORMAL
// ANALYTIC: remark: layer "hidden": gain [[GAIN:[0-9]+]]: least expected error; 0.{{[0-9]+}}% expected to saturate
// ANALYTIC: ams.matmul "hidden" {{.*}} gain = [[GAIN]].{{0*}}e+00
// NORMAL: remark: layer "hidden": gain [[GAIN:[0-9]+]]: least expected error;

// What cannot be.
// RUN: not ams-opt %t/scales.mlir --ams-assign-gains=mode=fast 2>&1 | FileCheck %s --check-prefix=MODE
// MODE: error: gains: mode 'fast' is none of fixed, analytic, calibrated
// RUN: not ams-opt %t/scales.mlir --ams-assign-gains='mode=analytic inputs=odd' 2>&1 | FileCheck %s --check-prefix=INPUTS
// INPUTS: error: gains: inputs 'odd' are neither normal nor rectified
// RUN: not ams-opt %t/scales.mlir --ams-assign-gains=mode=calibrated 2>&1 | FileCheck %s --check-prefix=NEEDS
// NEEDS: error: gains: mode calibrated needs a profile
// RUN: not ams-opt %t/scales.mlir --ams-assign-gains=profile=%t/p.json 2>&1 | FileCheck %s --check-prefix=FIXED
// FIXED: error: gains: a profile and a budget are for mode calibrated
// RUN: not ams-opt %t/scales.mlir --ams-assign-gains='mode=calibrated profile=%t/absent' 2>&1 | FileCheck %s --check-prefix=ABSENT
// ABSENT: error: gains: cannot read profile '{{.*}}absent': No such file or directory
// RUN: not ams-opt %t/scales.mlir --ams-assign-gains='mode=calibrated profile=%t/scales.mlir' 2>&1 | FileCheck %s --check-prefix=FORMAT
// FORMAT: error: gains: profile '{{.*}}scales.mlir', line 1: expected an object
// RUN: not ams-opt %t/scales.mlir --ams-assign-gains='mode=calibrated profile=%t/p.json budget=1pJ' 2>&1 | FileCheck %s --check-prefix=SMALL
// SMALL: error: gains: a budget of 0.001 nJ a sample is not enough: the smallest gains take
// RUN: not ams-opt %t/scales.mlir --ams-assign-gains='mode=calibrated profile=%t/p.json budget=much' 2>&1 | FileCheck %s --check-prefix=MUCH
// MUCH: error: gains: budget 'much' is neither a positive number of pJ, nJ, uJ or mJ a sample, as 250nJ, nor a share of the best gains' energy, as 60%
// RUN: not ams-opt %t/scales.mlir --ams-assign-gains='mode=calibrated profile=%t/p.json gains=tail:2' 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// UNKNOWN: error: gains: there is no layer "tail"

// The profile of another device, of other weights, and without a layer.
// RUN: not ams-opt %s --pass-pipeline='builtin.module(ams-to-layers{device=abfp-n32},ams-to-scales,ams-assign-gains{mode=calibrated profile=%t/p.json})' 2>&1 | FileCheck %s --check-prefix=OTHER
// RUN: sed 's/dense<0.5>/dense<0.25>/' %s > %t/weights.mlir
// RUN: not ams-opt %t/weights.mlir --pass-pipeline='builtin.module(ams-to-layers,ams-to-scales,ams-assign-gains{mode=calibrated profile=%t/p.json})' 2>&1 | FileCheck %s --check-prefix=OTHER
// OTHER: mlir:{{[0-9]+}}:8: error: gains: layer "hidden" of profile '{{.*}}p.json' has another shape, device or weights
// RUN: sed 's/"hidden"/"body"/' %s > %t/name.mlir
// RUN: not ams-opt %t/name.mlir --pass-pipeline='builtin.module(ams-to-layers,ams-to-scales,ams-assign-gains{mode=calibrated profile=%t/p.json})' 2>&1 | FileCheck %s --check-prefix=NO-LAYER
// NO-LAYER: mlir:{{[0-9]+}}:8: error: gains: profile '{{.*}}p.json' has no layer "body": it is another model's; measure this one with ams-compile --calibrate

// The name of one layer twice: in a module that was written so.
// RUN: %python -c "import re, sys; text = open(sys.argv[1]).read(); line = re.search(r'.*ams.matmul \"head\".*', text)[0]; print(text.replace(line, line + chr(10) + re.sub(r'%%\w+ =', '%%twin =', line, count=1)))" %t/scales.mlir > %t/twice.mlir
// RUN: not ams-opt %t/twice.mlir --ams-assign-gains='mode=calibrated profile=%t/p.json' 2>&1 | FileCheck %s --check-prefix=TWICE
// TWICE: error: gains: two layers have the name "head"

// A comma in a layer's name, by which its gain cannot be given.
// RUN: sed 's/"hidden"/"a,b"/' %s > %t/comma.mlir
// RUN: not ams-compile %t/comma.mlir --calibrate=%t/x.npy -o %t/c.so 2>&1 | FileCheck %s --check-prefix=COMMA
// COMMA: ams-compile: error: layer "a,b": its name holds a comma, a quote or a brace, so that no gain or conditioning can be given to it by name; rename the model's node

// Gains that the device lacks; candidates are those that it has.
// RUN: echo '#ams.device<rows = 128, columns = 128, gains = [3.0, 6.0], noise = [#ams.uniform<width = 1.0>]>' > %t/device.mlir
// RUN: not ams-opt %s --pass-pipeline='builtin.module(ams-to-layers{device=%t/device.mlir},ams-to-scales,ams-assign-gains)' 2>&1 | FileCheck %s --check-prefix=LACKS
// LACKS: mlir:{{[0-9]+}}:8: error: gains: the device of layer "hidden" has no gain 8
// RUN: ams-opt %s --pass-pipeline='builtin.module(ams-to-layers{device=%t/device.mlir},ams-to-scales,ams-assign-gains{mode=analytic})' 2>&1 | FileCheck %s --check-prefix=HAS
// HAS-COUNT-2: remark: layer "{{hidden|head}}": gain {{[36]}}: least expected error
// RUN: ams-compile %s --device=%t/device.mlir --calibrate=%t/x.npy -o %t/d.so | FileCheck %s --check-prefix=TABLE
// TABLE: hidden {{[36] }}
// TABLE: head {{[36] }}

func.func @main(%x: tensor<4x96xf32>) -> tensor<4x5xf32> {
  %w = arith.constant dense<0.5> : tensor<96x48xf32>
  %v = arith.constant dense<-0.25> : tensor<48x5xf32>
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<4x48xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<4x48xf32>) -> tensor<4x48xf32>
  %h = linalg.matmul {ams.layer = "hidden"} ins(%x, %w : tensor<4x96xf32>, tensor<96x48xf32>) outs(%init : tensor<4x48xf32>) -> tensor<4x48xf32>
  %empty1 = tensor.empty() : tensor<4x5xf32>
  %init1 = linalg.fill ins(%zero : f32) outs(%empty1 : tensor<4x5xf32>) -> tensor<4x5xf32>
  %y = linalg.matmul {ams.layer = "head"} ins(%h, %v : tensor<4x48xf32>, tensor<48x5xf32>) outs(%init1 : tensor<4x5xf32>) -> tensor<4x5xf32>
  return %y : tensor<4x5xf32>
}
