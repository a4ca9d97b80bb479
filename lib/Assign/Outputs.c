/*===-- Outputs.c - What a run gave, and how far off --------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Outputs.h"

#include "Build.h"

#include <stdlib.h>

void amsOutputsFree(AmsOutputs *outputs) {
  for (size_t i = 0; outputs->data && i < outputs->count; ++i)
    free(outputs->data[i]);
  free((void *)outputs->data);
  free(outputs->sizes);
  *outputs = (AmsOutputs){0};
}

/* Elements of all samples of `tensor`; -1 where no memory could hold them. */
static int64_t countElements(const ams_abi_tensor_t *tensor, int64_t batch,
                             int64_t samples) {
  int64_t count = tensor->dims[0] / batch;
  for (uint32_t d = 1; d < tensor->rank; ++d)
    if (__builtin_mul_overflow(count, tensor->dims[d], &count))
      return -1;
  return __builtin_mul_overflow(count, samples, &count) ? -1 : count;
}

ams_status_t amsOutputsAllocate(const ams_model_t *model, int64_t samples,
                                AmsOutputs *outOutputs) {
  const ams_abi_manifest_t *manifest = ams_model_manifest(model);
  AmsOutputs outputs = {
      .count = manifest->num_outputs,
      .sizes = amsAllocate(manifest->num_outputs + 1, sizeof(int64_t)),
      .data = (void **)calloc(manifest->num_outputs + 1, sizeof(void *)),
  };
  bool ok = outputs.data != NULL;
  for (size_t i = 0; ok && i < outputs.count; ++i) {
    const ams_abi_tensor_t *tensor = ams_model_output(model, i);
    int64_t count = countElements(tensor, manifest->batch, samples);
    outputs.sizes[i] = tensor->dtype == AMS_ABI_F32 ? count : 0;
    outputs.data[i] = count < 0 ? NULL : calloc((size_t)count + 1, 8);
    ok = outputs.data[i] != NULL;
  }
  if (ok) {
    *outOutputs = outputs;
    return AMS_OK;
  }
  amsOutputsFree(&outputs);
  return ams_status_make(AMS_STATUS_OUT_OF_MEMORY,
                         "out of memory for the outputs of %lld samples",
                         (long long)samples);
}

double amsOutputsSignal(const AmsOutputs *outputs) {
  double sum = 0;
  for (size_t i = 0; i < outputs->count; ++i) {
    const float *data = outputs->data[i];
    for (int64_t j = 0; j < outputs->sizes[i]; ++j)
      sum += (double)data[j] * (double)data[j];
  }
  return sum;
}

double amsOutputsError(const AmsOutputs *outputs, void *const *reference) {
  double sum = 0;
  for (size_t i = 0; i < outputs->count; ++i) {
    const float *data = outputs->data[i], *other = reference[i];
    for (int64_t j = 0; j < outputs->sizes[i]; ++j) {
      double difference = (double)data[j] - (double)other[j];
      sum += difference * difference;
    }
  }
  return sum;
}
