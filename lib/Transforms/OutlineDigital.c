/*===-- OutlineDigital.c - Digital operations into functions ------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Each group of operations becomes a call of a function; groups that are     *|
|* alike, as in the many layers of a transformer, share one.                  *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "ams-c/Passes.h"

#include "Build.h"
#include "Group.h"
#include "Text.h"

#include "mlir-c/AffineExpr.h"
#include "mlir-c/AffineMap.h"
#include "mlir-c/IntegerSet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* About as many elements as one task of a thread computes. */
enum { taskElements = 1 << 14 };

/* Fewer elements than this are not worth a message. */
enum { remarkedElements = 1 << 10 };

enum { maxArguments = AmsMaxMembers * AmsMaxAccesses };

/* One function that was made, and its text without a name. */
typedef struct Outlined {
  char *text;
  MlirOperation function;
} Outlined;

typedef struct Outlining {
  MlirOperation module;
  MlirContext context;
  Outlined *functions;
  size_t numFunctions;
} Outlining;

/* A function that is being built. */
typedef struct Draft {
  const Outlining *outlining;
  MlirLocation loc;
  MlirBlock block;
  intptr_t numArguments;
  MlirValue operands[maxArguments]; /* at the call, reshaped */
  MlirValue sources[maxArguments];  /* at the call, as they are */
} Draft;

//===----------------------------------------------------------------------===//
// Types and attributes
//===----------------------------------------------------------------------===//

/* Operand `index` of member `m`, as its loops reach it. Poolings are as they
 * were. */
static MlirType operandType(const AmsGroup *group, int m, int index) {
  const AmsStructured *member = &group->members[m];
  const AmsAccess *access = &member->accesses[index];
  int64_t shape[AmsMaxLoops];
  if (group->kind == AmsGroupWindow)
    return mlirValueGetType(mlirOperationGetOperand(member->op, index));
  for (int i = 0; i < access->rank; ++i)
    shape[i] = member->extents[access->loops[i]];
  return amsTensorF32(mlirOperationGetContext(member->op), access->rank, shape);
}

static MlirAttribute mapsOf(MlirContext context, const AmsGroup *group, int m) {
  const AmsStructured *member = &group->members[m];
  MlirAttribute maps[AmsMaxAccesses];
  if (group->kind == AmsGroupWindow)
    return amsGetAttr(member->op, "indexing_maps");
  for (int k = 0; k < member->numAccesses; ++k) {
    const AmsAccess *access = &member->accesses[k];
    MlirAffineExpr results[AmsMaxLoops];
    for (int i = 0; i < access->rank; ++i)
      results[i] = mlirAffineDimExprGet(context, access->loops[i]);
    maps[k] = mlirAffineMapAttrGet(
        mlirAffineMapGet(context, member->numLoops, 0, access->rank, results));
  }
  return mlirArrayAttrGet(context, member->numAccesses, maps);
}

static MlirAttribute iteratorsOf(MlirContext context, const AmsGroup *group,
                                 int m) {
  const AmsStructured *member = &group->members[m];
  MlirAttribute types[AmsMaxLoops];
  if (group->kind == AmsGroupWindow)
    return amsGetAttr(member->op, "iterator_types");
  for (int i = 0; i < member->numLoops; ++i)
    types[i] = mlirAttributeParseGet(
        context, amsStringRef(member->isReduction[i]
                                  ? "#linalg.iterator_type<reduction>"
                                  : "#linalg.iterator_type<parallel>"));
  return mlirArrayAttrGet(context, member->numLoops, types);
}

//===----------------------------------------------------------------------===//
// The body of a function
//===----------------------------------------------------------------------===//

static MlirValue append(Draft *draft, MlirOperation op) {
  mlirBlockAppendOwnedOperation(draft->block, op);
  return mlirOperationGetResult(op, 0);
}

/* The argument for `value` of the caller, seen as `type`. */
static MlirValue argument(Draft *draft, MlirValue value, MlirType type) {
  for (intptr_t i = 0; i < draft->numArguments; ++i) {
    MlirValue known = mlirBlockGetArgument(draft->block, i);
    if (mlirValueEqual(draft->sources[i], value) &&
        mlirTypeEqual(mlirValueGetType(known), type))
      return known;
  }
  draft->sources[draft->numArguments++] = value;
  return mlirBlockAddArgument(draft->block, type, draft->loc);
}

