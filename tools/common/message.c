//===-- message.c - What tools say on stderr ----------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Printing of statuses.
//
//===----------------------------------------------------------------------===//

#include "message.h"

#include <stdio.h>

int ams_message_finish(const char *tool, ams_status_t status) {
  if (!status)
    return 0;
  fflush(stdout);
  fprintf(stderr, "%s: error: %s\n", tool, ams_status_message(status));
  ams_status_free(status);
  return 1;
}
