//===-- stop.c - Runs that have to stop ---------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stop.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static ams_status_t out_of_memory(void) {
  return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory");
}

/// Where the weights of now first compute what is not finite, NULL without
/// memory; free the text. Not to know it hides no error.
static char *find_culprit(const ams_tune_run_t *run,
                          const ams_suspects_t *suspects) {
  char *path = NULL, *text = NULL;
  ams_status_t status = ams_tune_run_write(run, &path);
  if (!status)
    status =
        ams_culprit_find(run->request, path, run->directory, suspects, &text);
  free(path);
  if (status && asprintf(&text, "the node where it began is not known: %s",
                         ams_status_message(status)) < 0)
    text = NULL;
  ams_status_free(status);
  return text;
}

ams_status_t ams_stop(const ams_tune_run_t *run, const ams_suspects_t *suspects,
                      const char *what) {
  char *culprit = find_culprit(run, suspects);
  if (!culprit)
    return out_of_memory();
  const char *kept = run->request->checkpoint;
  const bool is_kept = kept && access(kept, F_OK) == 0;
  ams_status_t status = ams_status_make(
      AMS_STATUS_INVALID_DATA,
      "after step %" PRId64 ": %s; %s; lower the rate%s%s", run->done, what,
      culprit, is_kept ? ". The last good checkpoint is " : "",
      is_kept ? kept : "");
  free(culprit);
  return status;
}

ams_status_t ams_stop_for(const ams_tune_run_t *run,
                          const ams_suspects_t *suspects, ams_status_t error) {
  ams_status_t status = ams_stop(run, suspects, ams_status_message(error));
  ams_status_free(error);
  return status;
}

ams_status_t ams_stop_parameter(const ams_tune_run_t *run,
                                const ams_suspects_t *suspects,
                                const char *what,
                                const ams_parameter_t *parameter) {
  char *text = NULL;
  if (asprintf(&text, "%s '%s' is NaN or infinite", what, parameter->name) < 0)
    return out_of_memory();
  ams_status_t status = ams_stop(run, suspects, text);
  free(text);
  return status;
}

ams_status_t ams_stop_bad_model(const ams_tune_run_t *run) {
  const ams_parameter_t *bad = ams_parameters_find_bad_weight(&run->parameters);
  if (!bad)
    return AMS_OK;
  const ams_suspects_t first = {&run->train, NULL, run->request->batch};
  char *culprit = find_culprit(run, &first);
  if (!culprit)
    return out_of_memory();
  ams_status_t status = ams_status_make(
      AMS_STATUS_INVALID_DATA, "%s: a weight of '%s' is NaN or infinite; %s",
      run->request->model, bad->name, culprit);
  free(culprit);
  return status;
}
