//===-- memory.c - Aligned memory ---------------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Buffers for kernels, with checked sizes.
//
//===----------------------------------------------------------------------===//

#include "memory.h"

#include "kernel.h"

#include <stdlib.h>

size_t ams_memory_align(size_t size) {
  size_t padded;
  if (__builtin_add_overflow(size, AMS_KERNEL_ALIGNMENT - 1, &padded))
    return SIZE_MAX;
  return padded / AMS_KERNEL_ALIGNMENT * AMS_KERNEL_ALIGNMENT;
}

ams_status_t ams_memory_allocate(size_t count, size_t size, void **out_memory) {
  size_t total;
  bool overflows = __builtin_mul_overflow(count, size, &total);
  *out_memory = overflows ? NULL
                          : aligned_alloc(AMS_KERNEL_ALIGNMENT,
                                          total ? total : AMS_KERNEL_ALIGNMENT);
  if (*out_memory)
    return AMS_OK;
  return ams_status_make(AMS_STATUS_OUT_OF_MEMORY,
                         "out of memory: %zu buffers of %zu bytes", count,
                         size);
}
