//===-- CAPI.cpp - The dialect from C -------------------------------------===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One wrap and unwrap a function: what ams-c/Dialect.h declares.
//
//===----------------------------------------------------------------------===//

#include "ams-c/Dialect.h"
#include "ams/IR/AMSDialect.h"

#include "Sources.h"

#include "mlir/CAPI/IR.h"
#include "mlir/CAPI/Registration.h"
#include "mlir/CAPI/Support.h"

#include <algorithm>
#include <cmath>

using namespace ams;

MLIR_DEFINE_CAPI_DIALECT_REGISTRATION(AMS, ams, ::ams::AMSDialect)

bool amsAttributeIsADevice(MlirAttribute attr) {
  return llvm::isa<DeviceAttr>(unwrap(attr));
}

ams_abi_device_t amsDeviceAttrGetAbi(MlirAttribute attr) {
  auto device = llvm::cast<DeviceAttr>(unwrap(attr));
  ams_abi_device_t abi = {};
  abi.rows = device.getRows();
  abi.columns = device.getColumns();
  abi.bits_weight = device.getWeightBits();
  abi.bits_input = device.getInputBits();
  abi.bits_output = device.getOutputBits();
  abi.partial_format = static_cast<int32_t>(device.getPartials());
  for (mlir::Attribute source : device.getNoise())
    describeSource(source, abi);
  return abi;
}

size_t amsDeviceAttrGetGains(MlirAttribute device, size_t capacity,
                             float *gains) {
  size_t count = 0;
  for (mlir::Attribute gain : llvm::cast<DeviceAttr>(unwrap(device)).getGains())
    if (count < capacity)
      gains[count++] = static_cast<float>(
          llvm::cast<mlir::FloatAttr>(gain).getValueAsDouble());
  return count;
}

int64_t amsDeviceAttrGetStack(MlirAttribute device) {
  return llvm::cast<DeviceAttr>(unwrap(device)).getStack();
}

int64_t amsDeviceAttrGetCrossbars(MlirAttribute device) {
  return llvm::cast<DeviceAttr>(unwrap(device)).getCrossbars();
}

bool amsAttributeIsAPlacement(MlirAttribute attr) {
  return llvm::isa<PlacementAttr>(unwrap(attr));
}

MlirAttribute amsPlacementAttrGet(MlirContext context, int64_t idleRows,
                                  int64_t idleColumns, int64_t lanes,
                                  intptr_t numRuns, const AmsTileRun *runs) {
  llvm::SmallVector<TileRunAttr> attrs;
  for (const AmsTileRun &run : llvm::ArrayRef<AmsTileRun>(runs, numRuns))
    attrs.push_back(TileRunAttr::get(unwrap(context), run.tiles, run.step,
                                     run.device, run.crossbar, run.slot));
  return wrap(
      PlacementAttr::get(unwrap(context), idleRows, idleColumns, lanes, attrs));
}

static PlacementAttr placement(MlirAttribute attr) {
  return llvm::cast<PlacementAttr>(unwrap(attr));
}

int64_t amsPlacementAttrGetLanes(MlirAttribute attr) {
  return placement(attr).getLanes();
}

intptr_t amsPlacementAttrGetNumRuns(MlirAttribute attr) {
  return placement(attr).getRuns().size();
}

AmsTileRun amsPlacementAttrGetRun(MlirAttribute attr, intptr_t index) {
  TileRunAttr run = placement(attr).getRuns()[index];
  return {run.getTiles(), run.getStep(), run.getDevice(), run.getCrossbar(),
          run.getSlot()};
}

bool amsAttributeIsAWindow(MlirAttribute attr) {
  return llvm::isa<WindowAttr>(unwrap(attr));
}

MlirAttribute amsWindowAttrGet(MlirContext context, const AmsWindow *window) {
  return wrap(WindowAttr::get(unwrap(context), window->kernel, window->strides,
                              window->padding, window->dilations,
                              window->groups));
}

