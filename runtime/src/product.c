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
#include "clipping.h"
#include "condition.h"
#include "conv_depthwise.h"
#include "conv_rounded.h"
#include "conv_shared.h"
#include "depthwise.h"
#include "device.h"
#include "epilogue.h"
#include "float_state.h"
#include "layer.h"
#include "memory.h"
#include "moments.h"
#include "noise.h"
#include "patches.h"

#include <omp.h>
#include <stdlib.h>

/// Fewest vectors that are worth a panel of their own: each panel reads all
/// weights again.
#define LEAST_PANEL 12

/// What panels are cut into, vectors that kernels take at a time: the more the
/// better, unless panels then differ much in size.
#define UNIT 16
#define LEAST_UNIT 4

/// Most bytes of a thread's inputs, if a panel can be small enough.
#define MOST_BYTES (3 << 20)

/// Turns of a thread where tasks that follow each other share blocks, so that
/// slower threads take fewer; the first task of a turn shares none.
#define TURNS 2

static int64_t divide_up(int64_t value, int64_t divisor) {
  return (value - 1) / divisor + 1;
}

/// Makes a layer's conditioning and room for the sums of its weights.
static ams_status_t allocate_condition(const ams_abi_layer_t *layer,
                                       ams_weights_t *weights) {
  if (!layer->condition.flags)
    return AMS_OK;
  void *condition, *sums;
  AMS_RETURN_IF_ERROR(ams_memory_allocate(
      1, ams_memory_align(sizeof *weights->condition), &condition));
  weights->condition = condition;
  *weights->condition = ams_condition_make(&layer->condition, layer->reduction,
                                           layer->device.rows);
  if (!weights->condition->mean)
    return AMS_OK;
  weights->sums_stride =
      ((weights->geometry.outputs - 1) / AMS_NOISE_GROUP + 1) * AMS_NOISE_GROUP;
  AMS_RETURN_IF_ERROR(ams_memory_allocate(
      (size_t)(layer->groups * weights->geometry.blocks),
      (size_t)weights->sums_stride * sizeof *weights->sums, &sums));
  weights->sums = sums;
  return AMS_OK;
}

static ams_status_t allocate_data(const ams_abi_layer_t *layer,
                                  ams_weights_t *weights) {
  const ams_kernel_t *kernel = weights->kernel;
  const ams_geometry_t *geometry = &weights->geometry;
  if (weights->depthwise)
    return ams_memory_allocate(1,
                               ams_memory_align(kernel->depthwise->weights_size(
                                   geometry, layer->groups)),
                               &weights->data);
  weights->group_size = ams_memory_align(
      weights->analog ? ams_analog_weights_size(weights->analog, geometry)
                      : kernel->weights_size(geometry));
  return ams_memory_allocate((size_t)layer->groups, weights->group_size,
                             &weights->data);
}

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
  ams_status_t status = allocate_condition(layer, out_weights);
  if (!status)
    status = allocate_data(layer, out_weights);
  if (status)
    ams_weights_free(out_weights);
  return status;
}

void ams_weights_free(ams_weights_t *weights) {
  free(weights->data);
  free(weights->sums);
  free(weights->condition);
  *weights = (ams_weights_t){0};
}

/// Lays out the constants [count]: one, one a block, or one a tile (P2).
static void lay_out_gains(const ams_abi_layer_t *layer, size_t count,
                          ams_product_t *product) {
  const ams_geometry_t *geometry = &product->weights->geometry;
  const int64_t columns = layer->device.columns;
  const int64_t column_tiles = divide_up(geometry->outputs, columns);
  product->gains = ams_gains_one(product->constants);
  for (size_t j = 1; j < count; ++j) {
    const float k = product->constants[j].k;
    if (k < product->gains.least_k)
      product->gains.least_k = k;
    if (k > product->gains.greatest_k)
      product->gains.greatest_k = k;
  }
  if (count == 1)
    return;
  product->gains.columns = columns;
  product->gains.block_stride = geometry->blocks > 1 ? 1 : 0;
  if (count == (size_t)geometry->blocks)
    return;
  product->gains.tile_stride = column_tiles > 1 ? geometry->blocks : 0;
  product->group_gains = column_tiles * geometry->blocks;
}

