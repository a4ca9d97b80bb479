//===-- main.c - The tool ams-run ---------------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runner.h"

#include <stddef.h>

int main(int argc, char **argv) { return ams_run_main(argc, argv, NULL); }
