/*===-- Calls.c - Building calls on buffers -----------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Builders of constants and calls, copies to and from dense buffers, and     *|
|* checks whose messages both ways down give.                                 *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Calls.h"

#include "Layers.h"

#include "ams-c/Dialect.h"
#include "ams-c/Register.h"

#include "mlir-c/AffineMap.h"

#include <stdlib.h>
#include <string.h>

static MlirValue buildConstant(const AmsBuilder *builder, MlirType type,
                               MlirAttribute value) {
  MlirNamedAttribute attribute = amsNamed(builder->context, "value", value);
  return amsBuildValue(builder, "arith.constant", 0, NULL, type, 1, &attribute);
}

MlirValue amsBuildI64(const AmsBuilder *builder, int64_t value) {
  MlirType type = mlirIntegerTypeGet(builder->context, 64);
  return buildConstant(builder, type, mlirIntegerAttrGet(type, value));
}

MlirValue amsBuildIndex(const AmsBuilder *builder, int64_t value) {
  MlirType type = mlirIndexTypeGet(builder->context);
  return buildConstant(builder, type, mlirIntegerAttrGet(type, value));
}

MlirValue amsBuildF32(const AmsBuilder *builder, float value) {
  MlirType type = mlirF32TypeGet(builder->context);
  return buildConstant(builder, type,
                       mlirFloatAttrDoubleGet(builder->context, type, value));
}

MlirValue amsBuildBool(const AmsBuilder *builder, bool value) {
  MlirType type = mlirIntegerTypeGet(builder->context, 1);
  return buildConstant(builder, type, mlirIntegerAttrGet(type, value));
}

void amsBuildCall(const AmsBuilder *builder, const char *callee,
                  intptr_t numOperands, const MlirValue *operands) {
  MlirNamedAttribute attribute = amsNamed(
      builder->context, "callee",
      mlirFlatSymbolRefAttrGet(builder->context, amsStringRef(callee)));
  amsBuild(builder, "func.call", numOperands, operands, 0, NULL, 1, &attribute);
}

MlirValue amsBuildAlloc(const AmsBuilder *builder, MlirType type) {
  MlirNamedAttribute attributes[2] = {
      amsNamed(builder->context, "alignment", amsI64Attr(builder->context, 64)),
      amsNamed(builder->context, "operandSegmentSizes",
               mlirDenseI32ArrayGet(builder->context, 2, (int32_t[]){0, 0}))};
  return amsBuildValue(builder, "memref.alloc", 0, NULL, type, 2, attributes);
}

static bool isDense(MlirValue value) {
  return mlirAffineMapIsIdentity(
      mlirMemRefTypeGetAffineMap(mlirValueGetType(value)));
}

static MlirValue buildDenseTwin(const AmsBuilder *builder, MlirValue value) {
  int64_t shape[AMS_MAX_RANK];
  MlirType type = mlirValueGetType(value);
  intptr_t rank = amsGetShape(type, AMS_MAX_RANK, shape);
  return amsBuildAlloc(builder, mlirMemRefTypeContiguousGet(
                                    mlirShapedTypeGetElementType(type), rank,
                                    shape, mlirAttributeGetNull()));
}

static void buildCopy(const AmsBuilder *builder, MlirValue from, MlirValue to) {
  MlirValue operands[2] = {from, to};
  amsBuild(builder, "memref.copy", 2, operands, 0, NULL, 0, NULL);
}

MlirValue amsDenseInput(const AmsBuilder *builder, MlirValue value) {
  if (isDense(value))
    return value;
  MlirValue dense = buildDenseTwin(builder, value);
  buildCopy(builder, value, dense);
  return dense;
}

MlirValue amsDenseOutput(const AmsBuilder *builder, MlirValue value) {
  return isDense(value) ? value : buildDenseTwin(builder, value);
}

void amsFinishOutput(const AmsBuilder *builder, MlirValue dense,
                     MlirValue value) {
  if (!mlirValueEqual(dense, value))
    buildCopy(builder, dense, value);
}

/* Checks that codes of `bits` bits are at most the largest one (Q3), which
 * kernels rely on. False after an error at `weights`. */
