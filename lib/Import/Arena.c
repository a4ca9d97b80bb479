//===-- Arena.c - Memory freed all at once -----------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct AmsImportArenaChunk {
  struct AmsImportArenaChunk *next;
  max_align_t memory[];
};

void *amsImportArenaAllocate(AmsImportArena *arena, size_t size) {
  if (size > SIZE_MAX - sizeof(struct AmsImportArenaChunk))
    return NULL;
  struct AmsImportArenaChunk *chunk =
      calloc(1, sizeof(struct AmsImportArenaChunk) + size);
  if (!chunk)
    return NULL;
  chunk->next = arena->chunks;
  arena->chunks = chunk;
  return chunk->memory;
}

void *amsImportArenaAllocateArray(AmsImportArena *arena, size_t count,
                                  size_t size) {
  if (size != 0 && count > SIZE_MAX / size)
    return NULL;
  return amsImportArenaAllocate(arena, count * size);
}

char *amsImportArenaFormat(AmsImportArena *arena, const char *format, ...) {
  va_list arguments, again;
  va_start(arguments, format);
  va_copy(again, arguments);
  int length = vsnprintf(NULL, 0, format, arguments);
  char *text =
      length < 0 ? NULL : amsImportArenaAllocate(arena, (size_t)length + 1);
  if (text)
    vsnprintf(text, (size_t)length + 1, format, again);
  va_end(again);
  va_end(arguments);
  return text;
}

void amsImportArenaFree(AmsImportArena *arena) {
  while (arena->chunks) {
    struct AmsImportArenaChunk *next = arena->chunks->next;
    free(arena->chunks);
    arena->chunks = next;
  }
}
