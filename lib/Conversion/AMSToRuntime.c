/*===-- AMSToRuntime.c - Calls of the runtime ---------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Level 5 to 6: operations on buffers become calls of the runtime, and so    *|
|* does the workspace; functions hand on the state of the call.               *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "ams-c/Dialect.h"
#include "ams-c/Passes.h"

#include "Build.h"
#include "Calls.h"
#include "Function.h"
#include "Interface.h"
#include "Layers.h"
#include "Pointer.h"

#include <stdlib.h>
#include <string.h>

/* State of one run of the pass. */
typedef struct Lowering {
  MlirOperation module;
  MlirType pointer, i64;
  AmsOpList calls; /* of functions, before those of the runtime */
  AmsLists lists;
} Lowering;

/* Codes and scales of an ABFP value in buffers. */
typedef struct Quantised {
  MlirOperation op; /* the ams.quantize */
  MlirValue codes, scales;
} Quantised;

static bool isLowered(MlirOperation op) {
  return amsIsBufferedProduct(op) || amsIsBufferedGradient(op) ||
         ((amsIsOp(op, "ams.dequantize") || amsIsOp(op, "ams.add_noise")) &&
          mlirOperationGetNumResults(op) == 0);
}

//===----------------------------------------------------------------------===//
// Functions and calls
//===----------------------------------------------------------------------===//

/* Gives `function` the call's state as its first argument. */
static void addStateArgument(Lowering *lowering, MlirOperation function) {
  MlirContext context = mlirOperationGetContext(function);
  MlirBlock entry =
      mlirRegionGetFirstBlock(mlirOperationGetRegion(function, 0));
  MlirType type = mlirTypeAttrGetValue(amsGetAttr(function, "function_type"));
  intptr_t numInputs = mlirFunctionTypeGetNumInputs(type),
           numResults = mlirFunctionTypeGetNumResults(type);
  MlirType *inputs = amsAllocate((size_t)numInputs + 1, sizeof(MlirType));
  MlirType *results = amsAllocate((size_t)numResults, sizeof(MlirType));
  inputs[0] = lowering->pointer;
  for (intptr_t i = 0; i < numInputs; ++i)
    inputs[i + 1] = mlirFunctionTypeGetInput(type, i);
  for (intptr_t i = 0; i < numResults; ++i)
    results[i] = mlirFunctionTypeGetResult(type, i);
  mlirBlockInsertArgument(entry, 0, lowering->pointer,
                          mlirOperationGetLocation(function));
  /* Attributes of arguments were recorded as ams.inputs; they are not moved. */
  mlirOperationRemoveAttributeByName(function, amsStringRef("arg_attrs"));
  mlirOperationSetAttributeByName(
      function, amsStringRef("function_type"),
      mlirTypeAttrGet(mlirFunctionTypeGet(context, numInputs + 1, inputs,
                                          numResults, results)));
  free(inputs);
  free(results);
}

/* The state argument of the function around `op`. */
static MlirValue stateArgument(MlirOperation op) {
  return mlirBlockGetArgument(amsFunctionBody(amsFunctionAround(op)), 0);
}

/* Whether `name` is among `functions`. */
static bool defines(const AmsOpList *functions, MlirStringRef name) {
  for (size_t i = 0; i < functions->size; ++i)
    if (mlirStringRefEqual(
            mlirStringAttrGetValue(amsGetAttr(functions->ops[i], "sym_name")),
            name))
      return true;
  return false;
}

/* Passes the state on in every call of one of `functions`. */
static void passStateOn(const AmsOpList *calls, const AmsOpList *functions) {
  for (size_t i = 0; i < calls->size; ++i) {
    MlirOperation call = calls->ops[i];
    MlirStringRef callee =
        mlirFlatSymbolRefAttrGetValue(amsGetAttr(call, "callee"));
    if (!defines(functions, callee) ||
        mlirOperationIsNull(amsFunctionAround(call)))
      continue;
    intptr_t count = mlirOperationGetNumOperands(call);
    MlirValue *operands = amsAllocate((size_t)count + 1, sizeof(MlirValue));
    operands[0] = stateArgument(call);
    for (intptr_t k = 0; k < count; ++k)
      operands[k + 1] = mlirOperationGetOperand(call, k);
    mlirOperationSetOperands(call, count + 1, operands);
    free(operands);
  }
}

/* Declares the runtime's function `name` of the types of `operands`, with
 * `numResults` pointers as its results. */
