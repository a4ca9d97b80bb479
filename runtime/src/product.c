//===-- product.c - A product, panel by panel ---------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Cuts a product into tasks, one a panel and group, and shares them out over
// threads; where tasks are fewer than threads, threads share each task's
// outputs instead. Neither changes a bit of the result.
//
//===----------------------------------------------------------------------===//

#include "product.h"

#include "analog/analog.h"
#include "conv_depthwise.h"
#include "depthwise.h"
#include "device.h"
#include "float_state.h"
#include "layer.h"
#include "memory.h"
#include "noise.h"
#include "patches.h"

#include <omp.h>
#include <stdlib.h>

/// Fewest vectors that are worth a panel of their own (each panel reads all
/// weights again), and a multiple of the vectors that kernels take at a time.
#define LEAST_PANEL 12

ams_status_t ams_weights_allocate(const ams_kernel_t *kernel,
                                  const ams_analog_t *analog,
                                  const ams_abi_layer_t *layer,
                                  ams_weights_t *out_weights) {
  *out_weights = (ams_weights_t){
      .kernel = kernel,
      .analog = analog,
      .geometry = ams_layer_geometry(layer),
      .groups = layer->groups,
      .depthwise = !analog && ams_conv_is_depthwise(layer, kernel),
  };
  if (out_weights->depthwise)
    return ams_memory_allocate(1,
                               ams_memory_align(kernel->depthwise->weights_size(
                                   &out_weights->geometry, layer->groups)),
                               &out_weights->data);
  out_weights->group_size = ams_memory_align(
      analog ? ams_analog_weights_size(analog, &out_weights->geometry)
             : kernel->weights_size(&out_weights->geometry));
  return ams_memory_allocate((size_t)layer->groups, out_weights->group_size,
                             &out_weights->data);
}

ams_status_t ams_product_make(const ams_abi_layer_t *layer,
                              const ams_product_options_t *options,
                              const ams_weights_t *weights, int64_t vectors,
                              const float *x, float *y,
                              ams_product_t *out_product) {
  float gain = options->gain != 0 ? options->gain : layer->gain;
  AMS_RETURN_IF_ERROR(ams_gain_check(&layer->device, gain));
  if (vectors < 0 || options->threads < 1)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "product of %lld vectors on %d threads; vectors "
                           "must be at least 0, threads at least 1",
                           (long long)vectors, options->threads);
  if (options->first_vector > AMS_MAX_VECTORS ||
      (uint64_t)vectors > AMS_MAX_VECTORS - options->first_vector)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "product of vectors %llu and %lld more: the noise "
                           "has addresses for 2^44 vectors; start at a smaller "
                           "sample",
                           (unsigned long long)options->first_vector,
                           (long long)vectors);
  *out_product = (ams_product_t){
      .weights = weights,
      .alpha = ams_alpha(&layer->device, gain),
      .k = ams_output_scale(&layer->device, gain),
      .noise = {.enabled = options->noise,
                .uniform = layer->device.noise_uniform,
                .seed = options->seed,
                .layer = layer->index,
                .first_vector = options->first_vector},
      .vectors = vectors,
      .x = x,
      .conv = layer->kind == AMS_ABI_CONV ? &layer->conv : NULL,
      .y = y,
  };
  return AMS_OK;
}

/// How a product is cut: task t is panel t / groups, group t % groups.
typedef struct plan {
  int64_t panel; // vectors of a panel
  int64_t tasks;
  size_t patches_size, inputs_size; // bytes of a thread's buffers
} plan_t;

static int64_t divide_up(int64_t value, int64_t divisor) {
  return (value - 1) / divisor + 1;
}

/// Panels of equal size, as many as a multiple of the threads where that leaves
/// enough vectors in each.
static plan_t make_plan(const ams_product_t *product, int threads) {
  const ams_weights_t *weights = product->weights;
  int64_t vectors = product->vectors;
  int64_t panels = divide_up(vectors, AMS_PANEL_VECTORS);
  if (weights->groups == 1 && divide_up(vectors, LEAST_PANEL) >= threads)
    panels = divide_up(panels, threads) * threads;
  int64_t panel = divide_up(vectors, panels);
  int64_t rounded = divide_up(panel, LEAST_PANEL) * LEAST_PANEL;
  if (divide_up(vectors, rounded) == panels)
    panel = rounded;
  plan_t plan = {.panel = panel,
                 .tasks = divide_up(vectors, panel) * weights->groups};
  plan.inputs_size = ams_memory_align(
      weights->analog
          ? ams_analog_inputs_size(&weights->geometry, panel)
          : weights->kernel->inputs_size(&weights->geometry, panel));
  if (product->conv)
    plan.patches_size = ams_memory_align(
        (size_t)panel * (size_t)weights->geometry.reduction * sizeof(float));
  return plan;
}

static int64_t task_first(const ams_product_t *product, const plan_t *plan,
                          int64_t task) {
  return task / product->weights->groups * plan->panel;
}

static int64_t task_vectors(const ams_product_t *product, const plan_t *plan,
                            int64_t task) {
  int64_t left = product->vectors - task_first(product, plan, task);
  return left < plan->panel ? left : plan->panel;
}

