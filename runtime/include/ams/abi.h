//===-- ams/abi.h - What compiled models and the runtime agree on -*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The entry table and manifest that a compiled model exports, and the functions
// that its code calls. The compiler fills these very structs, so layouts are
// written once; sizes are asserted, and any change raises AMS_ABI_VERSION.
// Users include runtime.h instead.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_ABI_H
#define AMS_ABI_H

#include "ams/export.h"

#include <assert.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define AMS_ABI_MAGIC UINT32_C(0x31534d41) // "AMS1", little endian
#define AMS_ABI_VERSION UINT32_C(12)

/// Name of the symbol of type ams_abi_model_t that a model exports.
#define AMS_ABI_MODEL_SYMBOL "ams_model"

#define AMS_ABI_MAX_RANK 8

/// Most rows of a crossbar (V1).
#define AMS_ABI_MAX_ROWS 1024

/// Section index that stands for "none".
#define AMS_ABI_NO_SECTION UINT32_C(0xffffffff)

typedef enum ams_abi_dtype {
  AMS_ABI_F32 = 0,
  AMS_ABI_I64 = 1,
} ams_abi_dtype_t;

typedef enum ams_abi_layer_kind {
  AMS_ABI_MATMUL = 0,       // programmed weights, [M, K] x [N, K]^T
  AMS_ABI_CONV = 1,         // programmed weights, NHWC x FHWC
  AMS_ABI_BATCH_MATMUL = 2, // two activations, [B, M, K] x [B, N, K]^T
  // Gradients, in float32, from that of the product's result and an operand of
  // it. A layer has the sizes of the product whose gradient it is.
  AMS_ABI_MATMUL_INPUT_GRADIENT = 3,  // [B, M, N] x [B, N, K]
  AMS_ABI_MATMUL_WEIGHT_GRADIENT = 4, // [B, M, N]^T x [B, M, K]
  AMS_ABI_CONV_INPUT_GRADIENT = 5,    // of the image, with the filters
  AMS_ABI_CONV_WEIGHT_GRADIENT = 6,   // of the filters, with the image
} ams_abi_layer_kind_t;

typedef enum ams_abi_target {
  AMS_ABI_DEVICE = 0,  // products on the modelled device, by calls of runtime
  AMS_ABI_DIGITAL = 1, // products in float32
  AMS_ABI_PLAIN = 2,   // products on the modelled device, in generated code
} ams_abi_target_t;

typedef enum ams_abi_format {
  AMS_ABI_FORMAT_BF16 = 0,
  AMS_ABI_FORMAT_F32 = 1,
} ams_abi_format_t;

/// A named input or output of the model. `name` is an offset into the
/// manifest's strings (NUL-terminated there). dims[0] is the batch. Elements of
/// an input of integers that is bounded are checked before a run.
typedef struct ams_abi_tensor {
  uint32_t name;
  uint32_t dtype; // ams_abi_dtype_t
  uint32_t rank;
  uint32_t bounded; // 1: elements are from `least` to `most`; else 0
  int64_t dims[AMS_ABI_MAX_RANK];
  int64_t least, most;
} ams_abi_tensor_t;

/// Kinds of ADC noise beside the uniform one (S13).
typedef enum ams_abi_noise {
  AMS_ABI_NOISE_NONE = 0,
  AMS_ABI_NOISE_NORMAL = 1,
  AMS_ABI_NOISE_LOGISTIC = 2,
  AMS_ABI_NOISE_HISTOGRAM = 3,
} ams_abi_noise_t;

/// Most bins of a histogram.
#define AMS_ABI_MAX_BINS 128

/// What a device has of drift (S5).
typedef enum ams_abi_drift {
  AMS_ABI_DRIFT_NONE = 0,
  AMS_ABI_DRIFT_LEFT = 1,
  AMS_ABI_DRIFT_COMPENSATED = 2, // by one factor on the outputs
} ams_abi_drift_t;

/// Sources of error of a device but uniform ADC noise; rules S1 to S15. All
/// zeros: none.
typedef struct ams_abi_sources {
  int32_t noise_kind;     // ams_abi_noise_t
  float noise_deviation;  // LSB; normal and logistic
  float noise_spread;     // of a column's deviation, relative
  float noise_growth;     // of the deviation over the ADC's range, relative
  float common_deviation; // LSB
  float column_gain;      // mean gain less 1
  float column_gain_deviation;
  float column_offset;                 // LSB
  float column_offset_deviation;       // LSB
  float adc_integral;                  // LSB, largest
  float adc_differential;              // LSB, deviation of a step
  float dac_noise;                     // input LSB
  float dac_integral;                  // input LSB, largest
  float programming[3];                // of L_W: constant, by |w|, by |w|^2
  float stuck_low, stuck_high;         // rates
  float read_noise;                    // of L_W
  float drift_time_ratio;              // time over its reference
  float drift_exponent;                // mean
  float drift_deviation;               // of the exponent
  int32_t drift_kind;                  // ams_abi_drift_t
  float ir_drop;                       // loss of the last cell of a full column
  int32_t repeats;                     // averaged products, 0 or 1: one
  int32_t bins;                        // of the histogram
  float histogram_low, histogram_high; // LSB
  float histogram[AMS_ABI_MAX_BINS];   // weights of its bins
} ams_abi_sources_t;

