/*===-- Link.h - Objects to a library or program -----------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Runs ld.lld, or clang for a program, on what the compiler has generated.   *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_LIB_DRIVER_LINK_H
#define AMS_LIB_DRIVER_LINK_H

#include "ams-c/Compile.h"

#include <stdbool.h>

/* Links the objects that the descriptors `code` and `constants` hold into
 * options->output: a shared library, a program or one object, as options->emit
 * says; with the library of float32 products where `inFloat`. The linker writes
 * it whole or not at all. */
ams_status_t amsLink(const AmsCompileOptions *options, bool inFloat, int code,
                     int constants);

#endif /* AMS_LIB_DRIVER_LINK_H */
