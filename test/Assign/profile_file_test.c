/*===-- profile_file_test.c - Profiles kept and read --------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* What was written comes back to the bit; what is damaged is refused.        *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Profile.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static ams_gain_profile_t figures[] = {
    {1, 0.1}, {20, 0x1.fffffffffffffp-300}, {0, 1}, {0, 2}, {7, 3}, {8, 1e300}};

/* Two groups of one column tile by two blocks. */
static ams_gain_profile_t tileFigures[] = {
    {1, 0.5}, {2, 1}, {0, 2}, {9, 3}, {7, 3}, {8, 0.1}, {0, 0}, {3, 1e-9}};

static AmsProfileLayer layers[] = {
    {.name = "a \"b\"\\\n/c",
     .fingerprint = UINT64_C(0xfedcba9876543210),
     .cost = {.matrices = 2,
              .vectors = 49,
              .outputs = 3,
              .reduction = 150,
              .rows = 128,
              .columns = 64,
              .inputBits = 6,
              .outputBits = 8,
              .repeats = 1,
              .gain = 1},
     .vectors = 490,
     .blocks = 2,
     .signal = 1.0 / 3,
     .quantization = 0.01,
     .effect = 0.7,
     .figures = figures,
     .tiles = 4,
     .tile = tileFigures},
    {.name = "scores",
     .cost = {.matrices = 4,
              .vectors = 5,
              .outputs = 6,
              .reduction = 7,
              .rows = 8,
              .columns = 8,
              .inputBits = 16,
              .outputBits = 12,
              .repeats = 3,
              .gain = 1,
              .activations = true,
              .meanRemoved = true,
              .spread = true},
     .blocks = 2,
     .quantization = NAN,
     .effect = NAN,
     .figures = figures},
};

static const AmsProfile profile = {.samples = 10,
                                   .outputSignal = 1e-5,
                                   .numGains = 2,
                                   .gains = {1, 0.1f},
                                   .numLayers = 2,
                                   .layers = layers};

/* Reads `text` as a file. */
static ams_status_t readText(const char *text, AmsProfile *out) {
  char path[] = "/tmp/ams-profile-XXXXXX";
  int file = mkstemp(path);
  assert_true(file >= 0);
  assert_int_equal(write(file, text, strlen(text)), strlen(text));
  close(file);
  ams_status_t status = amsProfileRead(path, out);
  unlink(path);
  return status;
}

static char *writeText(void) {
  enum { TEXT_SIZE = 65536 };
  char *text = calloc(TEXT_SIZE, 1);
  assert_non_null(text);
  FILE *stream = fmemopen(text, TEXT_SIZE, "w");
  assert_non_null(stream);
  assert_true(amsProfileWrite(&profile, stream));
  assert_int_equal(fclose(stream), 0);
  return text;
}

static void roundTrip(void **unused) {
  (void)unused;
  char *text = writeText();
  AmsProfile read;
  ams_status_t status = readText(text, &read);
  if (status)
    fail_msg("%s", ams_status_message(status));
  assert_int_equal(read.samples, 10);
  assert_true(read.outputSignal == 1e-5);
  assert_int_equal(read.numGains, 2);
  assert_true(read.gains[1] == 0.1f);
  assert_int_equal(read.numLayers, 2);
  for (size_t i = 0; i < 2; ++i) {
    AmsProfileLayer own = read.layers[i];
    assert_string_equal(own.name, layers[i].name);
    assert_true(own.fingerprint == layers[i].fingerprint);
    assert_memory_equal(&own.cost, &layers[i].cost, sizeof own.cost);
    assert_int_equal(own.vectors, layers[i].vectors);
    assert_int_equal(own.blocks, 2);
    assert_true(own.signal == layers[i].signal);
    assert_memory_equal(own.figures, figures, sizeof figures);
    assert_int_equal(own.tiles, layers[i].tiles);
  }
  assert_memory_equal(read.layers[0].tile, tileFigures, sizeof tileFigures);
  assert_null(read.layers[1].tile);
  assert_true(read.layers[0].effect == 0.7 && isnan(read.layers[1].effect));
  assert_true(read.layers[0].quantization == 0.01 &&
              isnan(read.layers[1].quantization));
  assert_ptr_equal(amsProfileFind(&read, "scores"), &read.layers[1]);
  assert_null(amsProfileFind(&read, "score"));
  amsProfileFree(&read);
  free(text);
}

static void refuse(const char *text, const char *message) {
  AmsProfile read;
  ams_status_t status = readText(text, &read);
  if (!status)
    fail_msg("accepted: %s", text);
  if (!strstr(ams_status_message(status), message))
    fail_msg("\"%s\" is not in: %s", message, ams_status_message(status));
  ams_status_free(status);
}

