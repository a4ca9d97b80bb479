//===-- AMSOps.cpp - Verifiers and effects of the operations --------------===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ams/IR/AMSDialect.h"

#include "Sizes.h"
#include "Verify.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"

using namespace mlir;
using namespace ams;

static LogicalResult foldInit(DestinationStyleOpInterface op);

#include "ams/IR/AMSInterfaces.cpp.inc"

/// A number, or numbers of blocks or tiles in brackets.
static ParseResult parseGain(OpAsmParser &parser, Attribute &gain) {
  Type type = parser.getBuilder().getF32Type();
  auto parseNumber = [&](FloatAttr &number) {
    return parser.parseAttribute(number, type);
  };
  if (failed(parser.parseOptionalLSquare())) {
    FloatAttr number;
    if (failed(parseNumber(number)))
      return failure();
    gain = number;
    return success();
  }
  SmallVector<float> gains;
  auto parseElement = [&]() -> ParseResult {
    FloatAttr number;
    if (failed(parseNumber(number)))
      return failure();
    gains.push_back(float(number.getValueAsDouble()));
    return success();
  };
  if (failed(parser.parseCommaSeparatedList(parseElement)) ||
      failed(parser.parseRSquare()))
    return failure();
  gain = parser.getBuilder().getDenseF32ArrayAttr(gains);
  return success();
}

static void printGain(OpAsmPrinter &printer, Operation *, Attribute gain) {
  auto gains = dyn_cast<DenseF32ArrayAttr>(gain);
  if (!gains) {
    printer.printAttributeWithoutType(gain);
    return;
  }
  Builder builder(gain.getContext());
  printer << '[';
  llvm::interleaveComma(gains.asArrayRef(), printer, [&](float number) {
    printer.printAttributeWithoutType(builder.getF32FloatAttr(number));
  });
  printer << ']';
}

#define GET_OP_CLASSES
#include "ams/IR/AMSOps.cpp.inc"

#include <cmath>

//===----------------------------------------------------------------------===//
// What the verifiers share
//===----------------------------------------------------------------------===//

/// Gains are one a block, or one a tile (G1).
static LogicalResult verifyGainCount(Operation *op, DeviceAttr device) {
  auto gains = op->getAttrOfType<DenseF32ArrayAttr>("gain");
  if (!gains)
    return success();
  LayerShape shape = cast<LayerOpInterface>(op).getLayerShape();
  int64_t blocks = llvm::divideCeil(shape.reduction, device.getRows());
  int64_t tiles = shape.groups *
                  llvm::divideCeil(shape.outputs, device.getColumns()) * blocks;
  if (gains.size() == blocks || gains.size() == tiles)
    return success();
  return emitLayerError(op)
         << "has " << gains.size() << " gains, but " << blocks
         << " blocks of its reduction and " << tiles << " tiles (G1)";
}

/// What a product computes, against the coordinates of its noise (N2).
static LogicalResult verifyCoordinates(Operation *op, DeviceAttr device,
                                       ArrayRef<int64_t> vectors,
                                       int64_t outputs, int64_t reduction) {
  if (saturatingProduct(vectors) > maxVectors)
    return emitLayerError(op)
           << "has more than " << maxVectors << " input vectors (N2)";
  if (outputs > maxOutputs)
    return emitLayerError(op) << "has " << outputs << " outputs, but at most "
                              << maxOutputs << " are possible (N2)";
  if (int64_t(llvm::divideCeil(reduction, device.getRows())) > maxBlocks)
    return emitLayerError(op)
           << "reduces " << reduction << " elements, more than " << maxBlocks
           << " blocks of " << device.getRows() << " rows (N2)";
  return verifyGainCount(op, device);
}

static bool isGain(double gain) { return std::isfinite(gain) && gain > 0; }

