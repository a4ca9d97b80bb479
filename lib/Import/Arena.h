//===-- Arena.h - Memory freed all at once -----------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What an import allocates for its own bookkeeping lives until its end.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_IMPORT_ARENA_H
#define AMS_IMPORT_ARENA_H

#include <stddef.h>

typedef struct AmsImportArena {
  struct AmsImportArenaChunk *chunks;
} AmsImportArena;

/* Zeroed memory, aligned for any type, or NULL if there is none. */
void *amsImportArenaAllocate(AmsImportArena *arena, size_t size);

/* The same for `count` elements of `size` bytes; NULL also on overflow. */
void *amsImportArenaAllocateArray(AmsImportArena *arena, size_t count,
                                  size_t size);

/* A string by a printf format, or NULL. */
__attribute__((format(printf, 2, 3))) char *
amsImportArenaFormat(AmsImportArena *arena, const char *format, ...);

void amsImportArenaFree(AmsImportArena *arena);

#endif // AMS_IMPORT_ARENA_H
