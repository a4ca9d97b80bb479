//===-- scratch.h - Work in a directory that always goes away -----*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TOOLS_SCRATCH_H
#define AMS_TOOLS_SCRATCH_H

/// Does the work in `directory` and returns an exit code.
typedef int (*ams_scratch_work_t)(const char *directory, void *context);

/// Makes a temporary directory, runs `work` in a process of its own and returns
/// its exit code. The directory is removed however that process ends; a signal
/// that asks `tool` to end reaches it, and ends the caller too.
int ams_scratch_run(const char *tool, ams_scratch_work_t work, void *context);

#endif // AMS_TOOLS_SCRATCH_H
