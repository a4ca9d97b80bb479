//===-- tune_test.c - Tests of ams-tune's parts -------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Steps against formulas in float64, rates at the ends of their curves, orders
// of samples, and checkpoints whole, damaged and of another run.
//
//===----------------------------------------------------------------------===//

#include "checkpoint.h"
#include "curves.h"
#include "optimizer.h"
#include "schedule.h"
#include "scratch_file.h"
#include "shuffle.h"

#include <math.h>
#include <stdbool.h>

//===----------------------------------------------------------------------===//
// Optimizers
//===----------------------------------------------------------------------===//

enum { WEIGHTS = 3, STEPS = 50 };

/// A gradient that depends on the weight, so that errors would grow.
static double slope(int64_t step, int i, double weight) {
  return sin((double)(step * (i + 1))) + 0.5 * weight;
}

static void check_close(float actual, double expected) {
  if (fabs((double)actual - expected) > 2e-5 * (1 + fabs(expected)))
    fail_msg("%.9g, expected %.9g", (double)actual, expected);
}

static void test_sgd(void **state) {
  (void)state;
  ams_optimizer_t sgd = ams_optimizer_default(AMS_OPTIMIZER_SGD);
  sgd.weight_decay = 0.01f;
  assert_int_equal(ams_optimizer_state_size(&sgd), 1);
  float weights[WEIGHTS] = {1, -2, 0.5f}, kept[WEIGHTS] = {0};
  double w[WEIGHTS] = {1, -2, 0.5}, velocity[WEIGHTS] = {0};
  for (int64_t step = 1; step <= STEPS; ++step) {
    float gradient[WEIGHTS];
    for (int i = 0; i < WEIGHTS; ++i) {
      gradient[i] = (float)slope(step, i, (double)weights[i]);
      velocity[i] = 0.9 * velocity[i] + slope(step, i, w[i]) + 0.01 * w[i];
      w[i] -= 0.1 * velocity[i];
    }
    ams_optimizer_step(&sgd, 0.1f, step, WEIGHTS, gradient, kept, weights);
  }
  for (int i = 0; i < WEIGHTS; ++i)
    check_close(weights[i], w[i]);
}

static void test_adamw(void **state) {
  (void)state;
  ams_optimizer_t adamw = ams_optimizer_default(AMS_OPTIMIZER_ADAMW);
  adamw.weight_decay = 0.01f;
  assert_int_equal(ams_optimizer_state_size(&adamw), 2);
  float weights[WEIGHTS] = {1, -2, 0.5f}, kept[2 * WEIGHTS] = {0};
  double w[WEIGHTS] = {1, -2, 0.5}, m[WEIGHTS] = {0}, v[WEIGHTS] = {0};
  for (int64_t step = 1; step <= STEPS; ++step) {
    float gradient[WEIGHTS];
    for (int i = 0; i < WEIGHTS; ++i) {
      double g = slope(step, i, w[i]);
      gradient[i] = (float)slope(step, i, (double)weights[i]);
      m[i] = 0.9 * m[i] + 0.1 * g;
      v[i] = 0.999 * v[i] + 0.001 * g * g;
      double mean = m[i] / (1 - pow(0.9, (double)step));
      double square = v[i] / (1 - pow(0.999, (double)step));
      w[i] -= 0.05 * 0.01 * w[i] + 0.05 * mean / (sqrt(square) + 1e-8);
    }
    ams_optimizer_step(&adamw, 0.05f, step, WEIGHTS, gradient, kept, weights);
  }
  for (int i = 0; i < WEIGHTS; ++i)
    check_close(weights[i], w[i]);
}

//===----------------------------------------------------------------------===//
// Schedules
//===----------------------------------------------------------------------===//

