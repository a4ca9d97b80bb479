/*===-- ValueMap.c - From values to values ------------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Open addressing with linear steps, at most half full.                      *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "ValueMap.h"

#include "Build.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The entry of `key`, or the free one where it belongs. */
static AmsValueMapEntry *find(const AmsValueMap *map, MlirValue key) {
  size_t mask = map->capacity - 1;
  size_t at = (size_t)((uintptr_t)key.ptr * UINT64_C(0x9e3779b97f4a7c15) >> 32);
  while (!mlirValueIsNull(map->entries[at & mask].key) &&
         !mlirValueEqual(map->entries[at & mask].key, key))
    ++at;
  return &map->entries[at & mask];
}

MlirValue amsValueMapGet(const AmsValueMap *map, MlirValue key) {
  return map->capacity ? find(map, key)->value : (MlirValue){NULL};
}

static void grow(AmsValueMap *map) {
  AmsValueMap larger = {.capacity = map->capacity ? 2 * map->capacity : 64,
                        .size = map->size};
  larger.entries = amsAllocate(larger.capacity, sizeof *larger.entries);
  memset(larger.entries, 0, larger.capacity * sizeof *larger.entries);
  for (size_t i = 0; i < map->capacity; ++i)
    if (!mlirValueIsNull(map->entries[i].key))
      *find(&larger, map->entries[i].key) = map->entries[i];
  free(map->entries);
  *map = larger;
}

void amsValueMapSet(AmsValueMap *map, MlirValue key, MlirValue value) {
  if (2 * (map->size + 1) > map->capacity)
    grow(map);
  AmsValueMapEntry *entry = find(map, key);
  map->size += mlirValueIsNull(entry->key);
  *entry = (AmsValueMapEntry){key, value};
}

void amsValueMapFree(AmsValueMap *map) {
  free(map->entries);
  *map = (AmsValueMap){NULL, 0, 0};
}
