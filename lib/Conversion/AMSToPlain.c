/*===-- AMSToPlain.c - Decomposition into plain MLIR --------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* The other way down: operations on buffers become calls of the functions    *|
|* in Plain, which are merged into the module.                                *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "ams-c/Dialect.h"
#include "ams-c/Passes.h"

#include "Build.h"
#include "Calls.h"
#include "Interface.h"
#include "Layers.h"
#include "PlainDevice.h"

#include "ams/product.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char plainLibrary[] = {
#include "PlainLibrary.inc"
    , 0};

/* State of one run of the pass. Constant `i` is the initial value of
 * @ams_plain_constant_i. */
typedef struct Decomposition {
  MlirOperation module;
  AmsOpList calls; /* of functions, before those made here */
  MlirAttribute *constants;
  size_t numConstants;
  AmsLists lists;
} Decomposition;

/* Arguments of a call, as they come. */
typedef struct Arguments {
  const AmsBuilder *builder;
  MlirValue values[36];
  intptr_t size;
} Arguments;

static bool isDecomposed(MlirOperation op) {
  return amsIsBufferedProduct(op) ||
         ((amsIsOp(op, "ams.dequantize") || amsIsOp(op, "ams.add_noise")) &&
          mlirOperationGetNumResults(op) == 0);
}

//===----------------------------------------------------------------------===//
// Arguments
//===----------------------------------------------------------------------===//

static void addValue(Arguments *arguments, MlirValue value) {
  arguments->values[arguments->size++] = value;
}

static void addIndex(Arguments *arguments, int64_t value) {
  addValue(arguments, amsBuildIndex(arguments->builder, value));
}

static void addF32(Arguments *arguments, float value) {
  addValue(arguments, amsBuildF32(arguments->builder, value));
}

static void addI64(Arguments *arguments, int64_t value) {
  addValue(arguments, amsBuildI64(arguments->builder, value));
}

/* A dense buffer as a flat one of dynamic size. */
static void addFlat(Arguments *arguments, MlirValue buffer) {
  const AmsBuilder *builder = arguments->builder;
  MlirContext context = builder->context;
  MlirType type = mlirValueGetType(buffer);
  MlirType element = mlirShapedTypeGetElementType(type);
  intptr_t rank = mlirShapedTypeGetRank(type);
  int64_t size = amsNumElements(type), dynamic = mlirShapedTypeGetDynamicSize();
  if (rank != 1) {
    MlirAttribute dims[AMS_MAX_RANK];
    for (intptr_t i = 0; i < rank; ++i)
      dims[i] = amsI64Attr(context, i);
    MlirAttribute group = mlirArrayAttrGet(context, rank, dims);
    MlirNamedAttribute attribute = amsNamed(
        context, "reassociation", mlirArrayAttrGet(context, 1, &group));
    buffer = amsBuildValue(
        builder, "memref.collapse_shape", 1, &buffer,
        mlirMemRefTypeContiguousGet(element, 1, &size, mlirAttributeGetNull()),
        1, &attribute);
  }
  addValue(arguments,
           amsBuildValue(builder, "memref.cast", 1, &buffer,
                         mlirMemRefTypeContiguousGet(element, 1, &dynamic,
                                                     mlirAttributeGetNull()),
                         0, NULL));
}

//===----------------------------------------------------------------------===//
// The module
//===----------------------------------------------------------------------===//

/* Moves the functions of the plain way into `module`, once. */
static void mergeLibrary(MlirOperation module) {
  MlirContext context = mlirOperationGetContext(module);
  MlirSymbolTable symbols = mlirSymbolTableCreate(module);
  bool merged = !mlirOperationIsNull(
      mlirSymbolTableLookup(symbols, amsStringRef("ams_plain_state")));
  mlirSymbolTableDestroy(symbols);
  if (merged)
    return;
  MlirModule library =
      mlirModuleCreateParse(context, amsStringRef(plainLibrary));
  MlirBlock body = mlirModuleGetBody(mlirModuleFromOperation(module));
  MlirOperation op = mlirBlockGetFirstOperation(mlirModuleGetBody(library));
  while (!mlirOperationIsNull(op)) {
    MlirOperation next = mlirOperationGetNextInBlock(op);
    mlirOperationRemoveFromParent(op);
    mlirBlockAppendOwnedOperation(body, op);
    op = next;
  }
  mlirModuleDestroy(library);
}