/// A number, or numbers whose count is verified with the sizes.
static LogicalResult verifyGain(Operation *op, Attribute gain) {
  bool ok = true;
  if (auto number = dyn_cast_or_null<FloatAttr>(gain))
    ok = isGain(number.getValueAsDouble());
  else if (auto numbers = dyn_cast_or_null<DenseF32ArrayAttr>(gain))
    ok = llvm::all_of(numbers.asArrayRef(), isGain);
  if (!ok)
    return emitLayerError(op) << "gain must be finite and positive (V3)";
  return success();
}

/// An ABFP operand's axis, n and bits against the device's.
static LogicalResult verifyAbfp(Operation *op, StringRef name, Value value,
                                int64_t axis, int64_t n, int64_t bits) {
  auto type = dyn_cast<AbfpType>(value.getType());
  if (!type)
    return success();
  if (type.getAxis() != axis)
    return emitLayerError(op)
           << name << " has blocks from axis " << type.getAxis()
           << ", but needs axis " << axis << " (V1, V4)";
  if (type.getN() != n)
    return emitLayerError(op) << name << " has blocks of n = " << type.getN()
                              << ", but the device has " << n << " rows (V1)";
  if (type.getBits() != bits)
    return emitLayerError(op)
           << name << " has " << type.getBits() << " bits, but the device has "
           << bits << " (V3)";
  return success();
}

/// Rules that every product of two operands shares.
template <typename Op>
static LogicalResult verifyProduct(Op op, Value first, StringRef firstName,
                                   int64_t firstAxis, Value second,
                                   StringRef secondName, int64_t secondAxis) {
  DeviceAttr device = op.getDevice();
  if (op.getLayer().empty())
    return emitLayerError(op) << "needs a layer name (F1)";
  if (failed(verifyGain(op, op.getGainAttr())) ||
      failed(verifyDestination(op, op.getInit())) ||
      failed(verifyEpilogue(op, op.getEpilogueAttr(), op.getAddends(),
                            op.getInit())))
    return failure();
  if (isa<AbfpType>(first.getType()) != isa<AbfpType>(second.getType()))
    return emitLayerError(op) << firstName << " and " << secondName
                              << " must both be ABFP values or neither (F5)";
  bool hasOwnConverters = isa<BatchMatmulOp>(op);
  if (op.getGainAttr() && !isa<AbfpType>(first.getType()) && !hasOwnConverters)
    return emitLayerError(op)
           << "has a gain but no scales: quantise " << firstName << " and "
           << secondName << " first (F5)";
  if (failed(verifyAbfp(op, firstName, first, firstAxis, device.getRows(),
                        device.getInputBits())))
    return failure();
  return verifyAbfp(op, secondName, second, secondAxis, device.getRows(),
                    device.getWeightBits());
}

/// The condition of an ABFP operand, null where there is none.
static ConditionAttr conditionOf(Value value) {
  auto type = dyn_cast<AbfpType>(value.getType());
  return type ? type.getCondition() : ConditionAttr();
}

/// A layer's condition is its own on data, its operands' as ABFP values.
template <typename Op> static LogicalResult verifyCondition(Op op) {
  ConditionAttr own = op.getConditionAttr();
  if (own && isa<AbfpType>(op.getInput().getType()))
    return emitLayerError(op) << "has a condition, but its operands are ABFP "
                                 "values, whose types say it (C1)";
  if (own && own.getSpread() &&
      int64_t(own.getSigns().size()) != op.getDevice().getRows())
    return emitLayerError(op) << "condition has " << own.getSigns().size()
                              << " signs, but the device has "
                              << op.getDevice().getRows() << " rows (C3)";
  if (conditionOf(op.getInput()) != conditionOf(op.getWeights()))
    return emitLayerError(op)
           << "input and weights are conditioned differently (C1)";
  return success();
}

