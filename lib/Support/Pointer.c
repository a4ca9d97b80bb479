/*===-- Pointer.c - Buffers and pointers --------------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Descriptors of memrefs, built in the LLVM dialect.                         *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Pointer.h"

#include <stdio.h>

MlirType amsPointerType(MlirContext context) {
  return mlirTypeParseGet(context, amsStringRef("!llvm.ptr"));
}

MlirValue amsBuildPointerAt(const AmsBuilder *builder, MlirValue table,
                            int32_t index) {
  MlirContext context = builder->context;
  MlirType pointer = amsPointerType(context);
  MlirNamedAttribute element[2] = {
      amsNamed(context, "rawConstantIndices",
               mlirDenseI32ArrayGet(context, 1, &index)),
      amsNamed(context, "elem_type", mlirTypeAttrGet(pointer))};
  MlirValue slot = amsBuildValue(builder, "llvm.getelementptr", 1, &table,
                                 pointer, 2, element);
  return amsBuildValue(builder, "llvm.load", 1, &slot, pointer, 0, NULL);
}

/* `descriptor` with `value` in the field that `position` names. */
static MlirValue insert(const AmsBuilder *builder, MlirValue descriptor,
                        MlirValue value, intptr_t depth,
                        const int64_t *position) {
  MlirValue operands[2] = {descriptor, value};
  MlirNamedAttribute field =
      amsNamed(builder->context, "position",
               mlirDenseI64ArrayGet(builder->context, depth, position));
  return amsBuildValue(builder, "llvm.insertvalue", 2, operands,
                       mlirValueGetType(descriptor), 1, &field);
}

static MlirValue constant(const AmsBuilder *builder, int64_t number) {
  MlirType i64 = mlirIntegerTypeGet(builder->context, 64);
  MlirNamedAttribute value =
      amsNamed(builder->context, "value", mlirIntegerAttrGet(i64, number));
  return amsBuildValue(builder, "llvm.mlir.constant", 0, NULL, i64, 1, &value);
}

MlirValue amsBuildBuffer(const AmsBuilder *builder, MlirValue pointer,
                         MlirType type) {
  int64_t shape[AMS_MAX_RANK];
  intptr_t rank = amsGetShape(type, AMS_MAX_RANK, shape);
  char text[160];
  if (rank > 0)
    snprintf(text, sizeof text,
             "!llvm.struct<(ptr, ptr, i64, array<%d x i64>, array<%d x i64>)>",
             (int)rank, (int)rank);
  else
    snprintf(text, sizeof text, "!llvm.struct<(ptr, ptr, i64)>");
  MlirValue value = amsBuildValue(
      builder, "llvm.mlir.undef", 0, NULL,
      mlirTypeParseGet(builder->context, amsStringRef(text)), 0, NULL);
  /* Fields: allocated and aligned pointer, offset, sizes, strides. */
  value = insert(builder, value, pointer, 1, (int64_t[]){0});
  value = insert(builder, value, pointer, 1, (int64_t[]){1});
  value = insert(builder, value, constant(builder, 0), 1, (int64_t[]){2});
  int64_t stride = 1;
  for (intptr_t i = rank - 1; i >= 0; --i) {
    value = insert(builder, value, constant(builder, shape[i]), 2,
                   (int64_t[]){3, i});
    value =
        insert(builder, value, constant(builder, stride), 2, (int64_t[]){4, i});
    stride *= shape[i];
  }
  return amsBuildValue(builder, "builtin.unrealized_conversion_cast", 1, &value,
                       type, 0, NULL);
}

MlirValue amsBuildAddress(const AmsBuilder *builder, MlirValue buffer) {
  return amsBuildValue(builder, "memref.extract_aligned_pointer_as_index", 1,
                       &buffer, mlirIndexTypeGet(builder->context), 0, NULL);
}
