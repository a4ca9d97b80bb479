//===-- train.c - A run of training -------------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "train.h"

#include "metric.h"
#include "progress.h"
#include "run.h"
#include "shuffle.h"
#include "stop.h"
#include "validation.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/// The key of the noise of steps: no other has it that a small seed gives.
static uint64_t noise_key(uint64_t seed) { return seed ^ UINT64_C(1) << 63; }

//===----------------------------------------------------------------------===//
// Measuring
//===----------------------------------------------------------------------===//

static double decisive(const ams_tune_request_t *request,
                       const ams_validation_t *validation) {
  return ams_tune_uses_device(request) ? validation->device
                                       : validation->float32;
}

static void print_row(const ams_tune_run_t *run, const float *row,
                      double steps_a_second) {
  printf("step %" PRId64 " of %" PRId64 ":", run->done, run->schedule.steps);
  if (run->done > 0)
    printf(" loss %.4f,", (double)row[AMS_COURSE_LOSS]);
  printf(" %s:", ams_metric_name(run->request->loss));
  if (ams_tune_uses_device(run->request))
    printf(" %.4g on the device,", (double)row[AMS_COURSE_DEVICE]);
  printf(" %.4g in float32", (double)row[AMS_COURSE_FLOAT32]);
  if (steps_a_second > 0)
    printf(", %.3g steps a second", steps_a_second);
  putchar('\n');
  fflush(stdout);
}

static bool plots_noise(const ams_tune_run_t *run) {
  return run->course.num_curves > AMS_COURSE_FIXED;
}

static void fill_noise(const ams_noise_t *noise, float *row) {
  for (size_t i = 0; i < noise->count; ++i)
    row[AMS_COURSE_FIXED + i] = (float)noise->deviations[i];
}

/// How noisy the layers of the ONNX file `path` are, on the same samples as
/// when the run began.
static ams_status_t measure_noise(const ams_tune_run_t *run, const char *path,
                                  float *row) {
  ams_forward_t recording;
  ams_noise_t noise = {0};
  ams_status_t status = ams_noise_record(run->request, path, run->directory,
                                         &run->train, &recording);
  if (!status)
    status = ams_noise_measure(&recording, &noise);
  if (!status)
    fill_noise(&noise, row);
  ams_noise_free(&noise);
  ams_forward_free(&recording);
  return status;
}

/// Measures the weights of now.
static ams_status_t measure_weights(ams_tune_run_t *run, float *row,
                                    ams_validation_t *out_validation) {
  const bool known = run->done == 0 && !run->request->initialise;
  char *path = NULL;
  AMS_RETURN_IF_ERROR(ams_tune_run_write(run, &path));
  ams_status_t status = ams_validate(run->request, path, run->directory,
                                     &run->valid, out_validation);
  if (!status && plots_noise(run) && known)
    fill_noise(&run->noise, row);
  else if (!status && plots_noise(run))
    status = measure_noise(run, path, row);
  free(path);
  return status;
}

static ams_status_t measure(ams_tune_run_t *run, double steps_a_second) {
  const ams_tune_request_t *request = run->request;
  float *row = ams_course_row(&run->course, run->done);
  ams_validation_t validation;
  ams_status_t status = measure_weights(run, row, &validation);
  if (ams_status_code(status) == AMS_STATUS_INVALID_DATA)
    return ams_stop_for(
        run, &(ams_suspects_t){&run->valid, NULL, run->valid.count}, status);
  AMS_RETURN_IF_ERROR(status);
  row[AMS_COURSE_LOSS] = ams_course_mean_loss(&run->course, run->done);
  row[AMS_COURSE_DEVICE] = (float)validation.device;
  row[AMS_COURSE_FLOAT32] = (float)validation.float32;
  if (run->done > 0)
    row[AMS_COURSE_RATE] = ams_schedule_rate(&run->schedule, run->done);
  if (ams_metric_better(request->loss, decisive(request, &validation),
                        run->best)) {
    run->best = decisive(request, &validation);
    ams_parameters_keep_best(&run->parameters);
  }
  AMS_RETURN_IF_ERROR(ams_tune_run_keep(run));
  print_row(run, row, steps_a_second);
  return ams_course_write(&run->course, run->done, request->model, request->csv,
                          request->html);
}

