/*===-- Follower.h - What follows a product ----------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Elementwise operations of linalg on the result of a product, perhaps in    *|
|* another shape.                                                             *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_TRANSFORMS_FOLLOWER_H
#define AMS_TRANSFORMS_FOLLOWER_H

#include "Build.h"

/* An elementwise operation of linalg that is the only user of a product's
 * result, or of a reshape of it. */
typedef struct AmsFollower {
  MlirOperation product, op;
  MlirBlock body;
  intptr_t number; /* of the input that is the product */
  intptr_t rank;   /* of the elements' shape */
  int64_t shape[AMS_MAX_RANK];
} AmsFollower;

/* How many elements an input has. */
typedef enum AmsSpread {
  AmsSpreadOther,
  AmsSpreadScalar,   /* one */
  AmsSpreadOutputs,  /* one for each output of the product, whatever vector */
  AmsSpreadElements, /* one for each element of the result */
} AmsSpread;

/* Whether `op` is a product on tensors: ams.matmul, ams.conv, ams.batch_matmul
 * or ams.mvm. */
bool amsIsTensorProduct(MlirOperation op);
/* The dialect's product's name, a new string. */
char *amsLayerName(MlirOperation product);

/* The follower of `product`; false where it has none. */
bool amsFindFollower(MlirOperation product, AmsFollower *follower);
/* Whether what would be a follower is not the only user of the result. */
bool amsHasOtherUsers(MlirOperation product);
/* The spread of an input, and what it is behind copies that only repeat it; one
 * for each output and for each element are the same where there is one vector:
 * then it is the former. */
AmsSpread amsInputSpread(const AmsFollower *follower, intptr_t number,
                         MlirValue *value);
/* Replaces the follower's result by `value`, of the product's shape, and erases
 * it and the product. */
void amsReplaceFollower(const AmsBuilder *builder, const AmsFollower *follower,
                        MlirValue value);

#endif /* AMS_TRANSFORMS_FOLLOWER_H */
