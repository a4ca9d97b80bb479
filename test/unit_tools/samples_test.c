//===-- samples_test.c - Tests of samples and their labels --------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Files of a model with two inputs: what is read, gathered and split, what its
// checksum depends on, and what is refused.
//
//===----------------------------------------------------------------------===//

#include "npy.h"
#include "samples.h"
#include "scratch_file.h"

#include <math.h>

enum { SAMPLES = 6, WIDTH = 4, POSITIONS = 2, CLASSES = 3, FILES = 3 };

//===----------------------------------------------------------------------===//
// A model and its files
//===----------------------------------------------------------------------===//

/// Of images [2, 4] and numbers [2] to scores [2, 2, 3].
typedef struct manifest {
  ams_abi_manifest_t head;
  ams_abi_tensor_t inputs[2], output;
  char strings[16];
} manifest_t;

static manifest_t manifest = {
    .head = {.size = sizeof manifest,
             .target = AMS_ABI_DIGITAL,
             .batch = 2,
             .num_inputs = 2,
             .num_outputs = 1,
             .inputs = offsetof(manifest_t, inputs),
             .outputs = offsetof(manifest_t, output),
             .strings = offsetof(manifest_t, strings),
             .strings_size = sizeof manifest.strings},
    .inputs = {{.name = 0, .rank = 2, .dims = {2, WIDTH}},
               {.name = 2, .dtype = AMS_ABI_I64, .rank = 1, .dims = {2}}},
    .output = {.name = 4, .rank = 3, .dims = {2, POSITIONS, CLASSES}},
    .strings = "x\0n\0y",
};

static void run(ams_call_t *call, const void *const *inputs,
                void *const *outputs) {
  (void)call, (void)inputs, (void)outputs;
}

static const ams_abi_model_t table = {.magic = AMS_ABI_MAGIC,
                                      .version = AMS_ABI_VERSION,
                                      .manifest = &manifest.head,
                                      .run = run};

/// Three files: images, numbers, labels.
typedef struct fixture {
  ams_model_t *model;
  char *paths[FILES];
  char list[2048]; // all of them
  float images[SAMPLES * WIDTH];
  int64_t numbers[SAMPLES], classes[SAMPLES * POSITIONS];
  float targets[SAMPLES * POSITIONS * CLASSES];
} fixture_t;

static void write_array(const char *path, ams_element_t element, int rank,
                        const int64_t *dims, void *data) {
  ams_tensor_t tensor = {.element = element, .rank = rank, .count = 1};
  for (int i = 0; i < rank; ++i) {
    tensor.dims[i] = dims[i];
    tensor.count *= dims[i];
  }
  tensor.data = data;
  ams_output_file_t file;
  assert_ok(ams_output_file_open(path, &file));
  assert_ok(ams_npy_write(&file, &tensor));
  assert_ok(ams_output_file_commit(&file));
}

static void write_images(fixture_t *f, int64_t count) {
  write_array(f->paths[0], AMS_ELEMENT_F32, 2, (int64_t[]){count, WIDTH},
              f->images);
}

static void write_numbers(fixture_t *f, int64_t count) {
  write_array(f->paths[1], AMS_ELEMENT_I64, 1, &count, f->numbers);
}

static void write_classes(fixture_t *f, int64_t count) {
  write_array(f->paths[2], AMS_ELEMENT_I64, 1, &count, f->classes);
}

static void write_targets(fixture_t *f) {
  write_array(f->paths[2], AMS_ELEMENT_F32, 3,
              (int64_t[]){SAMPLES, POSITIONS, CLASSES}, f->targets);
}

