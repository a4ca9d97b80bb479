//===-- evaluate.c - Fills a table --------------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One binary for float32 and one for each row and setting of bits, whose gain
// and seed are set when it runs; calibrated gains have a binary of their own.
//
//===----------------------------------------------------------------------===//

#include "evaluate.h"

#include "calibrate.h"
#include "dataset.h"
#include "device.h"
#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct evaluation {
  const ams_eval_request_t *request;
  const char *directory;
  char *binary; // the path of every compiled model, one after another
  double *percents, *decibels, *agreements; // one a seed
  ams_dataset_t dataset;
  ams_calibration_set_t calibration;
  ams_progress_t progress;
  int64_t done; // steps: compilations and runs
  ams_results_t results;
} evaluation_t;

/// Adds which device failed to a message.
static ams_status_t name_device(ams_status_t status, const ams_sweep_row_t *row,
                                ams_bits_t bits) {
  if (!status)
    return AMS_OK;
  ams_status_t named = ams_status_make(
      ams_status_code(status), "n=%d, bits=%d/%d/%d: %s", row->rows,
      bits.weight, bits.input, bits.output, ams_status_message(status));
  ams_status_free(status);
  return named;
}

/// What a binary is compiled for.
typedef struct target {
  const char *device; // NULL: float32
  const ams_sweep_row_t *row;
  bool calibrated;
  const char *what; // for progress
} target_t;

static ams_status_t compile_and_load(const evaluation_t *evaluation,
                                     const target_t *target,
                                     const AmsCompileOptions *options,
                                     ams_model_t **out_model) {
  AMS_RETURN_IF_ERROR(target->calibrated
                          ? ams_calibration_compile(
                                &evaluation->calibration, evaluation->request,
                                &evaluation->progress, evaluation->done,
                                target->row->feedback, options)
                          : amsCompile(options));
  return ams_model_load(options->output, out_model);
}

/// Compiles for `target` and loads the result.
static ams_status_t build(evaluation_t *evaluation, const target_t *target,
                          ams_model_t **out_model) {
  ams_progress_show(&evaluation->progress, evaluation->done, target->what);
  // Each has a path of its own, as the loader knows libraries by their paths.
  char *path = NULL;
  if (asprintf(&path, "%s/%" PRId64 ".so", evaluation->directory,
               evaluation->done) < 0)
    return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory");
  AmsCompileOptions options = amsCompileOptionsDefault();
  options.input = evaluation->request->model;
  options.output = path;
  options.target = target->device ? AmsTargetDevice : AmsTargetDigital;
  options.cpu = "native";
  if (target->device) {
    options.device = target->device;
    options.condition = target->row->condition;
  }
  ams_status_t status =
      compile_and_load(evaluation, target, &options, out_model);
  free(path);
  ++evaluation->done;
  return status;
}

static ams_status_t measure(evaluation_t *evaluation, ams_model_t *model,
                            uint64_t seed, const char *what,
                            ams_measurement_t *out_measurement) {
  ams_progress_show(&evaluation->progress, evaluation->done, what);
  ams_run_options_t options = ams_run_options_default();
  options.seed = seed;
  options.threads = (int)evaluation->request->threads;
  AMS_RETURN_IF_ERROR(ams_dataset_measure(&evaluation->dataset, model, &options,
                                          out_measurement));
  ++evaluation->done;
  return AMS_OK;
}

/// The digital model also tells what the data must look like.
static ams_status_t evaluate_float32(evaluation_t *evaluation) {
  const ams_eval_request_t *request = evaluation->request;
  ams_model_t *model = NULL;
  const target_t target = {.what = "compiling for float32"};
  AMS_RETURN_IF_ERROR(build(evaluation, &target, &model));
  ams_status_t status =
      ams_dataset_read(model, request->inputs, request->labels, request->limit,
                       &evaluation->dataset);
  evaluation->results.samples = evaluation->dataset.samples;
  ams_measurement_t measurement = {0};
  if (!status)
    status = measure(evaluation, model, 0, "running float32", &measurement);
  if (!status) {
    evaluation->results.float32 = measurement.percent;
    ams_dataset_keep_reference(&evaluation->dataset);
    status = ams_calibration_read(model, request, &evaluation->calibration);
  }
  ams_model_free(model);
  return status;
}

/// Runs `model`, whose gains are set, with every seed.
static ams_status_t evaluate_seeds(evaluation_t *evaluation, ams_model_t *model,
                                   const char *words, ams_cell_t *cell) {
  int64_t seeds = evaluation->request->seeds;
  for (int64_t seed = 0; seed < seeds; ++seed) {
    char what[192];
    snprintf(what, sizeof what, "running %s, seed %" PRId64, words, seed);
    ams_measurement_t measurement = {0};
    AMS_RETURN_IF_ERROR(
        measure(evaluation, model, (uint64_t)seed, what, &measurement));
    evaluation->percents[seed] = measurement.percent;
    evaluation->decibels[seed] = measurement.decibels;
    evaluation->agreements[seed] = measurement.agreement;
  }
  cell->accuracy = ams_figure_of(evaluation->percents, seeds);
  cell->decibels = ams_figure_of(evaluation->decibels, seeds);
  cell->agreement = ams_figure_of(evaluation->agreements, seeds);
  return AMS_OK;
}