static void declare(Lowering *lowering, const char *name, intptr_t count,
                    const MlirValue *operands, intptr_t numResults) {
  MlirOperation module = lowering->module;
  MlirContext context = mlirOperationGetContext(module);
  MlirSymbolTable symbols = mlirSymbolTableCreate(module);
  bool known =
      !mlirOperationIsNull(mlirSymbolTableLookup(symbols, amsStringRef(name)));
  mlirSymbolTableDestroy(symbols);
  if (known)
    return;
  MlirType types[14];
  for (intptr_t i = 0; i < count; ++i)
    types[i] = mlirValueGetType(operands[i]);
  MlirNamedAttribute attributes[3] = {
      amsNamed(context, "sym_name", amsStringAttr(context, name)),
      amsNamed(context, "sym_visibility", amsStringAttr(context, "private")),
      amsNamed(context, "function_type",
               mlirTypeAttrGet(mlirFunctionTypeGet(
                   context, count, types, numResults, &lowering->pointer)))};
  MlirOperationState state = mlirOperationStateGet(
      amsStringRef("func.func"), mlirOperationGetLocation(module));
  MlirRegion region = mlirRegionCreate();
  mlirOperationStateAddAttributes(&state, 3, attributes);
  mlirOperationStateAddOwnedRegions(&state, 1, &region);
  mlirBlockInsertOwnedOperation(
      mlirModuleGetBody(mlirModuleFromOperation(module)), 0,
      mlirOperationCreate(&state));
}

static void call(Lowering *lowering, const AmsBuilder *builder,
                 const char *name, intptr_t count, const MlirValue *operands) {
  declare(lowering, name, count, operands, 0);
  amsBuildCall(builder, name, count, operands);
}

/* The address of a dense buffer as an LLVM pointer. */
static MlirValue address(Lowering *lowering, const AmsBuilder *builder,
                         MlirValue buffer) {
  MlirValue index =
      amsBuildValue(builder, "memref.extract_aligned_pointer_as_index", 1,
                    &buffer, mlirIndexTypeGet(builder->context), 0, NULL);
  MlirValue integer = amsBuildValue(builder, "arith.index_cast", 1, &index,
                                    lowering->i64, 0, NULL);
  return amsBuildValue(builder, "llvm.inttoptr", 1, &integer, lowering->pointer,
                       0, NULL);
}

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

/* The sections of the weights that an ams.mvm uses, where they are constant;
 * false after an error. */
static bool programSections(Lowering *lowering, MlirOperation weights,
                            ams_abi_layer_t *layer) {
  if (mlirOperationIsNull(weights))
    return false;
  layer->condition.sums_section = AMS_ABI_NO_SECTION;
  if (!amsIsOp(weights, "ams.weights"))
    return true;
  MlirLocation loc = mlirOperationGetLocation(weights);
  MlirAttribute sums = amsGetAttr(weights, "sums");
  return amsSectionsAppend(&lowering->lists, loc, amsGetAttr(weights, "codes"),
                           &layer->codes_section) &&
         amsSectionsAppend(&lowering->lists, loc, amsGetAttr(weights, "scales"),
                           &layer->scales_section) &&
         (mlirAttributeIsNull(sums) ||
          amsSectionsAppend(&lowering->lists, loc, sums,
                            &layer->condition.sums_section));
}

/* Programs layer number `index` where `quantize` stands, an ams.quantize of its
 * weights. */
static void programNow(Lowering *lowering, MlirOperation quantize,
                       int64_t index) {
  AmsBuilder builder = amsBuilderBefore(quantize);
  MlirValue weights =
      amsDenseInput(&builder, mlirOperationGetOperand(quantize, 0));
  MlirValue operands[3] = {stateArgument(quantize),
                           amsBuildI64(&builder, index),
                           address(lowering, &builder, weights)};
  call(lowering, &builder, "ams_rt_program", 3, operands);
}

/* The section of the gains of blocks or tiles, if `op` has such; false after an
 * error.
 */
static bool gainsSection(Lowering *lowering, MlirOperation op,
                         ams_abi_layer_t *layer) {
  if (!layer->num_gains)
    return true;
  AmsLayer view = amsOperationGetLayer(op);
  int64_t count = view.numGains;
  MlirType type = mlirRankedTensorTypeGet(
      1, &count, mlirF32TypeGet(mlirOperationGetContext(op)),
      mlirAttributeGetNull());
  return amsSectionsAppend(
      &lowering->lists, mlirOperationGetLocation(op),
      mlirDenseElementsAttrFloatGet(type, view.numGains, view.gains),
      &layer->gains_section);
}

