//===-- request.c - What ams-run is asked to do -------------------*- C -*-===//
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

#include <stdlib.h>
#include <string.h>

enum {
  OPTION_INPUT,
  OPTION_OUTPUT,
  OPTION_SEED,
  OPTION_DEVICE_SEED,
  OPTION_NOISE,
  OPTION_GAIN,
  OPTION_FIRST_SAMPLE,
  OPTION_THREADS,
  OPTION_REPEAT,
  OPTION_TIME,
  OPTION_STATS,
  OPTION_INFO,
};

static const ams_option_t options[] = {
    [OPTION_INPUT] = {"input", "FILE",
                      "an input: .npy, or IDX plain or gzip; once for\n"
                      "each input of the model, in its order",
                      'i'},
    [OPTION_OUTPUT] = {"output", "FILE",
                       "a .npy file for an output; once for each output", 'o'},
    [OPTION_SEED] = {"seed", "N", "the noise's seed (0)", 0},
    [OPTION_DEVICE_SEED] = {"device-seed", "N",
                            "the seed of the device's static errors (0)", 0},
    [OPTION_NOISE] = {"noise", "none|device",
                      "leave what changes from run to run out, or as the\n"
                      "device says",
                      0},
    [OPTION_GAIN] = {"gain", "[LAYER=]G",
                     "another gain, for every layer or for one; may be\n"
                     "given several times, later ones prevail",
                     0},
    [OPTION_FIRST_SAMPLE] = {"first-sample", "N",
                             "number of the first sample, which addresses\n"
                             "its noise (0)",
                             0},
    [OPTION_THREADS] = {"threads", "N",
                        "threads (0: as many as there are processors)", 0},
    [OPTION_REPEAT] = {"repeat", "N", "run N times, for --time (1)", 0},
    [OPTION_TIME] = {"time", NULL, "print the median time of a run", 0},
    [OPTION_STATS] = {"stats", "json[:FILE]",
                      "what each layer's converters did: saturation, codes,\n"
                      "signal to noise, time; slower",
                      0},
    [OPTION_INFO] = {"info", NULL, "print what the model is", 0},
};

ams_command_t ams_run_command(const char *name, bool embedded) {
  return (ams_command_t){
      .name = name,
      .usage = embedded ? "--input=FILE... --output=FILE... [options]"
                        : "MODEL.so --input=FILE... --output=FILE... [options]",
      .summary = embedded ? "Runs the model inside this program."
                          : "Runs a compiled model on any number of samples.",
      .options = options,
      .num_options = sizeof options / sizeof *options,
  };
}

/// "G" or "LAYER=G"; a layer's name may hold '=' itself.
static ams_status_t parse_gain(const char *text, ams_run_request_t *request) {
  ams_gain_request_t gain = {0};
  const char *equals = strrchr(text, '=');
  AMS_RETURN_IF_ERROR(ams_number_parse_positive(equals ? equals + 1 : text,
                                                "option '--gain'", &gain.gain));
  if (equals) {
    gain.layer = strndup(text, (size_t)(equals - text));
    if (!gain.layer)
      return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory");
  }
  request->gains[request->num_gains++] = gain;
  return AMS_OK;
}

static ams_status_t parse_noise(const char *text, bool *out_noise) {
  *out_noise = strcmp(text, "none") != 0;
  if (*out_noise && strcmp(text, "device") != 0)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "option '--noise': '%s' is neither 'none' nor "
                           "'device'",
                           text);
  return AMS_OK;
}

static ams_status_t parse_threads(const char *text, int *out_threads) {
  int64_t threads = 0;
  AMS_RETURN_IF_ERROR(
      ams_number_parse_int(text, "option '--threads'", 0, 1024, &threads));
  *out_threads = (int)threads;
  return AMS_OK;
}

