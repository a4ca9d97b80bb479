/*===-- Moments.h - A file of second moments ----------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Second moments of layers' inputs, by which weights are rounded. Matrices   *|
|* may be large, so that they are binary and read one layer at a time; the    *|
|* format stands in docs/assignment.md. Plain C, without MLIR.                *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_ASSIGN_MOMENTS_H
#define AMS_ASSIGN_MOMENTS_H

#include "ams/profile.h"

#include <stdio.h>

/* What a file says of a layer. */
typedef struct AmsMomentsLayer {
  char *name;
  uint64_t fingerprint; /* of the layer with each weight rounded on its own */
  int64_t groups, columns, span, vectors;
  int64_t position; /* of the sums in the file */
} AmsMomentsLayer;

typedef struct AmsMomentsFile {
  FILE *stream;
  const char *path; /* the caller's */
  size_t numLayers;
  AmsMomentsLayer *layers;
} AmsMomentsFile;

/* Starts a file, and adds the layers with weights of a model whose second
 * moments have been summed. */
bool amsMomentsBegin(FILE *stream);
ams_status_t amsMomentsWrite(ams_model_t *model, FILE *stream);

ams_status_t amsMomentsOpen(const char *path, AmsMomentsFile *outFile);
void amsMomentsClose(AmsMomentsFile *file);

/* The layer of that name and fingerprint, or NULL; `*outNamed` says whether one
 * has the name. */
const AmsMomentsLayer *amsMomentsFind(const AmsMomentsFile *file,
                                      const char *name, uint64_t fingerprint,
                                      bool *outNamed);

/* The sums of `layer`, as ams_layer_moments_t has them; freed with free(). */
ams_status_t amsMomentsRead(const AmsMomentsFile *file,
                            const AmsMomentsLayer *layer, double **outSums);

#endif /* AMS_ASSIGN_MOMENTS_H */