static MlirValue emptyTensor(Draft *draft, MlirType type) {
  MlirOperationState state =
      mlirOperationStateGet(amsStringRef("tensor.empty"), draft->loc);
  mlirOperationStateAddResults(&state, 1, &type);
  return append(draft, mlirOperationCreate(&state));
}

typedef struct Constants {
  Draft *draft;
  MlirOperation op;
} Constants;

/* Gives the body of an operation its own constants. */
static MlirWalkResult ownConstants(MlirOperation inner, void *data) {
  const Constants *constants = data;
  if (mlirOperationEqual(inner, constants->op))
    return MlirWalkResultAdvance;
  for (intptr_t i = 0; i < mlirOperationGetNumOperands(inner); ++i) {
    MlirOperation source = amsDefiningOp(mlirOperationGetOperand(inner, i));
    if (!amsIsOp(source, "arith.constant") ||
        mlirOperationEqual(mlirOperationGetParentOperation(source),
                           constants->op))
      continue;
    mlirOperationSetOperand(
        inner, i, append(constants->draft, mlirOperationClone(source)));
  }
  return MlirWalkResultAdvance;
}

/* Operand `index` of `member`, whose group's values are `results`. */
static MlirValue operandOf(Draft *draft, const AmsGroup *group, int member,
                           int index, const MlirValue *results) {
  const AmsStructured *of = &group->members[member];
  MlirValue value = mlirOperationGetOperand(of->op, index);
  int producer = amsGroupMember(group, value);
  if (producer >= 0)
    return results[producer];
  if (mlirTypeIsAF32(mlirValueGetType(value)))
    return append(draft, mlirOperationClone(amsDefiningOp(value)));
  MlirType type = operandType(group, member, index);
  if (!amsStructuredReads(of->op, index))
    return emptyTensor(draft, type);
  return argument(draft, value, type);
}

/* Builds member `index` on its merged loops. */
static MlirValue buildMember(Draft *draft, const AmsGroup *group, int index,
                             const MlirValue *results) {
  const AmsStructured *member = &group->members[index];
  MlirContext context = draft->outlining->context;
  MlirValue operands[AmsMaxAccesses];
  for (int k = 0; k < member->numAccesses; ++k)
    operands[k] = operandOf(draft, group, index, k, results);
  MlirType type = operandType(group, index, member->numAccesses - 1);
  MlirNamedAttribute attributes[3] = {
      amsNamed(context, "indexing_maps", mapsOf(context, group, index)),
      amsNamed(context, "iterator_types", iteratorsOf(context, group, index)),
      amsNamed(context, "operandSegmentSizes",
               mlirDenseI32ArrayGet(context, 2,
                                    (int32_t[]){member->numAccesses - 1, 1}))};
  MlirOperation twin = mlirOperationClone(member->op);
  MlirRegion body = mlirRegionCreate();
  mlirRegionTakeBody(body, mlirOperationGetRegion(twin, 0));
  mlirOperationDestroy(twin);
  MlirOperationState state =
      mlirOperationStateGet(amsStringRef("linalg.generic"), draft->loc);
  mlirOperationStateAddOperands(&state, member->numAccesses, operands);
  mlirOperationStateAddResults(&state, 1, &type);
  mlirOperationStateAddAttributes(&state, 3, attributes);
  mlirOperationStateAddOwnedRegions(&state, 1, &body);
  MlirOperation op = mlirOperationCreate(&state);
  Constants constants = {draft, op};
  mlirOperationWalk(op, ownConstants, &constants, MlirWalkPreOrder);
  return append(draft, op);
}

//===----------------------------------------------------------------------===//
// Poolings
//===----------------------------------------------------------------------===//

/* Whether `map` is (d0, ..., d3, d4, d5) to (d0, *, *, d3) or, where it is
 * `exact`, to (d0, d1, d2, d3). */
static bool isImageMap(MlirAttribute attr, bool exact) {
  MlirAffineMap map = mlirAffineMapAttrGetValue(attr);
  if (mlirAffineMapGetNumDims(map) != 6 || mlirAffineMapGetNumResults(map) != 4)
    return false;
  for (intptr_t i = 0; i < 4; i += exact ? 1 : 3) {
    MlirAffineExpr expr = mlirAffineMapGetResult(map, i);
    if (!mlirAffineExprIsADim(expr) || mlirAffineDimExprGetPosition(expr) != i)
      return false;
  }
  return true;
}

