//===-- memory_pool.c - Pieces of memory that are used again ------*- C -*-===//
//-*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A list of idle memory behind a mutex.
//
//===----------------------------------------------------------------------===//

#include "memory_pool.h"

#include "memory.h"

#include <stdlib.h>

ams_status_t ams_memory_pool_open(ams_memory_pool_t *pool, size_t size) {
  pool->size = ams_memory_align(size);
  pool->idle = NULL;
  if (pthread_mutex_init(&pool->mutex, NULL) == 0)
    return AMS_OK;
  return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory");
}

/// Takes the first idle piece off the list; NULL if there is none.
static void *take_idle(ams_memory_pool_t *pool) {
  pthread_mutex_lock(&pool->mutex);
  void **first = pool->idle;
  if (first)
    pool->idle = *first;
  pthread_mutex_unlock(&pool->mutex);
  return (void *)first;
}

void ams_memory_pool_close(ams_memory_pool_t *pool) {
  for (void *idle; (idle = take_idle(pool));)
    free(idle);
  pthread_mutex_destroy(&pool->mutex);
}

ams_status_t ams_memory_pool_take(ams_memory_pool_t *pool, void **out_piece) {
  *out_piece = NULL;
  if (pool->size == 0)
    return AMS_OK;
  *out_piece = take_idle(pool);
  return *out_piece ? AMS_OK : ams_memory_allocate(1, pool->size, out_piece);
}

void ams_memory_pool_give(ams_memory_pool_t *pool, void *piece) {
  if (!piece)
    return;
  pthread_mutex_lock(&pool->mutex);
  *(void **)piece = pool->idle;
  pool->idle = piece;
  pthread_mutex_unlock(&pool->mutex);
}
