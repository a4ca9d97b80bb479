//===-- onednn.h - oneDNN's errors and memory descriptions --------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_FLOAT_ONEDNN_H
#define AMS_FLOAT_ONEDNN_H

#include "ams/status.h"

#include <oneapi/dnnl/dnnl.h>

/// AMS_OK, or an error that says what oneDNN refused to do.
ams_status_t ams_onednn_check(dnnl_status_t status, const char *action);

/// Returns from the calling function if oneDNN's `call` fails; `action`
/// completes "oneDNN cannot ...".
#define AMS_ONEDNN_TRY(call, action)                                           \
  AMS_RETURN_IF_ERROR(ams_onednn_check((call), (action)))

#endif // AMS_FLOAT_ONEDNN_H
