//===-- gains.c - Gains set on the command line -------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The runtime sets them; this adds the nearest name to an unknown layer.
//
//===----------------------------------------------------------------------===//

#include "gains.h"

#include "nearest.h"

#include <stdlib.h>
#include <string.h>

static const char *layer_name(const void *context, size_t index) {
  const ams_model_t *model = context;
  return ams_model_string(model, ams_model_layer(model, index)->name);
}

static ams_status_t set_gain(ams_model_t *model, const char *layer,
                             float gain) {
  ams_status_t status = ams_model_set_gain(model, layer, gain);
  if (ams_status_code(status) != AMS_STATUS_NOT_FOUND)
    return status;
  const char *nearest = ams_nearest_word(layer, layer_name, model,
                                         ams_model_manifest(model)->num_layers);
  ams_status_t named =
      nearest ? ams_status_make(AMS_STATUS_NOT_FOUND,
                                "option '--gain': %s; did you mean \"%s\"?",
                                ams_status_message(status), nearest)
              : ams_status_make(AMS_STATUS_NOT_FOUND,
                                "option '--gain': %s; --info lists the layers",
                                ams_status_message(status));
  ams_status_free(status);
  return named;
}

static ams_status_t apply(ams_model_t *model, const ams_gain_request_t *request,
                          float *gains) {
  AMS_RETURN_IF_ERROR(set_gain(model, request->layer, request->gain));
  for (size_t i = 0; i < ams_model_manifest(model)->num_layers; ++i)
    if (!request->layer || strcmp(request->layer, layer_name(model, i)) == 0)
      gains[i] = request->gain;
  return AMS_OK;
}

ams_status_t ams_gains_set(ams_model_t *model, const ams_run_request_t *request,
                           float **out_gains) {
  size_t num_layers = ams_model_manifest(model)->num_layers;
  float *gains = calloc(num_layers + 1, sizeof *gains);
  if (!gains)
    return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory");
  for (size_t i = 0; i < num_layers; ++i)
    gains[i] = ams_model_layer(model, i)->gain;
  ams_status_t status = AMS_OK;
  for (size_t i = 0; i < request->num_gains && !status; ++i)
    status = apply(model, &request->gains[i], gains);
  if (status)
    free(gains);
  else
    *out_gains = gains;
  return status;
}
