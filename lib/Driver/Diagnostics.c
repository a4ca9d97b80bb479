/*===-- Diagnostics.c - The compiler's messages as text ----------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Formatting of diagnostics and of the locations in them.                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Diagnostics.h"

#include <stdlib.h>

void amsPrintToStream(MlirStringRef text, void *stream) {
  fwrite(text.data, 1, text.length, stream);
}

static void printIdentifier(MlirIdentifier identifier, FILE *stream) {
  amsPrintToStream(mlirIdentifierStr(identifier), stream);
}

/* Prints the place in a file or the name that `location` holds, and ": " behind
 * it; nothing for one that holds neither. */
static void printLocation(MlirLocation location, FILE *stream) {
  if (mlirLocationIsAFileLineColRange(location)) {
    printIdentifier(mlirLocationFileLineColRangeGetFilename(location), stream);
    int line = mlirLocationFileLineColRangeGetStartLine(location);
    int column = mlirLocationFileLineColRangeGetStartColumn(location);
    if (line > 0) /* a binary file has no lines */
      fprintf(stream, ":%d:%d", line, column);
    fputs(": ", stream);
  } else if (mlirLocationIsAName(location)) {
    printLocation(mlirLocationNameGetChildLoc(location), stream);
    printIdentifier(mlirLocationNameGetName(location), stream);
    fputs(": ", stream);
  } else if (mlirLocationIsACallSite(location)) {
    printLocation(mlirLocationCallSiteGetCallee(location), stream);
  } else if (mlirLocationIsAFused(location) &&
             mlirLocationFusedGetNumLocations(location) > 0) {
    size_t count = mlirLocationFusedGetNumLocations(location);
    MlirLocation *locations = calloc(count, sizeof(*locations));
    if (!locations)
      return;
    mlirLocationFusedGetLocations(location, locations);
    printLocation(locations[0], stream);
    free(locations);
  }
}

static const char *severityName(MlirDiagnostic diagnostic) {
  switch (mlirDiagnosticGetSeverity(diagnostic)) {
  case MlirDiagnosticError:
    return "error";
  case MlirDiagnosticWarning:
    return "warning";
  case MlirDiagnosticNote:
    return "note";
  case MlirDiagnosticRemark:
    return "remark";
  }
  return "error";
}

static void printDiagnostic(MlirDiagnostic diagnostic, FILE *stream) {
  printLocation(mlirDiagnosticGetLocation(diagnostic), stream);
  fprintf(stream, "%s: ", severityName(diagnostic));
  mlirDiagnosticPrint(diagnostic, amsPrintToStream, stream);
  for (intptr_t i = 0; i < mlirDiagnosticGetNumNotes(diagnostic); ++i) {
    fputc('\n', stream);
    printDiagnostic(mlirDiagnosticGetNote(diagnostic, i), stream);
  }
}

static void reportMessage(const AmsCompileOptions *options,
                          MlirDiagnostic diagnostic) {
  if (!options->onMessage)
    return;
  char *text = NULL;
  size_t size = 0;
  FILE *stream = open_memstream(&text, &size);
  if (!stream)
    return;
  printDiagnostic(diagnostic, stream);
  if (fclose(stream) == 0)
    options->onMessage(options->userData, text);
  free(text);
}

static MlirLogicalResult handle(MlirDiagnostic diagnostic, void *userData) {
  AmsDiagnostics *diagnostics = userData;
  if (mlirDiagnosticGetSeverity(diagnostic) == MlirDiagnosticError) {
    fputc('\n', diagnostics->errors);
    printDiagnostic(diagnostic, diagnostics->errors);
  } else {
    reportMessage(diagnostics->options, diagnostic);
  }
  return mlirLogicalResultSuccess();
}

ams_status_t amsDiagnosticsOpen(AmsDiagnostics *diagnostics,
                                const AmsCompileOptions *options) {
  *diagnostics = (AmsDiagnostics){.options = options};
  diagnostics->errors = open_memstream(&diagnostics->text, &diagnostics->size);
  if (!diagnostics->errors)
    return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory");
  return AMS_OK;
}

void amsDiagnosticsAttach(AmsDiagnostics *diagnostics, MlirContext context) {
  mlirContextAttachDiagnosticHandler(context, handle, diagnostics, NULL);
}

ams_status_t amsDiagnosticsStatus(AmsDiagnostics *diagnostics,
                                  ams_status_code_t code, const char *what) {
  if (fflush(diagnostics->errors) != 0)
    return ams_status_make(code, "%s", what);
  return ams_status_make(code, "%s%s", what, diagnostics->text);
}

void amsDiagnosticsClose(AmsDiagnostics *diagnostics) {
  if (diagnostics->errors)
    fclose(diagnostics->errors);
  free(diagnostics->text);
  *diagnostics = (AmsDiagnostics){0};
}