/// The constants of the gains that `options` ask for, or of the layer's.
static ams_status_t make_gains(const ams_abi_layer_t *layer,
                               const ams_product_options_t *options,
                               ams_product_t *product) {
  const ams_abi_device_t *device = &layer->device;
  const float gain = options->gain != 0 ? options->gain : layer->gain;
  const float *gains = options->gains ? options->gains : &gain;
  size_t count = 1;
  if (options->gains) {
    AMS_RETURN_IF_ERROR(ams_layer_check_gains(layer, options->num_gains));
    count = (size_t)options->num_gains;
  }
  for (size_t j = 0; j < count; ++j)
    AMS_RETURN_IF_ERROR(ams_gain_check(device, gains[j]));
  product->constants = calloc(count + 1, sizeof *product->constants);
  if (!product->constants)
    return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory");
  for (size_t j = 0; j < count; ++j)
    product->constants[j] =
        (ams_gain_constants_t){.alpha = ams_alpha(device, gains[j]),
                               .k = ams_output_scale(device, gains[j])};
  lay_out_gains(layer, count, product);
  return AMS_OK;
}

void ams_product_free(ams_product_t *product) {
  free(product->constants);
  product->constants = NULL;
}

ams_status_t ams_product_make(const ams_abi_layer_t *layer,
                              const ams_product_options_t *options,
                              const ams_weights_t *weights, int64_t vectors,
                              const float *x, float *y, uint8_t *clipped,
                              ams_product_t *out_product) {
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
      .noise = {.enabled = options->noise,
                .uniform = layer->device.noise_uniform,
                .seed = options->seed,
                .layer = layer->index,
                .first_vector = options->first_vector},
      .vectors = vectors,
      .reduction = layer->reduction,
      .x = x,
      .conv = layer->kind == AMS_ABI_CONV ? &layer->conv : NULL,
      .y = y,
      .clipped = clipped,
      .epilogue = options->epilogue,
  };
  return make_gains(layer, options, out_product);
}

/// How a product is cut: into panels, a task for each of them and each group.
typedef struct plan {
  int64_t unit, panels, tasks;
  int64_t turns;               // of tasks that a thread takes one by one
  ams_conv_shared_t *shared;   // NULL: vectors share no blocks
  ams_conv_rounded_t *rounded; // NULL: nor are pixels rounded ahead
  // Bytes of a thread's memory: inputs, means that were removed, and what
  // inputs come from.
  size_t inputs_size, means_size, others;
} plan_t;

/// Bytes that a panel's inputs take, and the patches that they come from.
static size_t inputs_size(const ams_weights_t *weights, int64_t vectors) {
  return ams_memory_align(
      weights->analog
          ? ams_analog_inputs_size(&weights->geometry, vectors)
          : weights->kernel->inputs_size(&weights->geometry, vectors));
}
static size_t patches_size(const ams_product_t *product, int64_t vectors) {
  if (!product->conv || ams_patches_lie_in_image(product->conv))
    return 0;
  return ams_memory_align((size_t)vectors * (size_t)product->reduction *
                          sizeof(float));
}
static size_t conditioned_size(const ams_weights_t *weights) {
  return weights->condition
             ? ams_memory_align(AMS_CONDITIONED_VECTORS *
                                (size_t)weights->condition->width *
                                sizeof(float))
             : 0;
}

/// Most vectors of a panel whose memory stays within MOST_BYTES, if any does.
static int64_t most_vectors(const ams_product_t *product) {
  int64_t vectors = AMS_PANEL_VECTORS;
  while (vectors > LEAST_PANEL && inputs_size(product->weights, vectors) +
                                          patches_size(product, vectors) >
                                      MOST_BYTES)
    vectors /= 2;
  return vectors;
}

