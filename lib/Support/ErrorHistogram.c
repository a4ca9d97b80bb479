/*===-- ErrorHistogram.c - Measured errors into a histogram -------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* The file is read line by line, so that messages can say where.             *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "ErrorHistogram.h"

#include "Build.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Numbers {
  double *data;
  size_t size;
} Numbers;

static void append(Numbers *numbers, double number) {
  numbers->data =
      amsExtend(numbers->data, numbers->size, sizeof *numbers->data);
  numbers->data[numbers->size++] = number;
}

/* The numbers of one line, up to a # if there is one. The first character that
 * belongs to none, NULL if all do. */
static const char *readLine(const char *line, Numbers *numbers) {
  static const char separators[] = " \t\r\n\f\v,";
  for (;;) {
    line += strspn(line, separators);
    if (*line == '\0' || *line == '#')
      return NULL;
    char *end;
    double number = strtod(line, &end);
    if (end == line || !isfinite(number) ||
        (*end && *end != '#' && !strchr(separators, *end)))
      return line;
    append(numbers, number);
    line = end;
  }
}

static bool readNumbers(MlirLocation loc, const char *path, Numbers *numbers) {
  FILE *file = fopen(path, "r");
  if (!file) {
    amsEmitError(loc, "file of errors '%s' cannot be read: %s", path,
                 strerror(errno));
    return false;
  }
  char *line = NULL;
  size_t capacity = 0;
  const char *wrong = NULL;
  for (long number = 1; !wrong && getline(&line, &capacity, file) >= 0;
       ++number)
    if ((wrong = readLine(line, numbers)))
      amsEmitError(loc, "%s:%ld: '%.*s' is no finite number", path, number,
                   (int)strcspn(wrong, " \t\r\n,"), wrong);
  bool failed = ferror(file);
  if (failed)
    amsEmitError(loc, "file of errors '%s' cannot be read to its end: %s", path,
                 strerror(errno));
  free(line);
  fclose(file);
  return !wrong && !failed;
}

static bool count(MlirLocation loc, const char *path, const Numbers *numbers,
                  AmsErrorHistogram *histogram) {
  double low = INFINITY, high = -INFINITY;
  for (size_t i = 0; i < numbers->size; ++i) {
    low = fmin(low, numbers->data[i]);
    high = fmax(high, numbers->data[i]);
  }
  if (!(low < high)) {
    amsEmitError(loc,
                 "file of errors '%s' holds no two different numbers, which a "
                 "histogram needs",
                 path);
    return false;
  }
  histogram->low = low;
  histogram->high = high;
  memset(histogram->counts, 0, sizeof histogram->counts);
  const double scale = histogram->bins / (high - low);
  for (size_t i = 0; i < numbers->size; ++i) {
    int bin = (int)((numbers->data[i] - low) * scale);
    histogram->counts[bin < histogram->bins ? bin : histogram->bins - 1] += 1;
  }
  return true;
}

bool amsErrorHistogramRead(MlirLocation loc, const char *path,
                           AmsErrorHistogram *histogram) {
  Numbers numbers = {0};
  bool ok =
      readNumbers(loc, path, &numbers) && count(loc, path, &numbers, histogram);
  free(numbers.data);
  return ok;
}

void amsErrorHistogramPrint(const AmsErrorHistogram *histogram, AmsText *text) {
  amsTextAppend(text, "low = %.17e, high = %.17e, weights = [", histogram->low,
                histogram->high);
  for (int i = 0; i < histogram->bins; ++i)
    amsTextAppend(text, "%s%.1f", i ? ", " : "", histogram->counts[i]);
  amsTextAppend(text, "]");
}
