//===-- model_test.c - Loading and running models -----------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The public API, on a model made by hand: results, errors, damaged tables.
//
//===----------------------------------------------------------------------===//

#include "ams/product.h"
#include "ams/profile.h"
#include "ams/runtime.h"
#include "call.h"
#include "hand_model.h"
#include "unit.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { SAMPLES = 66 };

static ams_model_t *open_model(void) {
  ams_model_t *model;
  assert_ok(ams_model_open(&ams_model, "by hand", &model));
  return model;
}

static float *make_images(void) {
  float *images = malloc(sizeof(float) * SAMPLES * HAND_INPUT);
  assert_non_null(images);
  for (int i = 0; i < SAMPLES * HAND_INPUT; ++i)
    images[i] = sinf((float)i * 0.7f) * (float)(1 + i % 5);
  return images;
}

static ams_status_t run_model(ams_model_t *model,
                              const ams_run_options_t *options, int64_t samples,
                              const float *images, float *results) {
  const void *inputs[] = {images};
  void *outputs[] = {results};
  return ams_model_run(model, options, samples, inputs, outputs);
}

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

static void check_grid(int layer, const ams_product_options_t *options,
                       int64_t vectors, const float *x, float *y) {
  const hand_manifest_t *manifest = (const hand_manifest_t *)ams_model.manifest;
  const ams_abi_layer_t *found = &manifest->layers[layer];
  ams_grid_t *grid;
  assert_ok(ams_grid_program(found, ams_model.sections[found->codes_section],
                             ams_model.sections[found->scales_section], NULL,
                             &grid));
  assert_ok(ams_grid_multiply(grid, options, vectors, x, y));
  ams_grid_free(grid);
}

/// What the model computes for all samples from number `first` on, by products
/// of product.h.
static void compute(uint64_t seed, uint64_t first, const float *images,
                    float *results) {
  const hand_manifest_t *manifest = (const hand_manifest_t *)ams_model.manifest;
  ams_product_options_t options = {
      .seed = seed, .first_vector = first * 25, .noise = true, .threads = 1};
  float *features = malloc(sizeof(float) * SAMPLES * 25 * 4);
  float *products = malloc(sizeof(float) * SAMPLES * 25 * 25);
  assert_true(features && products);
  check_grid(HAND_CONV, &options, (int64_t)SAMPLES * 25, images, features);
  for (int i = 0; i < SAMPLES * 25 * 4; ++i)
    features[i] = features[i] > 0 ? features[i] : 0;
  ams_abi_layer_t attention = manifest->layers[HAND_ATTENTION];
  attention.batch = SAMPLES;
  assert_ok(ams_batch_multiply(&attention, &options, NULL, features, features,
                               products));
  options.first_vector = first;
  check_grid(HAND_HEAD, &options, SAMPLES, products, results);
  free(features);
  free(products);
}

static void any_samples_any_threads(void **state) {
  (void)state;
  float *images = make_images();
  float expected[SAMPLES * HAND_OUTPUT], actual[SAMPLES * HAND_OUTPUT];
  ams_model_t *model = open_model();
  ams_run_options_t options = ams_run_options_default();
  options.seed = UINT64_C(0xabcdef0123456789);
  options.first_sample = 12345;
  compute(options.seed, options.first_sample, images, expected);
  static const int threads[] = {0, 1, 2, 7, 40};
  static const int64_t counts[] = {0, 1, 3, 4, 5, 64, SAMPLES};
  for (size_t t = 0; t < sizeof threads / sizeof *threads; ++t)
    for (size_t c = 0; c < sizeof counts / sizeof *counts; ++c) {
      options.threads = threads[t];
      memset(actual, 0, sizeof actual);
      assert_ok(run_model(model, &options, counts[c], images, actual));
      assert_same_bits("samples", actual, expected, counts[c] * HAND_OUTPUT);
      for (int64_t i = counts[c] * HAND_OUTPUT; i < SAMPLES * HAND_OUTPUT; ++i)
        assert_true(actual[i] == 0);
    }
  for (int64_t sample = 0; sample < SAMPLES; ++sample, ++options.first_sample)
    assert_ok(run_model(model, &options, 1, images + sample * HAND_INPUT,
                        actual + sample * HAND_OUTPUT));
  assert_same_bits("one at a time", actual, expected, SAMPLES * HAND_OUTPUT);
  ams_model_free(model);
  free(images);
}

