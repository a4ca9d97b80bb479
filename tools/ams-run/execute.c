//===-- execute.c - From input files to output files --------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The tensors of one run, and the run itself.
//
//===----------------------------------------------------------------------===//

#include "execute.h"

#include "model_input.h"
#include "npy.h"
#include "output_file.h"
#include "progress.h"
#include "statistics.h"

#include <inttypes.h>
#include <stdlib.h>

/// All that a run reads and writes; tensors and files of zeros are empty.
typedef struct job {
  ams_model_t *model;
  const ams_run_request_t *request;
  int64_t samples;
  ams_tensor_t *inputs, *outputs;
  const void **input_data;
  void **output_data;
  ams_output_file_t *files;
  double *seconds; // of each repeat
} job_t;

static ams_status_t out_of_memory(void) {
  return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory");
}

static ams_status_t check_counts(const job_t *job) {
  const ams_abi_manifest_t *manifest = ams_model_manifest(job->model);
  const ams_run_request_t *request = job->request;
  if (request->num_inputs != manifest->num_inputs)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "the model has %" PRIu32
                           " inputs, but --input is given %zu times; --info "
                           "lists them",
                           manifest->num_inputs, request->num_inputs);
  bool may_lack =
      (request->time || request->statistics) && request->num_outputs == 0;
  if (!may_lack && request->num_outputs != manifest->num_outputs)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "the model has %" PRIu32
                           " outputs, but --output is given %zu times",
                           manifest->num_outputs, request->num_outputs);
  return AMS_OK;
}

static ams_status_t read_inputs(job_t *job) {
  const ams_run_request_t *request = job->request;
  for (size_t i = 0; i < request->num_inputs; ++i) {
    int64_t samples = 0;
    AMS_RETURN_IF_ERROR(ams_model_input_read(job->model, i, request->inputs[i],
                                             &job->inputs[i], &samples));
    job->input_data[i] = job->inputs[i].data;
    if (i == 0)
      job->samples = samples;
    if (samples != job->samples)
      return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                             "%s holds %" PRId64 " samples, but %s holds "
                             "%" PRId64,
                             request->inputs[i], samples, request->inputs[0],
                             job->samples);
  }
  return AMS_OK;
}

static ams_status_t allocate_outputs(job_t *job) {
  const ams_abi_manifest_t *manifest = ams_model_manifest(job->model);
  for (uint32_t i = 0; i < manifest->num_outputs; ++i) {
    const ams_abi_tensor_t *output = ams_model_output(job->model, i);
    int64_t dims[AMS_ABI_MAX_RANK];
    ams_model_tensor_shape(output, manifest->batch, job->samples, dims);
    AMS_RETURN_IF_ERROR(ams_tensor_allocate(
        ams_model_tensor_element(output), (int)output->rank, dims,
        ams_model_string(job->model, output->name), &job->outputs[i]));
    job->output_data[i] = job->outputs[i].data;
  }
  return AMS_OK;
}

static ams_status_t run_repeatedly(job_t *job) {
  const ams_run_request_t *request = job->request;
  ams_progress_t progress = ams_progress_begin("ams-run", request->repeat);
  ams_status_t status = AMS_OK;
  for (int64_t i = 0; i < request->repeat && !status; ++i) {
    ams_progress_show(&progress, i, "running");
    double begin = ams_clock_seconds();
    status = ams_model_run(job->model, &request->options, job->samples,
                           job->input_data, job->output_data);
    job->seconds[i] = ams_clock_seconds() - begin;
  }
  ams_progress_end(&progress);
  return status;
}

static int compare_doubles(const void *a, const void *b) {
  double left = *(const double *)a, right = *(const double *)b;
  return (left > right) - (left < right);
}

static void print_time(const job_t *job) {
  int64_t repeat = job->request->repeat;
  qsort(job->seconds, (size_t)repeat, sizeof *job->seconds, compare_doubles);
  double median =
      (job->seconds[(repeat - 1) / 2] + job->seconds[repeat / 2]) / 2;
  printf("time: %.4g ms a run of %" PRId64 " samples (median of %" PRId64
         "), %.4g samples a second\n",
         median * 1e3, job->samples, repeat, (double)job->samples / median);
}

/// Writes all files before the first one is put in its place.
static ams_status_t write_outputs(job_t *job) {
  const ams_run_request_t *request = job->request;
  for (size_t i = 0; i < request->num_outputs; ++i) {
    AMS_RETURN_IF_ERROR(
        ams_output_file_open(request->outputs[i], &job->files[i]));
    AMS_RETURN_IF_ERROR(ams_npy_write(&job->files[i], &job->outputs[i]));
  }
  for (size_t i = 0; i < request->num_outputs; ++i)
    AMS_RETURN_IF_ERROR(ams_output_file_commit(&job->files[i]));
  return AMS_OK;
}

static ams_status_t run_job(job_t *job) {
  for (size_t i = 0; i < job->request->num_outputs; ++i)
    AMS_RETURN_IF_ERROR(ams_output_file_probe(job->request->outputs[i]));
  if (job->request->statistics_path)
    AMS_RETURN_IF_ERROR(ams_output_file_probe(job->request->statistics_path));
  AMS_RETURN_IF_ERROR(read_inputs(job));
  AMS_RETURN_IF_ERROR(allocate_outputs(job));
  AMS_RETURN_IF_ERROR(run_repeatedly(job));
  AMS_RETURN_IF_ERROR(write_outputs(job));
  if (job->request->time)
    print_time(job);
  if (job->request->statistics)
    AMS_RETURN_IF_ERROR(ams_statistics_write(job->model, job->request));
  return AMS_OK;
}

static bool allocate_job(job_t *job) {
  const ams_abi_manifest_t *manifest = ams_model_manifest(job->model);
  size_t num_inputs = (size_t)manifest->num_inputs + 1;
  size_t num_outputs = (size_t)manifest->num_outputs + 1;
  job->inputs = calloc(num_inputs, sizeof *job->inputs);
  job->input_data = calloc(num_inputs, sizeof *job->input_data);
  job->outputs = calloc(num_outputs, sizeof *job->outputs);
  job->output_data = calloc(num_outputs, sizeof *job->output_data);
  job->files = calloc(num_outputs, sizeof *job->files);
  job->seconds = calloc((size_t)job->request->repeat, sizeof *job->seconds);
  return job->inputs && job->input_data && job->outputs && job->output_data &&
         job->files && job->seconds;
}

static void free_job(job_t *job) {
  const ams_abi_manifest_t *manifest = ams_model_manifest(job->model);
  for (uint32_t i = 0; job->inputs && i < manifest->num_inputs; ++i)
    ams_tensor_free(&job->inputs[i]);
  for (uint32_t i = 0; job->outputs && i < manifest->num_outputs; ++i)
    ams_tensor_free(&job->outputs[i]);
  for (uint32_t i = 0; job->files && i < manifest->num_outputs; ++i)
    ams_output_file_discard(&job->files[i]);
  free(job->inputs);
  free(job->input_data);
  free(job->outputs);
  free(job->output_data);
  free(job->files);
  free(job->seconds);
}

ams_status_t ams_execute(ams_model_t *model, const ams_run_request_t *request) {
  job_t job = {.model = model, .request = request};
  AMS_RETURN_IF_ERROR(check_counts(&job));
  ams_status_t status = allocate_job(&job) ? run_job(&job) : out_of_memory();
  free_job(&job);
  return status;
}
