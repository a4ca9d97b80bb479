//===-- clipping.c - Records of clipped conversions ---------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "clipping.h"

#include "layer.h"

size_t ams_clipping_size(const ams_abi_layer_t *layer) {
  const ams_geometry_t geometry = ams_layer_geometry(layer);
  const int64_t factors[] = {layer->vectors, layer->groups, geometry.blocks,
                             ams_clipping_row(geometry.outputs)};
  size_t size = (size_t)layer->batch;
  for (size_t i = 0; i < sizeof factors / sizeof *factors; ++i)
    if (__builtin_mul_overflow(size, (size_t)factors[i], &size))
      return SIZE_MAX;
  return size;
}
