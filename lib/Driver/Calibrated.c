/*===-- Calibrated.c - Compiling with measured gains -------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Builds that are run, for the device (with error feedback twice: inputs are *|
|* measured first) and in float32, and then the one that was asked for.       *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "ams-c/Calibrate.h"

#include "CalibrationReport.h"
#include "CalibrationSession.h"
#include "Device.h"
#include "KeptLayers.h"
#include "Moments.h"
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

/* The gains of the device that is asked for. One that cannot be read is for
 * amsCompile to refuse. */
static void findGains(AmsCalibrationSession *session) {
  MlirContext context = mlirContextCreate();
  mlirDialectHandleLoadDialect(mlirGetDialectHandle__ams__(), context);
  mlirContextAttachDiagnosticHandler(context, ignore, NULL, NULL);
  MlirAttribute device =
      amsDeviceFind(mlirLocationUnknownGet(context), session->options->device);
  if (!mlirAttributeIsNull(device))
    session->numGains =
        amsDeviceAttrGetGains(device, AMS_PROFILE_MOST_GAINS, session->gains);
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

ams_status_t amsCalibrationBuild(const AmsCalibrationSession *session,
                                 AmsTarget target, const char *keepDigital,
                                 ams_model_t **outModel) {
  char *path = NULL;
  AMS_RETURN_IF_ERROR(makeTemporary(&path));
  AmsCompileOptions own = *session->options;
  own.output = path;
  own.emit = AmsEmitSharedLibrary;
  own.target = target;
  own.keepDigitalLayers = keepDigital;
  char gain[32];
  snprintf(gain, sizeof gain, "%.9g",
           session->numGains ? (double)session->gains[0] : 1);
  own.gains = gain;
  own.moments = session->moments;
  own.cpu = "native";
  own.dumpPhases = NULL;
  own.onPhase = NULL;
  own.onMessage = NULL;
  ams_status_t status = amsCompile(&own);
  if (!status)
    status = ams_model_load(path, outModel);
  unlink(path);
  free(path);
  return status;
}

static ams_status_t runReference(AmsCalibrationSession *session) {
  const AmsCalibration *calibration = &session->calibration;
  AMS_RETURN_IF_ERROR(amsCalibrationBuild(session, AmsTargetDigital,
                                          session->options->keepDigitalLayers,
                                          &session->digital));
  AMS_RETURN_IF_ERROR(amsOutputsAllocate(session->digital, calibration->samples,
                                         &session->reference));
  if (session->asked->onProgress)
    session->asked->onProgress(session->asked->userData, "running float32");
  ams_run_options_t run = ams_run_options_default();
  run.threads = calibration->threads;
  return ams_model_run(session->digital, &run, calibration->samples,
                       calibration->inputs, session->reference.data);
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
    if (strpbrk(name, ",'{}"))
      status = ams_status_make(
          AMS_STATUS_UNSUPPORTED,
          "layer \"%s\": its name holds a comma, a quote or a brace, so that "
          "no "
          "gain can be given to it by name; rename the model's node",
          name);
    const AmsAssignedGain *own = &result->gains[i];
    fprintf(stream, "%s%s:%.9g", i ? "," : "", name,
            (double)(own->blockGains ? own->blockGains[0] : own->gain));
    for (int64_t j = 1; own->blockGains && j < result->profile.layers[i].blocks;
         ++j)
      fprintf(stream, "/%.9g", (double)own->blockGains[j]);
  }
  if (fclose(stream) != 0 && !status)
    status = outOfMemory();
  if (status)
    free(text);
  else
    *outText = text;
  return status;
}

/* Writes the second moments of the device's inputs to `path`. */
static ams_status_t keepMoments(const AmsCalibrationSession *session,
                                const char *path) {
  AMS_RETURN_IF_ERROR(amsCalibrateMoments(&session->calibration));
  ams_output_file_t output;
  AMS_RETURN_IF_ERROR(ams_output_file_open(path, &output));
  amsMomentsBegin(output.stream);
  ams_status_t status = amsMomentsWrite(session->device, output.stream);
  if (!status)
    return ams_output_file_commit(&output);
  ams_output_file_discard(&output);
  return status;
}

/* Measures inputs, and builds the device's model again with weights that are
 * rounded by them. */
static ams_status_t feedBack(AmsCalibrationSession *session) {
  char *path = NULL;
  if (session->asked->moments)
    path = strdup(session->asked->moments);
  else
    AMS_RETURN_IF_ERROR(makeTemporary(&path));
  if (!path)
    return outOfMemory();
  ams_status_t status = keepMoments(session, path);
  free(session->moments);
  session->moments = path;
  ams_model_free(session->device);
  session->device = NULL;
  if (!status)
    status = amsCalibrationBuild(session, AmsTargetDevice,
                                 session->options->keepDigitalLayers,
                                 &session->device);
  session->calibration.model = session->device;
  return status;
}

static ams_status_t keepProfile(const char *path, const AmsProfile *profile) {
  ams_output_file_t output;
  AMS_RETURN_IF_ERROR(ams_output_file_open(path, &output));
  amsProfileWrite(profile, output.stream);
  return ams_output_file_commit(&output);
}