/// A placement against the matrices that it places: `groups` of `outputs` x
/// `reduction` on tiles of `rows` x `columns`.
static LogicalResult verifyPlacement(Operation *op, PlacementAttr placement,
                                     int64_t groups, int64_t outputs,
                                     int64_t reduction, int64_t rows,
                                     int64_t columns) {
  if (!placement)
    return success();
  int64_t blocks = llvm::divideCeil(reduction, rows),
          columnTiles = llvm::divideCeil(outputs, columns);
  int64_t tiles = groups * columnTiles * blocks;
  if (placement.getNumTiles() != tiles)
    return emitLayerError(op)
           << "placement has " << placement.getNumTiles()
           << " tiles, but the weights have " << tiles << " (P2)";
  auto verifyIdle = [&](StringRef what, int64_t found,
                        int64_t expected) -> LogicalResult {
    if (found == expected)
      return success();
    return emitLayerError(op)
           << "placement leaves " << found << " idle " << what
           << ", but the last tile has " << expected << " (P2)";
  };
  if (failed(verifyIdle("rows", placement.getIdleRows(),
                        blocks * rows - reduction)) ||
      failed(verifyIdle("columns", placement.getIdleColumns(),
                        columnTiles * columns - outputs)))
    return failure();
  if (placement.getLanes() * std::min(outputs, columns) > columns)
    return emitLayerError(op)
           << "placement has " << placement.getLanes() << " lanes of "
           << std::min(outputs, columns) << " columns on crossbars of "
           << columns << " (P3)";
  return success();
}

/// A placement against the device that it is on (P3).
static LogicalResult verifyPlacementFits(Operation *op, PlacementAttr placement,
                                         DeviceAttr device) {
  if (!placement)
    return success();
  int64_t stack = device.getStack(), lanes = placement.getLanes();
  for (TileRunAttr run : placement.getRuns()) {
    if (run.getSlot() >= stack)
      return emitLayerError(op) << "placement names slot " << run.getSlot()
                                << ", but crossbars have " << stack << " (P3)";
    int64_t slots =
        run.getSlot() + int64_t(llvm::divideCeil(run.getTiles(), lanes));
    int64_t last = run.getCrossbar() + (slots - 1) / stack;
    if (device.getCrossbars() && last >= device.getCrossbars())
      return emitLayerError(op)
             << "placement reaches crossbar " << last << ", but the device has "
             << device.getCrossbars() << " (P3)";
  }
  return success();
}

/// Passes over the operation that filled `init`, which is overwritten unread.
static LogicalResult foldInit(DestinationStyleOpInterface op) {
  OpOperand *init = op.getDpsInitOperand(0);
  auto filled = dyn_cast<OpResult>(init->get());
  if (!filled || !filled.hasOneUse())
    return failure();
  auto producer = dyn_cast<DestinationStyleOpInterface>(filled.getOwner());
  if (!producer)
    return failure();
  init->set(producer.getTiedOpOperand(filled)->get());
  return success();
}

void MatmulOp::getEffects(Effects &e) { bufferEffects(*this, getInit(), e); }
void ConvOp::getEffects(Effects &e) { bufferEffects(*this, getInit(), e); }
void BatchMatmulOp::getEffects(Effects &e) {
  bufferEffects(*this, getInit(), e);
}
void QuantizeOp::getEffects(Effects &e) { bufferEffects(*this, {}, e); }
void DequantizeOp::getEffects(Effects &e) {
  bufferEffects(*this, getInit(), e);
}
void MvmOp::getEffects(Effects &e) { bufferEffects(*this, getInit(), e); }

//===----------------------------------------------------------------------===//
// Layers
//===----------------------------------------------------------------------===//

/// Vectors that a layer without a batch writes: all but the last dimension.
static int64_t vectorsOf(Value init) {
  return ShapedType::getNumElements(shapeOf(init).drop_back());
}

LayerShape MatmulOp::getLayerShape() {
  ArrayRef<int64_t> weights = shapeOf(getWeights());
  return {1, vectorsOf(getInit()), weights[0], weights[1], 1};
}

LayerShape ConvOp::getLayerShape() {
  ArrayRef<int64_t> weights = shapeOf(getWeights());
  int64_t groups = getWindow().getGroups();
  return {1, vectorsOf(getInit()), weights[0] / groups,
          ShapedType::getNumElements(weights.drop_front()), groups};
}

