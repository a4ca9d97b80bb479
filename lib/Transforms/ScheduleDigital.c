/*===-- ScheduleDigital.c - The transform schedule of digital code -*- C
-*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Each function that --ams-outline-digital made is given to its sequence in  *|
|* schedule.mlir. One that the sequence cannot handle is left as it was.      *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "ams-c/Passes.h"

#include "Build.h"

#include "mlir-c/Diagnostics.h"
#include "mlir-c/Dialect/Transform/Interpreter.h"

static const char scheduleLibrary[] = {
#include "ScheduleLibrary.inc"
    , 0};

enum { maxLanes = 64 };

typedef struct Scheduling {
  MlirModule library;
  MlirSymbolTable sequences;
  MlirTransformOptions options;
} Scheduling;

static bool isScheduled(MlirOperation op) {
  return amsIsOp(op, "func.func") &&
         !mlirAttributeIsNull(amsGetAttr(op, "ams.schedule"));
}

/* A constant of the library that stands for element `ams.task` of the
 * function's ams.tasks gets its value. */
static MlirWalkResult setTaskSize(MlirOperation op, void *data) {
  const MlirAttribute *tasks = data;
  MlirAttribute task = amsGetAttr(op, "ams.task");
  if (mlirAttributeIsNull(task))
    return MlirWalkResultAdvance;
  intptr_t index = (intptr_t)mlirIntegerAttrGetValueInt(task);
  if (index < mlirDenseArrayGetNumElements(*tasks))
    mlirOperationSetAttributeByName(
        op, amsStringRef("value"),
        amsI64Attr(mlirOperationGetContext(op),
                   mlirDenseI64ArrayGetElement(*tasks, index)));
  return MlirWalkResultAdvance;
}

/* Messages of a sequence that fails are of use to its author alone. */
static MlirLogicalResult swallow(MlirDiagnostic diagnostic, void *userData) {
  (void)diagnostic, (void)userData;
  return mlirLogicalResultSuccess();
}

/* Whether `op` has a vector of more lanes than schedule.mlir asks for:
 * something was not tiled, and LLVM would unroll it. */
static MlirWalkResult findLongVector(MlirOperation op, void *found) {
  for (intptr_t i = 0; i < mlirOperationGetNumResults(op); ++i) {
    MlirType type = mlirValueGetType(mlirOperationGetResult(op, i));
    if (mlirTypeIsAVector(type) && amsNumElements(type) > maxLanes)
      *(bool *)found = true;
  }
  return *(bool *)found ? MlirWalkResultInterrupt : MlirWalkResultAdvance;
}

static bool apply(const Scheduling *scheduling, MlirOperation function,
                  MlirOperation sequence) {
  MlirContext context = mlirOperationGetContext(function);
  MlirDiagnosticHandlerID handler =
      mlirContextAttachDiagnosticHandler(context, swallow, NULL, NULL);
  MlirLogicalResult result = mlirTransformApplyNamedSequence(
      function, sequence, mlirModuleGetOperation(scheduling->library),
      scheduling->options);
  bool ok = mlirLogicalResultIsSuccess(result) && mlirOperationVerify(function);
  mlirContextDetachDiagnosticHandler(context, handler);
  bool isLong = false;
  if (ok)
    mlirOperationWalk(function, findLongVector, &isLong, MlirWalkPreOrder);
  return ok && !isLong;
}

/* Schedules one function; false after an error. */
static bool schedule(const Scheduling *scheduling, MlirOperation function) {
  MlirAttribute name = amsGetAttr(function, "ams.schedule");
  MlirAttribute tasks = amsGetAttr(function, "ams.tasks");
  MlirOperation sequence = {NULL};
  if (mlirAttributeIsAString(name))
    sequence = mlirSymbolTableLookup(scheduling->sequences,
                                     mlirStringAttrGetValue(name));
  if (mlirOperationIsNull(sequence) || mlirAttributeIsNull(tasks) ||
      !mlirAttributeIsADenseI64Array(tasks)) {
    amsEmitOpError(function, "needs the attributes ams.schedule, the name of a "
                             "sequence of schedule.mlir, and ams.tasks");
    return false;
  }
  mlirOperationRemoveAttributeByName(function, amsStringRef("ams.schedule"));
  mlirOperationRemoveAttributeByName(function, amsStringRef("ams.tasks"));
  mlirOperationWalk(sequence, setTaskSize, &tasks, MlirWalkPreOrder);
  MlirOperation original = mlirOperationClone(function);
  if (apply(scheduling, function, sequence)) {
    mlirOperationDestroy(original);
    return true;
  }
  mlirBlockInsertOwnedOperationBefore(mlirOperationGetBlock(function), function,
                                      original);
  mlirOperationDestroy(function);
  MlirStringRef text = mlirStringAttrGetValue(name);
  amsEmitRemark(mlirOperationGetLocation(original),
                "this function becomes plain loops: the schedule \"%.*s\" does "
                "not apply to it",
                (int)text.length, text.data);
  return true;
}

MlirLogicalResult amsScheduleDigital(MlirOperation module) {
  AmsOpList functions = amsCollectOps(module, isScheduled);
  bool ok = true;
  if (functions.size) {
    Scheduling scheduling = {
        .library = mlirModuleCreateParse(mlirOperationGetContext(module),
                                         amsStringRef(scheduleLibrary)),
        .options = mlirTransformOptionsCreate()};
    ok = !mlirModuleIsNull(scheduling.library);
    if (ok) {
      mlirTransformOptionsEnableExpensiveChecks(scheduling.options, false);
      scheduling.sequences =
          mlirSymbolTableCreate(mlirModuleGetOperation(scheduling.library));
      for (size_t i = 0; i < functions.size; ++i)
        ok &= schedule(&scheduling, functions.ops[i]);
      mlirSymbolTableDestroy(scheduling.sequences);
      mlirModuleDestroy(scheduling.library);
    }
    mlirTransformOptionsDestroy(scheduling.options);
  }
  amsOpListFree(&functions);
  return ok ? mlirLogicalResultSuccess() : mlirLogicalResultFailure();
}
