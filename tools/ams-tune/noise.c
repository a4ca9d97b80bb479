//===-- noise.c - Noise of a model's layers -----------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "noise.h"

#include "histogram.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static ams_status_t out_of_memory(void) {
  return ams_status_make(AMS_STATUS_OUT_OF_MEMORY,
                         "no memory for the noise of layers");
}

//===----------------------------------------------------------------------===//
// Recordings
//===----------------------------------------------------------------------===//

ams_status_t ams_noise_record(const ams_tune_request_t *request,
                              const char *input, const char *directory,
                              const ams_samples_t *samples,
                              ams_forward_t *out_recording) {
  return ams_forward_run(request, AMS_BUILD_RECORD, input, directory, samples,
                         request->batch, request->seed, out_recording);
}

/// The number of the output called `layer` and `suffix`; false if there is
/// none.
static bool find(const ams_forward_t *recording, const char *layer,
                 const char *suffix, size_t *out_index) {
  const size_t length = strlen(layer);
  const ams_abi_tensor_t *output = NULL;
  for (size_t i = 0; (output = ams_model_output(recording->model, i)); ++i) {
    const char *name = ams_model_string(recording->model, output->name);
    if (strncmp(name, layer, length) == 0 &&
        strcmp(name + length, suffix) == 0) {
      *out_index = i;
      return true;
    }
  }
  return false;
}

/// What was recorded of `layer`; false if nothing was.
static bool find_record(const ams_forward_t *recording, const char *layer,
                        ams_noise_record_t *out_record) {
  size_t noise = 0, output = 0;
  if (!find(recording, layer, ".noise", &noise) ||
      !find(recording, layer, ".output", &output))
    return false;
  const ams_abi_tensor_t *tensor = ams_model_output(recording->model, noise);
  *out_record = (ams_noise_record_t){
      .layer = layer,
      .noise = recording->outputs[noise],
      .output = recording->outputs[output],
      .count = ams_forward_count(recording, noise),
      .channels = tensor->dims[tensor->rank - 1],
  };
  return true;
}

//===----------------------------------------------------------------------===//
// Layers
//===----------------------------------------------------------------------===//

ams_status_t ams_noise_measure(const ams_forward_t *recording,
                               ams_noise_t *out_noise) {
  const size_t most = ams_model_manifest(recording->model)->num_layers;
  ams_noise_t *noise = out_noise;
  *noise = (ams_noise_t){
      .layers = calloc(most + 1, sizeof *noise->layers),
      .deviations = calloc(most + 1, sizeof *noise->deviations),
      .chosen = calloc(most + 1, sizeof *noise->chosen),
  };
  if (!noise->layers || !noise->deviations || !noise->chosen)
    return out_of_memory();
  for (size_t i = 0; i < most; ++i) {
    const char *name = ams_model_string(
        recording->model, ams_model_layer(recording->model, i)->name);
    ams_noise_record_t record;
    if (!find_record(recording, name, &record))
      continue;
    noise->deviations[noise->count] = ams_histogram_deviation(&record);
    if (!(noise->layers[noise->count++] = strdup(name)))
      return out_of_memory();
  }
  return AMS_OK;
}

void ams_noise_free(ams_noise_t *noise) {
  for (size_t i = 0; i < noise->count; ++i)
    free(noise->layers[i]);
  free(noise->layers);
  free(noise->deviations);
  free(noise->chosen);
  *noise = (ams_noise_t){0};
}

//===----------------------------------------------------------------------===//
// Choice
//===----------------------------------------------------------------------===//

/// The names of the chosen layers, apart by commas, with all that patterns
/// would take for more than a character escaped. No pattern has a comma: one in
/// a name becomes any character.
static char *write_patterns(const ams_noise_t *noise) {
  char *text = NULL;
  size_t size = 0;
  FILE *stream = open_memstream(&text, &size);
  if (!stream)
    return NULL;
  const char *separator = "";
  for (size_t i = 0; i < noise->count; ++i) {
    if (!noise->chosen[i])
      continue;
    fputs(separator, stream);
    separator = ",";
    for (const char *c = noise->layers[i]; *c; ++c) {
      if (strchr("*?[\\", *c))
        fputc('\\', stream);
      fputc(*c == ',' ? '?' : *c, stream);
    }
  }
  if (fclose(stream) == 0)
    return text;
  free(text);
  return NULL;
}