/* The number of the constant `elements`, which is made where it is new. */
static size_t findConstant(Decomposition *state, MlirLocation loc,
                           MlirAttribute elements, MlirType type) {
  size_t number = 0;
  while (number < state->numConstants &&
         !mlirAttributeEqual(state->constants[number], elements))
    ++number;
  if (number < state->numConstants)
    return number;
  state->constants = amsExtend(state->constants, number, sizeof elements);
  state->constants[state->numConstants++] = elements;
  MlirContext context = mlirOperationGetContext(state->module);
  char name[40];
  snprintf(name, sizeof name, "ams_plain_constant_%zu", number);
  MlirNamedAttribute attributes[5] = {
      amsNamed(context, "sym_name", amsStringAttr(context, name)),
      amsNamed(context, "sym_visibility", amsStringAttr(context, "private")),
      amsNamed(context, "type", mlirTypeAttrGet(type)),
      amsNamed(context, "initial_value", elements),
      amsNamed(context, "constant", mlirUnitAttrGet(context))};
  AmsBuilder top = {context, loc,
                    mlirBlockGetFirstOperation(mlirModuleGetBody(
                        mlirModuleFromOperation(state->module)))};
  amsBuild(&top, "memref.global", 0, NULL, 0, NULL, 5, attributes);
  return number;
}

/* A constant buffer of `elements`. */
static MlirValue buildGlobal(Decomposition *state, const AmsBuilder *builder,
                             MlirAttribute elements) {
  MlirContext context = builder->context;
  int64_t shape[AMS_MAX_RANK];
  MlirType tensor = mlirAttributeGetType(elements);
  intptr_t rank = amsGetShape(tensor, AMS_MAX_RANK, shape);
  MlirType type =
      mlirMemRefTypeContiguousGet(mlirShapedTypeGetElementType(tensor), rank,
                                  shape, mlirAttributeGetNull());
  char name[40];
  snprintf(name, sizeof name, "ams_plain_constant_%zu",
           findConstant(state, builder->loc, elements, type));
  MlirNamedAttribute symbol = amsNamed(
      context, "name", mlirFlatSymbolRefAttrGet(context, amsStringRef(name)));
  return amsBuildValue(builder, "memref.get_global", 0, NULL, type, 1, &symbol);
}

/* The signs of n rows as a constant tensor of 1 and -1; empty where blocks are
 * not spread. */
static MlirAttribute signsOf(MlirContext context,
                             const ams_abi_layer_t *layer) {
  const ams_abi_condition_t *condition = &layer->condition;
  int8_t signs[AMS_ABI_MAX_ROWS];
  int64_t count =
      condition->flags & AMS_ABI_CONDITION_SPREAD ? layer->device.rows : 0;
  for (int64_t k = 0; k < count; ++k)
    signs[k] = condition->signs[k / 32] >> (k % 32) & 1 ? -1 : 1;
  MlirType type = mlirRankedTensorTypeGet(
      1, &count, mlirIntegerTypeGet(context, 8), mlirAttributeGetNull());
  return mlirDenseElementsAttrInt8Get(type, count, signs);
}

/* The weights' sums; empty where means stay. */
static MlirAttribute sumsOf(MlirContext context, MlirOperation weights) {
  MlirAttribute sums = amsGetAttr(weights, "sums");
  if (!mlirAttributeIsNull(sums))
    return sums;
  return amsFloats(context, 0, NULL);
}

