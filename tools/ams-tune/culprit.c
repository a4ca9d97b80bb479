//===-- culprit.c - The node where numbers stop being finite ------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A build of the model returns what every node computes; its outputs are looked
// through in their order, a batch of samples at a time.
//
//===----------------------------------------------------------------------===//

#include "culprit.h"

#include "forward.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static ams_status_t out_of_memory(void) {
  return ams_status_make(AMS_STATUS_OUT_OF_MEMORY,
                         "no memory to look for the node whose result is NaN "
                         "or infinite");
}

/// A batch of samples and their labels, as ams_samples_gather fills it.
typedef struct batch {
  uint32_t *chosen;
  void **buffers;
  int64_t count; // of samples in it
  int64_t size;  // at most
} batch_t;

static void free_batch(batch_t *batch, size_t num_inputs) {
  for (size_t i = 0; batch->buffers && i <= num_inputs; ++i)
    free(batch->buffers[i]);
  free(batch->buffers);
  free(batch->chosen);
}

/// False without memory.
static bool make_batch(const ams_samples_t *samples, int64_t size,
                       batch_t *out_batch) {
  batch_t batch = {
      .chosen = calloc((size_t)size, sizeof *batch.chosen),
      .buffers = calloc(samples->num_inputs + 1, sizeof *batch.buffers),
      .size = size,
  };
  bool made = batch.chosen && batch.buffers;
  for (size_t i = 0; made && i <= samples->num_inputs; ++i) {
    batch.buffers[i] = malloc(ams_samples_bytes(samples, i) * (size_t)size);
    made = batch.buffers[i];
  }
  *out_batch = batch;
  return made;
}

/// Takes the suspects from number `first` on, as many as fit.
static void fill_batch(const ams_suspects_t *suspects, int64_t first,
                       batch_t *batch) {
  const int64_t left = suspects->count - first;
  batch->count = left < batch->size ? left : batch->size;
  for (int64_t i = 0; i < batch->count; ++i)
    batch->chosen[i] =
        suspects->chosen ? suspects->chosen[first + i] : (uint32_t)(first + i);
  ams_samples_gather(suspects->samples, batch->chosen, batch->count,
                     batch->buffers);
}

/// The length of the node's name if output `name` is a node's result, else 0.
static size_t node_length(const char *name) {
  static const char suffix[] = ".result";
  const size_t length = strlen(name), size = sizeof suffix - 1;
  return length > size && !strcmp(name + length - size, suffix) ? length - size
                                                                : 0;
}

/// The first of the numbers that is NaN or infinite; negative infinity if
/// `masks` says so, and only that then. -1 if there is none.
static int64_t find_number(const float *numbers, int64_t count, bool masks) {
  for (int64_t i = 0; i < count; ++i)
    if (!isfinite(numbers[i]) && masks == (numbers[i] < 0))
      return i;
  return -1;
}

/// Writes the first node of `forward` whose result holds such a number, if
/// there is one; false without memory.
static bool write_culprit(const ams_forward_t *forward, const batch_t *batch,
                          bool masks, char **out_text) {
  const ams_abi_tensor_t *output = NULL;
  for (size_t i = 0; (output = ams_model_output(forward->model, i)); ++i) {
    const char *name = ams_model_string(forward->model, output->name);
    const size_t length = node_length(name);
    if (!length)
      continue;
    const float *numbers = forward->outputs[i];
    const int64_t count = ams_forward_count(forward, i);
    const int64_t place = find_number(numbers, count, masks);
    if (place < 0)
      continue;
    return asprintf(out_text,
                    "the first result that is not finite is that of node "
                    "'%.*s', %s for sample %" PRIu32,
                    (int)length, name,
                    isnan(numbers[place]) ? "NaN" : "infinity",
                    batch->chosen[place / (count / batch->count)]) >= 0;
  }
  return true;
}

/// Leaves `*out_text` as it is where nothing is found.
static ams_status_t search(const ams_tune_request_t *request,
                           ams_forward_t *forward,
                           const ams_suspects_t *suspects, batch_t *batch,
                           bool masks, char **out_text) {
  for (int64_t i = 0; !*out_text && i < suspects->count; i += batch->count) {
    fill_batch(suspects, i, batch);
    AMS_RETURN_IF_ERROR(ams_forward_call(forward, request,
                                         (const void *const *)batch->buffers,
                                         batch->count, 0));
    if (!write_culprit(forward, batch, masks, out_text))
      return out_of_memory();
  }
  return AMS_OK;
}

static ams_status_t search_all(const ams_tune_request_t *request,
                               ams_forward_t *forward,
                               const ams_suspects_t *suspects, batch_t *batch,
                               char **out_text) {
  char *text = NULL;
  AMS_RETURN_IF_ERROR(search(request, forward, suspects, batch, false, &text));
  if (!text)
    AMS_RETURN_IF_ERROR(search(request, forward, suspects, batch, true, &text));
  if (!text)
    text = strdup("in float32, without noise, every node's result is finite");
  *out_text = text;
  return text ? AMS_OK : out_of_memory();
}

ams_status_t ams_culprit_find(const ams_tune_request_t *request,
                              const char *input, const char *directory,
                              const ams_suspects_t *suspects, char **out_text) {
  ams_forward_t forward;
  batch_t batch = {0};
  ams_status_t status = ams_forward_open(request, AMS_BUILD_NODES, input,
                                         directory, request->batch, &forward);
  if (!status)
    status = make_batch(suspects->samples, request->batch, &batch)
                 ? search_all(request, &forward, suspects, &batch, out_text)
                 : out_of_memory();
  free_batch(&batch, suspects->samples->num_inputs);
  ams_forward_free(&forward);
  return status;
}
