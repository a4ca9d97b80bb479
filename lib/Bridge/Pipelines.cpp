//===-- Pipelines.cpp - The named pipelines -  --------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One pipeline a level of docs/levels.md, ams-pipeline for all of them, and the
// way from tosa. They are text, as a user would write it, but for passes that
// take a user's text.
//
//===----------------------------------------------------------------------===//

#include "Bridge.h"

#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"
#include "mlir/Pass/PassRegistry.h"

using namespace mlir;

namespace {
enum class Target { Device, Digital, Plain };
} // namespace

static llvm::cl::ValuesClass targets() {
  return {clEnumValN(Target::Device, "device", "products by the runtime"),
          clEnumValN(Target::Digital, "digital", "products in float32"),
          clEnumValN(Target::Plain, "plain", "products in generated code")};
}

namespace {
/// What level 1 is made by.
template <typename Options>
struct LayersOptionsOf : PassPipelineOptions<Options> {
  template <typename T>
  using Option = typename PassPipelineOptions<Options>::template Option<T>;
  Option<std::string> device{*this, "device",
                             llvm::cl::desc("Device preset or file"),
                             llvm::cl::init("abfp-n128")};
  Option<std::string> keepDigitalLayers{
      *this, "keep-digital-layers",
      llvm::cl::desc("Patterns of names of layers that stay digital"),
      llvm::cl::init("")};
  Option<int64_t> minMacs{
      *this, "min-macs",
      llvm::cl::desc("Layers of fewer multiplications stay digital"),
      llvm::cl::init(0)};
  Option<bool> foldBatchNormalization{
      *this, "fold-batch-normalization",
      llvm::cl::desc("Scales of outputs into their weights"),
      llvm::cl::init(true)};
  Option<bool> foldArguments{
      *this, "fold-arguments",
      llvm::cl::desc("And those that depend on weights that are arguments"),
      llvm::cl::init(false)};
  Option<bool> fuseEpilogues{
      *this, "fuse-epilogues",
      llvm::cl::desc("Bias, residual and clamp as results are written"),
      llvm::cl::init(true)};
};

struct LayersOptions : LayersOptionsOf<LayersOptions> {};
struct ScalesOptions : PassPipelineOptions<ScalesOptions> {
  Option<std::string> condition{
      *this, "condition",
      llvm::cl::desc("Comma-separated: none, mean, spread or both for all "
                     "layers, LAYER=one of these for one"),
      llvm::cl::init("")};
  Option<std::string> moments{
      *this, "moments",
      llvm::cl::desc("Second moments of inputs, by which weights are rounded"),
      llvm::cl::init("")};
};

struct GainsOptions : PassPipelineOptions<GainsOptions> {
  Option<std::string> gains{
      *this, "gains",
      llvm::cl::desc("Comma-separated: NUMBER for all, LAYER:NUMBER for one"),
      llvm::cl::init("8")};
};

struct GradientsOptions : PassPipelineOptions<GradientsOptions> {
  Option<std::string> loss{
      *this, "loss",
      llvm::cl::desc("softmax-cross-entropy, binary-cross-entropy or l2"),
      llvm::cl::init("softmax-cross-entropy")};
  Option<std::string> memory{
      *this, "memory",
      llvm::cl::desc("What stays of the forward pass: keep or recompute"),
      llvm::cl::init("keep")};
  Option<bool> clampGradient{
      *this, "clamp-gradient",
      llvm::cl::desc("Leave conversions that the ADC clipped out"),
      llvm::cl::init(false)};
};

struct CrossbarsOptions : PassPipelineOptions<CrossbarsOptions> {
  Option<std::string> policy{
      *this, "policy",
      llvm::cl::desc("Where weights stay: resident, spill[:N], reprogram[:N]"),
      llvm::cl::init("resident")};
};

struct BuffersOptions : PassPipelineOptions<BuffersOptions> {
  Option<Target> target{*this, "target",
                        llvm::cl::desc("What computes the products"),
                        llvm::cl::init(Target::Device), targets()};
};

struct CodeOptions : PassPipelineOptions<CodeOptions> {
  Option<Target> target{*this, "target",
                        llvm::cl::desc("What computes the products"),
                        llvm::cl::init(Target::Device), targets()};
  Option<std::string> sections{
      *this, "sections",
      llvm::cl::desc("Raw constants: inline (globals) or external (the driver "
                     "writes them)"),
      llvm::cl::init("inline")};
};

struct WholeOptions : LayersOptionsOf<WholeOptions> {
  Option<std::string> condition{
      *this, "condition",
      llvm::cl::desc("Comma-separated: none, mean, spread or both for all "
                     "layers, LAYER=one of these for one"),
      llvm::cl::init("")};
  Option<std::string> gains{
      *this, "gains",
      llvm::cl::desc("Comma-separated: NUMBER for all, LAYER:NUMBER for one"),
      llvm::cl::init("8")};
  Option<std::string> policy{
      *this, "policy",
      llvm::cl::desc("Where weights stay: resident, spill[:N], reprogram[:N]"),
      llvm::cl::init("resident")};
  Option<Target> target{*this, "target",
                        llvm::cl::desc("What computes the products"),
                        llvm::cl::init(Target::Device), targets()};
  Option<std::string> sections{
      *this, "sections",
      llvm::cl::desc("Raw constants: inline (globals) or external (the driver "
                     "writes them)"),
      llvm::cl::init("inline")};
};
} // namespace

