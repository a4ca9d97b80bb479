// Options that make no sense: a message, exit code 1, no output.
// RUN: rm -rf %t && mkdir %t

// RUN: not ams-compile 2>&1 | FileCheck %s --check-prefix=NOTHING
// NOTHING: ams-compile: error: no model: name an .onnx, .mlir or .mlirbc file
// RUN: not ams-compile %S/model.mlir 2>&1 | FileCheck %s --check-prefix=OUTPUT
// OUTPUT: ams-compile: error: no output: name a file with -o
// RUN: not ams-compile %S/model.mlir -o - 2>&1 | FileCheck %s --check-prefix=STDOUT
// STDOUT: ams-compile: error: only MLIR and LLVM IR can go to standard output: name an output file

// RUN: not ams-compile %S/model.mlir -o %t/m --emit=elf 2>&1 \
// RUN:   | FileCheck %s --check-prefix=EMIT
// RUN: not ams-compile %S/model.mlir -o %t/m --emit=mlir:7 2>&1 \
// RUN:   | FileCheck %s --check-prefix=EMIT
// EMIT: ams-compile: error: option '--emit': '{{elf|mlir:7}}' is none of so, exe, obj, llvm, mlir:LEVEL
// RUN: not ams-compile %S/model.mlir -o %t/m --target=digital \
// RUN:   --emit=mlir:gains 2>&1 | FileCheck %s --check-prefix=LEVEL
// LEVEL: ams-compile: error: the digital target has no level 'gains'

// RUN: not ams-compile %S/model.mlir -o %t/m --mcpu=z80 2>&1 \
// RUN:   | FileCheck %s --check-prefix=CPU
// CPU: ams-compile: error: unknown processor 'z80': use native, {{.*}} or another name that LLVM knows
// RUN: not ams-compile %S/model.mlir -o %t/m --batch=4 2>&1 \
// RUN:   | FileCheck %s --check-prefix=BATCH
// BATCH: ams-compile: error: '{{.*}}model.mlir' has static shapes: a batch can be chosen for ONNX models alone
// RUN: not ams-compile %S/model.mlir -o %t/m --batch=0 2>&1 \
// RUN:   | FileCheck %s --check-prefix=ZERO
// ZERO: ams-compile: error: option '--batch'

// RUN: not ams-compile %S/model.mlir -o %t/m --device=abfp-n7 2>&1 \
// RUN:   | FileCheck %s --check-prefix=DEVICE
// DEVICE: ams-compile: error: '{{.*}}model.mlir' does not compile
// DEVICE: error: {{.*}}abfp-n7
// RUN: not ams-compile %S/model.mlir -o %t/m "--device=a'b" 2>&1 \
// RUN:   | FileCheck %s --check-prefix=QUOTE
// QUOTE: ams-compile: error: the device 'a'b' holds a quote or a brace
// RUN: not ams-compile %S/model.mlir -o %t/m --gain=dense:-1 2>&1 \
// RUN:   | FileCheck %s --check-prefix=GAIN
// GAIN: error: {{.*}}-1
// RUN: not ams-compile %S/model.mlir -o %t/m --gain=dence:4 2>&1 \
// RUN:   | FileCheck %s --check-prefix=LAYER
// LAYER: error: {{.*}}dence

// RUN: ls -A %t | count 0
