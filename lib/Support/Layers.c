/*===-- Layers.c - Descriptions of layers -------------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* From an operation to the ABI's description of its layer, from there to an  *|
|* attribute of the module, and back.                                         *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Layers.h"

#include "Build.h"
#include "Constant.h"
#include "ams-c/Dialect.h"
#include "ams-c/Register.h"

#include "mlir-c/BuiltinAttributes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const kinds[] = {
    [AMS_ABI_MATMUL] = "matmul",
    [AMS_ABI_CONV] = "conv",
    [AMS_ABI_BATCH_MATMUL] = "batch_matmul",
    [AMS_ABI_MATMUL_INPUT_GRADIENT] = "matmul_input_gradient",
    [AMS_ABI_MATMUL_WEIGHT_GRADIENT] = "matmul_weight_gradient",
    [AMS_ABI_CONV_INPUT_GRADIENT] = "conv_input_gradient",
    [AMS_ABI_CONV_WEIGHT_GRADIENT] = "conv_weight_gradient",
};

/* Gradients, as operations: which operand or result is the product's input,
 * which its weights and which its result; the last operand is the gradient's
 * own result. */
static const struct {
  const char *op;
  ams_abi_layer_kind_t kind;
  intptr_t input, weights;
} gradients[] = {
    {"ams.matmul_input_gradient", AMS_ABI_MATMUL_INPUT_GRADIENT, 2, 1},
    {"ams.matmul_weight_gradient", AMS_ABI_MATMUL_WEIGHT_GRADIENT, 1, 2},
    {"ams.batch_matmul_lhs_gradient", AMS_ABI_MATMUL_INPUT_GRADIENT, 2, 1},
    {"ams.batch_matmul_rhs_gradient", AMS_ABI_MATMUL_WEIGHT_GRADIENT, 1, 2},
    {"ams.conv_input_gradient", AMS_ABI_CONV_INPUT_GRADIENT, 2, 1},
    {"ams.conv_weight_gradient", AMS_ABI_CONV_WEIGHT_GRADIENT, 1, 2},
};
enum { NUM_GRADIENTS = sizeof gradients / sizeof *gradients };

/* Layers that the noise has addresses for (N2). */
enum { MAX_LAYERS = 1 << 16 };

enum { NUM_KINDS = sizeof kinds / sizeof *kinds };

bool amsIsProduct(MlirOperation op) {
  return amsOperationIsALayer(op) && !amsIsOp(op, "ams.mvm");
}

static bool isQuantised(MlirOperation op) {
  return amsTypeIsAAbfp(mlirValueGetType(mlirOperationGetOperand(op, 0)));
}

bool amsIsQuantisedProduct(MlirOperation op) {
  return amsIsProduct(op) && isQuantised(op);
}

bool amsIsFloatProduct(MlirOperation op) {
  return amsIsProduct(op) && !isQuantised(op);
}

bool amsIsBufferedProduct(MlirOperation op) {
  return amsOperationIsALayer(op) && mlirOperationGetNumResults(op) == 0;
}

/* Number of the gradient that `op` is, -1 if it is none. */
static int findGradient(MlirOperation op) {
  for (int i = 0; i < NUM_GRADIENTS; ++i)
    if (amsIsOp(op, gradients[i].op))
      return i;
  return -1;
}

bool amsIsBufferedGradient(MlirOperation op) {
  return findGradient(op) >= 0 && mlirOperationGetNumResults(op) == 0;
}

/* Geometry of a convolution of images [H, W, C]. */
static ams_abi_conv_t convGeometry(const AmsWindow *window,
                                   const int64_t image[3]) {
  return (ams_abi_conv_t){
      .in_h = (int32_t)image[0],
      .in_w = (int32_t)image[1],
      .in_c = (int32_t)image[2],
      .kernel_h = (int32_t)window->kernel[0],
      .kernel_w = (int32_t)window->kernel[1],
      .stride_h = (int32_t)window->strides[0],
      .stride_w = (int32_t)window->strides[1],
      .dilation_h = (int32_t)window->dilations[0],
      .dilation_w = (int32_t)window->dilations[1],
      .pad_top = (int32_t)window->padding[0],
      .pad_left = (int32_t)window->padding[1],
      .pad_bottom = (int32_t)window->padding[2],
      .pad_right = (int32_t)window->padding[3],
      .out_h = (int32_t)amsWindowOutputSize(window, 0, image[0]),
      .out_w = (int32_t)amsWindowOutputSize(window, 1, image[1]),
  };
}

