/*===-- ValueMap.h - From values to values ------------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* A map from a value of the IR to another, by identity.                      *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_SUPPORT_VALUE_MAP_H
#define AMS_SUPPORT_VALUE_MAP_H

#include "mlir-c/IR.h"

#include <stddef.h>

typedef struct AmsValueMapEntry {
  MlirValue key, value; /* a null key: free */
} AmsValueMapEntry;

/* Zero-initialise; free with amsValueMapFree. */
typedef struct AmsValueMap {
  AmsValueMapEntry *entries;
  size_t size, capacity; /* a power of two */
} AmsValueMap;

/* What `key` maps to, null for nothing. */
MlirValue amsValueMapGet(const AmsValueMap *map, MlirValue key);
/* Maps `key` to `value`, whatever it mapped to before. */
void amsValueMapSet(AmsValueMap *map, MlirValue key, MlirValue value);
void amsValueMapFree(AmsValueMap *map);

#endif /* AMS_SUPPORT_VALUE_MAP_H */
