/*===-- Device.h - Finding a device -------------------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Devices by the name of a preset or the path of a file.                     *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_SUPPORT_DEVICE_H
#define AMS_SUPPORT_DEVICE_H

#include "mlir-c/IR.h"

/* The #ams.device attribute of the preset called `device`, or in the file of
 * that path: the attribute in MLIR's syntax, with // comments. Null after an
 * error at `loc`. */
MlirAttribute amsDeviceFind(MlirLocation loc, const char *device);

#endif /* AMS_SUPPORT_DEVICE_H */
