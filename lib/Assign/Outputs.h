/*===-- Outputs.h - What a run gave, and how far off --------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* All outputs of a model for a number of samples.                            *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_ASSIGN_OUTPUTS_H
#define AMS_ASSIGN_OUTPUTS_H

#include "ams/runtime.h"

typedef struct AmsOutputs {
  size_t count;
  int64_t *sizes; /* elements of each; 0 for those that are not float32 */
  void **data;
} AmsOutputs;

/* Fails where the outputs need more memory than there is. */
ams_status_t amsOutputsAllocate(const ams_model_t *model, int64_t samples,
                                AmsOutputs *outOutputs);
void amsOutputsFree(AmsOutputs *outputs);

/* Sum of squares of the float32 outputs, or of what they differ by from
 * `reference`. */
double amsOutputsSignal(const AmsOutputs *outputs);
double amsOutputsError(const AmsOutputs *outputs, void *const *reference);

#endif /* AMS_ASSIGN_OUTPUTS_H */
