//===-- runner.c - The program ams-run as a function --------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Command line, model, information, run.
//
//===----------------------------------------------------------------------===//

#include "runner.h"

#include "execute.h"
#include "gains.h"
#include "information.h"
#include "message.h"
#include "request.h"

#include <stdlib.h>
#include <string.h>

/// Whether more is asked than to print what the model is.
static bool wants_run(const ams_run_request_t *request) {
  return !request->info || request->num_inputs || request->num_outputs ||
         request->time || request->statistics;
}

static ams_status_t use_model(ams_model_t *model, const char *name,
                              const ams_run_request_t *request) {
  float *gains = NULL;
  if (request->device_seed)
    AMS_RETURN_IF_ERROR(ams_model_set_device_seed(model, request->device_seed));
  if (request->statistics)
    AMS_RETURN_IF_ERROR(ams_model_gather_statistics(model));
  AMS_RETURN_IF_ERROR(ams_gains_set(model, request, &gains));
  if (request->info)
    ams_information_print(model, name, gains, request, stdout);
  free(gains);
  return wants_run(request) ? ams_execute(model, request) : AMS_OK;
}

static ams_status_t serve(const ams_command_t *command,
                          const ams_run_request_t *request,
                          const ams_abi_model_t *embedded) {
  if (request->help) {
    ams_command_print_help(command, stdout);
    return AMS_OK;
  }
  if (request->version) {
    ams_command_print_version(command, stdout);
    return AMS_OK;
  }
  ams_model_t *model = NULL;
  const char *name = embedded ? command->name : request->model;
  AMS_RETURN_IF_ERROR(embedded ? ams_model_open(embedded, name, &model)
                               : ams_model_load(name, &model));
  ams_status_t status = use_model(model, name, request);
  ams_model_free(model);
  return status;
}

/// The last part of the program's path.
static const char *program_name(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

int ams_run_main(int argc, char **argv, const ams_abi_model_t *embedded) {
  const char *name = embedded && argc > 0 ? program_name(argv[0]) : "ams-run";
  ams_command_t command = ams_run_command(name, embedded);
  ams_run_request_t request = {0};
  ams_status_t status =
      ams_run_request_parse(&command, embedded, argc, argv, &request);
  if (!status)
    status = serve(&command, &request, embedded);
  ams_run_request_free(&request);
  if (!status && fflush(stdout) != 0)
    status = ams_status_make(AMS_STATUS_IO, "cannot write standard output");
  return ams_message_finish(name, status);
}
