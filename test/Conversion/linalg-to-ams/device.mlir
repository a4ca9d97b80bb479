// The device: a preset's name, or a file that holds the attribute.
// RUN: split-file %s %t
// RUN: ams-opt %t/model.mlir --convert-linalg-to-ams | FileCheck %s --check-prefix=N128
// RUN: ams-opt %t/model.mlir --convert-linalg-to-ams=device=abfp-n128 | FileCheck %s --check-prefix=N128
// N128: = #ams.device<rows = 128, columns = 128, noise = [#ams.uniform<width = 1.000000e+00>]>
// RUN: ams-opt %t/model.mlir --convert-linalg-to-ams=device=abfp-n32 | FileCheck %s --check-prefix=N32
// N32: = #ams.device<rows = 32, columns = 32, noise = [#ams.uniform<width = 1.000000e+00>]>
// RUN: ams-opt %t/model.mlir --convert-linalg-to-ams=device=abfp-n8 | FileCheck %s --check-prefix=N8
// N8: = #ams.device<rows = 8, columns = 8, noise = [#ams.uniform<width = 1.000000e+00>]>
// RUN: ams-opt %t/model.mlir --convert-linalg-to-ams=device=abfp-n128-668 | FileCheck %s --check-prefix=N128-668
// N128-668: = #ams.device<rows = 128, columns = 128, weight_bits = 6, input_bits = 6, noise = [#ams.uniform<width = 1.000000e+00>]>
// RUN: ams-opt %t/model.mlir --convert-linalg-to-ams=device=abfp-n32-668 | FileCheck %s --check-prefix=N32-668
// N32-668: = #ams.device<rows = 32, columns = 32, weight_bits = 6, input_bits = 6, noise
// RUN: ams-opt %t/model.mlir --convert-linalg-to-ams=device=abfp-n8-668 | FileCheck %s --check-prefix=N8-668
// N8-668: = #ams.device<rows = 8, columns = 8, weight_bits = 6, input_bits = 6, noise

// RUN: ams-opt %t/model.mlir --convert-linalg-to-ams=device=%t/device.mlir | FileCheck %s --check-prefix=OWN
// RUN: ams-opt %t/model.mlir --pass-pipeline="builtin.module(convert-linalg-to-ams{device='%t/with space.mlir'})" | FileCheck %s --check-prefix=OWN
// OWN: = #ams.device<rows = 100, columns = 7, output_bits = 12, partials = f32>

// RUN: not ams-opt %t/model.mlir --convert-linalg-to-ams=device=abfp-n64 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// UNKNOWN: error: device 'abfp-n64' is no preset ({{.*}}abfp-n128{{.*}}abfp-n8{{.*}}) and cannot be read as a file: No such file or directory
// RUN: not ams-opt %t/model.mlir --convert-linalg-to-ams=device= 2>&1 | FileCheck %s --check-prefix=NONE
// NONE: error: device '' is no preset
// RUN: not ams-opt %t/model.mlir --convert-linalg-to-ams=device=%t 2>&1 | FileCheck %s --check-prefix=FOLDER
// FOLDER: error: device file '{{.*}}' is not a readable text of at most 1 MiB
// RUN: not ams-opt %t/model.mlir --convert-linalg-to-ams=device=%t/empty.mlir 2>&1 | FileCheck %s --check-prefix=EMPTY
// EMPTY: error: device file '{{.*}}empty.mlir' does not hold an #ams.device attribute
// RUN: not ams-opt %t/model.mlir --convert-linalg-to-ams=device=%t/window.mlir 2>&1 | FileCheck %s --check-prefix=WINDOW
// WINDOW: error: device file '{{.*}}window.mlir' does not hold an #ams.device attribute
// RUN: not ams-opt %t/model.mlir --convert-linalg-to-ams=device=%t/range.mlir 2>&1 | FileCheck %s --check-prefix=RANGE
// RANGE: error: rows is 4096, but must be from 1 to 1024
// RANGE: error: device file '{{.*}}range.mlir' does not hold an #ams.device attribute
// RUN: not ams-opt %t/model.mlir --convert-linalg-to-ams=device=%t/two.mlir 2>&1 | FileCheck %s --check-prefix=TWO
// TWO: error: device file '{{.*}}two.mlir' does not hold an #ams.device attribute
// RUN: %python -c "open('%t/zero.mlir', 'wb').write(b'#ams.device<rows = 8, columns = 8>\0')"
// RUN: not ams-opt %t/model.mlir --convert-linalg-to-ams=device=%t/zero.mlir 2>&1 | FileCheck %s --check-prefix=ZERO
// ZERO: error: device file '{{.*}}zero.mlir' is not a readable text of at most 1 MiB
// RUN: %python -c "open('%t/large.mlir', 'w').write('//' + 'x' * 2**20 + '\n#ams.device<rows = 8, columns = 8>')"
// RUN: not ams-opt %t/model.mlir --convert-linalg-to-ams=device=%t/large.mlir 2>&1 | FileCheck %s --check-prefix=LARGE
// LARGE: error: device file '{{.*}}large.mlir' is not a readable text of at most 1 MiB

