//===-- layer_plans.h - All plans of one layer --------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the float library keeps with a layer: one plan for each number of
// threads that runs have asked for.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_FLOAT_LAYER_PLANS_H
#define AMS_FLOAT_LAYER_PLANS_H

#include "plan.h"

typedef struct ams_layer_plans ams_layer_plans_t;

/// Starts without a plan. The signatures are those of call.h's layer state.
ams_status_t ams_layer_plans_create(const ams_abi_layer_t *layer, void *context,
                                    void **out_plans);
void ams_layer_plans_free(void *plans);

/// The plan for at most `threads` threads, made on first use from `weights`,
/// which must hold the same numbers in every call.
ams_status_t ams_layer_plans_find(ams_layer_plans_t *plans, int threads,
                                  const float *weights,
                                  ams_float_plan_t **out_plan);

#endif // AMS_FLOAT_LAYER_PLANS_H
