//===-- course.c - What is measured along a run -------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "course.h"

#include "output_file.h"

#include <math.h>
#include <stdlib.h>

static ams_status_t out_of_memory(void) {
  return ams_status_make(AMS_STATUS_OUT_OF_MEMORY,
                         "no memory for the course of the run");
}

/// The curves of layers; false without memory.
static bool name_layers(ams_course_t *course, size_t num_layers,
                        const char *const *layers) {
  for (size_t i = 0; i < num_layers; ++i) {
    if (asprintf(&course->names[i], "noise of %s", layers[i]) < 0) {
      course->names[i] = NULL;
      return false;
    }
    course->curves[AMS_COURSE_FIXED + i] = (ams_curve_t){
        course->names[i], "noise of layers: its deviation over their results'"};
  }
  return true;
}

ams_status_t ams_course_create(int64_t steps, int64_t every, const char *metric,
                               size_t num_layers, const char *const *layers,
                               ams_course_t *out_course) {
  ams_course_t course = {
      .steps = steps,
      .every = every,
      .num_curves = AMS_COURSE_FIXED + num_layers,
      .num_rows = (size_t)(1 + steps / every + (steps % every != 0)),
  };
  course.curves = calloc(course.num_curves, sizeof *course.curves);
  course.values = calloc(course.num_rows, course.num_curves * sizeof(float));
  course.losses = calloc((size_t)steps, sizeof(float));
  course.names = calloc(num_layers + 1, sizeof *course.names);
  *out_course = course;
  if (!course.curves || !course.values || !course.losses || !course.names ||
      !name_layers(out_course, num_layers, layers)) {
    ams_course_free(out_course);
    return out_of_memory();
  }
  course.curves[AMS_COURSE_LOSS] = (ams_curve_t){"training loss", "loss"};
  course.curves[AMS_COURSE_DEVICE] = (ams_curve_t){"on the device", metric};
  course.curves[AMS_COURSE_FLOAT32] = (ams_curve_t){"in float32", metric};
  course.curves[AMS_COURSE_RATE] =
      (ams_curve_t){"learning rate", "learning rate"};
  for (size_t i = 0; i < course.num_rows * course.num_curves; ++i)
    course.values[i] = NAN;
  return AMS_OK;
}

void ams_course_free(ams_course_t *course) {
  for (char **name = course->names; name && *name; ++name)
    free(*name);
  free(course->names);
  free(course->curves);
  free(course->values);
  free(course->losses);
  *course = (ams_course_t){0};
}

bool ams_course_is_due(const ams_course_t *course, int64_t step) {
  return step % course->every == 0 || step == course->steps;
}

/// Rows up to the one of `step`.
static size_t rows_to(const ams_course_t *course, int64_t step) {
  const bool last = step == course->steps && step % course->every != 0;
  return (size_t)(step / course->every) + 1 + last;
}

float *ams_course_row(const ams_course_t *course, int64_t step) {
  return course->values + (rows_to(course, step) - 1) * course->num_curves;
}

float ams_course_mean_loss(const ams_course_t *course, int64_t step) {
  if (step == 0)
    return NAN;
  double sum = 0;
  const int64_t first = (step - 1) / course->every * course->every;
  for (int64_t i = first; i < step; ++i)
    sum += (double)course->losses[i];
  return (float)(sum / (double)(step - first));
}

typedef void (*writer_t)(const ams_curves_t *curves, FILE *stream);

static ams_status_t write_file(const ams_curves_t *curves, const char *path,
                               writer_t writer) {
  if (!path)
    return AMS_OK;
  ams_output_file_t file;
  AMS_RETURN_IF_ERROR(ams_output_file_open(path, &file));
  writer(curves, file.stream);
  return ams_output_file_commit(&file);
}

ams_status_t ams_course_write(const ams_course_t *course, int64_t step,
                              const char *title, const char *csv,
                              const char *html) {
  const size_t rows = rows_to(course, step), width = course->num_curves + 1;
  double *values = calloc(rows * width, sizeof *values);
  if (!values)
    return out_of_memory();
  for (size_t row = 0; row < rows; ++row) {
    const int64_t at = (int64_t)row * course->every;
    values[row * width] = (double)(at < course->steps ? at : course->steps);
    for (size_t c = 0; c < course->num_curves; ++c)
      values[row * width + 1 + c] =
          (double)course->values[row * course->num_curves + c];
  }
  const ams_curves_t curves = {title, course->num_curves, course->curves, rows,
                               values};
  ams_status_t status = write_file(&curves, csv, ams_curves_write_csv);
  if (!status)
    status = write_file(&curves, html, ams_curves_write_html);
  free(values);
  return status;
}
