//===-- main.c - ams-opt - C --------------------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ams-c/Register.h"

int main(int argc, char **argv) { return amsOptMain(argc, argv); }
