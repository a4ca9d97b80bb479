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

void reference_multiply(const ams_abi_layer_t *layer,
                        const test_weights_t *weights,
                        const ams_product_options_t *options, int64_t vectors,
                        const float *x, float *y) {
  const ams_abi_device_t *device = &layer->device;
  ams_geometry_t geometry = ams_layer_geometry(layer);
  int32_t n = geometry.n;
  int64_t blocks = geometry.blocks;
  float alpha = ams_alpha(device, layer->gain);
  float k = ams_output_scale(device, layer->gain);
  int32_t largest = ams_largest_code(device->bits_output);
  bool rounds = device->partial_format == AMS_ABI_FORMAT_BF16;
  ams_noise_t noise = {.uniform = device->noise_uniform,
                       .seed = options->seed,
                       .layer = layer->index};
  float *patch = malloc((size_t)layer->reduction * sizeof *patch);
  int16_t *codes = malloc((size_t)(blocks * n) * sizeof *codes);
  uint16_t *scales = malloc((size_t)blocks * sizeof *scales);
  assert_true(patch && codes && scales);

  for (int64_t v = 0; v < vectors; ++v)
    for (int64_t i = 0; i < layer->outputs; ++i) {
      for (int64_t e = 0; e < layer->reduction; ++e)
        patch[e] = input_element(layer, x, v, i / geometry.outputs, e);
      assert_int_equal(ams_quantise_vector_wide(
                           patch, layer->reduction, n,
                           ams_largest_code(device->bits_input), codes, scales),
                       -1);
      float sum = 0;
      for (int64_t j = 0; j < blocks; ++j) {
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
        float partial = ams_adc_partial(
            code, k, ams_bfloat16_to_float(weights->scales[i * blocks + j]),
            ams_bfloat16_to_float(scales[j]));
        partial = rounds ? ams_bfloat16_round(partial) : partial;
        sum = j ? sum + partial : partial;
      }
      y[v * layer->outputs + i] = rounds ? ams_bfloat16_round(sum) : sum;
    }
  free(patch);
  free(codes);
  free(scales);
}
