//===-- plan.c - A layer's product, ready to run ------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Choice of the implementation, packing of the weights, execution. Scratch
// memory is the caller's (oneDNN's user mode), since a primitive's own would
// tie it to one thread.
//
//===----------------------------------------------------------------------===//

#include "plan.h"

#include "describe.h"
#include "implementation.h"
#include "workspace.h"

#include <omp.h>
#include <stdbool.h>
#include <stdlib.h>

struct ams_float_plan {
  dnnl_engine_t engine; // not owned
  int threads;
  dnnl_primitive_t primitive;
  dnnl_memory_t packed_weights; // NULL: the model's own are used
  ams_workspaces_t *workspaces;
};

static ams_status_t reorder(dnnl_engine_t engine, dnnl_memory_t from,
                            const dnnl_memory_desc_t *from_layout,
                            dnnl_memory_t to,
                            const dnnl_memory_desc_t *to_layout) {
  dnnl_primitive_desc_t description = NULL;
  dnnl_primitive_t primitive = NULL;
  dnnl_stream_t stream = NULL;
  dnnl_status_t status = dnnl_reorder_primitive_desc_create(
      &description, from_layout, engine, to_layout, engine, NULL);
  if (status == dnnl_success)
    status = dnnl_primitive_create(&primitive, description);
  if (status == dnnl_success)
    status = dnnl_stream_create(&stream, engine, dnnl_stream_default_flags);
  if (status == dnnl_success)
    status = dnnl_primitive_execute(
        primitive, stream, 2,
        (dnnl_exec_arg_t[]){{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}});
  if (status == dnnl_success)
    status = dnnl_stream_wait(stream);
  dnnl_stream_destroy(stream);
  dnnl_primitive_destroy(primitive);
  dnnl_primitive_desc_destroy(description);
  return ams_onednn_check(status, "pack a layer's weights");
}

/// Copies the weights into `layout`, unless the model has them so.
static ams_status_t pack_weights(ams_float_plan_t *plan,
                                 const dnnl_memory_desc_t *given,
                                 const dnnl_memory_desc_t *layout,
                                 const float *weights) {
  if (dnnl_memory_desc_equal(given, layout))
    return AMS_OK;
  AMS_ONEDNN_TRY(dnnl_memory_create(&plan->packed_weights, layout, plan->engine,
                                    DNNL_MEMORY_ALLOCATE),
                 "hold a layer's weights");
  dnnl_memory_t from = NULL;
  AMS_ONEDNN_TRY(
      dnnl_memory_create(&from, given, plan->engine, (void *)weights),
      "read a layer's weights");
  ams_status_t status =
      reorder(plan->engine, from, given, plan->packed_weights, layout);
  dnnl_memory_destroy(from);
  return status;
}

/// Makes all that the chosen implementation needs.
static ams_status_t prepare_chosen(ams_float_plan_t *plan,
                                   const_dnnl_primitive_desc_t chosen,
                                   const dnnl_memory_desc_t *given,
                                   const float *weights) {
  ams_float_layout_t layout = {
      .source = dnnl_primitive_desc_query_md(chosen, dnnl_query_src_md, 0),
      .weights = dnnl_primitive_desc_query_md(chosen, dnnl_query_weights_md, 0),
      .destination = dnnl_primitive_desc_query_md(chosen, dnnl_query_dst_md, 0),
      .scratchpad =
          dnnl_primitive_desc_query_md(chosen, dnnl_query_scratchpad_md, 0),
  };
  AMS_ONEDNN_TRY(dnnl_primitive_create(&plan->primitive, chosen),
                 "prepare a product");
  AMS_RETURN_IF_ERROR(pack_weights(plan, given, layout.weights, weights));
  return ams_workspaces_create(plan->engine, &layout, &plan->workspaces);
}

/// Whether the bits depend on the number of threads: oneDNN's general matrix
/// product cuts long sums among them.
static bool splits_sums(const ams_abi_layer_t *layer,
                        const_dnnl_primitive_desc_t chosen) {
  return layer->kind != AMS_ABI_CONV && ams_float_has_in_name(chosen, "gemm");
}

static ams_status_t prepare(ams_float_plan_t *plan,
                            const ams_abi_layer_t *layer,
                            const float *weights) {
  ams_float_description_t description;
  AMS_RETURN_IF_ERROR(ams_float_describe(layer, &description));
  dnnl_primitive_desc_t chosen = NULL;
  AMS_RETURN_IF_ERROR(ams_float_find_implementation(
      &description.operation, NULL, plan->engine, &chosen));
  if (plan->threads > 1 && splits_sums(layer, chosen)) {
    dnnl_primitive_desc_destroy(chosen);
    plan->threads = 1;
    omp_set_num_threads(1);
    AMS_RETURN_IF_ERROR(ams_float_find_implementation(
        &description.operation, NULL, plan->engine, &chosen));
  }
  ams_status_t status =
      prepare_chosen(plan, chosen, &description.weights, weights);
  dnnl_primitive_desc_destroy(chosen);
  return status;
}

ams_status_t ams_float_plan_create(const ams_abi_layer_t *layer,
                                   dnnl_engine_t engine, int threads,
                                   const float *weights,
                                   ams_float_plan_t **out_plan) {
  ams_float_plan_t *plan = calloc(1, sizeof *plan);
  if (!plan)
    return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "no memory for a layer");
  plan->engine = engine;
  plan->threads = threads;
  int before = ams_float_exchange_threads(threads);
  ams_status_t status = prepare(plan, layer, weights);
  omp_set_num_threads(before);
  if (status)
    ams_float_plan_free(plan);
  else
    *out_plan = plan;
  return status;
}

void ams_float_plan_free(ams_float_plan_t *plan) {
  ams_workspaces_free(plan->workspaces);
  dnnl_memory_destroy(plan->packed_weights);
  dnnl_primitive_destroy(plan->primitive);
  free(plan);
}

static ams_status_t execute(const ams_float_plan_t *plan,
                            const ams_workspace_t *workspace, const float *x,
                            const float *weights, float *y) {
  AMS_ONEDNN_TRY(dnnl_memory_set_data_handle(workspace->source, (void *)x),
                 "read the input");
  AMS_ONEDNN_TRY(dnnl_memory_set_data_handle(workspace->destination, y),
                 "write the output");
  if (!plan->packed_weights)
    AMS_ONEDNN_TRY(
        dnnl_memory_set_data_handle(workspace->weights, (void *)weights),
        "read the weights");
  dnnl_exec_arg_t arguments[] = {
      {DNNL_ARG_SRC, workspace->source},
      {DNNL_ARG_WEIGHTS,
       plan->packed_weights ? plan->packed_weights : workspace->weights},
      {DNNL_ARG_DST, workspace->destination},
      {DNNL_ARG_SCRATCHPAD, workspace->scratchpad},
  };
  AMS_ONEDNN_TRY(dnnl_primitive_execute(plan->primitive, workspace->stream,
                                        sizeof arguments / sizeof *arguments,
                                        arguments),
                 "compute a product");
  return ams_onednn_check(dnnl_stream_wait(workspace->stream),
                          "finish a product");
}

ams_status_t ams_float_plan_run(ams_float_plan_t *plan, const float *x,
                                const float *weights, float *y) {
  ams_workspace_t *workspace = NULL;
  AMS_RETURN_IF_ERROR(ams_workspaces_take(plan->workspaces, &workspace));
  int before = ams_float_exchange_threads(plan->threads);
  ams_status_t status = execute(plan, workspace, x, weights, y);
  omp_set_num_threads(before);
  ams_workspaces_give(plan->workspaces, workspace);
  return status;
}
