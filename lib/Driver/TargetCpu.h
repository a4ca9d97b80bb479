/*===-- TargetCpu.h - Processors to generate code for ------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* What --mcpu may say, and what LLVM is told.                                *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_LIB_DRIVER_TARGETCPU_H
#define AMS_LIB_DRIVER_TARGETCPU_H

#include "ams/status.h"

/* A processor as LLVM takes it. Both strings are owned by LLVM: dispose with
 * amsTargetCpuDispose. */
typedef struct AmsTargetCpu {
  char *name;
  char *features;
} AmsTargetCpu;

/* Resolves `name`: an LLVM processor name, "native", or NULL for the default,
 * x86-64-v3 on x86-64. LLVM itself would print a message and go on with an
 * unknown name. */
ams_status_t amsTargetCpuResolve(const char *name, AmsTargetCpu *outCpu);

void amsTargetCpuDispose(AmsTargetCpu *cpu);

#endif /* AMS_LIB_DRIVER_TARGETCPU_H */
