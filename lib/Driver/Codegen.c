/*===-- Codegen.c - LLVM dialect to native code ------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* LLVM's C API, from translation to the object's bytes.                      *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Codegen.h"

#include "TargetCpu.h"

#include "ams/abi.h"

#include "mlir-c/Target/LLVMIR.h"

#include "llvm-c/Analysis.h"
#include "llvm-c/Core.h"
#include "llvm-c/Error.h"
#include "llvm-c/Target.h"
#include "llvm-c/TargetMachine.h"
#include "llvm-c/Transforms/PassBuilder.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct AmsCodegen {
  LLVMContextRef context;
  LLVMModuleRef module;
  LLVMTargetMachineRef machine;
  char *error; /* LLVM's first error, or NULL */
};

/* Without a handler LLVM prints an error and ends the process. */
static void keepError(LLVMDiagnosticInfoRef info, void *userData) {
  AmsCodegen *codegen = userData;
  if (LLVMGetDiagInfoSeverity(info) == LLVMDSError && !codegen->error)
    codegen->error = LLVMGetDiagInfoDescription(info);
}

static ams_status_t failed(const char *what, const char *why) {
  return ams_status_make(AMS_STATUS_UNSUPPORTED, "%s: %s", what, why);
}

static ams_status_t createMachine(AmsCodegen *codegen, const char *cpuName) {
  if (LLVMInitializeNativeTarget() || LLVMInitializeNativeAsmPrinter() ||
      LLVMInitializeNativeAsmParser())
    return failed("cannot generate code",
                  "LLVM was built without this processor's target");
  AmsTargetCpu cpu;
  AMS_RETURN_IF_ERROR(amsTargetCpuResolve(cpuName, &cpu));
  char *triple = LLVMGetDefaultTargetTriple();
  char *message = NULL;
  LLVMTargetRef target = NULL;
  ams_status_t status = AMS_OK;
  if (LLVMGetTargetFromTriple(triple, &target, &message)) {
    status = failed("cannot generate code", message);
    LLVMDisposeMessage(message);
  } else {
    codegen->machine = LLVMCreateTargetMachine(
        target, triple, cpu.name, cpu.features, LLVMCodeGenLevelAggressive,
        LLVMRelocPIC, LLVMCodeModelSmall);
    if (!codegen->machine)
      status = failed("cannot generate code", triple);
  }
  LLVMDisposeMessage(triple);
  amsTargetCpuDispose(&cpu);
  return status;
}

static ams_status_t translate(AmsCodegen *codegen, MlirModule module,
                              AmsDiagnostics *diagnostics) {
  codegen->module = mlirTranslateModuleToLLVMIR(mlirModuleGetOperation(module),
                                                codegen->context);
  if (!codegen->module)
    return amsDiagnosticsStatus(diagnostics, AMS_STATUS_UNSUPPORTED,
                                "cannot translate the module to LLVM IR");
  char *triple = LLVMGetTargetMachineTriple(codegen->machine);
  LLVMTargetDataRef layout = LLVMCreateTargetDataLayout(codegen->machine);
  LLVMSetTarget(codegen->module, triple);
  LLVMSetModuleDataLayout(codegen->module, layout);
  LLVMDisposeTargetData(layout);
  LLVMDisposeMessage(triple);
  return AMS_OK;
}

static void internalise(LLVMValueRef global) {
  size_t length;
  const char *name = LLVMGetValueName2(global, &length);
  if (LLVMIsDeclaration(global) || strcmp(name, AMS_ABI_MODEL_SYMBOL) == 0)
    return;
  LLVMSetLinkage(global, LLVMInternalLinkage);
  LLVMSetVisibility(global, LLVMDefaultVisibility);
}

/* A model exports its entry table alone. A module without one keeps its
 * symbols. */