/// Marks the layers that `pattern` names.
static ams_status_t mark(const ams_noise_t *noise, const char *pattern,
                         bool *candidates) {
  bool found = false;
  for (size_t i = 0; i < noise->count; ++i)
    if (fnmatch(pattern, noise->layers[i], 0) == 0)
      candidates[i] = found = true;
  if (found)
    return AMS_OK;
  return ams_status_make(AMS_STATUS_NOT_FOUND,
                         "option '--noise-layers': no layer on the device is "
                         "called '%s'; the first one is called '%s'",
                         pattern, noise->count ? noise->layers[0] : "");
}

static ams_status_t mark_all(const ams_noise_t *noise, const char *list,
                             bool *candidates) {
  char *patterns = strdup(list), *rest = NULL;
  if (!patterns)
    return out_of_memory();
  ams_status_t status = AMS_OK;
  for (char *pattern = strtok_r(patterns, ",", &rest); pattern && !status;
       pattern = strtok_r(NULL, ",", &rest))
    status = mark(noise, pattern, candidates);
  free(patterns);
  return status;
}

/// No candidate was noisy enough: says how noisy they are.
static ams_status_t none_chosen(const ams_choice_t *choice,
                                const ams_noise_t *noise,
                                const bool *candidates) {
  size_t largest = noise->count;
  for (size_t i = 0; i < noise->count; ++i)
    if (candidates[i] && (largest == noise->count ||
                          noise->deviations[i] > noise->deviations[largest]))
      largest = i;
  if (largest == noise->count)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "option '--noise-layers' names no layer");
  return ams_status_make(AMS_STATUS_NOT_FOUND,
                         "option '--noise-deviation': no layer reaches %g; the "
                         "largest deviation is %.3g, that of '%s'",
                         (double)choice->least, noise->deviations[largest],
                         noise->layers[largest]);
}

ams_status_t ams_noise_choose(const ams_tune_request_t *request,
                              ams_noise_t *noise, char **out_patterns) {
  const ams_choice_t *choice = &request->noise_choice;
  bool *candidates = calloc(noise->count + 1, sizeof *candidates);
  ams_status_t status = candidates
                            ? mark_all(noise, request->noise_layers, candidates)
                            : out_of_memory();
  if (!status && !ams_choice_apply(choice, noise->count, noise->deviations,
                                   candidates, noise->chosen))
    status = none_chosen(choice, noise, candidates);
  if (!status && !(*out_patterns = write_patterns(noise)))
    status = out_of_memory();
  free(candidates);
  return status;
}

//===----------------------------------------------------------------------===//
// Tables
//===----------------------------------------------------------------------===//

/// Fills the table of input `index` of the step.
static ams_status_t fill_table(const ams_forward_t *recording, ams_step_t *step,
                               size_t index) {
  static const char suffix[] = ".noise";
  const ams_abi_tensor_t *table = ams_model_input(step->model, index);
  char *layer = strdup(ams_model_string(step->model, table->name));
  if (!layer)
    return out_of_memory();
  layer[strlen(layer) - (sizeof suffix - 1)] = '\0';
  ams_abi_noise_row_t *rows = step->inputs[index];
  ams_noise_record_t record;
  ams_status_t status = AMS_OK;
  if (find_record(recording, layer, &record))
    status = ams_histogram_table(&record, table->dims[0], table->dims[1], rows);
  else
    memset(rows, 0, (size_t)(table->dims[0] * table->dims[1]) * sizeof *rows);
  free(layer);
  return status;
}

ams_status_t ams_noise_fill(const ams_forward_t *recording, ams_step_t *step) {
  const size_t num_inputs = ams_model_manifest(step->model)->num_inputs;
  for (size_t i = step->first_table; i < num_inputs; ++i)
    AMS_RETURN_IF_ERROR(fill_table(recording, step, i));
  return AMS_OK;
}
