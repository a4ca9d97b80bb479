//===-- request.c - What ams-tune is asked to do ------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The table of options, and what each one sets.
//
//===----------------------------------------------------------------------===//

#include "request.h"

#include "number.h"

#include <string.h>

enum {
  OPTION_OUTPUT,
  OPTION_TRAIN,
  OPTION_VALID,
  OPTION_HOLD_OUT,
  OPTION_LIMIT,
  OPTION_VALID_LIMIT,
  OPTION_METHOD,
  OPTION_NOISE_LAYERS,
  OPTION_NOISE_PER,
  OPTION_NOISE_DEVIATION,
  OPTION_LOSS,
  OPTION_DEVICE,
  OPTION_GAIN,
  OPTION_KEEP_DIGITAL,
  OPTION_CONDITION,
  OPTION_NO_FOLD,
  OPTION_FOLD,
  OPTION_CLAMP,
  OPTION_MEMORY,
  OPTION_OPTIMIZER,
  OPTION_MOMENTUM,
  OPTION_WEIGHT_DECAY,
  OPTION_CLIP_NORM,
  OPTION_CLIP_WEIGHTS,
  OPTION_RATE,
  OPTION_SCHEDULE,
  OPTION_FACTOR,
  OPTION_PERIOD,
  OPTION_FREEZE,
  OPTION_INITIALISE,
  OPTION_EPOCHS,
  OPTION_BATCH,
  OPTION_SEED,
  OPTION_THREADS,
  OPTION_EVAL_EVERY,
  OPTION_KEEP,
  OPTION_CHECKPOINT,
  OPTION_CHECKPOINT_EVERY,
  OPTION_RESUME,
  OPTION_CSV,
  OPTION_HTML,
};