static void options_matter(void **state) {
  (void)state;
  float *images = make_images();
  float first[HAND_OUTPUT], second[HAND_OUTPUT];
  ams_model_t *model = open_model();
  ams_run_options_t options = ams_run_options_default();
  assert_true(options.noise && options.seed == 0 && options.threads == 0);
  assert_ok(run_model(model, &options, 1, images, first));
  options.seed = 1;
  assert_ok(run_model(model, &options, 1, images, second));
  assert_memory_not_equal(first, second, sizeof first);
  options.noise = false;
  assert_ok(run_model(model, &options, 1, images, first));
  options.seed = 2;
  assert_ok(run_model(model, &options, 1, images, second));
  assert_same_bits("no noise, no seed", second, first, HAND_OUTPUT);

  assert_ok(ams_model_set_gain(model, "conv1", 4));
  assert_ok(run_model(model, &options, 1, images, second));
  assert_memory_not_equal(first, second, sizeof first);
  assert_ok(ams_model_set_gain(model, "conv1", 2));
  assert_ok(run_model(model, &options, 1, images, second));
  assert_same_bits("the compiled gain", second, first, HAND_OUTPUT);
  const int64_t blocks = (ams_model_layer(model, 0)->reduction - 1) /
                             ams_model_layer(model, 0)->device.rows +
                         1;
  float gains[64];
  assert_in_range(blocks, 2, 64);
  for (int64_t j = 0; j < blocks; ++j)
    gains[j] = 2;
  assert_ok(ams_model_set_gain(model, NULL, 4));
  assert_ok(ams_model_set_gain(model, "conv1", 2));
  assert_ok(run_model(model, &options, 1, images, first));
  assert_ok(ams_model_set_gain(model, "conv1", 1));
  assert_ok(ams_model_set_gains(model, "conv1", gains, blocks));
  assert_ok(run_model(model, &options, 1, images, second));
  assert_same_bits("equal gains of blocks", second, first, HAND_OUTPUT);
  gains[1] = 8;
  assert_ok(ams_model_set_gains(model, "conv1", gains, blocks));
  assert_ok(run_model(model, &options, 1, images, second));
  assert_memory_not_equal(first, second, sizeof first);
  assert_ok(ams_model_set_gain(model, "conv1", 2));
  assert_ok(run_model(model, &options, 1, images, second));
  assert_same_bits("one gain again", second, first, HAND_OUTPUT);
  assert_error(ams_model_set_gains(model, "conv1", gains, blocks + 1),
               AMS_STATUS_INVALID_ARGUMENT, "gains for");
  gains[0] = 0;
  assert_error(ams_model_set_gains(model, "conv1", gains, blocks),
               AMS_STATUS_INVALID_ARGUMENT, "gain is 0");
  assert_error(ams_model_set_gains(model, "conv9", gains, 1),
               AMS_STATUS_NOT_FOUND, "conv9");
  assert_ok(ams_model_set_gain(model, NULL, 1));
  assert_error(ams_model_set_gain(model, NULL, -1), AMS_STATUS_INVALID_ARGUMENT,
               "gain is -1");
  assert_error(ams_model_set_gain(model, "conv9", 1), AMS_STATUS_NOT_FOUND,
               "conv9");
  ams_model_free(model);
  free(images);
}

//===----------------------------------------------------------------------===//
// Errors of a run
//===----------------------------------------------------------------------===//

