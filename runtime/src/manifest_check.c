//===-- manifest_check.c - Checks of a compiled model -------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A model's file may be damaged or of another version: nothing in its table or
// manifest is used before it has been checked here.
//
//===----------------------------------------------------------------------===//

#include "device.h"
#include "layer.h"
#include "model.h"

#include <stdlib.h>
#include <string.h>

static const char *at(const ams_abi_manifest_t *manifest, uint32_t offset) {
  return (const char *)manifest + offset;
}

/// Checks that `count` structs of `size` bytes at `offset` lie in the manifest
/// and are aligned.
static ams_status_t check_array(const ams_abi_manifest_t *manifest,
                                const char *what, uint32_t offset,
                                uint32_t count, size_t size, size_t alignment) {
  uint64_t end = (uint64_t)offset + (uint64_t)count * size;
  if (end <= manifest->size && offset % alignment == 0)
    return AMS_OK;
  return ams_status_make(AMS_STATUS_INVALID_DATA,
                         "%s: %u of them at offset %u do not fit into %u bytes",
                         what, count, offset, manifest->size);
}

static ams_status_t check_string(const ams_abi_manifest_t *manifest,
                                 const char *what, uint32_t index,
                                 uint32_t offset) {
  if (offset < manifest->strings_size)
    return AMS_OK;
  return ams_status_make(AMS_STATUS_INVALID_DATA,
                         "%s %u: offset %u of its name is past the %u bytes of "
                         "strings",
                         what, index, offset, manifest->strings_size);
}

/// Checks one input or output. Dimensions of 0 would leave nothing to compute.
static ams_status_t check_tensor(const ams_abi_manifest_t *manifest,
                                 const char *what, uint32_t index,
                                 const ams_abi_tensor_t *tensor) {
  AMS_RETURN_IF_ERROR(check_string(manifest, what, index, tensor->name));
  if (tensor->dtype != AMS_ABI_F32 && tensor->dtype != AMS_ABI_I64)
    return ams_status_make(AMS_STATUS_INVALID_DATA,
                           "%s %u: element type %u is unknown", what, index,
                           tensor->dtype);
  if (tensor->bounded && tensor->dtype != AMS_ABI_I64)
    return ams_status_make(AMS_STATUS_INVALID_DATA,
                           "%s %u has a range, but no integers", what, index);
  if (tensor->rank < 1 || tensor->rank > AMS_ABI_MAX_RANK)
    return ams_status_make(AMS_STATUS_INVALID_DATA,
                           "%s %u: rank is %u; it must be from 1 to %d", what,
                           index, tensor->rank, AMS_ABI_MAX_RANK);
  int64_t bytes = sizeof(int64_t);
  for (uint32_t d = 0; d < tensor->rank; ++d)
    if (tensor->dims[d] < 1 ||
        __builtin_mul_overflow(bytes, tensor->dims[d], &bytes))
      return ams_status_make(AMS_STATUS_INVALID_DATA,
                             "%s %u: size %lld of dimension %u is not usable",
                             what, index, (long long)tensor->dims[d], d);
  if (tensor->dims[0] % manifest->batch != 0)
    return ams_status_make(AMS_STATUS_INVALID_DATA,
                           "%s %u: its first dimension, %lld, is not a "
                           "multiple of the batch, %lld",
                           what, index, (long long)tensor->dims[0],
                           (long long)manifest->batch);
  return AMS_OK;
}

static ams_status_t check_tensors(const ams_abi_manifest_t *manifest,
                                  const char *what, uint32_t offset,
                                  uint32_t count) {
  AMS_RETURN_IF_ERROR(check_array(manifest, what, offset, count,
                                  sizeof(ams_abi_tensor_t),
                                  _Alignof(ams_abi_tensor_t)));
  const ams_abi_tensor_t *tensors =
      (const ams_abi_tensor_t *)at(manifest, offset);
  for (uint32_t i = 0; i < count; ++i)
    AMS_RETURN_IF_ERROR(check_tensor(manifest, what, i, &tensors[i]));
  return AMS_OK;
}