/// Adds the passes of `text`, which is written here and so must parse.
static void add(OpPassManager &manager, const std::string &text) {
  if (failed(parsePassPipeline(text, manager)))
    llvm::report_fatal_error("pipeline does not parse: " + llvm::Twine(text));
}

/// Functions are inlined first: each call's layers are layers of their own,
/// with noise and crossbars of their own.
template <typename Options>
static void toLayers(OpPassManager &manager, const Options &options) {
  add(manager, "inline{default-pipeline=}");
  manager.addPass(ams::createConvertLinalgToAMS(
      options.device, options.keepDigitalLayers, options.minMacs));
  add(manager, "canonicalize,cse,ams-sink-transposes,canonicalize,cse");
  if (options.foldBatchNormalization)
    add(manager, std::string("ams-fold-batch-normalization{arguments=") +
                     (options.foldArguments ? "true" : "false") +
                     "},canonicalize,cse");
  if (options.fuseEpilogues)
    add(manager, "ams-fuse-epilogues,canonicalize,cse");
}

static void toScales(OpPassManager &manager, const std::string &condition,
                     const std::string &moments) {
  manager.addPass(ams::createAssignConditioning(condition));
  manager.addPass(ams::createAssignScales(moments));
  add(manager, "canonicalize,cse");
}

static void toGains(OpPassManager &manager, const std::string &gains) {
  manager.addPass(ams::createAssignGains(gains));
}

static void toCrossbars(OpPassManager &manager, const std::string &policy) {
  add(manager, "ams-tile-crossbar,canonicalize,cse");
  manager.addPass(ams::createPlaceCrossbars(policy));
}

static void toBuffers(OpPassManager &manager, Target target) {
  add(manager, "ams-record-interface");
  if (target == Target::Digital)
    add(manager, "ams-fold-weights");
  add(manager,
      "func.func(convert-elementwise-to-linalg,linalg-generalize-named-ops,"
      "ams-fuse-elementwise),canonicalize,cse,"
      "ams-outline-digital,ams-schedule-digital,"
      "func.func(canonicalize,cse,loop-invariant-code-motion,"
      "loop-invariant-subset-hoisting,canonicalize,cse),"
      "one-shot-bufferize{bufferize-function-boundaries=1 "
      "function-boundary-type-conversion=identity-layout-map "
      "buffer-alignment=64},canonicalize,ams-separate-results,"
      "buffer-results-to-out-params{hoist-static-allocs=1},"
      "ams-separate-results,"
      "buffer-results-to-out-params{hoist-static-allocs=1 "
      "modify-public-functions=1},canonicalize,cse,canonicalize,"
      "func.func(buffer-hoisting,buffer-loop-hoisting,"
      "promote-buffers-to-stack{max-alloc-size-in-bytes=65536}),"
      "ams-plan-memory");
  if (target == Target::Plain)
    add(manager, "ams-decompose");
}

