/*===-- Calibrated.c - Compiling with measured gains -------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Builds that are run, in float32 and for the device (with error feedback    *|
|* twice: inputs are measured first; more where conditioning is chosen), and  *|
|* then the one that was asked for.                                           *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "ams-c/Calibrate.h"

#include "CalibrationReport.h"
#include "CalibrationSession.h"
#include "ChooseConditions.h"
#include "Device.h"
#include "KeptLayers.h"
#include "Moments.h"
#include "Quantization.h"
#include "output_file.h"

#include "ams-c/Dialect.h"

#include "mlir-c/Diagnostics.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static ams_status_t outOfMemory(void) {
  return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory");
}

static MlirLogicalResult ignore(MlirDiagnostic diagnostic, void *userData) {
  (void)diagnostic;
  (void)userData;
  return mlirLogicalResultSuccess();
}

/* The gains and rows of the device that is asked for. One that cannot be read
 * is for amsCompile to refuse. */
static void findDevice(AmsCalibrationSession *session) {
  MlirContext context = mlirContextCreate();
  mlirDialectHandleLoadDialect(mlirGetDialectHandle__ams__(), context);
  mlirContextAttachDiagnosticHandler(context, ignore, NULL, NULL);
  MlirAttribute device =
      amsDeviceFind(mlirLocationUnknownGet(context), session->options->device);
  if (!mlirAttributeIsNull(device)) {
    session->numGains =
        amsDeviceAttrGetGains(device, AMS_PROFILE_MOST_GAINS, session->gains);
    session->rows = amsDeviceAttrGetAbi(device).rows;
  }
  mlirContextDestroy(context);
}

/* Makes an empty file, and its path. */
static ams_status_t makeTemporary(char **outPath) {
  const char *temporary = getenv("TMPDIR");
  char *path = NULL;
  if (asprintf(&path, "%s/ams-calibrate-XXXXXX",
               temporary && *temporary ? temporary : "/tmp") < 0)
    return outOfMemory();
  int file = mkstemp(path);
  if (file >= 0) {
    close(file);
    *outPath = path;
    return AMS_OK;
  }
  ams_status_t status = ams_status_make(AMS_STATUS_IO, "cannot write '%s': %s",
                                        path, strerror(errno));
  free(path);
  return status;
}

AmsCompileOptions amsCalibrationOptions(const AmsCalibrationSession *session,
                                        const AmsCalibratedBuild *build) {
  AmsCompileOptions own = *session->options;
  own.emit = AmsEmitSharedLibrary;
  own.target = AmsTargetDevice;
  own.gains = session->firstGain;
  own.condition = build->condition;
  own.moments = build->moments;
  own.cpu = "native";
  own.dumpPhases = NULL;
  own.onPhase = NULL;
  own.onMessage = NULL;
  return own;
}

ams_status_t amsCalibrationBuild(const AmsCompileOptions *options,
                                 ams_model_t **outModel) {
  char *path = NULL;
  AMS_RETURN_IF_ERROR(makeTemporary(&path));
  AmsCompileOptions own = *options;
  own.output = path;
  ams_status_t status = amsCompile(&own);
  if (!status)
    status = ams_model_load(path, outModel);
  unlink(path);
  free(path);
  return status;
}

/* Loads the samples, and computes what the outputs are compared with. */
static ams_status_t runReference(AmsCalibrationSession *session) {
  const AmsCalibrateOptions *asked = session->asked;
  AmsCalibration *calibration = &session->calibration;
  const AmsCalibratedBuild plain = {.condition = "", .moments = ""};
  AmsCompileOptions options = amsCalibrationOptions(session, &plain);
  options.target = AmsTargetDigital;
  AMS_RETURN_IF_ERROR(amsCalibrationBuild(&options, &session->digital));
  AMS_RETURN_IF_ERROR(asked->loadInputs(asked->userData, session->digital,
                                        &calibration->inputs,
                                        &calibration->samples));
  AMS_RETURN_IF_ERROR(amsOutputsAllocate(session->digital, calibration->samples,
                                         &session->reference));
  calibration->reference = session->reference.data;
  if (asked->onProgress)
    asked->onProgress(asked->userData, "running float32");
  ams_run_options_t run = ams_run_options_default();
  run.threads = calibration->threads;
  return ams_model_run(session->digital, &run, calibration->samples,
                       calibration->inputs, session->reference.data);
}

ams_status_t amsCheckLayerName(const char *name) {
  if (!strpbrk(name, ",'{}"))
    return AMS_OK;
  return ams_status_make(
      AMS_STATUS_UNSUPPORTED,
      "layer \"%s\": its name holds a comma, a quote or a brace, so that no "
      "gain or conditioning can be given to it by name; rename the model's "
      "node",
      name);
}

