//===-- Builder.h - Building linalg on tensors -------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The operations that imported models are made of, appended to a block one
// after the other. Elements are float32, or i64 where indices are computed.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_IMPORT_BUILDER_H
#define AMS_IMPORT_BUILDER_H

#include "Shape.h"

#include "mlir-c/IR.h"

typedef struct AmsImportBuilder {
  MlirContext context;
  MlirBlock block;       // where operations are appended
  MlirLocation location; // which they get
  MlirType f32, i64;
} AmsImportBuilder;

/* The shape of a tensor's type, and the type of a shape: of float32, or of
 * another element. */
AmsImportShape amsImportShapeOf(MlirValue value);
MlirType amsImportTensorType(AmsImportBuilder *builder,
                             const AmsImportShape *shape);
MlirType amsImportTensorTypeOf(const AmsImportShape *shape, MlirType element);

/* `name = attribute`. */
MlirNamedAttribute amsImportNamedAttribute(AmsImportBuilder *builder,
                                           const char *name,
                                           MlirAttribute attribute);

/* Scalars: a constant, operations of one and two operands by name, a comparison
 * and a choice, a conversion to `type`, the index of loop `loop`, and an
 * element of a tensor. */
MlirValue amsImportBuildFloat(AmsImportBuilder *builder, float value);
MlirValue amsImportBuildInt(AmsImportBuilder *builder, int64_t value);
MlirValue amsImportBuildUnary(AmsImportBuilder *builder, const char *name,
                              MlirValue operand);
MlirValue amsImportBuildBinary(AmsImportBuilder *builder, const char *name,
                               MlirValue left, MlirValue right);
MlirValue amsImportBuildCompare(AmsImportBuilder *builder, int64_t predicate,
                                MlirValue left, MlirValue right);
MlirValue amsImportBuildSelect(AmsImportBuilder *builder, MlirValue condition,
                               MlirValue yes, MlirValue no);
MlirValue amsImportBuildCast(AmsImportBuilder *builder, const char *name,
                             MlirValue operand, MlirType type);
MlirValue amsImportBuildIndex(AmsImportBuilder *builder, int loop);
MlirValue amsImportBuildExtract(AmsImportBuilder *builder, MlirValue tensor,
                                const MlirValue *indices);

/* arith.constant of an elements attribute, with `weight` as its ams.weight
 * unless that is NULL. */
MlirValue amsImportBuildConstant(AmsImportBuilder *builder,
                                 MlirAttribute elements, const char *weight);

/* tensor.empty, and linalg.fill of one. */
MlirValue amsImportBuildEmpty(AmsImportBuilder *builder,
                              const AmsImportShape *shape, MlirType element);
MlirValue amsImportBuildFill(AmsImportBuilder *builder,
                             const AmsImportShape *shape, float value);

/* The same elements in another shape, by tensor.collapse_shape and
 * tensor.expand_shape, or by neither. */
MlirValue amsImportBuildReshape(AmsImportBuilder *builder, MlirValue value,
                                const AmsImportShape *shape);

/* The value that `value` is a reshape of, or `value`. */
MlirValue amsImportBuildOrigin(AmsImportBuilder *builder, MlirValue value);

/* linalg.transpose, or a reshape if that does the same. */
MlirValue amsImportBuildTranspose(AmsImportBuilder *builder, MlirValue value,
                                  const int *permutation);

/* tensor.pad by `low` and `high` elements in each dimension; `value` itself if
 * all are 0. */
MlirValue amsImportBuildPad(AmsImportBuilder *builder, MlirValue value,
                            const int64_t *low, const int64_t *high,
                            float element);

/* Zeros of `shape` with the elements of `value`, of the same rank, every
 * strides[i] of them in dimension i; `value` itself if all are 1. */
MlirValue amsImportBuildSpread(AmsImportBuilder *builder, MlirValue value,
                               const AmsImportShape *shape,
                               const int64_t *strides);

/* A named linalg operation of two inputs. `layer` is its ams.layer, or NULL. */
MlirValue amsImportBuildNamed(AmsImportBuilder *builder, const char *name,
                              MlirValue left, MlirValue right, MlirValue init,
                              intptr_t attributeCount,
                              const MlirNamedAttribute *attributes,
                              const char *layer);

/* Computes one element of a linalg.generic from elements of its inputs and,
 * last, of its init. */
typedef MlirValue (*AmsImportBody)(AmsImportBuilder *builder,
                                   const MlirValue *elements, const void *data);

/* For each dimension of an operand, the loop that runs over it. */
typedef struct AmsImportMap {
  int rank;
  int loops[AmsImportMaxRank];
} AmsImportMap;

enum { AmsImportMaxOperands = 8 };

/* linalg.generic over `loopCount` loops, of which `isReduction` names the
 * reductions (NULL: none). `maps` holds one map an input and, last, init's. */
MlirValue amsImportBuildGeneric(AmsImportBuilder *builder, int loopCount,
                                const bool *isReduction, int inputCount,
                                const MlirValue *inputs, MlirValue init,
                                const AmsImportMap *maps, AmsImportBody body,
                                const void *data);

#endif // AMS_IMPORT_BUILDER_H
