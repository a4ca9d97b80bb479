//===-- Sources.cpp - Sources of error of a device ------------------------===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Verification of the attributes in a device's list, and what each says to the
// runtime.
//
//===----------------------------------------------------------------------===//

#include "Sources.h"

#include "ams/IR/AMSDialect.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/TypeSwitch.h"

#include <cfloat>
#include <cmath>

using namespace mlir;
using namespace ams;

using EmitError = function_ref<InFlightDiagnostic()>;

/// Most LSB of any error.
static constexpr double mostLsb = 1e6;

//===----------------------------------------------------------------------===//
// Verification
//===----------------------------------------------------------------------===//

/// Checks that parameter `name` lies in [least, most], as `rule` needs it.
static LogicalResult verifyNumber(EmitError emitError, StringRef rule,
                                  StringRef name, const APFloat &number,
                                  double least, double most) {
  double value = number.convertToDouble();
  if (value >= least && value <= most)
    return success();
  return emitError() << name << " is " << value << ", but must be from "
                     << least << " to " << most << " (" << rule << ")";
}

LogicalResult UniformAttr::verify(EmitError emitError, APFloat width) {
  double value = width.convertToDouble();
  if (!(value >= 0 && value <= double(FLT_MAX)))
    return emitError()
           << "width of uniform noise is " << value
           << " LSB, but must be at least 0 and fit into float32 (N6)";
  return success();
}

LogicalResult NormalAttr::verify(EmitError emitError, APFloat deviation) {
  return verifyNumber(emitError, "S13", "deviation of normal noise", deviation,
                      0, mostLsb);
}

LogicalResult LogisticAttr::verify(EmitError emitError, APFloat deviation) {
  return verifyNumber(emitError, "S13", "deviation of logistic noise",
                      deviation, 0, mostLsb);
}

LogicalResult HistogramAttr::verify(EmitError emitError, APFloat low,
                                    APFloat high, ArrayAttr weights) {
  if (failed(verifyNumber(emitError, "S2", "low", low, -mostLsb, mostLsb)) ||
      failed(verifyNumber(emitError, "S2", "high", high, -mostLsb, mostLsb)))
    return failure();
  if (!(low.convertToDouble() < high.convertToDouble()))
    return emitError() << "low is " << low.convertToDouble()
                       << ", but must be below high, " << high.convertToDouble()
                       << " (S2)";
  if (weights.empty() || weights.size() > AMS_ABI_MAX_BINS)
    return emitError() << "histogram has " << weights.size()
                       << " weights, but must have from 1 to "
                       << AMS_ABI_MAX_BINS << " (S2)";
  bool positive = false;
  for (Attribute weight : weights) {
    auto number = dyn_cast<FloatAttr>(weight);
    double value = number ? number.getValueAsDouble() : -1;
    if (!(value >= 0 && value <= double(FLT_MAX)))
      return emitError() << "weight " << weight
                         << " of a histogram is no number that is at least 0 "
                            "and fits into float32 (S2)";
    positive |= static_cast<float>(value) > 0;
  }
  if (!positive)
    return emitError() << "every weight of the histogram is 0 (S2)";
  return success();
}

LogicalResult AdcSpreadAttr::verify(EmitError emitError, APFloat columns,
                                    APFloat growth) {
  if (failed(verifyNumber(emitError, "S13", "columns", columns, 0, 10)))
    return failure();
  return verifyNumber(emitError, "S13", "growth", growth, 0, 1000);
}

LogicalResult CommonAttr::verify(EmitError emitError, APFloat deviation) {
  return verifyNumber(emitError, "S12", "deviation of common noise", deviation,
                      0, mostLsb);
}

LogicalResult ColumnErrorAttr::verify(EmitError emitError, APFloat gain,
                                      APFloat gainDeviation, APFloat offset,
                                      APFloat offsetDeviation) {
  if (failed(verifyNumber(emitError, "S11", "gain", gain, 0, 10)) ||
      failed(verifyNumber(emitError, "S11", "gain_deviation", gainDeviation, 0,
                          10)) ||
      failed(
          verifyNumber(emitError, "S11", "offset", offset, -mostLsb, mostLsb)))
    return failure();
  return verifyNumber(emitError, "S11", "offset_deviation", offsetDeviation, 0,
                      mostLsb);
}

