// The IR after every level that the target has.
// RUN: rm -rf %t && mkdir %t
// RUN: ams-compile %S/model.mlir -o %t/m.so --dump-phases=%t/device
// RUN: ls -A %t/device | FileCheck %s --check-prefix=DEVICE
// DEVICE: {{^00-model.mlir$}}
// DEVICE-NEXT: {{^01-layers.mlir$}}
// DEVICE-NEXT: {{^02-scales.mlir$}}
// DEVICE-NEXT: {{^03-gains.mlir$}}
// DEVICE-NEXT: {{^04-crossbars.mlir$}}
// DEVICE-NEXT: {{^05-buffers.mlir$}}
// DEVICE-NEXT: {{^06-code.mlir$}}
// DEVICE-NOT: {{.}}
// RUN: FileCheck %s --check-prefix=LAYERS < %t/device/01-layers.mlir
// LAYERS: ams.matmul
// RUN: FileCheck %s --check-prefix=CROSSBARS < %t/device/04-crossbars.mlir
// CROSSBARS: ams.mvm

// RUN: ams-compile %S/model.mlir -o %t/m.so --target=digital \
// RUN:   --dump-phases=%t/digital
// RUN: ls -A %t/digital | FileCheck %s --check-prefix=DIGITAL
// DIGITAL: {{^00-model.mlir$}}
// DIGITAL-NEXT: {{^01-layers.mlir$}}
// DIGITAL-NEXT: {{^05-buffers.mlir$}}
// DIGITAL-NEXT: {{^06-code.mlir$}}
// DIGITAL-NOT: {{.}}

// Only as far as is asked for, and into a directory that is there.
// RUN: rm %t/device/*
// RUN: ams-compile %S/model.mlir --emit=mlir:layers -o %t/m.mlir \
// RUN:   --dump-phases=%t/device
// RUN: ls -A %t/device | FileCheck %s --check-prefix=PART
// PART: {{^00-model.mlir$}}
// PART-NEXT: {{^01-layers.mlir$}}
// PART-NOT: {{.}}

// RUN: not ams-compile %S/model.mlir --emit=mlir:layers -o %t/m.mlir \
// RUN:   --dump-phases=%t/m.so 2>&1 | FileCheck %s --check-prefix=FILE
// FILE: ams-compile: error: '{{.*}}m.so' is there but is not a directory
