/*===-- Interface.c - What a module says of its model -------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Checks of the attributes through which passes tell one another of inputs,  *|
|* outputs, layers and raw constants.                                         *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Interface.h"

#include "Build.h"
#include "ams-c/Register.h"

#include "ams/abi.h"

bool amsIsPortType(MlirType type) {
  if (!mlirTypeIsARankedTensor(type) || !mlirShapedTypeHasStaticShape(type) ||
      mlirShapedTypeGetRank(type) < 1 ||
      mlirShapedTypeGetRank(type) > AMS_ABI_MAX_RANK)
    return false;
  for (intptr_t i = 0; i < mlirShapedTypeGetRank(type); ++i)
    if (mlirShapedTypeGetDimSize(type, i) < 1)
      return false;
  MlirType element = mlirShapedTypeGetElementType(type);
  return mlirTypeIsAF32(element) ||
         (mlirTypeIsAInteger(element) && mlirIntegerTypeIsSignless(element) &&
          mlirIntegerTypeGetWidth(element) == 64);
}

static bool isRange(MlirAttribute attribute) {
  return mlirAttributeIsADenseI64Array(attribute) &&
         mlirDenseArrayGetNumElements(attribute) == 2;
}

static bool isOfIntegers(MlirType type) {
  return mlirTypeIsAInteger(mlirShapedTypeGetElementType(type));
}

bool amsIsPort(MlirAttribute port) {
  if (!mlirAttributeIsADictionary(port))
    return false;
  MlirAttribute name =
      mlirDictionaryAttrGetElementByName(port, amsStringRef("name"));
  MlirAttribute type =
      mlirDictionaryAttrGetElementByName(port, amsStringRef("type"));
  MlirAttribute range =
      mlirDictionaryAttrGetElementByName(port, amsStringRef("range"));
  return !mlirAttributeIsNull(name) && mlirAttributeIsAString(name) &&
         !mlirAttributeIsNull(type) && mlirAttributeIsAType(type) &&
         amsIsPortType(mlirTypeAttrGetValue(type)) &&
         (mlirAttributeIsNull(range) ||
          (isRange(range) && isOfIntegers(mlirTypeAttrGetValue(type))));
}

static bool isSection(MlirAttribute section) {
  const void *data;
  size_t size;
  return amsElementsRawData(section, &data, &size);
}

bool amsInterfaceCheck(MlirOperation module) {
  static const struct {
    const char *name, *content;
    bool (*accepts)(MlirAttribute element);
  } lists[] = {
      {"ams.inputs", "{name, type, range} of inputs", amsIsPort},
      {"ams.outputs", "{name, type, range} of outputs", amsIsPort},
      {"ams.layers", "layers' dictionaries", mlirAttributeIsADictionary},
      {"ams.sections", "constants whose bytes are at hand", isSection}};
  for (size_t l = 0; l < sizeof lists / sizeof *lists; ++l) {
    MlirAttribute list = amsGetAttr(module, lists[l].name);
    if (mlirAttributeIsNull(list))
      continue;
    bool ok = mlirAttributeIsAArray(list);
    for (intptr_t i = 0; ok && i < mlirArrayAttrGetNumElements(list); ++i)
      ok = lists[l].accepts(mlirArrayAttrGetElement(list, i));
    if (!ok) {
      amsEmitError(mlirOperationGetLocation(module),
                   "the module's attribute %s is not a list of %s: run "
                   "--ams-record-interface and the passes behind it again",
                   lists[l].name, lists[l].content);
      return false;
    }
  }
  return true;
}
