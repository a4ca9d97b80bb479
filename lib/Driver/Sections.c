/*===-- Sections.c - Raw constants of a module -------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Reading of the attribute `ams.sections`.                                   *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Sections.h"

#include "ams-c/Register.h"

#include "mlir-c/BuiltinAttributes.h"
#include "mlir-c/BuiltinTypes.h"

#include <stdbool.h>
#include <stdlib.h>

/* The bytes of one constant; a splat is its element many times. */
static bool toPart(MlirAttribute constant, AmsElfPart *part) {
  const void *data = NULL;
  size_t size = 0;
  if (!amsElementsRawData(constant, &data, &size))
    return false;
  bool splat = mlirAttributeIsADenseElements(constant) &&
               mlirDenseElementsAttrIsSplat(constant);
  *part = (AmsElfPart){
      .data = data,
      .size = size,
      .repeat = splat ? (uint64_t)mlirElementsAttrGetNumElements(constant) : 1,
  };
  return true;
}

ams_status_t amsSectionsTake(MlirModule module, AmsSections *outSections) {
  static const char name[] = "ams.sections";
  *outSections = (AmsSections){0};
  MlirOperation operation = mlirModuleGetOperation(module);
  MlirStringRef attributeName = mlirStringRefCreateFromCString(name);
  MlirAttribute list =
      mlirOperationGetDiscardableAttributeByName(operation, attributeName);
  if (mlirAttributeIsNull(list))
    return AMS_OK;
  if (!mlirAttributeIsAArray(list))
    return ams_status_make(AMS_STATUS_INVALID_DATA,
                           "the module's '%s' is not a list", name);
  size_t count = mlirArrayAttrGetNumElements(list);
  AmsElfPart *parts = calloc(count ? count : 1, sizeof(*parts));
  if (!parts)
    return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory");
  for (size_t i = 0; i < count; ++i) {
    if (toPart(mlirArrayAttrGetElement(list, i), &parts[i]))
      continue;
    free(parts);
    return ams_status_make(AMS_STATUS_INVALID_DATA,
                           "constant %zu of the module's '%s' has no raw bytes",
                           i, name);
  }
  mlirOperationRemoveDiscardableAttributeByName(operation, attributeName);
  *outSections = (AmsSections){parts, count};
  return AMS_OK;
}

void amsSectionsRelease(AmsSections *sections) {
  free(sections->parts);
  *sections = (AmsSections){0};
}