/// Panels of equal numbers of units, as many as a multiple of the threads where
/// that leaves enough vectors in each.
static plan_t make_panels(const ams_product_t *product, int threads) {
  const int64_t vectors = product->vectors;
  const int64_t most = most_vectors(product);
  int64_t panels = divide_up(vectors, most);
  if (product->weights->groups == 1 &&
      divide_up(vectors, LEAST_PANEL) >= threads)
    panels = divide_up(panels, threads) * threads;
  int64_t unit = UNIT;
  while (unit > LEAST_UNIT && divide_up(vectors, unit) < 3 * panels)
    unit /= 2;
  panels =
      panels < divide_up(vectors, unit) ? panels : divide_up(vectors, unit);
  return (plan_t){.unit = unit,
                  .panels = panels,
                  .tasks = panels * product->weights->groups,
                  .turns = panels * product->weights->groups};
}

/// First vector of panel `panel`, or the end of the last one.
static int64_t panel_begin(const ams_product_t *product, const plan_t *plan,
                           int64_t panel) {
  const int64_t units = divide_up(product->vectors, plan->unit);
  const int64_t begin = panel * units / plan->panels * plan->unit;
  return begin < product->vectors ? begin : product->vectors;
}

/// Decides what vectors of a convolution have in common.
static ams_status_t make_rows(const ams_product_t *product, int64_t panel,
                              plan_t *plan) {
  AMS_RETURN_IF_ERROR(ams_conv_shared_make(product, panel, &plan->shared));
  return plan->shared ? AMS_OK
                      : ams_conv_rounded_make(product, panel, &plan->rounded);
}

static ams_status_t make_plan(const ams_product_t *product, int threads,
                              plan_t *out_plan) {
  plan_t *plan = out_plan;
  *plan = make_panels(product, threads);
  const int64_t panel =
      divide_up(divide_up(product->vectors, plan->unit), plan->panels) *
      plan->unit;
  const ams_weights_t *weights = product->weights;
  if (product->conv && !weights->analog && !weights->condition)
    AMS_RETURN_IF_ERROR(make_rows(product, panel, plan));
  plan->inputs_size = inputs_size(weights, panel);
  if (weights->sums)
    plan->means_size = ams_memory_align(
        (size_t)panel * (size_t)weights->geometry.blocks * sizeof(float));
  plan->others = plan->shared ? ams_conv_shared_size(plan->shared)
                 : plan->rounded
                     ? ams_conv_rounded_size(plan->rounded)
                     : conditioned_size(weights) + patches_size(product, panel);
  if ((plan->shared || plan->rounded) && plan->turns > TURNS * threads)
    plan->turns = TURNS * threads;
  return AMS_OK;
}

/// A task's group and vectors.
typedef struct task {
  int64_t group, first, vectors;
} task_t;

/// Groups of a panel follow each other, as they read the same lines of memory;
/// with shared blocks, panels of a group.
static task_t task_of(const ams_product_t *product, const plan_t *plan,
                      int64_t number) {
  const int64_t groups = product->weights->groups;
  const int64_t panel = plan->shared ? number % plan->panels : number / groups;
  const int64_t first = panel_begin(product, plan, panel);
  return (task_t){
      .group = plan->shared ? number / plan->panels : number % groups,
      .first = first,
      .vectors = panel_begin(product, plan, panel + 1) - first,
  };
}

/// Finds a task's vectors, each on its own, and quantises them. Returns the
/// first of them that is bad, or -1.
static int64_t quantise_vectors(const ams_product_t *product,
                                const task_t *task, char *room, float *means,
                                void *inputs) {
  const ams_weights_t *weights = product->weights;
  const ams_conditioner_t conditioner = {
      .condition = weights->condition,
      .function = weights->kernel->condition,
      .room = (float *)room,
      .means = means,
  };
  const float *x[AMS_PANEL_VECTORS];
  float *patches = (float *)(room + conditioned_size(weights));
  if (product->conv)
    ams_patches_find(product->conv, weights->groups, task->group, product->x,
                     task->first, task->vectors, patches, x);
  else
    for (int64_t r = 0; r < task->vectors; ++r)
      x[r] = product->x + (task->first + r) * product->reduction;
  const int64_t bad =
      (weights->analog ? ams_analog_quantise : weights->kernel->quantise)(
          &weights->geometry, weights->condition ? &conditioner : NULL, x,
          task->vectors, inputs);
  if (bad < 0 && weights->analog && weights->analog->watch.moments)
    ams_moments_add(weights->analog->watch.moments, &weights->geometry,
                    task->group, task->vectors, inputs);
  return bad < 0 ? -1 : task->first + bad;
}

