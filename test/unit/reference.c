//===-- reference.c - Products by definition ----------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// docs/spec.md read straight: convolutions index their images, every draw of
// noise is made by itself.
//
//===----------------------------------------------------------------------===//

#include "reference.h"

#include "adc.h"
#include "device.h"
#include "layer.h"
#include "noise.h"
#include "quantise.h"
#include "rounding.h"
#include "unit.h"

#include <math.h>
#include <stdlib.h>

/// Element `k` of input vector `vector` for `group` (V4).
static float input_element(const ams_abi_layer_t *layer, const float *x,
                           int64_t vector, int64_t group, int64_t k) {
  if (layer->kind == AMS_ABI_MATMUL)
    return x[vector * layer->reduction + k];
  const ams_abi_conv_t *conv = &layer->conv;
  int64_t channels = conv->in_c / layer->groups;
  int64_t c = group * channels + k % channels;
  int64_t kw = k / channels % conv->kernel_w;
  int64_t kh = k / channels / conv->kernel_w;
  int64_t column = vector % conv->out_w * conv->stride_w +
                   kw * conv->dilation_w - conv->pad_left;
  int64_t line = vector / conv->out_w % conv->out_h * conv->stride_h +
                 kh * conv->dilation_h - conv->pad_top;
  int64_t image = vector / conv->out_w / conv->out_h;
  if (column < 0 || column >= conv->in_w || line < 0 || line >= conv->in_h)
    return 0;
  return x[((image * conv->in_h + line) * conv->in_w + column) * conv->in_c +
           c];
}

static bool negative(const ams_abi_condition_t *condition, int32_t row) {
  return condition->signs[row / 32] >> (row % 32) & 1;
}

/// C2's sum.
static float sum16(const float *x, int64_t length) {
  float lanes[16] = {0};
  for (int64_t k = 0; k < length; ++k)
    lanes[k % 16] += x[k];
  float eight[8], four[4];
  for (int l = 0; l < 8; ++l)
    eight[l] = lanes[l] + lanes[l + 8];
  for (int l = 0; l < 4; ++l)
    four[l] = eight[l] + eight[l + 4];
  return (four[0] + four[2]) + (four[1] + four[3]);
}

/// C4's transform: of each half, then of the two halves.
static void transform(float *rows, int32_t n) {
  if (n == 1)
    return;
  transform(rows, n / 2);
  transform(rows + n / 2, n / 2);
  for (int32_t k = 0; k < n / 2; ++k) {
    float a = rows[k], b = rows[k + n / 2];
    rows[k] = a + b;
    rows[k + n / 2] = a - b;
  }
}

/// C1 to C4 on the `length` elements of one block, which become n with
/// spreading; returns the mean that was removed.
static float condition_block(const ams_abi_condition_t *condition, int32_t n,
                             float *x, int64_t length) {
  float mean = 0;
  for (int64_t k = 0; k < length; ++k)
    x[k] = ams_bfloat16_round(x[k]);
  if (condition->flags & AMS_ABI_CONDITION_MEAN) {
    mean = ams_bfloat16_round(sum16(x, length) * (1 / (float)length));
    for (int64_t k = 0; k < length; ++k)
      x[k] = ams_bfloat16_round(x[k] - mean);
  }
  if (condition->flags & AMS_ABI_CONDITION_SPREAD) {
    float rows[AMS_ABI_MAX_ROWS] = {0};
    int64_t k = 0;
    for (int pass = 0; pass < 2; ++pass)
      for (int32_t row = 0; row < n && k < length; ++row)
        if ((__builtin_popcount((unsigned)row) != 1) == pass)
          rows[row] = negative(condition, row) ? -x[k++] : x[k++];
    transform(rows, n);
    memcpy(x, rows, (size_t)n * sizeof *x);
  }
  return mean;
}

