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

/// Gathers `vectors` input vectors from number `first` on (output pixels in
/// row-major order over all images of x [B, H, W, C]) for one of `groups`
/// groups, in V4's order, to patches [vectors][K]. Padding gives +0.
void ams_patches_gather(const ams_abi_conv_t *conv, int64_t groups,
                        int64_t group, const float *x, int64_t first,
                        int64_t vectors, float *patches);

#endif // AMS_PATCHES_H