static const ams_option_t options[] = {
    [OPTION_OUTPUT] = {"output", "FILE",
                       "the tuned model: a copy of the ONNX file with other\n"
                       "weights",
                       'o'},
    [OPTION_TRAIN] = {"train", "FILES",
                      "training samples, then their labels, separated by\n"
                      "commas: x.npy,y.npy, or IDX files, plain or gzip; one\n"
                      "file for each input of the model",
                      0},
    [OPTION_VALID] = {"valid", "FILES",
                      "samples to measure the model by, likewise", 0},
    [OPTION_HOLD_OUT] = {"hold-out", "N",
                         "instead of --valid: the last N training samples,\n"
                         "which are not trained on",
                         0},
    [OPTION_LIMIT] = {"limit", "N", "train on the first N samples only", 0},
    [OPTION_VALID_LIMIT] = {"valid-limit", "N",
                            "measure by the first N samples only", 0},
    [OPTION_METHOD] = {"method", "METHOD",
                       "qat: forward as the device computes, gradients\n"
                       "straight through (default); dnf: in float32 with the\n"
                       "device's noise drawn from histograms; float32: plain",
                       0},
    [OPTION_NOISE_LAYERS] = {"noise-layers", "PATTERNS",
                             "with --method=dnf: layers that get noise, as\n"
                             "patterns of their names, separated by commas (*)",
                             0},
    [OPTION_NOISE_PER] = {"noise-per", "WHAT",
                          "what has a histogram of its own: layer (default),\n"
                          "channel, or magnitude[:M], a range of M of the\n"
                          "result's magnitude",
                          0},
    [OPTION_NOISE_DEVIATION] =
        {"noise-deviation", "WHICH",
         "with --method=dnf: of these layers only those whose\n"
         "noise's deviation, over that of their results, is at\n"
         "least a number, 0.02, or the N largest, top:N",
         0},
    [OPTION_LOSS] = {"loss", "LOSS",
                     "softmax-cross-entropy (default), binary-cross-entropy\n"
                     "or l2",
                     0},
    [OPTION_DEVICE] = {"device", "NAME",
                       "the device, as ams-compile takes it; with\n"
                       "--method=float32 to measure by it only",
                       0},
    [OPTION_GAIN] = {"gain", "GAINS",
                     "gains of its converters, as ams-compile takes them (8)",
                     0},
    [OPTION_KEEP_DIGITAL] = {"keep-digital-layers", "PATTERNS",
                             "layers that stay digital, as patterns of their\n"
                             "names, separated by commas",
                             0},
    [OPTION_CONDITION] = {"condition", "LIST",
                          "how blocks are conditioned, as ams-compile takes it",
                          0},
    [OPTION_NO_FOLD] = {"no-fold-batch-normalization", NULL,
                        "leave batch normalisation apart from the weights", 0},
    [OPTION_FOLD] = {"fold-batch-normalization", NULL,
                     "put it into the weights in steps of training, too, as\n"
                     "in what is measured; with --method=qat or float32",
                     0},
    [OPTION_CLAMP] = {"clamp-gradient", NULL,
                      "with --method=qat: leave conversions that the ADC\n"
                      "clipped out of the gradients",
                      0},
    [OPTION_MEMORY] = {"memory", "CHOICE",
                       "keep (default) or recompute: what a step keeps of the\n"
                       "forward pass (docs/gradients.md)",
                       0},
    [OPTION_OPTIMIZER] = {"optimizer", "NAME", "adamw (default) or sgd", 0},
    [OPTION_MOMENTUM] = {"momentum", "M", "of sgd, 0 to below 1 (0.9)", 0},
    [OPTION_WEIGHT_DECAY] = {"weight-decay", "D", "0 to below 1 (0)", 0},
    [OPTION_CLIP_NORM] = {"clip-norm", "C",
                          "scale gradients down where their norm, of all\n"
                          "weights together, is above C",
                          0},
    [OPTION_CLIP_WEIGHTS] =
        {"clip-weights", "K",
         "limit weights to K times the root mean square of\n"
         "their filter or matrix after each step: smaller\n"
         "scales have less noise (docs/finetuning.md)",
         0},
    [OPTION_RATE] = {"rate", "R",
                     "the highest learning rate (adamw: 0.0001, sgd: 0.001)",
                     0},
    [OPTION_SCHEDULE] = {"schedule", "NAME",
                         "the rate over the run: constant, step, cosine\n"
                         "(default), onecycle",
                         0},
    [OPTION_FACTOR] = {"factor", "F",
                       "of --schedule=step: what the rate is multiplied by\n"
                       "(0.1)",
                       0},
    [OPTION_PERIOD] = {"period", "N",
                       "of --schedule=step: after every N epochs (1)", 0},
    [OPTION_FREEZE] = {"freeze", "PATTERNS",
                       "weights that stay as they are, as patterns of the\n"
                       "names of the ONNX file's initializers, separated by\n"
                       "commas",
                       0},
    [OPTION_INITIALISE] =
        {"initialise", NULL,
         "train from scratch: draw the weights anew from the\n"
         "seed",
         0},
    [OPTION_EPOCHS] = {"epochs", "N", "times through the training samples (1)",
                       0},
    [OPTION_BATCH] = {"batch", "N", "samples a step (64)", 0},
    [OPTION_SEED] = {"seed", "N",
                     "of the order of samples, of noise, and of --initialise\n"
                     "(0)",
                     0},
    [OPTION_THREADS] = {"threads", "N",
                        "threads (0: as many as there are processors)", 0},
    [OPTION_EVAL_EVERY] = {"eval-every", "N",
                           "measure every N steps, not once an epoch", 0},
    [OPTION_KEEP] = {"keep", "WHICH",
                     "the weights that are written: best (default), by what\n"
                     "is measured, or last",
                     0},
    [OPTION_CHECKPOINT] = {"checkpoint", "FILE",
                           "keep in FILE where the run stands", 0},
    [OPTION_CHECKPOINT_EVERY] = {"checkpoint-every", "N",
                                 "every N steps, and whenever it is measured",
                                 0},
    [OPTION_RESUME] = {"resume", NULL,
                       "go on from the checkpoint, if it is there", 0},
    [OPTION_CSV] = {"csv", "FILE", "write the course of the run to FILE", 0},
    [OPTION_HTML] = {"html", "FILE", "and as a page of plots", 0},
};