AmsWindow amsWindowAttrGetValue(MlirAttribute attr) {
  auto window = llvm::cast<WindowAttr>(unwrap(attr));
  AmsWindow value = {};
  llvm::copy(window.getKernel(), value.kernel);
  llvm::copy(window.getStrides(), value.strides);
  llvm::copy(window.getPadding(), value.padding);
  llvm::copy(window.getDilations(), value.dilations);
  value.groups = window.getGroups();
  return value;
}

MlirAttribute amsEpilogueAttrGet(MlirContext context,
                                 const AmsEpilogue *epilogue) {
  return wrap(EpilogueAttr::get(unwrap(context), epilogue->bias,
                                epilogue->residual,
                                llvm::APFloat(double(epilogue->low)),
                                llvm::APFloat(double(epilogue->high))));
}

bool amsAttributeIsAnEpilogue(MlirAttribute attr) {
  return llvm::isa<EpilogueAttr>(unwrap(attr));
}

AmsEpilogue amsEpilogueAttrGetValue(MlirAttribute attr) {
  if (mlirAttributeIsNull(attr))
    return {false, false, -INFINITY, INFINITY};
  auto epilogue = llvm::cast<EpilogueAttr>(unwrap(attr));
  return {epilogue.getBias(), epilogue.getResidual(),
          float(epilogue.getLow().convertToDouble()),
          float(epilogue.getHigh().convertToDouble())};
}

bool amsAttributeIsACondition(MlirAttribute attr) {
  return llvm::isa<ConditionAttr>(unwrap(attr));
}

MlirAttribute amsConditionAttrGet(MlirContext context,
                                  const ams_abi_condition_t *condition,
                                  int64_t n) {
  bool mean = condition->flags & AMS_ABI_CONDITION_MEAN;
  bool spread = condition->flags & AMS_ABI_CONDITION_SPREAD;
  if (!mean && !spread)
    return {nullptr};
  std::string signs;
  for (int64_t k = 0; spread && k < n; ++k)
    signs += condition->signs[k / 32] >> (k % 32) & 1 ? '-' : '+';
  return wrap(ConditionAttr::get(unwrap(context), mean, spread, signs));
}

ams_abi_condition_t amsConditionAttrGetAbi(MlirAttribute attr) {
  ams_abi_condition_t abi = {};
  if (mlirAttributeIsNull(attr))
    return abi;
  auto condition = llvm::cast<ConditionAttr>(unwrap(attr));
  abi.flags = (condition.getMean() ? AMS_ABI_CONDITION_MEAN : 0) |
              (condition.getSpread() ? AMS_ABI_CONDITION_SPREAD : 0);
  for (auto [k, sign] : llvm::enumerate(condition.getSigns()))
    if (sign == '-')
      abi.signs[k / 32] |= UINT32_C(1) << (k % 32);
  return abi;
}

static ConditionAttr conditionOf(MlirAttribute attr) {
  return llvm::cast_or_null<ConditionAttr>(unwrap(attr));
}

bool amsTypeIsAAbfp(MlirType type) { return llvm::isa<AbfpType>(unwrap(type)); }

MlirType amsAbfpTypeGetChecked(MlirLocation loc, intptr_t rank,
                               const int64_t *shape, int64_t axis, int64_t n,
                               int64_t bits, MlirAttribute condition) {
  mlir::Location location = unwrap(loc);
  return wrap(AbfpType::getChecked([&] { return mlir::emitError(location); },
                                   location.getContext(),
                                   llvm::ArrayRef<int64_t>(shape, rank), axis,
                                   n, bits, conditionOf(condition)));
}

static AbfpType abfp(MlirType type) {
  return llvm::cast<AbfpType>(unwrap(type));
}

