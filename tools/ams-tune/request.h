//===-- request.h - What ams-tune is asked to do ------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TUNE_REQUEST_H
#define AMS_TUNE_REQUEST_H

#include "choice.h"
#include "optimizer.h"
#include "options.h"
#include "schedule.h"

#include <stdbool.h>
#include <stdint.h>

typedef enum ams_tune_method {
  AMS_TUNE_QAT,     // as the device computes, gradients straight through
  AMS_TUNE_DNF,     // in float32, with noise drawn from histograms
  AMS_TUNE_FLOAT32, // plain training
} ams_tune_method_t;

typedef enum ams_tune_loss {
  AMS_TUNE_SOFTMAX_CROSS_ENTROPY,
  AMS_TUNE_BINARY_CROSS_ENTROPY,
  AMS_TUNE_L2,
} ams_tune_loss_t;

/// The command line, understood. Texts are the command line's own.
typedef struct ams_tune_request {
  const char *model, *output;
  const char *train, *valid;  // files separated by commas; valid may be NULL
  int64_t hold_out;           // samples at the end of train that are valid's
  int64_t limit, valid_limit; // most samples; 0: all
  ams_tune_method_t method;
  ams_tune_loss_t loss;
  const char *device, *gains; // NULL: not given
  const char *keep_digital, *condition, *memory;
  const char *noise_layers, *noise_per; // of DNF, as ams-compile takes them
  ams_choice_t noise_choice;            // among noise_layers
  bool fold, fold_steps; // batch normalisation: measured, in steps
  bool clamp_gradient;
  ams_optimizer_t optimizer;
  ams_schedule_t schedule; // all but the numbers of steps
  const char *freeze;      // patterns of weights that stay; NULL: none
  int64_t epochs, batch, threads;
  uint64_t seed;
  int64_t eval_every;                  // steps; 0: an epoch
  int64_t checkpoint_every;            // steps; 0: when it is evaluated
  const char *checkpoint, *csv, *html; // NULL: none
  bool resume, initialise, keep_last;
  bool help, version; // nothing else counts then
} ams_tune_request_t;

extern const ams_command_t ams_tune_command;

ams_status_t ams_tune_request_parse(int argc, char **argv,
                                    ams_tune_request_t *out_request);

/// "qat", and "softmax-cross-entropy", as the command line has them.
const char *ams_tune_method_name(ams_tune_method_t method);
const char *ams_tune_loss_name(ams_tune_loss_t loss);

/// Whether the run has anything to do with a device.
bool ams_tune_uses_device(const ams_tune_request_t *request);

#endif // AMS_TUNE_REQUEST_H