const ams_command_t ams_tune_command = {
    .name = "ams-tune",
    .usage = "MODEL.onnx --train=FILES --valid=FILES -o TUNED.onnx [options]",
    .summary = "Trains an ONNX model for a device of analog crossbars, or in "
               "float32, and writes\nit with its new weights "
               "(docs/finetuning.md).",
    .options = options,
    .num_options = sizeof options / sizeof *options,
};

static const char *const method_names[] = {
    [AMS_TUNE_QAT] = "qat",
    [AMS_TUNE_DNF] = "dnf",
    [AMS_TUNE_FLOAT32] = "float32",
};
static const char *const loss_names[] = {
    [AMS_TUNE_SOFTMAX_CROSS_ENTROPY] = "softmax-cross-entropy",
    [AMS_TUNE_BINARY_CROSS_ENTROPY] = "binary-cross-entropy",
    [AMS_TUNE_L2] = "l2",
};
static const char *const optimizer_names[] = {
    [AMS_OPTIMIZER_SGD] = "sgd",
    [AMS_OPTIMIZER_ADAMW] = "adamw",
};
static const char *const schedule_names[] = {
    [AMS_SCHEDULE_CONSTANT] = "constant",
    [AMS_SCHEDULE_STEP] = "step",
    [AMS_SCHEDULE_COSINE] = "cosine",
    [AMS_SCHEDULE_ONECYCLE] = "onecycle",
};
static const char *const keep_names[] = {"best", "last"};

const char *ams_tune_method_name(ams_tune_method_t method) {
  return method_names[method];
}

const char *ams_tune_loss_name(ams_tune_loss_t loss) {
  return loss_names[loss];
}

bool ams_tune_uses_device(const ams_tune_request_t *request) {
  return request->method != AMS_TUNE_FLOAT32 || request->device ||
         request->gains;
}

/// Finds `value` among `count` names.
static ams_status_t choose(const char *value, int option,
                           const char *const *names, int count,
                           int *out_index) {
  char list[128];
  size_t length = 0;
  for (int i = 0; i < count; ++i) {
    if (strcmp(value, names[i]) == 0) {
      *out_index = i;
      return AMS_OK;
    }
    length += (size_t)snprintf(list + length, sizeof list - length, "%s%s",
                               i ? ", " : "", names[i]);
  }
  return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                         "option '--%s': '%s' is none of %s",
                         options[option].name, value, list);
}

#define CHOOSE(value, option, names, out_index)                                \
  choose(value, option, names, sizeof(names) / sizeof *(names), out_index)

static ams_status_t parse_count(const char *value, int option, int64_t most,
                                int64_t *out_count) {
  char what[64];
  snprintf(what, sizeof what, "option '--%s'", options[option].name);
  return ams_number_parse_int(value, what, 1, most, out_count);
}

/// Options that hold one of several words.
static ams_status_t set_choice(ams_tune_request_t *request, int option,
                               const char *value) {
  int choice = 0;
  switch (option) {
  case OPTION_METHOD:
    AMS_RETURN_IF_ERROR(CHOOSE(value, option, method_names, &choice));
    request->method = (ams_tune_method_t)choice;
    return AMS_OK;
  case OPTION_LOSS:
    AMS_RETURN_IF_ERROR(CHOOSE(value, option, loss_names, &choice));
    request->loss = (ams_tune_loss_t)choice;
    return AMS_OK;
  case OPTION_OPTIMIZER:
    AMS_RETURN_IF_ERROR(CHOOSE(value, option, optimizer_names, &choice));
    request->optimizer.kind = (ams_optimizer_kind_t)choice;
    return AMS_OK;
  case OPTION_SCHEDULE:
    AMS_RETURN_IF_ERROR(CHOOSE(value, option, schedule_names, &choice));
    request->schedule.kind = (ams_schedule_kind_t)choice;
    return AMS_OK;
  default:
    AMS_RETURN_IF_ERROR(CHOOSE(value, option, keep_names, &choice));
    request->keep_last = choice == 1;
    return AMS_OK;
  }
}

