//===-- varying_pool.c - Varying products, ready to run -----------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A tensor whose best layout is not the model's is copied from one to the other
// in each run: operands before the product, the result behind it.
//
//===----------------------------------------------------------------------===//

#include "varying_pool.h"

#include "implementation.h"
#include "varying.h"

#include <omp.h>
#include <pthread.h>
#include <stdlib.h>

/// One tensor of a product: the model's memory and, where the layouts differ,
/// oneDNN's and the copy between them.
typedef struct tensor {
  dnnl_memory_t given, packed;
  dnnl_primitive_t copy;
} tensor_t;

typedef struct product {
  int asked_threads, threads;
  dnnl_stream_t stream;
  dnnl_primitive_t primitive;
  tensor_t tensors[AMS_FLOAT_SIDES];
  dnnl_memory_t scratchpad;
  struct product *next;
} product_t;

struct ams_varying_pool {
  const ams_abi_layer_t *layer;
  ams_float_varying_t description;
  dnnl_engine_t engine;
  pthread_mutex_t mutex;
  product_t *idle;
};

/// The result's place among the sides.
enum { RESULT = AMS_FLOAT_SIDES - 1 };

//===----------------------------------------------------------------------===//
// One product
//===----------------------------------------------------------------------===//

static void free_product(product_t *product) {
  for (int i = 0; i < AMS_FLOAT_SIDES; ++i) {
    dnnl_memory_destroy(product->tensors[i].given);
    dnnl_memory_destroy(product->tensors[i].packed);
    dnnl_primitive_destroy(product->tensors[i].copy);
  }
  dnnl_memory_destroy(product->scratchpad);
  dnnl_primitive_destroy(product->primitive);
  dnnl_stream_destroy(product->stream);
  free(product);
}

/// Chooses how to compute the pool's product with the threads that are set.
static ams_status_t choose(const ams_varying_pool_t *pool,
                           dnnl_primitive_desc_t *out_chosen) {
  const ams_float_varying_t *description = &pool->description;
  dnnl_primitive_desc_t forward = NULL;
  if (description->is_gradient)
    AMS_RETURN_IF_ERROR(ams_float_find_implementation(
        &description->forward, NULL, pool->engine, &forward));
  ams_status_t status = ams_float_find_implementation(
      &description->operation, forward, pool->engine, out_chosen);
  dnnl_primitive_desc_destroy(forward);
  return status;
}

/// Whether the bits depend on the number of threads: the sums of oneDNN's
/// general matrix product, and those over a batch, are cut among them.
static bool splits_sums(const ams_abi_layer_t *layer,
                        const_dnnl_primitive_desc_t chosen) {
  if (layer->kind == AMS_ABI_CONV_WEIGHT_GRADIENT)
    return true;
  bool is_conv =
      layer->kind == AMS_ABI_CONV || layer->kind == AMS_ABI_CONV_INPUT_GRADIENT;
  return !is_conv && ams_float_has_in_name(chosen, "gemm");
}

static ams_status_t make_copy(const dnnl_memory_desc_t *from,
                              const dnnl_memory_desc_t *to,
                              dnnl_engine_t engine,
                              dnnl_primitive_t *out_copy) {
  dnnl_primitive_desc_t description = NULL;
  AMS_ONEDNN_TRY(dnnl_reorder_primitive_desc_create(&description, from, engine,
                                                    to, engine, NULL),
                 "copy between layouts");
  ams_status_t status = ams_onednn_check(
      dnnl_primitive_create(out_copy, description), "copy between layouts");
  dnnl_primitive_desc_destroy(description);
  return status;
}

static ams_status_t make_tensor(const ams_float_side_t *side,
                                const dnnl_memory_desc_t *layout,
                                dnnl_engine_t engine, bool is_result,
                                tensor_t *tensor) {
  AMS_ONEDNN_TRY(dnnl_memory_create(&tensor->given, &side->given, engine,
                                    DNNL_MEMORY_NONE),
                 "describe a tensor");
  if (dnnl_memory_desc_equal(&side->given, layout))
    return AMS_OK;
  AMS_ONEDNN_TRY(
      dnnl_memory_create(&tensor->packed, layout, engine, DNNL_MEMORY_ALLOCATE),
      "hold a tensor in another layout");
  return is_result ? make_copy(layout, &side->given, engine, &tensor->copy)
                   : make_copy(&side->given, layout, engine, &tensor->copy);
}

static ams_status_t make_parts(const ams_varying_pool_t *pool,
                               const_dnnl_primitive_desc_t chosen,
                               product_t *product) {
  dnnl_engine_t engine = pool->engine;
  AMS_ONEDNN_TRY(dnnl_primitive_create(&product->primitive, chosen),
                 "prepare a product");
  AMS_ONEDNN_TRY(
      dnnl_stream_create(&product->stream, engine, dnnl_stream_default_flags),
      "make a stream");
  AMS_ONEDNN_TRY(dnnl_memory_create(&product->scratchpad,
                                    dnnl_primitive_desc_query_md(
                                        chosen, dnnl_query_scratchpad_md, 0),
                                    engine, DNNL_MEMORY_ALLOCATE),
                 "hold intermediate values");
  for (int i = 0; i < AMS_FLOAT_SIDES; ++i) {
    const ams_float_side_t *side = &pool->description.sides[i];
    AMS_RETURN_IF_ERROR(
        make_tensor(side, dnnl_primitive_desc_query_md(chosen, side->query, 0),
                    engine, i == RESULT, &product->tensors[i]));
  }
  return AMS_OK;
}