static void internaliseModel(LLVMModuleRef module) {
  LLVMValueRef table = LLVMGetNamedGlobal(module, AMS_ABI_MODEL_SYMBOL);
  if (!table || LLVMIsDeclaration(table))
    return;
  for (LLVMValueRef f = LLVMGetFirstFunction(module); f;
       f = LLVMGetNextFunction(f))
    internalise(f);
  for (LLVMValueRef g = LLVMGetFirstGlobal(module); g; g = LLVMGetNextGlobal(g))
    internalise(g);
}

static ams_status_t optimise(AmsCodegen *codegen) {
  char *message = NULL;
  bool broken =
      LLVMVerifyModule(codegen->module, LLVMReturnStatusAction, &message);
  ams_status_t status =
      broken ? failed("the generated LLVM IR is invalid", message) : AMS_OK;
  LLVMDisposeMessage(message);
  if (status)
    return status;
  LLVMPassBuilderOptionsRef options = LLVMCreatePassBuilderOptions();
  LLVMPassBuilderOptionsSetLoopVectorization(options, true);
  LLVMPassBuilderOptionsSetSLPVectorization(options, true);
  LLVMPassBuilderOptionsSetLoopInterleaving(options, true);
  LLVMPassBuilderOptionsSetLoopUnrolling(options, true);
  LLVMErrorRef error =
      LLVMRunPasses(codegen->module, "default<O3>", codegen->machine, options);
  LLVMDisposePassBuilderOptions(options);
  if (error) {
    char *text = LLVMGetErrorMessage(error);
    status = failed("cannot optimise the generated code", text);
    LLVMDisposeErrorMessage(text);
  }
  return status;
}

ams_status_t amsCodegenCreate(MlirModule module, const char *cpu,
                              AmsDiagnostics *diagnostics,
                              AmsCodegen **outCodegen) {
  AmsCodegen *codegen = calloc(1, sizeof(*codegen));
  if (!codegen)
    return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory");
  codegen->context = LLVMContextCreate();
  LLVMContextSetDiagnosticHandler(codegen->context, keepError, codegen);
  ams_status_t status = createMachine(codegen, cpu);
  if (!status)
    status = translate(codegen, module, diagnostics);
  if (!status) {
    internaliseModel(codegen->module);
    status = optimise(codegen);
  }
  if (status)
    amsCodegenDestroy(codegen);
  else
    *outCodegen = codegen;
  return status;
}

bool amsCodegenCallsFloat(const AmsCodegen *codegen) {
  static const char prefix[] = "ams_rt_f32_";
  for (LLVMValueRef f = LLVMGetFirstFunction(codegen->module); f;
       f = LLVMGetNextFunction(f)) {
    size_t length;
    const char *name = LLVMGetValueName2(f, &length);
    if (LLVMIsDeclaration(f) && !strncmp(name, prefix, sizeof prefix - 1))
      return true;
  }
  return false;
}

void amsCodegenWriteText(AmsCodegen *codegen, FILE *stream) {
  char *text = LLVMPrintModuleToString(codegen->module);
  fputs(text, stream);
  LLVMDisposeMessage(text);
}

ams_status_t amsCodegenWriteObject(AmsCodegen *codegen, FILE *stream) {
  char *message = NULL;
  LLVMMemoryBufferRef object = NULL;
  if (LLVMTargetMachineEmitToMemoryBuffer(codegen->machine, codegen->module,
                                          LLVMObjectFile, &message, &object)) {
    ams_status_t status = failed("cannot generate code", message);
    LLVMDisposeMessage(message);
    return status;
  }
  if (!codegen->error)
    fwrite(LLVMGetBufferStart(object), 1, LLVMGetBufferSize(object), stream);
  LLVMDisposeMemoryBuffer(object);
  return codegen->error ? failed("cannot generate code", codegen->error)
                        : AMS_OK;
}

void amsCodegenDestroy(AmsCodegen *codegen) {
  if (!codegen)
    return;
  if (codegen->machine)
    LLVMDisposeTargetMachine(codegen->machine);
  if (codegen->module)
    LLVMDisposeModule(codegen->module);
  LLVMContextDispose(codegen->context);
  if (codegen->error)
    LLVMDisposeMessage(codegen->error);
  free(codegen);
}
