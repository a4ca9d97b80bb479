//===-- digital_peer.c - The digital operations as C loops --------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// As one writes them, for a compiler that may do with floating point what it
// likes: see CMakeLists.txt for its options.
//
//===----------------------------------------------------------------------===//

#include "digital_peer.h"

#include <float.h>
#include <math.h>

void peer_gelu(size_t rows, size_t columns, const float *x, const float *factor,
               const float *offset, float *y) {
  (void)factor;
  for (size_t r = 0; r < rows; ++r)
    for (size_t c = 0; c < columns; ++c) {
      float v = x[r * columns + c] + offset[c];
      y[r * columns + c] = 0.5F * v * (1 + erff(v * 0.70710678118F));
    }
}

void peer_gelu_tanh(size_t rows, size_t columns, const float *x,
                    const float *factor, const float *offset, float *y) {
  (void)factor;
  for (size_t r = 0; r < rows; ++r)
    for (size_t c = 0; c < columns; ++c) {
      float v = x[r * columns + c] + offset[c];
      float u = 1.5957691216F * (v + 0.044715F * v * v * v);
      y[r * columns + c] = v / (1 + expf(-u));
    }
}

void peer_layer_norm(size_t rows, size_t columns, const float *x,
                     const float *factor, const float *offset, float *y) {
  for (size_t r = 0; r < rows; ++r) {
    const float *in = x + r * columns;
    float *out = y + r * columns;
    float sum = 0, squares = 0;
    for (size_t c = 0; c < columns; ++c)
      sum += in[c];
    float mean = sum / (float)columns;
    for (size_t c = 0; c < columns; ++c)
      squares += (in[c] - mean) * (in[c] - mean);
    float deviation = sqrtf(squares / (float)columns + 1e-5F);
    for (size_t c = 0; c < columns; ++c)
      out[c] = (in[c] - mean) / deviation * factor[c] + offset[c];
  }
}

void peer_softmax(size_t rows, size_t columns, const float *x,
                  const float *factor, const float *offset, float *y) {
  (void)factor;
  (void)offset;
  for (size_t r = 0; r < rows; ++r) {
    const float *in = x + r * columns;
    float *out = y + r * columns;
    float largest = -FLT_MAX, sum = 0;
    for (size_t c = 0; c < columns; ++c)
      largest = in[c] > largest ? in[c] : largest;
    for (size_t c = 0; c < columns; ++c) {
      out[c] = expf(in[c] - largest);
      sum += out[c];
    }
    for (size_t c = 0; c < columns; ++c)
      out[c] /= sum;
  }
}
