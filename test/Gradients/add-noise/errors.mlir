// Messages of --ams-add-noise.
// RUN: not ams-opt %s --ams-add-noise="layers=fc,conv*,out" 2>&1 | FileCheck %s --check-prefix=NAMES
// RUN: not ams-opt %s --ams-add-noise="layers=fc per=row" 2>&1 | FileCheck %s --check-prefix=PER
// RUN: not ams-opt %s --ams-add-noise="layers=fc per=magnitude:17" 2>&1 | FileCheck %s --check-prefix=RANGES
// RUN: sed s/main/other/ %s | not ams-opt --ams-add-noise="layers=fc" 2>&1 | FileCheck %s --check-prefix=MAIN
// RUN: sed s/2x9/0x9/ %s | not ams-opt --ams-add-noise="layers=fc" 2>&1 | FileCheck %s --check-prefix=SAMPLES

// NAMES: error: add-noise: no layer is called 'conv*'
// NAMES: error: add-noise: no layer is called 'out'
// PER: error: per 'row' is none of layer, channel, magnitude and magnitude:RANGES with 1 to 16 ranges
// RANGES: error: per 'magnitude:17' is none of
// MAIN: error: a model needs one function @main
// SAMPLES: error: samples cannot be counted: the first argument of @main must be a tensor whose first dimension is the batch
#device = #ams.device<rows = 8, columns = 4>
func.func @main(%first: tensor<2x9xf32>, %x: tensor<3x9xf32>, %w: tensor<5x9xf32>, %e: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = ams.matmul "fc" ins(%x, %w : tensor<3x9xf32>, tensor<5x9xf32>) outs(%e : tensor<3x5xf32>) device = #device -> tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}