/// A cell with calibrated gains, in a binary of its own.
static ams_status_t evaluate_calibrated(evaluation_t *evaluation,
                                        const char *device,
                                        const ams_sweep_row_t *row,
                                        const char *words, ams_cell_t *cell) {
  char what[128], running[128];
  snprintf(what, sizeof what, "calibrating for %s", words);
  snprintf(running, sizeof running, "%s, calibrated gains", words);
  const target_t target = {device, row, true, what};
  ams_model_t *model = NULL;
  ams_status_t status = build(evaluation, &target, &model);
  if (!status) {
    ams_calibration_cost(model, 0, cell);
    status = evaluate_seeds(evaluation, model, running, cell);
  }
  ams_model_free(model);
  return status;
}

/// The cells with a single gain, which share `*model`.
static ams_status_t evaluate_single(evaluation_t *evaluation,
                                    const char *device,
                                    const ams_sweep_row_t *row,
                                    const char *words, float gain,
                                    ams_model_t **model, ams_cell_t *cell) {
  char what[128];
  snprintf(what, sizeof what, "compiling for %s", words);
  const target_t target = {device, row, false, what};
  if (!*model)
    AMS_RETURN_IF_ERROR(build(evaluation, &target, model));
  AMS_RETURN_IF_ERROR(ams_model_set_gain(*model, NULL, gain));
  ams_calibration_cost(*model, gain, cell);
  snprintf(what, sizeof what, "%s, gain %g", words, (double)gain);
  return evaluate_seeds(evaluation, *model, what, cell);
}

static ams_status_t evaluate_gains(evaluation_t *evaluation, const char *device,
                                   const ams_sweep_row_t *row,
                                   const char *words, ams_cell_t *cells) {
  const ams_sweep_t *sweep = &evaluation->request->sweep;
  ams_model_t *model = NULL;
  ams_status_t status = AMS_OK;
  for (size_t g = 0; g < sweep->num_gains && !status; ++g)
    status =
        sweep->gains[g] == AMS_SWEEP_CALIBRATED
            ? evaluate_calibrated(evaluation, device, row, words, &cells[g])
            : evaluate_single(evaluation, device, row, words, sweep->gains[g],
                              &model, &cells[g]);
  ams_model_free(model);
  return status;
}

/// Fills one row at one setting of bits.
static ams_status_t evaluate_row(evaluation_t *evaluation, size_t bits,
                                 size_t index) {
  const ams_sweep_t *sweep = &evaluation->request->sweep;
  const ams_sweep_row_t row = ams_sweep_row(sweep, index);
  char *device = NULL;
  AMS_RETURN_IF_ERROR(ams_device_choose(row.rows, sweep->bits[bits],
                                        evaluation->directory, &device));
  char words[96];
  snprintf(words, sizeof words, "n=%d %d/%d/%d", row.rows,
           sweep->bits[bits].weight, sweep->bits[bits].input,
           sweep->bits[bits].output);
  ams_status_t status =
      evaluate_gains(evaluation, device, &row, words,
                     ams_results_cell(&evaluation->results, bits, index, 0));
  free(device);
  return name_device(status, &row, sweep->bits[bits]);
}

static ams_status_t evaluate_all(evaluation_t *evaluation) {
  const ams_sweep_t *sweep = &evaluation->request->sweep;
  AMS_RETURN_IF_ERROR(evaluate_float32(evaluation));
  for (size_t b = 0; b < sweep->num_bits; ++b)
    for (size_t r = 0; r < ams_sweep_num_rows(sweep); ++r)
      AMS_RETURN_IF_ERROR(evaluate_row(evaluation, b, r));
  return AMS_OK;
}

static int64_t count_steps(const ams_eval_request_t *request) {
  const ams_sweep_t *sweep = &request->sweep;
  int64_t rows = (int64_t)(sweep->num_bits * ams_sweep_num_rows(sweep)),
          builds = 0, single = 0;
  for (size_t g = 0; g < sweep->num_gains; ++g) {
    builds += sweep->gains[g] == AMS_SWEEP_CALIBRATED;
    single |= sweep->gains[g] != AMS_SWEEP_CALIBRATED;
  }
  return 2 +
         rows * (builds + single + (int64_t)sweep->num_gains * request->seeds);
}

/// The file's name without directories and extension; free it.
static char *network_name(const char *path) {
  const char *slash = strrchr(path, '/');
  char *name = strdup(slash ? slash + 1 : path);
  char *dot = name ? strrchr(name, '.') : NULL;
  if (dot && dot != name)
    *dot = '\0';
  return name;
}

static ams_status_t prepare(evaluation_t *evaluation) {
  const ams_eval_request_t *request = evaluation->request;
  evaluation->percents = calloc((size_t)request->seeds, sizeof(double));
  evaluation->decibels = calloc((size_t)request->seeds, sizeof(double));
  evaluation->agreements = calloc((size_t)request->seeds, sizeof(double));
  char *network = network_name(request->model);
  if (!evaluation->percents || !evaluation->decibels ||
      !evaluation->agreements || !network) {
    free(network);
    return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory");
  }
  return ams_results_create(network, &request->sweep, request->seeds,
                            &evaluation->results);
}

ams_status_t ams_evaluate(const ams_eval_request_t *request,
                          const char *directory, ams_results_t *out_results) {
  evaluation_t evaluation = {.request = request, .directory = directory};
  ams_status_t status = prepare(&evaluation);
  if (!status) {
    evaluation.progress = ams_progress_begin("ams-eval", count_steps(request));
    status = evaluate_all(&evaluation);
    ams_progress_end(&evaluation.progress);
  }
  ams_dataset_free(&evaluation.dataset);
  ams_calibration_free(&evaluation.calibration);
  free(evaluation.percents);
  free(evaluation.decibels);
  free(evaluation.agreements);
  if (status)
    ams_results_free(&evaluation.results);
  else
    *out_results = evaluation.results;
  return status;
}
