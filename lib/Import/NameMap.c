//===-- NameMap.c - From names to what they stand for ------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Open addressing with linear probing, at most half full.
//
//===----------------------------------------------------------------------===//

#include "NameMap.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* FNV-1a. */
static uint64_t hash(const char *name) {
  uint64_t value = 0xCBF29CE484222325u;
  for (; *name; ++name)
    value = (value ^ (unsigned char)*name) * 0x100000001B3u;
  return value;
}

/* The entry that holds `name`, or the free one where it would go. */
static AmsImportNameMapEntry *entryOf(AmsImportNameMapEntry *entries,
                                      size_t capacity, const char *name) {
  size_t index = (size_t)hash(name) & (capacity - 1);
  while (entries[index].name && strcmp(entries[index].name, name) != 0)
    index = (index + 1) & (capacity - 1);
  return &entries[index];
}

void *amsImportNameMapFind(const AmsImportNameMap *map, const char *name) {
  return map->capacity ? entryOf(map->entries, map->capacity, name)->value
                       : NULL;
}

static bool grow(AmsImportNameMap *map) {
  size_t capacity = map->capacity ? 2 * map->capacity : 64;
  AmsImportNameMapEntry *entries = calloc(capacity, sizeof *entries);
  if (!entries)
    return false;
  for (size_t i = 0; i < map->capacity; ++i)
    if (map->entries[i].name)
      *entryOf(entries, capacity, map->entries[i].name) = map->entries[i];
  free(map->entries);
  map->entries = entries;
  map->capacity = capacity;
  return true;
}

bool amsImportNameMapSet(AmsImportNameMap *map, const char *name, void *value) {
  if (map->count >= map->capacity / 2 && !grow(map))
    return false;
  AmsImportNameMapEntry *entry = entryOf(map->entries, map->capacity, name);
  if (!entry->name)
    ++map->count;
  *entry = (AmsImportNameMapEntry){name, value};
  return true;
}

void amsImportNameMapFree(AmsImportNameMap *map) {
  free(map->entries);
  *map = (AmsImportNameMap){0};
}
