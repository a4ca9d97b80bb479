/*===-- OutlineTasks.c - Parallel loops to tasks of the runtime ---*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* The body of an scf.forall on buffers becomes a function of a table of      *|
|* pointers, to what the body uses, and of the number of an iteration.        *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "ams-c/Passes.h"

#include "Build.h"
#include "Calls.h"
#include "Function.h"
#include "Pointer.h"

#include "mlir-c/AffineMap.h"

#include <stdio.h>
#include <stdlib.h>

enum { maxUses = 64, maxDims = 8 };

/* What the body of a loop uses from outside of it. */
typedef struct Uses {
  MlirOperation loop;
  bool ok;
  size_t numConstants, numValues;
  MlirOperation constants[maxUses];
  MlirValue values[maxUses];
} Uses;

static bool isParallelLoop(MlirOperation op) {
  return amsIsOp(op, "scf.forall") && mlirOperationGetNumResults(op) == 0;
}

static bool isWithin(MlirOperation op, MlirValue value) {
  MlirOperation around =
      mlirValueIsAOpResult(value)
          ? mlirOperationGetParentOperation(mlirOpResultGetOwner(value))
          : mlirBlockGetParentOperation(mlirBlockArgumentGetOwner(value));
  while (!mlirOperationIsNull(around)) {
    if (mlirOperationEqual(around, op))
      return true;
    around = mlirOperationGetParentOperation(around);
  }
  return false;
}

static bool isConstant(MlirOperation op) {
  return amsIsOp(op, "arith.constant") || amsIsOp(op, "ub.poison");
}

static void note(Uses *uses, MlirValue value) {
  MlirOperation source = amsDefiningOp(value);
  if (isConstant(source)) {
    for (size_t i = 0; i < uses->numConstants; ++i)
      if (mlirOperationEqual(uses->constants[i], source))
        return;
    uses->ok &= uses->numConstants < maxUses;
    if (uses->ok)
      uses->constants[uses->numConstants++] = source;
    return;
  }
  for (size_t i = 0; i < uses->numValues; ++i)
    if (mlirValueEqual(uses->values[i], value))
      return;
  uses->ok &= uses->numValues < maxUses;
  if (uses->ok)
    uses->values[uses->numValues++] = value;
}

static MlirWalkResult noteUses(MlirOperation op, void *data) {
  Uses *uses = data;
  if (!mlirOperationEqual(op, uses->loop))
    for (intptr_t i = 0; i < mlirOperationGetNumOperands(op); ++i)
      if (!isWithin(uses->loop, mlirOperationGetOperand(op, i)))
        note(uses, mlirOperationGetOperand(op, i));
  return MlirWalkResultAdvance;
}

/* A buffer that its address alone stands for. */
static bool isDenseBuffer(MlirType type) {
  return mlirTypeIsAMemRef(type) && mlirShapedTypeHasStaticShape(type) &&
         mlirShapedTypeGetRank(type) <= AMS_MAX_RANK &&
         mlirAffineMapIsIdentity(mlirMemRefTypeGetAffineMap(type));
}

/* Iterations along each dimension of `loop`: their number, or 0 where they are
 * not known or do not count from 0 by 1. */
static intptr_t readBounds(MlirOperation loop, int64_t *bounds) {
  MlirAttribute lower = amsGetAttr(loop, "staticLowerBound"),
                upper = amsGetAttr(loop, "staticUpperBound"),
                step = amsGetAttr(loop, "staticStep");
  intptr_t rank = mlirDenseArrayGetNumElements(upper);
  if (rank > maxDims || mlirOperationGetNumOperands(loop) > 0)
    return 0;
  for (intptr_t i = 0; i < rank; ++i) {
    bounds[i] = mlirDenseI64ArrayGetElement(upper, i);
    if (mlirDenseI64ArrayGetElement(lower, i) != 0 ||
        mlirDenseI64ArrayGetElement(step, i) != 1 || bounds[i] < 1)
      return 0;
  }
  return rank;
}

//===----------------------------------------------------------------------===//
// The function of a task
//===----------------------------------------------------------------------===//