LogicalResult AdcNonlinearityAttr::verify(EmitError emitError, APFloat integral,
                                          APFloat differential) {
  if (failed(verifyNumber(emitError, "S14", "integral", integral, -mostLsb,
                          mostLsb)))
    return failure();
  return verifyNumber(emitError, "S14", "differential", differential, 0,
                      mostLsb);
}

LogicalResult DacAttr::verify(EmitError emitError, APFloat noise,
                              APFloat integral) {
  if (failed(verifyNumber(emitError, "S8", "noise", noise, 0, mostLsb)))
    return failure();
  return verifyNumber(emitError, "S8", "integral", integral, -mostLsb, mostLsb);
}

LogicalResult ProgrammingAttr::verify(EmitError emitError, APFloat constant,
                                      APFloat proportional, APFloat quadratic) {
  if (failed(verifyNumber(emitError, "S4", "constant", constant, -10, 10)) ||
      failed(
          verifyNumber(emitError, "S4", "proportional", proportional, -10, 10)))
    return failure();
  return verifyNumber(emitError, "S4", "quadratic", quadratic, -10, 10);
}

LogicalResult StuckAttr::verify(EmitError emitError, APFloat low,
                                APFloat high) {
  if (failed(verifyNumber(emitError, "S6", "low", low, 0, 1)))
    return failure();
  return verifyNumber(emitError, "S6", "high", high, 0,
                      1 - low.convertToDouble());
}

LogicalResult DriftAttr::verify(EmitError emitError, APFloat time,
                                APFloat reference, APFloat exponent,
                                APFloat deviation, bool) {
  if (failed(
          verifyNumber(emitError, "S5", "reference", reference, 1e-12, 1e12)) ||
      failed(verifyNumber(emitError, "S5", "time", time,
                          reference.convertToDouble(), 1e12)) ||
      failed(verifyNumber(emitError, "S5", "exponent", exponent, 0, 1)))
    return failure();
  if (time.convertToDouble() / reference.convertToDouble() > 1e19)
    return emitError() << "time is more than 1e19 times the reference (S5)";
  return verifyNumber(emitError, "S5", "deviation of the exponent", deviation,
                      0, 1);
}

LogicalResult IrDropAttr::verify(EmitError emitError, APFloat loss) {
  return verifyNumber(emitError, "S7", "loss", loss, 0, 1);
}

LogicalResult ReadNoiseAttr::verify(EmitError emitError, APFloat deviation) {
  return verifyNumber(emitError, "S10", "deviation of read noise", deviation, 0,
                      10);
}

LogicalResult RepeatAttr::verify(EmitError emitError, int64_t count) {
  if (count >= 1 && count <= 256)
    return success();
  return emitError() << "count is " << count
                     << ", but must be from 1 to 256 (S15)";
}

/// Whether `source` is a kind of ADC noise.
static bool isAdcNoise(Attribute source) {
  return isa<UniformAttr, NormalAttr, LogisticAttr, HistogramAttr>(source);
}

static bool isSource(Attribute source) {
  return isAdcNoise(source) ||
         isa<AdcSpreadAttr, CommonAttr, ColumnErrorAttr, AdcNonlinearityAttr,
             DacAttr, ProgrammingAttr, StuckAttr, DriftAttr, IrDropAttr,
             ReadNoiseAttr, RepeatAttr>(source);
}

LogicalResult ams::verifySources(EmitError emitError, ArrayAttr sources) {
  SmallVector<Attribute> seen;
  for (Attribute source : sources) {
    if (!isSource(source))
      return emitError()
             << "noise lists " << source
             << ", which is no source of noise; known: #ams.uniform, "
                "#ams.normal, #ams.logistic, #ams.histogram, #ams.adc_spread, "
                "#ams.common, #ams.column_error, #ams.adc_nonlinearity, "
                "#ams.dac, #ams.programming, #ams.stuck, #ams.drift, "
                "#ams.ir_drop, #ams.read_noise, #ams.repeat (F12)";
    for (Attribute other : seen) {
      if (source.getTypeID() == other.getTypeID())
        return emitError() << "noise lists #"
                           << source.getAbstractAttribute().getName()
                           << " twice (F12)";
      if (isAdcNoise(source) && isAdcNoise(other))
        return emitError() << "noise lists two kinds of ADC noise, " << other
                           << " and " << source << " (F12)";
    }
    seen.push_back(source);
  }
  bool spreads = llvm::any_of(seen, llvm::IsaPred<AdcSpreadAttr>);
  if (spreads && llvm::none_of(seen, isAdcNoise))
    return emitError() << "noise lists #ams.adc_spread without a kind of ADC "
                          "noise that it could spread (F12)";
  return success();
}

