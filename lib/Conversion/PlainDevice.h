/*===-- PlainDevice.h - A device for the plain way ----------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* What calls of the functions in Plain take of a device, as constants.       *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_CONVERSION_PLAINDEVICE_H
#define AMS_CONVERSION_PLAINDEVICE_H

#include "ams/abi.h"

#include "mlir-c/IR.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct AmsPlainDevice {
  MlirAttribute fields;               /* in the order of Plain/Preamble.mlir */
  MlirAttribute normal, noise, drift; /* tables; empty if nothing looks there */
  bool cellsErr;                      /* by S4 to S7 */
  float outputFactor;                 /* on D1's constant (S5) */
} AmsPlainDevice;

/* `written`: the weights stood there before, so that they drift (S5). False
 * after an error at `op`. */
bool amsPlainDeviceDescribe(MlirOperation op, const ams_abi_device_t *device,
                            bool written, AmsPlainDevice *outDevice);

/* The largest code of `bits` bits. */
float amsCodeLimit(int32_t bits);

/* A constant tensor of `count` float32 numbers. */
MlirAttribute amsFloats(MlirContext context, int64_t count,
                        const float *values);

#endif /* AMS_CONVERSION_PLAINDEVICE_H */
