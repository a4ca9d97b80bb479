//===-- profile_gains.h - All gains of one product ----------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Part of multiply.h: beside a product's results, what its ADCs would have made
// of the same dot products at every candidate gain.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_ANALOG_PROFILE_GAINS_H
#define AMS_ANALOG_PROFILE_GAINS_H

/// Some vectors and one strip of outputs.
typedef struct analog_sample {
  int64_t tile, vectors, first, count;
  size_t num_gains;
  double exact[ANALOG_TILE][AMS_ANALOG_STRIP];
  /// Of each gain: errors of the block at hand, whether its codes are at an end
  /// of the ADC's range, and sums of errors over blocks.
  double errors[ANALOG_TILE][AMS_PROFILE_MOST_GAINS][AMS_ANALOG_STRIP];
  bool saturated[ANALOG_TILE][AMS_PROFILE_MOST_GAINS][AMS_ANALOG_STRIP];
  double all_errors[ANALOG_TILE][AMS_PROFILE_MOST_GAINS][AMS_ANALOG_STRIP];
  ams_profile_sums_t sums[AMS_PROFILE_MOST_GAINS];
} analog_sample_t;

/// The sum of the squares of numbers begin..end - 1, in an order of its own.
static inline double analog_sum_squares(const double values[AMS_ANALOG_STRIP],
                                        int64_t begin, int64_t end) {
  double square[AMS_ANALOG_STRIP] = {0}, lanes[8] = {0};
  for (int64_t i = begin; i < end; ++i)
    square[i] = values[i] * values[i];
  for (int64_t i = begin / 8 * 8; i < end; i += 8)
    for (int lane = 0; lane < 8; ++lane)
      lanes[lane] += square[i + lane];
  return ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) +
         ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]));
}

/// One vector and block at all gains.
static inline void analog_sample_block(const analog_run_t *run,
                                       const analog_run_t *at_gain,
                                       analog_sample_t *sample, int64_t v,
                                       int64_t block) {
  const int64_t r = sample->tile + v, first = sample->first;
  const size_t at = analog_column(run, block, first);
  const double input_scale =
      (double)run->inputs.scales[r * run->blocks + block];
  const float *scales = run->weights.scales + at;
  // Repeats leave the last one's input.
  const bool prepares = run->analog->repeats > 1;
  const analog_gains_t *gains = at_gain->gains;
  analog_input_t input;
  double d[AMS_ANALOG_STRIP];
  analog_prepare(run, r, block, 0, &input);
  analog_dot(run, &input, at, d);
  for (int i = 0; i < AMS_ANALOG_STRIP; ++i)
    sample->exact[v][i] += d[i] * gains->step[i] * (double)gains->k[i] *
                           (double)scales[i] * input_scale;
  if (run->args->means) { // C5
    const double mean = (double)run->args->means[r * run->blocks + block];
    const float *sums =
        run->args->sums + block * run->args->sums_stride + first;
    for (int i = 0; i < AMS_ANALOG_STRIP; ++i)
      sample->exact[v][i] += mean * (double)sums[i];
  }
  for (size_t g = 0; g < sample->num_gains; ++g) {
    const analog_run_t *own = &at_gain[g];
    float codes[AMS_ANALOG_STRIP];
    double *errors = sample->errors[v][g];
    if (prepares)
      analog_prepare(own, r, block, 0, &input);
    analog_codes(own, &input, d, r, block, first, codes);
    for (int i = 0; i < AMS_ANALOG_STRIP; ++i)
      errors[i] = ((double)codes[i] - d[i] * own->gains->step[i]) *
                  (double)own->gains->k[i] * (double)scales[i] * input_scale;
    for (int i = 0; i < AMS_ANALOG_STRIP; ++i)
      sample->all_errors[v][g][i] += errors[i];
    for (int i = 0; i < AMS_ANALOG_STRIP; ++i)
      sample->saturated[v][g][i] = fabsf(codes[i]) >= (float)run->largest;
  }
}

/// What the block at hand did to outputs begin..end - 1 of the strip.
static void analog_sum_block(analog_sample_t *sample, int64_t begin,
                             int64_t end) {
  memset(sample->sums, 0, sample->num_gains * sizeof *sample->sums);
  for (int64_t v = 0; v < sample->vectors; ++v)
    for (size_t g = 0; g < sample->num_gains; ++g) {
      ams_exact_sum_add(&sample->sums[g].error,
                        analog_sum_squares(sample->errors[v][g], begin, end));
      for (int64_t i = begin; i < end; ++i)
        sample->sums[g].saturated += sample->saturated[v][g][i];
    }
}

