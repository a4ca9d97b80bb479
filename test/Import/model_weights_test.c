//===-- model_weights_test.c - Tests of weights in a file --------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The argument is a model with an initializer of 10 numbers, "linear.bias".
//
//===----------------------------------------------------------------------===//

#include "ModelWeights.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define BIAS "linear.bias"

enum { COUNT = 10 };

static const char *program_path, *model_path;
static char reason[256];

static AmsModelWeights *open_model(void **state) {
  (void)state;
  AmsModelWeights *weights =
      amsModelWeightsOpen(model_path, reason, sizeof reason);
  if (!weights)
    fail_msg("%s: %s", model_path, reason);
  return weights;
}

/// What is replaced reads back, and the rest of the file stays as it was.
static void test_replace(void **state) {
  AmsModelWeights *before = open_model(state), *after = open_model(state);
  float numbers[COUNT], tuned[COUNT], read[COUNT];
  assert_true(
      amsModelWeightsGet(before, BIAS, COUNT, numbers, reason, sizeof reason));
  for (int i = 0; i < COUNT; ++i)
    tuned[i] = numbers[i] * 1.5f + 1;
  assert_true(
      amsModelWeightsSet(after, BIAS, COUNT, tuned, reason, sizeof reason));
  assert_true(
      amsModelWeightsGet(after, BIAS, COUNT, read, reason, sizeof reason));
  assert_memory_equal(read, tuned, sizeof read);
  size_t sizes[2];
  const unsigned char *old = amsModelWeightsBytes(before, &sizes[0]);
  const unsigned char *new = amsModelWeightsBytes(after, &sizes[1]);
  assert_int_equal(sizes[0], sizes[1]);
  size_t first = sizes[0], last = 0;
  for (size_t i = 0; i < sizes[0]; ++i)
    if (old[i] != new[i]) {
      first = i < first ? i : first;
      last = i;
    }
  assert_true(first < last && last - first < sizeof tuned);
  assert_true(
      amsModelWeightsSet(after, BIAS, COUNT, numbers, reason, sizeof reason));
  assert_memory_equal(old, new, sizes[0]);
  amsModelWeightsClose(before);
  amsModelWeightsClose(after);
}

static void test_refusals(void **state) {
  AmsModelWeights *weights = open_model(state);
  float numbers[COUNT + 1];
  assert_false(amsModelWeightsGet(weights, "nothing", COUNT, numbers, reason,
                                  sizeof reason));
  assert_non_null(strstr(reason, "the model has no initializer 'nothing'"));
  assert_false(amsModelWeightsSet(weights, BIAS, COUNT + 1, numbers, reason,
                                  sizeof reason));
  assert_non_null(strstr(reason, "has 40 bytes, not those of 11 numbers"));
  amsModelWeightsClose(weights);
  assert_null(amsModelWeightsOpen("/nowhere.onnx", reason, sizeof reason));
  assert_non_null(strstr(reason, "No such file"));
  assert_null(amsModelWeightsOpen(program_path, reason, sizeof reason));
  assert_non_null(strstr(reason, "byte"));
}

/// Two initializers: of int64, and of float32 but not in raw_data.
static void test_other_storage(void **state) {
  (void)state;
  static const unsigned char model[] = {
      0x3a, 14,                        // graph
      0x2a, 5,  0x10, 7, 0x42, 1, 'i', // data_type, name
      0x2a, 5,  0x10, 1, 0x42, 1, 'f'};
  char path[] = "/tmp/ams-weights-XXXXXX";
  int file = mkstemp(path);
  assert_true(file >= 0);
  assert_int_equal(write(file, model, sizeof model), sizeof model);
  close(file);
  AmsModelWeights *weights = amsModelWeightsOpen(path, reason, sizeof reason);
  unlink(path);
  if (!weights)
    fail_msg("%s", reason);
  float number;
  assert_false(
      amsModelWeightsGet(weights, "i", 1, &number, reason, sizeof reason));
  assert_string_equal(reason, "initializer 'i' is not of float32");
  assert_false(
      amsModelWeightsGet(weights, "f", 1, &number, reason, sizeof reason));
  assert_non_null(
      strstr(reason, "initializer 'f' does not stand in the file as raw_data"));
  amsModelWeightsClose(weights);
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: %s MODEL\n", argv[0]);
    return 2;
  }
  program_path = argv[0];
  model_path = argv[1];
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_replace),
      cmocka_unit_test(test_refusals),
      cmocka_unit_test(test_other_storage),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
