/*===-- ErrorFeedback.h - Weight codes by error feedback ----------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Chooses the codes of a layer's weights so that their rounding errors       *|
|* cancel for inputs of given second moments, as Frantar et al., "GPTQ:       *|
|* Accurate post-training quantization for generative pre-trained             *|
|* transformers" (ICLR 2023), do. Scales stay as they are; only which codes   *|
|* are programmed changes. Plain C, without MLIR; where the moments come from *|
|* is the caller's affair.                                                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_SUPPORT_ERRORFEEDBACK_H
#define AMS_SUPPORT_ERRORFEEDBACK_H

#include <stdbool.h>
#include <stdint.h>

/* One layer, or one group of a convolution. All arrays are row-major. Columns
 * are what a weight's codes stand for: the reduction, or rows of the crossbars
 * where blocks are spread (docs/spec.md, C3), in the order of the codes,
 * without what pads a last block. */
typedef struct AmsErrorFeedback {
  int64_t outputs;
  int64_t columns;
  int64_t n; /* columns that share a scale: block j is columns j n to
                (j + 1) n - 1 */
  int bits;  /* b_W, 2 to 16 */
  /* Columns whose second moments are known together: `columns` for all of
   * them, or a multiple of n; the last span may be shorter. Errors are fed back
   * within a span. */
  int64_t span;
  const float *weights; /* [outputs][columns], conditioned where the layer is */
  const float *scales;  /* [outputs][blocks], blocks = ceil(columns / n) */
  /* For each span of s columns, [s][s]: sum or mean over input vectors of
   * x_a x_b, of inputs as they are quantised (conditioned). Symmetric. */
  const double *secondMoments;
} AmsErrorFeedback;

/* Fills codes [outputs][columns]. Damps the moments by 1 % of their mean
 * diagonal. False where memory is short, or moments are not finite or not
 * positive semidefinite; codes are unspecified then. */
bool amsErrorFeedback(const AmsErrorFeedback *problem, int16_t *codes);

#endif /* AMS_SUPPORT_ERRORFEEDBACK_H */