/* func.func private @name(%context, %index) with an empty block. */
static MlirOperation buildFunction(MlirOperation loop, const char *name,
                                   bool declared, intptr_t numInputs,
                                   const MlirType *inputs) {
  MlirContext context = mlirOperationGetContext(loop);
  MlirLocation loc = mlirOperationGetLocation(loop);
  MlirNamedAttribute attributes[3] = {
      amsNamed(context, "sym_name", amsStringAttr(context, name)),
      amsNamed(context, "sym_visibility", amsStringAttr(context, "private")),
      amsNamed(context, "function_type",
               mlirTypeAttrGet(
                   mlirFunctionTypeGet(context, numInputs, inputs, 0, NULL)))};
  MlirOperationState state =
      mlirOperationStateGet(amsStringRef("func.func"), loc);
  MlirRegion region = mlirRegionCreate();
  if (!declared) {
    MlirBlock block = mlirBlockCreate(0, NULL, NULL);
    for (intptr_t i = 0; i < numInputs; ++i)
      mlirBlockAddArgument(block, inputs[i], loc);
    MlirOperationState end =
        mlirOperationStateGet(amsStringRef("func.return"), loc);
    mlirBlockAppendOwnedOperation(block, mlirOperationCreate(&end));
    mlirRegionAppendOwnedBlock(region, block);
  }
  mlirOperationStateAddAttributes(&state, 3, attributes);
  mlirOperationStateAddOwnedRegions(&state, 1, &region);
  return mlirOperationCreate(&state);
}

/* Puts the loop's indices, out of the task's number, in the place of its
 * arguments. */
static void replaceIndices(const AmsBuilder *builder, MlirOperation loop,
                           MlirValue number, intptr_t rank,
                           const int64_t *bounds) {
  MlirType index = mlirIndexTypeGet(builder->context);
  MlirBlock body = mlirRegionGetFirstBlock(mlirOperationGetRegion(loop, 0));
  MlirValue left =
      amsBuildValue(builder, "arith.index_cast", 1, &number, index, 0, NULL);
  for (intptr_t i = rank - 1; i >= 0; --i) {
    MlirValue operands[2] = {left, amsBuildIndex(builder, bounds[i])};
    MlirValue own =
        i ? amsBuildValue(builder, "arith.remui", 2, operands, index, 0, NULL)
          : left;
    if (i)
      left = amsBuildValue(builder, "arith.divui", 2, operands, index, 0, NULL);
    mlirValueReplaceAllUsesOfWith(mlirBlockGetArgument(body, i), own);
  }
}

typedef struct Renaming {
  MlirValue from, to;
} Renaming;

static MlirWalkResult replaceOperands(MlirOperation op, void *data) {
  const Renaming *renaming = data;
  for (intptr_t i = 0; i < mlirOperationGetNumOperands(op); ++i)
    if (mlirValueEqual(mlirOperationGetOperand(op, i), renaming->from))
      mlirOperationSetOperand(op, i, renaming->to);
  return MlirWalkResultAdvance;
}

/* Moves the body of `loop` into `function`. */
static void fillFunction(MlirOperation loop, MlirOperation function,
                         const Uses *uses, intptr_t rank,
                         const int64_t *bounds) {
  MlirBlock block =
      mlirRegionGetFirstBlock(mlirOperationGetRegion(function, 0));
  MlirOperation end = mlirBlockGetTerminator(block);
  AmsBuilder builder = {mlirOperationGetContext(loop),
                        mlirOperationGetLocation(loop), end};
  MlirValue table = mlirBlockGetArgument(block, 0);
  for (size_t i = 0; i < uses->numConstants; ++i) {
    MlirOperation own = mlirOperationClone(uses->constants[i]);
    mlirBlockInsertOwnedOperationBefore(block, end, own);
    Renaming renaming = {mlirOperationGetResult(uses->constants[i], 0),
                         mlirOperationGetResult(own, 0)};
    mlirOperationWalk(loop, replaceOperands, &renaming, MlirWalkPreOrder);
  }
  for (size_t i = 0; i < uses->numValues; ++i) {
    MlirType type = mlirValueGetType(uses->values[i]);
    MlirValue pointer = amsBuildPointerAt(&builder, table, (int32_t)i);
    MlirValue own;
    if (mlirTypeIsAMemRef(type))
      own = amsBuildBuffer(&builder, pointer, type);
    else
      own = amsBuildValue(&builder, "llvm.load", 1, &pointer, type, 0, NULL);
    Renaming renaming = {uses->values[i], own};
    mlirOperationWalk(loop, replaceOperands, &renaming, MlirWalkPreOrder);
  }
  replaceIndices(&builder, loop, mlirBlockGetArgument(block, 1), rank, bounds);
  MlirBlock body = mlirRegionGetFirstBlock(mlirOperationGetRegion(loop, 0));
  for (MlirOperation op = mlirBlockGetFirstOperation(body);
       !amsIsOp(op, "scf.forall.in_parallel");) {
    MlirOperation next = mlirOperationGetNextInBlock(op);
    mlirOperationMoveBefore(op, end);
    op = next;
  }
}

