/*===-- Pointer.h - Buffers and pointers --------------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* From a dense buffer to its address and back, in tables of pointers.        *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_SUPPORT_POINTER_H
#define AMS_SUPPORT_POINTER_H

#include "Build.h"

/* !llvm.ptr */
MlirType amsPointerType(MlirContext context);

/* The pointer at `index` in a table of pointers. */
MlirValue amsBuildPointerAt(const AmsBuilder *builder, MlirValue table,
                            int32_t index);

/* The dense buffer of `type`, a memref of static shape and identity layout,
 * whose elements begin at `pointer`. */
MlirValue amsBuildBuffer(const AmsBuilder *builder, MlirValue pointer,
                         MlirType type);

/* Where the elements of a dense buffer begin, as an index. */
MlirValue amsBuildAddress(const AmsBuilder *builder, MlirValue buffer);

#endif /* AMS_SUPPORT_POINTER_H */
