/*===-- Text.c - Building text ------------------------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* A string that grows by doubling.                                           *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Text.h"

#include "Build.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void reserve(AmsText *text, size_t more) {
  if (text->size + more + 1 <= text->capacity)
    return;
  text->capacity = 2 * (text->size + more + 1);
  text->data = amsReallocate(text->data, text->capacity, 1);
}

void amsTextAppendBytes(AmsText *text, const void *bytes, size_t size) {
  reserve(text, size);
  if (size)
    memcpy(text->data + text->size, bytes, size);
  text->size += size;
  text->data[text->size] = '\0';
}

void amsTextAppend(AmsText *text, const char *format, ...) {
  va_list arguments, copy;
  va_start(arguments, format);
  va_copy(copy, arguments);
  int length = vsnprintf(NULL, 0, format, copy);
  va_end(copy);
  if (length > 0) {
    reserve(text, (size_t)length);
    vsnprintf(text->data + text->size, (size_t)length + 1, format, arguments);
    text->size += (size_t)length;
  }
  va_end(arguments);
}