/// The same for each tile that the strip reaches into (P2).
static void analog_sum_tiles(const analog_run_t *run, analog_sample_t *sample,
                             int64_t block) {
  ams_profile_t *profile = run->analog->watch.profile;
  const int64_t columns = run->analog->device.columns;
  const int64_t outputs = run->args->geometry->outputs;
  const int64_t of_group = (outputs - 1) / columns + 1;
  const int64_t group = run->args->noise.first_row / outputs;
  for (int64_t begin = 0; begin < sample->count;) {
    const int64_t column = (sample->first + begin) / columns;
    const int64_t next = (column + 1) * columns - sample->first;
    const int64_t end = next < sample->count ? next : sample->count;
    analog_sum_block(sample, begin, end);
    ams_profile_add_tile(profile,
                         (group * of_group + column) * run->blocks + block,
                         sample->sums);
    begin = end;
  }
}

/// All blocks of a sample, and their sums.
static void analog_sample_strip(const analog_run_t *run,
                                const analog_run_t *at_gain,
                                analog_sample_t *sample) {
  ams_profile_t *profile = run->analog->watch.profile;
  ams_exact_sum_t signal = {0};
  uint64_t saturated[AMS_PROFILE_MOST_GAINS] = {0};
  memset(sample->exact, 0, sizeof sample->exact);
  memset(sample->all_errors, 0, sizeof sample->all_errors);
  for (int64_t block = 0; block < run->blocks; ++block) {
    for (int64_t v = 0; v < sample->vectors; ++v)
      analog_sample_block(run, at_gain, sample, v, block);
    if (ams_profile_has_tiles(profile))
      analog_sum_tiles(run, sample, block);
    analog_sum_block(sample, 0, sample->count);
    ams_profile_add(profile, block, sample->sums);
    for (size_t g = 0; g < sample->num_gains; ++g)
      saturated[g] += sample->sums[g].saturated;
  }
  memset(sample->sums, 0, sample->num_gains * sizeof *sample->sums);
  for (int64_t v = 0; v < sample->vectors; ++v) {
    ams_exact_sum_add(&signal,
                      analog_sum_squares(sample->exact[v], 0, sample->count));
    for (size_t g = 0; g < sample->num_gains; ++g)
      ams_exact_sum_add(
          &sample->sums[g].error,
          analog_sum_squares(sample->all_errors[v][g], 0, sample->count));
  }
  for (size_t g = 0; g < sample->num_gains; ++g)
    sample->sums[g].saturated = saturated[g];
  ams_profile_add(profile, -1, sample->sums);
  bool counts = run->args->noise.first_row + sample->first == 0;
  ams_profile_add_signal(profile, counts ? sample->vectors : 0, &signal);
}

/// Measures every candidate gain on the operands of `run`.
static void analog_profile(const analog_run_t *run) {
  const ams_multiply_args_t *args = run->args;
  analog_sample_t sample;
  const ams_gain_constants_t *gains =
      ams_profile_gains(run->analog->watch.profile, &sample.num_gains);
  if (sample.num_gains == 0)
    return;
  ams_analog_t unwatched = *run->analog;
  unwatched.watch = (ams_watch_t){0};
  analog_run_t at_gain[AMS_PROFILE_MOST_GAINS];
  analog_gains_t own[AMS_PROFILE_MOST_GAINS];
  for (size_t g = 0; g < sample.num_gains; ++g) {
    const ams_gains_t one = ams_gains_one(&gains[g]);
    at_gain[g] = *run;
    at_gain[g].analog = &unwatched;
    at_gain[g].gains = &own[g];
    analog_find_gains(run, &one, 0, args->begin, &own[g]);
  }
  for (sample.tile = 0; sample.tile < args->vectors;
       sample.tile += ANALOG_TILE) {
    int64_t left = args->vectors - sample.tile;
    sample.vectors = left < ANALOG_TILE ? left : ANALOG_TILE;
    for (sample.first = args->begin; sample.first < args->end;
         sample.first += AMS_ANALOG_STRIP) {
      int64_t outputs = args->end - sample.first;
      sample.count = outputs < AMS_ANALOG_STRIP ? outputs : AMS_ANALOG_STRIP;
      analog_sample_strip(run, at_gain, &sample);
    }
  }
}

#endif // AMS_ANALOG_PROFILE_GAINS_H
