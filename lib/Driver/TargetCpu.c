/*===-- TargetCpu.c - Processors to generate code for ------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Checking of names, and the features to add to a processor's own.           *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "TargetCpu.h"

#include "llvm-c/Core.h"
#include "llvm-c/TargetMachine.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)

static const char *const defaultName = "x86-64-v3";

/* Named AVX-512 processors are tuned for vectors of 256 bits; for this code 512
 * bits are up to twice as fast. */
static const char *const extraFeatures = "-prefer-256-bit";

/* LLVM 22's names of processors with 64 bits, which its C API cannot list. */
static const char *const knownNames[] = {
    "x86-64",
    "x86-64-v2",
    "x86-64-v3",
    "x86-64-v4",
    "alderlake",
    "amdfam10",
    "arrowlake",
    "arrowlake-s",
    "athlon64",
    "athlon64-sse3",
    "atom",
    "barcelona",
    "bdver1",
    "bdver2",
    "bdver3",
    "bdver4",
    "bonnell",
    "broadwell",
    "btver1",
    "btver2",
    "cannonlake",
    "cascadelake",
    "clearwaterforest",
    "cooperlake",
    "core2",
    "core-avx2",
    "core-avx-i",
    "corei7",
    "corei7-avx",
    "diamondrapids",
    "emeraldrapids",
    "goldmont",
    "goldmont-plus",
    "gracemont",
    "grandridge",
    "graniterapids",
    "graniterapids-d",
    "haswell",
    "icelake-client",
    "icelake-server",
    "ivybridge",
    "k8",
    "k8-sse3",
    "knl",
    "knm",
    "lunarlake",
    "meteorlake",
    "nehalem",
    "nocona",
    "novalake",
    "opteron",
    "opteron-sse3",
    "pantherlake",
    "penryn",
    "raptorlake",
    "rocketlake",
    "sandybridge",
    "sapphirerapids",
    "sierraforest",
    "silvermont",
    "skx",
    "skylake",
    "skylake-avx512",
    "slm",
    "tigerlake",
    "tremont",
    "westmere",
    "wildcatlake",
    "znver1",
    "znver2",
    "znver3",
    "znver4",
    "znver5",
};

static bool isKnown(const char *name) {
  for (size_t i = 0; i < sizeof(knownNames) / sizeof(*knownNames); ++i)
    if (strcmp(name, knownNames[i]) == 0)
      return true;
  return false;
}

#else

static const char *const defaultName = "generic";
static const char *const extraFeatures = "";

static bool isKnown(const char *name) { return strcmp(name, defaultName) == 0; }

#endif

/* The two feature lists as one. */
static char *joinFeatures(const char *first, const char *second) {
  size_t size = strlen(first) + strlen(second) + sizeof(",");
  char *joined = malloc(size);
  if (joined)
    snprintf(joined, size, "%s%s%s", first, *first && *second ? "," : "",
             second);
  return joined;
}

ams_status_t amsTargetCpuResolve(const char *name, AmsTargetCpu *outCpu) {
  *outCpu = (AmsTargetCpu){0};
  if (!name)
    name = defaultName;
  if (strcmp(name, "native") == 0) {
    char *host = LLVMGetHostCPUFeatures();
    char *features = joinFeatures(host, extraFeatures);
    LLVMDisposeMessage(host);
    *outCpu = (AmsTargetCpu){LLVMGetHostCPUName(),
                             features ? LLVMCreateMessage(features) : NULL};
    free(features);
  } else if (isKnown(name)) {
    *outCpu = (AmsTargetCpu){LLVMCreateMessage(name),
                             LLVMCreateMessage(extraFeatures)};
  } else {
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "unknown processor '%s': use native, %s or another "
                           "name that LLVM knows (llc -mcpu=help lists them)",
                           name, defaultName);
  }
  if (outCpu->name && outCpu->features)
    return AMS_OK;
  amsTargetCpuDispose(outCpu);
  return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory");
}

void amsTargetCpuDispose(AmsTargetCpu *cpu) {
  LLVMDisposeMessage(cpu->name);
  LLVMDisposeMessage(cpu->features);
  *cpu = (AmsTargetCpu){0};
}
