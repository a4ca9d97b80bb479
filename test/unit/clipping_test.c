//===-- clipping_test.c - Clipped conversions, and gradients ------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is recorded of clipped conversions is what the definition says (B2), in
// every kernel and for any number of threads, and products are the same; and
// gradients lose what clipped conversions have contributed (B3, B4), no more.
//
//===----------------------------------------------------------------------===//

#include "clipped_gradient.h"
#include "clipping.h"
#include "kernel.h"
#include "layer.h"
#include "product.h"
#include "reference.h"
#include "test_data.h"
#include "unit.h"

#include <math.h>
#include <stdlib.h>

static void *allocate(int64_t count, size_t size) {
  void *memory = calloc((size_t)count, size);
  assert_non_null(memory);
  return memory;
}

/// Bit of vector `v`, output `i` and block `j` of a record.
static int bit_of(const ams_abi_layer_t *layer, const uint8_t *record,
                  int64_t v, int64_t i, int64_t j) {
  const ams_geometry_t geometry = ams_layer_geometry(layer);
  const int64_t row = ams_clipping_row(geometry.outputs);
  const int64_t group = i / geometry.outputs, own = i % geometry.outputs;
  const int64_t at =
      ((v * layer->groups + group) * geometry.blocks + j) * row + own / 8;
  return record[at] >> (own % 8) & 1;
}

//===----------------------------------------------------------------------===//
// Records
//===----------------------------------------------------------------------===//

/// The record of one product by `kernel`; frees nothing of the arguments.
static uint8_t *record(const ams_abi_layer_t *layer,
                       const test_weights_t *weights, const char *kernel,
                       const ams_product_options_t *options, const float *x,
                       float *y) {
  ams_grid_t *grid;
  const size_t size = ams_clipping_size(layer);
  uint8_t *bits = allocate((int64_t)size, 1);
  memset(bits, 0xff, size);
  assert_ok(ams_grid_make(layer, 6, (ams_watch_t){.clipping = true},
                          weights->codes, weights->scales, weights->sums,
                          kernel, &grid));
  int64_t bad;
  assert_ok(ams_grid_compute(grid, options, layer->vectors, x, y, bits, &bad));
  assert_int_equal(bad, -1);
  ams_grid_free(grid);
  return bits;
}

/// Compares a record with the definition's; some conversions are clipped, and
/// some are not. Bits behind the outputs of a group are zeros.
static void compare(const ams_abi_layer_t *layer, const uint8_t *bits,
                    const uint8_t *expected) {
  const ams_geometry_t geometry = ams_layer_geometry(layer);
  int64_t count = 0, set = 0;
  for (int64_t v = 0; v < layer->vectors; ++v)
    for (int64_t i = 0; i < layer->outputs; ++i)
      for (int64_t j = 0; j < geometry.blocks; ++j) {
        const int bit = bit_of(layer, bits, v, i, j);
        assert_int_equal(
            bit, expected[(v * layer->outputs + i) * geometry.blocks + j]);
        count += bit;
      }
  for (size_t i = 0; i < ams_clipping_size(layer); ++i)
    set += __builtin_popcount(bits[i]);
  assert_int_equal(set, count);
  assert_in_range(count, 1,
                  layer->vectors * layer->outputs * geometry.blocks - 1);
}

static void check_record(const ams_abi_layer_t *layer, const float *w,
                         const float *x) {
  const int64_t count = layer->vectors * layer->outputs;
  const int64_t blocks = ams_layer_geometry(layer).blocks;
  float *expected_y = allocate(count, sizeof(float));
  float *y = allocate(count, sizeof(float));
  uint8_t *expected = allocate(count * blocks, 1);
  test_weights_t weights = test_quantise(layer, w);
  for (int noise = 0; noise < 2; ++noise) {
    ams_product_options_t options = {
        .seed = 3, .first_vector = 70, .noise = noise, .threads = 1};
    reference_record(layer, &weights, &options, layer->vectors, x, expected_y,
                     expected);
    for (const ams_kernel_t *const *k = ams_kernels; *k; ++k)
      for (options.threads = 1; options.threads < 6 && (*k)->supported();
           options.threads += 2) {
        uint8_t *bits = record(layer, &weights, (*k)->name, &options, x, y);
        compare(layer, bits, expected);
        assert_same_bits((*k)->name, y, expected_y, count);
        free(bits);
      }
  }
  free(expected_y);
  free(y);
  free(expected);
  test_weights_free(&weights);
}

