//===-- embedded_main.c - The program around a linked model -------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runner.h"

/// AMS_ABI_MODEL_SYMBOL, of the model's object.
extern const ams_abi_model_t ams_model;

int main(int argc, char **argv) { return ams_run_main(argc, argv, &ams_model); }
