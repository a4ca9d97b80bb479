//===-- layer.c - Checks of a layer -------------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Layers may come from a damaged file: every size is checked before it is used,
// against bounds that keep later products of sizes inside 64 bits.
//
//===----------------------------------------------------------------------===//

#include "layer.h"

#include "device.h"
#include "epilogue.h"

/// Most blocks of a reduction and most outputs of a layer (N2).
#define MAX_BLOCKS (INT64_C(1) << 20)
#define MAX_OUTPUTS (INT64_C(1) << 32)
/// Most elements of a reduction: every block full.
#define MAX_REDUCTION (MAX_BLOCKS * 1024)
#define MAX_LAYERS (UINT32_C(1) << 16)

static ams_status_t check_range(const char *field, int64_t value, int64_t least,
                                int64_t most) {
  if (value >= least && value <= most)
    return AMS_OK;
  return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                         "%s is %lld; it must be from %lld to %lld", field,
                         (long long)value, (long long)least, (long long)most);
}

/// Checks that `out` pixels follow from the other sizes along one axis.
static ams_status_t check_axis(const char *axis, int64_t in, int64_t kernel,
                               int64_t stride, int64_t dilation, int64_t before,
                               int64_t after, int64_t out) {
  if (in < 1 || kernel < 1 || stride < 1 || dilation < 1 || before < 0 ||
      after < 0)
    return ams_status_make(
        AMS_STATUS_INVALID_ARGUMENT,
        "convolution, %s: input %lld, kernel %lld, stride %lld and dilation "
        "%lld must be at least 1, padding %lld and %lld at least 0",
        axis, (long long)in, (long long)kernel, (long long)stride,
        (long long)dilation, (long long)before, (long long)after);
  int64_t room = in + before + after - (dilation * (kernel - 1) + 1);
  int64_t expected = room < 0 ? 0 : room / stride + 1;
  if (out != expected || out < 1)
    return ams_status_make(
        AMS_STATUS_INVALID_ARGUMENT,
        "convolution, %s: output is %lld, but input, kernel, stride, dilation "
        "and padding give %lld",
        axis, (long long)out, (long long)expected);
  return AMS_OK;
}

static ams_status_t check_conv(const ams_abi_layer_t *layer) {
  const ams_abi_conv_t *conv = &layer->conv;
  AMS_RETURN_IF_ERROR(check_axis("rows", conv->in_h, conv->kernel_h,
                                 conv->stride_h, conv->dilation_h,
                                 conv->pad_top, conv->pad_bottom, conv->out_h));
  AMS_RETURN_IF_ERROR(check_axis("columns", conv->in_w, conv->kernel_w,
                                 conv->stride_w, conv->dilation_w,
                                 conv->pad_left, conv->pad_right, conv->out_w));
  if (layer->groups > conv->in_c || conv->in_c % layer->groups != 0 ||
      layer->outputs % layer->groups != 0)
    return ams_status_make(
        AMS_STATUS_INVALID_ARGUMENT,
        "convolution: %lld groups do not divide %d input channels and %lld "
        "outputs",
        (long long)layer->groups, conv->in_c, (long long)layer->outputs);
  // Each factor is below 2^31 and the first product below 2^62.
  int64_t reduction;
  if (__builtin_mul_overflow((int64_t)conv->kernel_h * conv->kernel_w,
                             conv->in_c / layer->groups, &reduction) ||
      reduction != layer->reduction)
    return ams_status_make(
        AMS_STATUS_INVALID_ARGUMENT,
        "convolution: reduction is %lld, but the kernel has %d * %d positions "
        "of %lld channels",
        (long long)layer->reduction, conv->kernel_h, conv->kernel_w,
        (long long)(conv->in_c / layer->groups));
  int64_t pixels = (int64_t)conv->out_h * conv->out_w;
  int64_t elements;
  if (layer->vectors % pixels != 0 ||
      __builtin_mul_overflow((int64_t)conv->in_h * conv->in_w, conv->in_c,
                             &elements) ||
      __builtin_mul_overflow(elements, layer->vectors / pixels, &elements))
    return ams_status_make(
        AMS_STATUS_INVALID_ARGUMENT,
        "convolution: %lld input vectors are not images of %lld pixels that "
        "memory could hold",
        (long long)layer->vectors, (long long)pixels);
  return AMS_OK;
}

