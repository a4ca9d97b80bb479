//===-- checkpoint.h - Where a run stands -------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// All that a run needs to go on to the same bits: counters, weights, and the
// optimizer's state. A file holds, little-endian:
//
//   8 bytes    "AMSTUNE1"
//   8 bytes    uint64: size of what follows, the last 4 bytes left out
//   ...        int64 step, float64 best metric, uint64 number of tensors;
//              uint32 size and bytes of the run's description;
//              for each tensor uint32 size and bytes of its name, uint64 number
//              of float32 numbers, and these
//   4 bytes    CRC-32 (zlib's) of all before
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TUNE_CHECKPOINT_H
#define AMS_TUNE_CHECKPOINT_H

#include "ams/status.h"

#include <stddef.h>
#include <stdint.h>

typedef struct ams_checkpoint_tensor {
  const char *name;
  uint64_t count;
  float *numbers;
} ams_checkpoint_tensor_t;

typedef struct ams_checkpoint {
  const char *run; // what must be the same to go on: model, device, options
  int64_t step;    // steps done
  double best;     // best metric so far
  size_t num_tensors;
  ams_checkpoint_tensor_t *tensors;
} ams_checkpoint_t;

/// Writes `checkpoint` to `path`, whole or not at all.
ams_status_t ams_checkpoint_write(const char *path,
                                  const ams_checkpoint_t *checkpoint);

/// Reads a checkpoint into `checkpoint`, whose run, tensors and their names and
/// sizes say what it must hold. Counters and numbers are changed only if all is
/// well: a corrupt file, or one of another run, is an error that says which.
ams_status_t ams_checkpoint_read(const char *path,
                                 ams_checkpoint_t *checkpoint);

#endif // AMS_TUNE_CHECKPOINT_H
