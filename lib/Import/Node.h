//===-- Node.h - A node's inputs and attributes ------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What operators read their nodes by. Functions that return a bool, or NULL,
// have emitted an error when they fail.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_IMPORT_NODE_H
#define AMS_IMPORT_NODE_H

#include "Importer.h"

/* Whether the node has input number `index`. */
bool amsImportHasInput(const AmsImportNode *node, size_t index);

/* An input that must be there, float32 and not empty. */
AmsImportValue *amsImportInput(AmsImport *import, const AmsImportNode *node,
                               size_t index);

/* The same: of any type, bool, or int32 or int64. */
AmsImportValue *amsImportAnyInput(AmsImport *import, const AmsImportNode *node,
                                  size_t index);
AmsImportValue *amsImportBoolInput(AmsImport *import, const AmsImportNode *node,
                                   size_t index);
AmsImportValue *amsImportIndexInput(AmsImport *import,
                                    const AmsImportNode *node, size_t index);

/* Whether the elements are int32 or int64. */
bool amsImportIsInteger(const AmsImportValue *value);

/* An input that must be an integer constant of at most `capacity` elements. */
bool amsImportInputInts(AmsImport *import, const AmsImportNode *node,
                        size_t index, int capacity, int64_t *elements,
                        int *count);

/* An input that must be a float32 constant of `count` elements. */
const float *amsImportInputFloats(AmsImport *import, const AmsImportNode *node,
                                  size_t index, int64_t count);

bool amsImportHasAttribute(const AmsImportNode *node, const char *name);

/* An attribute, or `fallback` where the node has none. */
bool amsImportInt(AmsImport *import, const AmsImportNode *node,
                  const char *name, int64_t fallback, int64_t *value);
bool amsImportFloat(AmsImport *import, const AmsImportNode *node,
                    const char *name, float fallback, float *value);
bool amsImportString(AmsImport *import, const AmsImportNode *node,
                     const char *name, const char *fallback,
                     const char **value);

/* A list of at most `capacity` integers; `*count` is 0 where there is none. */
bool amsImportInts(AmsImport *import, const AmsImportNode *node,
                   const char *name, int capacity, int64_t *elements,
                   int *count);

/* A tensor; NULL, without an error, where there is none. */
const Onnx__AttributeProto *amsImportFindAttribute(const AmsImportNode *node,
                                                   const char *name);

/* Makes a dimension's number that may count from the end one from the front.*/
bool amsImportAxis(AmsImport *import, int64_t axis, int rank, int *result);

/* The value must have `rank` dimensions; `what` names it in the error. */
bool amsImportRequireRank(AmsImport *import, const AmsImportValue *value,
                          const char *what, int rank);

#endif // AMS_IMPORT_NODE_H
