//===-- ams/product.h - Quantising and multiplying by hand -------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The device's products without a compiled model: what the compiler uses to
// quantise weights, and tests and benchmarks to reach every kernel. Shapes,
// rules and rule numbers are docs/spec.md's.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_PRODUCT_H
#define AMS_PRODUCT_H

#include "ams/abi.h"
#include "ams/status.h"

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Checks ranges (V1, V3) of a device; the message names the field.
AMS_EXPORT ams_status_t ams_device_check(const ams_abi_device_t *device);

/// What a checked device has beyond up to 8 bits and uniform ADC noise: the
/// name of its first source of error in the signal's order ("programming",
/// ...), or "converters of more than 8 bits", or NULL.
AMS_EXPORT const char *ams_device_general(const ams_abi_device_t *device);

/// Numbers of a table by the 16 bits of a draw, read as unsigned (N5).
#define AMS_DEVICE_TABLE_SIZE 65536

/// Tables of a device's distributions, [AMS_DEVICE_TABLE_SIZE] each.
typedef struct ams_device_tables {
  const float *normal; // Z (S2)
  const float *noise;  // of the ADC's noise: Z, that of the logistic
                       // distribution or `histogram`; NULL: uniform or none
  float *histogram;    // owned; NULL: no such noise
  float *drift;        // owned, what drift leaves (S5); NULL: no drift
  float output_factor; // on D1's constant (S5); 1 unless compensated
} ams_device_tables_t;

/// Makes the tables of a checked device; fails where memory is short. Freed by
/// ams_device_tables_free.
AMS_EXPORT ams_status_t ams_device_tables_make(const ams_abi_device_t *device,
                                               ams_device_tables_t *out_tables);
AMS_EXPORT void ams_device_tables_free(ams_device_tables_t *tables);

/// Q1 to Q4, for weights or inputs: `vectors` vectors x[v * stride + 0..k-1]
/// to codes [vectors][T][n], int8 up to 8 bits, else int16, and bfloat16 scales
/// [vectors][T]. Fails on NaN or infinity, naming vector and element.
AMS_EXPORT ams_status_t ams_quantise(int64_t vectors, int64_t k, int64_t stride,
                                     int32_t n, int32_t bits, const float *x,
                                     void *codes, uint16_t *scales);

//===----------------------------------------------------------------------===//
// Conditioned blocks (C1 to C7)
//===----------------------------------------------------------------------===//

/// Checks `condition` for crossbars of `n` rows.
AMS_EXPORT ams_status_t
ams_condition_check(const ams_abi_condition_t *condition, int32_t n);

/// Elements of a vector of `k` once it is conditioned, which are what
/// ams_quantise takes: T * n where blocks are spread, else k.
AMS_EXPORT int64_t ams_condition_width(const ams_abi_condition_t *condition,
                                       int64_t k, int32_t n);

/// Draws the signs of crossbars of `n` rows (C7), whatever the flags.
AMS_EXPORT void ams_condition_draw_signs(uint64_t seed, uint32_t layer,
                                         int32_t n,
                                         ams_abi_condition_t *condition);

/// Conditions input vectors x [vectors][k] to y [vectors][width] and, where
/// means are removed, `means` [vectors][T] (else it may be NULL). NaN and
/// infinity are left for the quantiser to find.
AMS_EXPORT ams_status_t ams_condition_inputs(
    const ams_abi_condition_t *condition, int64_t vectors, int64_t k, int32_t n,
    const float *x, float *y, float *means);

/// The same for weights w [vectors][k], and their `sums` [vectors][T].
AMS_EXPORT ams_status_t ams_condition_weights(
    const ams_abi_condition_t *condition, int64_t vectors, int64_t k, int32_t n,
    const float *w, float *y, float *sums);

/// A1's constant and D1's.
AMS_EXPORT float ams_alpha(const ams_abi_device_t *device, float gain);
AMS_EXPORT float ams_output_scale(const ams_abi_device_t *device, float gain);