static void toCode(OpPassManager &manager, Target target,
                   const std::string &sections) {
  if (target != Target::Plain)
    add(manager, "convert-ams-to-runtime,ams-outline-tasks");
  add(manager,
      "ams-outline-constants,buffer-deallocation-pipeline,"
      "ams-lower-copies,"
      "func.func(convert-linalg-to-loops,scf-forall-to-for,"
      "ams-approximate-math,convert-vector-to-scf),"
      "expand-strided-metadata,lower-affine,convert-scf-to-cf,"
      "convert-vector-to-llvm,convert-to-llvm,reconcile-unrealized-casts");
  static const char *const names[] = {"device", "digital", "plain"};
  manager.addPass(
      ams::createExportModel(names[static_cast<int>(target)], sections));
}

void ams::registerPipelines() {
  static PassPipelineRegistration<LayersOptions> layers(
      "ams-to-layers", "Level 0 to 1: linalg to layers of the device",
      [](OpPassManager &manager, const LayersOptions &options) {
        toLayers(manager, options);
      });
  static PassPipelineRegistration<GradientsOptions> gradients(
      "ams-to-gradients", "Level 1: the gradients of a loss by the weights",
      [](OpPassManager &manager, const GradientsOptions &options) {
        manager.addPass(ams::createAppendLoss(options.loss));
        manager.addPass(
            ams::createDifferentiate(options.memory, options.clampGradient));
        add(manager, "canonicalize,cse");
      });
  static PassPipelineRegistration<ScalesOptions> scales(
      "ams-to-scales", "Level 1 to 2: operands to ABFP",
      [](OpPassManager &manager, const ScalesOptions &options) {
        toScales(manager, options.condition, options.moments);
      });
  static PassPipelineRegistration<GainsOptions> gains(
      "ams-to-gains", "Level 2 to 3: a gain for every product",
      [](OpPassManager &manager, const GainsOptions &options) {
        toGains(manager, options.gains);
      });
  static PassPipelineRegistration<CrossbarsOptions> crossbars(
      "ams-to-crossbars", "Level 3 to 4: products onto crossbars",
      [](OpPassManager &manager, const CrossbarsOptions &options) {
        toCrossbars(manager, options.policy);
      });
  static PassPipelineRegistration<BuffersOptions> buffers(
      "ams-to-buffers", "Level 4 (digital: 1) to 5: tensors to buffers",
      [](OpPassManager &manager, const BuffersOptions &options) {
        toBuffers(manager, options.target);
      });
  static PassPipelineRegistration<CodeOptions> code(
      "ams-to-code", "Level 5 to 6: calls of the runtime, loops, LLVM",
      [](OpPassManager &manager, const CodeOptions &options) {
        toCode(manager, options.target, options.sections);
      });
  static PassPipelineRegistration<WholeOptions> whole(
      "ams-pipeline", "Level 0 to 6: linalg to LLVM, a whole model",
      [](OpPassManager &manager, const WholeOptions &options) {
        toLayers(manager, options);
        if (options.target != Target::Digital) {
          toScales(manager, options.condition, "");
          toGains(manager, options.gains);
          toCrossbars(manager, options.policy);
        }
        toBuffers(manager, options.target);
        toCode(manager, options.target, options.sections);
      });
  static PassPipelineRegistration<> tosa(
      "ams-tosa-to-linalg", "tosa to level 0, by upstream's lowering",
      [](OpPassManager &manager) {
        add(manager, "func.func(tosa-optional-decompositions,"
                     "tosa-to-linalg-named,tosa-to-linalg,"
                     "tosa-to-tensor,tosa-to-arith),canonicalize,cse");
      });
}
