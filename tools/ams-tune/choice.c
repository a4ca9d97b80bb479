//===-- choice.c - Layers chosen by their noise -------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "choice.h"

#include "number.h"

#include <math.h>
#include <string.h>

ams_status_t ams_choice_parse(const char *text, const char *what,
                              ams_choice_t *out_choice) {
  static const char top[] = "top:";
  ams_choice_t choice = {0};
  if (strncmp(text, top, sizeof top - 1) == 0) {
    AMS_RETURN_IF_ERROR(ams_number_parse_int(text + sizeof top - 1, what, 1,
                                             INT32_MAX, &choice.top));
  } else {
    ams_status_t status = ams_number_parse_positive(text, what, &choice.least);
    if (status) {
      ams_status_free(status);
      return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                             "%s: '%s' is neither a deviation above 0 nor "
                             "top:N",
                             what, text);
    }
  }
  *out_choice = choice;
  return AMS_OK;
}

static bool is_larger(double deviation, double other) {
  return deviation > other || (isnan(deviation) && !isnan(other));
}

/// How many candidates come before layer `index`.
static int64_t rank_of(size_t count, const double *deviations,
                       const bool *candidates, size_t index) {
  int64_t rank = 0;
  for (size_t i = 0; i < count; ++i)
    rank += candidates[i] && i != index &&
            (i < index ? !is_larger(deviations[index], deviations[i])
                       : is_larger(deviations[i], deviations[index]));
  return rank;
}

size_t ams_choice_apply(const ams_choice_t *choice, size_t count,
                        const double *deviations, const bool *candidates,
                        bool *chosen) {
  size_t number = 0;
  for (size_t i = 0; i < count; ++i) {
    chosen[i] =
        candidates[i] &&
        (choice->top ? rank_of(count, deviations, candidates, i) < choice->top
                     : !((float)deviations[i] < choice->least));
    number += chosen[i];
  }
  return number;
}
