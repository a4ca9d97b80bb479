/*===-- PlainDevice.c - A device for the plain way ----------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "PlainDevice.h"

#include "Build.h"

#include "ams/product.h"

float amsCodeLimit(int32_t bits) { return (float)((1 << (bits - 1)) - 1); }

MlirAttribute amsFloats(MlirContext context, int64_t count,
                        const float *values) {
  return mlirDenseElementsAttrFloatGet(
      mlirRankedTensorTypeGet(1, &count, mlirF32TypeGet(context),
                              mlirAttributeGetNull()),
      count, values);
}

static bool cellsErr(const ams_abi_sources_t *sources) {
  return sources->programming[0] != 0 || sources->programming[1] != 0 ||
         sources->programming[2] != 0 || sources->stuck_low > 0 ||
         sources->stuck_high > 0 || sources->drift_kind != AMS_ABI_DRIFT_NONE ||
         sources->ir_drop > 0;
}

/* 2^f of numbers of `bits` bits that are held in fixed point where they err
 * (S3). */
static float fixedPoint(bool err, int32_t bits) {
  return err && bits < 15 ? (float)(1 << (15 - bits)) : 1;
}

/* The device as a buffer: fields in the order of Plain/Preamble.mlir. */
static MlirAttribute fieldsOf(MlirContext context,
                              const ams_abi_device_t *device) {
  const ams_abi_sources_t *s = &device->sources;
  bool dacErrs = s->dac_noise > 0 || s->dac_integral != 0;
  float noise = device->noise_uniform;
  if (s->noise_kind == AMS_ABI_NOISE_HISTOGRAM)
    noise = 1;
  else if (s->noise_kind != AMS_ABI_NOISE_NONE)
    noise = s->noise_deviation;
  const float fields[] = {
      amsCodeLimit(device->bits_weight),
      amsCodeLimit(device->bits_input),
      amsCodeLimit(device->bits_output),
      device->partial_format == AMS_ABI_FORMAT_BF16,
      noise,
      s->noise_spread,
      s->noise_growth,
      s->common_deviation,
      s->column_gain,
      s->column_gain_deviation,
      s->column_offset,
      s->column_offset_deviation,
      s->adc_integral,
      s->adc_differential,
      s->dac_noise,
      s->dac_integral,
      s->programming[0],
      s->programming[1],
      s->programming[2],
      s->stuck_low,
      s->stuck_high,
      s->read_noise,
      s->ir_drop,
      (float)(s->repeats > 1 ? s->repeats : 1),
      fixedPoint(cellsErr(s), device->bits_weight),
      fixedPoint(dacErrs, device->bits_input),
  };
  return amsFloats(context, sizeof fields / sizeof *fields, fields);
}

static MlirAttribute tableOf(MlirContext context, const float *table) {
  return amsFloats(context, table ? AMS_DEVICE_TABLE_SIZE : 0, table);
}

bool amsPlainDeviceDescribe(MlirOperation op, const ams_abi_device_t *device,
                            bool written, AmsPlainDevice *outDevice) {
  MlirContext context = mlirOperationGetContext(op);
  ams_abi_device_t own = *device;
  if (!written)
    own.sources.drift_kind = AMS_ABI_DRIFT_NONE;
  ams_device_tables_t tables;
  ams_status_t status = ams_device_tables_make(&own, &tables);
  if (status) {
    amsEmitOpError(op, "%s", ams_status_message(status));
    ams_status_free(status);
    return false;
  }
  const float *normal = ams_device_general(&own) ? tables.normal : NULL;
  *outDevice = (AmsPlainDevice){.fields = fieldsOf(context, &own),
                                .normal = tableOf(context, normal),
                                .noise = tableOf(context, tables.noise),
                                .drift = tableOf(context, tables.drift),
                                .cellsErr = cellsErr(&own.sources),
                                .outputFactor = tables.output_factor};
  ams_device_tables_free(&tables);
  return true;
}
