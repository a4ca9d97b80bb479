//===-- analog.h - Products with all of a device's sources --------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The general way of a product: converters of up to 16 bits, and every source
// of error (rules S1 to S15 of docs/spec.md). Devices with at most 8 bits and
// no source but uniform ADC noise never come here.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_ANALOG_H
#define AMS_ANALOG_H

#include "ams/product.h"
#include "kernel.h"
#include "watch.h"

/// Outputs that are computed together.
#define AMS_ANALOG_STRIP 64

/// Most rows of a crossbar (V1).
#define AMS_ANALOG_MOST_ROWS 1024

/// What a layer's device does to it, made once.
struct ams_analog {
  ams_abi_device_t device;
  uint32_t layer; // index, of addresses
  uint64_t device_seed;
  /// Bits behind the point of programmed weights and converted inputs (S3).
  int32_t weight_fraction, input_fraction;
  /// Words of two products each whose sum always fits 32 bits.
  int64_t chunk_words;
  int32_t repeats;
  ams_device_tables_t tables;
  float *adc_curve; // owned, [2 * L_Y + 1], NULL: straight
  float *dac_curve; // owned, [2 * L_X + 1], NULL: straight
  ams_watch_t watch;
};

/// Checks the ranges of the sources; the message names the field.
ams_status_t ams_sources_check(const ams_abi_device_t *device);

/// Prepares the sources of a checked `layer`. Freed by ams_analog_free.
ams_status_t ams_analog_make(const ams_abi_layer_t *layer, uint64_t device_seed,
                             ams_watch_t watch, ams_analog_t **out_analog);
void ams_analog_free(ams_analog_t *analog);

//===----------------------------------------------------------------------===//
// Layout: pairs of 16-bit codes are words, as the instructions for them take.
//===----------------------------------------------------------------------===//

/// Packed weights of one group. Outputs are taken 64 at a time, a strip:
/// [strip][block][word][64] and [strip][block][64]; columns' errors are NULL
/// where the device has none.
typedef struct ams_analog_weights {
  int32_t *words;
  int32_t *codes; // what was to be programmed; with statistics alone
  float *scales, *gain, *offset, *deviation;
} ams_analog_weights_t;

/// Quantised inputs of a panel: pairs [vector][block][word], scales
/// [vector][block].
typedef struct ams_analog_inputs {
  int32_t *words;
  float *scales;
} ams_analog_inputs_t;

static inline int64_t ams_analog_words(const ams_geometry_t *geometry) {
  return (geometry->n + 1) / 2;
}

size_t ams_analog_weights_size(const ams_analog_t *analog,
                               const ams_geometry_t *geometry);
size_t ams_analog_inputs_size(const ams_geometry_t *geometry, int64_t vectors);

/// The parts of packed weights at `data`, and of inputs.
ams_analog_weights_t ams_analog_view_weights(const ams_analog_t *analog,
                                             const ams_geometry_t *geometry,
                                             const void *data);
ams_analog_inputs_t ams_analog_view_inputs(const ams_geometry_t *geometry,
                                           int64_t vectors, const void *data);

/// Programs codes [N][T][n] (int16 above 8 bits, else int8) and scales [N][T]
/// of a group whose first output is the layer's `first_row`.
void ams_analog_pack(const ams_analog_t *analog, const ams_geometry_t *geometry,
                     int64_t first_row, const void *codes,
                     const uint16_t *scales, void *data);

/// As ams_kernel_t's.
int64_t ams_analog_quantise(const ams_geometry_t *geometry,
                            const ams_conditioner_t *conditioner,
                            const float *const *x, int64_t vectors,
                            void *inputs);

//===----------------------------------------------------------------------===//
// Cells
//===----------------------------------------------------------------------===//

/// Whether cells hold anything but their codes.
bool ams_cells_err(const ams_abi_sources_t *sources);

/// Programs the `n` cells of output `output`'s column in block `block`: codes
/// to fixed point (S4 to S7).
void ams_cells_program(const ams_analog_t *analog, int64_t output,
                       int64_t block, int32_t n, const int16_t *codes,
                       int16_t *cells);

#endif // AMS_ANALOG_H
