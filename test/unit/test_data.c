//===-- test_data.c - Layers and numbers for tests ----------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What several tests build: random numbers, devices, layers and weights.
//
//===----------------------------------------------------------------------===//

#include "test_data.h"

#include "device.h"
#include "layer.h"
#include "unit.h"

#include <math.h>
#include <stdlib.h>

static uint64_t next(sequence_t *sequence) {
  uint64_t z = sequence->state += UINT64_C(0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
  return z ^ (z >> 31);
}

double sequence_uniform(sequence_t *sequence) {
  return ((double)(next(sequence) >> 12) + 0.5) * 0x1p-52;
}

double sequence_normal(sequence_t *sequence) {
  double radius = sqrt(-2 * log(sequence_uniform(sequence)));
  return radius * cos(6.283185307179586 * sequence_uniform(sequence));
}

double sequence_laplace(sequence_t *sequence) {
  double u = sequence_uniform(sequence) - 0.5;
  return copysign(log(1 - 2 * fabs(u)), u);
}

float *test_numbers(int64_t count, uint64_t seed) {
  sequence_t sequence = {seed};
  float *numbers = malloc((size_t)count * sizeof *numbers);
  assert_non_null(numbers);
  for (int64_t i = 0; i < count; ++i) {
    double factor = i % 13 == 12 ? 0 : i % 31 == 30 ? 20 : 1;
    numbers[i] = (float)(factor * sequence_normal(&sequence));
  }
  return numbers;
}

ams_abi_device_t test_device(int32_t rows, int32_t bits_weight,
                             int32_t bits_input, int32_t bits_output) {
  return (ams_abi_device_t){.rows = rows,
                            .columns = 128,
                            .bits_weight = bits_weight,
                            .bits_input = bits_input,
                            .bits_output = bits_output,
                            .partial_format = AMS_ABI_FORMAT_BF16,
                            .noise_uniform = 1};
}

float test_gain(int32_t n) { return n < 16 ? 1 : (float)(n / 16); }

ams_abi_layer_t test_matmul(ams_abi_device_t device, float gain,
                            int64_t outputs, int64_t reduction) {
  return (ams_abi_layer_t){.kind = AMS_ABI_MATMUL,
                           .index = 5,
                           .gain = gain,
                           .batch = 1,
                           .vectors = 1,
                           .outputs = outputs,
                           .reduction = reduction,
                           .groups = 1,
                           .device = device};
}

ams_abi_layer_t test_conv(ams_abi_device_t device, float gain, int64_t batch,
                          int32_t height, int32_t width, int32_t channels,
                          int32_t kernel, int32_t stride, int32_t pad,
                          int32_t dilation, int64_t groups, int64_t outputs) {
  int32_t reach = dilation * (kernel - 1) + 1;
  ams_abi_layer_t layer = test_matmul(
      device, gain, outputs, (int64_t)kernel * kernel * channels / groups);
  layer.kind = AMS_ABI_CONV;
  layer.groups = groups;
  layer.conv = (ams_abi_conv_t){
      .in_h = height,
      .in_w = width,
      .in_c = channels,
      .kernel_h = kernel,
      .kernel_w = kernel,
      .stride_h = stride,
      .stride_w = stride,
      .dilation_h = dilation,
      .dilation_w = dilation,
      .pad_top = pad,
      .pad_left = pad,
      .pad_bottom = pad,
      .pad_right = pad,
      .out_h = (height + 2 * pad - reach) / stride + 1,
      .out_w = (width + 2 * pad - reach) / stride + 1,
  };
  layer.vectors = batch * layer.conv.out_h * layer.conv.out_w;
  return layer;
}

ams_abi_layer_t test_conditioned(ams_abi_layer_t layer, bool mean,
                                 bool spread) {
  layer.condition.flags = (mean ? AMS_ABI_CONDITION_MEAN : 0u) |
                          (spread ? AMS_ABI_CONDITION_SPREAD : 0u);
  ams_condition_draw_signs(99, layer.index, layer.device.rows,
                           &layer.condition);
  return layer;
}

test_weights_t test_quantise(const ams_abi_layer_t *layer, const float *w) {
  size_t blocks =
      (size_t)layer->outputs * (size_t)ams_layer_geometry(layer).blocks;
  test_weights_t weights = {
      .codes = malloc(blocks * (size_t)layer->device.rows *
                      ams_code_size(layer->device.bits_weight)),
      .scales = malloc(blocks * sizeof *weights.scales),
      .sums = malloc(blocks * sizeof *weights.sums)};
  int64_t width = ams_condition_width(&layer->condition, layer->reduction,
                                      layer->device.rows);
  float *conditioned =
      malloc((size_t)layer->outputs * (size_t)width * sizeof *conditioned);
  assert_true(weights.codes && weights.scales && weights.sums && conditioned);
  assert_ok(ams_condition_weights(&layer->condition, layer->outputs,
                                  layer->reduction, layer->device.rows, w,
                                  conditioned, weights.sums));
  assert_ok(ams_quantise(layer->outputs, width, width, layer->device.rows,
                         layer->device.bits_weight,
                         layer->condition.flags ? conditioned : w,
                         weights.codes, weights.scales));
  free(conditioned);
  return weights;
}

void test_weights_free(test_weights_t *weights) {
  free(weights->codes);
  free(weights->scales);
  free(weights->sums);
}

void test_multiply(const ams_abi_layer_t *layer, const test_weights_t *weights,
                   const char *kernel, ams_product_options_t options,
                   int64_t vectors, const float *x, float *y) {
  ams_grid_t *grid;
  assert_ok(ams_grid_program_conditioned(
      layer, 0, weights->codes, weights->scales, weights->sums, kernel, &grid));
  assert_ok(ams_grid_multiply(grid, &options, vectors, x, y));
  ams_grid_free(grid);
}
