/*===-- ProfileFile.c - Profiles as JSON --------------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Written one layer a paragraph; read in any order of keys, with every size  *|
|* checked.                                                                   *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Build.h"
#include "Json.h"
#include "Profile.h"
#include "json_text.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VERSION = 1 };

/* Largest file, and largest number that is a whole one in a double. */
static const long maxFileSize = 1L << 30;
static const double maxInteger = 0x1p53;
static const double maxLayers = 1 << 16, maxBlocks = 1 << 20;
static const int64_t maxTiles = INT64_C(1) << 32;

/*===----------------------------------------------------------------------===*\
|* Writing                                                                    *|
\*===----------------------------------------------------------------------===*/

static void writeFigures(FILE *stream, const ams_gain_profile_t *figures,
                         size_t count) {
  fprintf(stream, "\"saturated\": [");
  for (size_t g = 0; g < count; ++g)
    fprintf(stream, "%s%" PRIu64, g ? ", " : "", figures[g].saturated);
  fprintf(stream, "], \"error\": [");
  for (size_t g = 0; g < count; ++g)
    fprintf(stream, "%s%.17g", g ? ", " : "", figures[g].error);
  fputc(']', stream);
}

/* null: not measured. */
static void writeMeasured(FILE *stream, const char *key, double value) {
  if (isnan(value))
    fprintf(stream, ", \"%s\": null", key);
  else
    fprintf(stream, ", \"%s\": %.17g", key, value);
}

/* The figures [count][numGains] of a layer's parts. */
static void writeParts(FILE *stream, const char *name, int64_t count,
                       const ams_gain_profile_t *figures, size_t numGains) {
  fprintf(stream, ",\n   \"%s\": [", name);
  for (int64_t j = 0; j < count; ++j) {
    fprintf(stream, j ? ",\n     {" : "\n     {");
    writeFigures(stream, figures + (size_t)j * numGains, numGains);
    fputc('}', stream);
  }
  fputc(']', stream);
}

static void writeLayer(FILE *stream, const AmsProfileLayer *layer,
                       size_t numGains) {
  const AmsCostLayer *cost = &layer->cost;
  fprintf(stream, "  {\"name\": ");
  ams_json_print_text(layer->name, stream);
  fprintf(stream, ", \"fingerprint\": \"%016" PRIx64 "\",\n",
          layer->fingerprint);
  fprintf(stream,
          "   \"matrices\": %" PRId64 ", \"sample_vectors\": %" PRId64
          ", \"outputs\": %" PRId64 ", \"reduction\": %" PRId64
          ", \"activations\": %s, \"mean_removed\": %s, \"spread\": %s,\n",
          cost->matrices, cost->vectors, cost->outputs, cost->reduction,
          cost->activations ? "true" : "false",
          cost->meanRemoved ? "true" : "false",
          cost->spread ? "true" : "false");
  fprintf(stream,
          "   \"rows\": %" PRId64 ", \"columns\": %" PRId64
          ", \"input_bits\": %d, \"output_bits\": %d, \"repeats\": %" PRId64
          ",\n",
          cost->rows, cost->columns, cost->inputBits, cost->outputBits,
          cost->repeats);
  fprintf(stream,
          "   \"vectors\": %" PRId64 ", \"blocks\": %" PRId64
          ", \"signal\": %.17g",
          layer->vectors, layer->blocks, layer->signal);
  writeMeasured(stream, "quantization", layer->quantization);
  writeMeasured(stream, "effect", layer->effect);
  fprintf(stream, ",\n   ");
  writeFigures(stream, layer->figures, numGains);
  writeParts(stream, "block", layer->blocks, layer->figures + numGains,
             numGains);
  if (layer->tiles)
    writeParts(stream, "tile", layer->tiles, layer->tile, numGains);
  fputc('}', stream);
}

