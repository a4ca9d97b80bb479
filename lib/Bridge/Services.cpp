//===-- Services.cpp - What MLIR's C API lacks -  -----------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Diagnostics of any severity and the bytes of constants. Each function goes
// when upstream offers it.
//
//===----------------------------------------------------------------------===//

#include "ams-c/Register.h"

#include "mlir/CAPI/IR.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/DialectResourceBlobManager.h"

using namespace mlir;

static DiagnosticSeverity convert(MlirDiagnosticSeverity severity) {
  switch (severity) {
  case MlirDiagnosticError:
    return DiagnosticSeverity::Error;
  case MlirDiagnosticWarning:
    return DiagnosticSeverity::Warning;
  case MlirDiagnosticNote:
    return DiagnosticSeverity::Note;
  case MlirDiagnosticRemark:
    return DiagnosticSeverity::Remark;
  }
  return DiagnosticSeverity::Error;
}

void amsEmitDiagnostic(MlirLocation loc, MlirDiagnosticSeverity severity,
                       const char *message) {
  Location location = unwrap(loc);
  location.getContext()->getDiagEngine().emit(location, convert(severity))
      << message;
}

bool amsElementsRawData(MlirAttribute attr, const void **data, size_t *size) {
  auto elements = dyn_cast<ElementsAttr>(unwrap(attr));
  if (!elements || !elements.getElementType().isIntOrFloat())
    return false;
  unsigned bits = elements.getElementType().getIntOrFloatBitWidth();
  if (bits % 8)
    return false;
  ArrayRef<char> bytes;
  if (auto dense = dyn_cast<DenseElementsAttr>(elements)) {
    bytes = dense.getRawData();
  } else if (auto resource = dyn_cast<DenseResourceElementsAttr>(elements)) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    if (!blob ||
        blob->getData().size() / (bits / 8) != size_t(elements.size()) ||
        blob->getData().size() % (bits / 8))
      return false;
    bytes = blob->getData();
  } else {
    return false;
  }
  *data = bytes.data();
  *size = bytes.size();
  return true;
}
