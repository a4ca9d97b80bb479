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
#include "layer_plans.h"
#include "varying.h"
#include "varying_pool.h"

#include <omp.h>
#include <string.h>

/// Threads of one product: inside a parallel region oneDNN starts no others.
static int product_threads(const ams_call_t *call) {
  return omp_in_parallel() ? 1 : ams_call_threads(call);
}

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

static void multiply(ams_call_t *call, const ams_abi_layer_t *layer,
                     int64_t index, const float *x, const float *w, float *y) {
  ams_layer_plans_t *plans = ams_call_layer_state(
      call, index, ams_layer_plans_create, NULL, ams_layer_plans_free);
  if (!plans)
    return;
  fail_if_error(call, layer,
                run_product(plans, product_threads(call), x, w, y));
}

static void layer_product(ams_call_t *call, int64_t index,
                          ams_abi_layer_kind_t kind, const float *x,
                          const float *w, float *y) {
  const ams_abi_layer_t *layer = ams_call_layer(call, index, kind);
  if (!layer)
    return;
  int64_t count = ams_float_result_count(layer);
  if (count > 0 && !ams_call_failed(call))
    multiply(call, layer, index, x, w, y);
  if (ams_call_failed(call))
    memset(y, 0, (size_t)count * sizeof *y);
}

void ams_rt_f32_matmul(ams_call_t *call, int64_t layer, const float *x,
                       const float *w, float *y) {
  layer_product(call, layer, AMS_ABI_MATMUL, x, w, y);
}

void ams_rt_f32_conv(ams_call_t *call, int64_t layer, const float *x,
                     const float *w, float *y) {
  layer_product(call, layer, AMS_ABI_CONV, x, w, y);
}

void ams_rt_f32_batch_matmul(ams_call_t *call, int64_t layer, const float *a,
                             const float *b, float *y) {
  layer_product(call, layer, AMS_ABI_BATCH_MATMUL, a, b, y);
}

void ams_rt_f32_varying(ams_call_t *call, int64_t index, const float *a,
                        const float *b, float *y) {
  const ams_abi_layer_t *layer = ams_call_any_layer(call, index);
  if (!layer)
    return;
  int64_t count = ams_float_varying_count(layer);
  if (count > 0 && !ams_call_failed(call)) {
    ams_varying_pool_t *pool = ams_call_layer_state(
        call, index, ams_varying_pool_create, NULL, ams_varying_pool_free);
    if (pool)
      fail_if_error(call, layer,
                    ams_varying_pool_run(pool, product_threads(call), a, b, y));
  }
  if (ams_call_failed(call))
    memset(y, 0, (size_t)count * sizeof *y);
}
