//===-- float.c - Products in float32 -----------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The functions that a digital model's code calls (abi.h). Each layer keeps its
// plans with the model; an error names the layer and is kept in the call.
//
//===----------------------------------------------------------------------===//

#include "ams/runtime.h"
#include "call.h"
#include "describe.h"
#include "epilogue.h"
#include "filter_gradient.h"
#include "layer_plans.h"
#include "varying.h"
#include "varying_pool.h"

#include <omp.h>
#include <string.h>

/// Threads of one product: inside a parallel region oneDNN starts no others.
static int product_threads(const ams_call_t *call) {
  return omp_in_parallel() ? 1 : ams_call_threads(call);
}

/// What a product reads: its two sides, and its epilogue's addends.
typedef struct operands {
  const float *x, *w, *bias, *residual;
} operands_t;

static ams_status_t run_product(ams_layer_plans_t *plans, int threads,
                                const float *x, const float *w, float *y) {
  ams_float_plan_t *plan = NULL;
  AMS_RETURN_IF_ERROR(ams_layer_plans_find(plans, threads, w, &plan));
  return ams_float_plan_run(plan, x, w, y);
}

/// Keeps an error, if `status` is one, with the name of its layer.
static void fail_if_error(ams_call_t *call, const ams_abi_layer_t *layer,
                          ams_status_t status) {
  if (!status)
    return;
  ams_call_fail(call,
                ams_status_make(ams_status_code(status), "layer \"%s\": %s",
                                ams_model_string(call->model, layer->name),
                                ams_status_message(status)));
  ams_status_free(status);
}

/// D7, apart from the product: oneDNN's own additions may round otherwise.
static void apply_epilogue(const ams_epilogue_t *epilogue, int threads,
                           int64_t vectors, int64_t outputs, float *y) {
  if (!epilogue->bias && !epilogue->residual && !epilogue->clamps)
    return;
#pragma omp parallel for num_threads(threads) if (threads > 1)
  for (int64_t r = 0; r < vectors; ++r) {
    const ams_epilogue_part_t part = {
        .first = r, .vectors = 1, .end = outputs, .stride = outputs};
    ams_epilogue_apply(epilogue, &part, y);
  }
}

static void multiply(ams_call_t *call, const ams_abi_layer_t *layer,
                     int64_t index, const operands_t *o, float *y) {
  ams_layer_plans_t *plans = ams_call_layer_state(
      call, index, ams_layer_plans_create, NULL, ams_layer_plans_free);
  if (!plans)
    return;
  int threads = product_threads(call);
  ams_epilogue_t epilogue;
  ams_status_t status =
      ams_epilogue_make(&layer->epilogue, o->bias, o->residual, &epilogue);
  if (!status)
    status = run_product(plans, threads, o->x, o->w, y);
  if (!status)
    apply_epilogue(&epilogue, threads,
                   ams_float_result_count(layer) / layer->outputs,
                   layer->outputs, y);
  fail_if_error(call, layer, status);
}

static void layer_product(ams_call_t *call, int64_t index,
                          ams_abi_layer_kind_t kind, const operands_t *operands,
                          float *y) {
  const ams_abi_layer_t *layer = ams_call_layer(call, index, kind);
  if (!layer)
    return;
  int64_t count = ams_float_result_count(layer);
  if (count > 0 && !ams_call_failed(call))
    multiply(call, layer, index, operands, y);
  if (ams_call_failed(call))
    memset(y, 0, (size_t)count * sizeof *y);
}

void ams_rt_f32_matmul(ams_call_t *call, int64_t layer, const float *x,
                       const float *w, const float *bias, const float *residual,
                       float *y) {
  layer_product(call, layer, AMS_ABI_MATMUL,
                &(operands_t){x, w, bias, residual}, y);
}

void ams_rt_f32_conv(ams_call_t *call, int64_t layer, const float *x,
                     const float *w, const float *bias, const float *residual,
                     float *y) {
  layer_product(call, layer, AMS_ABI_CONV, &(operands_t){x, w, bias, residual},
                y);
}

void ams_rt_f32_batch_matmul(ams_call_t *call, int64_t layer, const float *a,
                             const float *b, const float *bias,
                             const float *residual, float *y) {
  layer_product(call, layer, AMS_ABI_BATCH_MATMUL,
                &(operands_t){a, b, bias, residual}, y);
}

static void run_pool(ams_call_t *call, const ams_abi_layer_t *layer,
                     int64_t index, const float *a, const float *b, float *y) {
  ams_varying_pool_t *pool = ams_call_layer_state(
      call, index, ams_varying_pool_create, NULL, ams_varying_pool_free);
  if (pool)
    fail_if_error(call, layer,
                  ams_varying_pool_run(pool, product_threads(call), a, b, y));
}

static void run_filter_gradient(ams_call_t *call, const ams_abi_layer_t *layer,
                                int64_t index, const float *a, const float *b,
                                float *y) {
  ams_filter_gradient_t *gradient = ams_call_layer_state(
      call, index, ams_filter_gradient_create, NULL, ams_filter_gradient_free);
  if (gradient)
    fail_if_error(
        call, layer,
        ams_filter_gradient_run(gradient, product_threads(call), a, b, y));
}

void ams_rt_f32_varying(ams_call_t *call, int64_t index, const float *a,
                        const float *b, float *y) {
  const ams_abi_layer_t *layer = ams_call_any_layer(call, index);
  if (!layer)
    return;
  int64_t count = ams_float_varying_count(layer);
  if (count > 0 && !ams_call_failed(call)) {
    if (layer->kind == AMS_ABI_CONV_WEIGHT_GRADIENT)
      run_filter_gradient(call, layer, index, a, b, y);
    else
      run_pool(call, layer, index, a, b, y);
  }
  if (ams_call_failed(call))
    memset(y, 0, (size_t)count * sizeof *y);
}