//===----------------------------------------------------------------------===//
// The call
//===----------------------------------------------------------------------===//

/* A stack slot of `count` elements of an LLVM type. */
static MlirValue buildSlots(const AmsBuilder *builder, MlirType type,
                            int64_t count) {
  MlirType i64 = mlirIntegerTypeGet(builder->context, 64);
  MlirNamedAttribute value =
      amsNamed(builder->context, "value", mlirIntegerAttrGet(i64, count));
  MlirValue size =
      amsBuildValue(builder, "llvm.mlir.constant", 0, NULL, i64, 1, &value);
  MlirNamedAttribute element =
      amsNamed(builder->context, "elem_type", mlirTypeAttrGet(type));
  return amsBuildValue(builder, "llvm.alloca", 1, &size,
                       amsPointerType(builder->context), 1, &element);
}

/* Stores `value` at element `index` of `slots`, which are pointers. */
static void storePointer(const AmsBuilder *builder, MlirValue value,
                         MlirValue slots, int32_t index) {
  MlirType pointer = amsPointerType(builder->context);
  MlirNamedAttribute element[2] = {
      amsNamed(builder->context, "rawConstantIndices",
               mlirDenseI32ArrayGet(builder->context, 1, &index)),
      amsNamed(builder->context, "elem_type", mlirTypeAttrGet(pointer))};
  MlirValue operands[2] = {value,
                           amsBuildValue(builder, "llvm.getelementptr", 1,
                                         &slots, pointer, 2, element)};
  amsBuild(builder, "llvm.store", 2, operands, 0, NULL, 0, NULL);
}

/* A table of pointers to what `uses` holds, in front of the loop. */
static MlirValue buildTable(const AmsBuilder *builder, const Uses *uses) {
  MlirContext context = builder->context;
  MlirType pointer = amsPointerType(context);
  MlirValue table = buildSlots(builder, pointer, (int64_t)uses->numValues + 1);
  for (size_t i = 0; i < uses->numValues; ++i) {
    MlirValue value = uses->values[i], address;
    if (mlirTypeIsAMemRef(mlirValueGetType(value))) {
      MlirValue index = amsBuildAddress(builder, value);
      MlirValue integer =
          amsBuildValue(builder, "arith.index_cast", 1, &index,
                        mlirIntegerTypeGet(context, 64), 0, NULL);
      address = amsBuildValue(builder, "llvm.inttoptr", 1, &integer, pointer, 0,
                              NULL);
    } else {
      address = buildSlots(builder, mlirValueGetType(value), 1);
      MlirValue operands[2] = {value, address};
      amsBuild(builder, "llvm.store", 2, operands, 0, NULL, 0, NULL);
    }
    storePointer(builder, address, table, (int32_t)i);
  }
  return table;
}

