/*===-- Moments.c - A file of second moments ----------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* A magic, then one record a layer: seven numbers, the name, the sums.       *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Moments.h"

#include "Build.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char magic[8] = {'A', 'M', 'S', 'M', 'O', 'M', '1', '\n'};

enum { mostName = 1 << 16, mostLayers = 1 << 20 };

/* What a record begins with. */
typedef struct Head {
  uint64_t fingerprint;
  int64_t nameLength, groups, columns, span, vectors, count;
} Head;

bool amsMomentsBegin(FILE *stream) {
  return fwrite(magic, sizeof magic, 1, stream) == 1;
}

static ams_status_t writeLayer(ams_model_t *model, size_t index, FILE *stream) {
  const char *name =
      ams_model_string(model, ams_model_layer(model, index)->name);
  ams_layer_moments_t moments;
  AMS_RETURN_IF_ERROR(ams_model_layer_moments(model, index, &moments));
  size_t count;
  if (!ams_moments_count(moments.groups, moments.columns, moments.span, &count))
    return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory");
  Head head = {.fingerprint = ams_model_layer_fingerprint(model, index),
               .nameLength = (int64_t)strlen(name),
               .groups = moments.groups,
               .columns = moments.columns,
               .span = moments.span,
               .vectors = moments.vectors,
               .count = (int64_t)count};
  if (fwrite(&head, sizeof head, 1, stream) == 1 &&
      fwrite(name, 1, strlen(name), stream) == strlen(name) &&
      fwrite(moments.sums, sizeof *moments.sums, count, stream) == count)
    return AMS_OK;
  return ams_status_make(AMS_STATUS_IO, "cannot write second moments: %s",
                         strerror(errno));
}

ams_status_t amsMomentsWrite(ams_model_t *model, FILE *stream) {
  for (size_t i = 0; i < ams_model_manifest(model)->num_layers; ++i)
    if (ams_model_layer(model, i)->kind != AMS_ABI_BATCH_MATMUL)
      AMS_RETURN_IF_ERROR(writeLayer(model, i, stream));
  return AMS_OK;
}

static ams_status_t damaged(const char *path) {
  return ams_status_make(AMS_STATUS_INVALID_DATA,
                         "'%s' is not a whole file of second moments; measure "
                         "them with ams-compile --error-feedback --moments",
                         path);
}

/* Whether a head's numbers fit each other, and `left` bytes hold the record. */
static bool isSound(const Head *head, int64_t left) {
  size_t count;
  return head->nameLength > 0 && head->nameLength <= mostName &&
         head->groups > 0 && head->columns > 0 && head->span > 0 &&
         head->span <= head->columns && head->vectors >= 0 &&
         ams_moments_count(head->groups, head->columns, head->span, &count) &&
         head->count == (int64_t)count && left >= head->nameLength &&
         (left - head->nameLength) / (int64_t)sizeof(int64_t) >= head->count;
}

/* Reads the record at `*position` up to its sums, and moves behind it. */
static bool readRecord(AmsMomentsFile *file, int64_t size, int64_t *position) {
  Head head;
  if (fseek(file->stream, (long)*position, SEEK_SET) != 0 ||
      fread(&head, sizeof head, 1, file->stream) != 1 ||
      !isSound(&head, size - *position - (int64_t)sizeof head) ||
      file->numLayers == mostLayers)
    return false;
  file->layers = amsExtend(file->layers, file->numLayers, sizeof *file->layers);
  AmsMomentsLayer *layer = &file->layers[file->numLayers++];
  *layer = (AmsMomentsLayer){
      .name = amsAllocate((size_t)head.nameLength + 1, 1),
      .fingerprint = head.fingerprint,
      .groups = head.groups,
      .columns = head.columns,
      .span = head.span,
      .vectors = head.vectors,
      .position = *position + (int64_t)sizeof head + head.nameLength,
  };
  layer->name[head.nameLength] = '\0';
  *position = layer->position + head.count * (int64_t)sizeof(int64_t);
  return fread(layer->name, 1, (size_t)head.nameLength, file->stream) ==
         (size_t)head.nameLength;
}

static bool readHeads(AmsMomentsFile *file) {
  char found[sizeof magic];
  if (fread(found, sizeof found, 1, file->stream) != 1 ||
      memcmp(found, magic, sizeof magic) != 0 ||
      fseek(file->stream, 0, SEEK_END) != 0)
    return false;
  int64_t size = ftell(file->stream), position = sizeof magic;
  while (position < size)
    if (!readRecord(file, size, &position))
      return false;
  return position == size;
}

ams_status_t amsMomentsOpen(const char *path, AmsMomentsFile *outFile) {
  AmsMomentsFile file = {.stream = fopen(path, "rb"), .path = path};
  if (!file.stream)
    return ams_status_make(AMS_STATUS_NOT_FOUND,
                           "cannot read second moments '%s': %s", path,
                           strerror(errno));
  if (readHeads(&file)) {
    *outFile = file;
    return AMS_OK;
  }
  amsMomentsClose(&file);
  return damaged(path);
}

void amsMomentsClose(AmsMomentsFile *file) {
  for (size_t i = 0; i < file->numLayers; ++i)
    free(file->layers[i].name);
  free(file->layers);
  if (file->stream)
    fclose(file->stream);
  *file = (AmsMomentsFile){0};
}

const AmsMomentsLayer *amsMomentsFind(const AmsMomentsFile *file,
                                      const char *name, uint64_t fingerprint,
                                      bool *outNamed) {
  *outNamed = false;
  for (size_t i = 0; i < file->numLayers; ++i) {
    const AmsMomentsLayer *layer = &file->layers[i];
    if (strcmp(layer->name, name) != 0)
      continue;
    *outNamed = true;
    if (layer->fingerprint == fingerprint)
      return layer;
  }
  return NULL;
}

ams_status_t amsMomentsRead(const AmsMomentsFile *file,
                            const AmsMomentsLayer *layer, double **outSums) {
  size_t count = 0;
  ams_moments_count(layer->groups, layer->columns, layer->span, &count);
  int64_t *sums = amsAllocate(count, sizeof *sums);
  if (fseek(file->stream, (long)layer->position, SEEK_SET) != 0 ||
      fread(sums, sizeof *sums, count, file->stream) != count) {
    free(sums);
    return damaged(file->path);
  }
  *outSums = amsAllocate(count, sizeof **outSums);
  for (size_t i = 0; i < count; ++i)
    (*outSums)[i] = (double)sums[i];
  free(sums);
  return AMS_OK;
}
