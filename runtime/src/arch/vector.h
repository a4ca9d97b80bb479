//===-- vector.h - The widest vectors of a kernel's flags --------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The operations that the kernels' shared parts are written in: the same names
// for either width. A kernel's file is compiled with flags for its
// instructions, which decide here.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_ARCH_VECTOR_H
#define AMS_ARCH_VECTOR_H

#if defined(__AVX512F__)
#include "vector512.h"
#else
#include "vector256.h"
#endif

/// bf16(v), where v is neither NaN nor infinite.
static inline floats_t floats_round_bfloat16(floats_t v) {
  ints_t bits = floats_as_ints(v);
  ints_t odd = ints_and(ints_shift_right(bits, 16), ints_splat(1));
  ints_t sum = ints_add(ints_add(bits, ints_splat(0x7fff)), odd);
  return ints_as_floats(ints_and(sum, ints_splat(0xffff0000)));
}

#endif // AMS_ARCH_VECTOR_H