static void test_schedules(void **state) {
  (void)state;
  ams_schedule_t schedule = {.kind = AMS_SCHEDULE_CONSTANT,
                             .rate = 0.5f,
                             .factor = 0.1f,
                             .period = 2,
                             .steps_per_epoch = 10,
                             .steps = 100};
  check_close(ams_schedule_rate(&schedule, 1), 0.5);
  check_close(ams_schedule_rate(&schedule, 100), 0.5);
  schedule.kind = AMS_SCHEDULE_STEP;
  check_close(ams_schedule_rate(&schedule, 20), 0.5);
  check_close(ams_schedule_rate(&schedule, 21), 0.05);
  check_close(ams_schedule_rate(&schedule, 41), 0.005);
  schedule.kind = AMS_SCHEDULE_COSINE;
  check_close(ams_schedule_rate(&schedule, 1), 0.5);
  check_close(ams_schedule_rate(&schedule, 51), 0.25);
  check_close(ams_schedule_rate(&schedule, 100), 0.5 * 2.4672e-4);
  schedule.kind = AMS_SCHEDULE_ONECYCLE;
  check_close(ams_schedule_rate(&schedule, 1), 0.02);
  check_close(ams_schedule_rate(&schedule, 16), (0.02 + 0.5) / 2);
  check_close(ams_schedule_rate(&schedule, 31), 0.5);
  check_close(ams_schedule_rate(&schedule, 66), (0.5 + 2e-6) / 2);
}

//===----------------------------------------------------------------------===//
// Orders
//===----------------------------------------------------------------------===//

enum { SAMPLES = 1000 };

static void test_shuffle(void **state) {
  (void)state;
  uint32_t order[SAMPLES], other[SAMPLES];
  bool seen[SAMPLES] = {false};
  ams_shuffle(7, 3, SAMPLES, order);
  for (int i = 0; i < SAMPLES; ++i) {
    assert_true(order[i] < SAMPLES && !seen[order[i]]);
    seen[order[i]] = true;
  }
  ams_shuffle(7, 3, SAMPLES, other);
  assert_memory_equal(order, other, sizeof order);
  ams_shuffle(7, 4, SAMPLES, other);
  assert_memory_not_equal(order, other, sizeof order);
  ams_shuffle(8, 3, SAMPLES, other);
  assert_memory_not_equal(order, other, sizeof order);
  ams_shuffle(7, 3, 0, other);
}

/// Where each of five samples ends is uniform over epochs: chi-squared with 16
/// degrees of freedom is below 39.3 in 999 of 1,000 such tables.
static void test_shuffle_is_uniform(void **state) {
  (void)state;
  enum { FEW = 5, EPOCHS = 20000 };
  int counts[FEW][FEW] = {{0}};
  for (uint32_t epoch = 0; epoch < EPOCHS; ++epoch) {
    uint32_t order[FEW];
    ams_shuffle(1, epoch, FEW, order);
    for (int i = 0; i < FEW; ++i)
      ++counts[i][order[i]];
  }
  double sum = 0;
  const double expected = (double)EPOCHS / FEW;
  for (int i = 0; i < FEW; ++i)
    for (int j = 0; j < FEW; ++j)
      sum += (counts[i][j] - expected) * (counts[i][j] - expected) / expected;
  assert_true(sum < 39.3);
}

//===----------------------------------------------------------------------===//
// Checkpoints
//===----------------------------------------------------------------------===//

/// A checkpoint of two tensors, one of them empty.
typedef struct sample {
  float numbers[4];
  ams_checkpoint_tensor_t tensors[2];
  ams_checkpoint_t checkpoint;
} sample_t;

static void make_sample(sample_t *sample, float first) {
  *sample = (sample_t){.numbers = {first, 2, 3, 4}};
  sample->tensors[0] = (ams_checkpoint_tensor_t){"fc1", 4, sample->numbers};
  sample->tensors[1] = (ams_checkpoint_tensor_t){"none", 0, NULL};
  sample->checkpoint = (ams_checkpoint_t){.run = "model a, device b",
                                          .step = 12,
                                          .best = 0.75,
                                          .num_tensors = 2,
                                          .tensors = sample->tensors};
}

