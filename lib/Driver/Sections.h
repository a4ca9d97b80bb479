/*===-- Sections.h - Raw constants of a module -------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Between the compiler's attribute and the ELF writer.                       *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_LIB_DRIVER_SECTIONS_H
#define AMS_LIB_DRIVER_SECTIONS_H

#include "ElfWriter.h"

#include "mlir-c/IR.h"

/* The raw constants that a module at the last level lists in `ams.sections`;
 * the bytes are the context's. */
typedef struct AmsSections {
  AmsElfPart *parts;
  size_t count;
} AmsSections;

/* Takes the list out of `module`: an empty one where there is none. */
ams_status_t amsSectionsTake(MlirModule module, AmsSections *outSections);

void amsSectionsRelease(AmsSections *sections);

#endif /* AMS_LIB_DRIVER_SECTIONS_H */
