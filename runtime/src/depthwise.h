//===-- depthwise.h - Convolutions of single channels -------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The interface to kernels for convolutions whose groups have one channel and
// one output each: 64 channels, a strip, are computed side by side, though each
// is a product with scales of its own.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_DEPTHWISE_H
#define AMS_DEPTHWISE_H

#include "kernel.h"

/// Channels of a strip.
#define AMS_DEPTHWISE_STRIP 64

/// Most elements of a reduction, positions of the convolution's kernel.
#define AMS_DEPTHWISE_MOST_POSITIONS 64

/// One strip of one image, some of its rows.
typedef struct ams_depthwise_args {
  const ams_geometry_t *geometry; // of one channel
  const ams_abi_conv_t *conv;
  const void *weights; // packed by `pack`
  int64_t channel;     // the strip's first
  int64_t begin, end;  // rows of output pixels
  const float *x;      // the image
  ams_gains_t gains;   // an output is a channel, of all groups
  ams_noise_t noise;   // of the image's first output pixel
  void *scratch;
  float *y; // the image's outputs
} ams_depthwise_args_t;

struct ams_depthwise {
  /// Bytes that `pack` writes, and packs codes [C][T][n] and scales [C][T].
  size_t (*weights_size)(const ams_geometry_t *geometry, int64_t channels);
  void (*pack)(const ams_geometry_t *geometry, int64_t channels,
               const int8_t *codes, const uint16_t *scales, void *weights);

  /// Bytes of scratch memory of one call.
  size_t (*scratch_size)(const ams_abi_conv_t *conv);
  /// Quantises and multiplies. False, with y unspecified, where a row of the
  /// image that it came by holds a NaN or infinity.
  bool (*multiply)(const ams_depthwise_args_t *args);
};

#if defined(__x86_64__)
extern const ams_depthwise_t ams_depthwise_avx2;
extern const ams_depthwise_t ams_depthwise_avx512;
extern const ams_depthwise_t ams_depthwise_avx512vnni;
#endif

#endif // AMS_DEPTHWISE_H
