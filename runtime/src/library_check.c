//===-- library_check.c - Checks of a shared library's file -------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Finds libraries that were cut short, or are none, before they are mapped.
//
//===----------------------------------------------------------------------===//

#include "library_check.h"

#include <errno.h>
#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/// Whether `size` bytes at `offset` of `file` are there; reads them if so.
static bool read_at(FILE *file, uint64_t offset, void *data, size_t size) {
  return offset <= INT64_MAX && fseek(file, (long)offset, SEEK_SET) == 0 &&
         fread(data, 1, size, file) == size;
}

/// Whether the segments of the library in `file` lie inside it.
static bool is_whole(FILE *file) {
  ElfW(Ehdr) head;
  if (!read_at(file, 0, &head, sizeof head) ||
      memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 ||
      head.e_phentsize != sizeof(ElfW(Phdr)) || fseek(file, 0, SEEK_END) != 0)
    return false;
  long size = ftell(file);
  for (unsigned i = 0; i < head.e_phnum; ++i) {
    ElfW(Phdr) segment;
    uint64_t end;
    if (!read_at(file, head.e_phoff + i * sizeof segment, &segment,
                 sizeof segment) ||
        __builtin_add_overflow(segment.p_offset, segment.p_filesz, &end) ||
        end > (uint64_t)size)
      return false;
  }
  return true;
}

ams_status_t ams_library_check(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file)
    return ams_status_make(errno == ENOENT ? AMS_STATUS_NOT_FOUND
                                           : AMS_STATUS_IO,
                           "%s: %s", path, strerror(errno));
  bool whole = is_whole(file);
  fclose(file);
  if (whole)
    return AMS_OK;
  return ams_status_make(AMS_STATUS_INVALID_DATA,
                         "%s: not a shared library, or one that was cut short; "
                         "compile the model again",
                         path);
}