/// Quantises a task's vectors into a thread's memory. Returns the first bad
/// vector, or INT64_MAX.
static int64_t quantise_task(const ams_product_t *product, const plan_t *plan,
                             const task_t *task, char *memory) {
  float *means = (float *)(memory + plan->inputs_size);
  char *others = memory + plan->inputs_size + plan->means_size;
  ams_float_state_t state = ams_float_enter();
  const int64_t bad =
      plan->shared
          ? ams_conv_shared_fill(plan->shared, task->group, task->first,
                                 task->vectors, others, memory)
      : plan->rounded ? ams_conv_rounded_fill(plan->rounded, task->first,
                                              task->vectors, others, memory)
                      : quantise_vectors(product, task, others, means, memory);
  ams_float_leave(state);
  return bad < 0 ? INT64_MAX : bad;
}

/// Outputs begin..end of a task whose inputs are quantised in `memory`.
static void multiply_task(const ams_product_t *product, const plan_t *plan,
                          const task_t *task, const char *memory, int64_t begin,
                          int64_t end) {
  const ams_weights_t *weights = product->weights;
  int64_t row = task->group * weights->geometry.outputs;
  int64_t stride = weights->groups * weights->geometry.outputs;
  ams_multiply_args_t args = {
      .geometry = &weights->geometry,
      .weights = (const char *)weights->data +
                 (size_t)task->group * weights->group_size,
      .inputs = memory,
      .vectors = task->vectors,
      .begin = begin,
      .end = end,
      .gains = product->gains,
      .noise = product->noise,
      .analog = weights->analog,
      .y = product->y + task->first * stride + row,
      .y_stride = stride,
  };
  if (weights->sums) {
    args.means = (const float *)(memory + plan->inputs_size);
    args.sums = weights->sums +
                task->group * weights->geometry.blocks * weights->sums_stride;
    args.sums_stride = weights->sums_stride;
  }
  if (product->clipped) {
    args.clipped_row = ams_clipping_row(weights->geometry.outputs);
    const int64_t group = weights->geometry.blocks * args.clipped_row;
    args.clipped_stride = weights->groups * group;
    args.clipped = product->clipped + task->first * args.clipped_stride +
                   task->group * group;
  }
  args.gains.constants += task->group * product->group_gains;
  args.noise.first_vector += (uint64_t)task->first;
  args.noise.first_row = row;
  ams_float_state_t state = ams_float_enter();
  if (weights->analog)
    weights->kernel->multiply_analog(&args);
  else
    weights->kernel->multiply(&args);
  const ams_epilogue_part_t part = {.first = task->first,
                                    .vectors = args.vectors,
                                    .begin = row + begin,
                                    .end = row + end,
                                    .stride = stride};
  weights->kernel->epilogue(&product->epilogue, &part, product->y);
  ams_float_leave(state);
}

/// Tasks begin..end - 1, with one memory. Returns the first bad vector, or
/// INT64_MAX.
static int64_t compute_tasks(const ams_product_t *product, const plan_t *plan,
                             int64_t begin, int64_t end, char *memory) {
  int64_t first_bad = INT64_MAX;
  for (int64_t number = begin; number < end; ++number) {
    const task_t task = task_of(product, plan, number);
    int64_t bad = quantise_task(product, plan, &task, memory);
    if (bad == INT64_MAX)
      multiply_task(product, plan, &task, memory, 0,
                    product->weights->geometry.outputs);
    first_bad = bad < first_bad ? bad : first_bad;
  }
  return first_bad;
}