/* What `constant` says of the gain of each block, or of each tile (G1), times
 * `factor`; alike where there is one gain. */
static MlirAttribute
constantsOf(MlirOperation op, const ams_abi_device_t *device, float factor,
            float (*constant)(const ams_abi_device_t *, float)) {
  AmsLayer layer = amsOperationGetLayer(op);
  int64_t blocks = (layer.reduction - 1) / device->rows + 1;
  int64_t count = layer.numGains ? (int64_t)layer.numGains : blocks;
  float *values = amsAllocate((size_t)count, sizeof *values);
  for (int64_t j = 0; j < count; ++j)
    values[j] =
        factor * constant(device, layer.numGains ? layer.gains[j] : layer.gain);
  MlirAttribute elements =
      amsFloats(mlirOperationGetContext(op), count, values);
  free(values);
  return elements;
}

/* How many outputs a column tile has that has gains of its own, and how many
 * such tiles a group has (P2): all of them and none where all share. */
static void addTiles(Arguments *arguments, const ams_abi_layer_t *layer) {
  int64_t outputs = layer->outputs / layer->groups;
  int64_t blocks = (layer->reduction - 1) / layer->device.rows + 1;
  bool share = layer->num_gains == 0 || layer->num_gains == blocks;
  addIndex(arguments, share ? outputs : layer->device.columns);
  addIndex(arguments, share ? 0 : (outputs - 1) / layer->device.columns + 1);
}

/* alphas, scales, tiles, device, tables, layer and vectors a sample: what every
 * product ends with. */
static void addDevice(Decomposition *state, Arguments *arguments,
                      MlirOperation op, const ams_abi_layer_t *layer,
                      const AmsPlainDevice *device, int64_t index,
                      int64_t perSample) {
  const MlirAttribute constants[2] = {
      constantsOf(op, &layer->device, 1, ams_alpha),
      constantsOf(op, &layer->device, device->outputFactor, ams_output_scale)};
  for (int i = 0; i < 2; ++i)
    addFlat(arguments, buildGlobal(state, arguments->builder, constants[i]));
  addTiles(arguments, layer);
  const MlirAttribute buffers[3] = {device->fields, device->normal,
                                    device->noise};
  for (int i = 0; i < 3; ++i)
    addFlat(arguments, buildGlobal(state, arguments->builder, buffers[i]));
  addI64(arguments, index);
  addI64(arguments, perSample);
}

/* Vectors that one sample gives `layer`, when the model computes `batch`
 * samples a call (N3). */
static int64_t vectorsPerSample(MlirOperation module,
                                const ams_abi_layer_t *layer) {
  MlirAttribute inputs = amsGetAttr(module, "ams.inputs");
  int64_t vectors = layer->batch * layer->vectors, samples = 1;
  if (!mlirAttributeIsNull(inputs) && mlirArrayAttrGetNumElements(inputs)) {
    MlirAttribute type = mlirDictionaryAttrGetElementByName(
        mlirArrayAttrGetElement(inputs, 0), amsStringRef("type"));
    samples = mlirShapedTypeGetDimSize(mlirTypeAttrGetValue(type), 0);
  }
  return vectors / samples;
}

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

/* Refuses what functions of the plain way do not compute; false after an
 * error. */
static bool isPlain(MlirOperation op) {
  if (mlirAttributeIsNull(amsGetAttr(op, "records_clipping")))
    return true;
  amsEmitOpError(op, "records clipped conversions, which only the runtime "
                     "does: leave --ams-decompose out (--target=device)");
  return false;
}

/* What follows `op`, into whose dense `output`, of `rows` by `outputs`, its
 * result was written; its addends are operands from `next` on. */
