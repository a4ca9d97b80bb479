/*===-- ErrorFeedback.c - Weight codes by error feedback ----------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* With H the damped second moments and H^-1 = U^T U, U upper triangular,     *|
|* columns are rounded from first to last; the error of column a, over U_aa,  *|
|* times U_ab is taken from every later column b. U comes without inverting   *|
|* H: where H = R R^T with R upper triangular, U is R^-1.                     *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "ErrorFeedback.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double damping = 0.01;

/* Where element (a, b) of a matrix of `size` columns lies. */
static size_t at(int64_t size, int64_t a, int64_t b) {
  return (size_t)(a * size + b);
}

/* Adds the damping to H's diagonal; moments of zero become the identity. */
static void damp(int64_t size, double *h) {
  double trace = 0;
  for (int64_t a = 0; a < size; ++a)
    trace += h[at(size, a, a)];
  double added = trace > 0 ? damping * trace / (double)size : 1;
  for (int64_t a = 0; a < size; ++a)
    h[at(size, a, a)] += added;
}

/* Turns the upper triangle of H into R with H = R R^T, from the last column to
 * the first. `column` is room for one. False where H is not positive definite.
 */
static bool factorise(int64_t size, double *h, double *column) {
  for (int64_t c = size - 1; c >= 0; --c) {
    double pivot = h[at(size, c, c)];
    if (!(pivot > 0) || !isfinite(pivot))
      return false;
    double root = sqrt(pivot);
    h[at(size, c, c)] = root;
    for (int64_t a = 0; a < c; ++a)
      h[at(size, a, c)] = column[a] = h[at(size, a, c)] / root;
    for (int64_t a = 0; a < c; ++a)
      for (int64_t b = a; b < c; ++b)
        h[at(size, a, b)] -= column[a] * column[b];
  }
  return true;
}

/* The inverse of the upper triangular R, row after row from the last: row a is
 * minus what R has beyond its diagonal, times the rows below, which are
 * inverted already, over R_aa. `sums` is room for a row. */
static void invert(int64_t size, double *r, double *sums) {
  for (int64_t a = size - 1; a >= 0; --a) {
    double *row = r + at(size, a, 0);
    double inverse = 1 / row[a];
    for (int64_t b = a + 1; b < size; ++b)
      sums[b] = 0;
    for (int64_t c = a + 1; c < size; ++c)
      for (int64_t b = c; b < size; ++b)
        sums[b] += row[c] * r[at(size, c, b)];
    for (int64_t b = a + 1; b < size; ++b)
      row[b] = -sums[b] * inverse;
    row[a] = inverse;
  }
}

/* Rounds one output's span of columns; `values` are changed by the feedback. */
static void roundRow(const AmsErrorFeedback *problem, int64_t size,
                     int64_t first, const double *u, const float *scales,
                     double *values, int16_t *codes) {
  const int largest = (1 << (problem->bits - 1)) - 1;
  for (int64_t a = 0; a < size; ++a) {
    double step = (double)scales[(first + a) / problem->n] / largest;
    double code = step > 0 ? rint(values[a] / step) : 0;
    code = code > largest ? largest : code < -largest ? -largest : code;
    codes[a] = (int16_t)code;
    const double *row = u + at(size, a, 0);
    double error = (values[a] - code * step) / row[a];
    for (int64_t b = a + 1; b < size; ++b)
      values[b] -= error * row[b];
  }
}

bool amsErrorFeedback(const AmsErrorFeedback *problem, int16_t *codes) {
  const int64_t columns = problem->columns;
  const int64_t blocks = (columns - 1) / problem->n + 1;
  const int64_t span = problem->span < columns ? problem->span : columns;
  size_t count;
  if (__builtin_mul_overflow((size_t)span, (size_t)span, &count) ||
      count > SIZE_MAX / sizeof(double))
    return false;
  double *u = malloc(count * sizeof *u);
  double *values = malloc((size_t)span * sizeof *values);
  bool ok = u && values;
  const double *moments = problem->secondMoments;
  for (int64_t first = 0; ok && first < columns; first += span) {
    const int64_t size = columns - first < span ? columns - first : span;
    memcpy(u, moments, (size_t)(size * size) * sizeof *u);
    moments += size * size;
    damp(size, u);
    ok = factorise(size, u, values);
    if (ok)
      invert(size, u, values);
    for (int64_t i = 0; ok && i < problem->outputs; ++i) {
      const float *row = problem->weights + i * columns + first;
      for (int64_t a = 0; a < size; ++a)
        values[a] = (double)row[a];
      roundRow(problem, size, first, u, problem->scales + i * blocks, values,
               codes + i * columns + first);
    }
  }
  free(u);
  free(values);
  return ok;
}