static void open_fixture(fixture_t *f) {
  *f = (fixture_t){0};
  assert_ok(ams_model_open(&table, "test", &f->model));
  for (int i = 0; i < SAMPLES * WIDTH; ++i)
    f->images[i] = (float)i;
  for (int i = 0; i < SAMPLES; ++i)
    f->numbers[i] = 100 + i;
  for (int i = 0; i < SAMPLES * POSITIONS; ++i)
    f->classes[i] = i % CLASSES;
  for (int i = 0; i < SAMPLES * POSITIONS * CLASSES; ++i)
    f->targets[i] = 0.5f * (float)i;
  for (int i = 0; i < FILES; ++i)
    f->paths[i] = scratch_path("samples.npy");
  snprintf(f->list, sizeof f->list, "%s,%s,%s", f->paths[0], f->paths[1],
           f->paths[2]);
  write_images(f, SAMPLES);
  write_numbers(f, SAMPLES);
  write_classes(f, (int64_t)SAMPLES * POSITIONS);
}

static void close_fixture(fixture_t *f) {
  for (int i = 0; i < FILES; ++i)
    scratch_remove(f->paths[i]);
  ams_model_free(f->model);
}

static ams_status_t read_all(const fixture_t *f, ams_tune_loss_t loss,
                             ams_samples_t *out_samples) {
  return ams_samples_read(f->model, loss, "--train", f->list, out_samples);
}

static void refuse(const fixture_t *f, ams_tune_loss_t loss,
                   const char *message) {
  ams_samples_t samples;
  assert_error(read_all(f, loss, &samples), message);
}

//===----------------------------------------------------------------------===//
// Tests
//===----------------------------------------------------------------------===//

static void test_read(void **state) {
  (void)state;
  fixture_t f;
  open_fixture(&f);
  ams_samples_t samples;
  assert_ok(read_all(&f, AMS_TUNE_SOFTMAX_CROSS_ENTROPY, &samples));
  assert_int_equal(samples.num_inputs, 2);
  assert_int_equal(samples.count, SAMPLES);
  assert_int_equal(samples.stored, SAMPLES);
  assert_int_equal(samples.size, POSITIONS * CLASSES);
  assert_int_equal(samples.classes, CLASSES);
  assert_int_equal(ams_samples_bytes(&samples, 0), WIDTH * sizeof(float));
  assert_int_equal(ams_samples_bytes(&samples, 1), sizeof(int64_t));
  assert_int_equal(ams_samples_bytes(&samples, 2), POSITIONS * sizeof(int64_t));
  assert_memory_equal(samples.inputs[0].data, f.images, sizeof f.images);
  assert_memory_equal(samples.labels.data, f.classes, sizeof f.classes);
  ams_samples_free(&samples);
  assert_null(samples.inputs);

  write_targets(&f);
  assert_ok(read_all(&f, AMS_TUNE_L2, &samples));
  assert_int_equal(ams_samples_bytes(&samples, 2),
                   POSITIONS * CLASSES * sizeof(float));
  assert_memory_equal(samples.labels.data, f.targets, sizeof f.targets);
  ams_samples_free(&samples);
  close_fixture(&f);
}

/// Any order, and the same sample more than once.
static void test_gather(void **state) {
  (void)state;
  fixture_t f;
  open_fixture(&f);
  ams_samples_t samples;
  assert_ok(read_all(&f, AMS_TUNE_SOFTMAX_CROSS_ENTROPY, &samples));
  static const uint32_t chosen[] = {5, 0, 5};
  float images[3][WIDTH];
  int64_t numbers[3], classes[3][POSITIONS];
  void *const buffers[] = {images, numbers, classes};
  ams_samples_gather(&samples, chosen, 3, buffers);
  for (int i = 0; i < 3; ++i) {
    assert_memory_equal(images[i], f.images + chosen[i] * WIDTH,
                        sizeof images[i]);
    assert_int_equal(numbers[i], 100 + chosen[i]);
    assert_memory_equal(classes[i], f.classes + chosen[i] * POSITIONS,
                        sizeof classes[i]);
  }
  ams_samples_free(&samples);
  close_fixture(&f);
}

