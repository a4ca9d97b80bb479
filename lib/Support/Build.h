/*===-- Build.h - Building and reading IR -------------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* What the passes share on top of mlir-c: building operations, reading       *|
|* attributes and shapes, messages, collecting operations.                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_SUPPORT_BUILD_H
#define AMS_SUPPORT_BUILD_H

#include "mlir-c/BuiltinAttributes.h"
#include "mlir-c/BuiltinTypes.h"
#include "mlir-c/IR.h"

#include <stdint.h>

/* Where operations are built: before `before`, with location `loc`. */
typedef struct AmsBuilder {
  MlirContext context;
  MlirLocation loc;
  MlirOperation before;
} AmsBuilder;

/* A builder before `op`, with its location. */
AmsBuilder amsBuilderBefore(MlirOperation op);

MlirStringRef amsStringRef(const char *text);
MlirNamedAttribute amsNamed(MlirContext context, const char *name,
                            MlirAttribute attr);
MlirAttribute amsStringAttr(MlirContext context, const char *text);
MlirAttribute amsI64Attr(MlirContext context, int64_t value);

/* Builds and inserts an operation without regions. */
MlirOperation amsBuild(const AmsBuilder *builder, const char *name,
                       intptr_t numOperands, const MlirValue *operands,
                       intptr_t numResults, const MlirType *results,
                       intptr_t numAttributes,
                       const MlirNamedAttribute *attributes);

/* amsBuild of an operation of the ams dialect that writes into one of its
 * operands: its results, which it infers from that. */
MlirOperation amsBuildInferred(const AmsBuilder *builder, const char *name,
                               intptr_t numOperands, const MlirValue *operands,
                               intptr_t numAttributes,
                               const MlirNamedAttribute *attributes);

/* amsBuild with a region, which may be null. */
MlirOperation amsBuildWithRegion(const AmsBuilder *builder, const char *name,
                                 intptr_t numOperands,
                                 const MlirValue *operands, intptr_t numResults,
                                 const MlirType *results,
                                 intptr_t numAttributes,
                                 const MlirNamedAttribute *attributes,
                                 MlirRegion region);

/* amsBuild for one result, which is returned. */
MlirValue amsBuildValue(const AmsBuilder *builder, const char *name,
                        intptr_t numOperands, const MlirValue *operands,
                        MlirType result, intptr_t numAttributes,
                        const MlirNamedAttribute *attributes);

/* A linalg operation whose name says its body, of `numInputs` operands and an
 * output, which is its result's type on tensors. */
MlirOperation amsBuildNamed(const AmsBuilder *builder, const char *name,
                            int32_t numInputs, const MlirValue *operands);

/* tensor.empty of `type`. */
MlirValue amsBuildEmpty(const AmsBuilder *builder, MlirType type);
/* linalg.transpose: dimension i of the result is dimension permutation[i] of
 * the value. The value itself where that is the identity. */
MlirValue amsBuildTranspose(const AmsBuilder *builder, MlirValue value,
                            intptr_t rank, const int64_t *permutation);
/* linalg.generic that yields elements of its one input; `attributes` are its
 * own, such as indexing maps. */
MlirValue amsBuildCopy(const AmsBuilder *builder, const MlirValue operands[2],
                       MlirType result, intptr_t numAttributes,
                       const MlirNamedAttribute *attributes);
/* A static reshape by tensor.collapse_shape and tensor.expand_shape: the value
 * itself where the shapes are equal. */
MlirValue amsBuildReshape(const AmsBuilder *builder, MlirValue value,
                          intptr_t rank, const int64_t *shape);

bool amsIsOp(MlirOperation op, const char *name);
/* The operation that defines `value`, null for a block argument. */
MlirOperation amsDefiningOp(MlirValue value);
MlirAttribute amsGetAttr(MlirOperation op, const char *name);
/* A string attribute's text as a new C string; NULL if there is none. */
char *amsGetString(MlirOperation op, const char *name);
char *amsCopyString(MlirStringRef text);

/* Element type f32, ranked, static shape. */
bool amsIsStaticF32(MlirType type);
int64_t amsNumElements(MlirType shaped);
/* Copies the dimensions of a shaped or ABFP type; the rank, or -1 where it is
 * above `capacity`. */
intptr_t amsGetShape(MlirType shaped, intptr_t capacity, int64_t *shape);
MlirType amsTensorF32(MlirContext context, intptr_t rank, const int64_t *shape);

/* Emits a printf-formatted error or remark at `loc`. */
void amsEmitError(MlirLocation loc, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The layer that `op` is, or is a part of: its own name or that of an operation
 * that its results go to, a new string; NULL where there is none. */
char *amsLayerOf(MlirOperation op);
/* An error that begins with the name of `op`, as verifiers' do, and that of its
 * layer. */
void amsEmitOpError(MlirOperation op, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void amsEmitRemark(MlirLocation loc, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* A remark that begins with the name of the layer `op`. */
void amsEmitLayerRemark(MlirOperation op, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Operations collected by a walk. Free `ops` with amsOpListFree. */
typedef struct AmsOpList {
  MlirOperation *ops;
  size_t size;
} AmsOpList;
typedef bool (*AmsOpPredicate)(MlirOperation op);
/* All operations under `root` that satisfy `predicate`, in post-order. */
AmsOpList amsCollectOps(MlirOperation root, AmsOpPredicate predicate);
/* The operations of `block` in front of its terminator, in order. */
AmsOpList amsListOps(MlirBlock block);
void amsOpListFree(AmsOpList *list);

/* Highest rank that the passes handle. */
#define AMS_MAX_RANK 8

/* malloc and realloc for the compiler, where nothing useful can follow a lack
 * of memory: LLVM ends the process then, and so do these. */
void *amsAllocate(size_t count, size_t size);
void *amsReallocate(void *pointer, size_t count, size_t size);

/* Room for one more element in an array of `count` that grew by this function
 * alone, from NULL: its memory doubles whenever it is full. */
void *amsExtend(void *pointer, size_t count, size_t size);

#endif /* AMS_SUPPORT_BUILD_H */