ams_status_t ams_layer_check_shape(const ams_abi_layer_t *layer) {
  AMS_RETURN_IF_ERROR(check_range("kind", layer->kind, AMS_ABI_MATMUL,
                                  AMS_ABI_CONV_WEIGHT_GRADIENT));
  AMS_RETURN_IF_ERROR(check_range("outputs", layer->outputs, 1, MAX_OUTPUTS));
  AMS_RETURN_IF_ERROR(
      check_range("reduction", layer->reduction, 1, MAX_REDUCTION));
  AMS_RETURN_IF_ERROR(
      check_range("vectors", layer->vectors, 0, (int64_t)AMS_MAX_VECTORS));
  bool grouped = ams_layer_is_conv(layer->kind);
  bool batched = !grouped && layer->kind != AMS_ABI_MATMUL;
  AMS_RETURN_IF_ERROR(check_range("batch", layer->batch, 1,
                                  batched ? (int64_t)AMS_MAX_VECTORS : 1));
  AMS_RETURN_IF_ERROR(
      check_range("groups", layer->groups, 1, grouped ? layer->outputs : 1));
  if (grouped)
    AMS_RETURN_IF_ERROR(check_conv(layer));
  AMS_RETURN_IF_ERROR(ams_epilogue_check(&layer->epilogue));

  int64_t vectors, elements;
  if (__builtin_mul_overflow(layer->batch, layer->vectors, &vectors) ||
      __builtin_mul_overflow(vectors, layer->outputs, &elements) ||
      __builtin_mul_overflow(vectors, layer->reduction, &elements) ||
      __builtin_mul_overflow(layer->batch, layer->outputs, &elements) ||
      __builtin_mul_overflow(elements, layer->reduction, &elements))
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "%lld * %lld vectors are more than memory could "
                           "hold",
                           (long long)layer->batch, (long long)layer->vectors);
  return AMS_OK;
}

ams_status_t ams_layer_check_device(const ams_abi_layer_t *layer) {
  AMS_RETURN_IF_ERROR(ams_device_check(&layer->device));
  AMS_RETURN_IF_ERROR(ams_gain_check(&layer->device, layer->gain));
  AMS_RETURN_IF_ERROR(check_range("index", layer->index, 0, MAX_LAYERS - 1));
  int64_t blocks = (layer->reduction - 1) / layer->device.rows + 1;
  AMS_RETURN_IF_ERROR(check_range("number of blocks", blocks, 1, MAX_BLOCKS));
  if (layer->num_gains)
    AMS_RETURN_IF_ERROR(ams_layer_check_gains(layer, layer->num_gains));
  if (layer->kind == AMS_ABI_BATCH_MATMUL && layer->condition.flags)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "the blocks of a product of two activations cannot "
                           "be conditioned");
  return ams_condition_check(&layer->condition, layer->device.rows);
}

int64_t ams_layer_tiles(const ams_abi_layer_t *layer) {
  const ams_geometry_t geometry = ams_layer_geometry(layer);
  const int64_t of_group = (geometry.outputs - 1) / layer->device.columns + 1;
  return layer->groups * of_group * geometry.blocks;
}

ams_status_t ams_layer_check_gains(const ams_abi_layer_t *layer,
                                   int64_t count) {
  const int64_t blocks = ams_layer_geometry(layer).blocks;
  const int64_t tiles = ams_layer_tiles(layer);
  if (count == blocks || count == tiles)
    return AMS_OK;
  return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                         "%lld gains for %lld blocks and %lld tiles: give one "
                         "gain, or one a block, or one a tile (G1)",
                         (long long)count, (long long)blocks, (long long)tiles);
}

ams_geometry_t ams_layer_geometry(const ams_abi_layer_t *layer) {
  const ams_abi_device_t *device = &layer->device;
  return (ams_geometry_t){
      .n = device->rows,
      .bits_weight = device->bits_weight,
      .bits_input = device->bits_input,
      .bits_output = device->bits_output,
      .partial_format = device->partial_format,
      .reduction = ams_condition_width(&layer->condition, layer->reduction,
                                       device->rows),
      .blocks = (layer->reduction - 1) / device->rows + 1,
      .outputs = layer->outputs / layer->groups,
  };
}
