/*===-- Quantization.c - What quantising takes from layers --------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Samples are run a few at a time, as the results of all layers are outputs. *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Quantization.h"

#include "Build.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Samples of a run, where the model's batch is smaller. */
enum { leastSamples = 16 };

typedef struct Recording {
  ams_model_t *model;
  AmsOutputs outputs; /* of `room` samples */
  const void **inputs;
  int64_t room;
} Recording;

/* Bytes of one sample of `tensor`. */
static size_t sampleSize(const ams_abi_tensor_t *tensor, int64_t batch) {
  size_t size = tensor->dtype == AMS_ABI_F32 ? sizeof(float) : sizeof(int64_t);
  size *= (size_t)(tensor->dims[0] / batch);
  for (uint32_t d = 1; d < tensor->rank; ++d)
    size *= (size_t)tensor->dims[d];
  return size;
}

/* Number of the output that has the noise of layer `name`. */
static ams_status_t findNoise(const ams_model_t *model, const char *name,
                              size_t *outIndex) {
  const ams_abi_tensor_t *output;
  size_t length = strlen(name);
  for (size_t i = 0; (output = ams_model_output(model, i)); ++i) {
    const char *own = ams_model_string(model, output->name);
    if (!strncmp(own, name, length) && !strcmp(own + length, ".noise")) {
      *outIndex = i;
      return AMS_OK;
    }
  }
  return ams_status_make(AMS_STATUS_NOT_FOUND,
                         "layer \"%s\" has no record of its noise", name);
}

/* Adds the squares of the noise of `samples` samples. */
static ams_status_t addSquares(const Recording *recording, int64_t samples,
                               AmsProfile *profile) {
  for (size_t l = 0; l < profile->numLayers; ++l) {
    AmsProfileLayer *layer = &profile->layers[l];
    size_t index = 0;
    AMS_RETURN_IF_ERROR(findNoise(recording->model, layer->name, &index));
    const float *noise = recording->outputs.data[index];
    int64_t count = recording->outputs.sizes[index] / recording->room * samples;
    for (int64_t i = 0; i < count; ++i)
      layer->quantization += (double)noise[i] * (double)noise[i];
  }
  return AMS_OK;
}

static ams_status_t runSome(const AmsCalibration *calibration,
                            Recording *recording, int64_t first,
                            int64_t samples) {
  const ams_abi_manifest_t *manifest = ams_model_manifest(recording->model);
  for (size_t i = 0; i < manifest->num_inputs; ++i)
    recording->inputs[i] =
        (const char *)calibration->inputs[i] +
        (size_t)first *
            sampleSize(ams_model_input(recording->model, i), manifest->batch);
  ams_run_options_t options = ams_run_options_default();
  options.threads = calibration->threads;
  return ams_model_run(recording->model, &options, samples, recording->inputs,
                       recording->outputs.data);
}

static ams_status_t record(const AmsCalibration *calibration,
                           Recording *recording, AmsProfile *profile) {
  AMS_RETURN_IF_ERROR(ams_model_set_ideal(recording->model, NULL, true));
  AMS_RETURN_IF_ERROR(amsOutputsAllocate(recording->model, recording->room,
                                         &recording->outputs));
  for (size_t l = 0; l < profile->numLayers; ++l)
    profile->layers[l].quantization = 0;
  if (calibration->onProgress)
    calibration->onProgress(calibration->userData,
                            "measuring what quantising takes");
  for (int64_t first = 0; first < calibration->samples;
       first += recording->room) {
    int64_t left = calibration->samples - first;
    int64_t samples = left < recording->room ? left : recording->room;
    AMS_RETURN_IF_ERROR(runSome(calibration, recording, first, samples));
    AMS_RETURN_IF_ERROR(addSquares(recording, samples, profile));
  }
  return AMS_OK;
}

ams_status_t amsMeasureQuantization(const AmsCalibrationSession *session,
                                    AmsCalibratedBuild *build) {
  AmsProfile *profile = &build->result.profile;
  if (profile->numLayers == 0)
    return AMS_OK;
  AmsCompileOptions options = amsCalibrationOptions(session, build);
  options.recordNoise = true;
  Recording recording = {0};
  AMS_RETURN_IF_ERROR(amsCalibrationBuild(&options, &recording.model));
  const ams_abi_manifest_t *manifest = ams_model_manifest(recording.model);
  recording.room =
      manifest->batch > leastSamples ? manifest->batch : leastSamples;
  recording.inputs = amsAllocate(manifest->num_inputs + 1, sizeof(void *));
  ams_status_t status = record(&session->calibration, &recording, profile);
  amsOutputsFree(&recording.outputs);
  free((void *)recording.inputs);
  ams_model_free(recording.model);
  return status;
}
