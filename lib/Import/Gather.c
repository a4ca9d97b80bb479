//===-- Gather.c - Rows of a table, such as embeddings -----------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An index below 0 counts from the end. An input of the model that is used as
// indices gets their range, which the runtime checks; and whatever an index is,
// it is moved into the table before it is used.
//
//===----------------------------------------------------------------------===//

#include "Node.h"
#include "Operators.h"

#include "mlir-c/BuiltinTypes.h"

/* What a gather's body needs. The result's loops are the table's dimensions
 * before `axis`, the indices' dimensions, the table's after `axis`. */
typedef struct Gather {
  MlirValue table;
  AmsImportShape shape; // the table's
  int axis, indexRank;
} Gather;

/* The index, from the table's start and inside of it. */
static MlirValue inside(AmsImportBuilder *builder, MlirValue index,
                        int64_t count) {
  enum { Less = 2 };
  MlirValue zero = amsImportBuildInt(builder, 0);
  MlirValue fromEnd = amsImportBuildBinary(builder, "arith.addi", index,
                                           amsImportBuildInt(builder, count));
  MlirValue isNegative = amsImportBuildCompare(builder, Less, index, zero);
  index = amsImportBuildSelect(builder, isNegative, fromEnd, index);
  index = amsImportBuildBinary(builder, "arith.maxsi", index, zero);
  index = amsImportBuildBinary(builder, "arith.minsi", index,
                               amsImportBuildInt(builder, count - 1));
  return amsImportBuildCast(builder, "arith.index_cast", index,
                            mlirIndexTypeGet(builder->context));
}

static MlirValue gatherBody(AmsImportBuilder *builder,
                            const MlirValue *elements, const void *data) {
  const Gather *gather = data;
  MlirValue indices[AmsImportMaxRank];
  for (int i = 0; i < gather->shape.rank; ++i)
    indices[i] =
        i == gather->axis
            ? inside(builder, elements[0], gather->shape.dims[i])
            : amsImportBuildIndex(
                  builder, i < gather->axis ? i : i + gather->indexRank - 1);
  return amsImportBuildExtract(builder, gather->table, indices);
}

/* Narrows the range of the model's input that the indices are, if any. */
static void bound(AmsImport *import, MlirValue indices, int64_t count) {
  MlirValue origin = amsImportBuildOrigin(&import->builder, indices);
  if (!mlirValueIsABlockArgument(origin))
    return;
  AmsImportRange *range =
      &import->ranges[mlirBlockArgumentGetArgNumber(origin)];
  if (range->least < -count)
    range->least = -count;
  if (range->most > count - 1)
    range->most = count - 1;
}

AmsImportValue *amsImportGatherRows(AmsImport *import,
                                    const AmsImportNode *node) {
  AmsImportValue *table = amsImportAnyInput(import, node, 0);
  AmsImportValue *indices = table ? amsImportIndexInput(import, node, 1) : NULL;
  int64_t axisAttribute;
  Gather gather;
  if (!indices || !amsImportInt(import, node, "axis", 0, &axisAttribute) ||
      !amsImportAxis(import, axisAttribute, table->shape.rank, &gather.axis))
    return NULL;
  gather.shape = table->shape;
  gather.indexRank = indices->shape.rank;
  int rank = table->shape.rank - 1 + gather.indexRank;
  if (rank > AmsImportMaxRank)
    return amsImportError(import, "the result has more than %d dimensions",
                          AmsImportMaxRank);
  AmsImportMap maps[2] = {{.rank = gather.indexRank}, {.rank = rank}};
  AmsImportShape shape = {.rank = rank};
  for (int i = 0; i < rank; ++i) {
    int inner = i - gather.axis;
    bool isIndex = inner >= 0 && inner < gather.indexRank;
    shape.dims[i] =
        isIndex ? indices->shape.dims[inner]
                : table->shape.dims[inner < 0 ? i : i + 1 - gather.indexRank];
    maps[1].loops[i] = i;
    if (isIndex)
      maps[0].loops[inner] = i;
  }
  if (!amsImportCheckShape(import, &shape))
    return NULL;
  gather.table = amsImportInForm(import, table, AmsImportRowMajor);
  MlirValue input = amsImportInForm(import, indices, AmsImportRowMajor);
  if (mlirValueIsNull(gather.table) || mlirValueIsNull(input))
    return NULL;
  bound(import, input, table->shape.dims[gather.axis]);
  MlirValue init = amsImportBuildEmpty(
      &import->builder, &shape, amsImportElement(import, table->elementType));
  return amsImportComputedAs(import, table->elementType, AmsImportRowMajor,
                             amsImportBuildGeneric(&import->builder, rank, NULL,
                                                   1, &input, init, maps,
                                                   gatherBody, &gather));
}
