//===-- check_test.c - Tests of what the compiler refuses --------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Options that the programs cannot pass on, but callers of the library can.
//
//===----------------------------------------------------------------------===//

#include "Diagnostics.h"

#include "ams-c/Compile.h"
#include "ams-c/Import.h"

#include "mlir-c/Diagnostics.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static AmsCompileOptions usual(void) {
  AmsCompileOptions options = amsCompileOptionsDefault();
  options.input = "model.mlir";
  options.output = "/dev/null";
  return options;
}

static void refuse(const AmsCompileOptions *options, const char *message) {
  ams_status_t status = amsCompileCheck(options);
  if (!status)
    fail_msg("not refused: %s", message);
  if (!strstr(ams_status_message(status), message))
    fail_msg("not \"%s\": %s", message, ams_status_message(status));
  ams_status_free(status);
}

static void test_texts(void **state) {
  (void)state;
  static const struct {
    size_t offset;
    const char *name;
    bool optional;
  } texts[] = {
      {offsetof(AmsCompileOptions, device), "the device", false},
      {offsetof(AmsCompileOptions, gains), "the gains", false},
      {offsetof(AmsCompileOptions, keepDigitalLayers),
       "the layers to keep digital", false},
      {offsetof(AmsCompileOptions, policy), "the policy", false},
      {offsetof(AmsCompileOptions, condition), "the conditioning", false},
      {offsetof(AmsCompileOptions, moments), "the file of second moments",
       false},
      {offsetof(AmsCompileOptions, memory), "the memory", false},
      {offsetof(AmsCompileOptions, noisePer), "what noise's histograms are of",
       false},
      {offsetof(AmsCompileOptions, loss), "the loss", true},
      {offsetof(AmsCompileOptions, cost), "the cost's format", true},
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; ++i) {
    AmsCompileOptions options = usual();
    const char **text = (const char **)((char *)&options + texts[i].offset);
    char message[128];
    snprintf(message, sizeof message,
             "%s 'a}' holds a quote or a brace, which a pipeline cannot carry",
             texts[i].name);
    *text = "a}";
    refuse(&options, message);
    *text = NULL;
    if (!texts[i].optional)
      refuse(&options,
             "input, output, device, gains, layers to keep digital, memory, "
             "layers with noise, what its histograms are of, conditioning, "
             "second moments and policy must be given");
  }
}

static void test_numbers(void **state) {
  (void)state;
  AmsCompileOptions options = usual();
  options.batch = -1;
  refuse(&options, "a batch of -1 samples: it must be positive");
  options = usual();
  options.level = (AmsLevel)7;
  refuse(&options, "there is no level 7: they go from 0 to 6");
}

static MlirLogicalResult keep(MlirDiagnostic diagnostic, void *text) {
  FILE *stream = fmemopen(text, 256, "w");
  mlirDiagnosticPrint(diagnostic, amsPrintToStream, stream);
  fclose(stream);
  return mlirLogicalResultSuccess();
}

/// In a context that knows no dialects.
static void test_import(void **state) {
  (void)state;
  char message[256] = "";
  MlirContext context = mlirContextCreate();
  mlirContextAttachDiagnosticHandler(context, keep, message, NULL);
  AmsImportOptions options = {.batch = 0};
  assert_true(mlirModuleIsNull(amsImportOnnx(context, "none.onnx", &options)));
  assert_string_equal(message, "the batch must be at least 1");
  options.batch = 1;
  assert_true(mlirModuleIsNull(amsImportOnnx(context, "none.onnx", &options)));
  assert_string_equal(message,
                      "the dialect arith is not registered in the context");
  mlirContextDestroy(context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_texts),
      cmocka_unit_test(test_numbers),
      cmocka_unit_test(test_import),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