bool amsProfileWrite(const AmsProfile *profile, FILE *stream) {
  fprintf(stream,
          "{\"ams_profile\": %d,\n \"samples\": %" PRId64
          ", \"output_signal\": %.17g,\n \"gains\": [",
          VERSION, profile->samples, profile->outputSignal);
  for (size_t g = 0; g < profile->numGains; ++g)
    fprintf(stream, "%s%.9g", g ? ", " : "", (double)profile->gains[g]);
  fprintf(stream, "],\n \"layers\": [");
  for (size_t i = 0; i < profile->numLayers; ++i) {
    fprintf(stream, i ? ",\n" : "\n");
    writeLayer(stream, &profile->layers[i], profile->numGains);
  }
  fprintf(stream, "\n ]}\n");
  return !ferror(stream);
}

/*===----------------------------------------------------------------------===*\
|* Reading                                                                    *|
\*===----------------------------------------------------------------------===*/

static bool readInteger(AmsJson *json, double least, double most,
                        int64_t *out) {
  double value = 0;
  if (!amsJsonNumber(json, &value))
    return false;
  if (!(value >= least && value <= most) || value != floor(value))
    return amsJsonFail(json, "a number that is out of range");
  *out = (int64_t)value;
  return true;
}

static bool readSum(AmsJson *json, double *out) {
  if (!amsJsonNumber(json, out))
    return false;
  return (isfinite(*out) && *out >= 0) ||
         amsJsonFail(json, "a sum of squares must be finite and not negative");
}

/* As many numbers as there are gains, into the field that `saturated` says. */
static bool readFigures(AmsJson *json, const AmsProfile *profile,
                        bool saturated, ams_gain_profile_t *figures) {
  bool first = true;
  size_t count = 0;
  amsJsonEnter(json, '[');
  while (amsJsonNextElement(json, &first)) {
    int64_t number = 0;
    if (count == profile->numGains)
      return amsJsonFail(json, "more numbers than gains");
    if (saturated ? !readInteger(json, 0, maxInteger, &number)
                  : !readSum(json, &figures[count].error))
      return false;
    if (saturated)
      figures[count].saturated = (uint64_t)number;
    ++count;
  }
  return !*json->error && (count == profile->numGains ||
                           amsJsonFail(json, "fewer numbers than gains"));
}

/* `figures` of one part, an object. */
static bool readPart(AmsJson *json, const AmsProfile *profile,
                     ams_gain_profile_t *figures) {
  char key[16];
  bool first = true;
  amsJsonEnter(json, '{');
  while (amsJsonNextKey(json, &first, key, sizeof key)) {
    if (!strcmp(key, "saturated"))
      readFigures(json, profile, true, figures);
    else if (!strcmp(key, "error"))
      readFigures(json, profile, false, figures);
    else
      amsJsonSkip(json);
  }
  return !*json->error;
}

/* Figures of one more part behind the layer's `parts`. */
static ams_gain_profile_t *addFigures(const AmsProfile *profile,
                                      AmsProfileLayer *layer, size_t parts) {
  const size_t size = profile->numGains * sizeof *layer->figures;
  layer->figures = amsExtend(layer->figures, parts, size);
  return memset(layer->figures + parts * profile->numGains, 0, size);
}

static bool readBlocks(AmsJson *json, const AmsProfile *profile,
                       AmsProfileLayer *layer) {
  bool first = true;
  amsJsonEnter(json, '[');
  while (amsJsonNextElement(json, &first)) {
    if ((double)layer->blocks >= maxBlocks)
      return amsJsonFail(json, "more blocks than a layer can have");
    readPart(json, profile,
             addFigures(profile, layer, (size_t)++layer->blocks));
  }
  return !*json->error;
}

static bool readTiles(AmsJson *json, const AmsProfile *profile,
                      AmsProfileLayer *layer) {
  const size_t size = profile->numGains * sizeof *layer->tile;
  bool first = true;
  amsJsonEnter(json, '[');
  while (amsJsonNextElement(json, &first)) {
    if (layer->tiles >= maxTiles)
      return amsJsonFail(json, "more tiles than a layer can have");
    layer->tile = amsExtend(layer->tile, (size_t)layer->tiles, size);
    ams_gain_profile_t *figures =
        layer->tile + (size_t)layer->tiles++ * profile->numGains;
    readPart(json, profile, memset(figures, 0, size));
  }
  return !*json->error;
}

