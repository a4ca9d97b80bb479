//===-- NameMap.h - From names to what they stand for ------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_IMPORT_NAME_MAP_H
#define AMS_IMPORT_NAME_MAP_H

#include <stdbool.h>
#include <stddef.h>

typedef struct AmsImportNameMapEntry {
  const char *name;
  void *value;
} AmsImportNameMapEntry;

/* Zero-initialised is empty. Names are referred to, not copied. */
typedef struct AmsImportNameMap {
  AmsImportNameMapEntry *entries;
  size_t capacity; /* a power of two, or 0 */
  size_t count;
} AmsImportNameMap;

/* What `name` stands for, or NULL. */
void *amsImportNameMapFind(const AmsImportNameMap *map, const char *name);

/* Sets what `name` stands for, not NULL; false if memory runs out. */
bool amsImportNameMapSet(AmsImportNameMap *map, const char *name, void *value);

void amsImportNameMapFree(AmsImportNameMap *map);

#endif // AMS_IMPORT_NAME_MAP_H