/// Crossbars programmed with one layer's weights, for one kernel.
typedef struct ams_grid ams_grid_t;

/// Programs the crossbars of `layer` (MATMUL or CONV) with codes [N][T][n]
/// (int8 up to 8 bits of weight, else int16) and bfloat16 scales [N][T].
/// `kernel` is a kernel's name, or NULL for the best one. The device's static
/// errors are those of seed 0.
AMS_EXPORT ams_status_t ams_grid_program(const ams_abi_layer_t *layer,
                                         const void *codes,
                                         const uint16_t *scales,
                                         const char *kernel,
                                         ams_grid_t **out_grid);

/// The same with the static errors of `device_seed` (S1).
AMS_EXPORT ams_status_t ams_grid_program_device(
    const ams_abi_layer_t *layer, uint64_t device_seed, const void *codes,
    const uint16_t *scales, const char *kernel, ams_grid_t **out_grid);

/// The same for a layer whose inputs' means are removed: with the `sums`
/// [N][T] of its weights (C2), which are not read where means stay.
AMS_EXPORT ams_status_t ams_grid_program_conditioned(
    const ams_abi_layer_t *layer, uint64_t device_seed, const void *codes,
    const uint16_t *scales, const float *sums, const char *kernel,
    ams_grid_t **out_grid);
AMS_EXPORT void ams_grid_free(ams_grid_t *grid);

/// What is done to a result as it is written (D7), in this order. Zeros:
/// nothing.
typedef struct ams_epilogue {
  const float *bias;     // [N]; NULL: none
  const float *residual; // of the shape of y, which it does not overlap; NULL
  bool clamps;           // to the range from low to high
  float low, high;
} ams_epilogue_t;

/// What changes from call to call.
typedef struct ams_product_options {
  uint64_t seed;
  uint64_t device_seed;  // of products of two activations; grids have their own
  uint64_t first_vector; // N3
  bool noise;
  int threads;        // >= 1
  float gain;         // of all tiles; 0: the layer's
  const float *gains; // [num_gains], of blocks or tiles (G1); NULL: `gain`
  int64_t num_gains;
  ams_epilogue_t epilogue;
} ams_product_options_t;

/// One call: MATMUL x [vectors, K] to y [vectors, N]; CONV x [B, H, W, C] to
/// y [B, OH, OW, F], where vectors = B * OH * OW.
AMS_EXPORT ams_status_t ams_grid_multiply(const ams_grid_t *grid,
                                          const ams_product_options_t *options,
                                          int64_t vectors, const float *x,
                                          float *y);

/// The product of two activations, y[b] = a[b] b[b]^T, for `layer` of kind
/// BATCH_MATMUL: a [B, M, K], b [B, N, K], y [B, M, N].
AMS_EXPORT ams_status_t ams_batch_multiply(const ams_abi_layer_t *layer,
                                           const ams_product_options_t *options,
                                           const char *kernel, const float *a,
                                           const float *b, float *y);

//===----------------------------------------------------------------------===//
// Differential noise (T1 to T4)
//===----------------------------------------------------------------------===//

/// Noise for `samples` samples of a layer's result, and what follows it.
typedef struct ams_added_noise {
  uint64_t seed, first_sample;
  int64_t layer;                   // address (T3), below 2^16
  int64_t samples, elements;       // of one sample, row-major
  int64_t channels, classes;       // of the table; channels divide elements
  const ams_abi_noise_row_t *rows; // [channels][classes]; NULL: no noise
  int64_t outputs;                 // elements of a row, for the epilogue
  ams_epilogue_t epilogue;         // what is done to the sums
  int threads;
} ams_added_noise_t;

/// Adds it to y [samples][elements], by the kernel called `kernel`; NULL: the
/// best one.
AMS_EXPORT ams_status_t ams_noise_add(const ams_added_noise_t *noise,
                                      const char *kernel, float *y);

#ifdef __cplusplus
}
#endif

#endif // AMS_PRODUCT_H