static void decomposeEpilogue(const AmsBuilder *builder, MlirOperation op,
                              const ams_abi_epilogue_t *epilogue, intptr_t next,
                              int64_t rows, int64_t outputs, MlirValue output) {
  if (!epilogue->flags)
    return;
  const bool has[2] = {epilogue->flags & AMS_ABI_EPILOGUE_BIAS,
                       epilogue->flags & AMS_ABI_EPILOGUE_RESIDUAL};
  Arguments arguments = {.builder = builder};
  addFlat(&arguments, output);
  for (int i = 0; i < 2; ++i)
    addFlat(&arguments,
            has[i] ? amsDenseInput(builder, mlirOperationGetOperand(op, next++))
                   : output);
  addIndex(&arguments, rows);
  addIndex(&arguments, outputs);
  for (int i = 0; i < 2; ++i)
    addValue(&arguments, amsBuildBool(builder, has[i]));
  addValue(&arguments,
           amsBuildBool(builder, epilogue->flags & AMS_ABI_EPILOGUE_CLAMP));
  addF32(&arguments, epilogue->low);
  addF32(&arguments, epilogue->high);
  amsBuildCall(builder, "ams_plain_epilogue", arguments.size, arguments.values);
}

static void decomposeProductEpilogue(const AmsBuilder *builder,
                                     MlirOperation op,
                                     const ams_abi_layer_t *layer,
                                     MlirValue output) {
  decomposeEpilogue(builder, op, &layer->epilogue, 3,
                    layer->batch * layer->vectors, layer->outputs, output);
}

/* What ams.mvm multiplies by: codes, scales and sums as buffers. */
typedef struct Programmed {
  MlirValue codes, scales, sums, signs;
} Programmed;

static MlirValue buildBuffer(const AmsBuilder *builder, MlirType element,
                             intptr_t rank, const int64_t *shape) {
  return amsBuildAlloc(builder,
                       mlirMemRefTypeContiguousGet(element, rank, shape,
                                                   mlirAttributeGetNull()));
}

/* Weights that `quantize` quantises while the model runs: buffers that are
 * filled where it stands. */
static Programmed programNow(Decomposition *state, MlirOperation quantize,
                             const ams_abi_layer_t *layer) {
  AmsBuilder before = amsBuilderBefore(quantize);
  MlirContext context = before.context;
  MlirType type = mlirValueGetType(mlirOperationGetResult(quantize, 0));
  const int64_t shape[3] = {amsAbfpTypeGetNumVectors(type),
                            amsAbfpTypeGetNumBlocks(type),
                            amsAbfpTypeGetN(type)};
  const int64_t none[2] = {0, 0};
  bool isMean = layer->condition.flags & AMS_ABI_CONDITION_MEAN;
  Programmed programmed = {
      buildBuffer(&before, mlirIntegerTypeGet(context, 16), 3, shape),
      buildBuffer(&before, mlirBF16TypeGet(context), 2, shape),
      buildBuffer(&before, mlirF32TypeGet(context), 2, isMean ? shape : none),
      buildGlobal(state, &before, signsOf(context, layer))};
  Arguments arguments = {.builder = &before};
  addFlat(&arguments,
          amsDenseInput(&before, mlirOperationGetOperand(quantize, 0)));
  addIndex(&arguments, shape[0]);
  addIndex(&arguments, amsAbfpTypeGetVectorSize(type));
  addIndex(&arguments, shape[2]);
  addF32(&arguments, amsCodeLimit(layer->device.bits_weight));
  addFlat(&arguments, programmed.signs);
  addFlat(&arguments, programmed.codes);
  addFlat(&arguments, programmed.scales);
  addFlat(&arguments, programmed.sums);
  amsBuildCall(&before, "ams_plain_program", arguments.size, arguments.values);
  return programmed;
}

/* Codes of 8 bits as such of 16. */
static MlirValue widen(const AmsBuilder *builder, MlirValue codes) {
  MlirType type = mlirValueGetType(codes);
  MlirType wide = mlirIntegerTypeGet(builder->context, 16);
  if (mlirTypeEqual(mlirShapedTypeGetElementType(type), wide))
    return codes;
  int64_t shape[AMS_MAX_RANK];
  intptr_t rank = amsGetShape(type, AMS_MAX_RANK, shape);
  MlirValue widened = buildBuffer(builder, wide, rank, shape);
  Arguments arguments = {.builder = builder};
  addFlat(&arguments, codes);
  addFlat(&arguments, widened);
  amsBuildCall(builder, "ams_plain_widen", arguments.size, arguments.values);
  return widened;
}