static void not_finite(void **state) {
  (void)state;
  float *images = make_images();
  float results[SAMPLES * HAND_OUTPUT];
  ams_model_t *model = open_model();
  ams_run_options_t options = ams_run_options_default();
  images[3 * HAND_INPUT + 7] = NAN;
  images[40 * HAND_INPUT + 1] = INFINITY;
  images[65 * HAND_INPUT + 1] = -INFINITY;
  for (int threads = 1; threads <= 7; threads += 2)
    for (int64_t samples = 4; samples <= SAMPLES; samples += 31) {
      options.threads = threads;
      assert_error(run_model(model, &options, samples, images, results),
                   AMS_STATUS_INVALID_DATA,
                   "layer \"conv1\": sample 3: input is NaN or infinite");
    }
  assert_error(run_model(model, &options, 2, images + 64 * HAND_INPUT, results),
               AMS_STATUS_INVALID_DATA, "sample 1:");
  // Too large for the second product, not for the first.
  for (int i = 0; i < HAND_INPUT; ++i)
    images[i] = 3e38f;
  assert_error(run_model(model, &options, 1, images, results),
               AMS_STATUS_INVALID_DATA, "layer \"attention\": sample 0:");
  ams_model_free(model);
  free(images);
}

/// Code that gives its workspace away in place of results.
static void run_workspace(ams_call_t *call, const void *const *inputs,
                          void *const *outputs) {
  (void)inputs;
  void *workspace = ams_rt_workspace(call);
  memcpy(outputs[0], &workspace, sizeof workspace);
  if (workspace)
    memset(workspace, -1, 3 * AMS_ABI_WORKSPACE_UNIT);
}

/// A call finds the workspace of the call before it; without one in the
/// manifest there is none.
static void workspaces(void **state) {
  (void)state;
  hand_manifest_t manifest = *(const hand_manifest_t *)ams_model.manifest;
  ams_abi_model_t table = ams_model;
  table.manifest = &manifest.head;
  table.run = run_workspace;
  ams_run_options_t options = ams_run_options_default();
  float *images = make_images();
  for (uint32_t units = 0; units <= 3; units += 3) {
    manifest.head.workspace = units;
    ams_model_t *model;
    assert_ok(ams_model_open(&table, "by hand", &model));
    float results[2][HAND_BATCH * HAND_OUTPUT];
    for (int i = 0; i < 2; ++i)
      assert_ok(run_model(model, &options, HAND_BATCH, images, results[i]));
    void *workspace[2];
    for (int i = 0; i < 2; ++i)
      memcpy(&workspace[i], results[i], sizeof workspace[i]);
    assert_ptr_equal(workspace[0], workspace[1]);
    assert_int_equal(workspace[0] != NULL, units > 0);
    assert_int_equal((uintptr_t)workspace[0] % AMS_ABI_WORKSPACE_UNIT, 0);
    ams_model_free(model);
  }
  free(images);
}

static void run_arguments(void **state) {
  (void)state;
  float *images = make_images();
  float results[SAMPLES * HAND_OUTPUT];
  ams_model_t *model = open_model();
  ams_run_options_t options = ams_run_options_default();
  assert_error(run_model(model, &options, -1, images, results),
               AMS_STATUS_INVALID_ARGUMENT, "-1 samples");
  options.threads = -1;
  assert_error(run_model(model, &options, 1, images, results),
               AMS_STATUS_INVALID_ARGUMENT, "-1 threads");
  options.threads = 1;
  options.first_sample = UINT64_C(1) << 40;
  assert_error(run_model(model, &options, 1, images, results),
               AMS_STATUS_INVALID_ARGUMENT, "layer \"conv1\": sample");
  // 25 vectors a sample; batches of 4 are computed whole.
  options.first_sample = (UINT64_C(1) << 44) / 25 - 4;
  assert_ok(run_model(model, &options, 0, images, results));
  assert_error(run_model(model, &options, 1, images, results),
               AMS_STATUS_INVALID_ARGUMENT, "2^44");
  options.first_sample -= 4;
  assert_ok(run_model(model, &options, 4, images, results));
  options.first_sample = UINT64_MAX;
  assert_error(run_model(model, &options, 1, images, results),
               AMS_STATUS_INVALID_ARGUMENT, "too many");
  ams_model_free(model);
  free(images);
}

/// Code that asks for what the model lacks.
static void run_wrong_layers(ams_call_t *call, const void *const *inputs,
                             void *const *outputs) {
  (void)inputs;
  ams_rt_mvm(call, HAND_ATTENTION, outputs[0], NULL, NULL, outputs[0]);
  ams_rt_mvm(call, HAND_LAYERS, outputs[0], NULL, NULL, outputs[0]);
  ams_rt_batch_matmul(call, -1, outputs[0], outputs[0], NULL, NULL, outputs[0]);
}

