// Every kind of output, and nothing else beside it.
// REQUIRES: unsanitized
// RUN: rm -rf %t && mkdir %t && cp %S/model.mlir %t/m.mlir

// RUN: ams-compile %t/m.mlir -o %t/m.so
// RUN: llvm-nm-22 -D --defined-only --format=just-symbols %t/m.so \
// RUN:   | FileCheck %s --check-prefix=EXPORTS
// EXPORTS-NOT: {{.}}
// EXPORTS: {{^}}ams_model{{$}}
// EXPORTS-NOT: {{.}}

// RUN: llvm-readelf-22 -d %t/m.so | FileCheck %s --check-prefix=NEEDED
// NEEDED-DAG: (NEEDED) {{.*}}[libams_rt.so
// NEEDED-DAG: $ORIGIN

// RUN: ams-compile %t/m.mlir --emit=obj -o %t/m.o
// RUN: llvm-readelf-22 -s %t/m.o | FileCheck %s --check-prefix=OBJECT
// OBJECT-DAG: GLOBAL DEFAULT {{.*}} ams_model
// OBJECT-DAG: GLOBAL HIDDEN {{.*}} ams_sections

// RUN: ams-compile %t/m.mlir --emit=llvm -o %t/m.ll
// RUN: FileCheck %s --check-prefix=LLVM < %t/m.ll
// RUN: ams-compile %t/m.mlir --emit=llvm | FileCheck %s --check-prefix=LLVM
// LLVM: target triple = "x86_64
// LLVM: @ams_model =
// LLVM-NOT: {{fast|contract|reassoc}}

// RUN: ams-compile %t/m.mlir --emit=mlir:2 -o %t/m.mlirbc
// RUN: ams-compile %t/m.mlir --emit=mlir:scales | FileCheck %s --check-prefix=SCALES
// RUN: ams-opt %t/m.mlirbc | FileCheck %s --check-prefix=SCALES
// SCALES: ams.quantize

// RUN: ams-compile %t/m.mlir --emit=exe -o %t/m
// RUN: %t/m --info | FileCheck %s --check-prefix=PROGRAM
// PROGRAM: dense

// RUN: ls -A %t | FileCheck %s --check-prefix=FILES
// FILES: {{^m$}}
// FILES-NEXT: {{^m.ll$}}
// FILES-NEXT: {{^m.mlir$}}
// FILES-NEXT: {{^m.mlirbc$}}
// FILES-NEXT: {{^m.o$}}
// FILES-NEXT: {{^m.so$}}
// FILES-NOT: {{.}}
