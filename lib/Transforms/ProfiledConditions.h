/*===-- ProfiledConditions.h - Conditioning by profiles -----------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* What --ams-assign-conditioning does with the option `profiles`.            *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_TRANSFORMS_PROFILEDCONDITIONS_H
#define AMS_TRANSFORMS_PROFILEDCONDITIONS_H

#include "ams-c/Passes.h"

#include "Build.h"

#include <stdbool.h>
#include <stdint.h>

/* Chooses flags [layers->size] of AMS_ABI_CONDITION_* for products by the
 * profiles that `options` names, and says in a remark what was chosen; false
 * after an error. */
bool amsChooseProfiledConditions(MlirLocation loc, const AmsOpList *layers,
                                 const AmsAssignConditioningOptions *options,
                                 uint32_t *flags);

#endif /* AMS_TRANSFORMS_PROFILEDCONDITIONS_H */
