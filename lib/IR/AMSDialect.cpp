//===-- AMSDialect.cpp - Dialect, attributes and types --------------------===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Registration, verification and derived quantities of attributes and types.
//
//===----------------------------------------------------------------------===//

#include "ams/IR/AMSDialect.h"

#include "Sizes.h"
#include "Sources.h"

#include "ams/abi.h"
#include "ams/profile.h"

#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

#include <cmath>

using namespace mlir;
using namespace ams;

#include "ams/IR/AMSDialect.cpp.inc"
#include "ams/IR/AMSEnums.cpp.inc"

namespace mlir {
/// A float64 parameter such as `1.0`.
template <> struct FieldParser<APFloat> {
  static FailureOr<APFloat> parse(AsmParser &parser) {
    double value;
    if (parser.parseFloat(value))
      return failure();
    return APFloat(value);
  }
};
} // namespace mlir

/// `4x300`: dimensions of an ABFP value.
static ParseResult parseShape(AsmParser &parser, SmallVector<int64_t> &shape) {
  return parser.parseDimensionList(shape, /*allowDynamic=*/false,
                                   /*withTrailingX=*/false);
}

static void printShape(AsmPrinter &printer, ArrayRef<int64_t> shape) {
  printer.printDimensionList(shape);
}

#define GET_ATTRDEF_CLASSES
#include "ams/IR/AMSAttrs.cpp.inc"

#define GET_TYPEDEF_CLASSES
#include "ams/IR/AMSTypes.cpp.inc"

namespace {
/// Prints devices, windows and conditions as #device, #window, #condition.
struct AMSAsmInterface : OpAsmDialectInterface {
  using OpAsmDialectInterface::OpAsmDialectInterface;

  AliasResult getAlias(Attribute attr, raw_ostream &os) const override {
    if (isa<DeviceAttr>(attr))
      os << "device";
    else if (isa<WindowAttr>(attr))
      os << "window";
    else if (isa<ConditionAttr>(attr))
      os << "condition";
    else
      return AliasResult::NoAlias;
    return AliasResult::FinalAlias;
  }
};
} // namespace

void AMSDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "ams/IR/AMSAttrs.cpp.inc"
      >();
  addTypes<
#define GET_TYPEDEF_LIST
#include "ams/IR/AMSTypes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "ams/IR/AMSOps.cpp.inc"
      >();
  addInterfaces<AMSAsmInterface>();
}

using EmitError = function_ref<InFlightDiagnostic()>;

/// Checks that parameter `name` lies in [low, high], as `rule` says.
static LogicalResult verifyRange(EmitError emitError, StringRef rule,
                                 StringRef name, int64_t value, int64_t low,
                                 int64_t high) {
  if (value >= low && value <= high)
    return success();
  return emitError() << name << " is " << value << ", but must be from " << low
                     << " to " << high << " (" << rule << ")";
}

/// Gains are ascending, so that each is there once.
static LogicalResult verifyGains(EmitError emitError, ArrayAttr gains) {
  double last = 0;
  for (Attribute gain : gains) {
    auto number = llvm::dyn_cast<FloatAttr>(gain);
    double value = number ? number.getValueAsDouble() : 0;
    if (!(value > last) || !std::isfinite(static_cast<float>(value)))
      return emitError() << "gains must be positive, finite and ascending "
                            "numbers, such as [1.0, 2.0, 4.0] (F11)";
    last = value;
  }
  if (gains.size() > AMS_PROFILE_MOST_GAINS)
    return emitError() << "gains: " << gains.size()
                       << " are given; the most is " << AMS_PROFILE_MOST_GAINS
                       << " (F11)";
  return success();
}

LogicalResult DeviceAttr::verify(EmitError emitError, int64_t rows,
                                 int64_t columns, int64_t stack,
                                 int64_t crossbars, int64_t weightBits,
                                 int64_t inputBits, int64_t outputBits, Format,
                                 ArrayAttr gains, ArrayAttr noise) {
  if (failed(verifyRange(emitError, "V1", "rows", rows, 1, 1024)) ||
      failed(verifyRange(emitError, "P1", "columns", columns, 1, 1 << 20)) ||
      failed(verifyRange(emitError, "P1", "stack", stack, 1, 1024)) ||
      failed(
          verifyRange(emitError, "P1", "crossbars", crossbars, 0, 1 << 30)) ||
      failed(verifyRange(emitError, "V3", "weight_bits", weightBits, 2, 16)) ||
      failed(verifyRange(emitError, "V3", "input_bits", inputBits, 2, 16)) ||
      failed(verifyRange(emitError, "V3", "output_bits", outputBits, 2, 16)) ||
      failed(verifyGains(emitError, gains)))
    return failure();
  return verifySources(emitError, noise);
}

