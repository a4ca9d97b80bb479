//===-- build.c - Models that a run compiles ----------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "build.h"

#include "ams-c/Compile.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static AmsCompileOptions options_of(const ams_tune_request_t *request,
                                    ams_build_kind_t kind) {
  AmsCompileOptions options = amsCompileOptionsDefault();
  const bool device =
      kind == AMS_BUILD_DEVICE || kind == AMS_BUILD_RECORD ||
      (kind == AMS_BUILD_STEP && request->method == AMS_TUNE_QAT);
  options.target = device ? AmsTargetDevice : AmsTargetDigital;
  options.cpu = "native";
  options.foldBatchNormalization = request->fold;
  if (kind == AMS_BUILD_STEP) {
    options.loss = ams_tune_loss_name(request->loss);
    options.batch = request->batch;
    options.clampGradient = request->clamp_gradient;
    options.foldArguments = request->fold_steps;
    if (request->memory)
      options.memory = request->memory;
    if (request->method == AMS_TUNE_DNF) {
      options.addNoise = request->noise_layers;
      options.noisePer = request->noise_per;
    }
  }
  options.recordNoise = kind == AMS_BUILD_RECORD;
  options.recordNodes = kind == AMS_BUILD_NODES;
  if (!device)
    return options;
  if (request->device)
    options.device = request->device;
  if (request->gains)
    options.gains = request->gains;
  if (request->keep_digital)
    options.keepDigitalLayers = request->keep_digital;
  if (request->condition)
    options.condition = request->condition;
  return options;
}

ams_status_t ams_build(const ams_tune_request_t *request, ams_build_kind_t kind,
                       const char *input, const char *directory,
                       ams_model_t **out_model) {
  // The loader knows libraries by their paths, so each has one of its own.
  static unsigned count;
  char *path = NULL;
  if (asprintf(&path, "%s/%u.so", directory, count++) < 0)
    return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory");
  AmsCompileOptions options = options_of(request, kind);
  options.input = input;
  options.output = path;
  ams_status_t status = amsCompile(&options);
  if (!status)
    status = ams_model_load(path, out_model);
  unlink(path);
  free(path);
  return status;
}
