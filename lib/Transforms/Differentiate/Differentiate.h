/*===-- Differentiate.h - What gradient rules share ---------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* The state of one reverse walk, and what rules ask of it. A rule takes an   *|
|* operation and the gradient of its result, and adds gradients of operands.  *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_TRANSFORMS_DIFFERENTIATE_H
#define AMS_TRANSFORMS_DIFFERENTIATE_H

#include "Build.h"
#include "Generic.h"
#include "Text.h"
#include "ValueMap.h"

/* One reverse walk through @main. */
typedef struct AmsGradients {
  AmsBuilder builder;    /* before the return, at the operation's location */
  AmsValueMap active;    /* values that depend on weights, to themselves */
  AmsValueMap gradients; /* of values, as far as they are summed up */
  AmsText reason;        /* why a rule does not hold */
  bool clamps;           /* whether clipped conversions have no part in them */
} AmsGradients;

/* Whether `value` depends on weights: only such values need gradients. */
bool amsIsActive(const AmsGradients *gradients, MlirValue value);

/* Adds `gradient`, of the type of `value`, to the gradient of `value`. */
void amsAddGradient(AmsGradients *gradients, MlirValue value,
                    MlirValue gradient);

/* Adds to the gradients of active operands of `op`, given that of its result.
 * False where the rule does not hold for `op`, after amsRefuse. */
typedef bool (*AmsGradientRule)(AmsGradients *gradients, MlirOperation op,
                                MlirValue gradient);

/* The rule of the operation called as `op` is, NULL if there is none. */
AmsGradientRule amsFindGradientRule(MlirOperation op);

/* Says why a rule does not hold; returns false. */
__attribute__((format(printf, 2, 3))) bool amsRefuse(AmsGradients *gradients,
                                                     const char *format, ...);

/* Marks `op` as part of the backward pass: it never becomes a layer. */
MlirValue amsMarkGradient(MlirOperation op);

/* Reverse mode through the body of a linalg operation, element by element. */
typedef struct AmsBodyGradient {
  AmsBuilder builder; /* inside the new body */
  AmsValueMap primal; /* values of the old body to those of the new one */
  AmsText *reason;
} AmsBodyGradient;

/* Given the body `from` and the gradient `seed` of its value `target`, that of
 * its value `wanted`. Null where the one does not depend on the other, or,
 * with `*ok` false and a reason, where an operation has no derivative. */
MlirValue amsDifferentiateBody(AmsBodyGradient *body, MlirBlock from,
                               MlirValue target, MlirValue seed,
                               MlirValue wanted, bool *ok);

/* Chooses what operations behind the first `numForward` of `body`, those of the
 * backward pass, use of the forward pass: its values, marked ams.kept, or,
 * where it `recomputes`, copies of what is cheap to compute from others that
 * are kept, marked ams.recomputed. */
void amsChooseKept(MlirBlock body, size_t numForward, bool recomputes);

/* Adds the gradients of tensors that the body of `op` takes elements from by
 * tensor.extract, given the gradient of its result. */
bool amsGatherRule(AmsGradients *gradients, MlirOperation op,
                   MlirValue gradient);

/* Rules, by family of operations. */
bool amsStructuredRule(AmsGradients *gradients, MlirOperation op,
                       MlirValue gradient);
bool amsMatmulRule(AmsGradients *gradients, MlirOperation op,
                   MlirValue gradient);
bool amsConvRule(AmsGradients *gradients, MlirOperation op, MlirValue gradient);
bool amsBatchMatmulRule(AmsGradients *gradients, MlirOperation op,
                        MlirValue gradient);
bool amsAddNoiseRule(AmsGradients *gradients, MlirOperation op,
                     MlirValue gradient);
bool amsReshapeRule(AmsGradients *gradients, MlirOperation op,
                    MlirValue gradient);
bool amsPadRule(AmsGradients *gradients, MlirOperation op, MlirValue gradient);
bool amsExtractSliceRule(AmsGradients *gradients, MlirOperation op,
                         MlirValue gradient);
bool amsInsertSliceRule(AmsGradients *gradients, MlirOperation op,
                        MlirValue gradient);
bool amsConcatRule(AmsGradients *gradients, MlirOperation op,
                   MlirValue gradient);

#endif /* AMS_TRANSFORMS_DIFFERENTIATE_H */
