//===-- main.c - ams-compile: a model to native code --------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The command line of amsCompile.
//
//===----------------------------------------------------------------------===//

#include "calibrate.h"
#include "message.h"
#include "number.h"
#include "options.h"

#include "ams-c/Compile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  option_output,
  option_device,
  option_target,
  option_gain,
  option_keep,
  option_macs,
  option_loss,
  option_memory,
  option_clamp,
  option_arguments,
  option_add_noise,
  option_noise_per,
  option_record_noise,
  option_record_nodes,
  option_policy,
  option_calibrate,
  option_samples,
  option_budget,
  option_per,
  option_keep_number,
  option_profile,
  option_feedback,
  option_moments,
  option_seed,
  option_no_fold,
  option_fold,
  option_no_fuse,
  option_cost,
  option_condition,
  option_batch,
  option_emit,
  option_cpu,
  option_dump,
  option_time,
};

static const ams_option_t options_table[] = {
    [option_output] = {"output", "FILE",
                       "Where the result goes; without it, text goes to\n"
                       "standard output",
                       'o'},
    [option_device] = {"device", "NAME",
                       "The device: a preset (abfp-n8, abfp-n32, abfp-n128,\n"
                       "each also with -668; photonic; pcm; reram) or\n"
                       "a file that holds an #ams.device attribute; default:\n"
                       "abfp-n128",
                       0},
    [option_target] = {"target", "TARGET",
                       "device: products on the device, by the runtime\n"
                       "(default); digital: products in float32; plain: as\n"
                       "device, in generated code alone, and slow",
                       0},
    [option_gain] = {"gain", "GAINS",
                     "Gains of the converters: a number for all layers,\n"
                     "LAYER:NUMBER for one, or several of these, separated\n"
                     "by commas; default: 8",
                     0},
    [option_keep] = {"keep-digital-layers", "PATTERNS",
                     "Layers that stay digital, as patterns of their names\n"
                     "(* and ? as in names of files), separated by commas",
                     0},
    [option_macs] = {"min-macs", "N",
                     "Layers of fewer than N multiplications, of all samples\n"
                     "of a batch together, stay digital; default: 0",
                     0},
    [option_loss] = {"loss", "LOSS",
                     "Compile a step of training (docs/gradients.md): the\n"
                     "gradients of this loss, in float32 whatever computes\n"
                     "the products, by the weights, which become inputs:\n"
                     "softmax-cross-entropy, binary-cross-entropy or l2",
                     0},
    [option_memory] =
        {"memory", "CHOICE",
         "What a step keeps of the forward pass: keep: all that\n"
         "gradients use (default); recompute: less, and computes\n"
         "what is cheap again",
         0},
    [option_clamp] = {"clamp-gradient", NULL,
                      "With --loss: leave conversions that the device's ADC\n"
                      "clipped out of the gradients, which else go straight\n"
                      "through it",
                      0},
    [option_arguments] =
        {"weights-as-arguments", NULL,
         "Make the weights inputs of the model, behind its own, as\n"
         "those of a step of training are; a call then computes\n"
         "all of a batch as one sample",
         0},
    [option_add_noise] = {"add-noise", "PATTERNS",
                          "With --loss: add differential noise to the results\n"
                          "of these layers (patterns of names, separated by\n"
                          "commas), drawn from tables that become inputs\n"
                          "(docs/gradients.md)",
                          0},
    [option_noise_per] = {"noise-per", "KIND",
                          "What has a histogram of noise of its own: layer\n"
                          "(default), channel, or magnitude[:RANGES]",
                          0},
    [option_record_noise] =
        {"record-noise", NULL,
         "Compute the model in float32, and for every layer\n"
         "what the device's result for the same input differs\n"
         "by: LAYER.noise, beside LAYER.output",
         0},
    [option_record_nodes] =
        {"record-nodes", NULL,
         "Return what every node of an ONNX model computes too:\n"
         "NODE.result, in the order of the nodes",
         0},
    [option_policy] =
        {"policy", "POLICY",
         "Where a device's crossbars are counted: resident: all\n"
         "weights stay on one (default); spill:N: on N devices,\n"
         "spill: on as many as it takes; reprogram:N: N devices,\n"
         "reprogram: one, programmed again while the model runs.\n"
         "Results never depend on it",
         0},
    [option_calibrate] = {"calibrate", "FILE",
                          "Choose every layer's gain by what it does to the\n"
                          "network's outputs on these samples (.npy, or IDX\n"
                          "images plain or gzip; once for each input of the\n"
                          "model), and print what was chosen",
                          0},
    [option_samples] = {"samples", "N",
                        "Calibrate with the first N samples; default: all", 0},
    [option_budget] =
        {"budget", "ENERGY",
         "Least error within this energy a sample (docs/cost.md):\n"
         "as 250nJ, or 60% of what the best gains take",
         0},
    [option_per] = {"gain-per", "WHAT",
                    "What calibration gives a gain of its own: layer\n"
                    "(default), block, each block of a layer's reduction, or\n"
                    "tile, each of its crossbar tiles",
                    0},
    [option_keep_number] =
        {"keep-digital", "N",
         "Keep the N layers digital that this saves most error at\n"
         "the network's outputs, by runs on the samples; within\n"
         "the budget, if there is one",
         0},
    [option_profile] =
        {"profile", "FILE",
         "Keep what calibration measured, for --ams-assign-gains", 0},
    [option_feedback] = {"error-feedback", NULL,
                         "Round weights so that their errors cancel for the\n"
                         "inputs of calibration (docs/assignment.md)",
                         0},
    [option_moments] =
        {"moments", "FILE",
         "Keep the second moments of inputs that error feedback\n"
         "rounds by, for --ams-assign-scales",
         0},
    [option_seed] = {"seed", "N", "Seed of calibration's noise; default: 0", 0},
    [option_no_fold] = {"no-fold-batch-normalization", NULL,
                        "Leave batch normalisation apart from the weights", 0},
    [option_fold] = {"fold-batch-normalization", NULL,
                     "With --loss or --weights-as-arguments: put it into\n"
                     "weights that are inputs, too; gradients are those of\n"
                     "the weights before",
                     0},
    [option_no_fuse] = {"no-fuse-epilogues", NULL,
                        "Leave bias, residual and clamp apart from products;\n"
                        "the results are the same",
                        0},
    [option_cost] = {"cost", "[=FORMAT]",
                     "Print what one call costs the device, by layers, to\n"
                     "standard output: as a table (default) or json; see\n"
                     "docs/cost.md",
                     0},
    [option_condition] = {"condition", "LIST",
                          "How blocks are conditioned before they are\n"
                          "quantised: none (default), mean (means of inputs\n"
                          "removed), spread (over all rows of a crossbar) or\n"
                          "both, for all layers; LAYER=one of these for one;\n"
                          "or several of these, separated by commas; or auto:\n"
                          "what calibration finds best for each layer",
                          0},
    [option_batch] = {"batch", "N",
                      "Samples that one call of the code computes, where the\n"
                      "ONNX model leaves its batch open; default: 16. Any\n"
                      "number of samples can be run in any case",
                      0},
    [option_emit] = {"emit", "KIND",
                     "so: a shared library (default); exe: a program that\n"
                     "takes ams-run's options; obj: an object file; llvm:\n"
                     "LLVM IR; mlir:LEVEL: MLIR, where LEVEL is model,\n"
                     "layers, scales, gains, crossbars, buffers, code or its\n"
                     "number, 0 to 6 (text, or bytecode for FILE.mlirbc)",
                     0},
    [option_cpu] = {"mcpu", "NAME",
                    "Processor to generate code for: native or a name that\n"
                    "LLVM knows; default: x86-64-v3",
                    0},
    [option_dump] = {"dump-phases", "DIR",
                     "Write the MLIR of every level into DIR, without large\n"
                     "constants: 00-model.mlir to 06-code.mlir",
                     0},
    [option_time] = {"time", NULL, "Print the time of every phase", 'v'},
};