LayerShape BatchMatmulOp::getLayerShape() {
  ArrayRef<int64_t> lhs = shapeOf(getLhs()), rhs = shapeOf(getRhs());
  return {lhs[0], lhs[1], rhs[1], lhs[2], 1};
}

LayerShape MvmOp::getLayerShape() {
  GridType grid = getGrid().getType();
  return {1, vectorsOf(getInit()), grid.getOutputs(), grid.getReduction(),
          grid.getGroups()};
}

ConditionAttr MatmulOp::getLayerCondition() {
  return getConditionAttr() ? getConditionAttr() : conditionOf(getWeights());
}
ConditionAttr ConvOp::getLayerCondition() {
  return getConditionAttr() ? getConditionAttr() : conditionOf(getWeights());
}
ConditionAttr BatchMatmulOp::getLayerCondition() { return {}; }
ConditionAttr MvmOp::getLayerCondition() {
  return getGrid().getType().getCondition();
}

bool MatmulOp::hasTwoActivations() { return false; }
bool ConvOp::hasTwoActivations() { return false; }
bool BatchMatmulOp::hasTwoActivations() { return true; }
bool MvmOp::hasTwoActivations() { return false; }

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

LogicalResult MatmulOp::verify() {
  if (failed(verifyRank(*this, "input", getInput(), 2)) ||
      failed(verifyRank(*this, "weights", getWeights(), 2)) ||
      failed(verifyProduct(*this, getInput(), "input", 1, getWeights(),
                           "weights", 1)) ||
      failed(verifyCondition(*this)))
    return failure();
  ArrayRef<int64_t> input = shapeOf(getInput()),
                    weights = shapeOf(getWeights());
  if (failed(verifyShape(*this, "weights", weights, {weights[0], input[1]})) ||
      failed(verifyCoordinates(*this, getDevice(), input[0], weights[0],
                               input[1])))
    return failure();
  return verifyShape(*this, "outs", shapeOf(getInit()), {input[0], weights[0]});
}

LogicalResult ConvOp::verify() {
  WindowAttr window = getWindow();
  bool quantised = isa<AbfpType>(getInput().getType());
  if (failed(verifyRank(*this, "input", getInput(), quantised ? 5 : 4)) ||
      failed(verifyRank(*this, "weights", getWeights(), 4)) ||
      failed(verifyProduct(*this, getInput(), "input", 4, getWeights(),
                           "weights", 1)) ||
      failed(verifyCondition(*this)))
    return failure();
  ArrayRef<int64_t> input = shapeOf(getInput()),
                    weights = shapeOf(getWeights());
  ArrayRef<int64_t> kernel = window.getKernel();
  if (weights[0] % window.getGroups())
    return emitLayerError(*this)
           << "has " << weights[0] << " outputs, which " << window.getGroups()
           << " groups do not divide (F4)";
  SmallVector<int64_t> result;
  int64_t reduction;
  if (quantised) {
    if (failed(verifyShape(*this, "weights", weights,
                           {weights[0], kernel[0], kernel[1], weights[3]})))
      return failure();
    reduction = saturatingProduct(weights.drop_front());
    if (failed(verifyShape(
            *this, "input", input,
            {input[0], input[1], input[2], window.getGroups(), reduction})))
      return failure();
    result.assign({input[0], input[1], input[2]});
  } else {
    if (failed(verifyWindow(*this, input, window, result, reduction)) ||
        failed(verifyShape(
            *this, "weights", weights,
            {weights[0], kernel[0], kernel[1], input[3] / window.getGroups()})))
      return failure();
  }
  if (failed(
          verifyCoordinates(*this, getDevice(), result, weights[0], reduction)))
    return failure();
  result.push_back(weights[0]);
  return verifyShape(*this, "outs", shapeOf(getInit()), result);
}

