/*===-- Phases.c - The levels and how to reach them --------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* The table of levels and pipelines, and the walk down it.                   *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Phases.h"

#include "Clock.h"
#include "Level.h"
#include "directory.h"
#include "output_file.h"

#include "mlir-c/Pass.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TO_LAYERS(fold, fuse)                                                  \
  "ams-to-layers{device=$device keep-digital-layers=$kept min-macs=$macs "     \
  "fold-batch-normalization=" fold                                             \
  " fold-arguments=$arguments fuse-epilogues=" fuse "}"

/* For models whose weights are arguments, behind all else at level 1: what
 * follows products or their noise becomes their epilogues. Gradients, if any,
 * were those of the products alone. */
#define FUSE ",ams-fuse-epilogues{varying-weights=$varying},canonicalize,cse"

/* To level 1 for a step of training: weights are named before anything merges
 * equal ones, and what follows a product has gradients of its own. */
#define STEP_PIPELINE(noise)                                                   \
  "ams-weights-to-arguments," TO_LAYERS(                                       \
      "$arguments", "false") "," noise                                         \
                             "ams-to-gradients{loss=$loss memory=$memory "     \
                             "clamp-gradient=$clamp}"
#define NOISE "ams-add-noise{layers=$noise per=$per},"

/* To level 1 with weights as arguments. */
#define ARGUMENTS_PIPELINE                                                     \
  "ams-weights-to-arguments," TO_LAYERS("$fold", "false")

/* Each without and with FUSE. */
static const char *const stepPipelines[] = {
    STEP_PIPELINE(""),
    STEP_PIPELINE("") FUSE,
};
static const char *const noisyStepPipelines[] = {
    STEP_PIPELINE(NOISE),
    STEP_PIPELINE(NOISE) FUSE,
};
static const char *const argumentsPipelines[] = {
    ARGUMENTS_PIPELINE,
    ARGUMENTS_PIPELINE FUSE,
};

/* To level 1 for a model that records what its products' results differ by,
 * which are those of a step. */
static const char recordPipeline[] =
    TO_LAYERS("false", "false") ",ams-record-noise,canonicalize,cse";

/* One line a level, in order. A pipeline's $words stand for values of the
 * options. */
static const struct {
  const char *name;
  bool digital; /* whether the digital target has this level */
  const char *pipeline;
} levels[] = {
    [AmsLevelModel] = {"model", true, NULL},
    [AmsLevelLayers] = {"layers", true, TO_LAYERS("$fold", "$fuse")},
    [AmsLevelScales] = {"scales", false,
                        "ams-to-scales{condition=$condition moments=$moments}"},
    [AmsLevelGains] = {"gains", false, "ams-to-gains{gains=$gains}"},
    [AmsLevelCrossbars] = {"crossbars", false,
                           "ams-to-crossbars{policy=$policy}"},
    [AmsLevelBuffers] = {"buffers", true, "ams-to-buffers{target=$target}"},
    [AmsLevelCode] = {"code", true,
                      "ams-to-code{target=$target sections=$sections}"},
};

/* What prints the cost, once the crossbars are known. */
static const char costPipeline[] = "ams-estimate-cost{format=$cost output=-}";

enum { numLevels = sizeof(levels) / sizeof(*levels) };

/* Resources longer than this many characters are left out of dumps. */
enum { dumpedResourceLimit = 64 };

static const char *targetName(AmsTarget target) {
  switch (target) {
  case AmsTargetDevice:
    return "device";
  case AmsTargetDigital:
    return "digital";
  case AmsTargetPlain:
    return "plain";
  }
  return "device";
}

static bool hasLevel(const AmsCompileOptions *options, int level) {
  return options->target != AmsTargetDigital || levels[level].digital;
}

/* Whether products can have an epilogue though their weights vary. */
static bool weightsMayVary(const AmsCompileOptions *options) {
  return options->target != AmsTargetDigital;
}

/* How `level` is reached from the one before it; NULL: it is there. */
static const char *pipelineTo(int level, const AmsCompileOptions *options) {
  if (level != AmsLevelLayers)
    return levels[level].pipeline;
  /* In float32 only noise takes what follows a layer whose weights vary. */
  const bool fuses =
      options->fuseEpilogues && (weightsMayVary(options) || *options->addNoise);
  if (options->loss)
    return (*options->addNoise ? noisyStepPipelines : stepPipelines)[fuses];
  if (options->recordNoise)
    return recordPipeline;
  if (options->weightsAsArguments)
    return argumentsPipelines[fuses];
  return levels[level].pipeline;
}

