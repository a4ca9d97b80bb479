//===-- run.c - What a run of training consists of ----------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "run.h"

#include "build.h"
#include "checkpoint.h"
#include "metric.h"
#include "stop.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static ams_status_t out_of_memory(void) {
  return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory");
}

//===----------------------------------------------------------------------===//
// Samples
//===----------------------------------------------------------------------===//

static void limit(ams_samples_t *samples, int64_t most) {
  if (most && most < samples->count)
    samples->count = most;
}

static ams_status_t read_samples(ams_tune_run_t *run,
                                 const ams_model_t *model) {
  const ams_tune_request_t *request = run->request;
  AMS_RETURN_IF_ERROR(ams_samples_read(model, request->loss, "--train",
                                       request->train, &run->train));
  AMS_RETURN_IF_ERROR(
      request->valid
          ? ams_samples_read(model, request->loss, "--valid", request->valid,
                             &run->valid)
          : ams_samples_split(&run->train, request->hold_out, &run->valid));
  limit(&run->train, request->limit);
  limit(&run->valid, request->valid_limit);
  if (run->train.count < request->batch || run->train.count > INT32_MAX)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "%" PRId64 " training samples: there must be at "
                           "least a batch, %" PRId64 ", and at most %d",
                           run->train.count, request->batch, INT32_MAX);
  return AMS_OK;
}

//===----------------------------------------------------------------------===//
// What the run is
//===----------------------------------------------------------------------===//

/// The text of the device, "" if there is none; free it.
static ams_status_t describe_device(const ams_tune_run_t *run,
                                    char **out_text) {
  const char *text = "";
  ams_model_t *model = NULL;
  if (ams_tune_uses_device(run->request)) {
    AMS_RETURN_IF_ERROR(ams_build(run->request, AMS_BUILD_DEVICE,
                                  run->request->model, run->directory, &model));
    text = ams_model_string(model, ams_model_manifest(model)->device_text);
  }
  *out_text = strdup(text);
  ams_model_free(model);
  return *out_text ? AMS_OK : out_of_memory();
}

static const char *or_default(const char *text) {
  return text ? text : "default";
}

/// Every line is one thing that a checkpoint must share.
static ams_status_t describe(ams_tune_run_t *run) {
  const ams_tune_request_t *r = run->request;
  char *device = NULL;
  AMS_RETURN_IF_ERROR(describe_device(run, &device));
  int size = asprintf(
      &run->text,
      "model: %08" PRIx32 "\ntraining samples: %" PRId64 ", %08" PRIx32
      "\nvalidation samples: %" PRId64 ", %08" PRIx32
      "\nmethod: %s\nloss: %s\ndevice: %s\ngains: %s\ndigital layers: "
      "%s\nnoise: %s of %s, deviation %a, top %" PRId64
      "\nconditioning: %s\nfolding: %d, in steps: %d\n"
      "clamped gradients: %d\nmemory: "
      "%s\noptimizer: %d, momentum "
      "%a, weight decay %a, norm %a, weights %a\nschedule: %d, rate %a, factor "
      "%a, period "
      "%" PRId64 "\nfreeze: %s\ninitialise: %d\nepochs: %" PRId64
      "\nbatch: %" PRId64 "\nseed: %" PRIu64 "\nmeasured every: %" PRId64
      "\nnoise of layers measured: %d",
      ams_tuned_checksum(run->tuned), run->train.count,
      ams_samples_checksum(&run->train), run->valid.count,
      ams_samples_checksum(&run->valid), ams_tune_method_name(r->method),
      ams_tune_loss_name(r->loss), device, or_default(r->gains),
      or_default(r->keep_digital), r->noise_per, r->noise_layers,
      (double)r->noise_choice.least, r->noise_choice.top,
      or_default(r->condition), r->fold, r->fold_steps, r->clamp_gradient,
      or_default(r->memory), (int)r->optimizer.kind,
      (double)r->optimizer.momentum, (double)r->optimizer.weight_decay,
      (double)r->optimizer.clip_norm, (double)r->optimizer.clip_weights,
      (int)r->schedule.kind, (double)r->schedule.rate,
      (double)r->schedule.factor, r->schedule.period, or_default(r->freeze),
      r->initialise, r->epochs, r->batch, r->seed, run->course.every,
      run->course.num_curves > AMS_COURSE_FIXED);
  free(device);
  return size < 0 ? out_of_memory() : AMS_OK;
}

