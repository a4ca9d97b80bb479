/*===-- CalibrationReport.h - What was chosen, and why ------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_ASSIGN_CALIBRATIONREPORT_H
#define AMS_ASSIGN_CALIBRATIONREPORT_H

#include "Calibrate.h"

/* Prints a table: a line a layer with its gain, how often that saturates, what
 * it costs the outputs in dB and energy, and why; then whole networks. */
void amsCalibrationReport(const AmsCalibration *asked,
                          const AmsCalibrationResult *result, FILE *stream);

/* Prints the few layers whose keeping digital would save most, by the errors of
 * their converters, which the profile knows; not by those of their codes. */
void amsCalibrationSuggest(const AmsCalibrationResult *result, FILE *stream);

#endif /* AMS_ASSIGN_CALIBRATIONREPORT_H */
