//===-- real_math.c - Functions with the same bits anywhere -------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Additions, multiplications, divisions and square roots of float64 only: the C
// library's functions differ in the last bit between versions. Errors are below
// 1e-14 of the result.
//
//===----------------------------------------------------------------------===//

#include "real_math.h"

#include <math.h>

#define LN2 0.69314718055994530942
#define LN2_HIGH                                                               \
  0x1.62e42fee00000p-1 // ends in zeros: a small multiple is exact
#define LN2_LOW 0x1.a39ef35793c76p-33

double ams_real_log(double x) {
  int exponent;
  double mantissa = frexp(x, &exponent); // in [1/2, 1)
  if (mantissa < 0.70710678118654752440) {
    mantissa *= 2;
    --exponent;
  }
  // ln m = 2 artanh s.
  double s = (mantissa - 1) / (mantissa + 1), square = s * s, sum = 0;
  for (int power = 25; power >= 1; power -= 2)
    sum = sum * square + 1.0 / power;
  return exponent * LN2_HIGH + (exponent * LN2_LOW + 2 * s * sum);
}

double ams_real_exp(double x) {
  int exponent = (int)floor(x / LN2 + 0.5);
  double rest = x - exponent * LN2_HIGH - exponent * LN2_LOW, sum = 1;
  for (int term = 16; term >= 1; --term)
    sum = 1 + sum * rest / term;
  return ldexp(sum, exponent);
}

static double polynomial(const double coefficients[8], double x) {
  double sum = coefficients[7];
  for (int i = 6; i >= 0; --i)
    sum = sum * x + coefficients[i];
  return sum;
}

/// Algorithm AS 241 (Wichura, "The percentage points of the normal
/// distribution", Applied Statistics 37, 1988), without its far tails.
double ams_normal_quantile(double p) {
  static const double central[8] = {
      3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
      1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
      3.3430575583588128105e4, 2.5090809287301226727e3};
  static const double central_under[8] = {1,
                                          4.2313330701600911252e1,
                                          6.8718700749205790830e2,
                                          5.3941960214247511077e3,
                                          2.1213794301586595867e4,
                                          3.9307895800092710610e4,
                                          2.8729085735721942674e4,
                                          5.2264952788528545610e3};
  static const double tail[8] = {
      1.42343711074968357734e0,  4.63033784615654529590e0,
      5.76949722146069140550e0,  3.64784832476320460504e0,
      1.27045825245236838258e0,  2.41780725177450611770e-1,
      2.27238449892691845833e-2, 7.74545014278341407640e-4};
  static const double tail_under[8] = {1,
                                       2.05319162663775882187e0,
                                       1.67638483018380384940e0,
                                       6.89767334985100004550e-1,
                                       1.48103976427480074590e-1,
                                       1.51986665636164571966e-2,
                                       5.47593808499534494600e-4,
                                       1.05075007164441684324e-9};
  double q = p - 0.5;
  if (fabs(q) <= 0.425) {
    double r = 0.180625 - q * q;
    return q * polynomial(central, r) / polynomial(central_under, r);
  }
  double r = sqrt(-ams_real_log(q < 0 ? p : 1 - p)) - 1.6;
  double value = polynomial(tail, r) / polynomial(tail_under, r);
  return q < 0 ? -value : value;
}
