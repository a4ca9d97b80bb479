//===-- checkpoint.c - Where a run stands -------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checkpoint.h"

#include "input_file.h"
#include "output_file.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

static const char magic[8] = {'A', 'M', 'S', 'T', 'U', 'N', 'E', '1'};

enum { HEAD = 16, TAIL = 4 };

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

static uint64_t body_size(const ams_checkpoint_t *checkpoint) {
  uint64_t size = 3 * sizeof(uint64_t) + sizeof(uint32_t);
  size += strlen(checkpoint->run);
  for (size_t i = 0; i < checkpoint->num_tensors; ++i)
    size += sizeof(uint32_t) + strlen(checkpoint->tensors[i].name) +
            sizeof(uint64_t) + checkpoint->tensors[i].count * sizeof(float);
  return size;
}

/// A file with the checksum of what went into it.
typedef struct writer {
  ams_output_file_t file;
  uLong checksum;
} writer_t;

static ams_status_t put(writer_t *writer, const void *bytes, size_t size) {
  if (size == 0) // zlib would begin anew at NULL
    return AMS_OK;
  writer->checksum = crc32_z(writer->checksum, bytes, size);
  return ams_output_file_write(&writer->file, bytes, size);
}

static ams_status_t put_text(writer_t *writer, const char *text) {
  uint32_t size = (uint32_t)strlen(text);
  AMS_RETURN_IF_ERROR(put(writer, &size, sizeof size));
  return put(writer, text, size);
}

static ams_status_t put_all(writer_t *writer,
                            const ams_checkpoint_t *checkpoint) {
  uint64_t size = body_size(checkpoint);
  uint64_t num_tensors = checkpoint->num_tensors;
  AMS_RETURN_IF_ERROR(put(writer, magic, sizeof magic));
  AMS_RETURN_IF_ERROR(put(writer, &size, sizeof size));
  AMS_RETURN_IF_ERROR(put(writer, &checkpoint->step, sizeof(int64_t)));
  AMS_RETURN_IF_ERROR(put(writer, &checkpoint->best, sizeof(double)));
  AMS_RETURN_IF_ERROR(put(writer, &num_tensors, sizeof num_tensors));
  AMS_RETURN_IF_ERROR(put_text(writer, checkpoint->run));
  for (size_t i = 0; i < checkpoint->num_tensors; ++i) {
    const ams_checkpoint_tensor_t *tensor = &checkpoint->tensors[i];
    AMS_RETURN_IF_ERROR(put_text(writer, tensor->name));
    AMS_RETURN_IF_ERROR(put(writer, &tensor->count, sizeof tensor->count));
    AMS_RETURN_IF_ERROR(
        put(writer, tensor->numbers, tensor->count * sizeof(float)));
  }
  uint32_t checksum = (uint32_t)writer->checksum;
  return ams_output_file_write(&writer->file, &checksum, sizeof checksum);
}

