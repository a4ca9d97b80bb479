//===-- memory_pool.h - Pieces of memory that are used again ------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A user takes a piece and gives it back, so there are as many as users at
// once, and the next one gets memory that the system has mapped already.
// Functions are exported for libams_float.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_MEMORY_POOL_H
#define AMS_MEMORY_POOL_H

#include "ams/abi.h"
#include "ams/status.h"

#include <pthread.h>
#include <stddef.h>

typedef struct ams_memory_pool {
  size_t size; // of a piece
  pthread_mutex_t mutex;
  void *idle; // each begins with a pointer to the next
} ams_memory_pool_t;

/// Opens a pool of pieces of `size` bytes.
AMS_EXPORT ams_status_t ams_memory_pool_open(ams_memory_pool_t *pool,
                                             size_t size);

/// Frees all pieces, which have been given back.
AMS_EXPORT void ams_memory_pool_close(ams_memory_pool_t *pool);

/// Takes a piece, aligned to AMS_KERNEL_ALIGNMENT; NULL where size is 0.
AMS_EXPORT ams_status_t ams_memory_pool_take(ams_memory_pool_t *pool,
                                             void **out_piece);
AMS_EXPORT void ams_memory_pool_give(ams_memory_pool_t *pool, void *piece);

#endif // AMS_MEMORY_POOL_H
