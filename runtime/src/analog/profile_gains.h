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

/// Some vectors and one strip of outputs. `errors` are sums over blocks.
typedef struct analog_sample {
  int64_t tile, vectors, first, count;
  size_t num_gains;
  double exact[ANALOG_TILE][AMS_ANALOG_STRIP];
  double errors[ANALOG_TILE][AMS_PROFILE_MOST_GAINS][AMS_ANALOG_STRIP];
  ams_profile_sums_t sums[AMS_PROFILE_MOST_GAINS];
} analog_sample_t;

/// The sum of the squares of `count` numbers, in an order of its own.
static inline double analog_sum_squares(const double values[AMS_ANALOG_STRIP],
                                        int64_t count) {
  double square[AMS_ANALOG_STRIP] = {0}, lanes[8] = {0};
  for (int64_t i = 0; i < count; ++i)
    square[i] = values[i] * values[i];
  for (int i = 0; i < AMS_ANALOG_STRIP; i += 8)
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
  // Read noise in LSB grows with the gain; repeats leave the last one's input.
  const bool prepares =
      run->analog->device.sources.read_noise > 0 || run->analog->repeats > 1;
  const double step = analog_step(run, block), k = analog_k(run, block);
  analog_input_t input;
  double d[AMS_ANALOG_STRIP];
  analog_prepare(run, r, block, 0, &input);
  analog_dot(run, &input, at, d);
  for (int i = 0; i < AMS_ANALOG_STRIP; ++i)
    sample->exact[v][i] += d[i] * step * k * (double)scales[i] * input_scale;
  if (run->args->means) { // C5
    const double mean = (double)run->args->means[r * run->blocks + block];
    const float *sums =
        run->args->sums + block * run->args->sums_stride + first;
    for (int i = 0; i < AMS_ANALOG_STRIP; ++i)
      sample->exact[v][i] += mean * (double)sums[i];
  }
  for (size_t g = 0; g < sample->num_gains; ++g) {
    const analog_run_t *own = &at_gain[g];
    const double own_step = analog_step(own, block),
                 own_k = analog_k(own, block);
    float codes[AMS_ANALOG_STRIP];
    double error[AMS_ANALOG_STRIP];
    if (prepares)
      analog_prepare(own, r, block, 0, &input);
    analog_codes(own, &input, d, r, block, first, codes);
    for (int i = 0; i < AMS_ANALOG_STRIP; ++i)
      error[i] = ((double)codes[i] - d[i] * own_step) * own_k *
                 (double)scales[i] * input_scale;
    for (int i = 0; i < AMS_ANALOG_STRIP; ++i)
      sample->errors[v][g][i] += error[i];
    for (int64_t i = 0; i < sample->count; ++i)
      sample->sums[g].saturated += fabsf(codes[i]) >= (float)run->largest;
    ams_exact_sum_add(&sample->sums[g].error,
                      analog_sum_squares(error, sample->count));
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
  memset(sample->errors, 0, sizeof sample->errors);
  for (int64_t block = 0; block < run->blocks; ++block) {
    memset(sample->sums, 0, sample->num_gains * sizeof *sample->sums);
    for (int64_t v = 0; v < sample->vectors; ++v)
      analog_sample_block(run, at_gain, sample, v, block);
    ams_profile_add(profile, block, sample->sums);
    for (size_t g = 0; g < sample->num_gains; ++g)
      saturated[g] += sample->sums[g].saturated;
  }
  memset(sample->sums, 0, sample->num_gains * sizeof *sample->sums);
  for (int64_t v = 0; v < sample->vectors; ++v) {
    ams_exact_sum_add(&signal,
                      analog_sum_squares(sample->exact[v], sample->count));
    for (size_t g = 0; g < sample->num_gains; ++g)
      ams_exact_sum_add(
          &sample->sums[g].error,
          analog_sum_squares(sample->errors[v][g], sample->count));
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
  ams_analog_t unwatched = *run->analog;
  unwatched.watch = (ams_watch_t){0};
  analog_run_t at_gain[AMS_PROFILE_MOST_GAINS];
  for (size_t g = 0; g < sample.num_gains; ++g) {
    at_gain[g] = *run;
    at_gain[g].analog = &unwatched;
    at_gain[g].gains = (ams_block_gains_t){.constants = &gains[g], .stride = 0};
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
