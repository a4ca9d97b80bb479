//===-- main.c - The tool ams-eval --------------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Command line, evaluation, table.
//
//===----------------------------------------------------------------------===//

#include "evaluate.h"
#include "message.h"
#include "output_file.h"
#include "scratch.h"
#include "table.h"

#include <stdint.h>
#include <sys/ioctl.h>
#include <unistd.h>

/// Characters that fit in a line: the terminal's, or any number in a file.
static size_t line_width(void) {
  struct winsize size;
  if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 &&
      size.ws_col > 0)
    return size.ws_col;
  return SIZE_MAX;
}

static ams_status_t write_csv(const ams_results_t *results, const char *path) {
  ams_output_file_t file;
  AMS_RETURN_IF_ERROR(ams_output_file_open(path, &file));
  ams_table_write_csv(results, file.stream);
  return ams_output_file_commit(&file);
}

static ams_status_t evaluate(const ams_eval_request_t *request,
                             const char *directory) {
  ams_results_t results = {0};
  AMS_RETURN_IF_ERROR(ams_evaluate(request, directory, &results));
  ams_table_print(&results, line_width(), stdout);
  ams_status_t status =
      request->csv ? write_csv(&results, request->csv) : AMS_OK;
  ams_results_free(&results);
  if (!status && fflush(stdout) != 0)
    status = ams_status_make(AMS_STATUS_IO, "cannot write standard output");
  return status;
}

static int work(const char *directory, void *context) {
  return ams_message_finish(ams_eval_command.name,
                            evaluate(context, directory));
}

int main(int argc, char **argv) {
  ams_eval_request_t request = {0};
  ams_status_t status = ams_eval_request_parse(argc, argv, &request);
  if (!status && request.help) {
    ams_command_print_help(&ams_eval_command, stdout);
    return 0;
  }
  if (!status && request.version) {
    ams_command_print_version(&ams_eval_command, stdout);
    return 0;
  }
  if (!status && request.csv)
    status = ams_output_file_probe(request.csv);
  if (status)
    return ams_message_finish(ams_eval_command.name, status);
  return ams_scratch_run(ams_eval_command.name, work, &request);
}