/* The sizes of the product whose gradient `op` is. */
static ams_abi_layer_t describeGradient(MlirOperation op, int gradient) {
  int64_t input[AMS_MAX_RANK], weights[AMS_MAX_RANK];
  intptr_t rank = amsGetShape(
      mlirValueGetType(mlirOperationGetOperand(op, gradients[gradient].input)),
      AMS_MAX_RANK, input);
  amsGetShape(mlirValueGetType(
                  mlirOperationGetOperand(op, gradients[gradient].weights)),
              AMS_MAX_RANK, weights);
  ams_abi_layer_t layer = {.kind = gradients[gradient].kind,
                           .codes_section = AMS_ABI_NO_SECTION,
                           .scales_section = AMS_ABI_NO_SECTION,
                           .batch = 1,
                           .groups = 1,
                           .outputs = weights[0]};
  MlirAttribute windowAttr = amsGetAttr(op, "window");
  if (!mlirAttributeIsNull(windowAttr)) {
    AmsWindow window = amsWindowAttrGetValue(windowAttr);
    layer.groups = window.groups;
    layer.conv = convGeometry(&window, input + 1);
    layer.vectors = input[0] * layer.conv.out_h * layer.conv.out_w;
    layer.reduction =
        window.kernel[0] * window.kernel[1] * (input[3] / window.groups);
    return layer;
  }
  layer.batch = rank == 3 ? input[0] : 1;
  layer.vectors = input[rank - 2];
  layer.reduction = input[rank - 1];
  layer.outputs = weights[rank - 2];
  return layer;
}

ams_abi_epilogue_t amsEpilogueDescribe(MlirAttribute attr) {
  AmsEpilogue epilogue = amsEpilogueAttrGetValue(attr);
  bool clamps = isfinite(epilogue.low) || isfinite(epilogue.high);
  return (ams_abi_epilogue_t){
      .flags = (epilogue.bias ? AMS_ABI_EPILOGUE_BIAS : 0) |
               (epilogue.residual ? AMS_ABI_EPILOGUE_RESIDUAL : 0) |
               (clamps ? AMS_ABI_EPILOGUE_CLAMP : 0),
      .low = clamps ? epilogue.low : 0,
      .high = clamps ? epilogue.high : 0,
  };
}

ams_abi_layer_t amsLayerDescribe(MlirOperation op) {
  int gradient = findGradient(op);
  if (gradient >= 0)
    return describeGradient(op, gradient);
  AmsLayer view = amsOperationGetLayer(op);
  MlirAttribute windowAttr = amsGetAttr(op, "window");
  ams_abi_layer_t layer = {
      .kind = view.twoActivations ? AMS_ABI_BATCH_MATMUL : AMS_ABI_MATMUL,
      .codes_section = AMS_ABI_NO_SECTION,
      .scales_section = AMS_ABI_NO_SECTION,
      .gain = view.gain,
      .num_gains = (uint32_t)view.numGains,
      .gains_section = AMS_ABI_NO_SECTION,
      .batch = view.batch,
      .vectors = view.vectors,
      .outputs = view.outputs * view.groups,
      .reduction = view.reduction,
      .groups = view.groups,
      .device = amsDeviceAttrGetAbi(view.device),
      .condition = amsConditionAttrGetAbi(view.condition),
      .epilogue = amsEpilogueDescribe(amsGetAttr(op, "epilogue")),
      .flags = mlirAttributeIsNull(amsGetAttr(op, "records_clipping"))
                   ? 0
                   : AMS_ABI_LAYER_RECORDS_CLIPPING,
  };
  if (!mlirAttributeIsNull(windowAttr)) {
    AmsWindow window = amsWindowAttrGetValue(windowAttr);
    int64_t image[AMS_MAX_RANK];
    intptr_t input = amsIsOp(op, "ams.mvm") ? 1 : 0;
    amsGetShape(mlirValueGetType(mlirOperationGetOperand(op, input)),
                AMS_MAX_RANK, image);
    layer.kind = AMS_ABI_CONV;
    layer.conv = convGeometry(&window, image + 1);
  }
  return layer;
}