ams_status_t ams_checkpoint_write(const char *path,
                                  const ams_checkpoint_t *checkpoint) {
  writer_t writer = {.checksum = crc32_z(0, NULL, 0)};
  AMS_RETURN_IF_ERROR(ams_output_file_open(path, &writer.file));
  ams_status_t status = put_all(&writer, checkpoint);
  if (!status)
    return ams_output_file_commit(&writer.file);
  ams_output_file_discard(&writer.file);
  return status;
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

/// What is left of a checkpoint's bytes.
typedef struct reader {
  const char *path;
  const unsigned char *at;
  size_t left;
} reader_t;

/// The next `size` bytes, NULL if there are fewer.
static const void *take(reader_t *reader, size_t size) {
  if (size > reader->left)
    return NULL;
  const void *bytes = reader->at;
  reader->at += size;
  reader->left -= size;
  return bytes;
}

static bool take_number(reader_t *reader, void *number, size_t size) {
  const void *bytes = take(reader, size);
  if (bytes)
    memcpy(number, bytes, size);
  return bytes;
}

/// Whether the next text is `text`.
static bool take_text(reader_t *reader, const char *text) {
  uint32_t size;
  if (!take_number(reader, &size, sizeof size) || size != strlen(text))
    return false;
  const void *bytes = take(reader, size);
  return bytes && !memcmp(bytes, text, size);
}

static ams_status_t foreign(const reader_t *reader, const char *what) {
  return ams_status_make(AMS_STATUS_INVALID_DATA,
                         "%s: the checkpoint is of another run: its %s; remove "
                         "it, or go on with the run that wrote it",
                         reader->path, what);
}

/// Reads the run's description, which must be `run`: a line of each that
/// differs is in the message.
static ams_status_t check_run(reader_t *reader, const char *run) {
  uint32_t size;
  const char *there =
      take_number(reader, &size, sizeof size) ? take(reader, size) : NULL;
  if (!there)
    return foreign(reader, "description is missing");
  if (size == strlen(run) && !memcmp(there, run, size))
    return AMS_OK;
  const char *here = run, *end = there + size;
  size_t line = 0, other = 0;
  for (;;) {
    line = strcspn(here, "\n");
    const char *stop = memchr(there, '\n', (size_t)(end - there));
    other = (size_t)((stop ? stop : end) - there);
    if (line != other || memcmp(here, there, line) != 0 || !here[line] || !stop)
      break;
    here += line + 1;
    there = stop + 1;
  }
  return ams_status_make(AMS_STATUS_INVALID_DATA,
                         "%s: the checkpoint is of another run: there '%.*s', "
                         "here '%.*s'; remove it, or go on with the run that "
                         "wrote it",
                         reader->path, (int)other, there, (int)line, here);
}

/// Whether the file is whole and unchanged.
static ams_status_t check_bytes(const reader_t *reader, size_t size) {
  uint64_t body = 0;
  if (size >= HEAD)
    memcpy(&body, reader->at + sizeof magic, sizeof body);
  if (size < HEAD + TAIL || memcmp(reader->at, magic, sizeof magic) != 0)
    return ams_status_make(AMS_STATUS_INVALID_DATA,
                           "%s is no checkpoint of ams-tune", reader->path);
  uint32_t checksum;
  memcpy(&checksum, reader->at + size - TAIL, TAIL);
  if (body != size - HEAD - TAIL ||
      checksum != crc32_z(crc32_z(0, NULL, 0), reader->at, size - TAIL))
    return ams_status_make(AMS_STATUS_INVALID_DATA,
                           "%s: the checkpoint is damaged or cut short",
                           reader->path);
  return AMS_OK;
}

/// Finds each tensor's numbers; `out_numbers` has room for all tensors.
static ams_status_t find_tensors(reader_t *reader,
                                 const ams_checkpoint_t *checkpoint,
                                 const void **out_numbers) {
  for (size_t i = 0; i < checkpoint->num_tensors; ++i) {
    const ams_checkpoint_tensor_t *tensor = &checkpoint->tensors[i];
    uint64_t count;
    if (!take_text(reader, tensor->name) ||
        !take_number(reader, &count, sizeof count) || count != tensor->count ||
        !(out_numbers[i] = take(reader, tensor->count * sizeof(float))))
      return foreign(reader, "tensors differ");
  }
  return reader->left ? foreign(reader, "tensors differ") : AMS_OK;
}

static ams_status_t read_body(reader_t *reader, ams_checkpoint_t *checkpoint,
                              const void **numbers) {
  int64_t step;
  double best;
  uint64_t num_tensors;
  if (!take_number(reader, &step, sizeof step) ||
      !take_number(reader, &best, sizeof best) ||
      !take_number(reader, &num_tensors, sizeof num_tensors) ||
      num_tensors != checkpoint->num_tensors)
    return foreign(reader, "tensors differ");
  AMS_RETURN_IF_ERROR(check_run(reader, checkpoint->run));
  AMS_RETURN_IF_ERROR(find_tensors(reader, checkpoint, numbers));
  checkpoint->step = step;
  checkpoint->best = best;
  for (size_t i = 0; i < checkpoint->num_tensors; ++i)
    if (checkpoint->tensors[i].count) // no numbers may be at NULL
      memcpy(checkpoint->tensors[i].numbers, numbers[i],
             checkpoint->tensors[i].count * sizeof(float));
  return AMS_OK;
}

static ams_status_t read_bytes(const char *path, unsigned char **out_bytes,
                               size_t *out_size) {
  ams_input_file_t file;
  AMS_RETURN_IF_ERROR(ams_input_file_open(path, &file));
  *out_size = (size_t)file.size;
  *out_bytes = malloc(*out_size ? *out_size : 1);
  ams_status_t status =
      *out_bytes
          ? ams_input_file_read(&file, *out_bytes, *out_size, "checkpoint")
          : ams_status_make(AMS_STATUS_OUT_OF_MEMORY,
                            "%s: no memory for a checkpoint of %zu bytes", path,
                            *out_size);
  ams_input_file_close(&file);
  return status;
}

ams_status_t ams_checkpoint_read(const char *path,
                                 ams_checkpoint_t *checkpoint) {
  unsigned char *bytes = NULL;
  size_t size;
  ams_status_t status = read_bytes(path, &bytes, &size);
  reader_t reader = {.path = path, .at = bytes};
  if (!status)
    status = check_bytes(&reader, size);
  const void **numbers = NULL;
  if (!status) {
    reader.at += HEAD;
    reader.left = size - HEAD - TAIL;
    numbers = calloc(checkpoint->num_tensors + 1, sizeof *numbers);
    status = numbers ? read_body(&reader, checkpoint, numbers)
                     : ams_status_make(AMS_STATUS_OUT_OF_MEMORY,
                                       "%s: no memory for %zu tensors", path,
                                       checkpoint->num_tensors);
  }
  free((void *)numbers);
  free(bytes);
  return status;
}