static bool checkCodes(MlirOperation weights, int64_t bits, const void *codes,
                       size_t size) {
  int32_t largest = (1 << (bits - 1)) - 1;
  size_t width = bits > 8 ? sizeof(int16_t) : sizeof(int8_t);
  for (size_t at = 0; at < size; at += width) {
    uint8_t narrow;
    int16_t wide;
    memcpy(&narrow, (const char *)codes + at, sizeof narrow);
    int32_t code = narrow < 128 ? narrow : narrow - 256;
    if (width == sizeof wide) {
      memcpy(&wide, (const char *)codes + at, sizeof wide);
      code = wide;
    }
    if (code < -largest || code > largest) {
      amsEmitOpError(weights,
                     "holds the code %d, but codes of %d bits are from %d to "
                     "%d (Q3)",
                     code, (int)bits, -largest, largest);
      return false;
    }
  }
  return true;
}

/* Checks codes and scales of an ams.weights; false after an error. */
static bool checkConstants(MlirOperation weights, int64_t bits) {
  const void *codes, *others;
  size_t codesSize, othersSize;
  MlirAttribute sums = amsGetAttr(weights, "sums");
  if (amsElementsRawData(amsGetAttr(weights, "codes"), &codes, &codesSize) &&
      amsElementsRawData(amsGetAttr(weights, "scales"), &others, &othersSize) &&
      (mlirAttributeIsNull(sums) ||
       amsElementsRawData(sums, &others, &othersSize)))
    return checkCodes(weights, bits, codes, codesSize);
  amsEmitOpError(weights, "holds a constant whose bytes are not at hand, or do "
                          "not fit its type: was the module printed with its "
                          "resources elided?");
  return false;
}

/* Whether `op` quantises a buffer, without a window. */
static bool quantisesBuffer(MlirOperation op) {
  return amsIsOp(op, "ams.quantize") &&
         mlirAttributeIsNull(amsGetAttr(op, "window")) &&
         mlirTypeIsAMemRef(mlirValueGetType(mlirOperationGetOperand(op, 0)));
}

MlirOperation amsProgrammedWeights(MlirOperation mvm) {
  const MlirOperation null = {NULL};
  MlirOperation program = amsDefiningOp(mlirOperationGetOperand(mvm, 0));
  MlirOperation weights = null;
  if (amsIsOp(program, "ams.program"))
    weights = amsDefiningOp(mlirOperationGetOperand(program, 0));
  bool isConstant = amsIsOp(weights, "ams.weights");
  if (!isConstant && !quantisesBuffer(weights)) {
    amsEmitOpError(mvm, "needs a grid that is programmed from ams.weights, or "
                        "from ams.quantize of a buffer, in the same function");
    return null;
  }
  int64_t bits =
      amsAbfpTypeGetBits(mlirValueGetType(mlirOperationGetResult(weights, 0)));
  int32_t expected = amsDeviceAttrGetAbi(amsGetAttr(mvm, "device")).bits_weight;
  if (bits != expected) {
    amsEmitOpError(mvm, "has weights of %d bits, but the device has %d (V3)",
                   (int)bits, expected);
    return null;
  }
  return !isConstant || checkConstants(weights, bits) ? weights : null;
}

MlirOperation amsQuantizedSource(MlirOperation dequantize) {
  MlirOperation source = amsDefiningOp(mlirOperationGetOperand(dequantize, 0));
  if (quantisesBuffer(source))
    return source;
  amsEmitOpError(dequantize,
                 "takes at run time only what ams.quantize yields from a "
                 "buffer, without a window");
  return (MlirOperation){NULL};
}

static bool isCall(MlirOperation op) { return amsIsOp(op, "func.call"); }

