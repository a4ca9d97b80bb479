/*===-- Manifest.c - The manifest of a model ----------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* A head, then ports and layers, then strings: offsets are known as parts    *|
|* are appended.                                                              *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Manifest.h"

#include "Build.h"
#include "Layers.h"
#include "ams-c/Register.h"

#include <stdlib.h>
#include <string.h>

/* Appends a NUL-terminated string; its offset. */
static uint32_t addString(AmsText *strings, MlirStringRef string) {
  uint32_t offset = (uint32_t)strings->size;
  amsTextAppendBytes(strings, string.data, string.length);
  amsTextAppendBytes(strings, "", 1);
  return offset;
}

static MlirAttribute entry(MlirAttribute dictionary, const char *name) {
  return mlirDictionaryAttrGetElementByName(dictionary, amsStringRef(name));
}

static intptr_t listSize(MlirOperation module, const char *name) {
  MlirAttribute list = amsGetAttr(module, name);
  return mlirAttributeIsNull(list) ? 0 : mlirArrayAttrGetNumElements(list);
}

/* Appends the ports of list `name`. False, after an error, where the batch of
 * one differs from `batch` (0: still unknown). A step has no batch: all of it
 * is one sample. */
static bool addPorts(MlirOperation module, const char *name, int64_t *batch,
                     AmsText *body, AmsText *strings) {
  MlirAttribute list = amsGetAttr(module, name);
  bool isStep = !mlirAttributeIsNull(amsGetAttr(module, "ams.step"));
  for (intptr_t i = 0; i < listSize(module, name); ++i) {
    MlirAttribute port = mlirArrayAttrGetElement(list, i);
    MlirStringRef portName = mlirStringAttrGetValue(entry(port, "name"));
    MlirType type = mlirTypeAttrGetValue(entry(port, "type"));
    ams_abi_tensor_t tensor = {
        .name = addString(strings, portName),
        .dtype = mlirTypeIsAF32(mlirShapedTypeGetElementType(type))
                     ? AMS_ABI_F32
                     : AMS_ABI_I64,
        .rank = (uint32_t)mlirShapedTypeGetRank(type)};
    amsGetShape(type, AMS_ABI_MAX_RANK, tensor.dims);
    MlirAttribute range = entry(port, "range");
    if (!mlirAttributeIsNull(range)) {
      tensor.bounded = 1;
      tensor.least = mlirDenseI64ArrayGetElement(range, 0);
      tensor.most = mlirDenseI64ArrayGetElement(range, 1);
    }
    if (!isStep && *batch && tensor.dims[0] != *batch) {
      amsEmitError(mlirOperationGetLocation(module),
                   "the first dimension of '%.*s' is %lld, but of others %lld: "
                   "the batch must be the first dimension of every input and "
                   "output",
                   (int)portName.length, portName.data,
                   (long long)tensor.dims[0], (long long)*batch);
      return false;
    }
    *batch = isStep ? 1 : tensor.dims[0];
    amsTextAppendBytes(body, &tensor, sizeof tensor);
  }
  return true;
}

/* Samples of a step, which noise tells apart (N3): the first dimension of its
 * first input, unless there are too many to be told. 0 where the model is no
 * step. */
static int64_t stepSamples(MlirOperation module) {
  if (mlirAttributeIsNull(amsGetAttr(module, "ams.step")) ||
      !listSize(module, "ams.inputs"))
    return 0;
  MlirAttribute port =
      mlirArrayAttrGetElement(amsGetAttr(module, "ams.inputs"), 0);
  int64_t samples =
      mlirShapedTypeGetDimSize(mlirTypeAttrGetValue(entry(port, "type")), 0);
  return samples <= UINT32_MAX ? samples : 1;
}

/* False, after an error, where the vectors of a layer are not equally many for
 * each of the `batch` samples (N3). */
static bool addLayers(MlirOperation module, int64_t batch, AmsText *body,
                      AmsText *strings) {
  for (int64_t i = 0; i < amsLayersCount(module); ++i) {
    ams_abi_layer_t layer;
    MlirStringRef name;
    if (!amsLayersRead(module, i, &layer, &name))
      return false;
    /* Layers in float32 have no noise. */
    int64_t vectors, samples = layer.gain > 0 ? stepSamples(module) : 0;
    if (samples == 0)
      samples = batch;
    if (__builtin_mul_overflow(layer.batch, layer.vectors, &vectors) ||
        vectors % samples) {
      amsEmitError(mlirOperationGetLocation(module),
                   "layer \"%.*s\" has %lld x %lld input vectors, which the "
                   "%lld samples of the batch do not share equally (N3)",
                   (int)name.length, name.data, (long long)layer.batch,
                   (long long)layer.vectors, (long long)samples);
      return false;
    }
    layer.name = addString(strings, name);
    amsTextAppendBytes(body, &layer, sizeof layer);
  }
  return true;
}

