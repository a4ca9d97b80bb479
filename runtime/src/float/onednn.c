//===-- onednn.c - oneDNN's errors as statuses --------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "onednn.h"

ams_status_t ams_onednn_check(dnnl_status_t status, const char *action) {
  switch (status) {
  case dnnl_success:
    return AMS_OK;
  case dnnl_out_of_memory:
    return ams_status_make(AMS_STATUS_OUT_OF_MEMORY,
                           "no memory for oneDNN to %s", action);
  case dnnl_unimplemented:
    return ams_status_make(AMS_STATUS_UNSUPPORTED,
                           "oneDNN has no way to %s on this processor", action);
  default:
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "oneDNN cannot %s (error %d)", action, (int)status);
  }
}
