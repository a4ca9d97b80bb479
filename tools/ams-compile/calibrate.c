//===-- calibrate.c - Calibration from files ----------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads the samples when the model that they are for is known.
//
//===----------------------------------------------------------------------===//

#include "calibrate.h"

#include "ams-c/Calibrate.h"
#include "model_input.h"
#include "progress.h"

#include <inttypes.h>
#include <stdlib.h>

/// The samples of one compilation, and how far it has come.
typedef struct samples {
  const ams_calibrate_request_t *request;
  ams_tensor_t *tensors; // one a file
  const void **data;
  ams_progress_t progress;
  int64_t runs;
} samples_t;

static ams_status_t load(void *user_data, const ams_model_t *model,
                         const void *const **out_inputs, int64_t *out_samples) {
  samples_t *samples = user_data;
  const ams_calibrate_request_t *request = samples->request;
  uint32_t num_inputs = ams_model_manifest(model)->num_inputs;
  if (request->num_files != num_inputs)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "the model has %" PRIu32
                           " inputs, but --calibrate is given %zu times",
                           num_inputs, request->num_files);
  for (size_t i = 0; i < request->num_files; ++i) {
    int64_t count = 0;
    AMS_RETURN_IF_ERROR(ams_model_input_read(model, i, request->files[i],
                                             &samples->tensors[i], &count));
    samples->data[i] = samples->tensors[i].data;
    if (i > 0 && count != *out_samples)
      return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                             "%s holds %" PRId64 " samples, but %s holds "
                             "%" PRId64,
                             request->files[i], count, request->files[0],
                             *out_samples);
    *out_samples = count;
  }
  if (request->limit && request->limit < *out_samples)
    *out_samples = request->limit;
  *out_inputs = samples->data;
  return AMS_OK;
}

static void show(void *user_data, const char *what) {
  samples_t *samples = user_data;
  ams_progress_show(&samples->progress, samples->runs++, what);
}

ams_status_t ams_compile_calibrated(const AmsCompileOptions *options,
                                    const ams_calibrate_request_t *request) {
  samples_t samples = {
      .request = request,
      .tensors = calloc(request->num_files + 1, sizeof *samples.tensors),
      .data = calloc(request->num_files + 1, sizeof *samples.data),
      .progress = ams_progress_begin("ams-compile", 0),
  };
  AmsCalibrateOptions calibrate = {
      .loadInputs = load,
      .userData = &samples,
      .budget = request->budget,
      .gainPer = request->per,
      .keepDigital = (int)request->keep_digital,
      .profile = request->profile,
      .errorFeedback = request->error_feedback,
      .moments = request->moments,
      .report = stdout,
      .seed = request->seed,
      .onProgress = show,
  };
  ams_status_t status =
      samples.tensors && samples.data
          ? amsCompileCalibrated(options, &calibrate)
          : ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory");
  ams_progress_end(&samples.progress);
  for (size_t i = 0; samples.tensors && i < request->num_files; ++i)
    ams_tensor_free(&samples.tensors[i]);
  free(samples.tensors);
  free((void *)samples.data);
  return status;
}
