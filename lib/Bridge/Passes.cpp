//===-- Passes.cpp - C passes behind Passes.td -  -----------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each class copies its options into a C struct and calls one C function.
//
//===----------------------------------------------------------------------===//

#include "Bridge.h"

#include "ams-c/Passes.h"
#include "ams/IR/AMSDialect.h"

#include "mlir/CAPI/IR.h"
#include "mlir/CAPI/Support.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Transform/IR/TransformDialect.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;

namespace {
#define GEN_PASS_DECL
#define GEN_PASS_DEF_CONVERTLINALGTOAMS
#define GEN_PASS_DEF_AMSWEIGHTSTOARGUMENTS
#define GEN_PASS_DEF_AMSAPPENDLOSS
#define GEN_PASS_DEF_AMSADDNOISE
#define GEN_PASS_DEF_AMSRECORDNOISE
#define GEN_PASS_DEF_AMSDIFFERENTIATE
#define GEN_PASS_DEF_AMSASSIGNCONDITIONING
#define GEN_PASS_DEF_AMSFOLDBATCHNORMALIZATION
#define GEN_PASS_DEF_AMSFUSEEPILOGUES
#define GEN_PASS_DEF_AMSSINKTRANSPOSES
#define GEN_PASS_DEF_AMSASSIGNSCALES
#define GEN_PASS_DEF_AMSASSIGNGAINS
#define GEN_PASS_DEF_AMSTILECROSSBAR
#define GEN_PASS_DEF_AMSPLACECROSSBARS
#define GEN_PASS_DEF_AMSESTIMATECOST
#define GEN_PASS_DEF_AMSFOLDWEIGHTS
#define GEN_PASS_DEF_AMSRECORDINTERFACE
#define GEN_PASS_DEF_CONVERTAMSTORUNTIME
#define GEN_PASS_DEF_AMSDECOMPOSE
#define GEN_PASS_DEF_AMSOUTLINECONSTANTS
#define GEN_PASS_DEF_AMSLOWERCOPIES
#define GEN_PASS_DEF_AMSPLANMEMORY
#define GEN_PASS_DEF_AMSSEPARATERESULTS
#define GEN_PASS_DEF_AMSFUSEELEMENTWISE
#define GEN_PASS_DEF_AMSOUTLINEDIGITAL
#define GEN_PASS_DEF_AMSSCHEDULEDIGITAL
#define GEN_PASS_DEF_AMSOUTLINETASKS
#define GEN_PASS_DEF_AMSAPPROXIMATEMATH
#define GEN_PASS_DEF_AMSEXPORTMODEL
#include "ams/Passes.h.inc"

/// Ends a pass as its C function did.
#define AMS_RUN(call)                                                          \
  do {                                                                         \
    if (mlirLogicalResultIsFailure(call))                                      \
      signalPassFailure();                                                     \
  } while (0)

struct ConvertLinalgToAMS : impl::ConvertLinalgToAMSBase<ConvertLinalgToAMS> {
  using Base::Base;

  void runOnOperation() override {
    AmsConvertLinalgToAMSOptions options = {device.c_str(),
                                            keepDigitalLayers.c_str(), minMacs};
    AMS_RUN(
        amsConvertLinalgToAMS(wrap(getOperation().getOperation()), &options));
  }
};

struct AMSWeightsToArguments
    : impl::AMSWeightsToArgumentsBase<AMSWeightsToArguments> {
  using Base::Base;

  void runOnOperation() override {
    AMS_RUN(amsWeightsToArguments(wrap(getOperation().getOperation())));
  }
};

struct AMSAppendLoss : impl::AMSAppendLossBase<AMSAppendLoss> {
  using Base::Base;

  void runOnOperation() override {
    AmsAppendLossOptions options = {loss.c_str()};
    AMS_RUN(amsAppendLoss(wrap(getOperation().getOperation()), &options));
  }
};

struct AMSAddNoise : impl::AMSAddNoiseBase<AMSAddNoise> {
  using Base::Base;

