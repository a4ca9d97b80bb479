//===-- memory.h - Aligned memory ---------------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_MEMORY_H
#define AMS_MEMORY_H

#include "ams/status.h"

#include <stddef.h>

/// `size` rounded up to AMS_KERNEL_ALIGNMENT, or SIZE_MAX where that overflows.
size_t ams_memory_align(size_t size);

/// Allocates `count` pieces of `size` bytes, `size` a multiple of
/// AMS_KERNEL_ALIGNMENT, aligned to it. Fails with out-of-memory, which also
/// stands for an overflow of the product. Freed with free().
ams_status_t ams_memory_allocate(size_t count, size_t size, void **out_memory);

#endif // AMS_MEMORY_H
