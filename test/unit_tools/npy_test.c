//===-- npy_test.c - Tests of the .npy reader and writer ----------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Round trips, every element type, and files that are damaged at every byte.
//
//===----------------------------------------------------------------------===//

#include "npy.h"
#include "npy_header.h"
#include "scratch_file.h"
#include "tensor_file.h"

/// Writes a file of version `major` with the dictionary `text` and `data`.
static void write_npy(const char *path, int major, const char *text,
                      const void *data, size_t size) {
  unsigned char file[1024] = "\x93NUMPY";
  size_t length = strlen(text), at = 8;
  file[6] = (unsigned char)major;
  file[at++] = (unsigned char)length;
  file[at++] = (unsigned char)(length >> 8);
  if (major > 1) {
    file[at++] = 0;
    file[at++] = 0;
  }
  memcpy(file + at, text, length);
  memcpy(file + at + length, data, size);
  scratch_write(path, file, at + length + size);
}

static void write_tensor(const char *path, const ams_tensor_t *tensor) {
  ams_output_file_t file;
  assert_ok(ams_output_file_open(path, &file));
  assert_ok(ams_npy_write(&file, tensor));
  assert_ok(ams_output_file_commit(&file));
}

static void test_round_trip(void **state) {
  (void)state;
  char *path = scratch_path("a.npy");
  for (int rank = 0; rank <= AMS_ABI_MAX_RANK; ++rank) {
    const int64_t dims[AMS_ABI_MAX_RANK] = {3, 1, 2, 1, 2, 1, 1, 4};
    ams_tensor_t tensor, read;
    assert_ok(ams_tensor_allocate(AMS_ELEMENT_F32, rank, dims, "t", &tensor));
    for (int64_t i = 0; i < tensor.count; ++i)
      ((float *)tensor.data)[i] = (float)i / 3.0f;
    write_tensor(path, &tensor);

    size_t size;
    unsigned char *bytes = scratch_read(path, &size);
    size_t header = 10u + bytes[8] + 256u * bytes[9];
    assert_int_equal(header % 64, 0);
    assert_int_equal(bytes[header - 1], '\n');
    assert_int_equal(size, header + (size_t)tensor.count * 4);
    free(bytes);

    assert_ok(ams_npy_read(path, &read));
    assert_int_equal(read.element, AMS_ELEMENT_F32);
    assert_int_equal(read.rank, rank);
    assert_int_equal(read.count, tensor.count);
    assert_memory_equal(read.dims, tensor.dims, sizeof read.dims);
    assert_memory_equal(read.data, tensor.data, (size_t)tensor.count * 4);
    ams_tensor_free(&read);
    ams_tensor_free(&tensor);
  }
  scratch_remove(path);
}

static void test_header_text(void **state) {
  (void)state;
  ams_tensor_t tensor = {.element = AMS_ELEMENT_I64, .rank = 1, .dims = {5}};
  char header[AMS_NPY_HEADER_SIZE];
  size_t size = ams_npy_header_format(&tensor, header);
  const char *text =
      "{'descr': '<i8', 'fortran_order': False, 'shape': (5,), }";
  assert_memory_equal(header + 10, text, strlen(text));
  assert_int_equal(size, 128);
}

static void test_element_types(void **state) {
  (void)state;
  char *path = scratch_path("a.npy");
  static const struct {
    const char *descr;
    unsigned char bytes[16];
    float values[2];
  } cases[] = {
      {"<f4", {0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0}, {1, -2}},
      {"<f8", {0, 0, 0, 0, 0, 0, 0xf0, 0x3f, [15] = 0xc0}, {1, -2}},
      {"|i1", {1, 0xfe}, {1, -2}},
      {"<i2", {1, 0, 0xfe, 0xff}, {1, -2}},
      {"<i4", {1, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff}, {1, -2}},
      {"|u1", {1, 0xfe}, {1, 254}},
      {"<u2", {1, 0, 0xfe, 0xff}, {1, 65534}},
      {"<u4", {1, 0, 0, 0, 0, 0, 0, 0x80}, {1, 2147483648.0f}},
      {"|b1", {1, 0}, {1, 0}},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i)
    for (int major = 1; major <= 3; ++major) {
      char text[128];
      snprintf(text, sizeof text,
               "{\"shape\": (2,), 'fortran_order':False,'descr': '%s'}\n",
               cases[i].descr);
      char digit = cases[i].descr[2];
      write_npy(path, major, text, cases[i].bytes, 2u * (size_t)(digit - '0'));
      ams_tensor_t tensor;
      assert_ok(ams_tensor_file_read(path, &tensor));
      assert_ok(ams_tensor_convert(&tensor, AMS_ELEMENT_F32, "t"));
      assert_memory_equal(tensor.data, cases[i].values, 8);
      ams_tensor_free(&tensor);
    }
  scratch_remove(path);
}

