//===-- nearest.c - The nearest word, for suggestions -------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Edit distance (insertions, deletions, substitutions, one row at a time).
//
//===----------------------------------------------------------------------===//

#include "nearest.h"

#include <string.h>

/// Longer words are not compared.
#define MAX_WORD 64

static size_t least(size_t a, size_t b, size_t c) {
  size_t ab = a < b ? a : b;
  return ab < c ? ab : c;
}

static size_t edit_distance(const char *a, size_t a_length, const char *b,
                            size_t b_length) {
  size_t row[MAX_WORD + 1];
  for (size_t j = 0; j <= b_length; ++j)
    row[j] = j;
  for (size_t i = 0; i < a_length; ++i) {
    size_t diagonal = row[0];
    row[0] = i + 1;
    for (size_t j = 0; j < b_length; ++j) {
      size_t substituted = diagonal + (a[i] != b[j]);
      diagonal = row[j + 1];
      row[j + 1] = least(row[j] + 1, row[j + 1] + 1, substituted);
    }
  }
  return row[b_length];
}

const char *ams_nearest_word(const char *word, ams_word_at_t word_at,
                             const void *context, size_t count) {
  size_t length = strlen(word);
  if (length > MAX_WORD)
    return NULL;
  const char *nearest = NULL;
  size_t nearest_distance = length / 3 + 2;
  for (size_t i = 0; i < count; ++i) {
    const char *candidate = word_at(context, i);
    size_t candidate_length = strlen(candidate);
    if (candidate_length > MAX_WORD)
      continue;
    size_t distance = edit_distance(word, length, candidate, candidate_length);
    if (distance < nearest_distance && distance < candidate_length) {
      nearest_distance = distance;
      nearest = candidate;
    }
  }
  return nearest;
}
