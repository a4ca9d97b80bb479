//===-- layer_plans.c - All plans of one layer --------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A short list behind a mutex: runs use one or two numbers of threads.
//
//===----------------------------------------------------------------------===//

#include "layer_plans.h"

#include <pthread.h>
#include <stdlib.h>

typedef struct entry {
  int threads;
  ams_float_plan_t *plan;
  struct entry *next;
} entry_t;

struct ams_layer_plans {
  const ams_abi_layer_t *layer;
  dnnl_engine_t engine;
  pthread_mutex_t mutex;
  entry_t *entries;
};

ams_status_t ams_layer_plans_create(const ams_abi_layer_t *layer, void *context,
                                    void **out_plans) {
  (void)context;
  ams_layer_plans_t *plans = calloc(1, sizeof *plans);
  if (!plans || pthread_mutex_init(&plans->mutex, NULL) != 0) {
    free(plans);
    return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "no memory for a layer");
  }
  plans->layer = layer;
  ams_status_t status = ams_onednn_check(
      dnnl_engine_create(&plans->engine, dnnl_cpu, 0), "use the processor");
  if (status)
    ams_layer_plans_free(plans);
  else
    *out_plans = plans;
  return status;
}

void ams_layer_plans_free(void *state) {
  ams_layer_plans_t *plans = state;
  while (plans->entries) {
    entry_t *entry = plans->entries;
    plans->entries = entry->next;
    ams_float_plan_free(entry->plan);
    free(entry);
  }
  dnnl_engine_destroy(plans->engine);
  pthread_mutex_destroy(&plans->mutex);
  free(plans);
}

static ams_status_t add_entry(ams_layer_plans_t *plans, int threads,
                              const float *weights,
                              ams_float_plan_t **out_plan) {
  entry_t *entry = calloc(1, sizeof *entry);
  if (!entry)
    return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "no memory for a layer");
  ams_status_t status = ams_float_plan_create(plans->layer, plans->engine,
                                              threads, weights, &entry->plan);
  if (status) {
    free(entry);
    return status;
  }
  entry->threads = threads;
  entry->next = plans->entries;
  plans->entries = entry;
  *out_plan = entry->plan;
  return AMS_OK;
}

ams_status_t ams_layer_plans_find(ams_layer_plans_t *plans, int threads,
                                  const float *weights,
                                  ams_float_plan_t **out_plan) {
  pthread_mutex_lock(&plans->mutex);
  entry_t *entry = plans->entries;
  while (entry && entry->threads != threads)
    entry = entry->next;
  ams_status_t status = AMS_OK;
  if (entry)
    *out_plan = entry->plan;
  else
    status = add_entry(plans, threads, weights, out_plan);
  pthread_mutex_unlock(&plans->mutex);
  return status;
}
