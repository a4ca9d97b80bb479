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

#include "depthwise.h"
#include "multiply.h"
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

/// Tile registers: two of sums of 16 outputs, operands of 16 words, and
/// operands of what is left of a block.
#define SUMS0 0
#define SUMS1 1
#define INPUTS 2
#define WEIGHTS 3
#define LAST_INPUTS 4
#define LAST_WEIGHTS 5

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
  const int64_t last = block_words(geometry) % TILE_WORDS;
  const uint8_t rows =
      (uint8_t)(vectors < TILE_VECTORS ? vectors : TILE_VECTORS);
  tile_shapes_t shapes = {.palette = 1};
  shapes.rows[SUMS0] = shapes.rows[SUMS1] = rows;
  shapes.row_bytes[SUMS0] = shapes.row_bytes[SUMS1] =
      TILE_WORDS * sizeof(int32_t);
  shapes.rows[INPUTS] = rows;
  shapes.row_bytes[INPUTS] = TILE_WORDS * sizeof(int32_t);
  shapes.rows[WEIGHTS] = TILE_WORDS;
  shapes.row_bytes[WEIGHTS] = TILE_WORDS * sizeof(int32_t);
  if (last) {
    shapes.rows[LAST_INPUTS] = rows;
    shapes.row_bytes[LAST_INPUTS] = (uint16_t)(last * sizeof(int32_t));
    shapes.rows[LAST_WEIGHTS] = (uint8_t)last;
    shapes.row_bytes[LAST_WEIGHTS] = TILE_WORDS * sizeof(int32_t);
  }
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

static inline __attribute__((always_inline)) void
dot_block(int64_t vectors, int64_t words, const int32_t *inputs,
          const void *weights, const int32_t start[TILE_VECTORS],
          float dots[TILE_VECTORS][STRIP_OUTPUTS]) {
  (void)vectors;
  const size_t input_stride = (size_t)words * sizeof(int32_t);
  const size_t stride = STRIP_OUTPUTS * sizeof(int32_t);
  const void *zero = starts[start[0] != 0];
  for (int first = 0; first < STRIP_OUTPUTS; first += 2 * TILE_WORDS) {
    const int32_t *w = (const int32_t *)weights + first;
    const int32_t *x = inputs;
    int64_t left = words;
    _tile_loadd(SUMS0, zero, 0);
    _tile_loadd(SUMS1, zero, 0);
    for (; left >= TILE_WORDS; left -= TILE_WORDS) {
      _tile_loadd(INPUTS, x, input_stride);
      _tile_loadd(WEIGHTS, w, stride);
      _tile_dpbssd(SUMS0, INPUTS, WEIGHTS);
      _tile_loadd(WEIGHTS, w + TILE_WORDS, stride);
      _tile_dpbssd(SUMS1, INPUTS, WEIGHTS);
      x += TILE_WORDS;
      w += TILE_WORDS * STRIP_OUTPUTS;
    }
    if (left) {
      _tile_loadd(LAST_INPUTS, x, input_stride);
      _tile_loadd(LAST_WEIGHTS, w, stride);
      _tile_dpbssd(SUMS0, LAST_INPUTS, LAST_WEIGHTS);
      _tile_loadd(LAST_WEIGHTS, w + TILE_WORDS, stride);
      _tile_dpbssd(SUMS1, LAST_INPUTS, LAST_WEIGHTS);
    }
    _tile_stored(SUMS0, dots[0] + first, stride);
    _tile_stored(SUMS1, dots[0] + first + TILE_WORDS, stride);
  }
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
                                const float *const *x, int64_t vectors,
                                void *inputs) {
  return (is_short(geometry) ? ams_kernel_avx512vnni.quantise
                             : quantise)(geometry, x, vectors, inputs);
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
  multiply_panel(args, dot_block);
  _tile_release();
}

const ams_kernel_t ams_kernel_amx = {
    .name = "amx",
    .supported = is_supported,
    .weights_size = weights_bytes,
    .pack = pack_codes,
    .inputs_size = inputs_bytes,
    .quantise = quantise_vectors,
    .block_size = shared_block_bytes,
    .quantise_blocks = quantise_shared,
    .place_blocks = place_shared,
    .multiply = multiply,
    .multiply_analog = ams_multiply_analog_avx512vnni,
    .depthwise = &ams_depthwise_avx512vnni,
};
