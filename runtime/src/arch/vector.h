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

#endif // AMS_ARCH_VECTOR_H