/* The weights of an ams.mvm, `weights` as amsProgrammedWeights finds them. */
static Programmed findProgrammed(Decomposition *state,
                                 const AmsBuilder *builder,
                                 MlirOperation weights,
                                 const ams_abi_layer_t *layer) {
  if (amsIsOp(weights, "ams.quantize"))
    return programNow(state, weights, layer);
  MlirValue codes = buildGlobal(state, builder, amsGetAttr(weights, "codes"));
  return (Programmed){
      widen(builder, codes),
      buildGlobal(state, builder, amsGetAttr(weights, "scales")),
      buildGlobal(state, builder, sumsOf(builder->context, weights)),
      buildGlobal(state, builder, signsOf(builder->context, layer))};
}

/* What cells hold of `codes`. */
static MlirValue buildCells(Decomposition *state, const AmsBuilder *builder,
                            const ams_abi_layer_t *layer,
                            const AmsPlainDevice *device, int64_t index,
                            MlirValue codes) {
  if (!device->cellsErr)
    return codes;
  const int64_t sizes[3] = {layer->outputs,
                            (layer->reduction - 1) / layer->device.rows + 1,
                            layer->device.rows};
  MlirValue cells =
      buildBuffer(builder, mlirIntegerTypeGet(builder->context, 16), 3, sizes);
  const MlirAttribute buffers[3] = {device->fields, device->normal,
                                    device->drift};
  Arguments arguments = {.builder = builder};
  addFlat(&arguments, codes);
  for (int i = 0; i < 3; ++i)
    addIndex(&arguments, sizes[i]);
  for (int i = 0; i < 3; ++i)
    addFlat(&arguments, buildGlobal(state, builder, buffers[i]));
  addI64(&arguments, index);
  addFlat(&arguments, cells);
  amsBuildCall(builder, "ams_plain_cells", arguments.size, arguments.values);
  return cells;
}

static bool decomposeMvm(Decomposition *state, MlirOperation op) {
  AmsBuilder builder = amsBuilderBefore(op);
  MlirOperation weights = amsProgrammedWeights(op);
  if (mlirOperationIsNull(weights) || !amsIsReachedOnce(op, &state->calls))
    return false;
  ams_abi_layer_t layer = amsLayerDescribe(op);
  AmsPlainDevice device;
  if (!isPlain(op) || !amsPlainDeviceDescribe(op, &layer.device, true, &device))
    return false;
  int64_t index = amsLayersAppend(&state->lists, op, &layer);
  if (index < 0)
    return false;
  int64_t perSample = vectorsPerSample(state->module, &layer);
  ams_abi_conv_t c = layer.conv;
  int64_t images = layer.vectors;
  if (layer.kind == AMS_ABI_CONV)
    images /= (int64_t)c.out_h * c.out_w;
  else
    c = (ams_abi_conv_t){.in_h = 1,
                         .in_w = 1,
                         .in_c = (int32_t)layer.reduction,
                         .kernel_h = 1,
                         .kernel_w = 1,
                         .stride_h = 1,
                         .stride_w = 1,
                         .dilation_h = 1,
                         .dilation_w = 1,
                         .out_h = 1,
                         .out_w = 1};
  MlirValue init = mlirOperationGetOperand(op, 2);
  MlirValue output = amsDenseOutput(&builder, init);
  Arguments arguments = {.builder = &builder};
  addFlat(&arguments, amsDenseInput(&builder, mlirOperationGetOperand(op, 1)));
  Programmed programmed = findProgrammed(state, &builder, weights, &layer);
  addFlat(&arguments, buildCells(state, &builder, &layer, &device, index,
                                 programmed.codes));
  addFlat(&arguments, programmed.scales);
  addFlat(&arguments, programmed.sums);
  addFlat(&arguments, programmed.signs);
  addFlat(&arguments, output);
  const int64_t sizes[] = {images,           c.in_h,
                           c.in_w,           c.in_c / layer.groups,
                           c.kernel_h,       c.kernel_w,
                           c.stride_h,       c.stride_w,
                           c.dilation_h,     c.dilation_w,
                           c.pad_top,        c.pad_left,
                           c.out_h,          c.out_w,
                           layer.groups,     layer.outputs / layer.groups,
                           layer.device.rows};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; ++i)
    addIndex(&arguments, sizes[i]);
  addDevice(state, &arguments, op, &layer, &device, index, perSample);
  amsBuildCall(&builder, "ams_plain_mvm", arguments.size, arguments.values);
  decomposeProductEpilogue(&builder, op, &layer, output);
  amsFinishOutput(&builder, output, init);
  mlirOperationDestroy(op);
  return true;
}