/// The device as far as the arithmetic of one layer needs it; docs/spec.md's
/// symbols in comments.
typedef struct ams_abi_device {
  int32_t rows;           // n, 1..1024
  int32_t columns;        // outputs of one crossbar, >= 1
  int32_t bits_weight;    // b_W
  int32_t bits_input;     // b_X
  int32_t bits_output;    // b_Y
  int32_t partial_format; // ams_abi_format_t, of partial sums and result
  float noise_uniform;    // full width of uniform ADC noise in LSB, 0: none
  ams_abi_sources_t sources;
} ams_abi_device_t;

/// What conditioning does to a layer's blocks, as bits.
typedef enum ams_abi_conditioning {
  AMS_ABI_CONDITION_MEAN = 1,   // means of inputs are removed (C2)
  AMS_ABI_CONDITION_SPREAD = 2, // blocks are spread over all rows (C3, C4)
} ams_abi_conditioning_t;

/// How the blocks of a layer with weights are conditioned; rules C1 to C7. All
/// zeros: not at all.
typedef struct ams_abi_condition {
  uint32_t flags;        // of ams_abi_conditioning_t
  uint32_t sums_section; // with MEAN: float32 sums [outputs][blocks]
  /// With SPREAD: row k's sign, bit k % 32 of word k / 32; set: negative.
  uint32_t signs[AMS_ABI_MAX_ROWS / 32];
} ams_abi_condition_t;

/// Geometry of a 2-D convolution, NHWC, for one sample.
typedef struct ams_abi_conv {
  int32_t in_h, in_w, in_c;
  int32_t kernel_h, kernel_w;
  int32_t stride_h, stride_w;
  int32_t dilation_h, dilation_w;
  int32_t pad_top, pad_left, pad_bottom, pad_right;
  int32_t out_h, out_w;
  int32_t reserved;
} ams_abi_conv_t;

/// What a layer's epilogue does (D7): bits of its flags.
typedef enum ams_abi_epilogue_flags {
  AMS_ABI_EPILOGUE_BIAS = 1,     // adds one number an output
  AMS_ABI_EPILOGUE_RESIDUAL = 2, // adds one number an element of the result
  AMS_ABI_EPILOGUE_CLAMP = 4,    // to the range from low to high
} ams_abi_epilogue_flags_t;

typedef struct ams_abi_epilogue {
  uint32_t flags; // of ams_abi_epilogue_flags_t
  float low, high;
  uint32_t reserved;
} ams_abi_epilogue_t;

/// What a layer does beside its product: bits of its flags.
typedef enum ams_abi_layer_flags {
  AMS_ABI_LAYER_RECORDS_CLIPPING = 1, // of its conversions, for gradients (B2)
} ams_abi_layer_flags_t;

/// One layer: a product on the device (or, for the digital target, in float32).
/// For AMS_ABI_CONV `outputs` is F over all groups, `reduction` is
/// KH * KW * C / groups, and `vectors` counts output pixels.
typedef struct ams_abi_layer {
  uint32_t name;           // offset into strings
  uint32_t kind;           // ams_abi_layer_kind_t
  uint32_t index;          // address of the layer's noise, unique in the model
  uint32_t codes_section;  // weight codes [outputs][blocks][rows]: int8 up to
                           // 8 bits, else int16; AMS_ABI_NO_SECTION where
                           // ams_rt_program brings the weights
  uint32_t scales_section; // bfloat16 weight scales [outputs][blocks]
  float gain;              // G, or the mean of all conversions' gains
  uint32_t num_gains;      // 0: `gain` alone; else one a block, T, or a tile
  uint32_t gains_section;  // with num_gains: float32 [num_gains] (G1)
  uint32_t flags;          // of ams_abi_layer_flags_t; 0 unless on the device
  uint32_t reserved;       // 0
  int64_t batch;           // AMS_ABI_BATCH_MATMUL: B; else 1
  int64_t vectors;         // input vectors of one call: M (B * M in all)
  int64_t outputs;         // N
  int64_t reduction;       // K
  int64_t groups;          // 1 unless AMS_ABI_CONV
  ams_abi_device_t device;
  ams_abi_epilogue_t epilogue;
  ams_abi_conv_t conv;
  ams_abi_condition_t condition;
} ams_abi_layer_t;