AmsCostLayer amsLayerCost(MlirOperation op) {
  AmsLayer view = amsOperationGetLayer(op);
  ams_abi_device_t device = amsDeviceAttrGetAbi(view.device);
  uint32_t condition = amsConditionAttrGetAbi(view.condition).flags;
  return (AmsCostLayer){
      .matrices = view.twoActivations ? view.batch : view.groups,
      .vectors = view.vectors,
      .outputs = view.outputs,
      .reduction = view.reduction,
      .rows = device.rows,
      .columns = device.columns,
      .inputBits = device.bits_input,
      .outputBits = device.bits_output,
      .repeats = device.sources.repeats > 1 ? device.sources.repeats : 1,
      .gain = view.gain,
      .activations = view.twoActivations,
      .meanRemoved = condition & AMS_ABI_CONDITION_MEAN,
      .spread = condition & AMS_ABI_CONDITION_SPREAD,
  };
}

static MlirAttribute getList(MlirOperation module, const char *name) {
  MlirAttribute list = amsGetAttr(module, name);
  if (mlirAttributeIsNull(list))
    list = mlirArrayAttrGet(mlirOperationGetContext(module), 0, NULL);
  return list;
}

static void append(AmsAttributes *attributes, MlirAttribute attr) {
  attributes->elements = amsExtend(attributes->elements, attributes->size,
                                   sizeof *attributes->elements);
  attributes->elements[attributes->size++] = attr;
}

static AmsAttributes openList(MlirOperation module, const char *name) {
  MlirAttribute list = getList(module, name);
  AmsAttributes attributes = {NULL, 0};
  for (intptr_t i = 0; i < mlirArrayAttrGetNumElements(list); ++i)
    append(&attributes, mlirArrayAttrGetElement(list, i));
  return attributes;
}

static void closeList(MlirOperation module, const char *name,
                      AmsAttributes *attributes) {
  if (attributes->size)
    mlirOperationSetAttributeByName(
        module, amsStringRef(name),
        mlirArrayAttrGet(mlirOperationGetContext(module),
                         (intptr_t)attributes->size, attributes->elements));
  free(attributes->elements);
}

AmsLists amsListsOpen(MlirOperation module) {
  return (AmsLists){module, openList(module, "ams.layers"),
                    openList(module, "ams.sections")};
}

void amsListsClose(AmsLists *lists) {
  closeList(lists->module, "ams.layers", &lists->layers);
  closeList(lists->module, "ams.sections", &lists->sections);
}

int64_t amsLayersAppend(AmsLists *lists, MlirOperation op,
                        const ams_abi_layer_t *layer) {
  MlirContext context = mlirOperationGetContext(op);
  int64_t index = (int64_t)lists->layers.size;
  if (index >= MAX_LAYERS) {
    amsEmitOpError(op,
                   "is one more than the %d layers that the noise has "
                   "addresses for (N2)",
                   MAX_LAYERS);
    return -1;
  }
  const ams_abi_conv_t *conv = &layer->conv;
  MlirAttribute image = mlirDenseI64ArrayGet(
      context, 3, (int64_t[]){conv->in_h, conv->in_w, conv->in_c});
  MlirNamedAttribute entries[18] = {
      amsNamed(context, "name", amsGetAttr(op, "layer")),
      amsNamed(context, "kind", amsStringAttr(context, kinds[layer->kind])),
      amsNamed(context, "gain",
               mlirFloatAttrDoubleGet(context, mlirF32TypeGet(context),
                                      layer->gain)),
      amsNamed(context, "batch", amsI64Attr(context, layer->batch)),
      amsNamed(context, "vectors", amsI64Attr(context, layer->vectors)),
      amsNamed(context, "outputs", amsI64Attr(context, layer->outputs)),
      amsNamed(context, "reduction", amsI64Attr(context, layer->reduction)),
      amsNamed(context, "codes", amsI64Attr(context, layer->codes_section)),
      amsNamed(context, "scales", amsI64Attr(context, layer->scales_section)),
  };
  intptr_t count = 9;
  MlirAttribute device = amsGetAttr(op, "device");
  if (!mlirAttributeIsNull(device)) /* a gradient has none */
    entries[count++] = amsNamed(context, "device", device);
  if (conv->kernel_h) {
    entries[count++] = amsNamed(context, "window", amsGetAttr(op, "window"));
    entries[count++] = amsNamed(context, "image", image);
  }
  MlirAttribute condition = amsOperationIsALayer(op)
                                ? amsOperationGetLayer(op).condition
                                : mlirAttributeGetNull();
  if (!mlirAttributeIsNull(condition)) {
    entries[count++] = amsNamed(context, "condition", condition);
    entries[count++] = amsNamed(
        context, "sums", amsI64Attr(context, layer->condition.sums_section));
  }
  if (layer->num_gains) {
    entries[count++] =
        amsNamed(context, "num_gains", amsI64Attr(context, layer->num_gains));
    entries[count++] =
        amsNamed(context, "gains", amsI64Attr(context, layer->gains_section));
  }
  if (!mlirAttributeIsNull(amsGetAttr(op, "epilogue")))
    entries[count++] =
        amsNamed(context, "epilogue", amsGetAttr(op, "epilogue"));
  if (layer->flags & AMS_ABI_LAYER_RECORDS_CLIPPING)
    entries[count++] =
        amsNamed(context, "records_clipping", mlirUnitAttrGet(context));
  append(&lists->layers, mlirDictionaryAttrGet(context, count, entries));
  return index;
}