static bool decomposeBatchMatmul(Decomposition *state, MlirOperation op) {
  AmsBuilder builder = amsBuilderBefore(op);
  ams_abi_layer_t layer = amsLayerDescribe(op);
  if (!(layer.gain > 0)) {
    amsEmitOpError(op, "has no gain: run --ams-assign-gains first");
    return false;
  }
  AmsPlainDevice device;
  if (!isPlain(op) || !amsIsReachedOnce(op, &state->calls) ||
      !amsPlainDeviceDescribe(op, &layer.device, false, &device))
    return false;
  int64_t index = amsLayersAppend(&state->lists, op, &layer);
  if (index < 0)
    return false;
  MlirValue init = mlirOperationGetOperand(op, 2);
  MlirValue output = amsDenseOutput(&builder, init);
  Arguments arguments = {.builder = &builder};
  addFlat(&arguments, amsDenseInput(&builder, mlirOperationGetOperand(op, 0)));
  addFlat(&arguments, amsDenseInput(&builder, mlirOperationGetOperand(op, 1)));
  addFlat(&arguments, output);
  addIndex(&arguments, layer.batch);
  addIndex(&arguments, layer.vectors);
  addIndex(&arguments, layer.outputs);
  addIndex(&arguments, layer.reduction);
  addIndex(&arguments, layer.device.rows);
  addValue(&arguments, amsBuildBool(&builder, device.cellsErr));
  addDevice(state, &arguments, op, &layer, &device, index,
            vectorsPerSample(state->module, &layer));
  amsBuildCall(&builder, "ams_plain_batch_matmul", arguments.size,
               arguments.values);
  decomposeProductEpilogue(&builder, op, &layer, output);
  amsFinishOutput(&builder, output, init);
  mlirOperationDestroy(op);
  return true;
}