/* Addresses of the epilogue's addends, bias and residual: null pointers where
 * it has none. */
static void addAddends(Lowering *lowering, const AmsBuilder *builder,
                       MlirOperation op, intptr_t next, MlirValue *operands) {
  AmsEpilogue epilogue = amsEpilogueAttrGetValue(amsGetAttr(op, "epilogue"));
  const bool has[2] = {epilogue.bias, epilogue.residual};
  for (int i = 0; i < 2; ++i)
    operands[i] =
        has[i] ? address(lowering, builder,
                         amsDenseInput(builder,
                                       mlirOperationGetOperand(op, next++)))
               : amsBuildValue(builder, "llvm.mlir.zero", 0, NULL,
                               lowering->pointer, 0, NULL);
}

static const char workspace[] = "ams_rt_workspace";
static const char varying[] = "ams_rt_f32_varying";

/* Whether operand `index` is the same in every run. */
static bool isFixed(MlirOperation op, intptr_t index) {
  return amsIsOp(amsDefiningOp(mlirOperationGetOperand(op, index)),
                 "memref.get_global");
}

/* The function that computes a product or gradient of `layer` in float32. */
static const char *floatFunction(MlirOperation op,
                                 const ams_abi_layer_t *layer) {
  if (layer->kind == AMS_ABI_BATCH_MATMUL)
    return "ams_rt_f32_batch_matmul";
  if (amsIsBufferedGradient(op) || !isFixed(op, 1))
    return varying;
  return layer->kind == AMS_ABI_MATMUL ? "ams_rt_f32_matmul"
                                       : "ams_rt_f32_conv";
}

/* Behind gradient number `index`, of `operands` as ams_rt_f32_varying takes
 * them: takes parts of clipped conversions out of it, where `op` says so. False
 * after an error. */
static bool dropClipped(Lowering *lowering, const AmsBuilder *builder,
                        MlirOperation op, int64_t index,
                        const MlirValue operands[5]) {
  if (mlirAttributeIsNull(amsGetAttr(op, "drops_clipped")))
    return true;
  MlirAttribute name = amsGetAttr(op, "layer");
  int64_t product = amsLayersFindRecording(&lowering->lists, name);
  if (product < 0) {
    amsEmitOpError(op, "drops clipped conversions, but no product of its layer "
                       "stands in front of it that records them (B2)");
    return false;
  }
  const MlirValue arguments[6] = {operands[0],
                                  amsBuildI64(builder, index),
                                  amsBuildI64(builder, product),
                                  operands[2],
                                  operands[3],
                                  operands[4]};
  call(lowering, builder, "ams_rt_drop_clipped", 6, arguments);
  return true;
}

/* Lowers a product or a gradient; false after an error. */
static bool lowerProduct(Lowering *lowering, MlirOperation op) {
  AmsBuilder builder = amsBuilderBefore(op);
  bool isMvm = amsIsOp(op, "ams.mvm");
  ams_abi_layer_t layer = amsLayerDescribe(op);
  bool onDevice = layer.gain > 0;
  if (amsTypeIsAAbfp(mlirValueGetType(mlirOperationGetOperand(op, 0)))) {
    amsEmitOpError(op,
                   "is not on crossbars yet: run --ams-tile-crossbar first");
    return false;
  }
  if (layer.flags && !onDevice) {
    amsEmitOpError(op, "records clipped conversions, but has none in float32: "
                       "compile it for the device, or differentiate without "
                       "clamp-gradient");
    return false;
  }
  MlirOperation weights = {NULL};
  if ((onDevice && !amsIsReachedOnce(op, &lowering->calls)) ||
      !gainsSection(lowering, op, &layer))
    return false;
  if (isMvm) {
    weights = amsProgrammedWeights(op);
    if (!programSections(lowering, weights, &layer))
      return false;
  }
  int64_t index = amsLayersAppend(&lowering->lists, op, &layer);
  if (index < 0)
    return false;
  if (isMvm && amsIsOp(weights, "ams.quantize"))
    programNow(lowering, weights, index);
  const char *name = isMvm      ? "ams_rt_mvm"
                     : onDevice ? "ams_rt_batch_matmul"
                                : floatFunction(op, &layer);
  MlirValue operands[7];
  intptr_t count = 0;
  operands[count++] = stateArgument(op);
  operands[count++] = amsBuildI64(&builder, index);
  for (intptr_t i = isMvm ? 1 : 0; i < 2; ++i)
    operands[count++] =
        address(lowering, &builder,
                amsDenseInput(&builder, mlirOperationGetOperand(op, i)));
  if (strcmp(name, varying) != 0) {
    addAddends(lowering, &builder, op, 3, operands + count);
    count += 2;
  } else if (layer.epilogue.flags) {
    amsEmitOpError(op,
                   "has an epilogue, but weights that vary from run to run");
    return false;
  }
  MlirValue init = mlirOperationGetOperand(op, 2);
  MlirValue output = amsDenseOutput(&builder, init);
  operands[count++] = address(lowering, &builder, output);
  call(lowering, &builder, name, count, operands);
  if (!dropClipped(lowering, &builder, op, index, operands))
    return false;
  amsFinishOutput(&builder, output, init);
  mlirOperationDestroy(op);
  return true;
}

