//===-- Storage.h - Bytes that weights live in -------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A mapped file or allocated memory, counted by reference: the importer holds
// it while it reads, every dense_resource blob that points into it as long as
// the context keeps the blob.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_IMPORT_STORAGE_H
#define AMS_IMPORT_STORAGE_H

#include <stddef.h>

typedef struct AmsImportStorage AmsImportStorage;

/* Maps the file at `path` for reading. NULL on failure, with the reason in
 * `*reason`, a string that need not be freed. */
AmsImportStorage *amsImportStorageMap(const char *path, const char **reason);

/* `size` bytes, aligned for any type, or NULL. */
AmsImportStorage *amsImportStorageAllocate(size_t size);

void *amsImportStorageData(AmsImportStorage *storage);
size_t amsImportStorageSize(const AmsImportStorage *storage);

AmsImportStorage *amsImportStorageRetain(AmsImportStorage *storage);
void amsImportStorageRelease(AmsImportStorage *storage);

#endif // AMS_IMPORT_STORAGE_H
