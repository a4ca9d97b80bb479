//===-- float_state.h - The arithmetic's mode ---------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// docs/spec.md rounds to nearest and keeps subnormal numbers, but a thread may
// come with another rounding or with subnormals flushed to zero. Whatever
// computes enters the default mode first and leaves it after; a thread that
// comes in the default mode pays for one read of a register.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_FLOAT_STATE_H
#define AMS_FLOAT_STATE_H

#include <stdint.h>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

/// What a thread came with: the control register of its vector unit.
typedef struct ams_float_state {
  uint64_t control;
} ams_float_state_t;

#if defined(__x86_64__)
/// All exceptions masked; the six bits of exceptions that happened aside.
#define AMS_FLOAT_DEFAULT UINT64_C(0x1f80)
#define AMS_FLOAT_IGNORED UINT64_C(0x3f)

static inline uint64_t ams_float_control(void) { return _mm_getcsr(); }
static inline void ams_float_set_control(uint64_t control) {
  _mm_setcsr((uint32_t)control);
}
#elif defined(__aarch64__)
#define AMS_FLOAT_DEFAULT UINT64_C(0)
#define AMS_FLOAT_IGNORED UINT64_C(0)

static inline uint64_t ams_float_control(void) {
  uint64_t control;
  __asm__ volatile("mrs %0, fpcr" : "=r"(control));
  return control;
}
static inline void ams_float_set_control(uint64_t control) {
  __asm__ volatile("msr fpcr, %0" : : "r"(control));
}
#else
/// Processors whose mode this file does not know must be in the default one.
#define AMS_FLOAT_DEFAULT UINT64_C(0)
#define AMS_FLOAT_IGNORED UINT64_C(0)

static inline uint64_t ams_float_control(void) { return 0; }
static inline void ams_float_set_control(uint64_t control) { (void)control; }
#endif

static inline void ams_float_change(uint64_t from, uint64_t to) {
  if (((from ^ to) & ~AMS_FLOAT_IGNORED) != 0)
    ams_float_set_control(to);
  // Loads and stores of numbers stay on their side of the change.
  __asm__ volatile("" : : : "memory");
}

static inline ams_float_state_t ams_float_enter(void) {
  ams_float_state_t state = {ams_float_control()};
  ams_float_change(state.control, AMS_FLOAT_DEFAULT);
  return state;
}

static inline void ams_float_leave(ams_float_state_t state) {
  ams_float_change(AMS_FLOAT_DEFAULT, state.control);
}

#endif // AMS_FLOAT_STATE_H
