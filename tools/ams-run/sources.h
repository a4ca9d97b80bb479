//===-- sources.h - A device's sources of error in words ----------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_RUN_SOURCES_H
#define AMS_RUN_SOURCES_H

#include "ams/abi.h"

#include <stdio.h>

/// Prints a line for each source of error of `device`, in the signal's order.
void ams_sources_print(const ams_abi_device_t *device, FILE *stream);

#endif // AMS_RUN_SOURCES_H
