//===-- samples.c - Samples and their labels ----------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "samples.h"

#include "model_input.h"
#include "tensor_file.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

static ams_status_t out_of_memory(void) {
  return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory");
}

/// The shape of a sample's scores.
static ams_status_t measure_scores(const ams_model_t *model,
                                   ams_samples_t *samples) {
  const ams_abi_tensor_t *output = ams_model_output(model, 0);
  if (!output || output->dtype != AMS_ABI_F32 || output->rank == 0)
    return ams_status_make(AMS_STATUS_UNSUPPORTED,
                           "the model's first result holds no float32 scores");
  samples->size = output->dims[0] / ams_model_manifest(model)->batch;
  for (uint32_t i = 1; i < output->rank; ++i)
    samples->size *= output->dims[i];
  samples->classes = output->rank > 1 ? output->dims[output->rank - 1] : 1;
  return AMS_OK;
}

static ams_status_t check_classes(const ams_samples_t *samples,
                                  const char *path) {
  const int64_t *labels = samples->labels.data;
  const int64_t one = samples->labels.count / samples->count;
  for (int64_t i = 0; i < samples->labels.count; ++i)
    if (labels[i] < 0 || labels[i] >= samples->classes)
      return ams_status_make(
          AMS_STATUS_INVALID_DATA,
          "%s: label %" PRId64 " of sample %" PRId64
          " is not one of the model's %" PRId64 " classes, 0 to %" PRId64,
          path, labels[i], i / one, samples->classes, samples->classes - 1);
  return AMS_OK;
}

static ams_status_t check_numbers(const ams_samples_t *samples,
                                  const char *path) {
  const int64_t position = ams_tensor_find_not_finite(&samples->labels);
  if (position < 0)
    return AMS_OK;
  return ams_status_make(
      AMS_STATUS_INVALID_DATA,
      "%s: the label of sample %" PRId64 " is NaN or infinite", path,
      position / (samples->labels.count / samples->count));
}

static ams_status_t read_labels(ams_tune_loss_t loss, const char *option,
                                const char *path, ams_samples_t *samples) {
  const bool classes = loss == AMS_TUNE_SOFTMAX_CROSS_ENTROPY;
  AMS_RETURN_IF_ERROR(ams_tensor_file_read(path, &samples->labels));
  AMS_RETURN_IF_ERROR(ams_tensor_convert(
      &samples->labels, classes ? AMS_ELEMENT_I64 : AMS_ELEMENT_F32, path));
  const int64_t one =
      classes ? samples->size / samples->classes : samples->size;
  if (samples->labels.count != samples->count * one)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "option '%s': %s holds %" PRId64
                           " labels, but %" PRId64 " samples need %" PRId64
                           " each with --loss=%s",
                           option, path, samples->labels.count, samples->count,
                           one, ams_tune_loss_name(loss));
  return classes ? check_classes(samples, path) : check_numbers(samples, path);
}

/// Reads the samples of input `index`, as many as those of the inputs before.
static ams_status_t read_input(const ams_model_t *model, const char *option,
                               const char *path, size_t index,
                               ams_samples_t *samples) {
  int64_t count = 0;
  AMS_RETURN_IF_ERROR(ams_model_input_read(model, index, path,
                                           &samples->inputs[index], &count));
  if (index > 0 && count != samples->count)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "option '%s': %s holds %" PRId64
                           " samples, but the files before it %" PRId64,
                           option, path, count, samples->count);
  samples->count = count;
  return AMS_OK;
}

/// Reads the files of `list`, which is cut at its commas.
static ams_status_t read_list(const ams_model_t *model, ams_tune_loss_t loss,
                              const char *option, char *list,
                              ams_samples_t *samples) {
  size_t index = 0;
  for (char *next = list; next; ++index) {
    const char *path = next;
    next = strchr(next, ',');
    if (next)
      *next++ = '\0';
    if (!next != (index == samples->num_inputs))
      return ams_status_make(
          AMS_STATUS_INVALID_ARGUMENT,
          "option '%s': give %zu files, separated by commas: samples for each "
          "input of the model, then labels",
          option, samples->num_inputs + 1);
    AMS_RETURN_IF_ERROR(next ? read_input(model, option, path, index, samples)
                             : read_labels(loss, option, path, samples));
  }
  return AMS_OK;
}

