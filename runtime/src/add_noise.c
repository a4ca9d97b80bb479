//===-- add_noise.c - Differential noise --------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Checks a request, and cuts the result into parts that threads share, whose
// epilogue follows while they are in the cache. A draw's address is its
// element's, so how it is cut does not matter.
//
//===----------------------------------------------------------------------===//

#include "ams/product.h"

#include "call.h"
#include "epilogue.h"
#include "float_state.h"
#include "kernel_select.h"
#include "layer.h"
#include "model.h"

/// Elements that a thread takes at a time.
#define PART_ELEMENTS (256 * AMS_ADD_NOISE_GROUP)

/// Limits of an address (T3), and of a table whose numbers kernels count in 32
/// bits.
#define MAX_LAYERS (INT64_C(1) << 16)
#define MAX_ELEMENTS (INT64_C(1) << 32)
#define MAX_ROWS (INT32_MAX / AMS_ABI_NOISE_ROW)

static ams_status_t check(const ams_added_noise_t *noise) {
  int64_t rows;
  if (noise->layer < 0 || noise->layer >= MAX_LAYERS || noise->samples < 0 ||
      noise->elements < 1 || noise->elements > MAX_ELEMENTS ||
      noise->channels < 1 || noise->elements % noise->channels ||
      noise->outputs < 1 || noise->elements % noise->outputs ||
      noise->classes < 1 ||
      __builtin_mul_overflow(noise->channels, noise->classes, &rows) ||
      rows > MAX_ROWS || noise->threads < 1)
    return ams_status_make(
        AMS_STATUS_INVALID_ARGUMENT,
        "noise for layer %lld, %lld samples of %lld elements in rows of %lld, "
        "from a table of %lld channels and %lld ranges of magnitude, on %d "
        "threads: layers are below 2^16, elements of a sample 1 to 2^32, rows "
        "and channels divide them, the table has 1 to %d rows",
        (long long)noise->layer, (long long)noise->samples,
        (long long)noise->elements, (long long)noise->outputs,
        (long long)noise->channels, (long long)noise->classes, noise->threads,
        MAX_ROWS);
  if (noise->first_sample > AMS_MAX_VECTORS ||
      (uint64_t)noise->samples > AMS_MAX_VECTORS - noise->first_sample)
    return ams_status_make(
        AMS_STATUS_INVALID_ARGUMENT,
        "%lld samples from number %llu on are past the 2^44 that differential "
        "noise has addresses for (T3); start at a smaller sample",
        (long long)noise->samples, (unsigned long long)noise->first_sample);
  return AMS_OK;
}

/// Part number `index` of one sample.
static void add_part(const ams_added_noise_t *noise, const ams_kernel_t *kernel,
                     int64_t sample, int64_t index, float *y) {
  ams_add_noise_args_t args = {
      .seed = noise->seed,
      .sample = noise->first_sample + (uint64_t)sample,
      .layer = (uint32_t)noise->layer,
      .rows = noise->rows,
      .channels = noise->channels,
      .classes = noise->classes,
      .begin = index * PART_ELEMENTS,
      .y = y + sample * noise->elements,
  };
  int64_t end = args.begin + PART_ELEMENTS;
  args.end = end < noise->elements ? end : noise->elements;
  if (noise->rows)
    kernel->add_noise(&args);
  const int64_t first = sample * noise->elements;
  ams_epilogue_apply_range(&noise->epilogue, kernel->epilogue, noise->outputs,
                           first + args.begin, first + args.end, y);
}

static ams_status_t add(const ams_added_noise_t *noise,
                        const ams_kernel_t *kernel, float *y) {
  AMS_RETURN_IF_ERROR(check(noise));
  const int64_t parts = (noise->elements - 1) / PART_ELEMENTS + 1;
  const int64_t count = noise->samples * parts;
#pragma omp parallel num_threads(noise->threads) if (noise -> threads > 1)
  {
    ams_float_state_t state = ams_float_enter();
#pragma omp for schedule(static)
    for (int64_t task = 0; task < count; ++task)
      add_part(noise, kernel, task / parts, task % parts, y);
    ams_float_leave(state);
  }
  return AMS_OK;
}

ams_status_t ams_noise_add(const ams_added_noise_t *noise, const char *kernel,
                           float *y) {
  const ams_kernel_t *chosen;
  AMS_RETURN_IF_ERROR(ams_kernel_find(kernel, &chosen));
  return add(noise, chosen, y);
}

void ams_rt_add_noise(ams_call_t *call, int64_t layer, int64_t samples,
                      int64_t elements, int64_t channels, int64_t classes,
                      int64_t outputs, const float *table, int64_t flags,
                      const float *bias, const float *residual, float low,
                      float high, float *y) {
  const ams_abi_epilogue_t epilogue = {
      .flags = (uint32_t)flags, .low = low, .high = high};
  if (ams_call_failed(call) || (!call->noise && !flags))
    return;
  ams_added_noise_t noise = {
      .seed = call->seed,
      .first_sample = call->first_sample,
      .layer = layer,
      .samples = samples,
      .elements = elements,
      .channels = channels,
      .classes = classes,
      .rows = call->noise ? (const ams_abi_noise_row_t *)table : NULL,
      .outputs = outputs,
      .threads = call->threads,
  };
  ams_status_t status =
      ams_epilogue_make(&epilogue, bias, residual, &noise.epilogue);
  ams_call_fail(call, status ? status : add(&noise, call->model->kernel, y));
}
