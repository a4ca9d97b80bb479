//===-- amx.c - Products by AMX ----------------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tiles of 16 vectors by 16 outputs and up to 64 codes an instruction, on a
// unit of its own, which runs beside the vector units' work on noise and
// conversion.
//
//===----------------------------------------------------------------------===//

#define CODES_PER_WORD 4
#define WEIGHT_BIAS 0
#define TILE_VECTORS 16
#define STEP_BLOCKS 2
// Tiles that wait while vectors add two blocks' means come back slowly.
#define MEAN_STEP_BLOCKS 1

#include "depthwise.h"
#include "multiply.h"
#include "quantise_runs.h"
#include "shared_blocks.h"

#include <sys/syscall.h>
#include <unistd.h>

/// Asks the system for the tiles' state, which it keeps for a process only on
/// request.
static bool is_permitted(void) {
  enum { REQUEST_PERMISSION = 0x1023, TILE_DATA = 18 };
  return syscall(SYS_arch_prctl, REQUEST_PERMISSION, TILE_DATA) == 0;
}

static bool is_supported(void) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx512f") &&
         __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512vnni") &&
         __builtin_cpu_supports("amx-tile") &&
         __builtin_cpu_supports("amx-int8") && is_permitted();
}

/// Tile registers: four of sums of 16 outputs, operands of 16 words, and
/// operands of a block's last 1 to 16 words.
#define SUMS0 0
#define SUMS1 1
#define SUMS2 2
#define SUMS3 3
#define INPUTS 4
#define WEIGHTS 5
#define LAST_INPUTS 6
#define LAST_WEIGHTS 7

#define TILE_WORDS 16

/// Shapes of the tile registers, as the processor reads them.
typedef struct tile_shapes {
  _Alignas(64) uint8_t palette;
  uint8_t start_row;
  uint8_t reserved[14];
  uint16_t row_bytes[16];
  uint8_t rows[16];
} tile_shapes_t;

static tile_shapes_t shapes_of(const ams_geometry_t *geometry,
                               int64_t vectors) {
  const int64_t last = (block_words(geometry) - 1) % TILE_WORDS + 1;
  const uint8_t rows =
      (uint8_t)(vectors < TILE_VECTORS ? vectors : TILE_VECTORS);
  tile_shapes_t shapes = {.palette = 1};
  for (int sums = SUMS0; sums <= SUMS3; ++sums) {
    shapes.rows[sums] = rows;
    shapes.row_bytes[sums] = TILE_WORDS * sizeof(int32_t);
  }
  shapes.rows[INPUTS] = rows;
  shapes.row_bytes[INPUTS] = TILE_WORDS * sizeof(int32_t);
  shapes.rows[WEIGHTS] = TILE_WORDS;
  shapes.row_bytes[WEIGHTS] = TILE_WORDS * sizeof(int32_t);
  shapes.rows[LAST_INPUTS] = rows;
  shapes.row_bytes[LAST_INPUTS] = (uint16_t)(last * sizeof(int32_t));
  shapes.rows[LAST_WEIGHTS] = (uint8_t)last;
  shapes.row_bytes[LAST_WEIGHTS] = TILE_WORDS * sizeof(int32_t);
  return shapes;
}

/// A row of start values, which are all 0 or all INTEGER_FLOAT_ZERO.
static const _Alignas(64) uint32_t starts[2][TILE_WORDS] = {
    {0},
    {INTEGER_FLOAT_ZERO, INTEGER_FLOAT_ZERO, INTEGER_FLOAT_ZERO,
     INTEGER_FLOAT_ZERO, INTEGER_FLOAT_ZERO, INTEGER_FLOAT_ZERO,
     INTEGER_FLOAT_ZERO, INTEGER_FLOAT_ZERO, INTEGER_FLOAT_ZERO,
     INTEGER_FLOAT_ZERO, INTEGER_FLOAT_ZERO, INTEGER_FLOAT_ZERO,
     INTEGER_FLOAT_ZERO, INTEGER_FLOAT_ZERO, INTEGER_FLOAT_ZERO,
     INTEGER_FLOAT_ZERO}};

