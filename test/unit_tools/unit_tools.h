//===-- unit_tools.h - What every unit test here includes ---------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// cmocka, with the headers that it needs first, and assertions on statuses.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TEST_UNIT_TOOLS_H
#define AMS_TEST_UNIT_TOOLS_H

#include "ams/status.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/// Fails with the message of an error.
#define assert_ok(expr)                                                        \
  do {                                                                         \
    ams_status_t assert_status_ = (expr);                                      \
    if (assert_status_)                                                        \
      fail_msg("%s: %s", #expr, ams_status_message(assert_status_));           \
  } while (0)

/// Expects an error whose message contains `text`.
static inline void assert_error(ams_status_t status, const char *text) {
  if (!status || !strstr(ams_status_message(status), text))
    fail_msg("expected an error with \"%s\", but got \"%s\"", text,
             ams_status_message(status));
  ams_status_free(status);
}

#endif // AMS_TEST_UNIT_TOOLS_H