static const ams_command_t command = {
    .name = "ams-compile",
    .usage = "MODEL -o FILE [OPTION ...]",
    .summary = "Compiles a neural network, an .onnx, .mlir or .mlirbc file, "
               "for a device of\nanalog crossbars.",
    .options = options_table,
    .num_options = sizeof(options_table) / sizeof(*options_table),
};

static ams_status_t parse_target(const char *text, AmsTarget *out_target) {
  if (strcmp(text, "device") == 0)
    *out_target = AmsTargetDevice;
  else if (strcmp(text, "digital") == 0)
    *out_target = AmsTargetDigital;
  else if (strcmp(text, "plain") == 0)
    *out_target = AmsTargetPlain;
  else
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "option '--target': '%s' is none of device, "
                           "digital, plain",
                           text);
  return AMS_OK;
}

static ams_status_t parse_emit(const char *text, AmsCompileOptions *options) {
  static const char mlir[] = "mlir:";
  int level = -1;
  if (strcmp(text, "so") == 0)
    options->emit = AmsEmitSharedLibrary;
  else if (strcmp(text, "exe") == 0)
    options->emit = AmsEmitExecutable;
  else if (strcmp(text, "obj") == 0)
    options->emit = AmsEmitObject;
  else if (strcmp(text, "llvm") == 0)
    options->emit = AmsEmitLLVM;
  else if (strncmp(text, mlir, strlen(mlir)) == 0 &&
           (level = amsLevelFromName(text + strlen(mlir))) >= 0)
    options->emit = AmsEmitMLIR;
  else
    return ams_status_make(
        AMS_STATUS_INVALID_ARGUMENT,
        "option '--emit': '%s' is none of so, exe, obj, llvm, mlir:LEVEL with "
        "LEVEL one of model, layers, scales, gains, crossbars, buffers, code "
        "or 0 to 6",
        text);
  if (level >= 0)
    options->level = (AmsLevel)level;
  return AMS_OK;
}