/// One block's products on their way. A block has `full` times 16 words and
/// then 1 to 16.
typedef struct tile_block {
  int64_t full;
  const int32_t *inputs, *weights;
  size_t input_stride;
} tile_block_t;

#define WEIGHTS_STRIDE (STRIP_OUTPUTS * sizeof(int32_t))
#define DOTS_STRIDE (STRIP_OUTPUTS * sizeof(float))

/// Adds the products of a tile of inputs with 32 outputs.
#define ADD_PRODUCTS(sums0, sums1, inputs, weights, from)                      \
  do {                                                                         \
    _tile_loadd(weights, from, WEIGHTS_STRIDE);                                \
    _tile_dpbssd(sums0, inputs, weights);                                      \
    _tile_loadd(weights, (from) + TILE_WORDS, WEIGHTS_STRIDE);                 \
    _tile_dpbssd(sums1, inputs, weights);                                      \
  } while (0)

/// Dot products of a block with 32 outputs from `first` on. Inputs that fit
/// their registers are loaded for the first outputs and stay.
#define DOT_HALF(sums0, sums1, block, first, zero)                             \
  do {                                                                         \
    const int32_t *x = (block)->inputs, *w = (block)->weights + (first);       \
    _tile_loadd(sums0, zero, 0);                                               \
    _tile_loadd(sums1, zero, 0);                                               \
    for (int64_t i = 0; i < (block)->full; ++i) {                              \
      if ((first) == 0 || (block)->full > 1)                                   \
        _tile_loadd(INPUTS, x, (block)->input_stride);                         \
      ADD_PRODUCTS(sums0, sums1, INPUTS, WEIGHTS, w);                          \
      x += TILE_WORDS;                                                         \
      w += TILE_WORDS * STRIP_OUTPUTS;                                         \
    }                                                                          \
    if ((first) == 0)                                                          \
      _tile_loadd(LAST_INPUTS, x, (block)->input_stride);                      \
    ADD_PRODUCTS(sums0, sums1, LAST_INPUTS, LAST_WEIGHTS, w);                  \
  } while (0)

#define STORE_HALF(sums0, sums1, dots, first)                                  \
  do {                                                                         \
    _tile_stored(sums0, (dots)[0] + (first), DOTS_STRIDE);                     \
    _tile_stored(sums1, (dots)[0] + (first) + TILE_WORDS, DOTS_STRIDE);        \
  } while (0)

static inline void seek_block(const dot_args_t *args, int64_t b,
                              tile_block_t *block) {
  block->inputs =
      (const int32_t *)(args->inputs + (size_t)b * args->input_size);
  block->weights =
      (const int32_t *)(args->weights + (size_t)b * args->weights_size);
}

/// Registers take long from their last product to their store, so that one
/// half's or block's products come before the other one's stores.
static inline __attribute__((always_inline)) void
dot_blocks(const dot_args_t *args, float dots[][TILE_VECTORS][STRIP_OUTPUTS]) {
  const int32_t *start = block_end(args->inputs, args->input_size)->start;
  const void *zero = starts[start[0] != 0];
  tile_block_t block = {
      .full = (args->words - 1) / TILE_WORDS,
      .input_stride = (size_t)args->words * sizeof(int32_t),
  };
  if (args->width <= 2 * TILE_WORDS) {
    seek_block(args, 0, &block);
    DOT_HALF(SUMS0, SUMS1, &block, 0, zero);
    if (args->blocks > 1) {
      seek_block(args, 1, &block);
      DOT_HALF(SUMS2, SUMS3, &block, 0, zero);
    }
    STORE_HALF(SUMS0, SUMS1, dots[0], 0);
    if (args->blocks > 1)
      STORE_HALF(SUMS2, SUMS3, dots[1], 0);
    return;
  }
  for (int64_t b = 0; b < args->blocks; ++b) {
    seek_block(args, b, &block);
    DOT_HALF(SUMS0, SUMS1, &block, 0, zero);
    if (b > 0)
      STORE_HALF(SUMS2, SUMS3, dots[b - 1], 2 * TILE_WORDS);
    DOT_HALF(SUMS2, SUMS3, &block, 2 * TILE_WORDS, zero);
    STORE_HALF(SUMS0, SUMS1, dots[b], 0);
  }
  STORE_HALF(SUMS2, SUMS3, dots[args->blocks - 1], 2 * TILE_WORDS);
}