static void wrong_layers(void **state) {
  (void)state;
  float image[HAND_INPUT] = {0}, results[HAND_OUTPUT];
  ams_abi_model_t table = ams_model;
  table.run = run_wrong_layers;
  ams_model_t *model;
  assert_ok(ams_model_open(&table, "wrong layers", &model));
  ams_run_options_t options = ams_run_options_default();
  assert_error(run_model(model, &options, 1, image, results),
               AMS_STATUS_INVALID_DATA, "asks for layer 1");
  ams_model_free(model);
}

//===----------------------------------------------------------------------===//
// Code beside products
//===----------------------------------------------------------------------===//

/// Input to codes and back, and the number of the sample.
static void run_conversions(ams_call_t *call, const void *const *inputs,
                            void *const *outputs) {
  int8_t codes[HAND_BATCH * 2 * 32];
  uint16_t scales[HAND_BATCH * 2];
  float back[HAND_BATCH * HAND_INPUT];
  ams_rt_quantize(call, HAND_BATCH, HAND_INPUT, 32, 6, inputs[0], codes,
                  scales);
  ams_rt_dequantize(call, HAND_BATCH, HAND_INPUT, 32, 6, codes, scales, back);
  for (int sample = 0; sample < HAND_BATCH; ++sample)
    memcpy((float *)outputs[0] + sample * HAND_OUTPUT,
           back + sample * HAND_INPUT, HAND_OUTPUT * sizeof(float));
}

static void conversions(void **state) {
  (void)state;
  float image[HAND_INPUT] = {1, -0.5f, 0.34f}, results[HAND_OUTPUT];
  ams_abi_model_t table = ams_model;
  table.run = run_conversions;
  ams_model_t *model;
  assert_ok(ams_model_open(&table, "conversions", &model));
  ams_run_options_t options = ams_run_options_default();
  assert_ok(run_model(model, &options, 1, image, results));
  float unit = 1.0f / 31;
  const float expected[] = {ams_bfloat16_round(31 * unit),
                            ams_bfloat16_round(-16 * unit),
                            ams_bfloat16_round(11 * unit)};
  assert_same_bits("dequantised", results, expected, HAND_OUTPUT);
  image[49] = NAN;
  assert_error(run_model(model, &options, 1, image, results),
               AMS_STATUS_INVALID_DATA, "element 49 of vector 0");
  ams_model_free(model);
}

static atomic_int states_made, states_destroyed;

static ams_status_t make_state(const ams_abi_layer_t *layer, void *context,
                               void **out_state) {
  assert_int_equal(layer->index, 2);
  assert_string_equal(context, "context");
  atomic_fetch_add(&states_made, 1);
  *out_state = malloc(1);
  return *out_state ? AMS_OK
                    : ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "no room");
}

static void destroy_state(void *state) {
  atomic_fetch_add(&states_destroyed, 1);
  free(state);
}

static ams_status_t fail_state(const ams_abi_layer_t *layer, void *context,
                               void **out_state) {
  (void)layer, (void)context, (void)out_state;
  return ams_status_make(AMS_STATUS_UNSUPPORTED, "no state for you");
}

static void run_with_state(ams_call_t *call, const void *const *inputs,
                           void *const *outputs) {
  (void)inputs, (void)outputs;
  char context[] = "context";
  void *state =
      ams_call_layer_state(call, HAND_HEAD, make_state, context, destroy_state);
  if (state != ams_call_layer_state(call, HAND_HEAD, make_state, context,
                                    destroy_state) ||
      ams_call_threads(call) < 1)
    ams_call_fail(call, ams_status_make(AMS_STATUS_INVALID_DATA, "two states"));
  if (((const float *)inputs[0])[0] == 99)
    ams_call_layer_state(call, HAND_CONV, fail_state, NULL, destroy_state);
}

