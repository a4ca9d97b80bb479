/*===-- ConstantGeneric.c - Constants by elementwise linalg ------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Operations of linalg that move or combine elements of constants, such as a *|
|* flipped kernel, run element by element.                                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "ConstantGeneric.h"

#include "Build.h"
#include "Constant.h"

#include "mlir-c/AffineExpr.h"
#include "mlir-c/AffineMap.h"
#include "mlir-c/Dialect/Linalg.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_INPUTS = 4, MAX_STEPS = 32 };

typedef enum Code {
  CODE_INDEX,
  CODE_INTEGER,
  CODE_FLOAT,
  CODE_ADD_INTEGERS,
  CODE_SUBTRACT_INTEGERS,
  CODE_MULTIPLY_INTEGERS,
  CODE_ADD,
  CODE_SUBTRACT,
  CODE_MULTIPLY,
  CODE_DIVIDE,
  CODE_EXTRACT,
} Code;

/* Names of the operations that a body may hold, by code. */
static const char *const names[] = {
    [CODE_INDEX] = "linalg.index",
    [CODE_INTEGER] = "arith.constant",
    [CODE_FLOAT] = "arith.constant",
    [CODE_ADD_INTEGERS] = "arith.addi",
    [CODE_SUBTRACT_INTEGERS] = "arith.subi",
    [CODE_MULTIPLY_INTEGERS] = "arith.muli",
    [CODE_ADD] = "arith.addf",
    [CODE_SUBTRACT] = "arith.subf",
    [CODE_MULTIPLY] = "arith.mulf",
    [CODE_DIVIDE] = "arith.divf",
    [CODE_EXTRACT] = "tensor.extract",
};

/* A constant tensor. */
typedef struct Table {
  MlirValue value;
  float *elements;
  intptr_t rank;
  int64_t shape[AMS_MAX_RANK];
} Table;

typedef union Slot {
  int64_t integer;
  float number;
} Slot;

/* One operation of the body. Slots hold first the elements of the inputs, then
 * what steps yield. */
typedef struct Step {
  Code code;
  int operands[AMS_MAX_RANK]; /* slots */
  int table;                  /* of CODE_EXTRACT */
  Slot value;                 /* of constants; the loop of CODE_INDEX */
} Step;

typedef struct Program {
  MlirBlock body;
  intptr_t rank; /* of the result: its loops are those of the operation */
  int64_t shape[AMS_MAX_RANK];
  int numInputs, numTables, numSteps, result;
  Table tables[MAX_INPUTS + MAX_STEPS]; /* first the inputs */
  MlirAffineMap maps[MAX_INPUTS];
  MlirValue values[MAX_STEPS]; /* what steps yield */
  Step steps[MAX_STEPS];
} Program;

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

static bool addTable(Program *program, MlirValue value) {
  if (program->numTables == MAX_INPUTS + MAX_STEPS || !amsIsConstant(value))
    return false;
  Table *table = &program->tables[program->numTables];
  table->value = value;
  table->elements = NULL;
  table->rank =
      amsGetShape(mlirValueGetType(value), AMS_MAX_RANK, table->shape);
  ++program->numTables;
  return table->rank >= 0;
}

/* Whether results of `map` are loops, each at most once. */
static bool isProjection(MlirAffineMap map) {
  return mlirAffineMapIsProjectedPermutation(map) &&
         mlirAffineMapGetNumSymbols(map) == 0;
}

/* The slot of a value used in the body, or -1. */
static int findSlot(const Program *program, MlirValue value) {
  if (mlirValueIsABlockArgument(value)) {
    intptr_t number = mlirBlockArgumentGetArgNumber(value);
    return mlirBlockEqual(mlirBlockArgumentGetOwner(value), program->body) &&
                   number < program->numInputs
               ? (int)number
               : -1;
  }
  for (int i = 0; i < program->numSteps; ++i)
    if (mlirValueEqual(program->values[i], value))
      return program->numInputs + i;
  return -1;
}