//===----------------------------------------------------------------------===//
// Checkpoints
//===----------------------------------------------------------------------===//

enum { TENSORS_OF_PARAMETER = 3, OTHER_TENSORS = 2 };

/// Refers to the run's own numbers; free the tensors.
static ams_status_t make_checkpoint(const ams_tune_run_t *run,
                                    ams_checkpoint_t *out_checkpoint) {
  const size_t count =
      run->parameters.count * TENSORS_OF_PARAMETER + OTHER_TENSORS;
  ams_checkpoint_tensor_t *tensors = calloc(count, sizeof *tensors);
  if (!tensors)
    return out_of_memory();
  *out_checkpoint = (ams_checkpoint_t){.run = run->text,
                                       .step = run->done,
                                       .best = run->best,
                                       .num_tensors = count,
                                       .tensors = tensors};
  const int state = ams_optimizer_state_size(&run->request->optimizer);
  for (size_t i = 0; i < run->parameters.count; ++i) {
    ams_parameter_t *p = &run->parameters.items[i];
    const uint64_t size = (uint64_t)p->count;
    *tensors++ = (ams_checkpoint_tensor_t){p->name, size, p->weights};
    *tensors++ = (ams_checkpoint_tensor_t){p->name, size, p->best};
    *tensors++ =
        (ams_checkpoint_tensor_t){p->name, size * (uint64_t)state, p->state};
  }
  const ams_course_t *course = &run->course;
  *tensors++ = (ams_checkpoint_tensor_t){"losses", (uint64_t)course->steps,
                                         course->losses};
  *tensors++ = (ams_checkpoint_tensor_t){
      "course", course->num_rows * course->num_curves, course->values};
  return AMS_OK;
}

ams_status_t ams_tune_run_keep(const ams_tune_run_t *run) {
  if (!run->request->checkpoint)
    return AMS_OK;
  ams_checkpoint_t checkpoint;
  AMS_RETURN_IF_ERROR(make_checkpoint(run, &checkpoint));
  ams_status_t status =
      ams_checkpoint_write(run->request->checkpoint, &checkpoint);
  free(checkpoint.tensors);
  return status;
}

/// Goes on from the checkpoint, if there is one and it is to be used.
static ams_status_t resume(ams_tune_run_t *run) {
  const char *path = run->request->checkpoint;
  if (!path || access(path, F_OK) != 0)
    return AMS_OK;
  if (!run->request->resume)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "%s is there already: go on from it with "
                           "'--resume', or remove it",
                           path);
  ams_checkpoint_t checkpoint;
  AMS_RETURN_IF_ERROR(make_checkpoint(run, &checkpoint));
  ams_status_t status = ams_checkpoint_read(path, &checkpoint);
  if (!status) {
    run->done = checkpoint.step;
    run->best = checkpoint.best;
  }
  free(checkpoint.tensors);
  return status;
}

//===----------------------------------------------------------------------===//
// All of it
//===----------------------------------------------------------------------===//

static ams_status_t build_step(ams_tune_run_t *run,
                               const ams_tune_request_t *request,
                               size_t num_inputs) {
  ams_model_t *model = NULL;
  AMS_RETURN_IF_ERROR(ams_build(request, AMS_BUILD_STEP, request->model,
                                run->directory, &model));
  return ams_step_create(model, num_inputs, &request->optimizer, &run->step,
                         &run->parameters);
}

/// Says which layers have noise in steps, and how noisy all of them are.
static void print_choice(const ams_noise_t *noise) {
  puts("noise of layers, its deviation over that of their results:");
  for (size_t i = 0; i < noise->count; ++i)
    printf("  %.4f %s %s\n", noise->deviations[i],
           noise->chosen[i] ? "drawn    " : "not drawn", noise->layers[i]);
  fflush(stdout);
}

/// Builds and fills the step of DNF, with noise on the layers that are chosen.
static ams_status_t build_noisy_step(ams_tune_run_t *run, size_t num_inputs,
                                     const ams_forward_t *recording) {
  char *patterns = NULL;
  AMS_RETURN_IF_ERROR(ams_noise_choose(run->request, &run->noise, &patterns));
  ams_tune_request_t chosen = *run->request;
  chosen.noise_layers = patterns;
  ams_status_t status = build_step(run, &chosen, num_inputs);
  free(patterns);
  AMS_RETURN_IF_ERROR(status);
  print_choice(&run->noise);
  return ams_noise_fill(recording, &run->step);
}