static void matmuls(void **state) {
  (void)state;
  static const int32_t rows[] = {1, 8, 32, 100, 128};
  float *x = test_numbers(20 * 300, 1), *w = test_numbers(131 * 300, 2);
  for (size_t n = 0; n < sizeof rows / sizeof *rows; ++n)
    for (int64_t outputs = 3; outputs < 140; outputs += 64) {
      ams_abi_device_t device = test_device(rows[n], 6, 6, 8);
      device.noise_uniform = 3;
      ams_abi_layer_t layer =
          test_matmul(device, 4 * (float)rows[n], outputs, 300);
      layer.vectors = 20;
      check_record(&layer, w, x);
      layer.device.bits_output = 2;
      check_record(&layer, w, x);
    }
  free(x);
  free(w);
}

static void convolutions(void **state) {
  (void)state;
  ams_abi_device_t device = test_device(16, 8, 8, 6);
  ams_abi_layer_t layers[] = {
      test_conv(device, 16, 2, 7, 6, 5, 3, 1, 1, 1, 1, 20),
      test_conv(device, 16, 1, 6, 6, 8, 3, 2, 2, 1, 2, 66),
      test_conv(device, 16, 2, 5, 5, 70, 3, 1, 1, 2, 70, 70),
      test_conditioned(test_conv(device, 16, 2, 7, 6, 5, 3, 1, 1, 1, 1, 20),
                       true, true),
  };
  for (size_t i = 0; i < sizeof layers / sizeof *layers; ++i) {
    float *x = test_numbers(2 * 25 * 70, 3 + i);
    float *w = test_numbers(layers[i].outputs * layers[i].reduction, 9 + i);
    check_record(&layers[i], w, x);
    free(x);
    free(w);
  }
}

/// Other sources and repeats: kernels agree; a conversion counts as clipped
/// where one repeat was, so that more of them add clipped ones.
static void repeats(void **state) {
  (void)state;
  enum { vectors = 12, outputs = 70, reduction = 100 };
  float *x = test_numbers(vectors * reduction, 4);
  float *w = test_numbers(outputs * reduction, 5);
  float *y = allocate((int64_t)vectors * outputs, sizeof *y);
  ams_abi_device_t device = test_device(32, 8, 8, 8);
  device.sources = (ams_abi_sources_t){.noise_kind = AMS_ABI_NOISE_NORMAL,
                                       .noise_deviation = 8,
                                       .adc_integral = 2,
                                       .column_offset_deviation = 3,
                                       .dac_noise = 0.5f};
  device.noise_uniform = 0;
  ams_abi_layer_t layer = test_matmul(device, 64, outputs, reduction);
  layer.vectors = vectors;
  const size_t size = ams_clipping_size(&layer);
  test_weights_t weights = test_quantise(&layer, w);
  const ams_product_options_t options = {.noise = true, .threads = 2};
  uint8_t *once = record(&layer, &weights, "scalar", &options, x, y);
  layer.device.sources.repeats = 4;
  uint8_t *often = record(&layer, &weights, "scalar", &options, x, y);
  int more = 0;
  for (size_t i = 0; i < size; ++i) {
    assert_int_equal(once[i] & ~often[i], 0);
    more += __builtin_popcount(often[i]) - __builtin_popcount(once[i]);
  }
  assert_true(more > 0);
  for (const ams_kernel_t *const *k = ams_kernels; *k; ++k)
    if ((*k)->supported()) {
      uint8_t *bits = record(&layer, &weights, (*k)->name, &options, x, y);
      assert_memory_equal(bits, often, size);
      free(bits);
    }
  free(once);
  free(often);
  free(x);
  free(w);
  free(y);
  test_weights_free(&weights);
}

/// Both sides are activations: matrices follow each other in the record.
static void batches(void **state) {
  (void)state;
  enum { batch = 3, vectors = 5, outputs = 11, reduction = 40 };
  float *a = test_numbers(batch * vectors * reduction, 6);
  float *b = test_numbers(batch * outputs * reduction, 7);
  float y[batch * vectors * outputs], one_y[vectors * outputs];
  ams_abi_layer_t one =
      test_matmul(test_device(16, 8, 8, 6), 8, outputs, reduction);
  one.vectors = vectors;
  ams_abi_layer_t layer = one;
  layer.kind = AMS_ABI_BATCH_MATMUL;
  layer.batch = batch;
  const size_t size = ams_clipping_size(&one);
  assert_int_equal(ams_clipping_size(&layer), batch * size);
  uint8_t *bits = allocate((int64_t)(batch * size), 1);
  ams_product_options_t options = {.noise = true, .threads = 2};
  int64_t bad;
  assert_ok(ams_batch_compute(&layer, &options, (ams_watch_t){.clipping = true},
                              ams_kernels[0]->supported() ? ams_kernels[0]
                                                          : &ams_kernel_scalar,
                              a, b, y, bits, &bad));
  for (int m = 0; m < batch; ++m) {
    test_weights_t weights = test_quantise(&one, b + m * outputs * reduction);
    options.first_vector = (uint64_t)(m * vectors);
    uint8_t *expected = record(&one, &weights, "scalar", &options,
                               a + m * vectors * reduction, one_y);
    assert_memory_equal(bits + (size_t)m * size, expected, size);
    assert_same_bits("batch", y + m * vectors * outputs, one_y,
                     (int64_t)vectors * outputs);
    free(expected);
    test_weights_free(&weights);
  }
  free(bits);
  free(a);
  free(b);
}

