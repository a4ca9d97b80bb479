/*===-- Spawn.h - Running another program ------------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* The driver's one way to another program: the linker.                       *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_LIB_DRIVER_SPAWN_H
#define AMS_LIB_DRIVER_SPAWN_H

#include "ams/status.h"

#include <stddef.h>

/* Runs the first of `programs` (NULL-terminated: paths, or names to look up in
 * PATH) that is there, with `arguments` (NULL-terminated; [0] is replaced by
 * the program), and waits for it. It inherits `descriptors`. What it prints is
 * in the status if it fails. */
ams_status_t amsSpawn(const char *const *programs, const char **arguments,
                      const int *descriptors, size_t numDescriptors);

#endif /* AMS_LIB_DRIVER_SPAWN_H */