/* The value of an arith.constant; false unless it is a scalar. */
static bool readScalar(MlirOperation op, Step *step) {
  MlirAttribute value = amsGetAttr(op, "value");
  if (mlirAttributeIsAInteger(value)) {
    step->value.integer = mlirIntegerAttrGetValueInt(value);
    return true;
  }
  step->code = CODE_FLOAT;
  if (!mlirAttributeIsAFloat(value))
    return false;
  step->value.number = (float)mlirFloatAttrGetValueDouble(value);
  return true;
}

/* Whether integers are indices, and other numbers float32. */
static bool hasTypeOf(Code code, MlirOperation op) {
  MlirType type = mlirValueGetType(mlirOperationGetResult(op, 0));
  bool isInteger =
      code == CODE_INDEX || code == CODE_INTEGER || code == CODE_ADD_INTEGERS ||
      code == CODE_SUBTRACT_INTEGERS || code == CODE_MULTIPLY_INTEGERS;
  return isInteger ? mlirTypeIsAIndex(type) : mlirTypeIsAF32(type);
}

static bool addStep(Program *program, MlirOperation op) {
  size_t code = 0;
  while (code < sizeof names / sizeof *names && !amsIsOp(op, names[code]))
    ++code;
  if (code == sizeof names / sizeof *names || program->numSteps == MAX_STEPS)
    return false;
  Step *step = &program->steps[program->numSteps];
  *step = (Step){.code = (Code)code};
  intptr_t first = 0, count = mlirOperationGetNumOperands(op);
  if (code == CODE_INDEX) {
    step->value.integer = mlirIntegerAttrGetValueInt(amsGetAttr(op, "dim"));
  } else if (code == CODE_INTEGER) {
    if (!readScalar(op, step))
      return false;
  } else if (code == CODE_EXTRACT) {
    step->table = program->numTables;
    if (!addTable(program, mlirOperationGetOperand(op, 0)))
      return false;
    first = 1;
  }
  for (intptr_t i = first; i < count; ++i) {
    MlirValue operand = mlirOperationGetOperand(op, i);
    int slot = findSlot(program, operand);
    if (slot < 0 && !mlirValueIsABlockArgument(operand) &&
        addStep(program, amsDefiningOp(operand)))
      return addStep(program, op); /* after a constant from outside the body */
    if (slot < 0)
      return false;
    step->operands[i - first] = slot;
  }
  program->values[program->numSteps++] = mlirOperationGetResult(op, 0);
  return hasTypeOf(step->code, op);
}

/* Reads `op`; false where it is not one that can be run. */
static bool readProgram(MlirOperation op, Program *program) {
  *program = (Program){0};
  if (!amsIsOp(op, "linalg.generic") && !amsIsOp(op, "linalg.broadcast"))
    return false;
  intptr_t numOperands = mlirOperationGetNumOperands(op);
  if (mlirOperationGetNumResults(op) != 1 || numOperands > MAX_INPUTS)
    return false;
  MlirType type = mlirValueGetType(mlirOperationGetResult(op, 0));
  if (!amsIsStaticF32(type))
    return false;
  program->rank = amsGetShape(type, AMS_MAX_RANK, program->shape);
  program->numInputs = (int)numOperands - 1;
  MlirAttribute maps = mlirLinalgGetIndexingMapsAttribute(op);
  if (!mlirAffineMapIsIdentity(mlirAffineMapAttrGetValue(
          mlirArrayAttrGetElement(maps, program->numInputs))))
    return false; /* no loop is a reduction then */
  for (int i = 0; i < program->numInputs; ++i) {
    program->maps[i] =
        mlirAffineMapAttrGetValue(mlirArrayAttrGetElement(maps, i));
    if (!isProjection(program->maps[i]) ||
        !addTable(program, mlirOperationGetOperand(op, i)))
      return false;
  }
  program->body = mlirRegionGetFirstBlock(mlirOperationGetRegion(op, 0));
  MlirOperation yield = mlirBlockGetTerminator(program->body);
  for (MlirOperation in = mlirBlockGetFirstOperation(program->body);
       !mlirOperationEqual(in, yield); in = mlirOperationGetNextInBlock(in))
    if (!addStep(program, in))
      return false;
  program->result = findSlot(program, mlirOperationGetOperand(yield, 0));
  return program->rank >= 0 && program->result >= 0;
}