AmsOpList amsCollectCalls(MlirOperation module) {
  return amsCollectOps(module, isCall);
}

static bool isLoop(MlirOperation op) {
  return amsIsOp(op, "scf.for") || amsIsOp(op, "scf.while") ||
         amsIsOp(op, "scf.parallel") || amsIsOp(op, "scf.forall") ||
         amsIsOp(op, "affine.for") || amsIsOp(op, "affine.parallel");
}

/* The one call of `function` among `calls`, null for none; false for more. */
static bool findOnlyCall(MlirOperation function, const AmsOpList *calls,
                         MlirOperation *call) {
  MlirStringRef name = mlirStringAttrGetValue(amsGetAttr(function, "sym_name"));
  *call = (MlirOperation){NULL};
  for (size_t i = 0; i < calls->size; ++i) {
    if (!mlirStringRefEqual(
            mlirFlatSymbolRefAttrGetValue(amsGetAttr(calls->ops[i], "callee")),
            name))
      continue;
    if (!mlirOperationIsNull(*call))
      return false;
    *call = calls->ops[i];
  }
  return true;
}

bool amsIsReachedOnce(MlirOperation op, const AmsOpList *calls) {
  bool once = true;
  /* From the operation outwards, and on from its function's call; a function
   * that calls itself would lead past all calls. */
  MlirOperation at = op;
  for (size_t depth = 0; once && !mlirOperationIsNull(at);) {
    if (amsIsOp(at, "func.func"))
      once = depth++ <= calls->size && findOnlyCall(at, calls, &at);
    else if (isLoop(at))
      once = false;
    else
      at = mlirOperationGetParentOperation(at);
  }
  if (once)
    return true;
  char *layer = amsGetString(op, "layer");
  amsEmitError(
      mlirOperationGetLocation(op),
      "layer \"%s\" is computed more than once a run, where its noise "
      "would repeat (N2): inline its function (--inline) or unroll its "
      "loop before layers are named",
      layer);
  free(layer);
  return false;
}

AmsAddedNoise amsAddedNoiseDescribe(MlirOperation op) {
  MlirType table = mlirValueGetType(mlirOperationGetOperand(op, 0));
  MlirType result = mlirValueGetType(mlirOperationGetOperand(op, 1));
  int64_t samples = mlirIntegerAttrGetValueInt(amsGetAttr(op, "samples"));
  return (AmsAddedNoise){
      .index = mlirIntegerAttrGetValueInt(amsGetAttr(op, "index")),
      .samples = samples,
      .elements = amsNumElements(result) / samples,
      .channels = mlirShapedTypeGetDimSize(table, 0),
      .classes = mlirShapedTypeGetDimSize(table, 1),
      .outputs =
          mlirShapedTypeGetDimSize(result, mlirShapedTypeGetRank(result) - 1),
      .epilogue = amsEpilogueDescribe(amsGetAttr(op, "epilogue"))};
}

static bool isDefinedFunction(MlirOperation op) {
  return amsIsOp(op, "func.func") && !mlirBlockIsNull(mlirRegionGetFirstBlock(
                                         mlirOperationGetRegion(op, 0)));
}

AmsOpList amsCollectFunctions(MlirOperation module) {
  return amsCollectOps(module, isDefinedFunction);
}

static bool yieldsOwnType(MlirOperation op) {
  return amsIsOp(op, "ams.weights") || amsIsOp(op, "ams.program") ||
         amsIsOp(op, "ams.quantize");
}

void amsEraseUnusedValues(MlirOperation module) {
  AmsOpList values = amsCollectOps(module, yieldsOwnType);
  for (size_t i = values.size; i-- > 0;) /* users stand behind */
    if (mlirOpOperandIsNull(
            mlirValueGetFirstUse(mlirOperationGetResult(values.ops[i], 0))))
      mlirOperationDestroy(values.ops[i]);
  amsOpListFree(&values);
}
