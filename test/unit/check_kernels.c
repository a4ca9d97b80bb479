//===-- check_kernels.c - Every kernel against the definition -----*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "check_kernels.h"

#include "kernel.h"
#include "reference.h"
#include "unit.h"

#include <stdlib.h>

void check_kernels(const ams_abi_layer_t *layer, ams_product_options_t options,
                   int64_t vectors, const float *w, const float *x,
                   size_t num_threads, const int *threads) {
  int64_t count = vectors * layer->outputs;
  float *expected = calloc((size_t)count, sizeof *expected);
  float *actual = calloc((size_t)count, sizeof *actual);
  assert_true(expected && actual);
  test_weights_t weights = test_quantise(layer, w);
  options.threads = 1;
  reference_multiply(layer, &weights, &options, vectors, x, expected);
  for (const ams_kernel_t *const *k = ams_kernels; *k; ++k)
    for (size_t t = 0; t < num_threads && (*k)->supported(); ++t) {
      options.threads = threads[t];
      memset(actual, 0xff, (size_t)count * sizeof *actual);
      test_multiply(layer, &weights, (*k)->name, options, vectors, x, actual);
      char what[240];
      snprintf(what, sizeof what,
               "%s, %d threads, n = %d, bits %d/%d/%d, format %d, noise %d, "
               "%lld vectors, N = %lld, K = %lld, %lld groups, image %d x %d, "
               "kernel %d x %d, condition %u",
               (*k)->name, options.threads, layer->device.rows,
               layer->device.bits_weight, layer->device.bits_input,
               layer->device.bits_output, layer->device.partial_format,
               options.noise, (long long)vectors, (long long)layer->outputs,
               (long long)layer->reduction, (long long)layer->groups,
               layer->conv.in_h, layer->conv.in_w, layer->conv.kernel_h,
               layer->conv.kernel_w, layer->condition.flags);
      assert_same_bits(what, actual, expected, count);
    }
  free(expected);
  free(actual);
  test_weights_free(&weights);
}

void check_kernels_variants(ams_abi_layer_t layer, int64_t vectors,
                            const float *w, const float *x, size_t num_threads,
                            const int *threads) {
  for (int format = 0; format < 2; ++format)
    for (int noise = 0; noise < 2; ++noise) {
      layer.device.partial_format = format;
      ams_product_options_t options = {.seed = UINT64_C(0x1234567800000007),
                                       .first_vector = 1000,
                                       .noise = noise};
      check_kernels(&layer, options, vectors, w, x, num_threads, threads);
    }
}
