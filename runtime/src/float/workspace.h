//===-- workspace.h - What one run of a plan needs for itself -----*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A pool of workspaces: each holds a stream, the handles that point oneDNN at
// tensors, and scratch memory. A run takes one and gives it back, so there are
// as many as runs at once, and repeated runs allocate nothing.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_FLOAT_WORKSPACE_H
#define AMS_FLOAT_WORKSPACE_H

#include "onednn.h"

/// The tensors of a product.
typedef struct ams_float_layout {
  const dnnl_memory_desc_t *source, *weights, *destination, *scratchpad;
} ams_float_layout_t;

typedef struct ams_workspace {
  dnnl_stream_t stream;
  dnnl_memory_t source, weights, destination; // point nowhere between runs
  dnnl_memory_t scratchpad;
  struct ams_workspace *next;
} ams_workspace_t;

typedef struct ams_workspaces ams_workspaces_t;

ams_status_t ams_workspaces_create(dnnl_engine_t engine,
                                   const ams_float_layout_t *layout,
                                   ams_workspaces_t **out_workspaces);

/// Frees the pool, to which every workspace has been given back.
void ams_workspaces_free(ams_workspaces_t *workspaces);

ams_status_t ams_workspaces_take(ams_workspaces_t *workspaces,
                                 ams_workspace_t **out_workspace);

void ams_workspaces_give(ams_workspaces_t *workspaces,
                         ams_workspace_t *workspace);

#endif // AMS_FLOAT_WORKSPACE_H
