//===-- patches.h - Input vectors of a convolution ----------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_PATCHES_H
#define AMS_PATCHES_H

#include "ams/abi.h"

#include <stdbool.h>

/// Elements of an input vector that follow each other in V4's order: where in
/// the image the first one's kernel position lies, which may be in the padding,
/// its column of the kernel, its channel of the group, and their number.
typedef struct ams_patch {
  int64_t row, column;
  int64_t kernel_column, channel;
  int64_t length;
} ams_patch_t;

/// The whole vector of output pixel number `vector` of its image.
ams_patch_t ams_patch_of_vector(const ams_abi_conv_t *conv, int64_t groups,
                                int64_t vector);

/// Where the patch's elements lie side by side: in `image` [H, W, C], or else
/// in `room`, to which they are gathered. Padding gives +0.
const float *ams_patch_find(const ams_abi_conv_t *conv, int64_t groups,
                            int64_t group, const float *image,
                            const ams_patch_t *patch, float *room);

/// Finds `vectors` whole vectors from number `first` on, counted over all
/// images of x [B, H, W, C]. `room` is for all of them, one after the other.
void ams_patches_find(const ams_abi_conv_t *conv, int64_t groups, int64_t group,
                      const float *x, int64_t first, int64_t vectors,
                      float *room, const float **out_patches);

/// Whether whole vectors always lie in the image, so that no room is needed.
bool ams_patches_lie_in_image(const ams_abi_conv_t *conv);

/// The first of those vectors that holds an element that is NaN or infinite as
/// bfloat16, or -1.
int64_t ams_patches_find_bad(const ams_abi_conv_t *conv, int64_t groups,
                             int64_t group, const float *x, int64_t first,
                             int64_t vectors);

#endif // AMS_PATCHES_H
