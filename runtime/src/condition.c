//===-- condition.c - Conditioned blocks --------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Conditioning in portable C (C1 to C4), and of weights, ahead of time.
//
//===----------------------------------------------------------------------===//

#include "condition.h"

#include "analog/source.h"
#include "bfloat16.h"
#include "float_state.h"

#include <string.h>

/// Least magnitude, as float32 bits, that bfloat16 rounds to infinity.
#define FIRST_NOT_FINITE UINT32_C(0x7f7f8000)

/// Lanes of sums (C2).
#define SUM_LANES 16

ams_status_t ams_condition_check(const ams_abi_condition_t *condition,
                                 int32_t n) {
  if (condition->flags >> 2)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "conditioning %u is unknown; it must be from 0 to 3",
                           condition->flags);
  if ((condition->flags & AMS_ABI_CONDITION_SPREAD) &&
      (n < 1 || n > AMS_ABI_MAX_ROWS || (n & (n - 1))))
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "blocks are spread over %d rows, which is not a "
                           "power of two up to %d; remove means alone",
                           n, AMS_ABI_MAX_ROWS);
  return AMS_OK;
}

ams_condition_t ams_condition_make(const ams_abi_condition_t *condition,
                                   int64_t reduction, int32_t n) {
  int64_t blocks = (reduction - 1) / n + 1;
  ams_condition_t made = {
      .mean = condition->flags & AMS_ABI_CONDITION_MEAN,
      .spread = condition->flags & AMS_ABI_CONDITION_SPREAD,
      .n = n,
      .reduction = reduction,
      .blocks = blocks,
      .piece = n,
      .width = reduction,
  };
  if (made.spread) {
    made.piece = (reduction - 1) / blocks + 1;
    made.width = blocks * n;
    for (int32_t k = 0; k < n; ++k)
      made.signs[k] = condition->signs[k / 32] >> (k % 32) << 31;
  }
  return made;
}

int64_t ams_condition_width(const ams_abi_condition_t *condition, int64_t k,
                            int32_t n) {
  return condition->flags & AMS_ABI_CONDITION_SPREAD ? ((k - 1) / n + 1) * n
                                                     : k;
}

void ams_condition_draw_signs(uint64_t seed, uint32_t layer, int32_t n,
                              ams_abi_condition_t *condition) {
  ams_address_t address = {
      .key = seed, .layer = layer, .source = AMS_SOURCE_SIGNS};
  memset(condition->signs, 0, sizeof condition->signs);
  for (int32_t k = 0; k < n; ++k) {
    uint32_t negative = ams_address_draw(&address, (uint32_t)k) >> 15;
    condition->signs[k / 32] |= negative << (k % 32);
  }
}

//===----------------------------------------------------------------------===//
// One block
//===----------------------------------------------------------------------===//

/// The sum of `length` elements in lanes (C2).
static float sum_in_lanes(const float *x, int64_t length) {
  float lanes[SUM_LANES] = {0};
  for (int64_t k = 0; k < length; ++k)
    lanes[k % SUM_LANES] += x[k];
  for (int half = SUM_LANES / 2; half; half /= 2)
    for (int l = 0; l < half; ++l)
      lanes[l] += lanes[l + half];
  return lanes[0];
}

/// Places elements on rows (C3): first on the powers of two, then on the others
/// in ascending order.
static void place(const float *x, int64_t length, int32_t n, float *rows) {
  const float *end = x + length;
  memset(rows, 0, (size_t)n * sizeof *rows);
  for (int32_t row = 1; row < n && x < end; row *= 2)
    rows[row] = *x++;
  for (int32_t row = 0; row < n && x < end; ++row)
    if (row == 0 || (row & (row - 1)))
      rows[row] = *x++;
}

/// C4's transform, of rows with their signs (C3).
static void transform(const uint32_t *signs, int32_t n, float *rows) {
  for (int32_t k = 0; k < n; ++k)
    rows[k] = ams_float_from_bits(ams_float_bits(rows[k]) ^ signs[k]);
  for (int32_t h = 1; h < n; h *= 2)
    for (int32_t group = 0; group < n; group += 2 * h)
      for (int32_t k = group; k < group + h; ++k) {
        float a = rows[k], b = rows[k + h];
        rows[k] = a + b;
        rows[k + h] = a - b;
      }
}

/// Rounds `length` elements (Q1). Returns whether all are finite.
static bool round_elements(const float *x, int64_t length, float *to) {
  bool finite = true;
  for (int64_t k = 0; k < length; ++k) {
    uint32_t magnitude = ams_float_bits(x[k]) & UINT32_C(0x7fffffff);
    finite &= magnitude < FIRST_NOT_FINITE;
    to[k] = ams_bfloat16_round(x[k]);
  }
  return finite;
}