/* "LAYER:GAIN,…", as the option of the passes has it. */
static ams_status_t writeGains(const AmsCalibrationResult *result,
                               char **outText) {
  char *text = NULL;
  size_t size = 0;
  FILE *stream = open_memstream(&text, &size);
  if (!stream)
    return outOfMemory();
  ams_status_t status = AMS_OK;
  for (size_t i = 0; i < result->profile.numLayers && !status; ++i) {
    const char *name = result->profile.layers[i].name;
    status = amsCheckLayerName(name);
    const AmsAssignedGain *own = &result->gains[i];
    fprintf(stream, "%s%s:", i ? "," : "", name);
    if (!own->gains)
      fprintf(stream, "%.9g", (double)own->gain);
    for (int64_t j = 0; own->gains && j < own->numGains; ++j)
      fprintf(stream, "%s%.9g", j ? "/" : "", (double)own->gains[j]);
  }
  if (fclose(stream) != 0 && !status)
    status = outOfMemory();
  if (status)
    free(text);
  else
    *outText = text;
  return status;
}

/* Measures inputs of the build's model, and builds it again with weights that
 * are rounded by them. */
static ams_status_t feedBack(AmsCalibrationSession *session,
                             AmsCalibratedBuild *build) {
  AMS_RETURN_IF_ERROR(amsCalibrateMoments(&session->calibration));
  char *path = NULL;
  AMS_RETURN_IF_ERROR(makeTemporary(&path));
  free(build->moments);
  build->moments = path;
  ams_output_file_t output;
  AMS_RETURN_IF_ERROR(ams_output_file_open(path, &output));
  amsMomentsBegin(output.stream);
  ams_status_t status = amsMomentsWrite(build->device, output.stream);
  if (status) {
    ams_output_file_discard(&output);
    return status;
  }
  AMS_RETURN_IF_ERROR(ams_output_file_commit(&output));
  ams_model_free(build->device);
  build->device = NULL;
  AmsCompileOptions options = amsCalibrationOptions(session, build);
  return amsCalibrationBuild(&options, &build->device);
}

ams_status_t amsCalibrateBuild(AmsCalibrationSession *session,
                               const char *condition,
                               AmsCalibratedBuild *outBuild) {
  *outBuild = (AmsCalibratedBuild){.condition = strdup(condition),
                                   .moments = strdup("")};
  if (!outBuild->condition || !outBuild->moments)
    return outOfMemory();
  AmsCompileOptions options = amsCalibrationOptions(session, outBuild);
  AMS_RETURN_IF_ERROR(amsCalibrationBuild(&options, &outBuild->device));
  session->calibration.model = outBuild->device;
  if (session->asked->errorFeedback)
    AMS_RETURN_IF_ERROR(feedBack(session, outBuild));
  session->calibration.model = outBuild->device;
  return amsCalibrate(&session->calibration, &outBuild->result);
}

void amsCalibratedBuildFree(AmsCalibratedBuild *build) {
  if (build->moments && *build->moments)
    unlink(build->moments);
  free(build->moments);
  free(build->condition);
  ams_model_free(build->device);
  amsCalibrationResultFree(&build->result);
  *build = (AmsCalibratedBuild){0};
}

static ams_status_t keepProfile(AmsCalibrationSession *session) {
  AmsCalibratedBuild *build = &session->build;
  AMS_RETURN_IF_ERROR(amsMeasureQuantization(session, build));
  ams_output_file_t output;
  AMS_RETURN_IF_ERROR(ams_output_file_open(session->asked->profile, &output));
  amsProfileWrite(&build->result.profile, output.stream);
  return ams_output_file_commit(&output);
}

/* Copies the second moments to where they are kept. */
static ams_status_t keepMoments(const AmsCalibrationSession *session) {
  FILE *from = fopen(session->build.moments, "rb");
  if (!from)
    return ams_status_make(AMS_STATUS_IO, "cannot read '%s': %s",
                           session->build.moments, strerror(errno));
  ams_output_file_t output;
  ams_status_t status = ams_output_file_open(session->asked->moments, &output);
  if (!status) {
    char buffer[1 << 14];
    while (!feof(from) && !ferror(from))
      fwrite(buffer, 1, fread(buffer, 1, sizeof buffer, from), output.stream);
    if (ferror(from)) {
      ams_output_file_discard(&output);
      status = ams_status_make(AMS_STATUS_IO, "cannot read '%s'",
                               session->build.moments);
    } else {
      status = ams_output_file_commit(&output);
    }
  }
  fclose(from);
  return status;
}

