//===-- condition.h - Conditioned blocks --------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What happens to input vectors ahead of the quantiser where a layer asks for
// it: means removed, elements spread over all rows of a crossbar (C1 to C4).
//
//===----------------------------------------------------------------------===//

#ifndef AMS_CONDITION_H
#define AMS_CONDITION_H

#include "ams/product.h"
#include "kernel.h"

/// A layer's conditioning, ready for use.
typedef struct ams_condition {
  /// Sign bits of the rows (C3), to be combined with floats' bits.
  _Alignas(AMS_KERNEL_ALIGNMENT) uint32_t signs[AMS_ABI_MAX_ROWS];
  bool mean, spread;
  int32_t n;
  int64_t reduction; // K
  int64_t blocks;    // T
  int64_t piece;     // elements of a block; the last may have fewer (C1)
  int64_t width;     // elements of a conditioned vector
} ams_condition_t;

/// Prepares a checked condition for vectors of `reduction` elements.
ams_condition_t ams_condition_make(const ams_abi_condition_t *condition,
                                   int64_t reduction, int32_t n);

/// Vectors that are conditioned side by side.
#define AMS_CONDITIONED_VECTORS 4

/// Conditions vectors of a panel as they are needed, so that they stay in the
/// first-level cache until they are quantised.
struct ams_conditioner {
  const ams_condition_t *condition;
  ams_condition_function_t *function;
  float *room;  // [AMS_CONDITIONED_VECTORS][width]
  float *means; // [vectors][T], with `mean`
};

/// Vector `vector` of the panel, `x`, as the quantiser gets it: conditioned, in
/// place `place` of the room, unless `conditioner` is NULL. NULL where it holds
/// a NaN or infinity.
static inline const float *
ams_conditioner_apply(const ams_conditioner_t *conditioner, const float *x,
                      int64_t vector, int64_t place) {
  if (!conditioner)
    return x;
  const ams_condition_t *condition = conditioner->condition;
  float *y = conditioner->room + place * condition->width;
  float *means =
      condition->mean ? conditioner->means + vector * condition->blocks : NULL;
  return conditioner->function(condition, x, y, means) ? y : NULL;
}

/// Elements of block `block`.
static inline int64_t ams_condition_length(const ams_condition_t *condition,
                                           int64_t block) {
  int64_t left = condition->reduction - block * condition->piece;
  return left < condition->piece ? left : condition->piece;
}

#endif // AMS_CONDITION_H
