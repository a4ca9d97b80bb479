/*===-- AMSToRuntime.c - Calls of the runtime ---------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|*                                                                            *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "ams-c/Dialect.h"
#include "ams-c/Passes.h"

#include "Build.h"
#include "Calls.h"
#include "Layers.h"

#include <stdlib.h>
#include <string.h>

/* State of one run of the pass. */
typedef struct Lowering {
  MlirOperation module;
  MlirType pointer, i64;
  bool failed;
} Lowering;

/* Codes and scales of an ABFP value in buffers. */
typedef struct Quantised {
  MlirOperation op; /* the ams.quantize */
  MlirValue codes, scales;
} Quantised;

static bool isLowered(MlirOperation op) {
  return amsIsBufferedProduct(op) || amsIsOp(op, "ams.dequantize");
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
  MlirOperation function = op;
  while (!amsIsOp(function, "func.func"))
    function = mlirOperationGetParentOperation(function);
  return mlirBlockGetArgument(
      mlirRegionGetFirstBlock(mlirOperationGetRegion(function, 0)), 0);
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

static bool isCall(MlirOperation op) { return amsIsOp(op, "func.call"); }

/* Passes the state on in every call of one of `functions`. */
static void passStateOn(MlirOperation module, const AmsOpList *functions) {
  AmsOpList calls = amsCollectOps(module, isCall);
  for (size_t i = 0; i < calls.size; ++i) {
    MlirOperation call = calls.ops[i];
    MlirStringRef callee =
        mlirFlatSymbolRefAttrGetValue(amsGetAttr(call, "callee"));
    if (!defines(functions, callee))
      continue;
    intptr_t count = mlirOperationGetNumOperands(call);
    MlirValue *operands = amsAllocate((size_t)count + 1, sizeof(MlirValue));
    operands[0] = stateArgument(call);
    for (intptr_t k = 0; k < count; ++k)
      operands[k + 1] = mlirOperationGetOperand(call, k);
    mlirOperationSetOperands(call, count + 1, operands);
    free(operands);
  }
  amsOpListFree(&calls);
}

/* Declares the runtime's function `name` of the types of `operands`. */
static void declare(Lowering *lowering, const char *name, intptr_t count,
                    const MlirValue *operands) {
  MlirOperation module = lowering->module;
  MlirContext context = mlirOperationGetContext(module);
  MlirSymbolTable symbols = mlirSymbolTableCreate(module);
  bool known =
      !mlirOperationIsNull(mlirSymbolTableLookup(symbols, amsStringRef(name)));
  mlirSymbolTableDestroy(symbols);
  if (known)
    return;
  MlirType types[12];
  for (intptr_t i = 0; i < count; ++i)
    types[i] = mlirValueGetType(operands[i]);
  MlirNamedAttribute attributes[3] = {
      amsNamed(context, "sym_name", amsStringAttr(context, name)),
      amsNamed(context, "sym_visibility", amsStringAttr(context, "private")),
      amsNamed(context, "function_type",
               mlirTypeAttrGet(
                   mlirFunctionTypeGet(context, count, types, 0, NULL)))};
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
  declare(lowering, name, count, operands);
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

/* The sections of the weights programmed into `grid`; false after an error. */
static bool programSections(Lowering *lowering, MlirValue grid,
                            ams_abi_layer_t *layer) {
  MlirOperation program = amsDefiningOp(grid);
  MlirOperation weights = {NULL};
  if (amsIsOp(program, "ams.program"))
    weights = amsDefiningOp(mlirOperationGetOperand(program, 0));
  if (!amsIsOp(weights, "ams.weights")) {
    amsEmitError(mlirValueGetLocation(grid),
                 "a grid must be programmed from ams.weights in the same "
                 "function");
    return false;
  }
  MlirLocation loc = mlirOperationGetLocation(weights);
  return amsSectionsAppend(lowering->module, loc, amsGetAttr(weights, "codes"),
                           &layer->codes_section) &&
         amsSectionsAppend(lowering->module, loc, amsGetAttr(weights, "scales"),
                           &layer->scales_section);
}

static void lowerProduct(Lowering *lowering, MlirOperation op) {
  AmsBuilder builder = amsBuilderBefore(op);
  bool isMvm = amsIsOp(op, "ams.mvm");
  ams_abi_layer_t layer = amsLayerDescribe(op);
  bool onDevice = layer.gain > 0;
  if (!isMvm && onDevice && layer.kind != AMS_ABI_BATCH_MATMUL) {
    amsEmitError(builder.loc, "is not on crossbars yet: run "
                              "--ams-tile-crossbar first");
    lowering->failed = true;
    return;
  }
  if (isMvm &&
      !programSections(lowering, mlirOperationGetOperand(op, 0), &layer)) {
    lowering->failed = true;
    return;
  }
  const char *name = isMvm                          ? "ams_rt_mvm"
                     : layer.kind == AMS_ABI_MATMUL ? "ams_rt_f32_matmul"
                     : layer.kind == AMS_ABI_CONV   ? "ams_rt_f32_conv"
                     : onDevice                     ? "ams_rt_batch_matmul"
                                                    : "ams_rt_f32_batch_matmul";
  MlirValue operands[5];
  intptr_t count = 0;
  operands[count++] = stateArgument(op);
  operands[count++] =
      amsBuildI64(&builder, amsLayersAppend(lowering->module, op, &layer));
  for (intptr_t i = isMvm ? 1 : 0; i < 2; ++i)
    operands[count++] =
        address(lowering, &builder,
                amsDenseInput(&builder, mlirOperationGetOperand(op, i)));
  MlirValue init = mlirOperationGetOperand(op, 2);
  MlirValue output = amsDenseOutput(&builder, init);
  operands[count++] = address(lowering, &builder, output);
  call(lowering, &builder, name, count, operands);
  amsFinishOutput(&builder, output, init);
  mlirOperationDestroy(op);
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
  Quantised q = {op,
                 amsBuildAlloc(&builder, mlirMemRefTypeContiguousGet(
                                             mlirIntegerTypeGet(context, 8), 3,
                                             shape, mlirAttributeGetNull())),
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

static void lowerDequantize(Lowering *lowering, MlirOperation op,
                            Quantised *done, size_t *numDone) {
  AmsBuilder builder = amsBuilderBefore(op);
  MlirOperation source = amsDefiningOp(mlirOperationGetOperand(op, 0));
  if (!amsIsOp(source, "ams.quantize") ||
      !mlirAttributeIsNull(amsGetAttr(source, "window"))) {
    amsEmitError(builder.loc,
                 "only what ams.quantize yields without a window can be "
                 "dequantised at run time");
    lowering->failed = true;
    return;
  }
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
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

MlirLogicalResult amsConvertAMSToRuntime(MlirOperation module) {
  MlirContext context = mlirOperationGetContext(module);
  Lowering lowering = {module,
                       mlirTypeParseGet(context, amsStringRef("!llvm.ptr")),
                       mlirIntegerTypeGet(context, 64), false};
  AmsOpList functions = amsCollectFunctions(module);
  for (size_t i = 0; i < functions.size; ++i)
    addStateArgument(&lowering, functions.ops[i]);
  passStateOn(module, &functions);
  amsOpListFree(&functions);

  AmsOpList ops = amsCollectOps(module, isLowered);
  Quantised *done = amsAllocate(ops.size, sizeof(Quantised));
  size_t numDone = 0;
  for (size_t i = 0; i < ops.size; ++i) {
    if (amsIsOp(ops.ops[i], "ams.dequantize"))
      lowerDequantize(&lowering, ops.ops[i], done, &numDone);
    else
      lowerProduct(&lowering, ops.ops[i]);
  }
  free(done);
  amsOpListFree(&ops);
  amsEraseUnusedValues(module);
  return lowering.failed ? mlirLogicalResultFailure()
                         : mlirLogicalResultSuccess();
}
