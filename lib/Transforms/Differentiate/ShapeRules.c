/*===-- ShapeRules.c - Gradients of shape operations --------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Elements that an operation moves move back, those that it drops get 0.     *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Differentiate.h"

/* Offsets, sizes and strides of a slice, all known. */
typedef struct Slice {
  intptr_t rank;
  int64_t offsets[AMS_MAX_RANK], sizes[AMS_MAX_RANK], strides[AMS_MAX_RANK];
} Slice;

static MlirValue buildSlice(const AmsBuilder *builder, const char *name,
                            intptr_t numOperands, const MlirValue *operands,
                            MlirType type, const Slice *slice) {
  MlirContext context = builder->context;
  int32_t segments[5] = {1, 0, 0, 0, 0};
  if (numOperands == 2) /* source and destination, then the lists */
    segments[1] = 1;
  MlirNamedAttribute attributes[4] = {
      amsNamed(context, "static_offsets",
               mlirDenseI64ArrayGet(context, slice->rank, slice->offsets)),
      amsNamed(context, "static_sizes",
               mlirDenseI64ArrayGet(context, slice->rank, slice->sizes)),
      amsNamed(context, "static_strides",
               mlirDenseI64ArrayGet(context, slice->rank, slice->strides)),
      amsNamed(
          context, "operandSegmentSizes",
          mlirDenseI32ArrayGet(context, numOperands == 2 ? 5 : 4, segments))};
  return amsBuildValue(builder, name, numOperands, operands, type, 4,
                       attributes);
}

static MlirValue extract(const AmsBuilder *builder, MlirValue from,
                         MlirType type, const Slice *slice) {
  return buildSlice(builder, "tensor.extract_slice", 1, &from, type, slice);
}

static MlirValue insert(const AmsBuilder *builder, MlirValue value,
                        MlirValue into, const Slice *slice) {
  MlirValue operands[2] = {value, into};
  return buildSlice(builder, "tensor.insert_slice", 2, operands,
                    mlirValueGetType(into), slice);
}

static bool readList(MlirOperation op, const char *name, intptr_t *count,
                     int64_t values[AMS_MAX_RANK]) {
  MlirAttribute list = amsGetAttr(op, name);
  *count = mlirDenseArrayGetNumElements(list);
  for (intptr_t i = 0; i < *count && *count <= AMS_MAX_RANK; ++i)
    values[i] = mlirDenseI64ArrayGetElement(list, i);
  return *count <= AMS_MAX_RANK;
}

/* The slice of `op`, which has `numOperands` where all of it is known. */
static bool readSlice(AmsGradients *gradients, MlirOperation op,
                      intptr_t numOperands, Slice *slice) {
  if (mlirOperationGetNumOperands(op) == numOperands &&
      readList(op, "static_offsets", &slice->rank, slice->offsets) &&
      readList(op, "static_sizes", &slice->rank, slice->sizes) &&
      readList(op, "static_strides", &slice->rank, slice->strides))
    return true;
  return amsRefuse(gradients, "its offsets, sizes and strides must be known "
                              "when compiling");
}

bool amsReshapeRule(AmsGradients *gradients, MlirOperation op,
                    MlirValue gradient) {
  MlirValue input = mlirOperationGetOperand(op, 0);
  int64_t shape[AMS_MAX_RANK], from[AMS_MAX_RANK];
  intptr_t rank = amsGetShape(mlirValueGetType(input), AMS_MAX_RANK, shape);
  if (rank < 0 ||
      amsGetShape(mlirValueGetType(gradient), AMS_MAX_RANK, from) < 0)
    return amsRefuse(gradients, "it has more dimensions than are supported");
  amsAddGradient(gradients, input,
                 amsBuildReshape(&gradients->builder, gradient, rank, shape));
  return true;
}

bool amsPadRule(AmsGradients *gradients, MlirOperation op, MlirValue gradient) {
  MlirValue input = mlirOperationGetOperand(op, 0);
  MlirType type = mlirValueGetType(input);
  Slice slice = {.rank = 0};
  if (mlirOperationGetNumOperands(op) != 1 ||
      !readList(op, "static_low", &slice.rank, slice.offsets))
    return amsRefuse(gradients, "its padding must be known when compiling");
  slice.rank = amsGetShape(type, AMS_MAX_RANK, slice.sizes);
  for (intptr_t i = 0; i < slice.rank; ++i) {
    slice.strides[i] = 1;
    if (slice.offsets[i] < 0)
      return amsRefuse(gradients, "its padding is negative");
  }
  amsAddGradient(gradients, input,
                 extract(&gradients->builder, gradient, type, &slice));
  return true;
}

bool amsExtractSliceRule(AmsGradients *gradients, MlirOperation op,
                         MlirValue gradient) {
  MlirValue input = mlirOperationGetOperand(op, 0);
  Slice slice = {.rank = 0};
  if (!readSlice(gradients, op, 1, &slice))
    return false;
  MlirValue zeros =
      amsBuildFill(&gradients->builder, mlirValueGetType(input), 0);
  amsAddGradient(gradients, input,
                 insert(&gradients->builder, gradient, zeros, &slice));
  return true;
}

bool amsInsertSliceRule(AmsGradients *gradients, MlirOperation op,
                        MlirValue gradient) {
  MlirValue value = mlirOperationGetOperand(op, 0),
            into = mlirOperationGetOperand(op, 1);
  Slice slice = {.rank = 0};
  if (!readSlice(gradients, op, 2, &slice))
    return false;
  MlirType type = mlirValueGetType(value);
  if (amsIsActive(gradients, value))
    amsAddGradient(gradients, value,
                   extract(&gradients->builder, gradient, type, &slice));
  if (amsIsActive(gradients, into))
    amsAddGradient(gradients, into,
                   insert(&gradients->builder,
                          amsBuildFill(&gradients->builder, type, 0), gradient,
                          &slice));
  return true;
}

bool amsConcatRule(AmsGradients *gradients, MlirOperation op,
                   MlirValue gradient) {
  int64_t axis = mlirIntegerAttrGetValueInt(amsGetAttr(op, "dim"));
  Slice slice = {.rank = 0};
  int64_t offset = 0;
  for (intptr_t i = 0; i < mlirOperationGetNumOperands(op); ++i) {
    MlirValue input = mlirOperationGetOperand(op, i);
    MlirType type = mlirValueGetType(input);
    slice.rank = amsGetShape(type, AMS_MAX_RANK, slice.sizes);
    if (slice.rank < 0)
      return amsRefuse(gradients, "it has more dimensions than are supported");
    for (intptr_t d = 0; d < slice.rank; ++d) {
      slice.offsets[d] = d == axis ? offset : 0;
      slice.strides[d] = 1;
    }
    offset += slice.sizes[axis];
    if (amsIsActive(gradients, input))
      amsAddGradient(gradients, input,
                     extract(&gradients->builder, gradient, type, &slice));
  }
  return true;
}