/// Checks that `section` is there and holds `bytes` bytes.
static ams_status_t check_section(const ams_abi_model_t *table,
                                  const char *what, uint32_t section,
                                  uint64_t bytes) {
  const ams_abi_manifest_t *manifest = table->manifest;
  uint32_t count = manifest->num_sections;
  if (section < count && table->sections && table->sections[section]) {
    const uint64_t *sizes =
        (const uint64_t *)at(manifest, manifest->section_sizes);
    if (sizes[section] == bytes)
      return AMS_OK;
    return ams_status_make(AMS_STATUS_INVALID_DATA,
                           "section %u of its %s has %llu bytes, but its shape "
                           "needs %llu",
                           section, what, (unsigned long long)sizes[section],
                           (unsigned long long)bytes);
  }
  return ams_status_make(AMS_STATUS_INVALID_DATA,
                         "section %u of its %s is missing; the model has %u",
                         section, what, count);
}

/// Checks the gains of blocks or tiles, where a layer has them.
static ams_status_t check_gains(const ams_abi_model_t *table,
                                const ams_abi_layer_t *layer) {
  if (!layer->num_gains)
    return AMS_OK;
  AMS_RETURN_IF_ERROR(check_section(table, "gains", layer->gains_section,
                                    layer->num_gains * sizeof(float)));
  const float *gains = (const float *)table->sections[layer->gains_section];
  for (uint32_t j = 0; j < layer->num_gains; ++j)
    AMS_RETURN_IF_ERROR(ams_gain_check(&layer->device, gains[j]));
  return AMS_OK;
}

static ams_status_t check_layer(const ams_abi_model_t *table,
                                const ams_abi_layer_t *layer) {
  AMS_RETURN_IF_ERROR(ams_layer_check_shape(layer));
  int64_t batch = table->manifest->batch;
  // Both factors were checked, and so was their product.
  int64_t vectors = layer->batch * layer->vectors;
  if (vectors % batch != 0)
    return ams_status_make(AMS_STATUS_INVALID_DATA,
                           "%lld input vectors are not a multiple of the "
                           "batch, %lld",
                           (long long)vectors, (long long)batch);
  const bool on_device = table->manifest->target == AMS_ABI_DEVICE &&
                         !ams_layer_is_gradient(layer->kind);
  const uint32_t known = on_device ? AMS_ABI_LAYER_RECORDS_CLIPPING : 0;
  if (layer->flags & ~known)
    return ams_status_make(AMS_STATUS_INVALID_DATA,
                           "flags %u are not known of such a layer",
                           layer->flags);
  if (!on_device)
    return AMS_OK;
  uint32_t step = table->manifest->step_samples;
  if (step && vectors / batch % step != 0)
    return ams_status_make(AMS_STATUS_INVALID_DATA,
                           "%lld input vectors of a step are not a multiple of "
                           "its %u samples",
                           (long long)(vectors / batch), step);
  AMS_RETURN_IF_ERROR(ams_layer_check_device(layer));
  AMS_RETURN_IF_ERROR(check_gains(table, layer));
  if (layer->kind == AMS_ABI_BATCH_MATMUL || ams_layer_is_rewritten(layer))
    return AMS_OK;
  // ams_layer_check_shape bounds the factors, so that nothing here overflows.
  uint64_t rows = (uint64_t)layer->device.rows;
  uint64_t scales = (uint64_t)layer->outputs *
                    (((uint64_t)layer->reduction + rows - 1) / rows);
  AMS_RETURN_IF_ERROR(
      check_section(table, "weight codes", layer->codes_section,
                    scales * rows * ams_code_size(layer->device.bits_weight)));
  AMS_RETURN_IF_ERROR(check_section(table, "weight scales",
                                    layer->scales_section,
                                    scales * sizeof(uint16_t)));
  return layer->condition.flags & AMS_ABI_CONDITION_MEAN
             ? check_section(table, "weight sums",
                             layer->condition.sums_section,
                             scales * sizeof(float))
             : AMS_OK;
}

/// Checks that no two layers share noise; the index of each that has any is
/// below 2^16 by now.
static ams_status_t check_indices(const ams_abi_layer_t *layers,
                                  uint32_t count) {
  uint8_t *used = calloc(UINT32_C(1) << 16, sizeof *used);
  if (!used)
    return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory");
  ams_status_t status = AMS_OK;
  for (uint32_t i = 0; i < count && !status; ++i) {
    if (!ams_layer_is_gradient(layers[i].kind) && used[layers[i].index]++)
      status =
          ams_status_make(AMS_STATUS_INVALID_DATA,
                          "two layers share noise index %u", layers[i].index);
  }
  free(used);
  return status;
}

