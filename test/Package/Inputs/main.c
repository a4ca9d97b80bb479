//===-- main.c - A user's program over the installed package ------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads a device through the dialect's C API, compiles the model named on the
// command line, loads it and runs it on ones without noise.
//
//===----------------------------------------------------------------------===//

#include "ams-c/Compile.h"
#include "ams-c/Dialect.h"
#include "ams-c/Register.h"
#include "ams/runtime.h"

#include <stdio.h>
#include <stdlib.h>

static int fail(ams_status_t status) {
  fprintf(stderr, "user: error: %s\n", ams_status_message(status));
  ams_status_free(status);
  return 1;
}

static void print_device(void) {
  MlirContext context = mlirContextCreate();
  mlirDialectHandleRegisterDialect(mlirGetDialectHandle__ams__(), context);
  mlirContextGetOrLoadDialect(context, mlirStringRefCreateFromCString("ams"));
  MlirAttribute device = mlirAttributeParseGet(
      context, mlirStringRefCreateFromCString(
                   "#ams.device<rows = 32, columns = 16, crossbars = 5>"));
  printf("device %d: %d rows, %lld crossbars\n", amsAttributeIsADevice(device),
         amsDeviceAttrGetAbi(device).rows,
         (long long)amsDeviceAttrGetCrossbars(device));
  mlirContextDestroy(context);
}

static ams_status_t run(const char *path) {
  ams_model_t *model = NULL;
  AMS_RETURN_IF_ERROR(ams_model_load(path, &model));
  float input[60], output[20] = {0};
  for (int i = 0; i < 60; ++i)
    input[i] = 1;
  const void *inputs[] = {input};
  void *outputs[] = {output};
  ams_run_options_t options = ams_run_options_default();
  options.noise = false;
  ams_status_t status = ams_model_run(model, &options, 1, inputs, outputs);
  ams_model_free(model);
  if (!status)
    printf("output %g %g\n", output[0], output[19]);
  return status;
}

int main(int argc, char **argv) {
  if (argc != 3)
    return 2;
  print_device();
  AmsCompileOptions options = amsCompileOptionsDefault();
  options.input = argv[1];
  options.output = argv[2];
  options.gains = "1";
  ams_status_t status = amsCompile(&options);
  if (!status)
    status = run(argv[2]);
  return status ? fail(status) : 0;
}