static void print_message(void *user_data, const char *text) {
  (void)user_data;
  fprintf(stderr, "%s\n", text);
}

static void print_phase(void *user_data, const char *phase, double seconds) {
  (void)user_data;
  fprintf(stderr, "%-10s %9.3f s\n", phase, seconds);
}

static ams_status_t set_input(const char *path, AmsCompileOptions *options) {
  if (options->input)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "two models, '%s' and '%s': name one",
                           options->input, path);
  options->input = path;
  return AMS_OK;
}

static ams_status_t set_option(int option, const char *value,
                               AmsCompileOptions *options,
                               ams_calibrate_request_t *calibrate) {
  switch (option) {
  case AMS_ARGUMENT_POSITIONAL:
    return set_input(value, options);
  case option_output:
    options->output = value;
    return AMS_OK;
  case option_device:
    options->device = value;
    return AMS_OK;
  case option_target:
    return parse_target(value, &options->target);
  case option_gain:
    options->gains = value;
    return AMS_OK;
  case option_keep:
    options->keepDigitalLayers = value;
    return AMS_OK;
  case option_macs:
    return ams_number_parse_int(value, "option '--min-macs'", 0, INT64_MAX,
                                &options->minMacs);
  case option_loss:
    options->loss = value;
    return AMS_OK;
  case option_memory:
    options->memory = value;
    return AMS_OK;
  case option_clamp:
    options->clampGradient = true;
    return AMS_OK;
  case option_arguments:
    options->weightsAsArguments = true;
    return AMS_OK;
  case option_add_noise:
    options->addNoise = value;
    return AMS_OK;
  case option_noise_per:
    options->noisePer = value;
    return AMS_OK;
  case option_record_noise:
    options->recordNoise = true;
    return AMS_OK;
  case option_record_nodes:
    options->recordNodes = true;
    return AMS_OK;
  case option_policy:
    options->policy = value;
    return AMS_OK;
  case option_calibrate:
    calibrate->files[calibrate->num_files++] = value;
    return AMS_OK;
  case option_samples:
    return ams_number_parse_int(value, "option '--samples'", 1, INT64_MAX,
                                &calibrate->limit);
  case option_budget:
    calibrate->budget = value;
    return AMS_OK;
  case option_per:
    calibrate->per = value;
    return AMS_OK;
  case option_keep_number:
    return ams_number_parse_int(value, "option '--keep-digital'", 1, INT32_MAX,
                                &calibrate->keep_digital);
  case option_profile:
    calibrate->profile = value;
    return AMS_OK;
  case option_feedback:
    calibrate->error_feedback = true;
    return AMS_OK;
  case option_moments:
    calibrate->moments = value;
    return AMS_OK;
  case option_seed:
    return ams_number_parse_uint64(value, "option '--seed'", &calibrate->seed);
  case option_no_fold:
    options->foldBatchNormalization = false;
    return AMS_OK;
  case option_fold:
    options->foldArguments = true;
    return AMS_OK;
  case option_no_fuse:
    options->fuseEpilogues = false;
    return AMS_OK;
  case option_cost:
    options->cost = value ? value : "table";
    return AMS_OK;
  case option_condition:
    options->condition = value;
    return AMS_OK;
  case option_batch:
    return ams_number_parse_int(value, "option '--batch'", 1, INT32_MAX,
                                &options->batch);
  case option_emit:
    return parse_emit(value, options);
  case option_cpu:
    options->cpu = value;
    return AMS_OK;
  case option_dump:
    options->dumpPhases = value;
    return AMS_OK;
  case option_time:
    options->onPhase = print_phase;
    return AMS_OK;
  default:
    return AMS_OK;
  }
}