/// Columns of an alias table of noise (T2).
#define AMS_ABI_NOISE_COLUMNS 128

/// One distribution of noise that is added to a layer's result: a row of the
/// table of ams_rt_add_noise (T1). All zeros: nothing is added.
typedef struct ams_abi_noise_row {
  float bound; // least magnitude that the row is for
  float threshold[AMS_ABI_NOISE_COLUMNS];
  /// Of a column's own bin, then of its alias: the bin's lower edge, and its
  /// width over the share of the column that leads to it.
  float low[2][AMS_ABI_NOISE_COLUMNS], slope[2][AMS_ABI_NOISE_COLUMNS];
} ams_abi_noise_row_t;

/// Numbers of a row.
#define AMS_ABI_NOISE_ROW 641

/// Bytes of the unit in which a manifest counts its workspace.
#define AMS_ABI_WORKSPACE_UNIT 64

/// Position-independent description of a model. All offsets are in bytes from
/// the manifest's start; strings are NUL-terminated.
typedef struct ams_abi_manifest {
  uint32_t size; // of the whole manifest
  uint32_t target;
  int64_t batch; // samples a call of `run` computes, >= 1
  uint32_t num_inputs, num_outputs, num_layers, num_sections;
  uint32_t inputs;        // ams_abi_tensor_t[num_inputs]
  uint32_t outputs;       // ams_abi_tensor_t[num_outputs]
  uint32_t layers;        // ams_abi_layer_t[num_layers]
  uint32_t section_sizes; // uint64_t[num_sections], in bytes
  uint32_t strings;
  uint32_t strings_size;
  uint32_t device_text;  // offset into strings: the device attribute's text
  uint32_t step_samples; // samples that noise tells apart in each one of
                         // `batch` (N3), where that is a whole step; 0: one
  uint32_t workspace;    // that a call of `run` needs, in units of
                         // AMS_ABI_WORKSPACE_UNIT bytes
  uint32_t reserved;     // 0
} ams_abi_manifest_t;

/// What AMS_ABI_PLAIN code reads at run time, in a memref<4xi64>.
typedef struct ams_abi_plain_state {
  int64_t seed;
  int64_t first_sample;
  int64_t noise;       // 0: off, 1: as the device says
  int64_t device_seed; // of errors that a device is made with (S1)
} ams_abi_plain_state_t;

/// State of one call of `run`: opaque to generated code.
typedef struct ams_call ams_call_t;

/// The exported entry table.
typedef struct ams_abi_model {
  uint32_t magic;   // AMS_ABI_MAGIC
  uint32_t version; // AMS_ABI_VERSION
  const ams_abi_manifest_t *manifest;
  /// Raw constants, one pointer a section (num_sections of them).
  const void *const *sections;
  /// Computes manifest->batch samples: arrays of pointers to dense row-major
  /// tensors of the manifest's shapes. Reentrant (unless `plain_state`).
  void (*run)(ams_call_t *call, const void *const *inputs,
              void *const *outputs);
  /// AMS_ABI_PLAIN only, else NULL.
  ams_abi_plain_state_t *plain_state;
} ams_abi_model_t;

static_assert(sizeof(ams_abi_tensor_t) == 96, "ABI");
static_assert(sizeof(ams_abi_device_t) == 652, "ABI");
static_assert(sizeof(ams_abi_conv_t) == 64, "ABI");
static_assert(sizeof(ams_abi_noise_row_t) == 4 * AMS_ABI_NOISE_ROW, "ABI");
static_assert(sizeof(ams_abi_condition_t) == 136, "ABI");
static_assert(sizeof(ams_abi_layer_t) == 952, "ABI");
static_assert(sizeof(ams_abi_manifest_t) == 72, "ABI");
static_assert(sizeof(ams_abi_model_t) == 40, "ABI");

//===----------------------------------------------------------------------===//
// Called by generated code. `layer` is an index into the manifest's layers.
// All tensors are dense, row-major float32 of the layer's shapes. The first
// error of a call is kept in it and returned by ams_model_run; after it, every
// function fills its output with zeros and returns. `bias` [N] and `residual`,
// of the shape of y, are addends of the layer's epilogue, and NULL where it has
// none; neither overlaps y.
//===----------------------------------------------------------------------===//