intptr_t amsAbfpTypeGetRank(MlirType type) {
  return abfp(type).getShape().size();
}
int64_t amsAbfpTypeGetDim(MlirType type, intptr_t dim) {
  return abfp(type).getShape()[dim];
}
int64_t amsAbfpTypeGetN(MlirType type) { return abfp(type).getN(); }
int64_t amsAbfpTypeGetBits(MlirType type) { return abfp(type).getBits(); }
MlirAttribute amsAbfpTypeGetCondition(MlirType type) {
  return wrap(mlir::Attribute(abfp(type).getCondition()));
}
int64_t amsAbfpTypeGetNumVectors(MlirType type) {
  return abfp(type).getNumVectors();
}
int64_t amsAbfpTypeGetVectorSize(MlirType type) {
  return abfp(type).getVectorSize();
}
int64_t amsAbfpTypeGetNumBlocks(MlirType type) {
  return abfp(type).getNumBlocks();
}

bool amsTypeIsAGrid(MlirType type) { return llvm::isa<GridType>(unwrap(type)); }

MlirType amsGridTypeGet(MlirContext context, const AmsGrid *grid) {
  return wrap(GridType::get(unwrap(context), grid->outputs, grid->reduction,
                            grid->groups, grid->rows, grid->columns,
                            conditionOf(grid->condition)));
}

AmsGrid amsGridTypeGetValue(MlirType type) {
  auto grid = llvm::cast<GridType>(unwrap(type));
  return {grid.getOutputs(), grid.getReduction(),
          grid.getGroups(),  grid.getRows(),
          grid.getColumns(), wrap(mlir::Attribute(grid.getCondition()))};
}

int64_t amsWindowOutputSize(const AmsWindow *window, int dim, int64_t size) {
  int64_t extent = (window->kernel[dim] - 1) * window->dilations[dim] + 1;
  int64_t free =
      size + window->padding[dim] + window->padding[dim + 2] - extent;
  return free < 0 ? 0 : free / window->strides[dim] + 1;
}

bool amsOperationIsALayer(MlirOperation op) {
  return llvm::isa<LayerOpInterface>(unwrap(op));
}

/// The mean gain of a layer's conversions: tiles have as many as outputs (P2).
static float meanGain(llvm::ArrayRef<float> gains, const LayerShape &shape,
                      DeviceAttr device) {
  int64_t blocks = llvm::divideCeil(shape.reduction, device.getRows());
  int64_t columns = device.getColumns(), count = gains.size();
  int64_t columnTiles =
      count == blocks ? 1 : llvm::divideCeil(shape.outputs, columns);
  double sum = 0, all = 0;
  for (int64_t t = 0; t < count; ++t) {
    int64_t first = t / blocks % columnTiles * columns;
    double outputs =
        columnTiles == 1 ? 1 : double(std::min(columns, shape.outputs - first));
    sum += double(gains[t]) * outputs;
    all += outputs;
  }
  return float(sum / all);
}

AmsLayer amsOperationGetLayer(MlirOperation op) {
  auto layer = llvm::cast<LayerOpInterface>(unwrap(op));
  LayerShape shape = layer.getLayerShape();
  mlir::Attribute gain = layer.getGainAttr();
  llvm::ArrayRef<float> gains;
  float mean = 0;
  if (auto number = llvm::dyn_cast_or_null<mlir::FloatAttr>(gain))
    mean = float(number.getValueAsDouble());
  if (auto numbers = llvm::dyn_cast_or_null<mlir::DenseF32ArrayAttr>(gain)) {
    gains = numbers.asArrayRef();
    mean = meanGain(gains, shape, layer.getDevice());
  }
  return {wrap(layer.getLayer()),
          wrap(layer.getDevice()),
          mean,
          gains.data(),
          intptr_t(gains.size()),
          wrap(mlir::Attribute(layer.getLayerCondition())),
          layer.hasTwoActivations(),
          shape.batch,
          shape.vectors,
          shape.outputs,
          shape.reduction,
          shape.groups};
}
