//===-- yardstick.c - Float32 products to compare with ------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "yardstick.h"

#include "support.h"
#include "timing.h"

#include <cblas.h>
#include <immintrin.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define CORE_VARIABLE "OPENBLAS_CORETYPE"
#define THREADS_VARIABLE "OPENBLAS_NUM_THREADS"

char *openblas_get_corename(void);

static bool variable_is(const char *name, const char *value) {
  const char *now = getenv(name);
  return value ? now && strcmp(now, value) == 0 : !now;
}

/// Never returns unless the program could not be started again.
static void start_again(char **argv, const char *core) {
  setenv(THREADS_VARIABLE, "1", 1);
  if (core)
    setenv(CORE_VARIABLE, core, 1);
  else
    unsetenv(CORE_VARIABLE);
  execv("/proc/self/exe", argv);
  perror("starting again with " THREADS_VARIABLE "=1");
  exit(1);
}

static bool core_uses_avx512(void) {
  const char *core = yardstick_core();
  return strcasecmp(core, "SkylakeX") == 0 ||
         strcasecmp(core, "Cooperlake") == 0 ||
         strcasecmp(core, "SapphireRapids") == 0;
}

void yardstick_settle(char **argv, const char *core) {
  bool overlooked = !core && variable_is(CORE_VARIABLE, "SKYLAKEX");
  if (!variable_is(THREADS_VARIABLE, "1") ||
      !(variable_is(CORE_VARIABLE, core) || overlooked))
    start_again(argv, core);
  if (!core && __builtin_cpu_supports("avx512f") && !core_uses_avx512())
    start_again(argv, "SKYLAKEX");
}

const char *yardstick_core(void) { return openblas_get_corename(); }

/// Independent sums, as many as registers allow, to hide an instruction's
/// latency, and operations on each. Loops are unrolled so far that their own
/// instructions do not count.
#define PEAK_CHAINS_AVX512 24
#define PEAK_CHAINS_AVX2 12
#define PEAK_STEPS 200000

__attribute__((target("avx512f"))) static double operations_avx512(void) {
  __m512 sum[PEAK_CHAINS_AVX512];
  for (int i = 0; i < PEAK_CHAINS_AVX512; ++i)
    sum[i] = _mm512_set1_ps(1);
  const __m512 factor = _mm512_set1_ps(0.5f);
#pragma GCC unroll 4
  for (int step = 0; step < PEAK_STEPS; ++step)
#pragma GCC unroll 24
    for (int i = 0; i < PEAK_CHAINS_AVX512; ++i) {
      sum[i] = _mm512_fmadd_ps(sum[i], factor, factor);
      __asm__ volatile("" : "+v"(sum[i]));
    }
  return 2.0 * 16 * PEAK_CHAINS_AVX512 * PEAK_STEPS;
}

__attribute__((target("avx2,fma"))) static double operations_avx2(void) {
  __m256 sum[PEAK_CHAINS_AVX2];
  for (int i = 0; i < PEAK_CHAINS_AVX2; ++i)
    sum[i] = _mm256_set1_ps(1);
  const __m256 factor = _mm256_set1_ps(0.5f);
#pragma GCC unroll 8
  for (int step = 0; step < PEAK_STEPS; ++step)
#pragma GCC unroll 12
    for (int i = 0; i < PEAK_CHAINS_AVX2; ++i) {
      sum[i] = _mm256_fmadd_ps(sum[i], factor, factor);
      __asm__ volatile("" : "+x"(sum[i]));
    }
  return 2.0 * 8 * PEAK_CHAINS_AVX2 * PEAK_STEPS;
}

double yardstick_peak(void) {
  double begin = bench_seconds();
  double operations =
      core_uses_avx512() ? operations_avx512() : operations_avx2();
  return operations / (bench_seconds() - begin);
}

void yardstick_sgemm(int64_t m, int64_t n, int64_t k, const float *x,
                     const float *w, float *y, int64_t stride) {
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (blasint)m, (blasint)n,
              (blasint)k, 1, x, (blasint)k, w, (blasint)k, 0, y,
              (blasint)stride);
}

/// Calls of SGEMM, each beside a measurement of the peak, that decide whether
/// it is a yardstick. Other work on the machine only slows it, so its best call
/// is what the processor can do.
#define CHECK_CALLS 25
#define CHECK_VECTORS 768
#define CHECK_SIZE 1024

bool yardstick_check(const char *program) {
  float *x = bench_numbers(CHECK_VECTORS * CHECK_SIZE);
  float *w = bench_numbers(CHECK_SIZE * CHECK_SIZE);
  float *y = bench_numbers(CHECK_VECTORS * CHECK_SIZE);
  double peak[CHECK_CALLS], least = INFINITY;
  for (int call = 0; call < CHECK_CALLS; ++call) {
    double begin = bench_seconds();
    yardstick_sgemm(CHECK_VECTORS, CHECK_SIZE, CHECK_SIZE, x, w, y, CHECK_SIZE);
    double time = bench_seconds() - begin;
    least = time < least ? time : least;
    peak[call] = yardstick_peak();
  }
  free(x);
  free(w);
  free(y);
  double most = bench_median(peak, CHECK_CALLS);
  double speed = 2.0 * CHECK_VECTORS * CHECK_SIZE * CHECK_SIZE / least;
  printf("SGEMM at its best: %.1f GFLOP/s, %.1f %% of the peak of fused "
         "multiply-adds, %.1f GFLOP/s\n",
         1e-9 * speed, 100 * speed / most, 1e-9 * most);
  if (speed >= YARDSTICK_LEAST_SHARE * most)
    return true;
  fprintf(stderr,
          "%s: error: less than %.0f %% of the peak is no yardstick; run on a "
          "quieter machine or name other kernels of OpenBLAS with --core\n",
          program, 100 * YARDSTICK_LEAST_SHARE);
  return false;
}
