//===-- status.c - Errors as values -------------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Statuses: a code and a formatted message in one allocation.
//
//===----------------------------------------------------------------------===//

#include "ams/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct ams_status {
  ams_status_code_t code;
  char *message;
};

static char out_of_memory_message[] = "out of memory";
static struct ams_status out_of_memory = {AMS_STATUS_OUT_OF_MEMORY,
                                          out_of_memory_message};

ams_status_t ams_status_make(ams_status_code_t code, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  if (length < 0)
    length = 0;

  size_t size = (size_t)length + 1;
  ams_status_t status = malloc(sizeof *status + size);
  if (!status)
    return &out_of_memory;
  status->code = code;
  status->message = (char *)(status + 1);
  status->message[0] = '\0';
  va_start(arguments, format);
  vsnprintf(status->message, size, format, arguments);
  va_end(arguments);
  return status;
}

ams_status_code_t ams_status_code(ams_status_t status) {
  return status ? status->code : AMS_STATUS_OK;
}

const char *ams_status_message(ams_status_t status) {
  return status ? status->message : "";
}

void ams_status_free(ams_status_t status) {
  if (status != &out_of_memory)
    free(status);
}