/// One block of a vector. Returns whether its elements are finite.
static bool condition_block(const ams_condition_t *condition, const float *x,
                            int64_t length, float *y, float *out_mean) {
  float elements[AMS_ABI_MAX_ROWS];
  bool finite = round_elements(x, length, elements);
  if (condition->mean) {
    float mean = ams_bfloat16_round(sum_in_lanes(elements, length) *
                                    (1 / (float)length));
    for (int64_t k = 0; k < length; ++k)
      elements[k] = ams_bfloat16_round(elements[k] - mean);
    *out_mean = mean;
  }
  if (condition->spread) {
    place(elements, length, condition->n, y);
    transform(condition->signs, condition->n, y);
  } else {
    memcpy(y, elements, (size_t)length * sizeof *y);
  }
  return finite;
}

bool ams_condition_portable(const ams_condition_t *condition, const float *x,
                            float *y, float *means) {
  bool finite = true;
  for (int64_t j = 0; j < condition->blocks; ++j)
    finite &= condition_block(condition, x + j * condition->piece,
                              ams_condition_length(condition, j),
                              y + j * condition->n, means ? means + j : NULL);
  return finite;
}

//===----------------------------------------------------------------------===//
// By hand
//===----------------------------------------------------------------------===//

static ams_status_t check_vectors(const ams_abi_condition_t *condition,
                                  int64_t vectors, int64_t k, int32_t n) {
  if (vectors < 0 || k < 1 || n < 1 || n > AMS_ABI_MAX_ROWS)
    return ams_status_make(
        AMS_STATUS_INVALID_ARGUMENT,
        "condition: %lld vectors of %lld elements in blocks of %d; vectors "
        "must have at least 1 element, blocks 1 to %d",
        (long long)vectors, (long long)k, n, AMS_ABI_MAX_ROWS);
  return ams_condition_check(condition, n);
}

ams_status_t ams_condition_inputs(const ams_abi_condition_t *condition,
                                  int64_t vectors, int64_t k, int32_t n,
                                  const float *x, float *y, float *means) {
  AMS_RETURN_IF_ERROR(check_vectors(condition, vectors, k, n));
  ams_condition_t made = ams_condition_make(condition, k, n);
  ams_float_state_t state = ams_float_enter();
  int64_t bad = -1;
  for (int64_t v = 0; v < vectors && bad < 0; ++v)
    if (!ams_condition_portable(&made, x + v * k, y + v * made.width,
                                made.mean ? means + v * made.blocks : NULL))
      bad = v;
  ams_float_leave(state);
  if (bad < 0)
    return AMS_OK;
  return ams_status_make(AMS_STATUS_INVALID_DATA,
                         "condition: vector %lld holds a NaN or infinity as "
                         "bfloat16; every element must be finite",
                         (long long)bad);
}

/// One block of an output's weights.
static bool condition_weights_block(const ams_condition_t *condition,
                                    const float *w, int64_t length, float *y,
                                    float *out_sum) {
  float elements[AMS_ABI_MAX_ROWS];
  bool finite = round_elements(w, length, elements);
  if (condition->mean)
    *out_sum = sum_in_lanes(elements, length);
  if (!condition->spread) {
    memcpy(y, elements, (size_t)length * sizeof *y);
    return finite;
  }
  place(elements, length, condition->n, y);
  transform(condition->signs, condition->n, y);
  const float factor = 1 / (float)condition->n;
  for (int32_t k = 0; k < condition->n; ++k)
    y[k] = ams_bfloat16_round(y[k] * factor);
  return finite;
}

ams_status_t ams_condition_weights(const ams_abi_condition_t *condition,
                                   int64_t vectors, int64_t k, int32_t n,
                                   const float *w, float *y, float *sums) {
  AMS_RETURN_IF_ERROR(check_vectors(condition, vectors, k, n));
  ams_condition_t made = ams_condition_make(condition, k, n);
  ams_float_state_t state = ams_float_enter();
  int64_t bad = -1;
  for (int64_t i = 0; i < vectors && bad < 0; ++i)
    for (int64_t j = 0; j < made.blocks; ++j)
      if (!condition_weights_block(
              &made, w + i * k + j * made.piece, ams_condition_length(&made, j),
              y + i * made.width + j * n,
              made.mean ? sums + i * made.blocks + j : NULL))
        bad = i;
  ams_float_leave(state);
  if (bad < 0)
    return AMS_OK;
  return ams_status_make(AMS_STATUS_INVALID_DATA,
                         "condition: weights of output %lld hold a NaN or "
                         "infinity as bfloat16; every weight must be finite",
                         (long long)bad);
}