static MlirAttribute entry(MlirAttribute dictionary, const char *name) {
  return mlirDictionaryAttrGetElementByName(dictionary, amsStringRef(name));
}

int64_t amsLayersFindRecording(const AmsLists *lists, MlirAttribute name) {
  for (size_t i = 0; i < lists->layers.size; ++i) {
    MlirAttribute layer = lists->layers.elements[i];
    if (mlirAttributeEqual(entry(layer, "name"), name) &&
        !mlirAttributeIsNull(entry(layer, "records_clipping")))
      return (int64_t)i;
  }
  return -1;
}

int64_t amsLayersCount(MlirOperation module) {
  return mlirArrayAttrGetNumElements(getList(module, "ams.layers"));
}

static bool readInteger(MlirAttribute dictionary, const char *name,
                        int64_t *value) {
  MlirAttribute attr = entry(dictionary, name);
  if (mlirAttributeIsNull(attr) || !mlirAttributeIsAInteger(attr))
    return false;
  *value = mlirIntegerAttrGetValueInt(attr);
  return true;
}

/* Whether every size of the image and of its outputs is an int32. */
static bool isImage(const AmsWindow *window, const int64_t image[3]) {
  for (int i = 0; i < 3; ++i)
    if (image[i] < 1 || image[i] > INT32_MAX)
      return false;
  return amsWindowOutputSize(window, 0, image[0]) <= INT32_MAX &&
         amsWindowOutputSize(window, 1, image[1]) <= INT32_MAX;
}

static bool readWindow(MlirAttribute dictionary, ams_abi_layer_t *layer) {
  MlirAttribute window = entry(dictionary, "window");
  MlirAttribute image = entry(dictionary, "image");
  if (mlirAttributeIsNull(window) || !amsAttributeIsAWindow(window) ||
      mlirAttributeIsNull(image) || !mlirAttributeIsADenseI64Array(image) ||
      mlirDenseArrayGetNumElements(image) != 3)
    return false;
  AmsWindow value = amsWindowAttrGetValue(window);
  int64_t in[3];
  for (intptr_t i = 0; i < 3; ++i)
    in[i] = mlirDenseI64ArrayGetElement(image, i);
  if (!isImage(&value, in))
    return false;
  layer->groups = value.groups;
  layer->conv = convGeometry(&value, in);
  return true;
}

/* The conditioning, plain where there is none. */
static bool readCondition(MlirAttribute dictionary, ams_abi_layer_t *layer) {
  MlirAttribute condition = entry(dictionary, "condition");
  int64_t sums;
  if (mlirAttributeIsNull(condition))
    return true;
  if (!amsAttributeIsACondition(condition) ||
      !readInteger(dictionary, "sums", &sums))
    return false;
  layer->condition = amsConditionAttrGetAbi(condition);
  layer->condition.sums_section = (uint32_t)sums;
  return true;
}

/* The gains of blocks or tiles, none where there is one for all. */
static bool readGains(MlirAttribute dictionary, ams_abi_layer_t *layer) {
  int64_t count, gains;
  if (mlirAttributeIsNull(entry(dictionary, "num_gains")))
    return true;
  if (!readInteger(dictionary, "num_gains", &count) || count < 1 ||
      count > UINT32_MAX || !readInteger(dictionary, "gains", &gains))
    return false;
  layer->num_gains = (uint32_t)count;
  layer->gains_section = (uint32_t)gains;
  return true;
}

