//===-- npy_header.c - The header of a .npy file ------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A recursive-descent parser of the few Python literals that NumPy writes.
//
//===----------------------------------------------------------------------===//

#include "npy_header.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const struct {
  const char *descr;
  ams_element_t element;
} descrs[] = {
    {"<f4", AMS_ELEMENT_F32}, {"<f8", AMS_ELEMENT_F64},
    {"|i1", AMS_ELEMENT_I8},  {"<i2", AMS_ELEMENT_I16},
    {"<i4", AMS_ELEMENT_I32}, {"<i8", AMS_ELEMENT_I64},
    {"|u1", AMS_ELEMENT_U8},  {"<u2", AMS_ELEMENT_U16},
    {"<u4", AMS_ELEMENT_U32}, {"|b1", AMS_ELEMENT_BOOL},
};

typedef struct parser {
  const char *path;
  const char *at, *end;
  ams_npy_header_t *header;
  bool fortran_order;
} parser_t;

static void skip_space(parser_t *parser) {
  while (parser->at < parser->end &&
         (*parser->at == ' ' || *parser->at == '\n'))
    ++parser->at;
}

/// Takes `c` if it comes next.
static bool take(parser_t *parser, char c) {
  skip_space(parser);
  if (parser->at == parser->end || *parser->at != c)
    return false;
  ++parser->at;
  return true;
}

static ams_status_t corrupt(const parser_t *parser, const char *expected) {
  return ams_status_make(AMS_STATUS_INVALID_DATA,
                         "%s: corrupt .npy header: %s expected", parser->path,
                         expected);
}

static ams_status_t expect(parser_t *parser, char c) {
  if (take(parser, c))
    return AMS_OK;
  return corrupt(parser, (char[]){'\'', c, '\'', '\0'});
}

/// Parses a quoted string without escapes.
static ams_status_t parse_string(parser_t *parser, const char **out_text,
                                 size_t *out_size) {
  char quote = '\'';
  if (!take(parser, quote)) {
    quote = '"';
    if (!take(parser, quote))
      return corrupt(parser, "a string");
  }
  const char *close =
      memchr(parser->at, quote, (size_t)(parser->end - parser->at));
  if (!close)
    return corrupt(parser, "the end of a string");
  *out_text = parser->at;
  *out_size = (size_t)(close - parser->at);
  parser->at = close + 1;
  return AMS_OK;
}

static bool is_text(const char *text, size_t size, const char *other) {
  return strlen(other) == size && memcmp(text, other, size) == 0;
}

static ams_status_t parse_descr(parser_t *parser) {
  if (take(parser, '['))
    return ams_status_make(
        AMS_STATUS_UNSUPPORTED,
        "%s: an array of structures; save its fields as arrays of their own",
        parser->path);
  const char *text;
  size_t size;
  AMS_RETURN_IF_ERROR(parse_string(parser, &text, &size));
  for (size_t i = 0; i < sizeof descrs / sizeof *descrs; ++i)
    if (is_text(text, size, descrs[i].descr)) {
      parser->header->element = descrs[i].element;
      return AMS_OK;
    }
  if (size > 0 && text[0] == '>')
    return ams_status_make(
        AMS_STATUS_UNSUPPORTED,
        "%s: big-endian numbers; convert them by .astype('float32')",
        parser->path);
  return ams_status_make(AMS_STATUS_UNSUPPORTED,
                         "%s: elements of type '%.*s' are not supported; "
                         "convert them by .astype('float32')",
                         parser->path, size < 32 ? (int)size : 32, text);
}

static ams_status_t parse_bool(parser_t *parser, bool *out_value) {
  skip_space(parser);
  size_t left = (size_t)(parser->end - parser->at);
  if (left >= 4 && memcmp(parser->at, "True", 4) == 0) {
    parser->at += 4;
    *out_value = true;
    return AMS_OK;
  }
  if (left >= 5 && memcmp(parser->at, "False", 5) == 0) {
    parser->at += 5;
    *out_value = false;
    return AMS_OK;
  }
  return corrupt(parser, "True or False");
}

static ams_status_t parse_dimension(parser_t *parser, int64_t *out_value) {
  skip_space(parser);
  const char *first = parser->at;
  int64_t value = 0;
  for (; parser->at < parser->end && *parser->at >= '0' && *parser->at <= '9';
       ++parser->at)
    if (__builtin_mul_overflow(value, 10, &value) ||
        __builtin_add_overflow(value, *parser->at - '0', &value))
      return corrupt(parser, "a dimension below 2^63");
  if (parser->at == first)
    return corrupt(parser, "a dimension");
  *out_value = value;
  return AMS_OK;
}

