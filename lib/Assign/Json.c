/*===-- Json.c - Reading JSON piece by piece ----------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Json.h"

#include "Build.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Arrays and objects inside each other that amsJsonSkip follows. */
enum { MAX_DEPTH = 64 };

AmsJson amsJsonBegin(const char *text) {
  return (AmsJson){.text = text, .at = text};
}

bool amsJsonFail(AmsJson *json, const char *message) {
  if (!*json->error) {
    snprintf(json->error, sizeof json->error, "%s", message);
    json->errorAt = json->at;
  }
  return false;
}

int amsJsonErrorLine(const AmsJson *json) {
  int line = 1;
  for (const char *at = json->text; at < json->errorAt; ++at)
    line += *at == '\n';
  return line;
}

static char peek(AmsJson *json) {
  json->at += strspn(json->at, " \t\r\n");
  return *json->at;
}

/* Moves past `character`, if it is next. */
static bool take(AmsJson *json, char character) {
  if (*json->error || peek(json) != character)
    return false;
  ++json->at;
  return true;
}

static bool takeWord(AmsJson *json, const char *word) {
  size_t length = strlen(word);
  if (*json->error || peek(json) != *word ||
      strncmp(json->at, word, length) != 0)
    return false;
  json->at += length;
  return true;
}

bool amsJsonEnter(AmsJson *json, char bracket) {
  return take(json, bracket) ||
         amsJsonFail(json, bracket == '[' ? "expected an array"
                                          : "expected an object");
}

/* Whether another element follows, behind its comma, or `bracket` ends them. */
static bool next(AmsJson *json, bool *first, char bracket) {
  bool wasFirst = *first;
  *first = false;
  if (take(json, bracket))
    return false;
  if (*json->error)
    return false;
  return wasFirst || take(json, ',') ||
         amsJsonFail(json, "expected a comma or the end of a list");
}

bool amsJsonNextElement(AmsJson *json, bool *first) {
  return next(json, first, ']');
}

bool amsJsonNextKey(AmsJson *json, bool *first, char *key, size_t size) {
  char *text = NULL;
  if (!next(json, first, '}') || !amsJsonString(json, &text))
    return false;
  snprintf(key, size, "%s", text);
  free(text);
  return take(json, ':') || amsJsonFail(json, "expected a colon");
}

bool amsJsonNumber(AmsJson *json, double *out) {
  char first = *json->error ? '\0' : peek(json);
  char *end = NULL;
  double value = 0;
  if (first == '-' || isdigit((unsigned char)first))
    value = strtod(json->at, &end);
  if (!end || end == json->at)
    return amsJsonFail(json, "expected a number");
  json->at = end;
  *out = value;
  return true;
}

bool amsJsonNumberOrNull(AmsJson *json, double *out) {
  return takeWord(json, "null") || amsJsonNumber(json, out);
}

bool amsJsonBool(AmsJson *json, bool *out) {
  bool isTrue = takeWord(json, "true");
  if (!isTrue && !takeWord(json, "false"))
    return amsJsonFail(json, "expected true or false");
  *out = isTrue;
  return true;
}

/* The character of the escape at `json->at`, behind its backslash. */
static bool unescape(AmsJson *json, char *out) {
  static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
  const char *name = *json->at ? strchr(names, *json->at) : NULL;
  if (name) {
    *out = values[name - names];
    ++json->at;
    return true;
  }
  char digits[5] = "", *end = digits;
  if (*json->at == 'u')
    strncat(digits, json->at + 1, 4);
  unsigned long code = strtoul(digits, &end, 16);
  if (end != digits + 4 || code == 0 || code > 127)
    return amsJsonFail(json, "a character that cannot be read");
  json->at += 5;
  *out = (char)code;
  return true;
}

/* Characters to the end of the string that `text` begins with, as they stand:
 * what is read of it is no longer. */
static size_t rawLength(const char *text) {
  size_t length = 0;
  while (text[length] && text[length] != '"')
    length += text[length] == '\\' && text[length + 1] ? 2 : 1;
  return length;
}

bool amsJsonString(AmsJson *json, char **out) {
  if (!take(json, '"'))
    return amsJsonFail(json, "expected a string");
  char *text = amsAllocate(rawLength(json->at) + 1, 1), *to = text;
  bool ok = true;
  while (ok && *json->at != '"') {
    if (*json->at == '\0')
      ok = amsJsonFail(json, "a string without an end");
    else if (*json->at != '\\')
      *to++ = *json->at++;
    else if (++json->at, ok = unescape(json, to), ok)
      ++to;
  }
  *to = '\0';
  if (!ok) {
    free(text);
    return false;
  }
  ++json->at;
  *out = text;
  return true;
}

static bool skip(AmsJson *json, int depth) {
  char first = peek(json), key[2];
  bool isFirst = true, flag = false;
  char *text = NULL;
  double number = 0;
  if (depth > MAX_DEPTH)
    return amsJsonFail(json, "lists inside lists too deep");
  switch (first) {
  case '[':
    amsJsonEnter(json, '[');
    while (amsJsonNextElement(json, &isFirst))
      skip(json, depth + 1);
    return !*json->error;
  case '{':
    amsJsonEnter(json, '{');
    while (amsJsonNextKey(json, &isFirst, key, sizeof key))
      skip(json, depth + 1);
    return !*json->error;
  case '"':
    if (!amsJsonString(json, &text))
      return false;
    free(text);
    return true;
  case 't':
  case 'f':
    return amsJsonBool(json, &flag);
  default:
    return amsJsonNumberOrNull(json, &number);
  }
}

bool amsJsonSkip(AmsJson *json) { return !*json->error && skip(json, 0); }

bool amsJsonEnd(AmsJson *json) {
  return !*json->error && (peek(json) == '\0' ||
                           amsJsonFail(json, "expected the end of the file"));
}