/// Threads take turns of tasks, each with memory of its own.
static int64_t share_tasks(const ams_product_t *product, const plan_t *plan,
                           int threads, char *memory, size_t memory_size) {
  int64_t first_bad = INT64_MAX;
#pragma omp parallel for num_threads(threads) schedule(dynamic)                \
    reduction(min : first_bad) if (threads > 1)
  for (int64_t turn = 0; turn < plan->turns; ++turn) {
    int64_t bad =
        compute_tasks(product, plan, turn * plan->tasks / plan->turns,
                      (turn + 1) * plan->tasks / plan->turns,
                      memory + (size_t)omp_get_thread_num() * memory_size);
    first_bad = bad < first_bad ? bad : first_bad;
  }
  return first_bad;
}

/// Task after task, each one's outputs shared in ranges of whole noise groups.
static int64_t share_outputs(const ams_product_t *product, const plan_t *plan,
                             int threads, char *memory) {
  int64_t outputs = product->weights->geometry.outputs;
  int64_t range =
      divide_up(divide_up(outputs, AMS_NOISE_GROUP), threads) * AMS_NOISE_GROUP;
  int64_t first_bad = INT64_MAX;
  for (int64_t number = 0; number < plan->tasks; ++number) {
    const task_t task = task_of(product, plan, number);
    int64_t bad = quantise_task(product, plan, &task, memory);
    first_bad = bad < first_bad ? bad : first_bad;
    if (bad != INT64_MAX)
      continue;
#pragma omp parallel for num_threads(threads) if (outputs > range)
    for (int64_t begin = 0; begin < outputs; begin += range)
      multiply_task(product, plan, &task, memory, begin,
                    begin + range < outputs ? begin + range : outputs);
  }
  return first_bad;
}

/// Computes the product by `plan`, with memory for as many threads as use one.
static ams_status_t compute(const ams_product_t *product, const plan_t *plan,
                            int threads, int64_t *out_first_bad) {
  const bool by_task = plan->tasks >= threads;
  const int memories = by_task ? threads : 1;
  size_t memory_size;
  if (__builtin_add_overflow(plan->inputs_size, plan->means_size,
                             &memory_size) ||
      __builtin_add_overflow(memory_size, plan->others, &memory_size))
    memory_size = SIZE_MAX;
  void *memory;
  AMS_RETURN_IF_ERROR(
      ams_memory_allocate((size_t)memories, memory_size, &memory));
  for (int i = 0; i < memories; ++i) {
    char *others = (char *)memory + (size_t)i * memory_size +
                   plan->inputs_size + plan->means_size;
    if (plan->shared)
      ams_conv_shared_begin(plan->shared, others);
    else if (plan->rounded)
      ams_conv_rounded_begin(plan->rounded, others);
  }
  *out_first_bad =
      by_task ? share_tasks(product, plan, threads, memory, memory_size)
              : share_outputs(product, plan, threads, memory);
  free(memory);
  return AMS_OK;
}

ams_status_t ams_product_compute(const ams_product_t *product, int threads,
                                 int64_t *out_bad_vector) {
  *out_bad_vector = -1;
  if (product->vectors == 0)
    return AMS_OK;
  if (product->weights->depthwise)
    return ams_conv_depthwise_compute(product, threads, out_bad_vector);
  plan_t plan;
  AMS_RETURN_IF_ERROR(make_plan(product, threads, &plan));
  int64_t bad = INT64_MAX;
  ams_status_t status = compute(product, &plan, threads, &bad);
  free(plan.shared);
  free(plan.rounded);
  if (bad != INT64_MAX)
    *out_bad_vector = bad;
  return status;
}

ams_status_t ams_product_status(int64_t bad_vector) {
  if (bad_vector < 0)
    return AMS_OK;
  return ams_status_make(AMS_STATUS_INVALID_DATA,
                         "vector %lld: input is NaN or infinite as bfloat16; "
                         "every input of a product must be finite",
                         (long long)bad_vector);
}