static bool readFingerprint(AmsJson *json, uint64_t *out) {
  char *text = NULL, *end;
  if (!amsJsonString(json, &text))
    return false;
  errno = 0;
  *out = strtoull(text, &end, 16);
  bool ok = strlen(text) == 16 && *end == '\0' && errno == 0;
  free(text);
  return ok || amsJsonFail(json, "a fingerprint has 16 hexadecimal digits");
}

static bool readSmall(AmsJson *json, int *out) {
  int64_t value = 0;
  if (!readInteger(json, 1, 64, &value))
    return false;
  *out = (int)value;
  return true;
}

/* The value of `key`; unknown ones are skipped. */
static bool readLayerValue(AmsJson *json, const char *key, AmsProfile *profile,
                           AmsProfileLayer *layer, int64_t *blocks) {
  AmsCostLayer *cost = &layer->cost;
  const struct {
    const char *key;
    int64_t *out;
    double least;
  } integers[] = {
      {"matrices", &cost->matrices, 1},
      {"sample_vectors", &cost->vectors, 0},
      {"outputs", &cost->outputs, 1},
      {"reduction", &cost->reduction, 1},
      {"rows", &cost->rows, 1},
      {"columns", &cost->columns, 1},
      {"repeats", &cost->repeats, 1},
      {"vectors", &layer->vectors, 0},
      {"blocks", blocks, 1},
  };
  for (size_t i = 0; i < sizeof integers / sizeof *integers; ++i)
    if (!strcmp(key, integers[i].key))
      return readInteger(json, integers[i].least, maxInteger, integers[i].out);
  if (!strcmp(key, "name")) {
    free(layer->name);
    layer->name = NULL;
    return amsJsonString(json, &layer->name);
  }
  if (!strcmp(key, "fingerprint"))
    return readFingerprint(json, &layer->fingerprint);
  if (!strcmp(key, "activations"))
    return amsJsonBool(json, &cost->activations);
  if (!strcmp(key, "mean_removed"))
    return amsJsonBool(json, &cost->meanRemoved);
  if (!strcmp(key, "spread"))
    return amsJsonBool(json, &cost->spread);
  if (!strcmp(key, "input_bits"))
    return readSmall(json, &cost->inputBits);
  if (!strcmp(key, "output_bits"))
    return readSmall(json, &cost->outputBits);
  if (!strcmp(key, "signal"))
    return readSum(json, &layer->signal);
  if (!strcmp(key, "quantization"))
    return amsJsonNumberOrNull(json, &layer->quantization);
  if (!strcmp(key, "effect"))
    return amsJsonNumberOrNull(json, &layer->effect);
  if (!strcmp(key, "saturated"))
    return readFigures(json, profile, true, layer->figures);
  if (!strcmp(key, "error"))
    return readFigures(json, profile, false, layer->figures);
  if (!strcmp(key, "block"))
    return readBlocks(json, profile, layer);
  if (!strcmp(key, "tile"))
    return readTiles(json, profile, layer);
  return amsJsonSkip(json);
}

/* Whether `value` is a measurement, or that it was not measured. */
static bool isMeasured(double value) {
  return isnan(value) || (isfinite(value) && value >= 0);
}

static bool readLayer(AmsJson *json, AmsProfile *profile) {
  if (profile->numGains == 0)
    return amsJsonFail(json, "\"gains\" must come before \"layers\"");
  if ((double)profile->numLayers >= maxLayers)
    return amsJsonFail(json, "more layers than a model can have");
  profile->layers =
      amsExtend(profile->layers, profile->numLayers, sizeof *profile->layers);
  AmsProfileLayer *layer = &profile->layers[profile->numLayers++];
  *layer = (AmsProfileLayer){.quantization = NAN, .effect = NAN};
  addFigures(profile, layer, 0);
  int64_t blocks = 0;
  char key[20];
  bool first = true;
  amsJsonEnter(json, '{');
  while (amsJsonNextKey(json, &first, key, sizeof key))
    readLayerValue(json, key, profile, layer, &blocks);
  if (*json->error)
    return false;
  const AmsCostLayer *cost = &layer->cost;
  if (!layer->name || !cost->matrices || !cost->outputs || !cost->reduction ||
      !cost->rows || !cost->columns || !cost->inputBits || !cost->outputBits ||
      !cost->repeats)
    return amsJsonFail(json, "a layer lacks its name or a size");
  if (blocks != layer->blocks)
    return amsJsonFail(json,
                       "a layer's \"block\" has not as many as \"blocks\"");
  if (layer->tiles && layer->tiles != amsProfileTiles(layer))
    return amsJsonFail(json, "a layer's \"tile\" has not as many as its sizes "
                             "give");
  if (!isMeasured(layer->effect) || !isMeasured(layer->quantization))
    return amsJsonFail(json, "an effect and a quantization must be finite and "
                             "not negative, or null");
  layer->cost.gain = 1;
  return true;
}

