// Files that cannot be read or written: a message, exit code 1, no output.
// RUN: rm -rf %t && mkdir %t && cp %S/model.mlir %t/m.mlir

// RUN: not ams-compile %t/m.mlir -o %t/none/m.so 2>&1 \
// RUN:   | FileCheck %s --check-prefix=UNWRITABLE
// UNWRITABLE: ams-compile: error: cannot write '{{.*}}none/m.so': No such file or directory
// RUN: not ams-compile %t/m.mlir -o %t 2>&1 | FileCheck %s --check-prefix=DIRECTORY
// DIRECTORY: ams-compile: error: cannot write '{{.*}}': Is a directory

// RUN: not ams-compile %t/none.mlir -o %t/m.so 2>&1 \
// RUN:   | FileCheck %s --check-prefix=MISSING
// MISSING: ams-compile: error: cannot read '{{.*}}none.mlir': No such file or directory

// RUN: touch %t/empty.mlir %t/empty.mlirbc %t/empty.onnx
// RUN: not ams-compile %t/empty.mlir -o %t/m.so 2>&1 \
// RUN:   | FileCheck %s --check-prefix=EMPTY
// RUN: not ams-compile %t/empty.mlirbc -o %t/m.so 2>&1 \
// RUN:   | FileCheck %s --check-prefix=EMPTY
// EMPTY: ams-compile: error: '{{.*}}' holds no model: its module is empty
// RUN: not ams-compile %t/empty.onnx -o %t/m.so 2>&1 \
// RUN:   | FileCheck %s --check-prefix=ONNX
// ONNX: ams-compile: error: '{{.*}}empty.onnx' is not a usable ONNX model
// ONNX-NEXT: {{^[^ ]*}}empty.onnx: error:

// RUN: head -c 300 %t/m.mlir > %t/cut.mlir
// RUN: not ams-compile %t/cut.mlir -o %t/m.so 2>&1 \
// RUN:   | FileCheck %s --check-prefix=CUT
// CUT: ams-compile: error: '{{.*}}cut.mlir' is not a usable MLIR module
// CUT-NEXT: cut.mlir:{{[0-9]+}}:{{[0-9]+}}: error:

// RUN: ams-compile %t/m.mlir --emit=mlir:model -o %t/whole.mlirbc
// RUN: head -c 100 %t/whole.mlirbc > %t/cut.mlirbc
// RUN: not ams-compile %t/cut.mlirbc -o %t/m.so 2>&1 \
// RUN:   | FileCheck %s --check-prefix=BYTECODE
// BYTECODE: ams-compile: error: '{{.*}}cut.mlirbc' is not a usable MLIR module
// BYTECODE-NEXT: error:

// RUN: cp %t/m.mlir %t/m.txt
// RUN: not ams-compile %t/m.txt -o %t/m.so 2>&1 \
// RUN:   | FileCheck %s --check-prefix=SUFFIX
// SUFFIX: ams-compile: error: '{{.*}}m.txt' is no model by its name: it must end in .onnx, .mlir or .mlirbc

// RUN: ls -A %t | FileCheck %s --check-prefix=FILES
// FILES-NOT: m.so