/// Options that hold a number.
static ams_status_t set_number(ams_tune_request_t *request, int option,
                               const char *value) {
  switch (option) {
  case OPTION_HOLD_OUT:
    return parse_count(value, option, INT32_MAX, &request->hold_out);
  case OPTION_LIMIT:
    return parse_count(value, option, INT64_MAX, &request->limit);
  case OPTION_VALID_LIMIT:
    return parse_count(value, option, INT64_MAX, &request->valid_limit);
  case OPTION_PERIOD:
    return parse_count(value, option, 1000000, &request->schedule.period);
  case OPTION_EPOCHS:
    return parse_count(value, option, 1000000, &request->epochs);
  case OPTION_BATCH:
    return parse_count(value, option, 1000000, &request->batch);
  case OPTION_EVAL_EVERY:
    return parse_count(value, option, INT64_MAX, &request->eval_every);
  case OPTION_CHECKPOINT_EVERY:
    return parse_count(value, option, INT64_MAX, &request->checkpoint_every);
  case OPTION_THREADS:
    return ams_number_parse_int(value, "option '--threads'", 0, 1024,
                                &request->threads);
  case OPTION_SEED:
    return ams_number_parse_uint64(value, "option '--seed'", &request->seed);
  case OPTION_RATE:
    return ams_number_parse_positive(value, "option '--rate'",
                                     &request->schedule.rate);
  case OPTION_NOISE_DEVIATION:
    return ams_choice_parse(value, "option '--noise-deviation'",
                            &request->noise_choice);
  case OPTION_CLIP_NORM:
    return ams_number_parse_positive(value, "option '--clip-norm'",
                                     &request->optimizer.clip_norm);
  case OPTION_CLIP_WEIGHTS:
    return ams_number_parse_positive(value, "option '--clip-weights'",
                                     &request->optimizer.clip_weights);
  case OPTION_FACTOR:
    return ams_number_parse_positive(value, "option '--factor'",
                                     &request->schedule.factor);
  case OPTION_MOMENTUM:
    return ams_number_parse_part(value, "option '--momentum'",
                                 &request->optimizer.momentum);
  default:
    return ams_number_parse_part(value, "option '--weight-decay'",
                                 &request->optimizer.weight_decay);
  }
}

/// Where an option's text goes that is taken as it is, or NULL.
static const char **text_of(ams_tune_request_t *request, int option) {
  switch (option) {
  case OPTION_OUTPUT:
    return &request->output;
  case OPTION_TRAIN:
    return &request->train;
  case OPTION_VALID:
    return &request->valid;
  case OPTION_DEVICE:
    return &request->device;
  case OPTION_GAIN:
    return &request->gains;
  case OPTION_KEEP_DIGITAL:
    return &request->keep_digital;
  case OPTION_CONDITION:
    return &request->condition;
  case OPTION_MEMORY:
    return &request->memory;
  case OPTION_NOISE_LAYERS:
    return &request->noise_layers;
  case OPTION_NOISE_PER:
    return &request->noise_per;
  case OPTION_FREEZE:
    return &request->freeze;
  case OPTION_CHECKPOINT:
    return &request->checkpoint;
  case OPTION_CSV:
    return &request->csv;
  case OPTION_HTML:
    return &request->html;
  default:
    return NULL;
  }
}