static ams_status_t parse_shape(parser_t *parser) {
  ams_npy_header_t *header = parser->header;
  AMS_RETURN_IF_ERROR(expect(parser, '('));
  header->rank = 0;
  while (!take(parser, ')')) {
    if (header->rank == AMS_ABI_MAX_RANK)
      return ams_status_make(AMS_STATUS_UNSUPPORTED,
                             "%s: more than %d dimensions", parser->path,
                             AMS_ABI_MAX_RANK);
    AMS_RETURN_IF_ERROR(parse_dimension(parser, &header->dims[header->rank++]));
    if (!take(parser, ',')) {
      AMS_RETURN_IF_ERROR(expect(parser, ')'));
      return AMS_OK;
    }
  }
  return AMS_OK;
}

enum { SEEN_DESCR = 1, SEEN_ORDER = 2, SEEN_SHAPE = 4, SEEN_ALL = 7 };

static ams_status_t parse_entry(parser_t *parser, unsigned *seen) {
  const char *key;
  size_t size;
  AMS_RETURN_IF_ERROR(parse_string(parser, &key, &size));
  AMS_RETURN_IF_ERROR(expect(parser, ':'));
  unsigned entry = is_text(key, size, "descr")           ? SEEN_DESCR
                   : is_text(key, size, "fortran_order") ? SEEN_ORDER
                   : is_text(key, size, "shape")         ? SEEN_SHAPE
                                                         : 0;
  if (!entry || (*seen & entry))
    return corrupt(parser, "'descr', 'fortran_order' and 'shape', once each,");
  *seen |= entry;
  if (entry == SEEN_DESCR)
    return parse_descr(parser);
  if (entry == SEEN_ORDER)
    return parse_bool(parser, &parser->fortran_order);
  return parse_shape(parser);
}

ams_status_t ams_npy_header_parse(const char *path, const char *text,
                                  size_t size, ams_npy_header_t *out_header) {
  parser_t parser = {
      .path = path, .at = text, .end = text + size, .header = out_header};
  unsigned seen = 0;
  AMS_RETURN_IF_ERROR(expect(&parser, '{'));
  while (!take(&parser, '}')) {
    AMS_RETURN_IF_ERROR(parse_entry(&parser, &seen));
    if (!take(&parser, ',')) {
      AMS_RETURN_IF_ERROR(expect(&parser, '}'));
      break;
    }
  }
  skip_space(&parser);
  if (parser.at != parser.end)
    return corrupt(&parser, "nothing after '}'");
  if (seen != SEEN_ALL)
    return corrupt(&parser, "'descr', 'fortran_order' and 'shape'");
  if (parser.fortran_order && out_header->rank > 1)
    return ams_status_make(AMS_STATUS_UNSUPPORTED,
                           "%s: the array is in Fortran order; save "
                           "numpy.ascontiguousarray(array) instead",
                           path);
  return AMS_OK;
}

size_t ams_npy_header_format(const ams_tensor_t *tensor, char *buffer) {
  const char *descr = NULL;
  for (size_t i = 0; i < sizeof descrs / sizeof *descrs; ++i)
    if (descrs[i].element == tensor->element)
      descr = descrs[i].descr;

  const size_t prefix = AMS_NPY_MAGIC_SIZE + 4;
  char *text = buffer + prefix;
  size_t room = AMS_NPY_HEADER_SIZE - prefix;
  size_t size = (size_t)snprintf(
      text, room, "{'descr': '%s', 'fortran_order': False, 'shape': (", descr);
  for (int i = 0; i < tensor->rank; ++i)
    size += (size_t)snprintf(text + size, room - size, "%" PRId64 ",%s",
                             tensor->dims[i], i + 1 < tensor->rank ? " " : "");
  size += (size_t)snprintf(text + size, room - size, "), }");
  // Spaces until the data, after a newline, begins at a multiple of 64.
  while ((prefix + size + 1) % 64)
    text[size++] = ' ';
  text[size++] = '\n';
  memcpy(buffer, AMS_NPY_MAGIC "\x01\x00", AMS_NPY_MAGIC_SIZE + 2);
  buffer[AMS_NPY_MAGIC_SIZE + 2] = (char)(size & 0xff);
  buffer[AMS_NPY_MAGIC_SIZE + 3] = (char)(size >> 8);
  return prefix + size;
}
