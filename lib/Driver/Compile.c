/*===-- Compile.c - The compiler as one call ---------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Which step follows which, for each kind of output.                         *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "ams-c/Compile.h"
#include "ams-c/Passes.h"

#include "Clock.h"
#include "Codegen.h"
#include "Diagnostics.h"
#include "ElfWriter.h"
#include "Link.h"
#include "Phases.h"
#include "Reader.h"
#include "Sections.h"
#include "TargetCpu.h"

#include "ams-c/Register.h"

#include "output_file.h"
#include "scratch_file.h"

#include "mlir-c/RegisterEverything.h"

#include <pthread.h>
#include <string.h>

const char amsConditionAuto[] = "auto";

AmsCompileOptions amsCompileOptionsDefault(void) {
  return (AmsCompileOptions){
      .device = "abfp-n128",
      .gains = "8",
      .keepDigitalLayers = "",
      .memory = "keep",
      .addNoise = "",
      .noisePer = "layer",
      .policy = "resident",
      .condition = "",
      .moments = "",
      .foldBatchNormalization = true,
      .fuseEpilogues = true,
      .target = AmsTargetDevice,
      .emit = AmsEmitSharedLibrary,
      .level = AmsLevelModel,
  };
}

static bool isText(AmsEmit emit) {
  return emit == AmsEmitLLVM || emit == AmsEmitMLIR;
}

ams_status_t amsCompileCheck(const AmsCompileOptions *options) {
  if (!options->input || !options->output || !options->device ||
      !options->gains || !options->keepDigitalLayers || !options->memory ||
      !options->addNoise || !options->noisePer || !options->condition ||
      !options->moments || !options->policy)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "input, output, device, gains, layers to keep "
                           "digital, memory, layers with noise, what its "
                           "histograms are of, conditioning, second moments "
                           "and policy must be given");
  if (*options->addNoise && !options->loss)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "noise is added to layers of a step of training: "
                           "name a loss");
  if (options->recordNoise && (options->loss || options->weightsAsArguments ||
                               options->target == AmsTargetDigital))
    return ams_status_make(
        AMS_STATUS_INVALID_ARGUMENT,
        "noise is recorded of a model on the device: "
        "without a loss or weights as arguments, and not for "
        "the digital target");
  if (options->recordNodes && (options->loss || options->recordNoise))
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "results of nodes are recorded of a model itself: "
                           "without a loss, and without its noise");
  if (options->loss && options->target == AmsTargetPlain)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "a step of training has gradients, which only the "
                           "runtime computes: compile it for the device or "
                           "the digital target");
  if (options->clampGradient &&
      (!options->loss || options->target != AmsTargetDevice))
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "gradients are clamped where the device's ADC "
                           "clipped, in a step of training: name a loss, and "
                           "compile for the device");
  if (options->foldArguments &&
      (*options->addNoise || (!options->loss && !options->weightsAsArguments)))
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "batch normalisation is folded into weights that "
                           "are arguments: name a loss, or make weights "
                           "arguments, and add no noise, which is recorded "
                           "with it apart");
  if (options->batch < 0)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "a batch of %lld samples: it must be positive",
                           (long long)options->batch);
  if (strcmp(options->output, "-") == 0 && !isText(options->emit))
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "only MLIR and LLVM IR can go to standard output: "
                           "name an output file");
  AmsTargetCpu cpu;
  AMS_RETURN_IF_ERROR(amsTargetCpuResolve(options->cpu, &cpu));
  amsTargetCpuDispose(&cpu);
  AMS_RETURN_IF_ERROR(amsPhasesCheck(options));
  return ams_output_file_probe(options->output);
}

static MlirContext createContext(void) {
  static pthread_once_t passesOnce = PTHREAD_ONCE_INIT;
  pthread_once(&passesOnce, amsRegisterAllPasses);
  MlirDialectRegistry registry = mlirDialectRegistryCreate();
  amsRegisterAllDialects(registry);
  MlirContext context = mlirContextCreateWithRegistry(registry, false);
  mlirDialectRegistryDestroy(registry);
  mlirContextLoadAllAvailableDialects(context);
  mlirRegisterAllLLVMTranslations(context);
  return context;
}

static bool isBytecodePath(const char *path) {
  const char *suffix = strrchr(path, '.');
  return suffix && strcmp(suffix, ".mlirbc") == 0;
}

static ams_status_t emitMlir(MlirModule module,
                             const AmsCompileOptions *options) {
  ams_output_file_t output;
  AMS_RETURN_IF_ERROR(ams_output_file_open(options->output, &output));
  MlirOperation operation = mlirModuleGetOperation(module);
  if (options->level == AmsLevelModel)
    amsNameProducts(operation);
  if (isBytecodePath(options->output))
    mlirOperationWriteBytecode(operation, amsPrintToStream, output.stream);
  else
    mlirOperationPrint(operation, amsPrintToStream, output.stream);
  return ams_output_file_commit(&output);
}

static ams_status_t emitLlvm(AmsCodegen *codegen,
                             const AmsCompileOptions *options) {
  ams_output_file_t output;
  AMS_RETURN_IF_ERROR(ams_output_file_open(options->output, &output));
  amsCodegenWriteText(codegen, output.stream);
  return ams_output_file_commit(&output);
}

static ams_status_t writeCode(AmsCodegen *codegen, FILE *stream,
                              const AmsCompileOptions *options) {
  double start = amsClockNow();
  AMS_RETURN_IF_ERROR(amsCodegenWriteObject(codegen, stream));
  AMS_RETURN_IF_ERROR(ams_scratch_finish(stream, options->output));
  amsClockReport(options, "object", start);
  return AMS_OK;
}

static ams_status_t writeConstants(const AmsSections *sections, FILE *stream,
                                   const AmsCompileOptions *options) {
  double start = amsClockNow();
  AMS_RETURN_IF_ERROR(
      amsElfWrite(stream, AMS_ELF_MACHINE, sections->parts, sections->count));
  AMS_RETURN_IF_ERROR(ams_scratch_finish(stream, options->output));
  amsClockReport(options, "constants", start);
  return AMS_OK;
}

static ams_status_t emitBinary(AmsCodegen *codegen, const AmsSections *sections,
                               const AmsCompileOptions *options) {
  FILE *code = NULL, *constants = NULL;
  ams_status_t status = ams_scratch_open(options->output, &code);
  if (!status)
    status = ams_scratch_open(options->output, &constants);
  if (!status)
    status = writeCode(codegen, code, options);
  if (!status)
    status = writeConstants(sections, constants, options);
  if (!status) {
    double start = amsClockNow();
    status = amsLink(options, amsCodegenCallsFloat(codegen), fileno(code),
                     fileno(constants));
    amsClockReport(options, "link", start);
  }
  if (code)
    fclose(code);
  if (constants)
    fclose(constants);
  return status;
}

static ams_status_t emitCode(MlirModule module,
                             const AmsCompileOptions *options,
                             AmsDiagnostics *diagnostics) {
  AmsSections sections;
  AMS_RETURN_IF_ERROR(amsSectionsTake(module, &sections));
  AmsCodegen *codegen = NULL;
  double start = amsClockNow();
  ams_status_t status =
      amsCodegenCreate(module, options->cpu, diagnostics, &codegen);
  amsClockReport(options, "optimise", start);
  if (!status)
    status = options->emit == AmsEmitLLVM
                 ? emitLlvm(codegen, options)
                 : emitBinary(codegen, &sections, options);
  amsCodegenDestroy(codegen);
  amsSectionsRelease(&sections);
  return status;
}

static ams_status_t compileIn(MlirContext context,
                              const AmsCompileOptions *options,
                              AmsDiagnostics *diagnostics) {
  MlirModule module = {NULL};
  double start = amsClockNow();
  AMS_RETURN_IF_ERROR(amsReadModel(context, options, diagnostics, &module));
  amsClockReport(options, "read", start);
  ams_status_t status = amsPhasesRun(module, options, diagnostics);
  if (!status)
    status = options->emit == AmsEmitMLIR
                 ? emitMlir(module, options)
                 : emitCode(module, options, diagnostics);
  mlirModuleDestroy(module);
  return status;
}

ams_status_t amsCompile(const AmsCompileOptions *options) {
  if (options->condition && !strcmp(options->condition, amsConditionAuto))
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "the conditioning 'auto' is chosen by calibration: "
                           "give samples to calibrate with, or one of none, "
                           "mean, spread, both");
  AMS_RETURN_IF_ERROR(amsCompileCheck(options));
  AmsDiagnostics diagnostics;
  AMS_RETURN_IF_ERROR(amsDiagnosticsOpen(&diagnostics, options));
  MlirContext context = createContext();
  amsDiagnosticsAttach(&diagnostics, context);
  ams_status_t status = compileIn(context, options, &diagnostics);
  mlirContextDestroy(context);
  amsDiagnosticsClose(&diagnostics);
  return status;
}
