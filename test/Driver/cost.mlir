// --cost prints what a call costs beside any output, and says where it cannot.
// RUN: ams-compile %S/model.mlir --emit=mlir:crossbars --cost -o %t.mlir | FileCheck %s --check-prefix=TABLE
// RUN: FileCheck %s --check-prefix=IR < %t.mlir
// TABLE: layer {{ *}}MACs
// TABLE: total
// IR: ams.program
// RUN: ams-compile %S/model.mlir --cost=json -o %t.so | %python -c 'import json, sys; print(json.load(sys.stdin)["total"]["reprogrammed"])' | FileCheck %s --check-prefix=JSON
// JSON: False
// RUN: not ams-compile %S/model.mlir --cost=xml -o %t.so 2>&1 | FileCheck %s --check-prefix=XML
// XML: error: format 'xml' is neither table nor json
// RUN: not ams-compile %S/model.mlir --cost --target=digital -o %t.so 2>&1 | FileCheck %s --check-prefix=DIGITAL
// DIGITAL: error: a cost is one of crossbars, which the digital target does not use
// RUN: not ams-compile %S/model.mlir --cost --emit=mlir:gains -o %t.so 2>&1 | FileCheck %s --check-prefix=LEVEL
// LEVEL: error: the cost is known from level 'crossbars' on, but the output is of level 'gains'
// RUN: not ams-compile %S/model.mlir --cost --emit=mlir:code 2>&1 | FileCheck %s --check-prefix=BOTH
// BOTH: error: cost and output would both go to standard output: name an output file