/// Whether the files of the run's course are to tell how noisy its layers are.
static bool plots_noise(const ams_tune_request_t *request) {
  return ams_tune_uses_device(request) && (request->csv || request->html);
}

/// Records the noise of layers, if anything asks for it. What cannot be
/// recorded is left out of the course; only DNF cannot do without.
static ams_status_t record_noise(ams_tune_run_t *run,
                                 ams_forward_t *recording) {
  const ams_tune_request_t *request = run->request;
  const bool must = request->method == AMS_TUNE_DNF;
  if (!must && !plots_noise(request))
    return AMS_OK;
  ams_status_t status = ams_noise_record(
      request, request->model, run->directory, &run->train, recording);
  if (!status)
    return ams_noise_measure(recording, &run->noise);
  if (must)
    return status;
  printf("the noise of layers is not measured: %s\n",
         ams_status_message(status));
  ams_status_free(status);
  return AMS_OK;
}

ams_status_t ams_tune_run_write(const ams_tune_run_t *run, char **out_path) {
  char *path = NULL;
  if (asprintf(&path, "%s/now.onnx", run->directory) < 0)
    return out_of_memory();
  ams_status_t status =
      ams_tuned_write(run->tuned, &run->parameters, false, path);
  if (status)
    free(path);
  else
    *out_path = path;
  return status;
}

static ams_status_t make_step(ams_tune_run_t *run, size_t num_inputs) {
  const ams_tune_request_t *request = run->request;
  ams_forward_t recording = {0};
  ams_status_t status = record_noise(run, &recording);
  if (!status)
    status = request->method == AMS_TUNE_DNF
                 ? build_noisy_step(run, num_inputs, &recording)
                 : build_step(run, request, num_inputs);
  ams_forward_free(&recording);
  AMS_RETURN_IF_ERROR(status);
  AMS_RETURN_IF_ERROR(
      ams_tuned_load(run->tuned, request->model, &run->parameters));
  if (request->initialise)
    ams_parameters_initialise(&run->parameters, request->seed);
  AMS_RETURN_IF_ERROR(ams_stop_bad_model(run));
  return request->freeze
             ? ams_parameters_freeze(&run->parameters, request->freeze)
             : AMS_OK;
}

/// What the model itself tells: the samples' shapes, and what it must hold.
static ams_status_t read_model(ams_tune_run_t *run) {
  const ams_tune_request_t *request = run->request;
  AMS_RETURN_IF_ERROR(ams_tuned_open(request->model, &run->tuned));
  ams_model_t *model = NULL;
  AMS_RETURN_IF_ERROR(ams_build(request, AMS_BUILD_FLOAT32, request->model,
                                run->directory, &model));
  ams_status_t status = read_samples(run, model);
  const size_t num_inputs = ams_model_manifest(model)->num_inputs;
  ams_model_free(model);
  return status ? status : make_step(run, num_inputs);
}

ams_status_t ams_tune_run_open(const ams_tune_request_t *request,
                               const char *directory, ams_tune_run_t *out_run) {
  ams_tune_run_t *run = out_run;
  *run =
      (ams_tune_run_t){.request = request, .directory = directory, .best = NAN};
  AMS_RETURN_IF_ERROR(read_model(run));
  run->schedule = request->schedule;
  run->schedule.steps_per_epoch = run->train.count / request->batch;
  run->schedule.steps = run->schedule.steps_per_epoch * request->epochs;
  AMS_RETURN_IF_ERROR(ams_course_create(
      run->schedule.steps,
      request->eval_every ? request->eval_every : run->schedule.steps_per_epoch,
      ams_metric_name(request->loss),
      plots_noise(request) ? run->noise.count : 0,
      (const char *const *)run->noise.layers, &run->course));
  AMS_RETURN_IF_ERROR(describe(run));
  return resume(run);
}

void ams_tune_run_free(ams_tune_run_t *run) {
  ams_tuned_close(run->tuned);
  ams_samples_free(&run->train);
  ams_samples_free(&run->valid);
  ams_step_free(&run->step);
  ams_parameters_free(&run->parameters);
  ams_course_free(&run->course);
  ams_noise_free(&run->noise);
  free(run->text);
}
