//===-- main.c - The tool ams-tune --------------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Command line, then training in a process of its own.
//
//===----------------------------------------------------------------------===//

#include "message.h"
#include "output_file.h"
#include "request.h"
#include "scratch.h"
#include "train.h"

#include <signal.h>

static int work(const char *directory, void *context) {
  return ams_message_finish(ams_tune_command.name,
                            ams_train(context, directory));
}

/// Fails before long work if something could not be written.
static ams_status_t probe(const ams_tune_request_t *request) {
  const char *const paths[] = {request->output, request->checkpoint,
                               request->csv, request->html};
  for (size_t i = 0; i < sizeof paths / sizeof *paths; ++i)
    if (paths[i])
      AMS_RETURN_IF_ERROR(ams_output_file_probe(paths[i]));
  return AMS_OK;
}

int main(int argc, char **argv) {
  ams_tune_request_t request = {0};
  ams_status_t status = ams_tune_request_parse(argc, argv, &request);
  if (!status && request.help) {
    ams_command_print_help(&ams_tune_command, stdout);
    return 0;
  }
  if (!status && request.version) {
    ams_command_print_version(&ams_tune_command, stdout);
    return 0;
  }
  // A file that grows too large is an error as any other.
  signal(SIGXFSZ, SIG_IGN);
  if (!status)
    status = probe(&request);
  if (status)
    return ams_message_finish(ams_tune_command.name, status);
  return ams_scratch_run(ams_tune_command.name, work, &request);
}