static void layer_states(void **state) {
  (void)state;
  float *images = make_images();
  float results[SAMPLES * HAND_OUTPUT];
  ams_abi_model_t table = ams_model;
  table.run = run_with_state;
  ams_model_t *model;
  assert_ok(ams_model_open(&table, "states", &model));
  ams_run_options_t options = ams_run_options_default();
  options.threads = 7;
  assert_ok(run_model(model, &options, SAMPLES, images, results));
  assert_int_equal(states_made, 1);
  images[8 * HAND_INPUT] = 99;
  assert_error(run_model(model, &options, SAMPLES, images, results),
               AMS_STATUS_UNSUPPORTED, "no state for you");
  assert_int_equal(states_destroyed, 0);
  ams_model_free(model);
  assert_int_equal(states_destroyed, 1);
  free(images);
}

static void drop_unrecorded(ams_call_t *call, const void *const *inputs,
                            void *const *outputs) {
  ams_rt_drop_clipped(call, HAND_HEAD, HAND_CONV, inputs[0], inputs[0],
                      outputs[0]);
}

/// Code that asks for a record of clipped conversions that no layer makes, or
/// for a gradient that is none.
static void no_record(void **state) {
  (void)state;
  float *images = make_images();
  float results[SAMPLES * HAND_OUTPUT];
  hand_manifest_t manifest = *(const hand_manifest_t *)ams_model.manifest;
  ams_abi_model_t table = ams_model;
  table.run = drop_unrecorded;
  table.manifest = &manifest.head;
  ams_run_options_t options = ams_run_options_default();
  for (int records = 0; records < 2; ++records) {
    manifest.layers[HAND_CONV].flags =
        records ? AMS_ABI_LAYER_RECORDS_CLIPPING : 0;
    ams_model_t *model;
    assert_ok(ams_model_open(&table, "clipped", &model));
    assert_error(run_model(model, &options, SAMPLES, images, results),
                 AMS_STATUS_INVALID_DATA,
                 "layer \"conv1\": the model's code asks for a record of "
                 "clipped conversions");
    ams_model_free(model);
  }
  free(images);
}

static ams_abi_plain_state_t plain_state;

static void run_plain(ams_call_t *call, const void *const *inputs,
                      void *const *outputs) {
  (void)call, (void)inputs;
  float *results = outputs[0];
  for (int sample = 0; sample < HAND_BATCH; ++sample) {
    results[sample * 3] = (float)plain_state.seed;
    results[sample * 3 + 1] = (float)(plain_state.first_sample + sample);
    results[sample * 3 + 2] = (float)plain_state.noise;
  }
}

static void plain_models(void **state) {
  (void)state;
  float *images = make_images();
  float results[SAMPLES * HAND_OUTPUT];
  hand_manifest_t manifest = *(const hand_manifest_t *)ams_model.manifest;
  manifest.head.target = AMS_ABI_PLAIN;
  ams_abi_model_t table = ams_model;
  table.manifest = &manifest.head;
  table.run = run_plain;
  ams_model_t *model;
  assert_error(ams_model_open(&table, "plain", &model), AMS_STATUS_INVALID_DATA,
               "no place for the run's seed");
  table.plain_state = &plain_state;
  assert_ok(ams_model_open(&table, "plain", &model));
  ams_run_options_t options = {
      .seed = 6, .first_sample = 100, .noise = true, .threads = 2};
  assert_ok(run_model(model, &options, SAMPLES, images, results));
  for (int sample = 0; sample < SAMPLES; ++sample) {
    assert_true(results[sample * 3] == 6);
    assert_true(results[sample * 3 + 1] == (float)(100 + sample));
    assert_true(results[sample * 3 + 2] == 1);
  }
  options.first_sample = UINT64_C(1) << 40;
  assert_error(run_model(model, &options, 1, images, results),
               AMS_STATUS_INVALID_ARGUMENT, "layer \"conv1\": sample");
  assert_error(ams_model_set_gain(model, NULL, 1), AMS_STATUS_UNSUPPORTED,
               "plain");
  options.first_sample = 0;
  assert_ok(ams_model_set_device_seed(model, 9));
  assert_ok(run_model(model, &options, 1, images, results));
  assert_int_equal(plain_state.device_seed, 9);
  ams_model_free(model);
  free(images);
}

//===----------------------------------------------------------------------===//
// Tables and files
//===----------------------------------------------------------------------===//

