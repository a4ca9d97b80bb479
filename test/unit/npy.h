//===-- npy.h - Reading .npy files --------------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TEST_NPY_H
#define AMS_TEST_NPY_H

#include <stdbool.h>
#include <stdint.h>

#define NPY_MAX_RANK 4

/// An array of float32, int16 or int32, in C order.
typedef struct npy {
  char type[4]; // "<f4", "<i2" or "<i4"
  int rank;
  int64_t shape[NPY_MAX_RANK];
  int64_t size; // elements
  void *data;   // NULL: could not be read
} npy_t;

/// Reads DIRECTORY/NAME.npy; `data` is freed by npy_free.
npy_t npy_read(const char *directory, const char *name);
void npy_free(npy_t *array);

/// Element `index` of an integer array.
int32_t npy_integer(const npy_t *array, int64_t index);

#endif // AMS_TEST_NPY_H