//===----------------------------------------------------------------------===//
// To the runtime
//===----------------------------------------------------------------------===//

static float number(const APFloat &value) {
  return static_cast<float>(value.convertToDouble());
}

static void describeHistogram(HistogramAttr histogram, ams_abi_sources_t &to) {
  to.noise_kind = AMS_ABI_NOISE_HISTOGRAM;
  to.histogram_low = number(histogram.getLow());
  to.histogram_high = number(histogram.getHigh());
  for (Attribute weight : histogram.getWeights())
    to.histogram[to.bins++] =
        static_cast<float>(cast<FloatAttr>(weight).getValueAsDouble());
}

static void describeDrift(DriftAttr drift, ams_abi_sources_t &to) {
  to.drift_kind =
      drift.getCompensated() ? AMS_ABI_DRIFT_COMPENSATED : AMS_ABI_DRIFT_LEFT;
  to.drift_time_ratio =
      static_cast<float>(drift.getTime().convertToDouble() /
                         drift.getReference().convertToDouble());
  to.drift_exponent = number(drift.getExponent());
  to.drift_deviation = number(drift.getDeviation());
}

void ams::describeSource(Attribute source, ams_abi_device_t &device) {
  ams_abi_sources_t &to = device.sources;
  llvm::TypeSwitch<Attribute>(source)
      .Case<UniformAttr>(
          [&](auto s) { device.noise_uniform = number(s.getWidth()); })
      .Case<NormalAttr>([&](auto s) {
        to.noise_kind = AMS_ABI_NOISE_NORMAL;
        to.noise_deviation = number(s.getDeviation());
      })
      .Case<LogisticAttr>([&](auto s) {
        to.noise_kind = AMS_ABI_NOISE_LOGISTIC;
        to.noise_deviation = number(s.getDeviation());
      })
      .Case<HistogramAttr>([&](auto s) { describeHistogram(s, to); })
      .Case<AdcSpreadAttr>([&](auto s) {
        to.noise_spread = number(s.getColumns());
        to.noise_growth = number(s.getGrowth());
      })
      .Case<CommonAttr>(
          [&](auto s) { to.common_deviation = number(s.getDeviation()); })
      .Case<ColumnErrorAttr>([&](auto s) {
        to.column_gain = static_cast<float>(s.getGain().convertToDouble() - 1);
        to.column_gain_deviation = number(s.getGainDeviation());
        to.column_offset = number(s.getOffset());
        to.column_offset_deviation = number(s.getOffsetDeviation());
      })
      .Case<AdcNonlinearityAttr>([&](auto s) {
        to.adc_integral = number(s.getIntegral());
        to.adc_differential = number(s.getDifferential());
      })
      .Case<DacAttr>([&](auto s) {
        to.dac_noise = number(s.getNoise());
        to.dac_integral = number(s.getIntegral());
      })
      .Case<ProgrammingAttr>([&](auto s) {
        to.programming[0] = number(s.getConstant());
        to.programming[1] = number(s.getProportional());
        to.programming[2] = number(s.getQuadratic());
      })
      .Case<StuckAttr>([&](auto s) {
        to.stuck_low = number(s.getLow());
        to.stuck_high = number(s.getHigh());
      })
      .Case<DriftAttr>([&](auto s) { describeDrift(s, to); })
      .Case<IrDropAttr>([&](auto s) { to.ir_drop = number(s.getLoss()); })
      .Case<ReadNoiseAttr>(
          [&](auto s) { to.read_noise = number(s.getDeviation()); })
      .Case<RepeatAttr>(
          [&](auto s) { to.repeats = static_cast<int32_t>(s.getCount()); });
}