static void test_checkpoint(void **state) {
  (void)state;
  char *path = scratch_path("run.checkpoint");
  sample_t written, read;
  make_sample(&written, 1.5f);
  assert_ok(ams_checkpoint_write(path, &written.checkpoint));
  make_sample(&read, 0);
  read.checkpoint.step = 0;
  read.checkpoint.best = 0;
  assert_ok(ams_checkpoint_read(path, &read.checkpoint));
  assert_int_equal(read.checkpoint.step, 12);
  assert_true(read.checkpoint.best == 0.75);
  assert_memory_equal(read.numbers, written.numbers, sizeof read.numbers);

  const char *other = "the checkpoint is of another run: ";
  read.checkpoint.run = "model a, device c";
  assert_error(ams_checkpoint_read(path, &read.checkpoint), other);
  read.checkpoint.run = written.checkpoint.run;
  read.tensors[0].name = "fc2";
  assert_error(ams_checkpoint_read(path, &read.checkpoint), other);
  read.tensors[0].name = "fc1";
  read.tensors[0].count = 3;
  assert_error(ams_checkpoint_read(path, &read.checkpoint), other);
  read.tensors[0].count = 4;
  read.checkpoint.num_tensors = 1;
  assert_error(ams_checkpoint_read(path, &read.checkpoint), other);
  scratch_remove(path);
  assert_error(ams_checkpoint_read("/nowhere/c", &read.checkpoint),
               "/nowhere/c: No such file");
  assert_error(ams_checkpoint_write("/nowhere/c", &read.checkpoint),
               "/nowhere/c");
}

/// Cut at every length and with every byte changed, nothing is read.
static void test_damaged_checkpoint(void **state) {
  (void)state;
  char *path = scratch_path("run.checkpoint");
  sample_t sample;
  make_sample(&sample, 1);
  assert_ok(ams_checkpoint_write(path, &sample.checkpoint));
  size_t size;
  unsigned char *bytes = scratch_read(path, &size);
  make_sample(&sample, -1);
  for (size_t cut = 0; cut < size; ++cut) {
    scratch_write(path, bytes, cut);
    assert_error(ams_checkpoint_read(path, &sample.checkpoint), path);
  }
  for (size_t i = 0; i < size; ++i) {
    bytes[i] ^= 0x10;
    scratch_write(path, bytes, size);
    bytes[i] ^= 0x10;
    assert_error(ams_checkpoint_read(path, &sample.checkpoint), path);
  }
  assert_true(sample.numbers[0] == -1);
  free(bytes);
  scratch_remove(path);
}

//===----------------------------------------------------------------------===//
// Curves
//===----------------------------------------------------------------------===//

static const ams_curve_t sample_curves[] = {
    {"training loss", "loss"}, {"top-1", "metric"}, {"a, \"b\" & <c>", "loss"}};
static const double sample_values[] = {0, 2, NAN, 5, 10, 1, 0.5, NAN};
static const ams_curves_t sample_run = {"a <run>", 3, sample_curves, 2,
                                        sample_values};

enum { TEXT_SIZE = 16384 };

/// What a writer writes for the sample.
static void write_curves(void (*write)(const ams_curves_t *, FILE *),
                         char text[TEXT_SIZE]) {
  FILE *stream = fmemopen(text, TEXT_SIZE, "w");
  assert_non_null(stream);
  write(&sample_run, stream);
  assert_int_equal(fclose(stream), 0);
}

static void test_csv(void **state) {
  (void)state;
  char text[TEXT_SIZE];
  write_curves(ams_curves_write_csv, text);
  assert_string_equal(text, "step,training loss,top-1,\"a, \"\"b\"\" & <c>\"\n"
                            "0,2,,5\n"
                            "10,1,0.5,\n");
}

/// Two panels; values at the edges of their frame; nothing from elsewhere.
static void test_html(void **state) {
  (void)state;
  char text[TEXT_SIZE];
  write_curves(ams_curves_write_html, text);
  assert_non_null(strstr(text, "<title>a &lt;run></title>"));
  assert_non_null(strstr(text, "a, \"b\" &amp; &lt;c>"));
  assert_non_null(strstr(text, "<h2>loss</h2>"));
  assert_non_null(strstr(text, "points=\"70.0,175.0 750.0,230.0 \""));
  assert_non_null(strstr(text, "points=\"70.0,10.0 \""));
  assert_non_null(strstr(text, "points=\"70.0,120.0 \""));
  const char *last = strstr(text, "<h2>metric</h2>");
  assert_non_null(last);
  assert_null(strstr(last + 1, "<h2>"));
  assert_null(strstr(text, "http"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_sgd),
      cmocka_unit_test(test_adamw),
      cmocka_unit_test(test_schedules),
      cmocka_unit_test(test_shuffle),
      cmocka_unit_test(test_shuffle_is_uniform),
      cmocka_unit_test(test_checkpoint),
      cmocka_unit_test(test_damaged_checkpoint),
      cmocka_unit_test(test_csv),
      cmocka_unit_test(test_html),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
