/*===-- Json.h - Reading JSON piece by piece ----------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* The caller asks for what it expects next, and skips what it does not know. *|
|* The first error stays: everything after it fails.                          *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_ASSIGN_JSON_H
#define AMS_ASSIGN_JSON_H

#include <stdbool.h>
#include <stddef.h>

typedef struct AmsJson {
  const char *text, *at; /* NUL-terminated */
  char error[120];       /* empty: none */
  const char *errorAt;
} AmsJson;

AmsJson amsJsonBegin(const char *text);

/* Keeps `message` as the error, unless there is one; false. */
bool amsJsonFail(AmsJson *json, const char *message);

/* Line of the error, from 1. */
int amsJsonErrorLine(const AmsJson *json);

/* Enters an array ('[') or an object ('{'). */
bool amsJsonEnter(AmsJson *json, char bracket);

/* Moves to the next element of the array that was entered, or leaves it: false.
 * `*first` is true before the first one. */
bool amsJsonNextElement(AmsJson *json, bool *first);

/* Likewise for an object; its key is cut to `size` characters. */
bool amsJsonNextKey(AmsJson *json, bool *first, char *key, size_t size);

bool amsJsonNumber(AmsJson *json, double *out);
bool amsJsonBool(AmsJson *json, bool *out);
/* null leaves `*out` as it is and is no error. */
bool amsJsonNumberOrNull(AmsJson *json, double *out);
/* A new string; escapes are decoded, \u only below 128. */
bool amsJsonString(AmsJson *json, char **out);
bool amsJsonSkip(AmsJson *json);

/* Nothing but space may follow. */
bool amsJsonEnd(AmsJson *json);

#endif /* AMS_ASSIGN_JSON_H */