LogicalResult BatchMatmulOp::verify() {
  if (failed(verifyRank(*this, "lhs", getLhs(), 3)) ||
      failed(verifyRank(*this, "rhs", getRhs(), 3)) ||
      failed(verifyProduct(*this, getLhs(), "lhs", 2, getRhs(), "rhs", 2)))
    return failure();
  if (conditionOf(getLhs()) || conditionOf(getRhs()))
    return emitLayerError(*this)
           << "is a product of two activations, whose blocks "
              "cannot be conditioned (C1)";
  ArrayRef<int64_t> lhs = shapeOf(getLhs()), rhs = shapeOf(getRhs());
  if (failed(verifyShape(*this, "rhs", rhs, {lhs[0], rhs[1], lhs[2]})) ||
      failed(verifyCoordinates(*this, getDevice(), {lhs[0], lhs[1]}, rhs[1],
                               lhs[2])) ||
      failed(verifyPlacement(*this, getPlacementAttr(), 1, rhs[1], lhs[2],
                             getDevice().getRows(),
                             getDevice().getColumns())) ||
      failed(verifyPlacementFits(*this, getPlacementAttr(), getDevice())))
    return failure();
  return verifyShape(*this, "outs", shapeOf(getInit()),
                     {lhs[0], lhs[1], rhs[1]});
}

LogicalResult MvmOp::verify() {
  GridType grid = getGrid().getType();
  if (getLayer().empty())
    return emitLayerError(*this) << "needs a layer name (F1)";
  if (failed(verifyGain(*this, getGainAttr())) ||
      failed(verifyDestination(*this, getInit())) ||
      failed(verifyEpilogue(*this, getEpilogueAttr(), getAddends(), getInit())))
    return failure();
  if (grid.getRows() != getDevice().getRows() ||
      grid.getColumns() != getDevice().getColumns())
    return emitLayerError(*this)
           << "grid has crossbars of " << grid.getRows() << " x "
           << grid.getColumns() << ", but the device's are "
           << getDevice().getRows() << " x " << getDevice().getColumns()
           << " (F8)";
  if (auto program = getGrid().getDefiningOp<ProgramOp>())
    if (failed(verifyPlacementFits(*this, program.getPlacementAttr(),
                                   getDevice())))
      return failure();
  WindowAttr window = getWindowAttr();
  if (failed(verifyRank(*this, "input", getInput(), window ? 4 : 2)))
    return failure();
  ArrayRef<int64_t> input = shapeOf(getInput());
  int64_t outputs = grid.getOutputs() * grid.getGroups();
  if (!window) {
    if (grid.getGroups() != 1)
      return emitLayerError(*this) << "needs a window for a grid of "
                                   << grid.getGroups() << " groups (F8)";
    if (failed(verifyShape(*this, "input", input,
                           {input[0], grid.getReduction()})) ||
        failed(verifyCoordinates(*this, getDevice(), input[0], outputs,
                                 grid.getReduction())))
      return failure();
    return verifyShape(*this, "outs", shapeOf(getInit()), {input[0], outputs});
  }
  SmallVector<int64_t> result;
  int64_t k;
  if (failed(verifyWindow(*this, input, window, result, k)))
    return failure();
  if (grid.getGroups() != window.getGroups() || grid.getReduction() != k)
    return emitLayerError(*this)
           << "window reduces " << k << " elements in " << window.getGroups()
           << " groups, but the grid " << grid.getReduction() << " in "
           << grid.getGroups() << " (F8)";
  if (failed(verifyCoordinates(*this, getDevice(), result, outputs, k)))
    return failure();
  result.push_back(outputs);
  return verifyShape(*this, "outs", shapeOf(getInit()), result);
}

//===----------------------------------------------------------------------===//
// Conversions and crossbars
//===----------------------------------------------------------------------===//

