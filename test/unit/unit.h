//===-- unit.h - What every unit test includes --------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// cmocka, with the headers it needs first, and assertions on statuses and
// floats' bits.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TEST_UNIT_H
#define AMS_TEST_UNIT_H

#include "ams/status.h"
#include "bfloat16.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/// Fails with the message of an error.
#define assert_ok(expr)                                                        \
  do {                                                                         \
    ams_status_t assert_status_ = (expr);                                      \
    if (assert_status_)                                                        \
      fail_msg("%s: %s", #expr, ams_status_message(assert_status_));           \
  } while (0)

/// Expects an error of `code` whose message contains `text`.
static inline void assert_error(ams_status_t status, ams_status_code_t code,
                                const char *text) {
  if (ams_status_code(status) != code ||
      !strstr(ams_status_message(status), text))
    fail_msg("expected code %d with \"%s\", but got code %d: %s", code, text,
             ams_status_code(status), ams_status_message(status));
  ams_status_free(status);
}

/// Expects the same bits; `what` says of what.
static inline void assert_same_bits(const char *what, const float *actual,
                                    const float *expected, int64_t count) {
  for (int64_t i = 0; i < count; ++i)
    if (ams_float_bits(actual[i]) != ams_float_bits(expected[i]))
      fail_msg("%s: element %lld is %.9g, expected %.9g", what, (long long)i,
               (double)actual[i], (double)expected[i]);
}

#endif // AMS_TEST_UNIT_H