/// Fills a product for the number of threads that is set.
static ams_status_t fill_product(const ams_varying_pool_t *pool,
                                 product_t *product) {
  dnnl_primitive_desc_t chosen = NULL;
  AMS_RETURN_IF_ERROR(choose(pool, &chosen));
  if (product->threads > 1 && splits_sums(pool->layer, chosen)) {
    dnnl_primitive_desc_destroy(chosen);
    chosen = NULL;
    product->threads = 1;
    omp_set_num_threads(1);
    AMS_RETURN_IF_ERROR(choose(pool, &chosen));
  }
  ams_status_t status = make_parts(pool, chosen, product);
  dnnl_primitive_desc_destroy(chosen);
  return status;
}

static ams_status_t make_product(const ams_varying_pool_t *pool, int threads,
                                 product_t **out_product) {
  product_t *product = calloc(1, sizeof *product);
  if (!product)
    return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "no memory for a product");
  product->asked_threads = product->threads = threads;
  int before = ams_float_exchange_threads(threads);
  ams_status_t status = fill_product(pool, product);
  omp_set_num_threads(before);
  if (status)
    free_product(product);
  else
    *out_product = product;
  return status;
}

static ams_status_t copy(const product_t *product, const tensor_t *tensor,
                         dnnl_memory_t from, dnnl_memory_t to) {
  dnnl_exec_arg_t arguments[] = {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}};
  return ams_onednn_check(
      dnnl_primitive_execute(tensor->copy, product->stream, 2, arguments),
      "copy between layouts");
}

static ams_status_t execute(const ams_varying_pool_t *pool,
                            const product_t *product,
                            const float *const data[AMS_FLOAT_SIDES]) {
  dnnl_exec_arg_t arguments[AMS_FLOAT_SIDES + 1] = {
      {DNNL_ARG_SCRATCHPAD, product->scratchpad}};
  for (int i = 0; i < AMS_FLOAT_SIDES; ++i) {
    const tensor_t *tensor = &product->tensors[i];
    AMS_ONEDNN_TRY(dnnl_memory_set_data_handle(tensor->given, (void *)data[i]),
                   "reach a tensor");
    if (tensor->copy && i != RESULT)
      AMS_RETURN_IF_ERROR(copy(product, tensor, tensor->given, tensor->packed));
    arguments[i + 1] =
        (dnnl_exec_arg_t){pool->description.sides[i].argument,
                          tensor->packed ? tensor->packed : tensor->given};
  }
  AMS_ONEDNN_TRY(dnnl_primitive_execute(product->primitive, product->stream,
                                        AMS_FLOAT_SIDES + 1, arguments),
                 "compute a product");
  const tensor_t *result = &product->tensors[RESULT];
  if (result->copy)
    AMS_RETURN_IF_ERROR(copy(product, result, result->packed, result->given));
  return ams_onednn_check(dnnl_stream_wait(product->stream),
                          "finish a product");
}

//===----------------------------------------------------------------------===//
// The pool
//===----------------------------------------------------------------------===//

ams_status_t ams_varying_pool_create(const ams_abi_layer_t *layer,
                                     void *context, void **out_pool) {
  (void)context;
  ams_varying_pool_t *pool = calloc(1, sizeof *pool);
  if (!pool || pthread_mutex_init(&pool->mutex, NULL) != 0) {
    free(pool);
    return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "no memory for a layer");
  }
  pool->layer = layer;
  ams_status_t status = ams_float_describe_varying(layer, &pool->description);
  if (!status)
    status = ams_onednn_check(dnnl_engine_create(&pool->engine, dnnl_cpu, 0),
                              "use the processor");
  if (status)
    ams_varying_pool_free(pool);
  else
    *out_pool = pool;
  return status;
}

void ams_varying_pool_free(void *state) {
  ams_varying_pool_t *pool = state;
  while (pool->idle) {
    product_t *product = pool->idle;
    pool->idle = product->next;
    free_product(product);
  }
  dnnl_engine_destroy(pool->engine);
  pthread_mutex_destroy(&pool->mutex);
  free(pool);
}

static product_t *take(ams_varying_pool_t *pool, int threads) {
  pthread_mutex_lock(&pool->mutex);
  product_t **link = &pool->idle;
  while (*link && (*link)->asked_threads != threads)
    link = &(*link)->next;
  product_t *product = *link;
  if (product)
    *link = product->next;
  pthread_mutex_unlock(&pool->mutex);
  return product;
}

static void give(ams_varying_pool_t *pool, product_t *product) {
  pthread_mutex_lock(&pool->mutex);
  product->next = pool->idle;
  pool->idle = product;
  pthread_mutex_unlock(&pool->mutex);
}

ams_status_t ams_varying_pool_run(ams_varying_pool_t *pool, int threads,
                                  const float *a, const float *b, float *y) {
  product_t *product = take(pool, threads);
  if (!product)
    AMS_RETURN_IF_ERROR(make_product(pool, threads, &product));
  int before = ams_float_exchange_threads(product->threads);
  ams_status_t status = execute(pool, product, (const float *const[]){a, b, y});
  omp_set_num_threads(before);
  give(pool, product);
  return status;
}