  void runOnOperation() override {
    AmsAddNoiseOptions options = {layers.c_str(), per.c_str()};
    AMS_RUN(amsAddNoise(wrap(getOperation().getOperation()), &options));
  }
};

struct AMSRecordNoise : impl::AMSRecordNoiseBase<AMSRecordNoise> {
  using Base::Base;

  void runOnOperation() override {
    AMS_RUN(amsRecordNoise(wrap(getOperation().getOperation())));
  }
};

struct AMSDifferentiate : impl::AMSDifferentiateBase<AMSDifferentiate> {
  using Base::Base;

  void runOnOperation() override {
    AmsDifferentiateOptions options = {memory.c_str(), clampGradient};
    AMS_RUN(amsDifferentiate(wrap(getOperation().getOperation()), &options));
  }
};

struct AMSFoldBatchNormalization
    : impl::AMSFoldBatchNormalizationBase<AMSFoldBatchNormalization> {
  using Base::Base;

  void runOnOperation() override {
    AmsFoldBatchNormalizationOptions options = {arguments};
    AMS_RUN(amsFoldBatchNormalization(wrap(getOperation().getOperation()),
                                      &options));
  }
};

struct AMSSinkTransposes : impl::AMSSinkTransposesBase<AMSSinkTransposes> {
  using Base::Base;

  void runOnOperation() override {
    AMS_RUN(amsSinkTransposes(wrap(getOperation().getOperation())));
  }
};

struct AMSFuseEpilogues : impl::AMSFuseEpiloguesBase<AMSFuseEpilogues> {
  using Base::Base;

  void runOnOperation() override {
    AMS_RUN(
        amsFuseEpilogues(wrap(getOperation().getOperation()), varyingWeights));
  }
};

struct AMSAssignConditioning
    : impl::AMSAssignConditioningBase<AMSAssignConditioning> {
  using Base::Base;

  void runOnOperation() override {
    AmsAssignConditioningOptions options = {condition.c_str(), profiles.c_str(),
                                            budget.c_str(),    mostSaturation,
                                            leastVectors,      seed};
    AMS_RUN(
        amsAssignConditioning(wrap(getOperation().getOperation()), &options));
  }
};

struct AMSAssignScales : impl::AMSAssignScalesBase<AMSAssignScales> {
  using Base::Base;

  void runOnOperation() override {
    AmsAssignScalesOptions options = {moments.c_str()};
    AMS_RUN(amsAssignScales(wrap(getOperation().getOperation()), &options));
  }
};

struct AMSAssignGains : impl::AMSAssignGainsBase<AMSAssignGains> {
  using Base::Base;

  void runOnOperation() override {
    AmsAssignGainsOptions options = {
        gains.c_str(),  mode.c_str(),   per.c_str(),    profile.c_str(),
        budget.c_str(), inputs.c_str(), mostSaturation, leastVectors};
    AMS_RUN(amsAssignGains(wrap(getOperation().getOperation()), &options));
  }
};

struct AMSTileCrossbar : impl::AMSTileCrossbarBase<AMSTileCrossbar> {
  using Base::Base;

  void runOnOperation() override {
    AMS_RUN(amsTileCrossbar(wrap(getOperation().getOperation())));
  }
};

struct AMSPlaceCrossbars : impl::AMSPlaceCrossbarsBase<AMSPlaceCrossbars> {
  using Base::Base;

  void runOnOperation() override {
    AmsPlaceCrossbarsOptions options = {policy.c_str(), sideBySide};
    AMS_RUN(amsPlaceCrossbars(wrap(getOperation().getOperation()), &options));
  }
};

struct AMSEstimateCost : impl::AMSEstimateCostBase<AMSEstimateCost> {
  using Base::Base;

  void runOnOperation() override {
    AmsEstimateCostOptions options = {
        format.c_str(), output.c_str(), adcStep, dacBit,       cell,
        program,        addition,       product, programCycles};
    AMS_RUN(amsEstimateCost(wrap(getOperation().getOperation()), &options));
  }
};

struct AMSFoldWeights : impl::AMSFoldWeightsBase<AMSFoldWeights> {
  using Base::Base;

