//===-- kernel_select.h - Choosing a kernel -----------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_KERNEL_SELECT_H
#define AMS_KERNEL_SELECT_H

#include "ams/status.h"
#include "kernel.h"

/// The kernel called `name`, an error if this build or processor lacks it;
/// NULL for the best that the processor supports.
ams_status_t ams_kernel_find(const char *name, const ams_kernel_t **out_kernel);

/// The kernel that the environment variable AMS_KERNEL names, or the best one.
ams_status_t ams_kernel_default(const ams_kernel_t **out_kernel);

#endif // AMS_KERNEL_SELECT_H