/* The pointer to function `name`. */
static MlirValue buildFunctionPointer(const AmsBuilder *builder,
                                      const char *name, MlirType type) {
  MlirNamedAttribute symbol =
      amsNamed(builder->context, "value",
               mlirFlatSymbolRefAttrGet(builder->context, amsStringRef(name)));
  MlirValue function =
      amsBuildValue(builder, "func.constant", 0, NULL, type, 1, &symbol);
  return amsBuildValue(builder, "builtin.unrealized_conversion_cast", 1,
                       &function, amsPointerType(builder->context), 0, NULL);
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

/* The call's state, first argument of the function around `op`; null if that
 * has none. */
static MlirValue stateArgument(MlirOperation op) {
  MlirOperation function = amsFunctionAround(op);
  if (mlirOperationIsNull(function))
    return (MlirValue){NULL};
  MlirBlock entry = amsFunctionBody(function);
  if (mlirBlockGetNumArguments(entry) == 0)
    return (MlirValue){NULL};
  MlirValue state = mlirBlockGetArgument(entry, 0);
  return mlirTypeEqual(mlirValueGetType(state),
                       amsPointerType(mlirOperationGetContext(op)))
             ? state
             : (MlirValue){NULL};
}

/* Whether a value may be handed to a task through memory. */
static bool isHanded(MlirType type) {
  return isDenseBuffer(type) || mlirTypeIsAVector(type) ||
         mlirTypeIsAFloat(type) || mlirTypeIsAInteger(type);
}

/* Takes the body of `loop` out, if it can be. `number` makes names unique. */
static void outlineTasks(MlirOperation module, MlirOperation loop,
                         size_t number) {
  int64_t bounds[maxDims], count = 1;
  intptr_t rank = readBounds(loop, bounds);
  MlirValue state = stateArgument(loop);
  for (intptr_t i = 0; i < rank; ++i)
    count *= bounds[i];
  if (rank == 0 || count == 1 || mlirValueIsNull(state))
    return;
  Uses uses = {.loop = loop, .ok = true};
  mlirOperationWalk(loop, noteUses, &uses, MlirWalkPreOrder);
  for (size_t i = 0; i < uses.numValues; ++i)
    uses.ok &= isHanded(mlirValueGetType(uses.values[i]));
  if (!uses.ok)
    return;

  AmsBuilder builder = amsBuilderBefore(loop);
  MlirContext context = builder.context;
  MlirType inputs[2] = {amsPointerType(context),
                        mlirIntegerTypeGet(context, 64)};
  char name[40];
  snprintf(name, sizeof name, "ams_task_%zu", number);
  MlirOperation function = buildFunction(loop, name, false, 2, inputs);
  MlirValue operands[4] = {
      state, amsBuildI64(&builder, count),
      buildFunctionPointer(&builder, name,
                           mlirFunctionTypeGet(context, 2, inputs, 0, NULL)),
      buildTable(&builder, &uses)};
  amsBuildCall(&builder, "ams_rt_tasks", 4, operands);
  mlirBlockInsertOwnedOperationAfter(
      mlirModuleGetBody(mlirModuleFromOperation(module)),
      amsFunctionAround(loop), function);
  fillFunction(loop, function, &uses, rank, bounds);
  mlirOperationDestroy(loop);
}

static bool isTasksFunction(MlirOperation op) {
  MlirAttribute name = amsGetAttr(op, "sym_name");
  return amsIsOp(op, "func.func") && !mlirAttributeIsNull(name) &&
         mlirStringRefEqual(mlirStringAttrGetValue(name),
                            amsStringRef("ams_rt_tasks"));
}

MlirLogicalResult amsOutlineTasks(MlirOperation module) {
  MlirContext context = mlirOperationGetContext(module);
  AmsOpList loops = amsCollectOps(module, isParallelLoop);
  AmsOpList known = amsCollectOps(module, isTasksFunction);
  if (loops.size && !known.size) {
    MlirType pointer = amsPointerType(context);
    MlirType inputs[4] = {pointer, mlirIntegerTypeGet(context, 64), pointer,
                          pointer};
    mlirBlockInsertOwnedOperation(
        mlirModuleGetBody(mlirModuleFromOperation(module)), 0,
        buildFunction(module, "ams_rt_tasks", true, 4, inputs));
  }
  for (size_t i = 0; i < loops.size; ++i)
    outlineTasks(module, loops.ops[i], i);
  amsOpListFree(&loops);
  amsOpListFree(&known);
  return mlirLogicalResultSuccess();
}
