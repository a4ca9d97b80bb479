//===-- Storage.c - Bytes that weights live in -------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#define _POSIX_C_SOURCE 200809L

#include "Storage.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct AmsImportStorage {
  atomic_size_t references;
  void *data;
  size_t size;
  bool mapped;
};

static AmsImportStorage *create(void *data, size_t size, bool mapped) {
  AmsImportStorage *storage = malloc(sizeof *storage);
  if (!storage)
    return NULL;
  atomic_init(&storage->references, 1);
  storage->data = data;
  storage->size = size;
  storage->mapped = mapped;
  return storage;
}

/* Maps an open file. */
static AmsImportStorage *mapDescriptor(int descriptor, const char **reason) {
  struct stat status;
  if (fstat(descriptor, &status) != 0) {
    *reason = strerror(errno);
    return NULL;
  }
  if (!S_ISREG(status.st_mode)) {
    *reason = "it is not a regular file";
    return NULL;
  }
  if (status.st_size == 0) {
    *reason = "the file is empty";
    return NULL;
  }
  size_t size = (size_t)status.st_size;
  void *data = mmap(NULL, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
  if (data == MAP_FAILED) {
    *reason = strerror(errno);
    return NULL;
  }
  AmsImportStorage *storage = create(data, size, true);
  if (!storage) {
    *reason = "out of memory";
    munmap(data, size);
  }
  return storage;
}

AmsImportStorage *amsImportStorageMap(const char *path, const char **reason) {
  int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) {
    *reason = strerror(errno);
    return NULL;
  }
  AmsImportStorage *storage = mapDescriptor(descriptor, reason);
  close(descriptor);
  return storage;
}

AmsImportStorage *amsImportStorageAllocate(size_t size) {
  void *data = malloc(size ? size : 1);
  if (!data)
    return NULL;
  AmsImportStorage *storage = create(data, size, false);
  if (!storage)
    free(data);
  return storage;
}

void *amsImportStorageData(AmsImportStorage *storage) { return storage->data; }

size_t amsImportStorageSize(const AmsImportStorage *storage) {
  return storage->size;
}

AmsImportStorage *amsImportStorageRetain(AmsImportStorage *storage) {
  atomic_fetch_add_explicit(&storage->references, 1, memory_order_relaxed);
  return storage;
}

void amsImportStorageRelease(AmsImportStorage *storage) {
  if (!storage || atomic_fetch_sub_explicit(&storage->references, 1,
                                            memory_order_acq_rel) != 1)
    return;
  if (storage->mapped)
    munmap(storage->data, storage->size);
  else
    free(storage->data);
  free(storage);
}
