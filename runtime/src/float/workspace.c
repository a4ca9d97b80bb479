//===-- workspace.c - What one run of a plan needs for itself -----*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A list of idle workspaces behind a mutex.
//
//===----------------------------------------------------------------------===//

#include "workspace.h"

#include <pthread.h>
#include <stdlib.h>

struct ams_workspaces {
  dnnl_engine_t engine; // not owned
  dnnl_memory_desc_t source, weights, destination, scratchpad;
  pthread_mutex_t mutex;
  ams_workspace_t *idle;
};

ams_status_t ams_workspaces_create(dnnl_engine_t engine,
                                   const ams_float_layout_t *layout,
                                   ams_workspaces_t **out_workspaces) {
  ams_workspaces_t *workspaces = calloc(1, sizeof *workspaces);
  if (!workspaces || pthread_mutex_init(&workspaces->mutex, NULL) != 0) {
    free(workspaces);
    return ams_status_make(AMS_STATUS_OUT_OF_MEMORY,
                           "no memory for workspaces");
  }
  workspaces->engine = engine;
  workspaces->source = *layout->source;
  workspaces->weights = *layout->weights;
  workspaces->destination = *layout->destination;
  workspaces->scratchpad = *layout->scratchpad;
  *out_workspaces = workspaces;
  return AMS_OK;
}

static void free_workspace(ams_workspace_t *workspace) {
  dnnl_memory_destroy(workspace->source);
  dnnl_memory_destroy(workspace->weights);
  dnnl_memory_destroy(workspace->destination);
  dnnl_memory_destroy(workspace->scratchpad);
  dnnl_stream_destroy(workspace->stream);
  free(workspace);
}

void ams_workspaces_free(ams_workspaces_t *workspaces) {
  if (!workspaces)
    return;
  while (workspaces->idle) {
    ams_workspace_t *workspace = workspaces->idle;
    workspaces->idle = workspace->next;
    free_workspace(workspace);
  }
  pthread_mutex_destroy(&workspaces->mutex);
  free(workspaces);
}

static ams_status_t fill(const ams_workspaces_t *workspaces,
                         ams_workspace_t *workspace) {
  dnnl_engine_t engine = workspaces->engine;
  AMS_ONEDNN_TRY(
      dnnl_stream_create(&workspace->stream, engine, dnnl_stream_default_flags),
      "make a stream");
  AMS_ONEDNN_TRY(dnnl_memory_create(&workspace->source, &workspaces->source,
                                    engine, DNNL_MEMORY_NONE),
                 "describe the input");
  AMS_ONEDNN_TRY(dnnl_memory_create(&workspace->weights, &workspaces->weights,
                                    engine, DNNL_MEMORY_NONE),
                 "describe the weights");
  AMS_ONEDNN_TRY(dnnl_memory_create(&workspace->destination,
                                    &workspaces->destination, engine,
                                    DNNL_MEMORY_NONE),
                 "describe the output");
  return ams_onednn_check(dnnl_memory_create(&workspace->scratchpad,
                                             &workspaces->scratchpad, engine,
                                             DNNL_MEMORY_ALLOCATE),
                          "hold intermediate values");
}

ams_status_t ams_workspaces_take(ams_workspaces_t *workspaces,
                                 ams_workspace_t **out_workspace) {
  pthread_mutex_lock(&workspaces->mutex);
  ams_workspace_t *workspace = workspaces->idle;
  if (workspace)
    workspaces->idle = workspace->next;
  pthread_mutex_unlock(&workspaces->mutex);
  if (!workspace) {
    workspace = calloc(1, sizeof *workspace);
    if (!workspace)
      return ams_status_make(AMS_STATUS_OUT_OF_MEMORY,
                             "no memory for a workspace");
    ams_status_t status = fill(workspaces, workspace);
    if (status) {
      free_workspace(workspace);
      return status;
    }
  }
  *out_workspace = workspace;
  return AMS_OK;
}

void ams_workspaces_give(ams_workspaces_t *workspaces,
                         ams_workspace_t *workspace) {
  pthread_mutex_lock(&workspaces->mutex);
  workspace->next = workspaces->idle;
  workspaces->idle = workspace;
  pthread_mutex_unlock(&workspaces->mutex);
}
