/*===-- calibrate_test.c - What cannot be calibrated ---------------*- C
-*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Refusals that come before the model is looked at.                          *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Calibrate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void refuse(const AmsCalibration *asked, const char *message) {
  AmsProfile profile;
  ams_status_t status = amsCalibrateProfile(asked, &profile);
  assert_int_equal(ams_status_code(status), AMS_STATUS_INVALID_ARGUMENT);
  assert_string_equal(ams_status_message(status), message);
  ams_status_free(status);
}

static void refusals(void **unused) {
  (void)unused;
  AmsCalibration asked = amsCalibrationDefault();
  refuse(&asked, "no samples to calibrate with");
  asked.samples = 1;
  asked.numGains = 0;
  refuse(&asked, "no candidate gains");
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(refusals)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
