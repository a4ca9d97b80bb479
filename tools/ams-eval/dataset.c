//===-- dataset.c - Inputs and labels -----------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dataset.h"

#include "model_input.h"
#include "scores.h"
#include "tensor_file.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/// The number of classes that `model` tells apart.
static ams_status_t count_classes(const ams_model_t *model,
                                  int64_t *out_classes) {
  const ams_abi_manifest_t *manifest = ams_model_manifest(model);
  if (manifest->num_inputs != 1 || manifest->num_outputs != 1)
    return ams_status_make(AMS_STATUS_UNSUPPORTED,
                           "the model has %" PRIu32 " inputs and %" PRIu32
                           " outputs; top-1 accuracy needs one of each",
                           manifest->num_inputs, manifest->num_outputs);
  const ams_abi_tensor_t *output = ams_model_output(model, 0);
  int64_t classes = output->dims[0] / manifest->batch;
  for (uint32_t i = 1; i < output->rank; ++i)
    classes *= output->dims[i];
  if (output->dtype != AMS_ABI_F32 || output->rank < 2)
    return ams_status_make(
        AMS_STATUS_UNSUPPORTED,
        "output \"%s\" does not hold a float32 score for each class",
        ams_model_string(model, output->name));
  *out_classes = classes;
  return AMS_OK;
}

/// Reads labels and checks that there is one for each sample.
static ams_status_t read_labels(ams_dataset_t *dataset, const char *path) {
  AMS_RETURN_IF_ERROR(ams_tensor_file_read(path, &dataset->labels));
  AMS_RETURN_IF_ERROR(
      ams_tensor_convert(&dataset->labels, AMS_ELEMENT_I64, path));
  if (dataset->labels.count != dataset->samples)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "%s holds %" PRId64 " labels, but there are "
                           "%" PRId64 " samples",
                           path, dataset->labels.count, dataset->samples);
  const int64_t *labels = dataset->labels.data;
  for (int64_t i = 0; i < dataset->samples; ++i)
    if (labels[i] < 0 || labels[i] >= dataset->classes)
      return ams_status_make(AMS_STATUS_INVALID_DATA,
                             "%s: label %" PRId64 " of sample %" PRId64
                             " is not one of the model's %" PRId64 " classes",
                             path, labels[i], i, dataset->classes);
  return AMS_OK;
}

static ams_status_t fill(const ams_model_t *model, const char *inputs,
                         const char *labels, int64_t limit,
                         ams_dataset_t *dataset) {
  AMS_RETURN_IF_ERROR(count_classes(model, &dataset->classes));
  AMS_RETURN_IF_ERROR(ams_model_input_read(model, 0, inputs, &dataset->inputs,
                                           &dataset->samples));
  AMS_RETURN_IF_ERROR(read_labels(dataset, labels));
  if (limit && limit < dataset->samples)
    dataset->samples = limit;
  const int64_t shape[] = {dataset->samples, dataset->classes};
  AMS_RETURN_IF_ERROR(ams_tensor_allocate(AMS_ELEMENT_F32, 2, shape, "scores",
                                          &dataset->scores));
  AMS_RETURN_IF_ERROR(ams_tensor_allocate(AMS_ELEMENT_F32, 2, shape, "scores",
                                          &dataset->reference));
  memset(dataset->reference.data, 0,
         (size_t)dataset->reference.count * sizeof(float));
  return AMS_OK;
}

ams_status_t ams_dataset_read(const ams_model_t *model, const char *inputs,
                              const char *labels, int64_t limit,
                              ams_dataset_t *out_dataset) {
  ams_dataset_t dataset = {0};
  ams_status_t status = fill(model, inputs, labels, limit, &dataset);
  if (status)
    ams_dataset_free(&dataset);
  else
    *out_dataset = dataset;
  return status;
}

void ams_dataset_free(ams_dataset_t *dataset) {
  ams_tensor_free(&dataset->inputs);
  ams_tensor_free(&dataset->labels);
  ams_tensor_free(&dataset->scores);
  ams_tensor_free(&dataset->reference);
}

/// Sum of squares over that of the differences, in dB; infinite if there are
/// none.
static double compare(const ams_tensor_t *scores,
                      const ams_tensor_t *reference) {
  const float *values = scores->data, *exact = reference->data;
  double signal = 0, error = 0;
  for (int64_t i = 0; i < scores->count; ++i) {
    double difference = (double)values[i] - (double)exact[i];
    signal += (double)exact[i] * (double)exact[i];
    error += difference * difference;
  }
  return 10 * log10(signal / error);
}

ams_status_t ams_dataset_measure(ams_dataset_t *dataset, ams_model_t *model,
                                 const ams_run_options_t *options,
                                 ams_measurement_t *out_measurement) {
  AMS_RETURN_IF_ERROR(ams_model_run(model, options, dataset->samples,
                                    (const void *[]){dataset->inputs.data},
                                    (void *[]){dataset->scores.data}));
  const float *scores = dataset->scores.data,
              *reference = dataset->reference.data;
  const int64_t *labels = dataset->labels.data;
  int64_t right = 0, same = 0;
  for (int64_t i = 0; i < dataset->samples; ++i) {
    const int64_t first = i * dataset->classes;
    const int64_t found = ams_scores_highest(scores + first, dataset->classes);
    right += found == labels[i];
    same += found == ams_scores_highest(reference + first, dataset->classes);
  }
  *out_measurement = (ams_measurement_t){
      .percent = 100.0 * (double)right / (double)dataset->samples,
      .agreement = 100.0 * (double)same / (double)dataset->samples,
      .decibels = compare(&dataset->scores, &dataset->reference),
  };
  return AMS_OK;
}

void ams_dataset_keep_reference(ams_dataset_t *dataset) {
  memcpy(dataset->reference.data, dataset->scores.data,
         (size_t)dataset->scores.count * sizeof(float));
}
