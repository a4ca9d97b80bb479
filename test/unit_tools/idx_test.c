//===-- idx_test.c - Tests of the IDX reader ----------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Plain and compressed files, damaged ones at every byte.
//
//===----------------------------------------------------------------------===//

#include "idx.h"
#include "scratch_file.h"
#include "tensor_file.h"

#include <zlib.h>

static const unsigned char images[] = {0, 0, 8, 3, 0, 0, 0, 2, 0,  0,   0,
                                       1, 0, 0, 0, 3, 0, 1, 2, 51, 255, 128};
static const unsigned char labels[] = {0, 0, 8, 1, 0, 0, 0, 3, 9, 0, 4};

static void write_compressed(const char *path, const void *data, size_t size) {
  gzFile file = gzopen(path, "wb");
  assert_non_null(file);
  assert_int_equal(gzwrite(file, data, (unsigned)size), (int)size);
  assert_int_equal(gzclose(file), Z_OK);
}

static void check_images(const ams_tensor_t *tensor) {
  assert_int_equal(tensor->element, AMS_ELEMENT_F32);
  assert_int_equal(tensor->rank, 3);
  assert_int_equal(tensor->dims[0], 2);
  assert_int_equal(tensor->dims[2], 3);
  assert_true(tensor->images);
  const float *values = tensor->data;
  for (int i = 0; i < 6; ++i)
    assert_true(values[i] == (float)images[16 + i] / 255.0f);
}

static void read_images(const char *path) {
  ams_tensor_t tensor;
  assert_ok(ams_tensor_file_read(path, &tensor));
  check_images(&tensor);
  ams_tensor_free(&tensor);
}

static void test_images(void **state) {
  (void)state;
  char *path = scratch_path("images-idx3-ubyte.gz");
  write_compressed(path, images, sizeof images);
  read_images(path);
  scratch_write(path, images, sizeof images);
  read_images(path);
  scratch_remove(path);
}

static void test_labels(void **state) {
  (void)state;
  char *path = scratch_path("labels");
  write_compressed(path, labels, sizeof labels);
  ams_tensor_t tensor;
  assert_ok(ams_tensor_file_read(path, &tensor));
  assert_int_equal(tensor.element, AMS_ELEMENT_I64);
  assert_int_equal(tensor.rank, 1);
  assert_false(tensor.images);
  assert_memory_equal(tensor.data, ((int64_t[]){9, 0, 4}), 24);
  ams_tensor_free(&tensor);
  scratch_remove(path);
}

static void test_refusals(void **state) {
  (void)state;
  char *path = scratch_path("a");
  ams_tensor_t tensor;
  static const struct {
    unsigned char bytes[12];
    size_t size;
    const char *message;
  } cases[] = {
      {{0}, 0, "the file is empty"},
      {{'P', 'K', 3, 4}, 4, ".npz"},
      {{'t', 'e', 'x', 't'}, 4, "neither a .npy nor an IDX file"},
      {{0, 0, 0x0d, 1, 0, 0, 0, 1, 0, 0, 0, 0}, 12, "type 0x0d"},
      {{0, 0, 8, 200, 0, 0, 0, 1}, 8, "200 dimensions"},
      {{0, 0, 8, 2, 0, 0, 0, 1, 0}, 9, "ends inside the header"},
      {{0, 0, 8, 1, 0, 0, 0, 5, 1, 2}, 10, "ends inside the elements"},
      {{0, 0, 8, 1, 0, 0, 0, 1, 1, 2}, 10, "longer than its array"},
      {{0, 0, 8, 1, 0xff, 0xff, 0xff, 0xff}, 8, "too short for its shape"},
      {{0x1f, 0x8b, 8, 0, 0, 0, 0, 0}, 8, "truncated"},
      {{0x1f, 0x8b, 9, 9, 9, 9, 9, 9}, 8, "corrupt"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
    scratch_write(path, cases[i].bytes, cases[i].size);
    assert_error(ams_tensor_file_read(path, &tensor), cases[i].message);
  }
  write_compressed(path, "hello, world", 12);
  assert_error(ams_tensor_file_read(path, &tensor), "not an IDX file");
  scratch_remove(path);
}

/// Every prefix of a compressed file is an error, and so is every changed bit
/// that matters.
static void test_damaged(void **state) {
  (void)state;
  char *path = scratch_path("a.gz");
  write_compressed(path, images, sizeof images);
  size_t size;
  unsigned char *bytes = scratch_read(path, &size);
  ams_tensor_t tensor;
  for (size_t length = 0; length < size; ++length) {
    scratch_write(path, bytes, length);
    assert_error(ams_tensor_file_read(path, &tensor), path);
  }
  for (size_t at = 0; at < size; ++at)
    for (int bit = 0; bit < 8; ++bit) {
      bytes[at] ^= (unsigned char)(1 << bit);
      scratch_write(path, bytes, size);
      ams_status_t status = ams_tensor_file_read(path, &tensor);
      if (!status) {
        check_images(&tensor);
        ams_tensor_free(&tensor);
      }
      ams_status_free(status);
      bytes[at] ^= (unsigned char)(1 << bit);
    }
  free(bytes);
  scratch_remove(path);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_images),
      cmocka_unit_test(test_labels),
      cmocka_unit_test(test_refusals),
      cmocka_unit_test(test_damaged),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