  void runOnOperation() override {
    AMS_RUN(amsFoldWeights(wrap(getOperation().getOperation())));
  }
};

struct AMSRecordInterface : impl::AMSRecordInterfaceBase<AMSRecordInterface> {
  using Base::Base;

  void runOnOperation() override {
    AMS_RUN(amsRecordInterface(wrap(getOperation().getOperation())));
  }
};

struct AMSSeparateResults : impl::AMSSeparateResultsBase<AMSSeparateResults> {
  using Base::Base;

  void runOnOperation() override {
    AMS_RUN(amsSeparateResults(wrap(getOperation().getOperation())));
  }
};

struct AMSPlanMemory : impl::AMSPlanMemoryBase<AMSPlanMemory> {
  using Base::Base;

  void runOnOperation() override {
    AMS_RUN(amsPlanMemory(wrap(getOperation().getOperation())));
  }
};

struct AMSOutlineDigital : impl::AMSOutlineDigitalBase<AMSOutlineDigital> {
  using Base::Base;

  void runOnOperation() override {
    AMS_RUN(amsOutlineDigital(wrap(getOperation().getOperation())));
  }
};

struct AMSScheduleDigital : impl::AMSScheduleDigitalBase<AMSScheduleDigital> {
  using Base::Base;

  void runOnOperation() override {
    AMS_RUN(amsScheduleDigital(wrap(getOperation().getOperation())));
  }
};

struct AMSOutlineTasks : impl::AMSOutlineTasksBase<AMSOutlineTasks> {
  using Base::Base;

  void runOnOperation() override {
    AMS_RUN(amsOutlineTasks(wrap(getOperation().getOperation())));
  }
};

struct AMSLowerCopies : impl::AMSLowerCopiesBase<AMSLowerCopies> {
  using Base::Base;

  void runOnOperation() override {
    AMS_RUN(amsLowerCopies(wrap(getOperation().getOperation())));
  }
};

struct ConvertAMSToRuntime
    : impl::ConvertAMSToRuntimeBase<ConvertAMSToRuntime> {
  using Base::Base;

  void runOnOperation() override {
    AMS_RUN(amsConvertAMSToRuntime(wrap(getOperation().getOperation())));
  }
};

struct AMSDecompose : impl::AMSDecomposeBase<AMSDecompose> {
  using Base::Base;

  void runOnOperation() override {
    AMS_RUN(amsDecompose(wrap(getOperation().getOperation())));
  }
};

struct AMSOutlineConstants
    : impl::AMSOutlineConstantsBase<AMSOutlineConstants> {
  using Base::Base;

  void runOnOperation() override {
    AmsOutlineConstantsOptions options = {minBytes};
    AMS_RUN(amsOutlineConstants(wrap(getOperation().getOperation()), &options));
  }
};

struct AMSExportModel : impl::AMSExportModelBase<AMSExportModel> {
  using Base::Base;

  void runOnOperation() override {
    AmsExportModelOptions options = {target.c_str(), sections.c_str()};
    AMS_RUN(amsExportModel(wrap(getOperation().getOperation()), &options));
  }
};

/// Upstream's pass has no say in what is fused, and C has no such patterns.
struct AMSFuseElementwise : impl::AMSFuseElementwiseBase<AMSFuseElementwise> {
  using Base::Base;

