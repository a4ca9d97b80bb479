//===-- Graph.h - A graph becomes a function ---------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_IMPORT_GRAPH_H
#define AMS_IMPORT_GRAPH_H

#include "Importer.h"

/* Builds func.func @main of the import's model, detached. Null after errors. */
MlirOperation amsImportGraph(AmsImport *import);

#endif // AMS_IMPORT_GRAPH_H
