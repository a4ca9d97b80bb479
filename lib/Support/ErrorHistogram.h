/*===-- ErrorHistogram.h - Measured errors into a histogram -------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Reads a text file of measured errors and counts them.                      *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_SUPPORT_ERRORHISTOGRAM_H
#define AMS_SUPPORT_ERRORHISTOGRAM_H

#include "Text.h"
#include "ams/abi.h"
#include "mlir-c/IR.h"

#include <stdbool.h>

/* A histogram of errors in LSB: `bins` of equal width. */
typedef struct AmsErrorHistogram {
  double low, high;
  int bins; /* 1 to AMS_ABI_MAX_BINS */
  double counts[AMS_ABI_MAX_BINS];
} AmsErrorHistogram;

/* Counts the numbers in the file at `path` into `histogram->bins` bins between
 * the least and the greatest. False after an error at `loc` that names file and
 * line: the file cannot be read, something in it is no finite number, or it
 * holds no two different numbers. */
bool amsErrorHistogramRead(MlirLocation loc, const char *path,
                           AmsErrorHistogram *histogram);

/* Appends the parameters of the #ams.histogram attribute that it is. */
void amsErrorHistogramPrint(const AmsErrorHistogram *histogram, AmsText *text);

#endif /* AMS_SUPPORT_ERRORHISTOGRAM_H */
