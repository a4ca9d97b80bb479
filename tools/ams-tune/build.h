//===-- build.h - Models that a run compiles ----------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TUNE_BUILD_H
#define AMS_TUNE_BUILD_H

#include "ams/runtime.h"
#include "request.h"

typedef enum ams_build_kind {
  AMS_BUILD_FLOAT32, // the model itself, digital
  AMS_BUILD_DEVICE,  // on the device
  AMS_BUILD_STEP,    // a step of the request's method
  AMS_BUILD_RECORD,  // records its layers' differential noise
  AMS_BUILD_NODES,   // digital, with the result of every node
} ams_build_kind_t;

/// Compiles the ONNX file `input` as `request` says and loads it. `directory`
/// is for the file in between; nothing of it is left there.
ams_status_t ams_build(const ams_tune_request_t *request, ams_build_kind_t kind,
                       const char *input, const char *directory,
                       ams_model_t **out_model);

#endif // AMS_TUNE_BUILD_H