/// "json" or "json:FILE".
static ams_status_t parse_stats(const char *text, ams_run_request_t *request) {
  size_t format = strcspn(text, ":");
  if (format != strlen("json") || strncmp(text, "json", format) != 0 ||
      strcmp(text + format, ":") == 0)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "option '--stats': '%s' is neither 'json' nor "
                           "'json:FILE'",
                           text);
  request->statistics = true;
  request->statistics_path = text[format] ? text + format + 1 : NULL;
  return AMS_OK;
}

static ams_status_t set_option(ams_run_request_t *request, int option,
                               const char *value) {
  switch (option) {
  case OPTION_INPUT:
    request->inputs[request->num_inputs++] = value;
    return AMS_OK;
  case OPTION_OUTPUT:
    request->outputs[request->num_outputs++] = value;
    return AMS_OK;
  case OPTION_SEED:
    return ams_number_parse_uint64(value, "option '--seed'",
                                   &request->options.seed);
  case OPTION_DEVICE_SEED:
    return ams_number_parse_uint64(value, "option '--device-seed'",
                                   &request->device_seed);
  case OPTION_NOISE:
    return parse_noise(value, &request->options.noise);
  case OPTION_GAIN:
    return parse_gain(value, request);
  case OPTION_FIRST_SAMPLE:
    return ams_number_parse_uint64(value, "option '--first-sample'",
                                   &request->options.first_sample);
  case OPTION_THREADS:
    return parse_threads(value, &request->options.threads);
  case OPTION_REPEAT:
    return ams_number_parse_int(value, "option '--repeat'", 1, 1000000,
                                &request->repeat);
  case OPTION_TIME:
    request->time = true;
    return AMS_OK;
  case OPTION_STATS:
    return parse_stats(value, request);
  case OPTION_INFO:
    request->info = true;
    return AMS_OK;
  case AMS_ARGUMENT_HELP:
    request->help = true;
    return AMS_OK;
  default:
    request->version = true;
    return AMS_OK;
  }
}

static ams_status_t set_model(ams_run_request_t *request, bool embedded,
                              const char *path) {
  if (embedded)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "unexpected argument '%s': the model is inside this "
                           "program",
                           path);
  if (request->model)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "unexpected argument '%s': the model is '%s', and "
                           "inputs are given by --input",
                           path, request->model);
  request->model = path;
  return AMS_OK;
}

static ams_status_t walk(const ams_command_t *command, bool embedded, int argc,
                         char **argv, ams_run_request_t *request) {
  ams_arguments_t arguments = ams_arguments_begin(command, argc, argv);
  while (!request->help && !request->version) {
    int option = AMS_ARGUMENT_END;
    const char *value = NULL;
    AMS_RETURN_IF_ERROR(ams_arguments_next(&arguments, &option, &value));
    if (option == AMS_ARGUMENT_END)
      break;
    if (option == AMS_ARGUMENT_POSITIONAL)
      AMS_RETURN_IF_ERROR(set_model(request, embedded, value));
    else
      AMS_RETURN_IF_ERROR(set_option(request, option, value));
  }
  if (!embedded && !request->model && !request->help && !request->version)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "no model given; usage: %s %s", command->name,
                           command->usage);
  return AMS_OK;
}

ams_status_t ams_run_request_parse(const ams_command_t *command, bool embedded,
                                   int argc, char **argv,
                                   ams_run_request_t *out_request) {
  size_t room = argc > 0 ? (size_t)argc : 1;
  ams_run_request_t request = {
      .inputs = calloc(room, sizeof *request.inputs),
      .outputs = calloc(room, sizeof *request.outputs),
      .gains = calloc(room, sizeof *request.gains),
      .options = ams_run_options_default(),
      .repeat = 1,
  };
  ams_status_t status =
      request.inputs && request.outputs && request.gains
          ? walk(command, embedded, argc, argv, &request)
          : ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory");
  if (status)
    ams_run_request_free(&request);
  else
    *out_request = request;
  return status;
}

void ams_run_request_free(ams_run_request_t *request) {
  for (size_t i = 0; i < request->num_gains; ++i)
    free(request->gains[i].layer);
  free(request->gains);
  free(request->inputs);
  free(request->outputs);
  *request = (ams_run_request_t){0};
}