/// The last ones go, in their order; the others do not move.
static void test_split(void **state) {
  (void)state;
  fixture_t f;
  open_fixture(&f);
  ams_samples_t samples, last;
  assert_ok(read_all(&f, AMS_TUNE_SOFTMAX_CROSS_ENTROPY, &samples));
  assert_ok(ams_samples_split(&samples, 2, &last));
  assert_int_equal(samples.count, 4);
  assert_int_equal(samples.stored, SAMPLES);
  assert_int_equal(last.count, 2);
  assert_int_equal(last.stored, 2);
  assert_int_equal(last.classes, CLASSES);
  for (size_t i = 0; i < FILES; ++i)
    assert_int_equal(ams_samples_bytes(&last, i),
                     ams_samples_bytes(&samples, i));
  assert_memory_equal(last.inputs[0].data, f.images + 4 * WIDTH,
                      2 * WIDTH * sizeof(float));
  assert_memory_equal(last.inputs[1].data, f.numbers + 4, 2 * sizeof(int64_t));
  assert_memory_equal(last.labels.data, f.classes + 4 * POSITIONS,
                      2 * POSITIONS * sizeof(int64_t));
  ams_samples_free(&last);
  assert_error(ams_samples_split(&samples, 4, &last),
               "option '--hold-out': 4 of 4 samples leave none to train on");
  ams_samples_free(&samples);
  close_fixture(&f);
}

/// Every file counts, and the samples that are used.
static void test_checksum(void **state) {
  (void)state;
  fixture_t f;
  open_fixture(&f);
  uint32_t sums[5];
  for (int i = 0; i < 5; ++i) {
    ams_samples_t samples;
    f.images[0] += i == 1;
    f.numbers[SAMPLES - 1] += i == 2;
    f.classes[0] = i == 3;
    write_images(&f, SAMPLES);
    write_numbers(&f, SAMPLES);
    write_classes(&f, (int64_t)SAMPLES * POSITIONS);
    assert_ok(read_all(&f, AMS_TUNE_SOFTMAX_CROSS_ENTROPY, &samples));
    samples.count -= i == 4;
    sums[i] = ams_samples_checksum(&samples);
    assert_int_equal(sums[i], ams_samples_checksum(&samples));
    for (int j = 0; j < i; ++j)
      assert_int_not_equal(sums[i], sums[j]);
    ams_samples_free(&samples);
  }
  close_fixture(&f);
}

static void test_refused(void **state) {
  (void)state;
  const ams_tune_loss_t classes = AMS_TUNE_SOFTMAX_CROSS_ENTROPY;
  fixture_t f;
  open_fixture(&f);
  const size_t length = strlen(f.list);
  snprintf(f.list + length, sizeof f.list - length, ",more");
  refuse(&f, classes, "option '--train': give 3 files");
  f.list[length] = '\0';
  *strrchr(f.list, ',') = '\0';
  refuse(&f, classes, "option '--train': give 3 files");
  f.list[strlen(f.list)] = ',';

  write_numbers(&f, SAMPLES - 1);
  refuse(&f, classes, "holds 5 samples, but the files before it 6");
  write_numbers(&f, SAMPLES);
  write_classes(&f, SAMPLES);
  refuse(&f, classes, "holds 6 labels, but 6 samples need 2 each");
  f.classes[7] = CLASSES;
  write_classes(&f, (int64_t)SAMPLES * POSITIONS);
  refuse(&f, classes,
         "label 3 of sample 3 is not one of the model's 3 classes");
  f.classes[7] = -1;
  write_classes(&f, (int64_t)SAMPLES * POSITIONS);
  refuse(&f, classes, "label -1 of sample 3");
  refuse(&f, AMS_TUNE_L2, "holds 12 labels, but 6 samples need 6 each");
  write_targets(&f);
  refuse(&f, classes, "float32");
  f.targets[13] = INFINITY;
  write_targets(&f);
  refuse(&f, AMS_TUNE_BINARY_CROSS_ENTROPY,
         "the label of sample 2 is NaN or infinite");
  f.images[9] = NAN;
  write_images(&f, SAMPLES);
  refuse(&f, AMS_TUNE_L2, "holds NaN at index [2, 1] (sample 2)");
  close_fixture(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_read),    cmocka_unit_test(test_gather),
      cmocka_unit_test(test_split),   cmocka_unit_test(test_checksum),
      cmocka_unit_test(test_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