// A histogram of errors that stand beside the device's file.
// RUN: ams-opt %t/model.mlir --convert-linalg-to-ams=device=%t/measured.mlir | FileCheck %s --check-prefix=MEASURED
// MEASURED: noise = [#ams.histogram<low = -1.000000e+00, high = 3.000000e+00, weights = [2.000000e+00, 1.000000e+00, 0.000000e+00, 2.000000e+00]>]
// RUN: ams-opt %t/model.mlir --convert-linalg-to-ams=device=%t/measured-default.mlir | FileCheck %s --check-prefix=MEASURED-DEFAULT
// MEASURED-DEFAULT: #ams.histogram<low = -1.000000e+00, high = 3.000000e+00, weights = [1.000000e+00, {{((0.000000e\+00, ){11})}}1.000000e+00, {{((0.000000e\+00, ){11})}}1.000000e+00, {{((0.000000e\+00, ){38})}}2.000000e+00]>

// RUN: not ams-opt %t/model.mlir --convert-linalg-to-ams=device=%t/no-errors.mlir 2>&1 | FileCheck %s --check-prefix=NO-ERRORS
// NO-ERRORS: error: file of errors '{{.*}}/none.txt' cannot be read: No such file or directory
// RUN: not ams-opt %t/model.mlir --convert-linalg-to-ams=device=%t/bad-errors.mlir 2>&1 | FileCheck %s --check-prefix=BAD-ERRORS
// BAD-ERRORS: error: {{.*}}bad.txt:2: '0.5volts' is no finite number
// RUN: not ams-opt %t/model.mlir --convert-linalg-to-ams=device=%t/nan-errors.mlir 2>&1 | FileCheck %s --check-prefix=NAN-ERRORS
// NAN-ERRORS: error: {{.*}}nan.txt:1: 'nan' is no finite number
// RUN: not ams-opt %t/model.mlir --convert-linalg-to-ams=device=%t/same-errors.mlir 2>&1 | FileCheck %s --check-prefix=SAME-ERRORS
// SAME-ERRORS: error: file of errors '{{.*}}same.txt' holds no two different numbers, which a histogram needs
// RUN: not ams-opt %t/model.mlir --convert-linalg-to-ams=device=%t/bins.mlir 2>&1 | FileCheck %s --check-prefix=BINS
// BINS: error: device file '{{.*}}bins.mlir': a histogram has from 1 to 128 bins, not 129
// RUN: not ams-opt %t/model.mlir --convert-linalg-to-ams=device=%t/syntax.mlir 2>&1 | FileCheck %s --check-prefix=SYNTAX
// SYNTAX: error: device file '{{.*}}syntax.mlir': a histogram from a file is written #ams.histogram<file = "errors.txt", bins = 64>

//--- model.mlir
func.func @main(%x: tensor<4x3xf32>) -> tensor<4x2xf32> {
  %w = arith.constant dense<1.0> : tensor<3x2xf32>
  %init = arith.constant dense<0.0> : tensor<4x2xf32>
  %y = linalg.matmul ins(%x, %w : tensor<4x3xf32>, tensor<3x2xf32>) outs(%init : tensor<4x2xf32>) -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}
//--- device.mlir
// A device with comments,
#ams.device<rows = 100, // in the middle too
            columns = 7,
            output_bits = 12, partials = f32>
// and at the end.
//--- with space.mlir
#ams.device<rows = 100, columns = 7, output_bits = 12, partials = f32>
//--- empty.mlir
// Nothing.
//--- window.mlir
#ams.uniform<width = 1.0>
//--- range.mlir
#ams.device<rows = 4096, columns = 8>
//--- two.mlir
#ams.device<rows = 8, columns = 8>
#ams.device<rows = 8, columns = 8>
//--- errors.txt
# LSB
-1.0, -0.25
0.5	3e0
  3.0
//--- bad.txt
1.0
0.5volts
//--- nan.txt
nan
//--- same.txt
2.0 2.0
//--- measured.mlir
#ams.device<rows = 8, columns = 8, // four bins
            noise = [#ams.histogram<file = "errors.txt", bins = 4>]>
//--- measured-default.mlir
#ams.device<rows = 8, columns = 8, noise = [#ams.histogram<file = "errors.txt">]>
//--- no-errors.mlir
#ams.device<rows = 8, columns = 8, noise = [#ams.histogram<file = "none.txt">]>
//--- bad-errors.mlir
#ams.device<rows = 8, columns = 8, noise = [#ams.histogram<file = "bad.txt">]>
//--- nan-errors.mlir
#ams.device<rows = 8, columns = 8, noise = [#ams.histogram<file = "nan.txt">]>
//--- same-errors.mlir
#ams.device<rows = 8, columns = 8, noise = [#ams.histogram<file = "same.txt">]>
//--- bins.mlir
#ams.device<rows = 8, columns = 8, noise = [#ams.histogram<file = "errors.txt", bins = 129>]>
//--- syntax.mlir
#ams.device<rows = 8, columns = 8, noise = [#ams.histogram<file = errors.txt>]>
