//===-- request.c - What ams-eval is asked to do ------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The table of options, and what each one sets.
//
//===----------------------------------------------------------------------===//

#include "request.h"

#include "number.h"

#include <string.h>

enum {
  OPTION_INPUTS,
  OPTION_LABELS,
  OPTION_SWEEP,
  OPTION_SEEDS,
  OPTION_LIMIT,
  OPTION_METRIC,
  OPTION_CALIBRATE,
  OPTION_CALIBRATE_SAMPLES,
  OPTION_BUDGET,
  OPTION_PER,
  OPTION_THREADS,
  OPTION_CSV,
};

static const ams_option_t options[] = {
    [OPTION_INPUTS] = {"inputs", "FILE",
                       "samples: .npy, or IDX images plain or gzip", 0},
    [OPTION_LABELS] = {"labels", "FILE", "the class of each sample", 0},
    [OPTION_SWEEP] = {"sweep", "TEXT",
                      "the table's rows and columns, for example\n"
                      "'n=8,32,128 gain=1,2,4,8,16 bits=8/8/8,6/6/8';\n"
                      "gain=calibrated is each layer's own (--calibrate);\n"
                      "condition=none,mean,spread,both,auto and\n"
                      "rounding=nearest,feedback add rows: how blocks are\n"
                      "conditioned (auto: each layer's best) and weights\n"
                      "rounded; what is left out is n=128, gain=8,\n"
                      "bits=8/8/8, condition=none, rounding=nearest",
                      0},
    [OPTION_SEEDS] = {"seeds", "N",
                      "noise seeds 0 to N-1 for each cell, of which mean and\n"
                      "deviation are printed (1)",
                      0},
    [OPTION_LIMIT] = {"limit", "N", "use the first N samples only", 0},
    [OPTION_METRIC] = {"metric", "top1", "what to measure (top1)", 0},
    [OPTION_CALIBRATE] = {"calibrate", "FILE",
                          "samples to choose the gains of gain=calibrated by:\n"
                          ".npy, or IDX images plain or gzip",
                          0},
    [OPTION_CALIBRATE_SAMPLES] = {"calibrate-samples", "N",
                                  "calibrate with the first N samples only", 0},
    [OPTION_BUDGET] = {"budget", "ENERGY",
                       "energy that calibrated gains may take a sample: as\n"
                       "250nJ, or 60% of what the best ones take",
                       0},
    [OPTION_PER] = {"gain-per", "WHAT",
                    "what gain=calibrated gives a gain of its own: layer\n"
                    "(default), block, each block of a layer's reduction, or\n"
                    "tile, each of its crossbar tiles",
                    0},
    [OPTION_THREADS] = {"threads", "N",
                        "threads (0: as many as there are processors)", 0},
    [OPTION_CSV] = {"csv", "FILE", "write the table to FILE too", 0},
};

const ams_command_t ams_eval_command = {
    .name = "ams-eval",
    .usage = "MODEL.onnx --inputs=FILE --labels=FILE [options]",
    .summary = "Compiles a classifier for float32 and for a sweep of devices, "
               "runs each on labelled\nsamples and prints their accuracy.",
    .options = options,
    .num_options = sizeof options / sizeof *options,
};

static ams_status_t set_model(ams_eval_request_t *request, const char *path) {
  if (request->model)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "unexpected argument '%s': the model is '%s'", path,
                           request->model);
  request->model = path;
  return AMS_OK;
}

static ams_status_t check_metric(const char *metric) {
  if (strcmp(metric, "top1") == 0)
    return AMS_OK;
  return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                         "option '--metric': '%s' is unknown; 'top1' is known",
                         metric);
}

static ams_status_t set_option(ams_eval_request_t *request, int option,
                               const char *value) {
  switch (option) {
  case AMS_ARGUMENT_POSITIONAL:
    return set_model(request, value);
  case OPTION_INPUTS:
    request->inputs = value;
    return AMS_OK;
  case OPTION_LABELS:
    request->labels = value;
    return AMS_OK;
  case OPTION_SWEEP:
    return ams_sweep_parse(value, &request->sweep);
  case OPTION_SEEDS:
    return ams_number_parse_int(value, "option '--seeds'", 1, 1000,
                                &request->seeds);
  case OPTION_LIMIT:
    return ams_number_parse_int(value, "option '--limit'", 1, INT64_MAX,
                                &request->limit);
  case OPTION_METRIC:
    return check_metric(value);
  case OPTION_CALIBRATE:
    request->calibrate = value;
    return AMS_OK;
  case OPTION_CALIBRATE_SAMPLES:
    return ams_number_parse_int(value, "option '--calibrate-samples'", 1,
                                INT64_MAX, &request->calibrate_samples);
  case OPTION_BUDGET:
    request->budget = value;
    return AMS_OK;
  case OPTION_PER:
    request->per = value;
    if (!strcmp(value, "layer") || !strcmp(value, "block") ||
        !strcmp(value, "tile"))
      return AMS_OK;
    return ams_status_make(
        AMS_STATUS_INVALID_ARGUMENT,
        "option '--gain-per': '%s' is none of layer, block and tile", value);
  case OPTION_THREADS:
    return ams_number_parse_int(value, "option '--threads'", 0, 1024,
                                &request->threads);
  case OPTION_CSV:
    request->csv = value;
    return AMS_OK;
  case AMS_ARGUMENT_HELP:
    request->help = true;
    return AMS_OK;
  default:
    request->version = true;
    return AMS_OK;
  }
}

/// Calibrated gains need samples, and samples such gains.
static ams_status_t check_calibration(const ams_eval_request_t *request) {
  bool calibrated = false;
  for (size_t g = 0; g < request->sweep.num_gains; ++g)
    calibrated |= request->sweep.gains[g] == AMS_SWEEP_CALIBRATED;
  bool given = request->calibrate || request->budget || request->per ||
               request->calibrate_samples > 0;
  if (calibrated ? request->calibrate != NULL : !given)
    return AMS_OK;
  return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                         "gain=calibrated in '--sweep' and the samples of "
                         "'--calibrate' need each other");
}

static ams_status_t check_complete(const ams_eval_request_t *request) {
  const char *missing = !request->model    ? "model"
                        : !request->inputs ? "--inputs"
                        : !request->labels ? "--labels"
                                           : NULL;
  if (!missing)
    return check_calibration(request);
  return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                         "no %s given; usage: %s %s", missing,
                         ams_eval_command.name, ams_eval_command.usage);
}

ams_status_t ams_eval_request_parse(int argc, char **argv,
                                    ams_eval_request_t *out_request) {
  ams_eval_request_t request = {.seeds = 1};
  AMS_RETURN_IF_ERROR(ams_sweep_parse("", &request.sweep));
  ams_arguments_t arguments =
      ams_arguments_begin(&ams_eval_command, argc, argv);
  while (!request.help && !request.version) {
    int option = AMS_ARGUMENT_END;
    const char *value = NULL;
    AMS_RETURN_IF_ERROR(ams_arguments_next(&arguments, &option, &value));
    if (option == AMS_ARGUMENT_END) {
      AMS_RETURN_IF_ERROR(check_complete(&request));
      break;
    }
    AMS_RETURN_IF_ERROR(set_option(&request, option, value));
  }
  *out_request = request;
  return AMS_OK;
}