/// Conditions and quantises one input vector, block after block.
static void quantise_vector(const ams_abi_layer_t *layer, const float *x,
                            int16_t *codes, uint16_t *scales, float *means) {
  const ams_abi_condition_t *condition = &layer->condition;
  int32_t n = layer->device.rows;
  int64_t blocks = (layer->reduction - 1) / n + 1;
  bool spread = condition->flags & AMS_ABI_CONDITION_SPREAD;
  int64_t piece = spread ? (layer->reduction - 1) / blocks + 1 : n;
  for (int64_t j = 0; j < blocks; ++j) {
    float block[AMS_ABI_MAX_ROWS];
    int64_t left = layer->reduction - j * piece;
    int64_t length = left < piece ? left : piece;
    memcpy(block, x + j * piece, (size_t)length * sizeof *block);
    means[j] = condition_block(condition, n, block, length);
    assert_int_equal(
        ams_quantise_vector_wide(block, spread ? n : length, n,
                                 ams_largest_code(layer->device.bits_input),
                                 codes + j * n, scales + j),
        -1);
  }
}

/// G1, of output i over all groups and block j.
static float gain_of(const ams_abi_layer_t *layer,
                     const ams_product_options_t *options, int64_t i,
                     int64_t j) {
  int64_t outputs = layer->outputs / layer->groups;
  int64_t blocks = (layer->reduction - 1) / layer->device.rows + 1;
  int64_t of_group = (outputs - 1) / layer->device.columns + 1;
  int64_t column = i / outputs * of_group + i % outputs / layer->device.columns;
  if (!options->gains)
    return layer->gain;
  return options->gains[options->num_gains == blocks ? j : column * blocks + j];
}

void reference_multiply(const ams_abi_layer_t *layer,
                        const test_weights_t *weights,
                        const ams_product_options_t *options, int64_t vectors,
                        const float *x, float *y) {
  reference_record(layer, weights, options, vectors, x, y, NULL);
}

void reference_record(const ams_abi_layer_t *layer,
                      const test_weights_t *weights,
                      const ams_product_options_t *options, int64_t vectors,
                      const float *x, float *y, uint8_t *clipped) {
  const ams_abi_device_t *device = &layer->device;
  ams_geometry_t geometry = ams_layer_geometry(layer);
  int32_t n = geometry.n;
  int64_t blocks = geometry.blocks;
  int32_t largest = ams_largest_code(device->bits_output);
  bool rounds = device->partial_format == AMS_ABI_FORMAT_BF16;
  ams_noise_t noise = {.uniform = device->noise_uniform,
                       .seed = options->seed,
                       .layer = layer->index};
  float *patch = malloc((size_t)layer->reduction * sizeof *patch);
  int16_t *codes = malloc((size_t)(blocks * n) * sizeof *codes);
  uint16_t *scales = malloc((size_t)blocks * sizeof *scales);
  float *means = malloc((size_t)blocks * sizeof *means);
  assert_true(patch && codes && scales && means);
  bool mean = layer->condition.flags & AMS_ABI_CONDITION_MEAN;

  for (int64_t v = 0; v < vectors; ++v)
    for (int64_t i = 0; i < layer->outputs; ++i) {
      for (int64_t e = 0; e < layer->reduction; ++e)
        patch[e] = input_element(layer, x, v, i / geometry.outputs, e);
      quantise_vector(layer, patch, codes, scales, means);
      float sum = 0;
      for (int64_t j = 0; j < blocks; ++j) {
        float gain = gain_of(layer, options, i, j);
        float alpha = ams_alpha(device, gain);
        float k = ams_output_scale(device, gain);
        int64_t d = 0;
        for (int32_t e = 0; e < n; ++e)
          d += (int64_t)ams_code_at(weights->codes, device->bits_weight,
                                    (i * blocks + j) * n + e) *
               codes[j * n + e];
        float a = (float)((double)d * (double)alpha); // A1
        if (options->noise)
          a += ams_noise_draw(&noise, options->first_vector + (uint64_t)v,
                              (uint32_t)j, (uint32_t)i);
        int32_t code = ams_round_clamped(a, largest);
        if (clipped)
          clipped[(v * layer->outputs + i) * blocks + j] =
              rint((double)a) != code;
        float partial = ams_adc_partial(
            code, k, ams_bfloat16_to_float(weights->scales[i * blocks + j]),
            ams_bfloat16_to_float(scales[j]));
        partial = rounds ? ams_bfloat16_round(partial) : partial;
        sum = j ? sum + partial : partial;
        if (mean)
          sum += means[j] * weights->sums[i * blocks + j]; // C5
      }
      y[v * layer->outputs + i] = rounds ? ams_bfloat16_round(sum) : sum;
    }
  free(patch);
  free(codes);
  free(scales);
  free(means);
}
