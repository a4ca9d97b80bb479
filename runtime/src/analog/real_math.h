//===-- real_math.h - Functions with the same bits anywhere -------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_ANALOG_REAL_MATH_H
#define AMS_ANALOG_REAL_MATH_H

/// The natural logarithm of a finite, positive and normal `x`.
double ams_real_log(double x);

/// e to the power of `x`, |x| at most 700.
double ams_real_exp(double x);

/// The standard normal distribution's quantile for `p` in [2^-20, 1 - 2^-20].
double ams_normal_quantile(double p);

#endif // AMS_ANALOG_REAL_MATH_H