static ams_status_t set_option(ams_tune_request_t *request, int option,
                               const char *value) {
  switch (option) {
  case AMS_ARGUMENT_POSITIONAL:
    if (request->model)
      return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                             "unexpected argument '%s': the model is '%s'",
                             value, request->model);
    request->model = value;
    return AMS_OK;
  case AMS_ARGUMENT_HELP:
    request->help = true;
    return AMS_OK;
  case AMS_ARGUMENT_VERSION:
    request->version = true;
    return AMS_OK;
  case OPTION_METHOD:
  case OPTION_LOSS:
  case OPTION_OPTIMIZER:
  case OPTION_SCHEDULE:
  case OPTION_KEEP:
    return set_choice(request, option, value);
  case OPTION_NO_FOLD:
    request->fold = false;
    return AMS_OK;
  case OPTION_FOLD:
    request->fold_steps = true;
    return AMS_OK;
  case OPTION_CLAMP:
    request->clamp_gradient = true;
    return AMS_OK;
  case OPTION_INITIALISE:
    request->initialise = true;
    return AMS_OK;
  case OPTION_RESUME:
    request->resume = true;
    return AMS_OK;
  default: {
    const char **text = text_of(request, option);
    if (!text)
      return set_number(request, option, value);
    *text = value;
    return AMS_OK;
  }
  }
}

static ams_status_t check_complete(ams_tune_request_t *request) {
  const char *missing = !request->model    ? "model"
                        : !request->train  ? "--train"
                        : !request->output ? "output (-o)"
                                           : NULL;
  if (missing)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "no %s given; usage: %s %s", missing,
                           ams_tune_command.name, ams_tune_command.usage);
  if (!request->valid == !request->hold_out)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "give either --valid=FILES or --hold-out=N: what "
                           "the model is measured by");
  if (!request->checkpoint && (request->resume || request->checkpoint_every))
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "options '--resume' and '--checkpoint-every' need "
                           "'--checkpoint=FILE'");
  if (request->method != AMS_TUNE_DNF &&
      (request->noise_choice.top || request->noise_choice.least > 0))
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "option '--noise-deviation' chooses layers for "
                           "--method=dnf; other methods draw no noise");
  if (request->initialise && request->method == AMS_TUNE_DNF)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "option '--initialise': the noise of --method=dnf "
                           "is recorded from trained weights; train with "
                           "--method=float32 first");
  if (request->clamp_gradient && request->method != AMS_TUNE_QAT)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "option '--clamp-gradient': only steps of "
                           "--method=qat have an ADC that clips");
  if (request->fold_steps &&
      (!request->fold || request->method == AMS_TUNE_DNF))
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "option '--fold-batch-normalization': not with "
                           "'--no-fold-batch-normalization', nor with "
                           "--method=dnf, whose noise is recorded of layers "
                           "with batch normalisation apart");
  return AMS_OK;
}

/// What the optimizer's kind decides.
static void fill_optimizer(ams_tune_request_t *request) {
  ams_optimizer_t given = request->optimizer;
  request->optimizer = ams_optimizer_default(given.kind);
  request->optimizer.momentum = given.momentum;
  request->optimizer.weight_decay = given.weight_decay;
  request->optimizer.clip_norm = given.clip_norm;
  request->optimizer.clip_weights = given.clip_weights;
  if (request->schedule.rate == 0)
    request->schedule.rate = given.kind == AMS_OPTIMIZER_ADAMW ? 1e-4f : 1e-3f;
}

ams_status_t ams_tune_request_parse(int argc, char **argv,
                                    ams_tune_request_t *out_request) {
  ams_tune_request_t request = {
      .method = AMS_TUNE_QAT,
      .noise_layers = "*",
      .noise_per = "layer",
      .fold = true,
      .optimizer = ams_optimizer_default(AMS_OPTIMIZER_ADAMW),
      .schedule = {.kind = AMS_SCHEDULE_COSINE, .factor = 0.1f, .period = 1},
      .epochs = 1,
      .batch = 64,
  };
  ams_arguments_t arguments =
      ams_arguments_begin(&ams_tune_command, argc, argv);
  while (!request.help && !request.version) {
    int option = AMS_ARGUMENT_END;
    const char *value = NULL;
    AMS_RETURN_IF_ERROR(ams_arguments_next(&arguments, &option, &value));
    if (option == AMS_ARGUMENT_END) {
      AMS_RETURN_IF_ERROR(check_complete(&request));
      break;
    }
    AMS_RETURN_IF_ERROR(set_option(&request, option, value));
  }
  fill_optimizer(&request);
  *out_request = request;
  return AMS_OK;
}