bool amsIsConstantGeneric(MlirOperation op) {
  Program program;
  return readProgram(op, &program);
}

//===----------------------------------------------------------------------===//
// Running
//===----------------------------------------------------------------------===//

/* The element of an input at `index` of the loops. */
static float readInput(const Program *program, int input,
                       const int64_t *index) {
  const Table *table = &program->tables[input];
  int64_t offset = 0;
  for (intptr_t i = 0; i < table->rank; ++i) {
    int64_t loop = mlirAffineDimExprGetPosition(
        mlirAffineMapGetResult(program->maps[input], i));
    offset = offset * table->shape[i] + index[loop];
  }
  return table->elements[offset];
}

/* The element that tensor.extract reads; false where it is outside. */
static bool extract(const Program *program, const Step *step, const Slot *slots,
                    float *element) {
  const Table *table = &program->tables[step->table];
  int64_t offset = 0;
  for (intptr_t i = 0; i < table->rank; ++i) {
    int64_t at = slots[step->operands[i]].integer;
    if (at < 0 || at >= table->shape[i])
      return false;
    offset = offset * table->shape[i] + at;
  }
  *element = table->elements[offset];
  return true;
}

/* Runs a step into `to`; false where it reads outside of a tensor. */
static bool runStep(const Program *program, const Step *step,
                    const int64_t *index, const Slot *slots, Slot *to) {
  const Slot a = slots[step->operands[0]], b = slots[step->operands[1]];
  switch (step->code) {
  case CODE_INDEX:
    to->integer = index[step->value.integer];
    return true;
  case CODE_INTEGER:
  case CODE_FLOAT:
    *to = step->value;
    return true;
  case CODE_ADD_INTEGERS:
    to->integer = (int64_t)((uint64_t)a.integer + (uint64_t)b.integer);
    return true;
  case CODE_SUBTRACT_INTEGERS:
    to->integer = (int64_t)((uint64_t)a.integer - (uint64_t)b.integer);
    return true;
  case CODE_MULTIPLY_INTEGERS:
    to->integer = (int64_t)((uint64_t)a.integer * (uint64_t)b.integer);
    return true;
  case CODE_ADD:
    to->number = a.number + b.number;
    return true;
  case CODE_SUBTRACT:
    to->number = a.number - b.number;
    return true;
  case CODE_MULTIPLY:
    to->number = a.number * b.number;
    return true;
  case CODE_DIVIDE:
    to->number = a.number / b.number;
    return true;
  case CODE_EXTRACT:
    return extract(program, step, slots, &to->number);
  }
  return false;
}

/* All elements of the result; false where one cannot be computed. */
static bool run(const Program *program, int64_t count, float *result) {
  int64_t index[AMS_MAX_RANK] = {0};
  Slot slots[MAX_INPUTS + MAX_STEPS] = {{0}};
  for (int64_t flat = 0; flat < count; ++flat) {
    for (int i = 0; i < program->numInputs; ++i)
      slots[i].number = readInput(program, i, index);
    for (int i = 0; i < program->numSteps; ++i)
      if (!runStep(program, &program->steps[i], index, slots,
                   &slots[program->numInputs + i]))
        return false;
    result[flat] = slots[program->result].number;
    for (intptr_t i = program->rank - 1; i >= 0; --i) {
      if (++index[i] < program->shape[i])
        break;
      index[i] = 0;
    }
  }
  return true;
}

float *amsEvaluateConstantGeneric(MlirOperation op) {
  Program program;
  if (!readProgram(op, &program))
    return NULL;
  bool ok = true;
  for (int i = 0; i < program.numTables && ok; ++i) {
    program.tables[i].elements = amsEvaluateConstant(program.tables[i].value);
    ok = program.tables[i].elements;
  }
  int64_t count =
      amsNumElements(mlirValueGetType(mlirOperationGetResult(op, 0)));
  float *result = ok ? amsAllocate((size_t)count, sizeof(float)) : NULL;
  if (ok && !run(&program, count, result)) {
    free(result);
    result = NULL;
  }
  for (int i = 0; i < program.numTables; ++i)
    free(program.tables[i].elements);
  return result;
}
