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