static void description(void **state) {
  (void)state;
  ams_model_t *model = open_model();
  assert_ptr_equal(ams_model_manifest(model), ams_model.manifest);
  assert_int_equal(ams_model_input(model, 0)->rank, 4);
  assert_int_equal(ams_model_output(model, 0)->dims[1], HAND_OUTPUT);
  assert_null(ams_model_input(model, 1));
  assert_null(ams_model_output(model, 1));
  assert_null(ams_model_layer(model, HAND_LAYERS));
  assert_string_equal(
      ams_model_string(model, ams_model_layer(model, HAND_CONV)->name),
      "conv1");
  assert_null(ams_model_string(model, 64));
  assert_non_null(ams_model_kernel(model));
  ams_model_free(model);
  ams_model_free(NULL);
}

static void wrong_tables(void **state) {
  (void)state;
  ams_model_t *model;
  ams_abi_model_t table = ams_model;
  table.magic = 0;
  assert_error(ams_model_open(&table, "t.so", &model), AMS_STATUS_INVALID_DATA,
               "t.so");
  table = ams_model;
  table.version = 77;
  table.manifest = NULL;
  char expected[96];
  snprintf(expected, sizeof expected,
           "t.so: compiled for ABI version 77, but this runtime has version %u",
           AMS_ABI_VERSION);
  assert_error(ams_model_open(&table, "t.so", &model),
               AMS_STATUS_VERSION_MISMATCH, expected);
  table = ams_model;
  table.manifest = NULL;
  assert_error(ams_model_open(&table, "t.so", &model), AMS_STATUS_INVALID_DATA,
               "missing");
  table = ams_model;
  table.run = NULL;
  assert_error(ams_model_open(&table, "t.so", &model), AMS_STATUS_INVALID_DATA,
               "missing");
  table = ams_model;
  table.sections = NULL;
  assert_error(ams_model_open(&table, "t.so", &model), AMS_STATUS_INVALID_DATA,
               "section 0");
}

/// Each field of the manifest that can make the runtime go astray.
static void damaged_manifests(void **state) {
  (void)state;
#define HEAD(field) offsetof(hand_manifest_t, head.field)
#define LAYER(index, field) offsetof(hand_manifest_t, layers[index].field)
  static const struct {
    size_t offset;
    size_t size; // of the field, 4 or 8
    int64_t value;
    const char *text;
  } damages[] = {
      {HEAD(size), 4, 40, "manifest has 40 bytes"},
      {HEAD(size), 4, sizeof(hand_manifest_t) - 1, "strings"},
      {HEAD(target), 4, 3, "target 3"},
      {HEAD(batch), 8, 0, "batch is 0"},
      {HEAD(batch), 8, 3, "not a multiple of the batch"},
      {HEAD(num_inputs), 4, 0x7fffffff, "input: 2147483647 of them"},
      {HEAD(inputs), 4, (int64_t)UINT32_MAX - 7, "input: 1 of them"},
      {HEAD(inputs), 4, 57, "input: 1 of them"},
      {HEAD(outputs), 4, sizeof(hand_manifest_t) - 72, "output: 1 of them"},
      {HEAD(num_layers), 4, 4, "layers: 4 of them"},
      {HEAD(layers), 4, UINT32_MAX - 7, "layers: 3 of them"},
      {HEAD(strings), 4, UINT32_MAX, "strings: 64 of them"},
      {HEAD(strings_size), 4, UINT32_MAX, "strings"},
      {HEAD(strings_size), 4, 0, "zero byte"},
      {HEAD(strings_size), 4, 10, "zero byte"},
      {HEAD(device_text), 4, 64, "device 0"},
      {HEAD(num_sections), 4, 3, "section 3 of its weight scales"},
      {offsetof(hand_manifest_t, input.name), 4, 64, "input 0"},
      {offsetof(hand_manifest_t, input.rank), 4, 9, "rank is 9"},
      {offsetof(hand_manifest_t, input.rank), 4, 0, "rank is 0"},
      {offsetof(hand_manifest_t, input.dtype), 4, 2, "type 2"},
      {offsetof(hand_manifest_t, input.bounded), 4, 1, "no integers"},
      {offsetof(hand_manifest_t, input.dims[1]), 8, 0, "dimension 1"},
      {offsetof(hand_manifest_t, input.dims[2]), 8, INT64_MAX, "dimension 2"},
      {offsetof(hand_manifest_t, input.dims[0]), 8, 6, "multiple of the batch"},
      {LAYER(0, name), 4, 64, "layer 0"},
      {LAYER(0, kind), 4, 7, "layer \"conv1\": kind is 7"},
      {LAYER(0, vectors), 8, 50, "not a multiple of the batch"},
      {LAYER(0, vectors), 8, 99, "not images"},
      {LAYER(0, conv.out_h), 4, 6, "output is 6"},
      {LAYER(0, codes_section), 4, 4, "section 4 of its weight codes"},
      {LAYER(2, outputs), 8, 4, "has 1920 bytes, but its shape needs 2560"},
      {HEAD(section_sizes), 4, UINT32_MAX - 7, "section sizes: 4 of them"},
      {LAYER(1, index), 4, 0, "two layers share noise index 0"},
      {LAYER(1, flags), 4, 2, "flags 2 are not known"},
      {LAYER(1, batch), 8, INT64_MAX, "batch is"},
      {LAYER(1, vectors), 8, -1, "vectors is -1"},
      {LAYER(2, reduction), 8, INT64_MAX, "layer \"head\": reduction"},
      {LAYER(2, device.rows), 4, 0, "rows is 0"},
      {LAYER(2, gain), 4, 0, "gain is 0"},
  };
  for (size_t i = 0; i < sizeof damages / sizeof *damages; ++i) {
    hand_manifest_t manifest = *(const hand_manifest_t *)ams_model.manifest;
    uint32_t narrow = (uint32_t)damages[i].value;
    const void *value = damages[i].size == 4 ? (const void *)&narrow
                                             : (const void *)&damages[i].value;
    memcpy((char *)&manifest + damages[i].offset, value, damages[i].size);
    ams_abi_model_t table = ams_model;
    table.manifest = &manifest.head;
    ams_model_t *model;
    assert_error(ams_model_open(&table, "t.so", &model),
                 AMS_STATUS_INVALID_DATA, damages[i].text);
  }
}