//===----------------------------------------------------------------------===//
// Gradients
//===----------------------------------------------------------------------===//

/// Where element `k` of the input vector of vector `v`, for output `i`, lies in
/// the input, or -1 for padding.
static int64_t input_place(const ams_abi_layer_t *layer, int64_t v, int64_t i,
                           int64_t k) {
  if (layer->kind != AMS_ABI_CONV)
    return v * layer->reduction + k;
  const ams_abi_conv_t *c = &layer->conv;
  const int64_t channels = c->in_c / layer->groups;
  const int64_t kw = k / channels % c->kernel_w;
  const int64_t kh = k / channels / c->kernel_w;
  const int64_t row =
      v / c->out_w % c->out_h * c->stride_h + kh * c->dilation_h - c->pad_top;
  const int64_t column =
      v % c->out_w * c->stride_w + kw * c->dilation_w - c->pad_left;
  if (row < 0 || row >= c->in_h || column < 0 || column >= c->in_w)
    return -1;
  const int64_t image = v / c->out_w / c->out_h;
  const int64_t group = i / (layer->outputs / layer->groups);
  return ((image * c->in_h + row) * c->in_w + column) * c->in_c +
         group * channels + k % channels;
}

/// A product, its operands and the gradient of its result.
typedef struct problem {
  const ams_abi_layer_t *layer;
  const uint8_t *record;
  const float *x, *w, *dy;
} problem_t;

static double input_at(const problem_t *p, int64_t v, int64_t i, int64_t k) {
  const int64_t place = input_place(p->layer, v, i, k);
  return place < 0 ? 0 : (double)p->x[place];
}

static int64_t weight_place(const ams_abi_layer_t *layer, int64_t v, int64_t i,
                            int64_t k) {
  return (v / layer->vectors * layer->outputs + i) * layer->reduction + k;
}

/// Both gradients by definition, in float64: of all terms where `record` is
/// NULL.
static void differentiate(const problem_t *p, double *dx, double *dw) {
  const ams_abi_layer_t *layer = p->layer;
  const int64_t n = layer->device.rows, reduction = layer->reduction;
  const int64_t blocks = (reduction - 1) / n + 1;
  const bool spread = layer->condition.flags & AMS_ABI_CONDITION_SPREAD;
  const bool mean = layer->condition.flags & AMS_ABI_CONDITION_MEAN;
  const int64_t piece = spread ? (reduction - 1) / blocks + 1 : n;
  for (int64_t v = 0; v < layer->batch * layer->vectors; ++v)
    for (int64_t i = 0; i < layer->outputs; ++i)
      for (int64_t k = 0; k < reduction; ++k) {
        const int64_t j = k / piece, begin = j * piece;
        const int64_t end =
            begin + piece < reduction ? begin + piece : reduction;
        const bool clipped = p->record && bit_of(layer, p->record, v, i, j);
        double x = 0, w = 0;
        if (!clipped) {
          x = input_at(p, v, i, k);
          w = (double)p->w[weight_place(layer, v, i, k)];
        } else if (mean) {
          for (int64_t e = begin; e < end; ++e) {
            x += input_at(p, v, i, e) / (double)(end - begin);
            w += (double)p->w[weight_place(layer, v, i, e)] /
                 (double)(end - begin);
          }
        }
        const double dy = (double)p->dy[v * layer->outputs + i];
        const int64_t place = input_place(layer, v, i, k);
        if (place >= 0)
          dx[place] += dy * w;
        dw[weight_place(layer, v, i, k)] += dy * x;
      }
}

