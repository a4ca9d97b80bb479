/*===-- Text.h - Building text ------------------------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* A string that grows as it is printed to.                                   *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_SUPPORT_TEXT_H
#define AMS_SUPPORT_TEXT_H

#include <stddef.h>

/* Zero-initialise; free `data`. Always NUL-terminated once appended to. */
typedef struct AmsText {
  char *data;
  size_t size, capacity;
} AmsText;

void amsTextAppend(AmsText *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void amsTextAppendBytes(AmsText *text, const void *bytes, size_t size);

#endif /* AMS_SUPPORT_TEXT_H */
