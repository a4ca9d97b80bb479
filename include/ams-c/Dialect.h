/*===-- ams-c/Dialect.h - The dialect from C ---------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Handle of the dialect, and typed access to its attributes and types.       *|
|* The .td files of include/ams/IR document each of them.                     *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_C_DIALECT_H
#define AMS_C_DIALECT_H

#include "ams/abi.h"
#include "mlir-c/IR.h"

/* What the shared library of the compiler exports. */
#pragma GCC visibility push(default)

#ifdef __cplusplus
extern "C" {
#endif

MLIR_DECLARE_CAPI_DIALECT_REGISTRATION(AMS, ams);

/* #ams.device */
bool amsAttributeIsADevice(MlirAttribute attr);
/* The device as the runtime sees it. */
ams_abi_device_t amsDeviceAttrGetAbi(MlirAttribute device);
/* The gains that it can have, ascending, and how many: at most `capacity`, none
 * where it can have any. */
size_t amsDeviceAttrGetGains(MlirAttribute device, size_t capacity,
                             float *gains);
/* What placement needs and the arithmetic does not: slots of a crossbar, and
 * crossbars of the device, 0 for as many as it takes. */
int64_t amsDeviceAttrGetStack(MlirAttribute device);
int64_t amsDeviceAttrGetCrossbars(MlirAttribute device);

/* #ams.placement and its #ams.run */
typedef struct AmsTileRun {
  int64_t tiles, step, device, crossbar, slot;
} AmsTileRun;
bool amsAttributeIsAPlacement(MlirAttribute attr);
MlirAttribute amsPlacementAttrGet(MlirContext context, int64_t idleRows,
                                  int64_t idleColumns, int64_t lanes,
                                  intptr_t numRuns, const AmsTileRun *runs);
int64_t amsPlacementAttrGetLanes(MlirAttribute placement);
intptr_t amsPlacementAttrGetNumRuns(MlirAttribute placement);
AmsTileRun amsPlacementAttrGetRun(MlirAttribute placement, intptr_t index);

/* #ams.window */
typedef struct AmsWindow {
  int64_t kernel[2], strides[2], padding[4], dilations[2], groups;
} AmsWindow;
bool amsAttributeIsAWindow(MlirAttribute attr);
MlirAttribute amsWindowAttrGet(MlirContext context, const AmsWindow *window);
AmsWindow amsWindowAttrGetValue(MlirAttribute attr);
/* Output height (dim 0) or width (dim 1) for an input of `size`; 0 where the
 * kernel does not fit. */
int64_t amsWindowOutputSize(const AmsWindow *window, int dim, int64_t size);

/* #ams.condition */
bool amsAttributeIsACondition(MlirAttribute attr);
/* The attribute for crossbars of `n` rows; null where `condition` is plain. */
MlirAttribute amsConditionAttrGet(MlirContext context,
                                  const ams_abi_condition_t *condition,
                                  int64_t n);
/* The conditioning as the runtime sees it, without a section; that of a null
 * attribute is plain. */
ams_abi_condition_t amsConditionAttrGetAbi(MlirAttribute condition);

/* #ams.epilogue; of a product without one: nothing. */
typedef struct AmsEpilogue {
  bool bias, residual;
  float low, high; /* -inf and inf where they are none */
} AmsEpilogue;
MlirAttribute amsEpilogueAttrGet(MlirContext context,
                                 const AmsEpilogue *epilogue);
bool amsAttributeIsAnEpilogue(MlirAttribute attr);
AmsEpilogue amsEpilogueAttrGetValue(MlirAttribute attrOrNull);

/* !ams.abfp */
bool amsTypeIsAAbfp(MlirType type);
/* Null after an error at `loc` if a parameter is out of range. `condition` may
 * be null. */
MlirType amsAbfpTypeGetChecked(MlirLocation loc, intptr_t rank,
                               const int64_t *shape, int64_t axis, int64_t n,
                               int64_t bits, MlirAttribute condition);
/* Null where blocks are plain. */
MlirAttribute amsAbfpTypeGetCondition(MlirType type);
intptr_t amsAbfpTypeGetRank(MlirType type);
int64_t amsAbfpTypeGetDim(MlirType type, intptr_t dim);
int64_t amsAbfpTypeGetN(MlirType type);
int64_t amsAbfpTypeGetBits(MlirType type);
int64_t amsAbfpTypeGetNumVectors(MlirType type);
int64_t amsAbfpTypeGetVectorSize(MlirType type);
int64_t amsAbfpTypeGetNumBlocks(MlirType type);

/* !ams.grid */
typedef struct AmsGrid {
  int64_t outputs, reduction, groups, rows, columns;
  MlirAttribute condition; /* may be null */
} AmsGrid;
bool amsTypeIsAGrid(MlirType type);
MlirType amsGridTypeGet(MlirContext context, const AmsGrid *grid);
AmsGrid amsGridTypeGetValue(MlirType type);

/* What LayerOpInterface says of a layer (ams.matmul, ams.conv,
 * ams.batch_matmul, ams.mvm), at any level: `batch` * `groups` products of
 * `vectors` inputs of `reduction` elements by `outputs`. A convolution's
 * vectors count its output pixels, samples included. */
typedef struct AmsLayer {
  MlirStringRef name; /* lives as long as the context */
  MlirAttribute device;
  float gain;         /* 0 before gains are assigned; else the mean of all
                         conversions' */
  const float *gains; /* [numGains], where blocks or tiles have their own
                         (G1); these live as long as the context */
  intptr_t numGains;
  MlirAttribute condition; /* null where blocks are plain */
  bool twoActivations;
  int64_t batch, vectors, outputs, reduction, groups;
} AmsLayer;
bool amsOperationIsALayer(MlirOperation op);
AmsLayer amsOperationGetLayer(MlirOperation op);

#ifdef __cplusplus
}
#endif

#pragma GCC visibility pop

#endif /* AMS_C_DIALECT_H */
