/*===-- Clock.h - Times of phases --------------------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Seconds of phases, for whoever asked to hear of them.                      *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_LIB_DRIVER_CLOCK_H
#define AMS_LIB_DRIVER_CLOCK_H

#include "ams-c/Compile.h"

#include <time.h>

/* Seconds on a clock that only runs forward. */
static inline double amsClockNow(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Tells whoever asked to hear of phases that `phase` began at `start` and is
 * over. */
static inline void amsClockReport(const AmsCompileOptions *options,
                                  const char *phase, double start) {
  if (options->onPhase)
    options->onPhase(options->userData, phase, amsClockNow() - start);
}

#endif /* AMS_LIB_DRIVER_CLOCK_H */