//===----------------------------------------------------------------------===//
// Steps
//===----------------------------------------------------------------------===//

static ams_status_t do_step(ams_tune_run_t *run, uint32_t *order) {
  const ams_tune_request_t *request = run->request;
  const int64_t epoch = run->done / run->schedule.steps_per_epoch;
  const int64_t in_epoch = run->done % run->schedule.steps_per_epoch;
  if (in_epoch == 0)
    ams_shuffle(request->seed, (uint32_t)epoch, run->train.count, order);
  ams_run_options_t options = ams_run_options_default();
  options.seed = noise_key(request->seed);
  options.first_sample = (uint64_t)(run->done * request->batch);
  options.threads = (int)request->threads;
  float *loss = &run->course.losses[run->done];
  const ams_suspects_t batch = {&run->train, order + in_epoch * request->batch,
                                request->batch};
  ams_status_t status = ams_step_run(&run->step, &run->train, batch.chosen,
                                     batch.count, &options, loss);
  if (ams_status_code(status) == AMS_STATUS_INVALID_DATA)
    return ams_stop_for(run, &batch, status);
  AMS_RETURN_IF_ERROR(status);
  if (!isfinite(*loss))
    return ams_stop(run, &batch, "the loss is NaN or infinite");
  const ams_parameter_t *bad =
      ams_parameters_find_bad_gradient(&run->parameters);
  if (bad)
    return ams_stop_parameter(run, &batch, "the gradient of", bad);
  ams_parameters_step(&run->parameters, &request->optimizer,
                      ams_schedule_rate(&run->schedule, run->done + 1),
                      run->done + 1);
  // Before anything keeps them.
  bad = ams_parameters_find_bad_weight(&run->parameters);
  if (bad)
    return ams_stop_parameter(run, &batch, "a new weight of", bad);
  ++run->done;
  return AMS_OK;
}

static bool keeps_now(const ams_tune_run_t *run) {
  const int64_t every = run->request->checkpoint_every;
  return every && run->done % every == 0;
}

static ams_status_t do_steps(ams_tune_run_t *run, uint32_t *order) {
  const int64_t first = run->done, steps = run->schedule.steps;
  const ams_progress_t progress = ams_progress_begin("ams-tune", steps - first);
  double stepping = 0; // seconds
  ams_status_t status = AMS_OK;
  if (first == 0)
    status = measure(run, 0);
  while (!status && run->done < steps) {
    const double started = ams_clock_seconds();
    status = do_step(run, order);
    stepping += ams_clock_seconds() - started;
    if (status)
      break;
    const double rate = (double)(run->done - first) / stepping;
    char now[64];
    snprintf(now, sizeof now, "loss %.4f, %.3g steps a second",
             (double)run->course.losses[run->done - 1], rate);
    ams_progress_show(&progress, run->done - first, now);
    if (ams_course_is_due(&run->course, run->done)) {
      ams_progress_end(&progress);
      status = measure(run, rate);
    } else if (keeps_now(run)) {
      status = ams_tune_run_keep(run);
    }
  }
  ams_progress_end(&progress);
  return status;
}

static ams_status_t train(ams_tune_run_t *run) {
  const ams_tune_request_t *request = run->request;
  uint32_t *order = calloc((size_t)run->train.count, sizeof *order);
  if (!order)
    return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory");
  if (run->done > 0)
    printf("going on after step %" PRId64 "\n", run->done);
  if (run->done % run->schedule.steps_per_epoch != 0)
    ams_shuffle(request->seed,
                (uint32_t)(run->done / run->schedule.steps_per_epoch),
                run->train.count, order);
  ams_status_t status = do_steps(run, order);
  free(order);
  if (!status)
    status = ams_course_write(&run->course, run->done, request->model,
                              request->csv, request->html);
  if (!status)
    status = ams_tuned_write(run->tuned, &run->parameters, !request->keep_last,
                             request->output);
  return status;
}

ams_status_t ams_train(const ams_tune_request_t *request,
                       const char *directory) {
  ams_tune_run_t run;
  ams_status_t status = ams_tune_run_open(request, directory, &run);
  if (!status)
    status = train(&run);
  ams_tune_run_free(&run);
  return status;
}