LogicalResult ConditionAttr::verify(EmitError emitError, bool mean, bool spread,
                                    StringRef signs) {
  if (!mean && !spread)
    return emitError() << "condition does nothing: leave it out (F9)";
  if (!spread && !signs.empty())
    return emitError() << "has signs, but does not spread blocks (C7)";
  if (spread &&
      (!llvm::isPowerOf2_64(signs.size()) || signs.size() > AMS_ABI_MAX_ROWS))
    return emitError() << "has " << signs.size()
                       << " signs, but blocks are spread over a power of two "
                          "of rows, up to "
                       << AMS_ABI_MAX_ROWS << " (C1)";
  if (signs.find_first_not_of("+-") != StringRef::npos)
    return emitError() << "signs must be + or - (C7)";
  return success();
}

/// Checks that a condition's signs are those of `n` rows.
static LogicalResult verifySigns(EmitError emitError, ConditionAttr condition,
                                 int64_t n) {
  if (!condition || !condition.getSpread() ||
      int64_t(condition.getSigns().size()) == n)
    return success();
  return emitError() << "condition has " << condition.getSigns().size()
                     << " signs, but blocks are spread over " << n
                     << " rows (C3)";
}

LogicalResult WindowAttr::verify(EmitError emitError, ArrayRef<int64_t> kernel,
                                 ArrayRef<int64_t> strides,
                                 ArrayRef<int64_t> padding,
                                 ArrayRef<int64_t> dilations, int64_t groups) {
  auto verifyList = [&](StringRef name, ArrayRef<int64_t> list, size_t size,
                        int64_t low) -> LogicalResult {
    if (list.size() != size)
      return emitError() << name << " has " << list.size()
                         << " elements, but needs " << size << " (F4)";
    for (int64_t value : list)
      if (failed(verifyRange(emitError, "F4", name, value, low, INT32_MAX)))
        return failure();
    return success();
  };
  if (failed(verifyList("kernel", kernel, 2, 1)) ||
      failed(verifyList("strides", strides, 2, 1)) ||
      failed(verifyList("padding", padding, 4, 0)) ||
      failed(verifyList("dilations", dilations, 2, 1)))
    return failure();
  return verifyRange(emitError, "F4", "groups", groups, 1, INT32_MAX);
}

LogicalResult EpilogueAttr::verify(EmitError emitError, bool bias,
                                   bool residual, APFloat low, APFloat high) {
  for (const APFloat &bound : {low, high}) {
    double value = bound.convertToDouble();
    if (std::isnan(value) || double(float(value)) != value)
      return emitError() << "low and high must be float32 numbers (D7)";
  }
  if (low > high)
    return emitError() << "low, " << low.convertToDouble()
                       << ", is above high, " << high.convertToDouble()
                       << " (D7)";
  if (!bias && !residual && low.isInfinity() && high.isInfinity())
    return emitError() << "does nothing: leave it out (F9)";
  return success();
}

int64_t WindowAttr::getOutputSize(int64_t dim, int64_t size) const {
  int64_t extent = (getKernel()[dim] - 1) * getDilations()[dim] + 1;
  int64_t free = size + getPadding()[dim] + getPadding()[dim + 2] - extent;
  return free < 0 ? 0 : free / getStrides()[dim] + 1;
}

LogicalResult TileRunAttr::verify(EmitError emitError, int64_t tiles,
                                  int64_t step, int64_t device,
                                  int64_t crossbar, int64_t slot) {
  if (failed(verifyRange(emitError, "P3", "tiles", tiles, 1, maxTiles)) ||
      failed(verifyRange(emitError, "P4", "step", step, 0, INT32_MAX)) ||
      failed(verifyRange(emitError, "P3", "device", device, 0, INT32_MAX)) ||
      failed(verifyRange(emitError, "P3", "crossbar", crossbar, 0, maxTiles)))
    return failure();
  return verifyRange(emitError, "P3", "slot", slot, 0, 1023);
}