static ams_status_t check_layers(const ams_abi_model_t *table) {
  const ams_abi_manifest_t *manifest = table->manifest;
  AMS_RETURN_IF_ERROR(check_array(manifest, "layers", manifest->layers,
                                  manifest->num_layers, sizeof(ams_abi_layer_t),
                                  _Alignof(ams_abi_layer_t)));
  const ams_abi_layer_t *layers =
      (const ams_abi_layer_t *)at(manifest, manifest->layers);
  for (uint32_t i = 0; i < manifest->num_layers; ++i) {
    AMS_RETURN_IF_ERROR(check_string(manifest, "layer", i, layers[i].name));
    ams_status_t status = check_layer(table, &layers[i]);
    if (!status)
      continue;
    ams_status_t named =
        ams_status_make(ams_status_code(status), "layer \"%s\": %s",
                        at(manifest, manifest->strings + layers[i].name),
                        ams_status_message(status));
    ams_status_free(status);
    return named;
  }
  return manifest->target == AMS_ABI_DEVICE
             ? check_indices(layers, manifest->num_layers)
             : AMS_OK;
}

static ams_status_t check_manifest(const ams_abi_model_t *table) {
  const ams_abi_manifest_t *manifest = table->manifest;
  if (manifest->size < sizeof *manifest)
    return ams_status_make(AMS_STATUS_INVALID_DATA,
                           "its manifest has %u bytes, fewer than the %zu of "
                           "its head",
                           manifest->size, sizeof *manifest);
  if (manifest->target > AMS_ABI_PLAIN)
    return ams_status_make(AMS_STATUS_INVALID_DATA, "target %u is unknown",
                           manifest->target);
  if (manifest->batch < 1)
    return ams_status_make(AMS_STATUS_INVALID_DATA,
                           "batch is %lld; it must be at least 1",
                           (long long)manifest->batch);
  if (manifest->target == AMS_ABI_PLAIN && !table->plain_state)
    return ams_status_make(AMS_STATUS_INVALID_DATA,
                           "its code has no place for the run's seed");

  AMS_RETURN_IF_ERROR(check_array(manifest, "strings", manifest->strings,
                                  manifest->strings_size, 1, 1));
  if (manifest->strings_size == 0 ||
      at(manifest, manifest->strings)[manifest->strings_size - 1] != '\0')
    return ams_status_make(AMS_STATUS_INVALID_DATA,
                           "its strings do not end with a zero byte");
  AMS_RETURN_IF_ERROR(
      check_string(manifest, "device", 0, manifest->device_text));
  AMS_RETURN_IF_ERROR(
      check_tensors(manifest, "input", manifest->inputs, manifest->num_inputs));
  AMS_RETURN_IF_ERROR(check_tensors(manifest, "output", manifest->outputs,
                                    manifest->num_outputs));
  AMS_RETURN_IF_ERROR(check_array(
      manifest, "section sizes", manifest->section_sizes,
      manifest->num_sections, sizeof(uint64_t), _Alignof(uint64_t)));
  return check_layers(table);
}

ams_status_t ams_manifest_check(const ams_abi_model_t *table,
                                const char *name) {
  if (table->magic != AMS_ABI_MAGIC)
    return ams_status_make(
        AMS_STATUS_INVALID_DATA,
        "%s: symbol " AMS_ABI_MODEL_SYMBOL " is not a compiled model", name);
  if (table->version != AMS_ABI_VERSION)
    return ams_status_make(AMS_STATUS_VERSION_MISMATCH,
                           "%s: compiled for ABI version %u, but this runtime "
                           "has version %u; compile the model again",
                           name, table->version, AMS_ABI_VERSION);
  if (!table->manifest || !table->run ||
      (uintptr_t)table->manifest % _Alignof(ams_abi_layer_t) != 0)
    return ams_status_make(AMS_STATUS_INVALID_DATA,
                           "%s: manifest or code is missing; compile the model "
                           "again",
                           name);
  ams_status_t status = check_manifest(table);
  if (!status)
    return AMS_OK;
  ams_status_t named = ams_status_make(
      ams_status_code(status) == AMS_STATUS_OUT_OF_MEMORY
          ? AMS_STATUS_OUT_OF_MEMORY
          : AMS_STATUS_INVALID_DATA,
      "%s: damaged model: %s", name, ams_status_message(status));
  ams_status_free(status);
  return named;
}
