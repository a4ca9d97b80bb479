//===-- message.h - What tools say on stderr ----------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One form for every tool's errors: "ams-run: error: ...".
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TOOLS_MESSAGE_H
#define AMS_TOOLS_MESSAGE_H

#include "ams/status.h"

/// Prints the error and frees `status`. Returns the exit code of every error,
/// 1; 0 and no message for AMS_OK.
int ams_message_finish(const char *tool, ams_status_t status);

#endif // AMS_TOOLS_MESSAGE_H
