/*===-- PlanMemory.c - One workspace for the buffers of @main -----*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* A buffer that @main allocates is needed from its first use to its last:    *|
|* those of which no two are needed at once share memory. All become views of *|
|* one workspace, whose size is known when compiling.                         *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "ams-c/Passes.h"

#include "Build.h"
#include "Function.h"

#include <stdlib.h>

/* Where buffers begin: a line of the cache, the widest vector. */
enum { ALIGNMENT = 64 };

/* A buffer of @main, and the operations that need it, by their places in the
 * function's block. */
typedef struct Buffer {
  MlirOperation alloc;
  int64_t bytes, offset;
  size_t first, last;
} Buffer;

typedef struct Plan {
  AmsOpList ops; /* of @main's block */
  Buffer *buffers;
  size_t numBuffers;
  int64_t bytes; /* of the workspace */
} Plan;

//===----------------------------------------------------------------------===//
// Which buffers, and when they are needed
//===----------------------------------------------------------------------===//

/* Bytes of an allocation of a dense buffer of static shape, rounded up to the
 * alignment; 0 for any other operation. */
static int64_t allocatedBytes(MlirOperation op) {
  if (!amsIsOp(op, "memref.alloc") || mlirOperationGetNumOperands(op) > 0)
    return 0;
  MlirType type = mlirValueGetType(mlirOperationGetResult(op, 0));
  MlirType element = mlirShapedTypeGetElementType(type);
  int64_t width = mlirTypeIsAInteger(element) ? mlirIntegerTypeGetWidth(element)
                  : mlirTypeIsAFloat(element) ? mlirFloatTypeGetWidth(element)
                                              : 0;
  int64_t bytes;
  if (!mlirShapedTypeHasStaticShape(type) || width == 0 || width % 8 ||
      !mlirAffineMapIsIdentity(mlirMemRefTypeGetAffineMap(type)) ||
      !mlirAttributeIsNull(mlirMemRefTypeGetMemorySpace(type)) ||
      __builtin_mul_overflow(amsNumElements(type), width / 8, &bytes) ||
      bytes > INT64_MAX - ALIGNMENT)
    return 0;
  return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* Whether the results of `op` are other views of its first operand. */
static bool isView(MlirOperation op) {
  static const char *const names[] = {"memref.collapse_shape",
                                      "memref.expand_shape", "memref.subview",
                                      "memref.cast", "memref.transpose"};
  for (size_t i = 0; i < sizeof names / sizeof *names; ++i)
    if (amsIsOp(op, names[i]))
      return true;
  return false;
}

/* Whether `op` may hand on a buffer that it takes, so that its uses are not
 * known. */
static bool handsOn(MlirOperation op) {
  if (amsIsOp(op, "func.return") || amsIsOp(op, "scf.yield") ||
      amsIsOp(op, "memref.extract_aligned_pointer_as_index") ||
      amsIsOp(op, "memref.dealloc"))
    return true;
  for (intptr_t i = 0; i < mlirOperationGetNumResults(op); ++i)
    if (mlirTypeIsAMemRef(mlirValueGetType(mlirOperationGetResult(op, i))))
      return true;
  return false;
}

/* The place in @main's block of `op`, or of the operation around it. */
static size_t findPlace(const Plan *plan, MlirOperation op) {
  MlirBlock block = mlirOperationGetBlock(plan->ops.ops[0]);
  while (!mlirBlockEqual(mlirOperationGetBlock(op), block))
    op = mlirOperationGetParentOperation(op);
  size_t place = 0;
  while (!mlirOperationEqual(plan->ops.ops[place], op))
    ++place;
  return place;
}

/* Stretches what `buffer` knows of its uses to those of `value`; false where
 * not all are known. */
static bool addUses(const Plan *plan, MlirValue value, Buffer *buffer) {
  for (MlirOpOperand use = mlirValueGetFirstUse(value);
       !mlirOpOperandIsNull(use); use = mlirOpOperandGetNextUse(use)) {
    MlirOperation user = mlirOpOperandGetOwner(use);
    if (isView(user)) {
      if (!addUses(plan, mlirOperationGetResult(user, 0), buffer))
        return false;
      continue;
    }
    if (handsOn(user))
      return false;
    size_t place = findPlace(plan, user);
    buffer->first = place < buffer->first ? place : buffer->first;
    buffer->last = place > buffer->last ? place : buffer->last;
  }
  return true;
}

static void findBuffers(Plan *plan) {
  plan->buffers = amsAllocate(plan->ops.size, sizeof(Buffer));
  for (size_t i = 0; i < plan->ops.size; ++i) {
    MlirOperation op = plan->ops.ops[i];
    Buffer buffer = {
        .alloc = op, .bytes = allocatedBytes(op), .first = plan->ops.size};
    if (buffer.bytes > 0 &&
        addUses(plan, mlirOperationGetResult(op, 0), &buffer))
      plan->buffers[plan->numBuffers++] = buffer;
  }
}

//===----------------------------------------------------------------------===//
// Where they are
//===----------------------------------------------------------------------===//

/* Large buffers first: small ones fill what they leave. */
static int compareSizes(const void *a, const void *b) {
  const Buffer *x = a, *y = b;
  if (x->bytes != y->bytes)
    return x->bytes < y->bytes ? 1 : -1;
  return x->first < y->first ? -1 : x->first > y->first;
}

/* The first buffer before number `index` that is needed while that one is, and
 * whose place would overlap with its own at `offset`; NULL for none. */
static const Buffer *findOverlap(const Plan *plan, size_t index,
                                 int64_t offset) {
  const Buffer *own = &plan->buffers[index];
  for (size_t i = 0; i < index; ++i) {
    const Buffer *other = &plan->buffers[i];
    if (own->first <= other->last && other->first <= own->last &&
        offset < other->offset + other->bytes &&
        other->offset < offset + own->bytes)
      return other;
  }
  return NULL;
}

/* Places every buffer as low as those before it allow; false where the sizes
 * overflow. */
static bool place(Plan *plan) {
  if (plan->numBuffers > 1)
    qsort(plan->buffers, plan->numBuffers, sizeof(Buffer), compareSizes);
  for (size_t i = 0; i < plan->numBuffers; ++i) {
    Buffer *buffer = &plan->buffers[i];
    int64_t end;
    const Buffer *overlap;
    do {
      if (__builtin_add_overflow(buffer->offset, buffer->bytes, &end))
        return false;
      overlap = findOverlap(plan, i, buffer->offset);
      if (overlap)
        buffer->offset = overlap->offset + overlap->bytes;
    } while (overlap);
    plan->bytes = end > plan->bytes ? end : plan->bytes;
  }
  return true;
}

static MlirValue buildWorkspace(const AmsBuilder *builder, int64_t bytes) {
  MlirContext context = builder->context;
  MlirType type = mlirMemRefTypeContiguousGet(mlirIntegerTypeGet(context, 8), 1,
                                              &bytes, mlirAttributeGetNull());
  const MlirNamedAttribute attributes[] = {
      amsNamed(context, "operandSegmentSizes",
               mlirDenseI32ArrayGet(context, 2, (int32_t[]){0, 0})),
      amsNamed(context, "alignment", amsI64Attr(context, ALIGNMENT)),
      amsNamed(context, "ams.workspace", mlirUnitAttrGet(context))};
  return amsBuildValue(builder, "memref.alloc", 0, NULL, type, 3, attributes);
}

static void replaceByView(const Buffer *buffer, MlirValue workspace) {
  AmsBuilder builder = amsBuilderBefore(buffer->alloc);
  MlirType index = mlirIndexTypeGet(builder.context);
  MlirNamedAttribute value = amsNamed(
      builder.context, "value", mlirIntegerAttrGet(index, buffer->offset));
  MlirValue operands[2] = {workspace, amsBuildValue(&builder, "arith.constant",
                                                    0, NULL, index, 1, &value)};
  MlirValue old = mlirOperationGetResult(buffer->alloc, 0);
  mlirValueReplaceAllUsesOfWith(
      old, amsBuildValue(&builder, "memref.view", 2, operands,
                         mlirValueGetType(old), 0, NULL));
  mlirOperationDestroy(buffer->alloc);
}

MlirLogicalResult amsPlanMemory(MlirOperation module) {
  MlirOperation function = amsFindMain(module);
  if (mlirOperationIsNull(function))
    return mlirLogicalResultFailure();
  Plan plan = {.ops = amsListOps(amsFunctionBody(function))};
  findBuffers(&plan);
  bool ok = place(&plan);
  if (!ok)
    amsEmitError(mlirOperationGetLocation(function),
                 "the buffers of @main take more than 2^63 bytes");
  if (ok && plan.numBuffers > 0) {
    AmsBuilder builder = amsBuilderBefore(plan.ops.ops[0]);
    MlirValue workspace = buildWorkspace(&builder, plan.bytes);
    for (size_t i = 0; i < plan.numBuffers; ++i)
      replaceByView(&plan.buffers[i], workspace);
  }
  free(plan.buffers);
  amsOpListFree(&plan.ops);
  return ok ? mlirLogicalResultSuccess() : mlirLogicalResultFailure();
}
