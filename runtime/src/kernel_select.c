//===-- kernel_select.c - Choosing a kernel -----------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The list of kernels, best first, and the choice among them: by name, by the
// environment, or by what the processor supports.
//
//===----------------------------------------------------------------------===//

#include "kernel_select.h"

#include "float_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const ams_kernel_t *const ams_kernels[] = {
#if defined(AMS_HAVE_X86_KERNELS)
    &ams_kernel_amx,        &ams_kernel_avx512bf16,
    &ams_kernel_avx512vnni, &ams_kernel_avx512,
    &ams_kernel_avx2,
#elif defined(AMS_HAVE_AARCH64_KERNELS)
    &ams_kernel_neon,
#endif
    &ams_kernel_scalar,     NULL,
};

/// A kernel may try its instructions' rounding to see if it can run.
static bool is_supported(const ams_kernel_t *kernel) {
  ams_float_state_t state = ams_float_enter();
  bool supported = kernel->supported();
  ams_float_leave(state);
  return supported;
}

ams_status_t ams_kernel_find(const char *name,
                             const ams_kernel_t **out_kernel) {
  for (const ams_kernel_t *const *kernel = ams_kernels; *kernel; ++kernel) {
    if (name && strcmp((*kernel)->name, name) != 0)
      continue;
    if (is_supported(*kernel)) {
      *out_kernel = *kernel;
      return AMS_OK;
    }
    if (name)
      return ams_status_make(AMS_STATUS_UNSUPPORTED,
                             "kernel \"%s\": this processor lacks its "
                             "instructions; leave the choice to the runtime",
                             name);
  }
  char known[256] = "";
  for (const ams_kernel_t *const *kernel = ams_kernels; *kernel; ++kernel) {
    size_t length = strlen(known);
    snprintf(known + length, sizeof known - length, " %s", (*kernel)->name);
  }
  return ams_status_make(AMS_STATUS_NOT_FOUND,
                         "kernel \"%s\" is unknown to this build, which has:%s",
                         name ? name : "", known);
}

ams_status_t ams_kernel_default(const ams_kernel_t **out_kernel) {
  const char *name = getenv("AMS_KERNEL");
  return ams_kernel_find(name && *name ? name : NULL, out_kernel);
}