LogicalResult QuantizeOp::verify() {
  AbfpType type = getResult().getType();
  WindowAttr window = getWindowAttr();
  ArrayRef<int64_t> input = shapeOf(getInput());
  if (!window)
    return verifyShape(*this, "result", type.getShape(), input);
  if (failed(verifyRank(*this, "input", getInput(), 4)))
    return failure();
  SmallVector<int64_t> shape;
  int64_t reduction;
  if (failed(verifyWindow(*this, input, window, shape, reduction)))
    return failure();
  if (type.getAxis() != 4)
    return emitLayerError(*this)
           << "result has blocks from axis " << type.getAxis()
           << ", but patches need axis 4 (V4)";
  shape.push_back(window.getGroups());
  shape.push_back(reduction);
  return verifyShape(*this, "result", type.getShape(), shape);
}

LogicalResult DequantizeOp::verify() {
  if (failed(verifyDestination(*this, getInit())))
    return failure();
  if (conditionOf(getInput()))
    return emitLayerError(*this)
           << "input is conditioned, which is not undone (C1)";
  return verifyShape(*this, "outs", shapeOf(getInit()),
                     getInput().getType().getShape());
}

LogicalResult WeightsOp::verify() {
  AbfpType type = getResult().getType();
  ShapedType codes = getCodes().getShapedType();
  ShapedType scales = getScales().getShapedType();
  unsigned width = type.getBits() > 8 ? 16 : 8;
  if (!isa<RankedTensorType>(codes) ||
      !codes.getElementType().isSignlessInteger(width))
    return emitLayerError(*this) << "codes must be a tensor of i" << width
                                 << ", not " << codes << " (F7)";
  if (!isa<RankedTensorType>(scales) || !scales.getElementType().isBF16())
    return emitLayerError(*this)
           << "scales must be a tensor of bf16, not " << scales << " (F7)";
  if (failed(verifyShape(
          *this, "codes", codes.getShape(),
          {type.getNumVectors(), type.getNumBlocks(), type.getN()})))
    return failure();
  if (failed(verifyShape(*this, "scales", scales.getShape(),
                         {type.getNumVectors(), type.getNumBlocks()})))
    return failure();
  bool needsSums = type.getCondition() && type.getCondition().getMean();
  if (!getSums())
    return needsSums ? emitLayerError(*this)
                           << "needs sums, as means are removed (C2)"
                     : success();
  ShapedType sums = getSums()->getShapedType();
  if (!needsSums)
    return emitLayerError(*this) << "has sums, but means are not removed (C2)";
  if (!isa<RankedTensorType>(sums) || !sums.getElementType().isF32())
    return emitLayerError(*this)
           << "sums must be a tensor of f32, not " << sums << " (F7)";
  return verifyShape(*this, "sums", sums.getShape(),
                     {type.getNumVectors(), type.getNumBlocks()});
}

LogicalResult ProgramOp::verify() {
  AbfpType weights = getWeights().getType();
  GridType grid = getGrid().getType();
  if (weights.getAxis() != 1)
    return emitLayerError(*this)
           << "weights have blocks from axis " << weights.getAxis()
           << ", but need axis 1 (V4)";
  if (weights.getNumVectors() != grid.getOutputs() * grid.getGroups() ||
      weights.getVectorSize() != grid.getReduction())
    return emitLayerError(*this)
           << "weights are " << weights.getNumVectors() << " x "
           << weights.getVectorSize() << ", but the grid holds "
           << grid.getOutputs() * grid.getGroups() << " x "
           << grid.getReduction() << " (F8)";
  if (weights.getN() != grid.getRows())
    return emitLayerError(*this)
           << "weights have blocks of n = " << weights.getN()
           << ", but the crossbars have " << grid.getRows() << " rows (V1)";
  if (weights.getCondition() != grid.getCondition())
    return emitLayerError(*this)
           << "weights and grid are conditioned differently (C1)";
  ConditionAttr condition = grid.getCondition();
  int64_t filledRows = condition && condition.getSpread()
                           ? llvm::alignTo(grid.getReduction(), grid.getRows())
                           : grid.getReduction();
  return verifyPlacement(*this, getPlacementAttr(), grid.getGroups(),
                         grid.getOutputs(), filledRows, grid.getRows(),
                         grid.getColumns());
}