/* vectors, K, n, bits of an ABFP type, as constants. */
static void abfpConstants(const AmsBuilder *builder, MlirType type,
                          MlirValue *operands) {
  operands[0] = amsBuildI64(builder, amsAbfpTypeGetNumVectors(type));
  operands[1] = amsBuildI64(builder, amsAbfpTypeGetVectorSize(type));
  operands[2] = amsBuildI64(builder, amsAbfpTypeGetN(type));
  operands[3] = amsBuildI64(builder, amsAbfpTypeGetBits(type));
}

/* Quantises into new buffers in front of `op`, an ams.quantize. */
static Quantised lowerQuantize(Lowering *lowering, MlirOperation op) {
  AmsBuilder builder = amsBuilderBefore(op);
  MlirContext context = builder.context;
  MlirType type = mlirValueGetType(mlirOperationGetResult(op, 0));
  int64_t shape[3] = {amsAbfpTypeGetNumVectors(type),
                      amsAbfpTypeGetNumBlocks(type), amsAbfpTypeGetN(type)};
  MlirType code =
      mlirIntegerTypeGet(context, amsAbfpTypeGetBits(type) > 8 ? 16 : 8);
  Quantised q = {
      op,
      amsBuildAlloc(&builder, mlirMemRefTypeContiguousGet(
                                  code, 3, shape, mlirAttributeGetNull())),
      amsBuildAlloc(&builder, mlirMemRefTypeContiguousGet(
                                  mlirBF16TypeGet(context), 2, shape,
                                  mlirAttributeGetNull()))};
  MlirValue input = amsDenseInput(&builder, mlirOperationGetOperand(op, 0));
  MlirValue operands[8] = {stateArgument(op)};
  abfpConstants(&builder, type, operands + 1);
  operands[5] = address(lowering, &builder, input);
  operands[6] = address(lowering, &builder, q.codes);
  operands[7] = address(lowering, &builder, q.scales);
  call(lowering, &builder, "ams_rt_quantize", 8, operands);
  return q;
}

/* Lowers an ams.dequantize, and the ams.quantize before it unless it is among
 * those `done`; false after an error. */
static bool lowerDequantize(Lowering *lowering, MlirOperation op,
                            Quantised *done, size_t *numDone) {
  AmsBuilder builder = amsBuilderBefore(op);
  MlirOperation source = amsQuantizedSource(op);
  if (mlirOperationIsNull(source))
    return false;
  size_t i = 0;
  while (i < *numDone && !mlirOperationEqual(done[i].op, source))
    ++i;
  if (i == *numDone)
    done[(*numDone)++] = lowerQuantize(lowering, source);
  MlirType type = mlirValueGetType(mlirOperationGetOperand(op, 0));
  MlirValue init = mlirOperationGetOperand(op, 1);
  MlirValue output = amsDenseOutput(&builder, init);
  MlirValue operands[8] = {stateArgument(op)};
  abfpConstants(&builder, type, operands + 1);
  operands[5] = address(lowering, &builder, done[i].codes);
  operands[6] = address(lowering, &builder, done[i].scales);
  operands[7] = address(lowering, &builder, output);
  call(lowering, &builder, "ams_rt_dequantize", 8, operands);
  amsFinishOutput(&builder, output, init);
  mlirOperationDestroy(op);
  return true;
}

