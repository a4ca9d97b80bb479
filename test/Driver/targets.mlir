// The three targets.
// RUN: rm -rf %t && mkdir %t

// RUN: ams-compile %S/model.mlir --emit=llvm | FileCheck %s --check-prefix=DEVICE
// DEVICE: @ams_rt_mvm

// RUN: ams-compile %S/model.mlir --target=digital --emit=llvm \
// RUN:   | FileCheck %s --check-prefix=DIGITAL
// DIGITAL: @ams_rt_f32_matmul

// RUN: ams-compile %S/model.mlir --target=plain --emit=llvm \
// RUN:   | FileCheck %s --check-prefix=PLAIN
// PLAIN-NOT: declare {{.*}}@ams_rt

// RUN: ams-compile %S/model.mlir --target=digital -o %t/digital.so
// RUN: llvm-readelf-22 -d %t/digital.so | FileCheck %s --check-prefix=FLOAT
// FLOAT: libams_float.so
// RUN: ams-compile %S/model.mlir --target=plain -o %t/plain.so