/* Whether `op` is a pooling of images, channels last: the maximum or the sum of
 * each window, whose size a tensor without elements of interest tells. */
static bool isPooling(MlirOperation op) {
  MlirAttribute maps = amsGetAttr(op, "indexing_maps");
  if (mlirOperationGetNumOperands(op) != 3 ||
      mlirOperationGetNumResults(op) != 1 ||
      !isImageMap(mlirArrayAttrGetElement(maps, 0), false) ||
      !isImageMap(mlirArrayAttrGetElement(maps, 2), true))
    return false;
  for (int i = 0; i < 3; ++i)
    if (!amsIsStaticF32(mlirValueGetType(mlirOperationGetOperand(op, i))) ||
        amsStructuredReads(op, i) == (i == 1))
      return false;
  MlirAttribute iterators = amsGetAttr(op, "iterator_types");
  MlirAttribute expected =
      mlirAttributeParseGet(mlirOperationGetContext(op),
                            amsStringRef("[#linalg.iterator_type<parallel>, "
                                         "#linalg.iterator_type<parallel>, "
                                         "#linalg.iterator_type<parallel>, "
                                         "#linalg.iterator_type<parallel>, "
                                         "#linalg.iterator_type<reduction>, "
                                         "#linalg.iterator_type<reduction>]"));
  return mlirAttributeEqual(iterators, expected);
}

/* A pooling and what fills its init. */
static void poolingGroup(MlirOperation op, AmsGroup *group) {
  *group = (AmsGroup){.kind = AmsGroupWindow, .numRows = 2, .numMembers = 1};
  AmsStructured *pooling = &group->members[0];
  *pooling = (AmsStructured){.op = op, .numLoops = 6, .numAccesses = 3};
  int64_t window[2], image[4];
  amsGetShape(mlirValueGetType(mlirOperationGetOperand(op, 1)), 2, window);
  amsGetShape(mlirValueGetType(mlirOperationGetOperand(op, 2)), 4, image);
  for (int i = 0; i < 6; ++i) {
    pooling->extents[i] = i < 4 ? image[i] : window[i - 4];
    pooling->isReduction[i] = i >= 4;
  }
  MlirOperation init = amsDefiningOp(mlirOperationGetOperand(op, 2));
  if (!amsStructuredRead(init, &group->members[1]) &&
      amsStructuredIsFill(&group->members[1]))
    ++group->numMembers;
}

//===----------------------------------------------------------------------===//
// Schedules
//===----------------------------------------------------------------------===//

static int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

/* A divisor of `extent` near `wanted`, else `extent`: tasks of equal sizes. */
static int64_t divisorNear(int64_t extent, int64_t wanted) {
  for (int64_t size = wanted; 8 * size > wanted; --size)
    if (extent % size == 0)
      return size;
  return extent;
}

/* How many iterations of each row, or of the one loop without rows, a task is.
 * Small groups are one task. */
static int taskSizes(const AmsGroup *group, int64_t *sizes) {
  const AmsStructured *last = &group->members[0];
  int count = group->numRows ? group->numRows : 1;
  int64_t row = 1, total = 0;
  for (int m = 0; m < group->numMembers; ++m) {
    const AmsStructured *member = &group->members[m];
    int64_t inside = 1;
    for (int i = group->numRows; i < member->numLoops; ++i)
      inside *= member->extents[i];
    row = inside > row ? inside : row;
    if (amsStructuredIterations(member) > total)
      total = amsStructuredIterations(member);
  }
  for (int i = 0; i < count; ++i)
    sizes[i] =
        total <= 2 * taskElements || i + 1 == count ? last->extents[i] : 1;
  if (total <= 2 * taskElements)
    return count;
  int64_t *innermost = &sizes[count - 1];
  if (group->numRows == 0)
    *innermost = divisorNear(*innermost, taskElements);
  else
    *innermost = smaller(*innermost, (taskElements + row - 1) / row);
  return count;
}