/* Compiles what was asked for as the session's build is. */
static ams_status_t finish(AmsCalibrationSession *session,
                           const char *keepDigital) {
  const AmsCalibratedBuild *build = &session->build;
  const AmsCalibrationResult *result = &build->result;
  if (session->asked->profile)
    AMS_RETURN_IF_ERROR(keepProfile(session));
  if (session->asked->moments)
    AMS_RETURN_IF_ERROR(keepMoments(session));
  char *gains = NULL;
  AMS_RETURN_IF_ERROR(writeGains(result, &gains));
  AmsCompileOptions own = *session->options;
  own.keepDigitalLayers = keepDigital;
  own.condition = build->condition;
  own.moments = build->moments;
  if (result->profile.numLayers > 0)
    own.gains = gains;
  ams_status_t status = amsCompile(&own);
  free(gains);
  if (!status && session->asked->report)
    amsCalibrationReport(&session->calibration, result, session->asked->report);
  return status;
}

/* Calibrates anew what stays on the device beside the layers `kept`, with what
 * these leave of the budget, and compiles that. */
static ams_status_t finishBeside(AmsCalibrationSession *session,
                                 const AmsKeptLayers *kept) {
  AmsCalibration *calibration = &session->calibration;
  AmsCalibratedBuild *build = &session->build;
  ams_model_free(build->device);
  build->device = NULL;
  free(build->condition);
  build->condition = strdup(kept->condition);
  if (!build->condition)
    return outOfMemory();
  AmsCompileOptions options = amsCalibrationOptions(session, build);
  options.keepDigitalLayers = kept->patterns;
  AMS_RETURN_IF_ERROR(amsCalibrationBuild(&options, &build->device));
  calibration->model = build->device;
  calibration->goal.budget = build->result.budget - kept->energy;
  calibration->goal.relative = false;
  AmsCalibrationResult all = build->result;
  ams_status_t status = amsCalibrate(calibration, &build->result);
  if (!status)
    status = finish(session, kept->patterns);
  if (!status && session->asked->report)
    amsKeptLayersReport(kept, &all, session->asked->report);
  amsCalibrationResultFree(&all);
  return status;
}

static ams_status_t keepDigital(AmsCalibrationSession *session) {
  AmsKeptLayers kept;
  AMS_RETURN_IF_ERROR(amsKeepLayers(session, &session->build.result,
                                    (size_t)session->asked->keepDigital,
                                    &kept));
  ams_status_t status = finishBeside(session, &kept);
  amsKeptLayersFree(&kept);
  return status;
}

static ams_status_t compile(AmsCalibrationSession *session) {
  const AmsCalibrateOptions *asked = session->asked;
  AmsCalibration *calibration = &session->calibration;
  findDevice(session);
  snprintf(session->firstGain, sizeof session->firstGain, "%.9g",
           session->numGains ? (double)session->gains[0] : 1);
  *calibration = amsCalibrationDefault();
  if (session->numGains) {
    calibration->gains = session->gains;
    calibration->numGains = session->numGains;
  }
  if (asked->gainPer)
    AMS_RETURN_IF_ERROR(
        amsGainGoalParsePer(asked->gainPer, &calibration->goal));
  calibration->seed = asked->seed;
  calibration->threads = asked->threads;
  calibration->onProgress = asked->onProgress;
  calibration->userData = asked->userData;
  if (asked->budget)
    AMS_RETURN_IF_ERROR(
        amsGainGoalParseBudget(asked->budget, &calibration->goal));
  AMS_RETURN_IF_ERROR(runReference(session));
  const char *condition = session->options->condition;
  AMS_RETURN_IF_ERROR(
      strcmp(condition, amsConditionAuto) == 0
          ? amsChooseConditions(session)
          : amsCalibrateBuild(session, condition, &session->build));
  if (asked->keepDigital)
    return keepDigital(session);
  AMS_RETURN_IF_ERROR(finish(session, session->options->keepDigitalLayers));
  if (asked->report)
    amsCalibrationSuggest(&session->build.result, asked->report);
  return AMS_OK;
}

ams_status_t amsCompileCalibrated(const AmsCompileOptions *options,
                                  const AmsCalibrateOptions *calibrate) {
  if (options->target == AmsTargetDigital)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "the digital target has no gains to calibrate");
  AMS_RETURN_IF_ERROR(amsCompileCheck(options));
  if (calibrate->gainPer)
    AMS_RETURN_IF_ERROR(
        amsGainGoalParsePer(calibrate->gainPer, &(AmsGainGoal){0}));
  if (calibrate->profile)
    AMS_RETURN_IF_ERROR(ams_output_file_probe(calibrate->profile));
  if (calibrate->moments)
    AMS_RETURN_IF_ERROR(ams_output_file_probe(calibrate->moments));
  AmsCalibrationSession session = {.options = options, .asked = calibrate};
  ams_status_t status = compile(&session);
  amsOutputsFree(&session.reference);
  amsCalibratedBuildFree(&session.build);
  ams_model_free(session.digital);
  return status;
}
