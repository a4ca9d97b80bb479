//===-- device.c - Checks and constants of a device ---------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ranges of a device's fields (V1, V3), and the constants that follow from a
// device and a gain (A1, D1).
//
//===----------------------------------------------------------------------===//

#include "device.h"

#include "analog/analog.h"

#include <math.h>

static ams_status_t check_range(const char *field, int32_t value, int32_t least,
                                int32_t most) {
  if (value >= least && value <= most)
    return AMS_OK;
  return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                         "device: %s is %d; it must be from %d to %d", field,
                         value, least, most);
}

ams_status_t ams_device_check(const ams_abi_device_t *device) {
  AMS_RETURN_IF_ERROR(check_range("rows", device->rows, 1, 1024));
  AMS_RETURN_IF_ERROR(check_range("columns", device->columns, 1, INT32_MAX));
  AMS_RETURN_IF_ERROR(check_range("bits_weight", device->bits_weight, 2, 16));
  AMS_RETURN_IF_ERROR(check_range("bits_input", device->bits_input, 2, 16));
  AMS_RETURN_IF_ERROR(check_range("bits_output", device->bits_output, 2, 16));
  AMS_RETURN_IF_ERROR(check_range("partial_format", device->partial_format,
                                  AMS_ABI_FORMAT_BF16, AMS_ABI_FORMAT_F32));
  if (!(device->noise_uniform >= 0) || isinf(device->noise_uniform))
    return ams_status_make(
        AMS_STATUS_INVALID_ARGUMENT,
        "device: noise_uniform is %g; it must be finite and at least 0",
        (double)device->noise_uniform);
  return ams_sources_check(device);
}

float ams_alpha(const ams_abi_device_t *device, float gain) {
  double numerator = (double)gain * ams_largest_code(device->bits_output);
  double denominator = (double)device->rows *
                       ams_largest_code(device->bits_weight) *
                       ams_largest_code(device->bits_input);
  return (float)(numerator / denominator);
}

float ams_output_scale(const ams_abi_device_t *device, float gain) {
  double denominator = (double)gain * ams_largest_code(device->bits_output);
  return (float)(device->rows / denominator);
}

ams_status_t ams_gain_check(const ams_abi_device_t *device, float gain) {
  if (!(gain > 0) || isinf(gain))
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "gain is %g; it must be finite and positive",
                           (double)gain);
  if (isinf(ams_alpha(device, gain)) || isinf(ams_output_scale(device, gain)))
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "gain %g is beyond what the device's constants can "
                           "hold in float32; use one nearer to 1",
                           (double)gain);
  return AMS_OK;
}
