//===-- nearest.h - The nearest word, for suggestions -------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// "Did you mean": the known word that takes the fewest edits from a mistyped
// one.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TOOLS_NEAREST_H
#define AMS_TOOLS_NEAREST_H

#include <stddef.h>

/// Gives word number `index`.
typedef const char *(*ams_word_at_t)(const void *context, size_t index);

/// The one of `count` words that is nearest to `word`, or NULL if none takes
/// fewer edits than about a third of its letters.
const char *ams_nearest_word(const char *word, ams_word_at_t word_at,
                             const void *context, size_t count);

#endif // AMS_TOOLS_NEAREST_H