/* The text with its first `from` replaced. */
static void refuseReplaced(const char *from, const char *to,
                           const char *message) {
  char *text = writeText(), *at = strstr(text, from), *damaged = NULL;
  size_t size;
  assert_non_null(at);
  FILE *stream = open_memstream(&damaged, &size);
  fprintf(stream, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
  assert_int_equal(fclose(stream), 0);
  refuse(damaged, message);
  free(damaged);
  free(text);
}

static void damaged(void **unused) {
  (void)unused;
  refuse("", "line 1: expected an object");
  refuse("{}", "line 1: this is not a profile");
  refuse("[1]", "expected an object");
  refuse("{\"ams_profile\": 2}", "a version of profiles that is not known");
  refuse("{\"ams_profile\": 1} x", "expected the end of the file");
  refuse("{\"x\": [[[{\"y\": \"z", "a string without an end");
  refuse("{\"x\" 1}", "line 1: expected a colon");
  refuse("{\"x\": [1 2]}", "expected a comma or the end of a list");
  refuse("{1: 2}", "expected a string");
  refuse("{\"x\": yes}", "expected a number");
  refuse("{\"gains\": 1}", "expected an array");
  refuse("{\"gains\": [1], \"gains\": [2]}", "gains are given twice");
  refuse("{\"layers\": [{}]}", "\"gains\" must come before \"layers\"");
  refuseReplaced("\"samples\": 10", "\"samples\": -1",
                 "line 2: a number that is out of range");
  refuseReplaced("\"samples\": 10", "\"samples\": 1.5", "out of range");
  refuseReplaced("[1, 0.1", "[0, 0.1", "a gain must be finite and positive");
  refuseReplaced("[1, 0.1", "[1", "more numbers than gains");
  refuseReplaced("[1, 20]", "[1]", "fewer numbers than gains");
  refuseReplaced("\"blocks\": 2", "\"blocks\": 3", "not as many as \"blocks\"");
  refuseReplaced("\"outputs\": 3, ", "", "a layer lacks its name or a size");
  refuseReplaced("fedcba9876543210", "fedc",
                 "a fingerprint has 16 hexadecimal digits");
  refuseReplaced("\"signal\": 0.3", "\"signal\": -0.3", "a sum of squares");
  refuseReplaced("\"effect\": null", "\"effect\": -1",
                 "an effect and a quantization must be");
  refuseReplaced("\"quantization\": null", "\"quantization\": -1",
                 "an effect and a quantization must be");
  refuseReplaced("\"columns\": 64", "\"columns\": 2",
                 "a layer's \"tile\" has not as many as its sizes give");
  refuseReplaced("\\u000a", "\\u00e4", "a character that cannot be read");
  refuseReplaced("\"activations\": false", "\"activations\": 0",
                 "line 6: expected true or false");
  AmsProfile read;
  ams_status_t status = amsProfileRead("absent.json", &read);
  assert_int_equal(ams_status_code(status), AMS_STATUS_NOT_FOUND);
  ams_status_free(status);
}

/* A text of `count` times `part` between `head` and `tail` is refused. */
static void refuseRepeated(const char *head, const char *part, int count,
                           const char *tail, const char *message) {
  char *text = NULL;
  size_t size;
  FILE *stream = open_memstream(&text, &size);
  fputs(head, stream);
  for (int i = 0; i < count; ++i)
    fprintf(stream, "%s%s", i ? "," : "", part);
  fputs(tail, stream);
  assert_int_equal(fclose(stream), 0);
  refuse(text, message);
  free(text);
}

static void tooMany(void **unused) {
  (void)unused;
  static const char layer[] =
      "{\"name\":\"a\",\"matrices\":1,\"outputs\":1,\"reduction\":1,\"rows\":1,"
      "\"columns\":1,\"input_bits\":2,\"output_bits\":2,\"repeats\":1}";
  char deep[80] = "{\"x\": ";
  memset(deep + strlen(deep), '[', 70);
  refuse(deep, "lists inside lists too deep");
  refuseRepeated("{\"gains\": [", "1", AMS_PROFILE_MOST_GAINS + 1, "]}",
                 "more gains than a profile can have");
  refuseRepeated("{\"gains\": [1], \"layers\": [", layer, (1 << 16) + 1, "]}",
                 "more layers than a model can have");
  refuseRepeated("{\"gains\": [1], \"layers\": [{\"block\": [", "{}",
                 (1 << 20) + 1, "]}]}", "more blocks than a layer can have");
  char path[] = "/tmp/ams-profile-XXXXXX";
  int file = mkstemp(path);
  assert_true(file >= 0);
  assert_int_equal(write(file, "{}\0", 3), 3);
  close(file);
  AmsProfile read;
  ams_status_t status = amsProfileRead(path, &read);
  unlink(path);
  assert_non_null(strstr(ams_status_message(status),
                         "is not a readable text of at most 1 GiB"));
  ams_status_free(status);
}

/* Every prefix is refused, and unknown keys are skipped. */
static void prefixes(void **unused) {
  (void)unused;
  char *text = writeText();
  for (size_t length = strlen(text) - 2; length > 0; --length) {
    text[length] = '\0';
    AmsProfile read;
    ams_status_t status = readText(text, &read);
    assert_non_null(status);
    ams_status_free(status);
  }
  free(text);
  AmsProfile read;
  assert_null(readText("{\"x\": [1, {\"y\": [null, true]}, \"\\u0041\"],"
                       " \"ams_profile\": 1}",
                       &read));
  amsProfileFree(&read);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(roundTrip),
      cmocka_unit_test(damaged),
      cmocka_unit_test(tooMany),
      cmocka_unit_test(prefixes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