ams_status_t ams_samples_read(const ams_model_t *model, ams_tune_loss_t loss,
                              const char *option, const char *files,
                              ams_samples_t *out_samples) {
  ams_samples_t samples = {.num_inputs = ams_model_manifest(model)->num_inputs};
  samples.inputs = calloc(samples.num_inputs + 1, sizeof *samples.inputs);
  char *list = strdup(files);
  ams_status_t status = samples.inputs && list ? measure_scores(model, &samples)
                                               : out_of_memory();
  if (!status)
    status = read_list(model, loss, option, list, &samples);
  samples.stored = samples.count;
  free(list);
  if (status)
    ams_samples_free(&samples);
  else
    *out_samples = samples;
  return status;
}

void ams_samples_free(ams_samples_t *samples) {
  for (size_t i = 0; samples->inputs && i < samples->num_inputs; ++i)
    ams_tensor_free(&samples->inputs[i]);
  free(samples->inputs);
  ams_tensor_free(&samples->labels);
  *samples = (ams_samples_t){0};
}

static ams_tensor_t *tensor_of(const ams_samples_t *samples, size_t index) {
  return index < samples->num_inputs ? &samples->inputs[index]
                                     : (ams_tensor_t *)&samples->labels;
}

ams_status_t ams_samples_split(ams_samples_t *samples, int64_t count,
                               ams_samples_t *out_last) {
  if (count >= samples->count)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "option '--hold-out': %" PRId64 " of %" PRId64
                           " samples leave none to train on",
                           count, samples->count);
  ams_samples_t last = *samples;
  last.count = last.stored = count;
  last.labels.data = NULL;
  last.inputs = calloc(last.num_inputs + 1, sizeof *last.inputs);
  ams_status_t status = last.inputs ? AMS_OK : out_of_memory();
  for (size_t i = 0; !status && i <= samples->num_inputs; ++i) {
    const ams_tensor_t *from = tensor_of(samples, i);
    const size_t bytes = ams_samples_bytes(samples, i);
    const int64_t numbers = from->count / samples->stored * count;
    status = ams_tensor_allocate(from->element, 1, &numbers, "samples",
                                 tensor_of(&last, i));
    if (!status)
      memcpy(tensor_of(&last, i)->data,
             (char *)from->data + bytes * (size_t)(samples->count - count),
             bytes * (size_t)count);
  }
  if (status) {
    ams_samples_free(&last);
    return status;
  }
  samples->count -= count;
  *out_last = last;
  return AMS_OK;
}

size_t ams_samples_bytes(const ams_samples_t *samples, size_t index) {
  const ams_tensor_t *tensor = tensor_of(samples, index);
  return (size_t)(tensor->count / samples->stored) *
         ams_element_size(tensor->element);
}

void ams_samples_gather(const ams_samples_t *samples, const uint32_t *chosen,
                        int64_t count, void *const *buffers) {
  for (size_t i = 0; i <= samples->num_inputs; ++i) {
    const size_t size = ams_samples_bytes(samples, i);
    const char *from = tensor_of(samples, i)->data;
    char *to = buffers[i];
    for (int64_t s = 0; s < count; ++s)
      memcpy(to + (size_t)s * size, from + chosen[s] * size, size);
  }
}

uint32_t ams_samples_checksum(const ams_samples_t *samples) {
  uLong checksum = crc32_z(0, NULL, 0);
  for (size_t i = 0; i <= samples->num_inputs; ++i)
    checksum = crc32_z(checksum, tensor_of(samples, i)->data,
                       ams_samples_bytes(samples, i) * (size_t)samples->count);
  return (uint32_t)checksum;
}