/// What must be given and was not.
static ams_status_t complete(AmsCompileOptions *options,
                             const ams_calibrate_request_t *calibrate) {
  if (!options->input)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "no model: name an .onnx, .mlir or .mlirbc file");
  if (calibrate->num_files == 0 &&
      (calibrate->limit || calibrate->budget || calibrate->keep_digital ||
       calibrate->per || calibrate->profile || calibrate->error_feedback ||
       calibrate->moments || calibrate->seed))
    return ams_status_make(
        AMS_STATUS_INVALID_ARGUMENT,
        "options '--samples', '--budget', '--gain-per', '--keep-digital', "
        "'--profile', '--error-feedback', '--moments' and '--seed' are for "
        "'--calibrate', which is not given");
  if (calibrate->moments && !calibrate->error_feedback)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "option '--moments' keeps what '--error-feedback' "
                           "measures, which is not given");
  if (options->output)
    return AMS_OK;
  if (options->emit != AmsEmitMLIR && options->emit != AmsEmitLLVM)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "no output: name a file with -o");
  options->output = "-";
  return AMS_OK;
}

/// Reads the command line; `*out_exits` where there is nothing more to do.
static ams_status_t parse(int argc, char **argv, AmsCompileOptions *options,
                          ams_calibrate_request_t *calibrate, bool *out_exits) {
  ams_arguments_t arguments = ams_arguments_begin(&command, argc, argv);
  for (;;) {
    int option = AMS_ARGUMENT_END;
    const char *value = NULL;
    AMS_RETURN_IF_ERROR(ams_arguments_next(&arguments, &option, &value));
    if (option == AMS_ARGUMENT_END)
      return complete(options, calibrate);
    *out_exits = option == AMS_ARGUMENT_HELP || option == AMS_ARGUMENT_VERSION;
    if (option == AMS_ARGUMENT_HELP)
      ams_command_print_help(&command, stdout);
    if (option == AMS_ARGUMENT_VERSION)
      ams_command_print_version(&command, stdout);
    if (*out_exits)
      return AMS_OK;
    AMS_RETURN_IF_ERROR(set_option(option, value, options, calibrate));
  }
}

int main(int argc, char **argv) {
  AmsCompileOptions options = amsCompileOptionsDefault();
  options.onMessage = print_message;
  ams_calibrate_request_t calibrate = {
      .files = calloc((size_t)argc + 1, sizeof *calibrate.files)};
  bool exits = false;
  ams_status_t status =
      calibrate.files
          ? parse(argc, argv, &options, &calibrate, &exits)
          : ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory");
  if (!status && !exits)
    status = calibrate.num_files ? ams_compile_calibrated(&options, &calibrate)
                                 : amsCompile(&options);
  free((void *)calibrate.files);
  return ams_message_finish(command.name, status);
}
