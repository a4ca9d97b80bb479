/*===-- ElfWriter.h - Raw constants as an object file ------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Packed weights and other large constants go from memory to a relocatable   *|
|* ELF object without passing through LLVM, which takes up to 200 ns for each *|
|* element. Generated code reaches them through the table `ams_sections`, an  *|
|* array of pointers. The table lies in this object, not in the code's: LLVM  *|
|* would fold a table that it sees into direct references, which cannot span  *|
|* more than 2 GiB.                                                           *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_LIB_DRIVER_ELFWRITER_H
#define AMS_LIB_DRIVER_ELFWRITER_H

#include "ams/status.h"

#include <elf.h>
#include <stdint.h>
#include <stdio.h>

/* The machine that the compiler itself runs on, and generates code for. */
#if defined(__aarch64__)
#define AMS_ELF_MACHINE EM_AARCH64
#else
#define AMS_ELF_MACHINE EM_X86_64
#endif

/* One raw section of a model: `size` bytes at `data`, `repeat` times. */
typedef struct AmsElfPart {
  const void *data;
  uint64_t size;
  uint64_t repeat;
} AmsElfPart;

/* Writes to `stream`, which stands at its start, the object for `machine`
 * (EM_X86_64 or EM_AARCH64) that holds `count` parts, each aligned
 * to 64 bytes, and the hidden symbol `ams_sections`, an array of pointers to
 * them. The caller checks the stream for errors of writing. */
ams_status_t amsElfWrite(FILE *stream, uint16_t machine,
                         const AmsElfPart *parts, size_t count);

#endif /* AMS_LIB_DRIVER_ELFWRITER_H */
