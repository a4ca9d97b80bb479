//===-- Importer.h - One import and its values -------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A value has ONNX's shape, its logical one, and is held in one or two physical
// forms: row-major, or an image with its channels last. Operators produce the
// form that suits them and ask for the form that they need; a transpose is
// built where a form is first asked for and missing, and nowhere else.
//
// At run time integers of any width are i64, and bools are float32: 0 or 1.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_IMPORT_IMPORTER_H
#define AMS_IMPORT_IMPORTER_H

#include "Arena.h"
#include "Builder.h"
#include "NameMap.h"
#include "Shape.h"
#include "Storage.h"
#include "onnx.pb-c.h"

#include "mlir-c/IR.h"

#include <stdbool.h>
#include <stdint.h>

/* Elements known when the model is imported, aligned for their type. */
typedef struct AmsImportConstant {
  AmsImportStorage *storage;
  const void *data;               // inside `storage`
  const char *weight;             // the initializer's name, NULL for no weight
  struct AmsImportConstant *next; // in the import's list
} AmsImportConstant;

typedef enum AmsImportForm {
  AmsImportRowMajor,
  AmsImportChannelsLast, // of rank 4 only: batch, rows, columns, channels
  AmsImportFormCount,
} AmsImportForm;

typedef struct AmsImportValue {
  const char *name;
  AmsImportShape shape;                // the logical one
  int32_t elementType;                 // Onnx__TensorProto__DataType
  const AmsImportConstant *constant;   // NULL if computed at run time
  MlirValue forms[AmsImportFormCount]; // null where not built
  const char *unavailable;             // why it may not be used, or NULL
} AmsImportValue;

/* What the elements of an integer input may be. */
typedef struct AmsImportRange {
  int64_t least, most;
} AmsImportRange;

typedef struct AmsImportNode {
  const Onnx__NodeProto *proto;
  const char *name; // unique in the model, never empty
  size_t inputCount;
  AmsImportValue **inputs; // NULL where left out
} AmsImportNode;

typedef struct AmsImport {
  const char *path;
  AmsImportStorage *file;
  Onnx__ModelProto *model;
  int64_t opset;             // of the default domain
  int64_t batch;             // what a symbolic leading dimension becomes
  bool weightsAsArguments;   // whether weights will be arguments
  bool everyNode;            // whether nodes' results are returned
  const char *batchName;     // the model's name for it, once one was met
  const AmsImportNode *node; // the one being imported, or NULL
  AmsImportArena arena;
  AmsImportConstant *constants;
  AmsImportNameMap values;
  AmsImportNameMap layers; // nodes' names in use
  AmsImportRange *ranges;  // one an argument
  AmsImportBuilder builder;
} AmsImport;

/* Emits an error that begins with the node being imported, if any. Returns
 * NULL, so that a caller's `return amsImportError(...)` fails, whether it
 * returns a pointer or a bool. */
__attribute__((format(printf, 2, 3))) void *
amsImportError(AmsImport *import, const char *format, ...);
void *amsImportOutOfMemory(AmsImport *import);

/* The model's default domain goes by two names. */
bool amsImportIsDefaultDomain(const char *domain);

/* "float32", "int64", ... */
const char *amsImportElementTypeName(int32_t elementType);

/* A value without forms. Fails, with an error, if the shape has a dimension
 * below `leastDim` or too many elements. */
AmsImportValue *amsImportNewValue(AmsImport *import, const char *name,
                                  const AmsImportShape *shape,
                                  int32_t elementType, int64_t leastDim);

/* A float32 value that an operation computes, held in one form, whose physical
 * shape `value` has. */
AmsImportValue *amsImportComputed(AmsImport *import, AmsImportForm form,
                                  MlirValue value);

/* The same of another type. */
AmsImportValue *amsImportComputedAs(AmsImport *import, int32_t elementType,
                                    AmsImportForm form, MlirValue value);

/* What elements of a type are at run time; null if there are none. */
MlirType amsImportElement(AmsImport *import, int32_t elementType);

/* The constant's elements as they are at run time. */
const AmsImportConstant *amsImportHeld(AmsImport *import,
                                       const AmsImportValue *value);

/* Element `index` of an integer or bool constant. */
int64_t amsImportIntegerAt(const AmsImportValue *value, int64_t index);

/* Checks what amsImportComputed will hold before anything is built: fails, with
 * an error, on an empty or too large shape. */
bool amsImportCheckShape(AmsImport *import, const AmsImportShape *shape);

/* An initializer: as amsImportTensor, and a weight unless it is a scalar or
 * of another type than float32. */
AmsImportValue *amsImportInitializer(AmsImport *import, const char *name,
                                     const Onnx__TensorProto *tensor);

/* A constant of the tensor's elements; they stay in the file if they lie there
 * aligned. */
AmsImportValue *amsImportTensor(AmsImport *import, const char *name,
                                const Onnx__TensorProto *tensor);

/* A constant of elements in memory, which are copied. */
AmsImportValue *amsImportNewConstant(AmsImport *import, const char *name,
                                     const AmsImportShape *shape,
                                     int32_t elementType, const void *elements);

/* `value` in one form. Row-major always exists; channels last needs rank 4.
 * The value must not be empty. */
MlirValue amsImportInForm(AmsImport *import, AmsImportValue *value,
                          AmsImportForm form);

/* The form that costs nothing: channels last only where that is all there is.
 */
AmsImportForm amsImportNativeForm(const AmsImportValue *value);

/* Position i of a form holds the logical dimension that its entry i names. */
const int *amsImportFormOrder(AmsImportForm form);

/* The value in another shape with as many elements. Constants stay constants.*/
AmsImportValue *amsImportReshaped(AmsImport *import, AmsImportValue *value,
                                  const AmsImportShape *shape);

/* The value with its dimensions permuted: result dimension i is the value's
 * dimension permutation[i]. */
AmsImportValue *amsImportTransposed(AmsImport *import, AmsImportValue *value,
                                    const int *permutation);

#endif // AMS_IMPORT_IMPORTER_H