static bool decomposeDequantize(MlirOperation op) {
  AmsBuilder builder = amsBuilderBefore(op);
  MlirContext context = builder.context;
  MlirOperation source = amsQuantizedSource(op);
  if (mlirOperationIsNull(source))
    return false;
  MlirType type = mlirValueGetType(mlirOperationGetOperand(op, 0));
  int64_t shape[3] = {amsAbfpTypeGetNumVectors(type),
                      amsAbfpTypeGetNumBlocks(type), amsAbfpTypeGetN(type)};
  float limit = amsCodeLimit((int32_t)amsAbfpTypeGetBits(type));
  /* Buffers of codes and scales, filled where the ams.quantize stands. */
  AmsBuilder before = amsBuilderBefore(source);
  MlirValue codes =
      buildBuffer(&before, mlirIntegerTypeGet(context, 16), 3, shape);
  MlirValue scales = buildBuffer(&before, mlirBF16TypeGet(context), 2, shape);
  Arguments quantize = {.builder = &before};
  addFlat(&quantize,
          amsDenseInput(&before, mlirOperationGetOperand(source, 0)));
  addIndex(&quantize, shape[0]);
  addIndex(&quantize, amsAbfpTypeGetVectorSize(type));
  addIndex(&quantize, shape[2]);
  addF32(&quantize, limit);
  addFlat(&quantize, codes);
  addFlat(&quantize, scales);
  amsBuildCall(&before, "ams_plain_quantize_all", quantize.size,
               quantize.values);

  MlirValue init = mlirOperationGetOperand(op, 1);
  MlirValue output = amsDenseOutput(&builder, init);
  Arguments dequantize = {.builder = &builder};
  addFlat(&dequantize, codes);
  addFlat(&dequantize, scales);
  addIndex(&dequantize, shape[0]);
  addIndex(&dequantize, amsAbfpTypeGetVectorSize(type));
  addIndex(&dequantize, shape[2]);
  addF32(&dequantize, 1 / limit);
  addFlat(&dequantize, output);
  amsBuildCall(&builder, "ams_plain_dequantize", dequantize.size,
               dequantize.values);
  amsFinishOutput(&builder, output, init);
  mlirOperationDestroy(op);
  return true;
}

static bool decomposeAddNoise(Decomposition *state, MlirOperation op) {
  if (!amsIsReachedOnce(op, &state->calls))
    return false;
  AmsBuilder builder = amsBuilderBefore(op);
  AmsAddedNoise noise = amsAddedNoiseDescribe(op);
  MlirValue init = mlirOperationGetOperand(op, 1);
  MlirValue output = amsDenseInput(&builder, init);
  Arguments arguments = {.builder = &builder};
  addFlat(&arguments, amsDenseInput(&builder, mlirOperationGetOperand(op, 0)));
  addFlat(&arguments, output);
  addI64(&arguments, noise.index);
  addIndex(&arguments, noise.samples);
  addIndex(&arguments, noise.elements);
  addIndex(&arguments, noise.channels);
  addIndex(&arguments, noise.classes);
  amsBuildCall(&builder, "ams_plain_add_noise", arguments.size,
               arguments.values);
  decomposeEpilogue(&builder, op, &noise.epilogue, 2,
                    noise.samples * noise.elements / noise.outputs,
                    noise.outputs, output);
  amsFinishOutput(&builder, output, init);
  mlirOperationDestroy(op);
  return true;
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

/* Decomposes one operation; false after an error. */
static bool decompose(Decomposition *state, MlirOperation op) {
  if (amsIsOp(op, "ams.mvm"))
    return decomposeMvm(state, op);
  if (amsIsOp(op, "ams.dequantize"))
    return decomposeDequantize(op);
  if (amsIsOp(op, "ams.add_noise"))
    return decomposeAddNoise(state, op);
  if (amsIsOp(op, "ams.batch_matmul") &&
      !amsTypeIsAAbfp(mlirValueGetType(mlirOperationGetOperand(op, 0))))
    return decomposeBatchMatmul(state, op);
  amsEmitOpError(op, "is not on crossbars yet: run --ams-tile-crossbar first");
  return false;
}

MlirLogicalResult amsDecompose(MlirOperation module) {
  if (!amsInterfaceCheck(module))
    return mlirLogicalResultFailure();
  Decomposition state = {.module = module,
                         .calls = amsCollectCalls(module),
                         .lists = amsListsOpen(module)};
  AmsOpList ops = amsCollectOps(module, isDecomposed);
  bool ok = true;
  if (ops.size)
    mergeLibrary(module);
  for (size_t i = 0; i < ops.size; ++i)
    ok &= decompose(&state, ops.ops[i]);
  amsOpListFree(&ops);
  amsOpListFree(&state.calls);
  amsListsClose(&state.lists);
  free(state.constants);
  amsEraseUnusedValues(module);
  return ok ? mlirLogicalResultSuccess() : mlirLogicalResultFailure();
}