  void runOnOperation() override {
    MLIRContext *context = &getContext();
    RewritePatternSet patterns(context);
    linalg::ControlFusionFn mayFuse = [](OpOperand *operand) {
      Operation *producer = operand->get().getDefiningOp();
      return producer &&
             amsMayFuseElementwise(wrap(producer), wrap(operand->getOwner()));
    };
    linalg::populateElementwiseOpsFusionPatterns(patterns, mayFuse);
    linalg::populateFoldReshapeOpsByExpansionPatterns(patterns, mayFuse);
    linalg::populateConstantFoldLinalgOperations(patterns, mayFuse);
    linalg::GenericOp::getCanonicalizationPatterns(patterns, context);
    tensor::ExpandShapeOp::getCanonicalizationPatterns(patterns, context);
    tensor::CollapseShapeOp::getCanonicalizationPatterns(patterns, context);
    context->getLoadedDialect<linalg::LinalgDialect>()
        ->getCanonicalizationPatterns(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

/// Upstream has these patterns, but no pass and no C function for them.
struct AMSApproximateMath : impl::AMSApproximateMathBase<AMSApproximateMath> {
  using Base::Base;

  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    populateMathPolynomialApproximationPatterns(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace

std::unique_ptr<Pass>
ams::createConvertLinalgToAMS(std::string device, std::string keepDigitalLayers,
                              int64_t minMacs) {
  ConvertLinalgToAMSOptions options;
  options.device = std::move(device);
  options.keepDigitalLayers = std::move(keepDigitalLayers);
  options.minMacs = minMacs;
  return std::make_unique<ConvertLinalgToAMS>(std::move(options));
}

std::unique_ptr<Pass> ams::createAssignConditioning(std::string condition) {
  AMSAssignConditioningOptions options;
  options.condition = std::move(condition);
  return std::make_unique<AMSAssignConditioning>(std::move(options));
}

std::unique_ptr<Pass> ams::createAssignScales(std::string moments) {
  AMSAssignScalesOptions options;
  options.moments = std::move(moments);
  return std::make_unique<AMSAssignScales>(std::move(options));
}

std::unique_ptr<Pass> ams::createAppendLoss(std::string loss) {
  AMSAppendLossOptions options;
  options.loss = std::move(loss);
  return std::make_unique<AMSAppendLoss>(std::move(options));
}

std::unique_ptr<Pass> ams::createDifferentiate(std::string memory,
                                               bool clampGradient) {
  AMSDifferentiateOptions options;
  options.memory = std::move(memory);
  options.clampGradient = clampGradient;
  return std::make_unique<AMSDifferentiate>(std::move(options));
}

std::unique_ptr<Pass> ams::createAssignGains(std::string gains) {
  AMSAssignGainsOptions options;
  options.gains = std::move(gains);
  return std::make_unique<AMSAssignGains>(std::move(options));
}

std::unique_ptr<Pass> ams::createPlaceCrossbars(std::string policy) {
  AMSPlaceCrossbarsOptions options;
  options.policy = std::move(policy);
  return std::make_unique<AMSPlaceCrossbars>(std::move(options));
}

std::unique_ptr<Pass> ams::createExportModel(std::string target,
                                             std::string sections) {
  AMSExportModelOptions options;
  options.target = std::move(target);
  options.sections = std::move(sections);
  return std::make_unique<AMSExportModel>(std::move(options));
}

template <typename... Passes> static void registerPasses() {
  (registerPass([] { return std::make_unique<Passes>(); }), ...);
}

void ams::registerPasses() {
  ::registerPasses<
      ConvertLinalgToAMS, AMSWeightsToArguments, AMSAppendLoss, AMSAddNoise,
      AMSRecordNoise, AMSDifferentiate, AMSSinkTransposes,
      AMSFoldBatchNormalization, AMSFuseEpilogues, AMSAssignConditioning,
      AMSAssignScales, AMSAssignGains, AMSTileCrossbar, AMSPlaceCrossbars,
      AMSEstimateCost, AMSFoldWeights, AMSRecordInterface, ConvertAMSToRuntime,
      AMSDecompose, AMSOutlineConstants, AMSLowerCopies, AMSSeparateResults,
      AMSPlanMemory, AMSApproximateMath, AMSExportModel>();
  ::registerPasses<AMSFuseElementwise, AMSOutlineDigital, AMSScheduleDigital,
                   AMSOutlineTasks>();
}