static bool readGains(AmsJson *json, AmsProfile *profile) {
  bool first = true;
  amsJsonEnter(json, '[');
  while (amsJsonNextElement(json, &first)) {
    double gain = 0;
    if (profile->numGains == AMS_PROFILE_MOST_GAINS)
      return amsJsonFail(json, "more gains than a profile can have");
    if (!amsJsonNumber(json, &gain))
      return false;
    if (!((float)gain > 0) || !isfinite((float)gain))
      return amsJsonFail(json, "a gain must be finite and positive");
    profile->gains[profile->numGains++] = (float)gain;
  }
  return !*json->error;
}

static bool readValue(AmsJson *json, const char *key, AmsProfile *profile,
                      int64_t *version) {
  if (!strcmp(key, "ams_profile"))
    return readInteger(json, 0, maxInteger, version) &&
           (*version == VERSION ||
            amsJsonFail(json, "a version of profiles that is not known"));
  if (!strcmp(key, "samples"))
    return readInteger(json, 0, maxInteger, &profile->samples);
  if (!strcmp(key, "output_signal"))
    return readSum(json, &profile->outputSignal);
  if (!strcmp(key, "gains"))
    return profile->numGains ? amsJsonFail(json, "gains are given twice")
                             : readGains(json, profile);
  if (strcmp(key, "layers") != 0)
    return amsJsonSkip(json);
  bool first = true;
  amsJsonEnter(json, '[');
  while (amsJsonNextElement(json, &first))
    readLayer(json, profile);
  return !*json->error;
}

static bool readProfile(AmsJson *json, AmsProfile *profile) {
  int64_t version = 0;
  char key[20];
  bool first = true;
  amsJsonEnter(json, '{');
  while (amsJsonNextKey(json, &first, key, sizeof key))
    readValue(json, key, profile, &version);
  return amsJsonEnd(json) &&
         (version == VERSION || amsJsonFail(json, "this is not a profile"));
}

static ams_status_t readFile(const char *path, char **outText) {
  FILE *file = fopen(path, "rb");
  if (!file)
    return ams_status_make(AMS_STATUS_NOT_FOUND, "cannot read profile '%s': %s",
                           path, strerror(errno));
  char *text = NULL;
  size_t size = 0, capacity = 0;
  bool more = true;
  while (more && size <= (size_t)maxFileSize) {
    capacity = capacity ? 2 * capacity : 1 << 16;
    text = amsReallocate(text, capacity, 1);
    size_t room = capacity - size - 1;
    size_t got = fread(text + size, 1, room, file);
    size += got;
    more = got == room;
  }
  text[size] = '\0';
  bool failed = ferror(file) || size > (size_t)maxFileSize ||
                memchr(text, '\0', size) != NULL;
  fclose(file);
  if (!failed) {
    *outText = text;
    return AMS_OK;
  }
  free(text);
  return ams_status_make(AMS_STATUS_INVALID_DATA,
                         "profile '%s' is not a readable text of at most 1 GiB",
                         path);
}

ams_status_t amsProfileRead(const char *path, AmsProfile *outProfile) {
  char *text = NULL;
  AMS_RETURN_IF_ERROR(readFile(path, &text));
  AmsJson json = amsJsonBegin(text);
  AmsProfile profile = {0};
  ams_status_t status = AMS_OK;
  if (!readProfile(&json, &profile)) {
    status =
        ams_status_make(AMS_STATUS_INVALID_DATA, "profile '%s', line %d: %s",
                        path, amsJsonErrorLine(&json), json.error);
    amsProfileFree(&profile);
  } else {
    *outProfile = profile;
  }
  free(text);
  return status;
}
