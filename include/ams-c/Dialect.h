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

#ifdef __cplusplus
extern "C" {
#endif

MLIR_DECLARE_CAPI_DIALECT_REGISTRATION(AMS, ams);

/* #ams.device */
bool amsAttributeIsADevice(MlirAttribute attr);
/* The device as the runtime sees it. */
ams_abi_device_t amsDeviceAttrGetAbi(MlirAttribute device);

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

/* !ams.abfp */
bool amsTypeIsAAbfp(MlirType type);
/* Null after an error at `loc` if a parameter is out of range. */
MlirType amsAbfpTypeGetChecked(MlirLocation loc, intptr_t rank,
                               const int64_t *shape, int64_t axis, int64_t n,
                               int64_t bits);
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
} AmsGrid;
bool amsTypeIsAGrid(MlirType type);
MlirType amsGridTypeGet(MlirContext context, const AmsGrid *grid);
AmsGrid amsGridTypeGetValue(MlirType type);

#ifdef __cplusplus
}
#endif

#endif /* AMS_C_DIALECT_H */