/// A profile of every layer, kept while another is gathered anew; results keep
/// their bits, except with ideal converters.
static void profiles(void **state) {
  (void)state;
  static const float gains[] = {1, 4, 16};
  ams_model_t *model = open_model();
  float *images = make_images();
  float expected[SAMPLES * HAND_OUTPUT], actual[SAMPLES * HAND_OUTPUT];
  ams_run_options_t options = ams_run_options_default();
  assert_ok(run_model(model, &options, SAMPLES, images, expected));
  ams_layer_profile_t profile;
  assert_false(ams_model_layer_profile(model, 0, &profile));

  assert_ok(ams_model_gather_profile(model, gains, 3, false));
  assert_ok(run_model(model, &options, SAMPLES, images, actual));
  assert_same_bits("profiled", actual, expected, SAMPLES * HAND_OUTPUT);
  for (size_t i = 0; i < HAND_LAYERS; ++i) {
    const int64_t vectors[] = {SAMPLES * 25, SAMPLES * 25, SAMPLES};
    assert_true(ams_model_layer_profile(model, i, &profile));
    // The last batch of a run is filled up.
    assert_in_range(profile.vectors, vectors[i],
                    vectors[i] * (SAMPLES + HAND_BATCH) / SAMPLES);
    assert_true(profile.signal > 0 && profile.layer[1].error > 0);
    assert_true(profile.gains[2] == gains[2]);
  }
  assert_false(ams_model_layer_profile(model, HAND_LAYERS, &profile));
  assert_ok(ams_model_gather_profile(model, gains, 1, true));
  assert_true(ams_model_layer_profile(model, 0, &profile));
  assert_int_equal(profile.vectors, 0);
  assert_ok(ams_model_gather_profile(model, NULL, 0, true));
  assert_false(ams_model_layer_profile(model, 0, &profile));

  assert_ok(ams_model_set_ideal(model, NULL, true));
  assert_ok(run_model(model, &options, SAMPLES, images, actual));
  assert_memory_not_equal(actual, expected, sizeof actual);
  assert_ok(ams_model_set_ideal(model, NULL, false));
  assert_ok(run_model(model, &options, SAMPLES, images, actual));
  assert_same_bits("not ideal", actual, expected, SAMPLES * HAND_OUTPUT);
  ams_model_free(model);
  free(images);
}

