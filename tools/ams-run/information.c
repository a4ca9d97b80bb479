//===-- information.c - A model in words --------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What --info prints.
//
//===----------------------------------------------------------------------===//

#include "information.h"

#include "model_input.h"
#include "sources.h"

#include <inttypes.h>

static const char *target_in_words(uint32_t target) {
  switch ((ams_abi_target_t)target) {
  case AMS_ABI_DEVICE:
    return "device: products on the modelled device, by the runtime";
  case AMS_ABI_DIGITAL:
    return "digital: products in float32";
  default:
    return "plain: products on the modelled device, in generated code";
  }
}

static void print_tensor(const ams_model_t *model,
                         const ams_abi_tensor_t *tensor, const char *title,
                         FILE *stream) {
  char shape[AMS_SHAPE_TEXT_SIZE];
  ams_model_tensor_format(tensor, ams_model_manifest(model)->batch, shape);
  fprintf(stream, "%-10s%s: %s %s\n", title,
          ams_model_string(model, tensor->name),
          ams_element_name(ams_model_tensor_element(tensor)), shape);
}

static void print_conv(const ams_abi_layer_t *layer, FILE *stream) {
  const ams_abi_conv_t *conv = &layer->conv;
  fprintf(stream, "conv %dx%d, %dx%dx%d -> %dx%dx%" PRId64, conv->kernel_h,
          conv->kernel_w, conv->in_h, conv->in_w, conv->in_c, conv->out_h,
          conv->out_w, layer->outputs);
  if (conv->stride_h != 1 || conv->stride_w != 1)
    fprintf(stream, ", stride %dx%d", conv->stride_h, conv->stride_w);
  if (conv->dilation_h != 1 || conv->dilation_w != 1)
    fprintf(stream, ", dilation %dx%d", conv->dilation_h, conv->dilation_w);
  if (layer->groups != 1)
    fprintf(stream, ", %" PRId64 " groups", layer->groups);
}

/// Prints the product of one sample.
static void print_product(const ams_abi_layer_t *layer, int64_t batch,
                          FILE *stream) {
  int64_t vectors = layer->vectors / batch;
  switch ((ams_abi_layer_kind_t)layer->kind) {
  case AMS_ABI_MATMUL:
    fprintf(stream, "matmul, %" PRId64 " -> %" PRId64, layer->reduction,
            layer->outputs);
    if (vectors != 1)
      fprintf(stream, ", %" PRId64 " vectors", vectors);
    return;
  case AMS_ABI_CONV:
    print_conv(layer, stream);
    return;
  case AMS_ABI_MATMUL_INPUT_GRADIENT:
  case AMS_ABI_CONV_INPUT_GRADIENT:
    fprintf(stream, "gradient of the input");
    return;
  case AMS_ABI_MATMUL_WEIGHT_GRADIENT:
  case AMS_ABI_CONV_WEIGHT_GRADIENT:
    fprintf(stream, "gradient of the weights");
    return;
  default:
    fprintf(stream,
            "product of activations, %" PRId64 "x%" PRId64 " by %" PRId64
            "x%" PRId64 ", %" PRId64 " times a batch",
            layer->vectors, layer->reduction, layer->reduction, layer->outputs,
            layer->batch);
  }
}

static int64_t divide_up(int64_t a, int64_t b) { return (a - 1) / b + 1; }

/// Prints the crossbars that hold the layer and counts them.
static int64_t print_crossbars(const ams_abi_layer_t *layer, FILE *stream) {
  if (layer->kind == AMS_ABI_BATCH_MATMUL) {
    fprintf(stream, ", nothing programmed");
    return 0;
  }
  int64_t down = divide_up(layer->reduction, layer->device.rows);
  int64_t across =
      divide_up(layer->outputs / layer->groups, layer->device.columns);
  fprintf(stream, ", crossbars ");
  if (layer->groups > 1)
    fprintf(stream, "%" PRId64 " x ", layer->groups);
  fprintf(stream, "%" PRId64 " x %" PRId64, down, across);
  return layer->groups * down * across;
}

static void print_layers(const ams_model_t *model, const float *gains,
                         FILE *stream) {
  const ams_abi_manifest_t *manifest = ams_model_manifest(model);
  bool device = manifest->target != AMS_ABI_DIGITAL;
  int64_t crossbars = 0;
  fprintf(stream, "layers    %" PRIu32 "\n", manifest->num_layers);
  for (uint32_t i = 0; i < manifest->num_layers; ++i) {
    const ams_abi_layer_t *layer = ams_model_layer(model, i);
    fprintf(stream, "  %s: ", ams_model_string(model, layer->name));
    print_product(layer, manifest->batch, stream);
    if (device && layer->gain > 0) { /* not for gradients */
      fprintf(stream, ", gain %g", (double)gains[i]);
      crossbars += print_crossbars(layer, stream);
    }
    fputc('\n', stream);
  }
  if (device)
    fprintf(stream, "crossbars %" PRId64 "\n", crossbars);
}

/// The device's text, and what of it the layers' arithmetic uses: defaults too.
static void print_device(const ams_model_t *model, FILE *stream) {
  const ams_abi_manifest_t *manifest = ams_model_manifest(model);
  fprintf(stream, "device    %s\n",
          ams_model_string(model, manifest->device_text));
  const ams_abi_layer_t *layer = ams_model_layer(model, 0);
  if (!layer)
    return;
  const ams_abi_device_t *device = &layer->device;
  fprintf(
      stream,
      "          crossbars of %d rows and %d columns; %d bits of weight, %d "
      "of input, %d of output; ",
      device->rows, device->columns, device->bits_weight, device->bits_input,
      device->bits_output);
  if (device->noise_uniform > 0.0f)
    fprintf(stream, "uniform noise of %g LSB; ", (double)device->noise_uniform);
  else if (device->sources.noise_kind == AMS_ABI_NOISE_NONE)
    fprintf(stream, "no ADC noise; ");
  fprintf(stream, "%s partial sums\n",
          device->partial_format == AMS_ABI_FORMAT_F32 ? "float32"
                                                       : "bfloat16");
  ams_sources_print(device, stream);
}

void ams_information_print(const ams_model_t *model, const char *name,
                           const float *gains, const ams_run_request_t *request,
                           FILE *stream) {
  const ams_abi_manifest_t *manifest = ams_model_manifest(model);
  fprintf(stream, "model     %s\n", name);
  fprintf(stream, "target    %s\n", target_in_words(manifest->target));
  fprintf(stream, "batch     %" PRId64 "\n", manifest->batch);
  if (manifest->target == AMS_ABI_DEVICE)
    fprintf(stream, "kernel    %s\n", ams_model_kernel(model));
  if (manifest->target != AMS_ABI_DIGITAL)
    print_device(model, stream);
  if (manifest->target != AMS_ABI_DIGITAL)
    fprintf(stream,
            "seeds     run %" PRIu64 ", device %" PRIu64
            ", from sample %" PRIu64 "%s\n",
            request->options.seed, request->device_seed,
            request->options.first_sample,
            request->options.noise ? "" : ", noise left out");
  for (uint32_t i = 0; i < manifest->num_inputs; ++i)
    print_tensor(model, ams_model_input(model, i), "input", stream);
  for (uint32_t i = 0; i < manifest->num_outputs; ++i)
    print_tensor(model, ams_model_output(model, i), "output", stream);
  print_layers(model, gains, stream);
}