/// Quantises a task's vectors into the buffers at `scratch`. Returns the first
/// bad vector, or INT64_MAX.
static int64_t quantise_task(const ams_product_t *product, const plan_t *plan,
                             int64_t task, char *scratch) {
  const ams_weights_t *weights = product->weights;
  int64_t first = task_first(product, plan, task);
  int64_t vectors = task_vectors(product, plan, task);
  int64_t reduction = weights->geometry.reduction;
  const float *x = product->x + first * reduction;
  if (product->conv) {
    float *patches = (float *)(scratch + plan->inputs_size);
    ams_patches_gather(product->conv, weights->groups, task % weights->groups,
                       product->x, first, vectors, patches);
    x = patches;
  }
  ams_float_state_t state = ams_float_enter();
  int64_t bad =
      (weights->analog ? ams_analog_quantise : weights->kernel->quantise)(
          &weights->geometry, x, reduction, vectors, scratch);
  ams_float_leave(state);
  return bad < 0 ? INT64_MAX : first + bad;
}

/// Outputs begin..end of a task whose inputs are quantised at `scratch`.
static void multiply_task(const ams_product_t *product, const plan_t *plan,
                          int64_t task, const char *scratch, int64_t begin,
                          int64_t end) {
  const ams_weights_t *weights = product->weights;
  int64_t first = task_first(product, plan, task);
  int64_t group = task % weights->groups;
  int64_t row = group * weights->geometry.outputs;
  int64_t stride = weights->groups * weights->geometry.outputs;
  ams_multiply_args_t args = {
      .geometry = &weights->geometry,
      .weights =
          (const char *)weights->data + (size_t)group * weights->group_size,
      .inputs = scratch,
      .vectors = task_vectors(product, plan, task),
      .begin = begin,
      .end = end,
      .alpha = product->alpha,
      .k = product->k,
      .noise = product->noise,
      .analog = weights->analog,
      .y = product->y + first * stride + row,
      .y_stride = stride,
  };
  args.noise.first_vector += (uint64_t)first;
  args.noise.first_row = row;
  ams_float_state_t state = ams_float_enter();
  if (weights->analog)
    weights->kernel->multiply_analog(&args);
  else
    weights->kernel->multiply(&args);
  ams_float_leave(state);
}

/// Threads take tasks in turn, each with buffers of its own.
static int64_t share_tasks(const ams_product_t *product, const plan_t *plan,
                           int threads, char *scratch, size_t scratch_size) {
  int64_t outputs = product->weights->geometry.outputs;
  int64_t first_bad = INT64_MAX;
#pragma omp parallel for num_threads(threads) schedule(dynamic)                \
    reduction(min : first_bad) if (threads > 1)
  for (int64_t task = 0; task < plan->tasks; ++task) {
    char *own = scratch + (size_t)omp_get_thread_num() * scratch_size;
    int64_t bad = quantise_task(product, plan, task, own);
    if (bad == INT64_MAX)
      multiply_task(product, plan, task, own, 0, outputs);
    first_bad = bad < first_bad ? bad : first_bad;
  }
  return first_bad;
}

/// Task after task, each one's outputs shared in ranges of whole noise groups.
static int64_t share_outputs(const ams_product_t *product, const plan_t *plan,
                             int threads, char *scratch) {
  int64_t outputs = product->weights->geometry.outputs;
  int64_t range =
      divide_up(divide_up(outputs, AMS_NOISE_GROUP), threads) * AMS_NOISE_GROUP;
  int64_t first_bad = INT64_MAX;
  for (int64_t task = 0; task < plan->tasks; ++task) {
    int64_t bad = quantise_task(product, plan, task, scratch);
    first_bad = bad < first_bad ? bad : first_bad;
    if (bad != INT64_MAX)
      continue;
#pragma omp parallel for num_threads(threads) if (outputs > range)
    for (int64_t begin = 0; begin < outputs; begin += range)
      multiply_task(product, plan, task, scratch, begin,
                    begin + range < outputs ? begin + range : outputs);
  }
  return first_bad;
}

ams_status_t ams_product_compute(const ams_product_t *product, int threads,
                                 int64_t *out_bad_vector) {
  *out_bad_vector = -1;
  if (product->vectors == 0)
    return AMS_OK;
  if (product->weights->depthwise)
    return ams_conv_depthwise_compute(product, threads, out_bad_vector);
  plan_t plan = make_plan(product, threads);
  bool by_task = plan.tasks >= threads;
  size_t scratch_size;
  if (__builtin_add_overflow(plan.inputs_size, plan.patches_size,
                             &scratch_size))
    scratch_size = SIZE_MAX;
  void *scratch;
  AMS_RETURN_IF_ERROR(ams_memory_allocate(by_task ? (size_t)threads : 1,
                                          scratch_size, &scratch));
  int64_t bad =
      by_task ? share_tasks(product, &plan, threads, scratch, scratch_size)
              : share_outputs(product, &plan, threads, scratch);
  free(scratch);
  if (bad != INT64_MAX)
    *out_bad_vector = bad;
  return AMS_OK;
}

ams_status_t ams_product_status(int64_t bad_vector) {
  if (bad_vector < 0)
    return AMS_OK;
  return ams_status_make(AMS_STATUS_INVALID_DATA,
                         "vector %lld: input is NaN or infinite as bfloat16; "
                         "every input of a product must be finite",
                         (long long)bad_vector);
}
