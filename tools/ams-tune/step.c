//===-- step.c - A compiled step of training ----------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "step.h"

#include <stdlib.h>
#include <string.h>

static ams_status_t out_of_memory(void) {
  return ams_status_make(AMS_STATUS_OUT_OF_MEMORY,
                         "no memory for a step of training");
}

static void *allocate(const ams_abi_tensor_t *tensor) {
  size_t size = sizeof(int64_t); // of any element
  for (uint32_t i = 0; i < tensor->rank; ++i)
    size *= (size_t)tensor->dims[i];
  return malloc(size);
}

/// How many outputs are gradients.
static size_t count_gradients(const ams_model_t *model) {
  static const char suffix[] = ".gradient";
  const size_t size = sizeof suffix - 1;
  const size_t outputs = ams_model_manifest(model)->num_outputs;
  size_t count = 0;
  for (; count < outputs; ++count) {
    const ams_abi_tensor_t *output =
        ams_model_output(model, outputs - 1 - count);
    const char *name = ams_model_string(model, output->name);
    const size_t length = strlen(name);
    if (length <= size || strcmp(name + length - size, suffix) != 0)
      break;
  }
  return count;
}

/// Whether input `index` is for samples, labels or a table: no weights.
static bool is_own_input(const ams_step_t *step, size_t index) {
  return index < step->num_samples_inputs || index >= step->first_table;
}

/// The step's own inputs and, before the gradients, results.
static ams_status_t make_buffers(ams_step_t *step) {
  const size_t num_inputs = ams_model_manifest(step->model)->num_inputs;
  for (size_t i = 0; i < num_inputs; ++i)
    if (is_own_input(step, i) &&
        !(step->inputs[i] = allocate(ams_model_input(step->model, i))))
      return out_of_memory();
  for (size_t i = 0; i < step->num_results; ++i)
    if (!(step->outputs[i] = allocate(ams_model_output(step->model, i))))
      return out_of_memory();
  return AMS_OK;
}

static ams_status_t make_parameters(ams_step_t *step,
                                    const ams_optimizer_t *optimizer,
                                    size_t count,
                                    ams_parameters_t *parameters) {
  parameters->items = calloc(count + 1, sizeof *parameters->items);
  if (!parameters->items)
    return out_of_memory();
  for (size_t i = 0; i < count; ++i) {
    const ams_abi_tensor_t *input =
        ams_model_input(step->model, step->num_samples_inputs + i);
    ams_parameter_t *parameter = &parameters->items[parameters->count++];
    AMS_RETURN_IF_ERROR(ams_parameter_create(
        ams_model_string(step->model, input->name), (int)input->rank,
        input->dims, optimizer, parameter));
    step->inputs[step->num_samples_inputs + i] = parameter->weights;
    step->outputs[step->num_results + i] = parameter->gradient;
  }
  return AMS_OK;
}

ams_status_t ams_step_create(ams_model_t *model, size_t num_model_inputs,
                             const ams_optimizer_t *optimizer,
                             ams_step_t *out_step,
                             ams_parameters_t *out_parameters) {
  const ams_abi_manifest_t *manifest = ams_model_manifest(model);
  const size_t gradients = count_gradients(model);
  ams_step_t step = {
      .model = model,
      .inputs = calloc(manifest->num_inputs, sizeof *step.inputs),
      .outputs = calloc(manifest->num_outputs, sizeof *step.outputs),
      .num_samples_inputs = num_model_inputs + 1,
      .num_results = manifest->num_outputs - gradients,
      .first_table = num_model_inputs + 1 + gradients,
  };
  ams_parameters_t parameters = {0};
  ams_status_t status = AMS_OK;
  if (!step.inputs || !step.outputs)
    status = out_of_memory();
  else if (gradients == 0)
    status = ams_status_make(AMS_STATUS_UNSUPPORTED,
                             "the model has no float32 weights to train");
  if (!status)
    status = make_buffers(&step);
  if (!status)
    status = make_parameters(&step, optimizer, gradients, &parameters);
  if (status) {
    ams_step_free(&step);
    ams_parameters_free(&parameters);
    return status;
  }
  *out_step = step;
  *out_parameters = parameters;
  return AMS_OK;
}

void ams_step_free(ams_step_t *step) {
  const size_t num_inputs =
      step->inputs ? ams_model_manifest(step->model)->num_inputs : 0;
  for (size_t i = 0; i < num_inputs; ++i)
    if (is_own_input(step, i))
      free(step->inputs[i]);
  for (size_t i = 0; step->outputs && i < step->num_results; ++i)
    free(step->outputs[i]);
  free(step->inputs);
  free(step->outputs);
  ams_model_free(step->model);
  *step = (ams_step_t){0};
}

ams_status_t ams_step_run(ams_step_t *step, const ams_samples_t *samples,
                          const uint32_t *chosen, int64_t batch,
                          const ams_run_options_t *options, float *out_loss) {
  ams_samples_gather(samples, chosen, batch, step->inputs);
  AMS_RETURN_IF_ERROR(ams_model_run(step->model, options, 1,
                                    (const void *const *)step->inputs,
                                    step->outputs));
  *out_loss = *(const float *)step->outputs[0];
  return AMS_OK;
}