/// y = x through the layer's programmed crossbars; AMS_ABI_MATMUL: x [M, K],
/// y [M, N]; AMS_ABI_CONV: x [B, H, W, C], y [B, OH, OW, F].
AMS_EXPORT void ams_rt_mvm(ams_call_t *call, int64_t layer, const float *x,
                           const float *bias, const float *residual, float *y);

/// Programs weights w into the crossbars of a layer that has no sections of
/// codes, for the rest of this call; AMS_ABI_MATMUL: w [N, K]; AMS_ABI_CONV:
/// w [F, KH, KW, C / groups].
AMS_EXPORT void ams_rt_program(ams_call_t *call, int64_t layer, const float *w);

/// y[b] = a[b] b[b]^T with both sides quantised now; a [B, M, K], b [B, N, K].
AMS_EXPORT void ams_rt_batch_matmul(ams_call_t *call, int64_t layer,
                                    const float *a, const float *b,
                                    const float *bias, const float *residual,
                                    float *y);

/// Takes what conversions of layer `product` that were clipped in this call
/// have contributed out of y, the result of layer `gradient`, which is a
/// gradient of that product (B3, B4). `dy` and `other` are what the gradient
/// was computed from, as ams_rt_f32_varying takes them.
AMS_EXPORT void ams_rt_drop_clipped(ams_call_t *call, int64_t gradient,
                                    int64_t product, const float *dy,
                                    const float *other, float *y);

/// Quantises `vectors` vectors of `k` elements in blocks of `n` to `bits`
/// bits: codes [vectors][ceil(k/n)][n], int8 up to 8 bits, else int16; scales
/// (bfloat16) [vectors][ceil(k/n)].
AMS_EXPORT void ams_rt_quantize(ams_call_t *call, int64_t vectors, int64_t k,
                                int64_t n, int64_t bits, const float *x,
                                void *codes, uint16_t *scales);

/// The inverse: y = bf16(code * (scale * float32(1 / L))).
AMS_EXPORT void ams_rt_dequantize(ams_call_t *call, int64_t vectors, int64_t k,
                                  int64_t n, int64_t bits, const void *codes,
                                  const uint16_t *scales, float *y);

/// Adds noise to the result y of a layer in float32, `samples` samples of
/// `elements` (T1, T3, T4). `layer` is an address, not an index into the
/// manifest; `table` is [channels][classes], `channels` being 1 or the size of
/// y's last dimension. Adds nothing where the run's noise is off. Then does to
/// y what `flags` (ams_abi_epilogue_t), `bias`, `residual`, `low` and `high`
/// say (D7), y's last dimension being `outputs`.
AMS_EXPORT void ams_rt_add_noise(ams_call_t *call, int64_t layer,
                                 int64_t samples, int64_t elements,
                                 int64_t channels, int64_t classes,
                                 int64_t outputs, const float *table,
                                 int64_t flags, const float *bias,
                                 const float *residual, float low, float high,
                                 float *y);

/// The workspace of this call, as large as the manifest says and aligned to its
/// unit; nothing is known of what it holds.
AMS_EXPORT void *ams_rt_workspace(ams_call_t *call);

/// One of the tasks that an operation outside of the products is cut into.
typedef void (*ams_abi_task_t)(void *context, int64_t index);

/// Runs tasks 0 to count - 1, in any order, on the threads of the call.
AMS_EXPORT void ams_rt_tasks(ams_call_t *call, int64_t count,
                             ams_abi_task_t task, void *context);

//===----------------------------------------------------------------------===//
// The digital target's products, in libams_float. `w` as the layer's weights:
// [N, K], or [F, KH, KW, C / groups].
//===----------------------------------------------------------------------===//

AMS_EXPORT void ams_rt_f32_matmul(ams_call_t *call, int64_t layer,
                                  const float *x, const float *w,
                                  const float *bias, const float *residual,
                                  float *y);
AMS_EXPORT void ams_rt_f32_conv(ams_call_t *call, int64_t layer, const float *x,
                                const float *w, const float *bias,
                                const float *residual, float *y);
AMS_EXPORT void ams_rt_f32_batch_matmul(ams_call_t *call, int64_t layer,
                                        const float *a, const float *b,
                                        const float *bias,
                                        const float *residual, float *y);

/// A product both of whose operands vary from call to call, or a gradient: the
/// layer's kind says which. `a` is the product's left operand, or the gradient
/// of its result; `b` is the other one.
AMS_EXPORT void ams_rt_f32_varying(ams_call_t *call, int64_t layer,
                                   const float *a, const float *b, float *y);

#ifdef __cplusplus
}
#endif

#endif // AMS_ABI_H
