//===-- tasks_test.c - Every task once, on any number of threads --*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ams/abi.h"
#include "call.h"
#include "unit.h"

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

enum { num_tasks = 1000 };

typedef struct record {
  int runs[num_tasks];
  float halves[num_tasks]; // of the smallest normal number
} record_t;

static void task(void *context, int64_t index) {
  record_t *record = context;
  volatile float smallest = 0x1p-126f;
  ++record->runs[index];
  record->halves[index] = smallest / 2;
}

static void every_task_runs_once(void **state) {
  (void)state;
  for (int threads = 1; threads <= 3; ++threads) {
    record_t record = {{0}, {0}};
    ams_call_t call = {.threads = threads};
#if defined(__x86_64__)
    unsigned control = _mm_getcsr();
    _mm_setcsr(control | 0x8000); // subnormal results become zero
#endif
    ams_rt_tasks(&call, num_tasks, task, &record);
#if defined(__x86_64__)
    assert_int_equal(_mm_getcsr() & 0x8000, 0x8000);
    _mm_setcsr(control);
#endif
    for (int i = 0; i < num_tasks; ++i) {
      assert_int_equal(record.runs[i], 1);
      assert_true(record.halves[i] > 0);
    }
  }
}

static void no_tasks(void **state) {
  (void)state;
  ams_call_t call = {.threads = 2};
  ams_rt_tasks(&call, 0, task, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_task_runs_once),
      cmocka_unit_test(no_tasks),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