static void wrong_profiles(void **state) {
  (void)state;
  static const float gains[AMS_PROFILE_MOST_GAINS + 1] = {1, 0, 2};
  ams_model_t *model = open_model();
  assert_error(ams_model_gather_profile(model, gains, 2, false),
               AMS_STATUS_INVALID_ARGUMENT, "gain");
  assert_error(
      ams_model_gather_profile(model, gains, AMS_PROFILE_MOST_GAINS + 1, false),
      AMS_STATUS_INVALID_ARGUMENT, "the most is");
  assert_error(ams_model_set_ideal(model, "other", true), AMS_STATUS_NOT_FOUND,
               "no layer \"other\"");
  assert_true(ams_model_layer_fingerprint(model, 0) !=
              ams_model_layer_fingerprint(model, 1));
  ams_model_free(model);
}

/// Writes the first bytes of the model's file and expects them to be refused.
static void cut_short(void) {
  static char bytes[1 << 20];
  FILE *file = fopen(AMS_TEST_MODEL, "rb");
  assert_non_null(file);
  size_t size = fread(bytes, 1, sizeof bytes, file);
  fclose(file);
  const size_t sizes[] = {0, 3, 63, 64, 100, 1000, 4096, size / 4, size / 3};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; ++i) {
    const char *path = AMS_TEST_MODEL ".short";
    file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, sizes[i], file), sizes[i]);
    assert_int_equal(fclose(file), 0);
    ams_model_t *model;
    assert_error(ams_model_load(path, &model), AMS_STATUS_INVALID_DATA,
                 "cut short");
    assert_int_equal(remove(path), 0);
  }
}

static void files(void **state) {
  (void)state;
  ams_model_t *model;
  assert_ok(ams_model_load(AMS_TEST_MODEL, &model));
  float *images = make_images();
  float expected[SAMPLES * HAND_OUTPUT], actual[SAMPLES * HAND_OUTPUT];
  ams_run_options_t options = ams_run_options_default();
  assert_ok(run_model(model, &options, SAMPLES, images, actual));
  compute(0, 0, images, expected);
  assert_same_bits("loaded", actual, expected, SAMPLES * HAND_OUTPUT);
  ams_model_free(model);
  free(images);

  cut_short();
  assert_error(ams_model_load("absent.so", &model), AMS_STATUS_NOT_FOUND,
               "absent.so");
  assert_error(ams_model_load("/proc/self/status", &model),
               AMS_STATUS_INVALID_DATA, "not a shared library");
  assert_error(ams_model_load(AMS_TEST_OTHER_LIBRARY, &model),
               AMS_STATUS_INVALID_DATA, "not a compiled model");
  assert_int_equal(setenv("AMS_KERNEL", "abacus", 1), 0);
  assert_error(ams_model_load(AMS_TEST_MODEL, &model), AMS_STATUS_NOT_FOUND,
               "abacus");
  assert_int_equal(setenv("AMS_KERNEL", "scalar", 1), 0);
  assert_ok(ams_model_load(AMS_TEST_MODEL, &model));
  assert_string_equal(ams_model_kernel(model), "scalar");
  assert_int_equal(unsetenv("AMS_KERNEL"), 0);
  ams_model_free(model);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(any_samples_any_threads),
      cmocka_unit_test(options_matter),
      cmocka_unit_test(not_finite),
      cmocka_unit_test(run_arguments),
      cmocka_unit_test(workspaces),
      cmocka_unit_test(wrong_layers),
      cmocka_unit_test(conversions),
      cmocka_unit_test(layer_states),
      cmocka_unit_test(plain_models),
      cmocka_unit_test(description),
      cmocka_unit_test(wrong_tables),
      cmocka_unit_test(no_record),
      cmocka_unit_test(damaged_manifests),
      cmocka_unit_test(files),
      cmocka_unit_test(profiles),
      cmocka_unit_test(wrong_profiles),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