static void test_refusals(void **state) {
  (void)state;
  char *path = scratch_path("a.npy");
  static const struct {
    const char *text, *message;
  } cases[] = {
      {"{'descr': '<f4', 'fortran_order': True, 'shape': (1, 2)}",
       "Fortran order"},
      {"{'descr': '>f4', 'fortran_order': False, 'shape': (2,)}", "big-endian"},
      {"{'descr': '<c8', 'fortran_order': False, 'shape': (2,)}", "'<c8'"},
      {"{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,)}",
       "structures"},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,2)}",
       "more than 8"},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}",
       "a dimension expected"},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': "
       "(99999999999999999999,)}",
       "below 2^63"},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': "
       "(4611686018427387904, 4)}",
       "larger than any memory"},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': "
       "(4611686018427387904,)}",
       "larger than any memory"},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000,)}",
       "truncated"},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (3,)}", "truncated"},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}", "longer"},
      {"{'descr': '<f4', 'fortran_order': False}", "'shape' expected"},
      {"{'descr': '<f4', 'descr': '<f4', 'shape': (2,)}", "once each"},
      {"{'descr': '<f4', 'fortran_order': 0, 'shape': (2,)}", "True or False"},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (2,)",
       "'}' expected"},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} x",
       "nothing after"},
      {"{'descr: <f4, fortran_order: False, shape: (2,)}", "end of a string"},
      {"", "'{' expected"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
    write_npy(path, 1, cases[i].text, "\0\0\0\0\0\0\0\0", 8);
    ams_tensor_t tensor;
    ams_status_t status = ams_npy_read(path, &tensor);
    assert_non_null(strstr(ams_status_message(status), path));
    assert_error(status, cases[i].message);
  }
  scratch_write(path, "", 0);
  ams_tensor_t tensor;
  assert_error(ams_npy_read(path, &tensor), "the file is empty");
  scratch_write(path, "hello, world", 12);
  assert_error(ams_npy_read(path, &tensor), "not a .npy file");
  scratch_write(path, "\x93NUMPY\x09\x00\x01\x00{", 11);
  assert_error(ams_npy_read(path, &tensor), "version 9");
  scratch_write(path, "\x93NUMPY\x02\x00\xff\xff\xff\xff{", 13);
  assert_error(ams_npy_read(path, &tensor), "4294967295 bytes");
  unlink(path);
  assert_error(ams_npy_read(path, &tensor), "No such file");
  assert_error(ams_npy_read("/", &tensor), "not a regular file");
  scratch_remove(path);
}

/// Every prefix of a file, and every file with one byte changed, gives an
/// error or a tensor: nothing else.
static void test_damaged(void **state) {
  (void)state;
  char *path = scratch_path("a.npy");
  ams_tensor_t tensor;
  assert_ok(
      ams_tensor_allocate(AMS_ELEMENT_F32, 2, (int64_t[]){2, 3}, "t", &tensor));
  memset(tensor.data, 0, 24);
  write_tensor(path, &tensor);
  ams_tensor_free(&tensor);
  size_t size;
  unsigned char *bytes = scratch_read(path, &size);
  for (size_t length = 0; length < size; ++length) {
    scratch_write(path, bytes, length);
    assert_error(ams_npy_read(path, &tensor), path);
  }
  static const unsigned char changes[] = {0x01, 0x02, 0x10, 0x80, 0xff};
  for (size_t at = 0; at < size; ++at)
    for (size_t c = 0; c < sizeof changes; ++c) {
      bytes[at] ^= changes[c];
      scratch_write(path, bytes, size);
      ams_status_t status = ams_tensor_file_read(path, &tensor);
      if (status)
        ams_status_free(status);
      else
        ams_tensor_free(&tensor);
      bytes[at] ^= changes[c];
    }
  free(bytes);
  scratch_remove(path);
}

static void test_conversion(void **state) {
  (void)state;
  ams_tensor_t tensor;
  assert_ok(
      ams_tensor_allocate(AMS_ELEMENT_F64, 1, (int64_t[]){2}, "t", &tensor));
  ((double *)tensor.data)[0] = 0.1;
  ((double *)tensor.data)[1] = 1e300;
  assert_error(ams_tensor_convert(&tensor, AMS_ELEMENT_I64, "labels"),
               "labels holds float64 where integers are needed");
  assert_ok(ams_tensor_convert(&tensor, AMS_ELEMENT_F32, "t"));
  assert_true(((float *)tensor.data)[0] == 0.1f);
  assert_int_equal(ams_tensor_find_not_finite(&tensor), 1);
  ams_tensor_free(&tensor);

  assert_ok(
      ams_tensor_allocate(AMS_ELEMENT_U8, 2, (int64_t[]){2, 3}, "t", &tensor));
  memcpy(tensor.data, "\0\1\2\3\4\377", 6);
  char text[AMS_SHAPE_TEXT_SIZE];
  ams_tensor_format_index(&tensor, 5, text);
  assert_string_equal(text, "[1, 2]");
  assert_ok(ams_tensor_convert(&tensor, AMS_ELEMENT_I64, "t"));
  assert_int_equal(((int64_t *)tensor.data)[5], 255);
  ams_tensor_free(&tensor);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_round_trip),    cmocka_unit_test(test_header_text),
      cmocka_unit_test(test_element_types), cmocka_unit_test(test_refusals),
      cmocka_unit_test(test_damaged),       cmocka_unit_test(test_conversion),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