/* The name of the sequence in schedule.mlir for `group`. */
static const char *sequenceOf(const AmsGroup *group) {
  static const char *const rows[] = {"rows0", "rows1", "rows2", "rows3"};
  if (group->kind == AmsGroupWindow)
    return "window";
  if (group->kind == AmsGroupColumns)
    return group->numRows ? "columns1" : "columns0";
  for (int m = 0; m < group->numMembers && group->numRows == 0; ++m)
    if (!amsStructuredIsParallel(&group->members[m]))
      return "row";
  return rows[group->numRows];
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

static MlirOperation buildFunction(const Outlining *outlining,
                                   const AmsGroup *group, Draft *draft) {
  MlirContext context = outlining->context;
  *draft = (Draft){outlining,
                   mlirLocationUnknownGet(context),
                   mlirBlockCreate(0, NULL, NULL),
                   0,
                   {{0}},
                   {{0}}};
  MlirValue results[AmsMaxMembers] = {{NULL}};
  for (int fills = 1; fills >= 0; --fills)
    for (int m = group->numMembers - 1; m >= 0; --m)
      if (amsStructuredIsFill(&group->members[m]) == fills)
        results[m] = buildMember(draft, group, m, results);
  MlirOperationState end =
      mlirOperationStateGet(amsStringRef("func.return"), draft->loc);
  mlirOperationStateAddOperands(&end, 1, &results[0]);
  mlirBlockAppendOwnedOperation(draft->block, mlirOperationCreate(&end));

  MlirType inputs[maxArguments], result = mlirValueGetType(results[0]);
  for (intptr_t i = 0; i < draft->numArguments; ++i)
    inputs[i] = mlirValueGetType(mlirBlockGetArgument(draft->block, i));
  intptr_t numAttributes = 3;
  MlirNamedAttribute attributes[5] = {
      amsNamed(context, "sym_name", amsStringAttr(context, "digital")),
      amsNamed(context, "sym_visibility", amsStringAttr(context, "private")),
      amsNamed(context, "function_type",
               mlirTypeAttrGet(mlirFunctionTypeGet(context, draft->numArguments,
                                                   inputs, 1, &result)))};
  if (group->kind != AmsGroupLoops) {
    int64_t sizes[AmsMaxRows];
    int count = taskSizes(group, sizes);
    attributes[numAttributes++] = amsNamed(
        context, "ams.schedule", amsStringAttr(context, sequenceOf(group)));
    attributes[numAttributes++] = amsNamed(
        context, "ams.tasks", mlirDenseI64ArrayGet(context, count, sizes));
  }
  MlirOperationState state =
      mlirOperationStateGet(amsStringRef("func.func"), draft->loc);
  MlirRegion region = mlirRegionCreate();
  mlirRegionAppendOwnedBlock(region, draft->block);
  mlirOperationStateAddAttributes(&state, numAttributes, attributes);
  mlirOperationStateAddOwnedRegions(&state, 1, &region);
  return mlirOperationCreate(&state);
}

static void appendText(MlirStringRef text, void *stream) {
  fwrite(text.data, 1, text.length, stream);
}

static char *printed(MlirOperation op) {
  char *text = NULL;
  size_t size = 0;
  FILE *stream = open_memstream(&text, &size);
  if (!stream)
    return NULL;
  mlirOperationPrint(op, appendText, stream);
  if (fclose(stream) == 0)
    return text;
  free(text);
  return NULL;
}

/* The function of the module that is like `function`, which is taken: it itself
 * if there is none. */
static MlirOperation intern(Outlining *outlining, MlirOperation function) {
  char *text = printed(function);
  for (size_t i = 0; text && i < outlining->numFunctions; ++i)
    if (outlining->functions[i].text &&
        strcmp(outlining->functions[i].text, text) == 0) {
      free(text);
      mlirOperationDestroy(function);
      return outlining->functions[i].function;
    }
  outlining->functions =
      amsExtend(outlining->functions, outlining->numFunctions,
                sizeof *outlining->functions);
  outlining->functions[outlining->numFunctions++] = (Outlined){text, function};
  MlirSymbolTable symbols = mlirSymbolTableCreate(outlining->module);
  mlirSymbolTableInsert(symbols, function);
  mlirSymbolTableDestroy(symbols);
  return function;
}

/* Puts a call of `function` in the place of `group`. */
static void call(const AmsGroup *group, const Draft *draft,
                 MlirOperation function) {
  MlirOperation last = group->members[0].op;
  AmsBuilder builder = amsBuilderBefore(last);
  MlirType type = mlirTypeAttrGetValue(amsGetAttr(function, "function_type"));
  MlirValue operands[maxArguments];
  int64_t shape[AMS_MAX_RANK];
  for (intptr_t i = 0; i < draft->numArguments; ++i) {
    intptr_t rank =
        amsGetShape(mlirFunctionTypeGetInput(type, i), AMS_MAX_RANK, shape);
    operands[i] = amsBuildReshape(&builder, draft->sources[i], rank, shape);
  }
  MlirNamedAttribute callee =
      amsNamed(builder.context, "callee",
               mlirFlatSymbolRefAttrGet(
                   builder.context,
                   mlirStringAttrGetValue(amsGetAttr(function, "sym_name"))));
  MlirValue result =
      amsBuildValue(&builder, "func.call", draft->numArguments, operands,
                    mlirFunctionTypeGetResult(type, 0), 1, &callee);
  MlirValue old = mlirOperationGetResult(last, 0);
  intptr_t rank = amsGetShape(mlirValueGetType(old), AMS_MAX_RANK, shape);
  mlirValueReplaceAllUsesOfWith(old,
                                amsBuildReshape(&builder, result, rank, shape));
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

static bool isCandidate(MlirOperation op) {
  return amsIsOp(op, "linalg.generic") &&
         amsIsOp(mlirOperationGetParentOperation(op), "func.func");
}

static bool isUsed(MlirOperation op) {
  for (intptr_t i = 0; i < mlirOperationGetNumResults(op); ++i)
    if (!mlirOpOperandIsNull(
            mlirValueGetFirstUse(mlirOperationGetResult(op, i))))
      return true;
  return false;
}

/* Says why `op` is not scheduled, if that is worth it. */
static void explain(MlirOperation op, const char *fault) {
  MlirType type = mlirValueGetType(mlirOperationGetOperand(op, 0));
  if (mlirTypeIsAShaped(type) && mlirShapedTypeHasStaticShape(type) &&
      amsNumElements(type) >= remarkedElements)
    amsEmitRemark(mlirOperationGetLocation(op),
                  "this operation becomes plain loops: %s", fault);
}

/* Finds the group that ends in `last`. NULL, or why it is not scheduled; false
 * in `isGroup` if it cannot have a function either. */
static const char *findGroup(MlirOperation last, AmsGroup *group,
                             bool *isGroup) {
  *isGroup = true;
  if (isPooling(last)) {
    poolingGroup(last, group);
    return NULL;
  }
  const char *fault = amsGroupFind(last, group);
  if (fault) {
    *group = (AmsGroup){.kind = AmsGroupLoops, .numMembers = 1};
    *isGroup = !amsStructuredRead(last, &group->members[0]);
  }
  return fault;
}

/* Takes the group that ends in `ops`' element `index`; its members become null
 * in the list. */
static void outline(Outlining *outlining, AmsOpList *ops, size_t index) {
  AmsGroup group;
  MlirOperation last = ops->ops[index];
  bool isGroup;
  const char *fault = findGroup(last, &group, &isGroup);
  size_t known = outlining->numFunctions;
  if (isGroup) {
    Draft draft;
    MlirOperation function = buildFunction(outlining, &group, &draft);
    call(&group, &draft, intern(outlining, function));
  }
  if (fault && (!isGroup || known != outlining->numFunctions))
    explain(last, fault);
  for (int m = 0; isGroup && m < group.numMembers; ++m) {
    MlirOperation op = group.members[m].op;
    if (isUsed(op))
      continue;
    for (size_t i = 0; i <= index; ++i)
      if (mlirOperationEqual(ops->ops[i], op))
        ops->ops[i] = (MlirOperation){NULL};
    mlirOperationDestroy(op);
  }
}

MlirLogicalResult amsOutlineDigital(MlirOperation module) {
  Outlining outlining = {module, mlirOperationGetContext(module), NULL, 0};
  AmsOpList ops = amsCollectOps(module, isCandidate);
  for (size_t i = ops.size; i-- > 0;)
    if (!mlirOperationIsNull(ops.ops[i]) && isUsed(ops.ops[i]))
      outline(&outlining, &ops, i);
  for (size_t i = 0; i < outlining.numFunctions; ++i)
    free(outlining.functions[i].text);
  free(outlining.functions);
  amsOpListFree(&ops);
  return mlirLogicalResultSuccess();
}
