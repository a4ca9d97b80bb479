//===-- scalar.c - The reference kernel ---------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The products of docs/spec.md in plain C, for any processor: what every other
// kernel is tested against. Both sides are kept as they come, codes
// [vectors][T][n] and then bfloat16 scales [vectors][T].
//
//===----------------------------------------------------------------------===//

#include "adc.h"
#include "bfloat16.h"
#include "condition.h"
#include "device.h"
#include "kernel.h"
#include "noise.h"
#include "quantise.h"

static bool is_supported(void) { return true; }

//===----------------------------------------------------------------------===//
// Layout
//===----------------------------------------------------------------------===//

/// Bytes of the codes of `vectors` vectors, rounded up so that scales align.
static size_t codes_size(const ams_geometry_t *geometry, int64_t vectors) {
  size_t size =
      (size_t)vectors * (size_t)geometry->blocks * (size_t)geometry->n;
  return (size + 1) / 2 * 2;
}

static size_t side_size(const ams_geometry_t *geometry, int64_t vectors) {
  return codes_size(geometry, vectors) +
         (size_t)vectors * (size_t)geometry->blocks * sizeof(uint16_t);
}

static size_t weights_size(const ams_geometry_t *geometry) {
  return side_size(geometry, geometry->outputs);
}

static void pack(const ams_geometry_t *geometry, const int8_t *codes,
                 const uint16_t *scales, void *weights) {
  size_t vectors_blocks = (size_t)geometry->outputs * (size_t)geometry->blocks;
  memcpy(weights, codes, vectors_blocks * (size_t)geometry->n);
  memcpy((char *)weights + codes_size(geometry, geometry->outputs), scales,
         vectors_blocks * sizeof *scales);
}

static int64_t quantise(const ams_geometry_t *geometry,
                        const ams_conditioner_t *conditioner,
                        const float *const *x, int64_t vectors, void *inputs) {
  int8_t *codes = inputs;
  uint16_t *scales =
      (uint16_t *)((char *)inputs + codes_size(geometry, vectors));
  int32_t largest = ams_largest_code(geometry->bits_input);
  for (int64_t r = 0; r < vectors; ++r) {
    const float *row = ams_conditioner_apply(conditioner, x[r], r, 0);
    if (!row ||
        ams_quantise_vector(row, geometry->reduction, geometry->n, largest,
                            codes + r * geometry->blocks * geometry->n,
                            scales + r * geometry->blocks) >= 0)
      return r;
  }
  return -1;
}

/// Bytes of codes before the scale of a block on its own.
static size_t block_codes_size(const ams_geometry_t *geometry) {
  return ((size_t)geometry->n + 1) / 2 * 2;
}

static size_t block_size(const ams_geometry_t *geometry) {
  return block_codes_size(geometry) + sizeof(uint16_t);
}

static bool quantise_blocks(const ams_geometry_t *geometry,
                            const float *const *x, int64_t length,
                            int64_t count, void *blocks) {
  const int32_t largest = ams_largest_code(geometry->bits_input);
  bool finite = true;
  char *to = blocks;
  for (int64_t i = 0; i < count; ++i, to += block_size(geometry))
    finite &=
        ams_quantise_vector(x[i], length, geometry->n, largest, (int8_t *)to,
                            (uint16_t *)(to + block_codes_size(geometry))) < 0;
  return finite;
}

static void place_blocks(const ams_geometry_t *geometry, int64_t vectors,
                         int64_t block, const void *const *blocks,
                         void *inputs) {
  uint16_t *scales =
      (uint16_t *)((char *)inputs + codes_size(geometry, vectors));
  for (int64_t r = 0; r < vectors; ++r) {
    const int64_t at = r * geometry->blocks + block;
    memcpy((int8_t *)inputs + at * geometry->n, blocks[r], (size_t)geometry->n);
    memcpy(&scales[at], (const char *)blocks[r] + block_codes_size(geometry),
           sizeof *scales);
  }
}

//===----------------------------------------------------------------------===//
// Product
//===----------------------------------------------------------------------===//

static int32_t dot(const int8_t *a, const int8_t *b, int32_t n) {
  int32_t sum = 0;
  for (int32_t i = 0; i < n; ++i)
    sum += a[i] * b[i];
  return sum;
}

/// Outputs begin..end of one vector; they lie in one noise group.
static void multiply_group(const ams_multiply_args_t *args, int64_t r,
                           int64_t begin, int64_t end) {
  const ams_geometry_t *geometry = args->geometry;
  const int64_t blocks = geometry->blocks;
  const int32_t n = geometry->n;
  const int32_t largest = ams_largest_code(geometry->bits_output);
  const bool rounds = geometry->partial_format == AMS_ABI_FORMAT_BF16;
  const bool noisy = ams_noise_is_on(&args->noise);
  const int8_t *x = (const int8_t *)args->inputs + r * blocks * n;
  const int8_t *w = args->weights;
  const uint16_t *x_scales =
      (const uint16_t *)((const char *)args->inputs +
                         codes_size(geometry, args->vectors)) +
      r * blocks;
  const uint16_t *w_scales =
      (const uint16_t *)((const char *)args->weights +
                         codes_size(geometry, geometry->outputs));
  const int64_t row = args->noise.first_row;
  const uint64_t vector = args->noise.first_vector + (uint64_t)r;
  float *y = args->y + r * args->y_stride;
  float e[AMS_NOISE_GROUP];

  for (int64_t j = 0; j < blocks; ++j) {
    if (noisy)
      ams_noise_draw_group(&args->noise, vector, (uint32_t)j,
                           (uint32_t)((row + begin) / AMS_NOISE_GROUP), e);
    for (int64_t i = begin; i < end; ++i) {
      const ams_gain_constants_t *gain = ams_gain_of(&args->gains, i, j);
      int32_t d = dot(w + (i * blocks + j) * n, x + j * n, n);
      int32_t code =
          noisy ? ams_adc_code_noisy(d, gain->alpha,
                                     e[(row + i) % AMS_NOISE_GROUP], largest)
                : ams_adc_code(d, gain->alpha, largest);
      float partial = ams_adc_partial(
          code, gain->k, ams_bfloat16_to_float(w_scales[i * blocks + j]),
          ams_bfloat16_to_float(x_scales[j]));
      if (rounds)
        partial = ams_bfloat16_round(partial);
      y[i] = j ? y[i] + partial : partial;
      if (args->means)
        y[i] +=
            args->means[r * blocks + j] * args->sums[j * args->sums_stride + i];
    }
  }
  if (rounds)
    for (int64_t i = begin; i < end; ++i)
      y[i] = ams_bfloat16_round(y[i]);
}

static void multiply(const ams_multiply_args_t *args) {
  int64_t row = args->noise.first_row;
  for (int64_t r = 0; r < args->vectors; ++r)
    for (int64_t begin = args->begin; begin < args->end;) {
      int64_t next = begin + AMS_NOISE_GROUP - (row + begin) % AMS_NOISE_GROUP;
      int64_t end = next < args->end ? next : args->end;
      multiply_group(args, r, begin, end);
      begin = end;
    }
}

const ams_kernel_t ams_kernel_scalar = {
    .name = "scalar",
    .supported = is_supported,
    .weights_size = weights_size,
    .pack = pack,
    .condition = ams_condition_portable,
    .inputs_size = side_size,
    .quantise = quantise,
    .block_size = block_size,
    .quantise_blocks = quantise_blocks,
    .place_blocks = place_blocks,
    .multiply = multiply,
    .multiply_analog = ams_multiply_analog_portable,
    .epilogue = ams_epilogue_apply,
    .add_noise = ams_add_noise_portable,
};
