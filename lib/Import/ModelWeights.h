//===-- ModelWeights.h - Weights in an ONNX file -----------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads and replaces the float32 tensors of a model in a copy of its file;
// every other byte stays as it is.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_IMPORT_MODEL_WEIGHTS_H
#define AMS_IMPORT_MODEL_WEIGHTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct AmsModelWeights AmsModelWeights;

/* A copy in memory of the model at `path`. NULL on failure, with the reason in
 * `reason`. */
AmsModelWeights *amsModelWeightsOpen(const char *path, char *reason,
                                     size_t reasonSize);
void amsModelWeightsClose(AmsModelWeights *weights);

/* Copies the `count` numbers of the initializer called `name`. False on
 * failure, with the reason: there is none of that name, of float32, of that
 * size, or its numbers do not stand in the file as raw_data. */
bool amsModelWeightsGet(const AmsModelWeights *weights, const char *name,
                        int64_t count, float *outNumbers, char *reason,
                        size_t reasonSize);
/* Replaces them, with the same failures. */
bool amsModelWeightsSet(AmsModelWeights *weights, const char *name,
                        int64_t count, const float *numbers, char *reason,
                        size_t reasonSize);

/* The whole file with what was replaced. */
const void *amsModelWeightsBytes(const AmsModelWeights *weights,
                                 size_t *outSize);

#endif // AMS_IMPORT_MODEL_WEIGHTS_H
