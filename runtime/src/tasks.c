//===-- tasks.c - Tasks of generated code on threads --------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Shares the tasks of a digital operation out among the threads that its call
// may use. Tasks write apart from each other, so their order does not matter.
//
//===----------------------------------------------------------------------===//

#include "call.h"
#include "float_state.h"

void ams_rt_tasks(ams_call_t *call, int64_t count, ams_abi_task_t task,
                  void *context) {
  int threads = ams_call_threads(call);
#pragma omp parallel num_threads(threads) if (threads > 1)
  {
    ams_float_state_t state = ams_float_enter();
#pragma omp for schedule(dynamic)
    for (int64_t index = 0; index < count; ++index)
      task(context, index);
    ams_float_leave(state);
  }
}