/// Drops from the whole gradient on several numbers of threads.
static void check_drop(const problem_t *p, uint32_t kind, const float *other,
                       const double *whole, const double *expected,
                       int64_t count) {
  ams_abi_layer_t gradient = *p->layer;
  gradient.kind = kind;
  assert_true(ams_is_gradient_of(&gradient, p->layer));
  float *first = allocate(count, sizeof *first);
  float *y = allocate(count, sizeof *y);
  for (int threads = 1; threads < 5; ++threads) {
    for (int64_t i = 0; i < count; ++i)
      y[i] = (float)whole[i];
    assert_ok(ams_clipped_gradient_drop(&gradient, p->layer, p->record, p->dy,
                                        other, threads, y));
    if (threads == 1)
      memcpy(first, y, (size_t)count * sizeof *y);
    assert_same_bits("threads", y, first, count);
  }
  int64_t changed = 0;
  for (int64_t i = 0; i < count; ++i) {
    if (!(fabs((double)y[i] - expected[i]) < 1e-3))
      fail_msg("kind %u: element %lld is %g, expected %g", kind, (long long)i,
               (double)y[i], expected[i]);
    changed += fabs(whole[i] - expected[i]) > 1e-2;
  }
  assert_true(changed > 0);
  free(first);
  free(y);
}

static float *numbers(int64_t count, uint64_t seed) {
  sequence_t sequence = {seed};
  float *made = allocate(count, sizeof *made);
  for (int64_t i = 0; i < count; ++i)
    made[i] = (float)sequence_normal(&sequence);
  return made;
}

static void check_gradients(const ams_abi_layer_t *layer) {
  const ams_abi_conv_t *c = &layer->conv;
  const int64_t vectors = layer->batch * layer->vectors;
  const int64_t dy_count = vectors * layer->outputs;
  const int64_t x_count =
      layer->kind == AMS_ABI_CONV
          ? vectors / c->out_h / c->out_w * c->in_h * c->in_w * c->in_c
          : vectors * layer->reduction;
  const int64_t w_count = layer->batch * layer->outputs * layer->reduction;
  const int64_t size = (int64_t)ams_clipping_size(layer);
  float *x = numbers(x_count, 11), *w = numbers(w_count, 12);
  float *dy = numbers(dy_count, 13);
  uint8_t *bits = allocate(size, 1);
  for (int64_t i = 0; i < size; ++i)
    bits[i] = i % 3 ? 0 : (uint8_t)(i * 37);
  // Bits behind the outputs of a group are zeros.
  const int64_t outputs = layer->outputs / layer->groups;
  const int64_t row = ams_clipping_row(outputs);
  for (int64_t i = row - 1; i < size && outputs % 8; i += row)
    bits[i] &= (uint8_t)((1 << outputs % 8) - 1);
  double *whole_x = allocate(x_count, sizeof(double));
  double *whole_w = allocate(w_count, sizeof(double));
  double *dx = allocate(x_count, sizeof(double));
  double *dw = allocate(w_count, sizeof(double));
  problem_t problem = {layer, NULL, x, w, dy};
  differentiate(&problem, whole_x, whole_w);
  problem.record = bits;
  differentiate(&problem, dx, dw);
  const bool conv = layer->kind == AMS_ABI_CONV;
  check_drop(&problem,
             conv ? AMS_ABI_CONV_INPUT_GRADIENT : AMS_ABI_MATMUL_INPUT_GRADIENT,
             w, whole_x, dx, x_count);
  check_drop(&problem,
             conv ? AMS_ABI_CONV_WEIGHT_GRADIENT
                  : AMS_ABI_MATMUL_WEIGHT_GRADIENT,
             x, whole_w, dw, w_count);
  free(x);
  free(w);
  free(dy);
  free(bits);
  free(whole_x);
  free(whole_w);
  free(dx);
  free(dw);
}

static void gradients(void **state) {
  (void)state;
  const ams_abi_device_t device = test_device(16, 8, 8, 8);
  ams_abi_layer_t matmul = test_matmul(device, 1, 19, 70);
  matmul.vectors = 9;
  ams_abi_layer_t batch = matmul;
  batch.kind = AMS_ABI_BATCH_MATMUL;
  batch.batch = 3;
  const ams_abi_layer_t conv =
      test_conv(device, 1, 2, 7, 6, 5, 3, 2, 1, 1, 1, 20);
  const ams_abi_layer_t layers[] = {
      matmul,
      batch,
      conv,
      test_conv(device, 1, 2, 7, 7, 8, 3, 1, 2, 2, 2, 18),
      test_conv(device, 1, 3, 5, 5, 6, 1, 1, 0, 1, 1, 9),
      test_conditioned(matmul, true, false),
      test_conditioned(matmul, false, true),
      test_conditioned(matmul, true, true),
      test_conditioned(conv, true, true),
  };
  for (size_t i = 0; i < sizeof layers / sizeof *layers; ++i)
    check_gradients(&layers[i]);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(matmuls),   cmocka_unit_test(convolutions),
      cmocka_unit_test(repeats),   cmocka_unit_test(batches),
      cmocka_unit_test(gradients),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
