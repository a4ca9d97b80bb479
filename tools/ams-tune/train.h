//===-- train.h - A run of training -------------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TUNE_TRAIN_H
#define AMS_TUNE_TRAIN_H

#include "request.h"

/// Does what `request` asks for. `directory` is for files in between.
ams_status_t ams_train(const ams_tune_request_t *request,
                       const char *directory);

#endif // AMS_TUNE_TRAIN_H