/* Adds noise in place. */
static void lowerAddNoise(Lowering *lowering, MlirOperation op) {
  AmsBuilder builder = amsBuilderBefore(op);
  AmsAddedNoise noise = amsAddedNoiseDescribe(op);
  MlirValue init = mlirOperationGetOperand(op, 1);
  MlirValue output = amsDenseInput(&builder, init);
  MlirValue table = amsDenseInput(&builder, mlirOperationGetOperand(op, 0));
  const int64_t numbers[] = {noise.index,    noise.samples, noise.elements,
                             noise.channels, noise.classes, noise.outputs};
  MlirValue operands[14] = {stateArgument(op)};
  for (int i = 0; i < 6; ++i)
    operands[i + 1] = amsBuildI64(&builder, numbers[i]);
  operands[7] = address(lowering, &builder, table);
  operands[8] = amsBuildI64(&builder, noise.epilogue.flags);
  addAddends(lowering, &builder, op, 2, operands + 9);
  operands[11] = amsBuildF32(&builder, noise.epilogue.low);
  operands[12] = amsBuildF32(&builder, noise.epilogue.high);
  operands[13] = address(lowering, &builder, output);
  call(lowering, &builder, "ams_rt_add_noise", 14, operands);
  amsFinishOutput(&builder, output, init);
  mlirOperationDestroy(op);
}

static bool isWorkspace(MlirOperation op) {
  return amsIsOp(op, "memref.alloc") &&
         !mlirAttributeIsNull(amsGetAttr(op, "ams.workspace"));
}

/* Takes the workspace from the runtime, which the module tells its size. */
static void lowerWorkspace(Lowering *lowering, MlirOperation op) {
  AmsBuilder builder = amsBuilderBefore(op);
  MlirContext context = builder.context;
  MlirValue state = stateArgument(op), buffer = mlirOperationGetResult(op, 0);
  MlirType type = mlirValueGetType(buffer);
  MlirNamedAttribute callee =
      amsNamed(context, "callee",
               mlirFlatSymbolRefAttrGet(context, amsStringRef(workspace)));
  declare(lowering, workspace, 1, &state, 1);
  MlirValue pointer = amsBuildValue(&builder, "func.call", 1, &state,
                                    lowering->pointer, 1, &callee);
  mlirValueReplaceAllUsesOfWith(buffer,
                                amsBuildBuffer(&builder, pointer, type));
  mlirOperationSetAttributeByName(
      lowering->module, amsStringRef("ams.workspace"),
      amsI64Attr(context, mlirShapedTypeGetDimSize(type, 0)));
  mlirOperationDestroy(op);
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

/* Lowers one operation; false after an error. */
static bool lower(Lowering *lowering, MlirOperation op, Quantised *done,
                  size_t *numDone) {
  if (mlirOperationIsNull(amsFunctionAround(op))) {
    amsEmitOpError(op,
                   "stands outside of any func.func, where the call's state "
                   "is not at hand");
    return false;
  }
  if (amsIsOp(op, "ams.add_noise")) {
    if (!amsIsReachedOnce(op, &lowering->calls))
      return false;
    lowerAddNoise(lowering, op);
    return true;
  }
  return amsIsOp(op, "ams.dequantize")
             ? lowerDequantize(lowering, op, done, numDone)
             : lowerProduct(lowering, op);
}

MlirLogicalResult amsConvertAMSToRuntime(MlirOperation module) {
  if (!amsInterfaceCheck(module))
    return mlirLogicalResultFailure();
  MlirContext context = mlirOperationGetContext(module);
  Lowering lowering = {module,
                       mlirTypeParseGet(context, amsStringRef("!llvm.ptr")),
                       mlirIntegerTypeGet(context, 64), amsCollectCalls(module),
                       amsListsOpen(module)};
  AmsOpList functions = amsCollectFunctions(module);
  for (size_t i = 0; i < functions.size; ++i)
    addStateArgument(&lowering, functions.ops[i]);
  passStateOn(&lowering.calls, &functions);
  amsOpListFree(&functions);

  AmsOpList ops = amsCollectOps(module, isLowered);
  Quantised *done = amsAllocate(ops.size, sizeof(Quantised));
  size_t numDone = 0;
  bool ok = true;
  for (size_t i = 0; i < ops.size; ++i)
    ok &= lower(&lowering, ops.ops[i], done, &numDone);
  free(done);
  amsOpListFree(&ops);
  AmsOpList workspaces = amsCollectOps(module, isWorkspace);
  for (size_t i = 0; i < workspaces.size; ++i)
    lowerWorkspace(&lowering, workspaces.ops[i]);
  amsOpListFree(&workspaces);
  amsOpListFree(&lowering.calls);
  amsListsClose(&lowering.lists);
  amsEraseUnusedValues(module);
  return ok ? mlirLogicalResultSuccess() : mlirLogicalResultFailure();
}