static bool readLayer(MlirAttribute dictionary, ams_abi_layer_t *layer,
                      MlirStringRef *name) {
  if (!mlirAttributeIsADictionary(dictionary))
    return false;
  MlirAttribute nameAttr = entry(dictionary, "name"),
                kind = entry(dictionary, "kind"),
                device = entry(dictionary, "device"),
                gain = entry(dictionary, "gain"),
                epilogue = entry(dictionary, "epilogue");
  int64_t codes, scales;
  if (mlirAttributeIsNull(nameAttr) || !mlirAttributeIsAString(nameAttr) ||
      mlirAttributeIsNull(kind) || !mlirAttributeIsAString(kind) ||
      (!mlirAttributeIsNull(device) && !amsAttributeIsADevice(device)) ||
      mlirAttributeIsNull(gain) || !mlirAttributeIsAFloat(gain) ||
      (!mlirAttributeIsNull(epilogue) && !amsAttributeIsAnEpilogue(epilogue)))
    return false;
  *name = mlirStringAttrGetValue(nameAttr);
  *layer = (ams_abi_layer_t){.kind = NUM_KINDS,
                             .groups = 1,
                             .gain = (float)mlirFloatAttrGetValueDouble(gain),
                             .epilogue = amsEpilogueDescribe(epilogue)};
  if (!mlirAttributeIsNull(entry(dictionary, "records_clipping")))
    layer->flags = AMS_ABI_LAYER_RECORDS_CLIPPING;
  if (!mlirAttributeIsNull(device))
    layer->device = amsDeviceAttrGetAbi(device);
  for (uint32_t i = 0; i < NUM_KINDS; ++i)
    if (mlirStringRefEqual(mlirStringAttrGetValue(kind),
                           amsStringRef(kinds[i])))
      layer->kind = i;
  bool hasDevice = !mlirAttributeIsNull(device);
  bool isGradient = layer->kind >= AMS_ABI_MATMUL_INPUT_GRADIENT;
  if (layer->kind == NUM_KINDS || hasDevice == isGradient ||
      !readInteger(dictionary, "batch", &layer->batch) ||
      !readInteger(dictionary, "vectors", &layer->vectors) ||
      !readInteger(dictionary, "outputs", &layer->outputs) ||
      !readInteger(dictionary, "reduction", &layer->reduction) ||
      !readInteger(dictionary, "codes", &codes) ||
      !readInteger(dictionary, "scales", &scales))
    return false;
  layer->codes_section = (uint32_t)codes;
  layer->scales_section = (uint32_t)scales;
  bool isConv = layer->kind == AMS_ABI_CONV ||
                layer->kind == AMS_ABI_CONV_INPUT_GRADIENT ||
                layer->kind == AMS_ABI_CONV_WEIGHT_GRADIENT;
  return readCondition(dictionary, layer) && readGains(dictionary, layer) &&
         (!isConv || readWindow(dictionary, layer));
}

bool amsLayersRead(MlirOperation module, int64_t index, ams_abi_layer_t *layer,
                   MlirStringRef *name) {
  MlirAttribute list = getList(module, "ams.layers");
  if (!readLayer(mlirArrayAttrGetElement(list, index), layer, name)) {
    amsEmitError(mlirOperationGetLocation(module),
                 "element %d of the module's attribute ams.layers does not "
                 "describe a layer",
                 (int)index);
    return false;
  }
  layer->index = (uint32_t)index;
  return true;
}

/* `elements` with all its bytes written out, where it is a splat. */
static MlirAttribute expandSplat(MlirAttribute elements, const void *data,
                                 size_t size) {
  MlirType type = mlirAttributeGetType(elements);
  size_t count = (size_t)amsNumElements(type);
  if (!mlirAttributeIsADenseElements(elements) ||
      !mlirDenseElementsAttrIsSplat(elements) || count <= 1)
    return elements;
  char *bytes = amsAllocate(count, size);
  for (size_t i = 0; i < count; ++i)
    memcpy(bytes + i * size, data, size);
  return amsResourceAttr(type, "splat", bytes, count * size);
}

bool amsSectionsAppend(AmsLists *lists, MlirLocation loc,
                       MlirAttribute elements, uint32_t *section) {
  const void *data = NULL;
  size_t size = 0;
  amsElementsRawData(elements, &data, &size);
  if (!amsFitsMemory(loc, mlirAttributeGetType(elements)))
    return false;
  elements = expandSplat(elements, data, size);
  AmsAttributes *sections = &lists->sections;
  size_t index = 0;
  while (index < sections->size &&
         !mlirAttributeEqual(sections->elements[index], elements))
    ++index;
  if (index == sections->size)
    append(sections, elements);
  *section = (uint32_t)index;
  return true;
}