static int lastLevel(const AmsCompileOptions *options) {
  return options->emit == AmsEmitMLIR ? (int)options->level : AmsLevelCode;
}

bool amsKeepsSectionsExternal(const AmsCompileOptions *options) {
  return options->emit != AmsEmitMLIR && options->emit != AmsEmitLLVM;
}

int amsLevelFromName(const char *name) {
  for (int level = 0; level < numLevels; ++level)
    if (strcmp(name, levels[level].name) == 0 ||
        (name[0] == '0' + level && !name[1]))
      return level;
  return -1;
}

/* A value between quotes in a pipeline may hold neither of these. */
static ams_status_t checkQuotable(const char *what, const char *value) {
  if (!strpbrk(value, "'{}"))
    return AMS_OK;
  return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                         "%s '%s' holds a quote or a brace, which a pipeline "
                         "cannot carry",
                         what, value);
}

static ams_status_t checkCost(const AmsCompileOptions *options) {
  AMS_RETURN_IF_ERROR(checkQuotable("the cost's format", options->cost));
  if (options->target == AmsTargetDigital)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "a cost is one of crossbars, which the digital "
                           "target does not use");
  if (options->emit == AmsEmitMLIR && options->level < AmsLevelCrossbars)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "the cost is known from level 'crossbars' on, but "
                           "the output is of level '%s'",
                           levels[options->level].name);
  if (strcmp(options->output, "-") == 0)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "cost and output would both go to standard output: "
                           "name an output file");
  return AMS_OK;
}

ams_status_t amsPhasesCheck(const AmsCompileOptions *options) {
  AMS_RETURN_IF_ERROR(checkQuotable("the device", options->device));
  AMS_RETURN_IF_ERROR(checkQuotable("the gains", options->gains));
  AMS_RETURN_IF_ERROR(
      checkQuotable("the layers to keep digital", options->keepDigitalLayers));
  AMS_RETURN_IF_ERROR(checkQuotable("the policy", options->policy));
  AMS_RETURN_IF_ERROR(checkQuotable("the conditioning", options->condition));
  AMS_RETURN_IF_ERROR(
      checkQuotable("the file of second moments", options->moments));
  AMS_RETURN_IF_ERROR(checkQuotable("the memory", options->memory));
  AMS_RETURN_IF_ERROR(
      checkQuotable("the layers with noise", options->addNoise));
  AMS_RETURN_IF_ERROR(
      checkQuotable("what noise's histograms are of", options->noisePer));
  if (options->loss)
    AMS_RETURN_IF_ERROR(checkQuotable("the loss", options->loss));
  if ((int)options->level < 0 || (int)options->level >= numLevels)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "there is no level %d: they go from 0 to %d",
                           (int)options->level, numLevels - 1);
  if (options->emit == AmsEmitMLIR && !hasLevel(options, options->level))
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "the digital target has no level '%s': it goes from "
                           "'layers' to 'buffers'",
                           levels[options->level].name);
  return options->cost ? checkCost(options) : AMS_OK;
}

/* Writes what the word at `*text`, behind a '$', stands for; moves `*text`
 * behind the word. */
static void expandWord(FILE *stream, const char **text,
                       const AmsCompileOptions *options) {
  char macs[24];
  snprintf(macs, sizeof macs, "%" PRId64, options->minMacs);
  const struct {
    const char *word, *value;
  } words[] = {
      {"device", options->device},
      {"kept", options->keepDigitalLayers},
      {"macs", macs},
      {"fold", options->foldBatchNormalization ? "true" : "false"},
      {"arguments", options->foldArguments ? "true" : "false"},
      {"fuse", options->fuseEpilogues ? "true" : "false"},
      {"varying", weightsMayVary(options) ? "true" : "false"},
      {"clamp", options->clampGradient ? "true" : "false"},
      {"gains", options->gains},
      {"loss", options->loss},
      {"memory", options->memory},
      {"noise", options->addNoise},
      {"per", options->noisePer},
      {"policy", options->policy},
      {"cost", options->cost},
      {"condition", options->condition},
      {"moments", options->moments},
      {"target", targetName(options->target)},
      {"sections", amsKeepsSectionsExternal(options) ? "external" : "inline"},
  };
  for (size_t i = 0; i < sizeof(words) / sizeof(*words); ++i) {
    size_t length = strlen(words[i].word);
    if (strncmp(*text, words[i].word, length) == 0) {
      fprintf(stream, "'%s'", words[i].value);
      *text += length;
      return;
    }
  }
}