//===----------------------------------------------------------------------===//
// The kernel
//===----------------------------------------------------------------------===//

/// Fewest rows of a crossbar for which tiles pay.
#define LEAST_ROWS 16

static bool is_short(const ams_geometry_t *geometry) {
  return geometry->n < LEAST_ROWS;
}

static size_t weights_bytes(const ams_geometry_t *geometry) {
  return is_short(geometry) ? ams_kernel_avx512vnni.weights_size(geometry)
                            : weights_size(geometry);
}

static void pack_codes(const ams_geometry_t *geometry, const int8_t *codes,
                       const uint16_t *scales, void *weights) {
  if (is_short(geometry))
    ams_kernel_avx512vnni.pack(geometry, codes, scales, weights);
  else
    pack(geometry, codes, scales, weights);
}

static size_t inputs_bytes(const ams_geometry_t *geometry, int64_t vectors) {
  return is_short(geometry)
             ? ams_kernel_avx512vnni.inputs_size(geometry, vectors)
             : inputs_size(geometry, vectors);
}

static int64_t quantise_vectors(const ams_geometry_t *geometry,
                                const ams_conditioner_t *conditioner,
                                const float *const *x, int64_t vectors,
                                void *inputs) {
  return (is_short(geometry) ? ams_kernel_avx512vnni.quantise : quantise)(
      geometry, conditioner, x, vectors, inputs);
}

static size_t shared_block_bytes(const ams_geometry_t *geometry) {
  return (is_short(geometry) ? ams_kernel_avx512vnni.block_size
                             : block_size)(geometry);
}

static bool quantise_shared(const ams_geometry_t *geometry,
                            const float *const *x, int64_t length,
                            int64_t count, void *blocks) {
  return (is_short(geometry)
              ? ams_kernel_avx512vnni.quantise_blocks
              : quantise_blocks)(geometry, x, length, count, blocks);
}

static void place_shared(const ams_geometry_t *geometry, int64_t vectors,
                         int64_t block, const void *const *blocks,
                         void *inputs) {
  (is_short(geometry) ? ams_kernel_avx512vnni.place_blocks
                      : place_blocks)(geometry, vectors, block, blocks, inputs);
}

static void multiply(const ams_multiply_args_t *args) {
  if (is_short(args->geometry)) {
    ams_kernel_avx512vnni.multiply(args);
    return;
  }
  const tile_shapes_t shapes = shapes_of(args->geometry, args->vectors);
  _tile_loadconfig(&shapes);
  multiply_panel(args, dot_blocks);
  _tile_release();
}

const ams_kernel_t ams_kernel_amx = {
    .name = "amx",
    .supported = is_supported,
    .weights_size = weights_bytes,
    .pack = pack_codes,
    .condition = ams_condition_avx512,
    .inputs_size = inputs_bytes,
    .quantise = quantise_vectors,
    .round_chunks = round_chunks,
    .quantise_runs = quantise_runs,
    .block_size = shared_block_bytes,
    .quantise_blocks = quantise_shared,
    .place_blocks = place_shared,
    .multiply = multiply,
    .multiply_analog = ams_multiply_analog_avx512vnni,
    .epilogue = ams_epilogue_apply_avx2,
    .add_noise = ams_add_noise_avx512,
    .depthwise = &ams_depthwise_avx512vnni,
};