/* Compiles what was asked for with the gains of `result`. */
static ams_status_t finish(const AmsCalibrationSession *session,
                           const char *keepDigital,
                           const AmsCalibrationResult *result) {
  if (session->asked->profile)
    AMS_RETURN_IF_ERROR(keepProfile(session->asked->profile, &result->profile));
  char *gains = NULL;
  AMS_RETURN_IF_ERROR(writeGains(result, &gains));
  AmsCompileOptions own = *session->options;
  own.keepDigitalLayers = keepDigital;
  if (result->profile.numLayers > 0)
    own.gains = gains;
  own.moments = session->moments;
  ams_status_t status = amsCompile(&own);
  free(gains);
  if (!status && session->asked->report)
    amsCalibrationReport(&session->calibration, result, session->asked->report);
  return status;
}

/* Calibrates anew what stays on the device beside the layers `kept`, with what
 * these leave of the budget, and compiles that. */
static ams_status_t finishBeside(AmsCalibrationSession *session,
                                 const AmsKeptLayers *kept,
                                 const AmsCalibrationResult *all) {
  AmsCalibration *calibration = &session->calibration;
  ams_model_free(session->device);
  session->device = NULL;
  AMS_RETURN_IF_ERROR(amsCalibrationBuild(session, AmsTargetDevice,
                                          kept->patterns, &session->device));
  calibration->model = session->device;
  calibration->goal.budget = all->budget - kept->energy;
  calibration->goal.relative = false;
  AmsCalibrationResult result;
  AMS_RETURN_IF_ERROR(amsCalibrate(calibration, &result));
  ams_status_t status = finish(session, kept->patterns, &result);
  if (!status && session->asked->report)
    amsKeptLayersReport(kept, all, session->asked->report);
  amsCalibrationResultFree(&result);
  return status;
}

static ams_status_t keepDigital(AmsCalibrationSession *session,
                                const AmsCalibrationResult *all) {
  AmsKeptLayers kept;
  AMS_RETURN_IF_ERROR(
      amsKeepLayers(session, all, (size_t)session->asked->keepDigital, &kept));
  ams_status_t status = finishBeside(session, &kept, all);
  amsKeptLayersFree(&kept);
  return status;
}

static ams_status_t compile(AmsCalibrationSession *session) {
  const AmsCalibrateOptions *asked = session->asked;
  AmsCalibration *calibration = &session->calibration;
  const char *keptLayers = session->options->keepDigitalLayers;
  session->moments = strdup("");
  if (!session->moments)
    return outOfMemory();
  findGains(session);
  AMS_RETURN_IF_ERROR(amsCalibrationBuild(session, AmsTargetDevice, keptLayers,
                                          &session->device));
  *calibration = amsCalibrationDefault();
  if (session->numGains) {
    calibration->gains = session->gains;
    calibration->numGains = session->numGains;
  }
  calibration->model = session->device;
  calibration->goal.perBlock = asked->gainPerBlock;
  calibration->seed = asked->seed;
  calibration->threads = asked->threads;
  calibration->onProgress = asked->onProgress;
  calibration->userData = asked->userData;
  if (asked->budget)
    AMS_RETURN_IF_ERROR(
        amsGainGoalParseBudget(asked->budget, &calibration->goal));
  AMS_RETURN_IF_ERROR(asked->loadInputs(asked->userData, session->device,
                                        &calibration->inputs,
                                        &calibration->samples));
  if (asked->errorFeedback)
    AMS_RETURN_IF_ERROR(feedBack(session));
  AMS_RETURN_IF_ERROR(runReference(session));
  calibration->reference = session->reference.data;
  AmsCalibrationResult result;
  AMS_RETURN_IF_ERROR(amsCalibrate(calibration, &result));
  ams_status_t status = asked->keepDigital
                            ? keepDigital(session, &result)
                            : finish(session, keptLayers, &result);
  if (!status && !asked->keepDigital && asked->report)
    amsCalibrationSuggest(&result, asked->report);
  amsCalibrationResultFree(&result);
  return status;
}

ams_status_t amsCompileCalibrated(const AmsCompileOptions *options,
                                  const AmsCalibrateOptions *calibrate) {
  if (options->target == AmsTargetDigital)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "the digital target has no gains to calibrate");
  AMS_RETURN_IF_ERROR(amsCompileCheck(options));
  if (calibrate->profile)
    AMS_RETURN_IF_ERROR(ams_output_file_probe(calibrate->profile));
  if (calibrate->moments)
    AMS_RETURN_IF_ERROR(ams_output_file_probe(calibrate->moments));
  AmsCalibrationSession session = {.options = options, .asked = calibrate};
  ams_status_t status = compile(&session);
  amsOutputsFree(&session.reference);
  ams_model_free(session.device);
  ams_model_free(session.digital);
  if (session.moments && *session.moments && !calibrate->moments)
    unlink(session.moments);
  free(session.moments);
  return status;
}