/* Pipeline `text` with its words replaced; free it. */
static char *expandPipeline(const char *text,
                            const AmsCompileOptions *options) {
  char *expanded = NULL;
  size_t size = 0;
  FILE *stream = open_memstream(&expanded, &size);
  if (!stream)
    return NULL;
  while (*text) {
    char next = *text++;
    if (next == '$')
      expandWord(stream, &text, options);
    else
      fputc(next, stream);
  }
  if (fclose(stream) == 0)
    return expanded;
  free(expanded);
  return NULL;
}

static void printError(MlirStringRef text, void *diagnostics) {
  AmsDiagnostics *kept = diagnostics;
  amsPrintToStream(text, kept->errors);
}

static ams_status_t runPipeline(MlirModule module, const char *text,
                                const AmsCompileOptions *options,
                                AmsDiagnostics *diagnostics) {
  char *pipeline = expandPipeline(text, options);
  if (!pipeline)
    return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory");
  MlirPassManager manager = mlirPassManagerCreate(mlirModuleGetContext(module));
  MlirLogicalResult result = mlirOpPassManagerAddPipeline(
      mlirPassManagerGetAsOpPassManager(manager),
      mlirStringRefCreateFromCString(pipeline), printError, diagnostics);
  if (mlirLogicalResultIsSuccess(result))
    result = mlirPassManagerRunOnOp(manager, mlirModuleGetOperation(module));
  mlirPassManagerDestroy(manager);
  ams_status_t status = AMS_OK;
  if (mlirLogicalResultIsFailure(result)) {
    char what[4200];
    snprintf(what, sizeof(what), "'%s' does not compile: %s failed",
             options->input, pipeline);
    status = amsDiagnosticsStatus(diagnostics, AMS_STATUS_INVALID_DATA, what);
  }
  free(pipeline);
  return status;
}

static ams_status_t dumpLevel(MlirModule module, int level,
                              const AmsCompileOptions *options) {
  size_t size = strlen(options->dumpPhases) + sizeof("/00-crossbars.mlir");
  char *path = malloc(size);
  if (!path)
    return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory");
  snprintf(path, size, "%s/%02d-%s.mlir", options->dumpPhases, level,
           levels[level].name);
  ams_output_file_t output;
  ams_status_t status = ams_output_file_open(path, &output);
  if (!status) {
    MlirOpPrintingFlags flags = mlirOpPrintingFlagsCreate();
    mlirOpPrintingFlagsElideLargeElementsAttrs(flags, dumpedResourceLimit);
    mlirOpPrintingFlagsElideLargeResourceString(flags, dumpedResourceLimit);
    mlirOperationPrintWithFlags(mlirModuleGetOperation(module), flags,
                                amsPrintToStream, output.stream);
    mlirOpPrintingFlagsDestroy(flags);
    status = ams_output_file_commit(&output);
  }
  free(path);
  return status;
}

/* Refuses a module that is beyond what is asked for. */
static ams_status_t checkFirst(MlirModule module, AmsLevel first,
                               const AmsCompileOptions *options) {
  if ((int)first > lastLevel(options))
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "'%s' is at level '%s' already, beyond level '%s'",
                           options->input, levels[first].name,
                           levels[lastLevel(options)].name);
  if (!hasLevel(options, (int)first))
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "'%s' is at level '%s', which the digital target "
                           "does not have",
                           options->input, levels[first].name);
  if (first == AmsLevelBuffers && options->target != AmsTargetDevice &&
      amsLevelHasDeviceProducts(module))
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "'%s' is at level 'buffers' with products for the "
                           "runtime: compile it for the device",
                           options->input);
  return amsLevelCheckOptions(first, levels[first].name, options);
}

ams_status_t amsPhasesRun(MlirModule module, const AmsCompileOptions *options,
                          AmsDiagnostics *diagnostics) {
  AmsLevel first = amsLevelOf(module);
  AMS_RETURN_IF_ERROR(checkFirst(module, first, options));
  if (options->dumpPhases)
    AMS_RETURN_IF_ERROR(ams_directory_make(options->dumpPhases));
  for (int level = (int)first; level <= lastLevel(options); ++level) {
    if (!hasLevel(options, level))
      continue;
    const char *pipeline = pipelineTo(level, options);
    if (pipeline && level > (int)first) {
      double start = amsClockNow();
      AMS_RETURN_IF_ERROR(runPipeline(module, pipeline, options, diagnostics));
      amsClockReport(options, levels[level].name, start);
    }
    if (options->cost && level == AmsLevelCrossbars)
      AMS_RETURN_IF_ERROR(
          runPipeline(module, costPipeline, options, diagnostics));
    if (options->dumpPhases)
      AMS_RETURN_IF_ERROR(dumpLevel(module, level, options));
  }
  return AMS_OK;
}