static void appendPrinted(MlirStringRef part, void *text) {
  amsTextAppendBytes(text, part.data, part.length);
}

static void addSectionSizes(MlirOperation module, AmsText *body) {
  MlirAttribute list = amsGetAttr(module, "ams.sections");
  for (intptr_t i = 0; i < listSize(module, "ams.sections"); ++i) {
    const void *data;
    size_t size = 0;
    amsElementsRawData(mlirArrayAttrGetElement(list, i), &data, &size);
    uint64_t bytes = size;
    amsTextAppendBytes(body, &bytes, sizeof bytes);
  }
}

/* The device of the first layer that has one as text, "" without any. */
static uint32_t addDevice(MlirOperation module, AmsText *strings) {
  AmsText device = {NULL, 0, 0};
  for (intptr_t i = 0; !device.size && i < listSize(module, "ams.layers");
       ++i) {
    MlirAttribute found = entry(
        mlirArrayAttrGetElement(amsGetAttr(module, "ams.layers"), i), "device");
    if (!mlirAttributeIsNull(found))
      mlirAttributePrint(found, appendPrinted, &device);
  }
  uint32_t offset =
      addString(strings, mlirStringRefCreate(device.data, device.size));
  free(device.data);
  return offset;
}

/* The workspace in the manifest's unit; false, after an error, where it is too
 * large. */
static bool readWorkspace(MlirOperation module, uint32_t *units) {
  MlirAttribute bytes = amsGetAttr(module, "ams.workspace");
  if (mlirAttributeIsNull(bytes))
    return true;
  int64_t count =
      (mlirIntegerAttrGetValueInt(bytes) - 1) / AMS_ABI_WORKSPACE_UNIT + 1;
  *units = (uint32_t)count;
  if (count == (int64_t)*units)
    return true;
  amsEmitError(mlirOperationGetLocation(module),
               "@main needs a workspace of %lld bytes: compile for a smaller "
               "batch",
               (long long)mlirIntegerAttrGetValueInt(bytes));
  return false;
}

bool amsManifestBuild(MlirOperation module, ams_abi_target_t target,
                      AmsText *manifest) {
  AmsText body = {NULL, 0, 0}, strings = {NULL, 0, 0};
  int64_t batch = 0;
  ams_abi_manifest_t header = {
      .target = (uint32_t)target,
      .num_inputs = (uint32_t)listSize(module, "ams.inputs"),
      .num_outputs = (uint32_t)listSize(module, "ams.outputs"),
      .num_layers = (uint32_t)listSize(module, "ams.layers"),
      .num_sections = (uint32_t)listSize(module, "ams.sections")};
  header.device_text = addDevice(module, &strings);
  header.inputs = sizeof header;
  bool ok = addPorts(module, "ams.inputs", &batch, &body, &strings);
  header.outputs = header.inputs + (uint32_t)body.size;
  ok = ok && addPorts(module, "ams.outputs", &batch, &body, &strings);
  header.layers = (uint32_t)(sizeof header + body.size);
  if (ok && !batch) {
    amsEmitError(mlirOperationGetLocation(module),
                 "@main has neither inputs nor outputs");
    ok = false;
  }
  ok = ok && addLayers(module, batch, &body, &strings) &&
       readWorkspace(module, &header.workspace);
  header.section_sizes = (uint32_t)(sizeof header + body.size);
  addSectionSizes(module, &body);
  header.strings = (uint32_t)(sizeof header + body.size);
  header.strings_size = (uint32_t)strings.size;
  header.size = header.strings + header.strings_size;
  header.batch = batch;
  header.step_samples = (uint32_t)stepSamples(module);
  if (ok) {
    amsTextAppendBytes(manifest, &header, sizeof header);
    amsTextAppendBytes(manifest, body.data, body.size);
    amsTextAppendBytes(manifest, strings.data, strings.size);
  }
  free(body.data);
  free(strings.data);
  return ok;
}