LogicalResult PlacementAttr::verify(EmitError emitError, int64_t idleRows,
                                    int64_t idleColumns, int64_t lanes,
                                    ArrayRef<TileRunAttr> runs) {
  if (failed(verifyRange(emitError, "P2", "idle_rows", idleRows, 0, 1023)) ||
      failed(verifyRange(emitError, "P2", "idle_columns", idleColumns, 0,
                         (1 << 20) - 1)) ||
      failed(verifyRange(emitError, "P3", "lanes", lanes, 1, 1 << 20)))
    return failure();
  int64_t tiles = 0, step = 0;
  for (TileRunAttr run : runs) {
    if (run.getStep() < step)
      return emitError() << "step " << run.getStep() << " follows step " << step
                         << ", but steps may not descend (P4)";
    step = run.getStep();
    tiles += run.getTiles();
    if (tiles > maxTiles)
      return emitError() << "runs have more than " << maxTiles << " tiles (P2)";
  }
  return success();
}

int64_t PlacementAttr::getNumTiles() const {
  int64_t tiles = 0;
  for (TileRunAttr run : getRuns())
    tiles += run.getTiles();
  return tiles;
}

LogicalResult AbfpType::verify(EmitError emitError, ArrayRef<int64_t> shape,
                               int64_t axis, int64_t n, int64_t bits,
                               ConditionAttr condition) {
  if (axis < 0 || axis >= static_cast<int64_t>(shape.size()))
    return emitError() << "axis " << axis
                       << " is not a dimension of a shape of " << shape.size()
                       << " (F6)";
  if (shape.size() > AMS_ABI_MAX_RANK)
    return emitError() << "shape has " << shape.size()
                       << " dimensions, but may have " << AMS_ABI_MAX_RANK
                       << " (F6)";
  for (int64_t size : shape)
    if (size < 1)
      return emitError() << "dimensions must be at least 1 (F6)";
  if (failed(verifyRange(emitError, "V1", "n", n, 1, 1024)) ||
      failed(verifyRange(emitError, "V3", "bits", bits, 2, 16)) ||
      failed(verifySigns(emitError, condition, n)))
    return failure();
  int64_t size = saturatingProduct(shape.drop_front(axis));
  if (size == INT64_MAX || llvm::divideCeil(size, n) > maxBlocks)
    return emitError() << "vectors of " << size << " elements have more than "
                       << maxBlocks << " blocks of " << n << " (N2)";
  if (saturatingProduct({saturatingProduct(shape.take_front(axis)),
                         int64_t(llvm::divideCeil(size, n)), n}) == INT64_MAX)
    return emitError() << "shape has more elements than 64 bits can count (F6)";
  return success();
}

int64_t AbfpType::getNumVectors() const {
  return ShapedType::getNumElements(getShape().take_front(getAxis()));
}

int64_t AbfpType::getVectorSize() const {
  return ShapedType::getNumElements(getShape().drop_front(getAxis()));
}

int64_t AbfpType::getNumBlocks() const {
  return llvm::divideCeil(getVectorSize(), getN());
}

LogicalResult GridType::verify(EmitError emitError, int64_t outputs,
                               int64_t reduction, int64_t groups, int64_t rows,
                               int64_t columns, ConditionAttr condition) {
  if (outputs < 1 || reduction < 1 || groups < 1 || columns < 1)
    return emitError() << "outputs, reduction, groups and columns must be at "
                          "least 1 (F8)";
  if (failed(verifyRange(emitError, "V1", "rows", rows, 1, 1024)) ||
      failed(verifySigns(emitError, condition, rows)))
    return failure();
  if (saturatingProduct({outputs, groups}) > maxOutputs)
    return emitError() << "a grid has at most " << maxOutputs
                       << " outputs, all groups counted (N2)";
  if (int64_t(llvm::divideCeil(reduction, rows)) > maxBlocks)
    return emitError() << "a reduction of " << reduction << " has more than "
                       << maxBlocks << " blocks of " << rows << " rows (N2)";
  return success();
}

int64_t GridType::getNumTiles() const {
  return getGroups() * llvm::divideCeil(getReduction(), getRows()) *
         llvm::divideCeil(getOutputs(), getColumns());
}
