//===-- Passes.td - Every pass of the compiler - tablegen ---------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Options and documentation; docs/passes.md is generated from here. The logic
// of each pass is one C function of ams-c/Passes.h.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_PASSES_TD
#define AMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def ConvertLinalgToAMS : Pass<"convert-linalg-to-ams", "::mlir::ModuleOp"> {
  let summary = "Linear algebra to layers of the device (level 0 to 1)";
  let description = [{
    Every float32 contraction and convolution of one to three dimensions, named or
    generic, becomes `ams.matmul`, `ams.conv` or `ams.batch_matmul`, in the layout
    those define; transposes and reshapes are inserted where the operands are laid
    out otherwise. Constants behind transposes, reshapes, padding, copies, broadcasts
    and index arithmetic (a flipped kernel) are weights. Zero padding by `tensor.pad` is
    folded into a convolution's window. An accumulator other than zeros is added
    digitally afterwards. A product both of whose sides are computed at run time
    becomes `ams.batch_matmul`; a batch of constant matrices becomes a grouped
    convolution of single pixels, so that its weights are programmed. A convolution
    of three dimensions becomes one of two, over an image that holds, for each row of
    outputs, the rows that it reads, plane by plane (V4).

    A layer is called by the operation's attribute `ams.layer`, or a name in its
    location, or its kind; names are made unique by a number. What cannot go on the
    device, or is kept from it by `keep-digital-layers` or `min-macs`, stays digital,
    with a remark that says why.
  }];
  let options = [
    Option<"device", "device", "std::string", /*default=*/"\"abfp-n128\"",
           "Preset (abfp-n8, abfp-n32, abfp-n128, each also with -668; photonic; pcm; "
           "reram) or path of a file that holds an #ams.device attribute">,
    Option<"keepDigitalLayers", "keep-digital-layers", "std::string",
           /*default=*/"\"\"",
           "Comma-separated patterns (* and ? as in names of files) of the names of "
           "layers that stay digital">,
    Option<"minMacs", "min-macs", "int64_t", /*default=*/"0",
           "Layers of fewer multiplications, of all samples of a batch together, stay "
           "digital">];
  let dependentDialects = ["::ams::AMSDialect", "::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect",
                           "::mlir::arith::ArithDialect"];
}

def AMSWeightsToArguments : Pass<"ams-weights-to-arguments", "::mlir::ModuleOp"> {
  let summary = "Weights to arguments of @main (level 0)";
  let description = [{
    Every float32 constant with the attribute `ams.weight`, which holds its name,
    becomes an argument of @main behind the others, with that name as its
    `ams.weight` and `ams.name`. Constants of one name are one argument; its
    elements, row-major, are those of the ONNX initializer of that name. The ONNX
    importer names initializers so. A later `--convert-linalg-to-ams` takes such an
    argument for what it is, the weights of a layer. Run it first: passes that merge
    equal constants lose names. As weights have no batch, @main is marked `ams.step`:
    all that a call computes is one sample of it.
  }];
  let dependentDialects = ["::mlir::tensor::TensorDialect"];
}

def AMSAppendLoss : Pass<"ams-append-loss", "::mlir::ModuleOp"> {
  let summary = "From the first result of @main to a loss (level 0 or 1)";
  let description = [{
    @main gets an argument `labels` in front of its weights and a first result
    `loss`, a tensor of one element; its other results follow. The loss is the mean
    over samples, or elements:

    - `softmax-cross-entropy`: of an integer label for each sample (the result's
      shape without its last dimension, the classes; i64),
    - `binary-cross-entropy`: of logits against numbers of 0 to 1 for each element,
    - `l2`: of the squared difference to a number for each element.

    @main is marked `ams.step`: a call computes one step, not samples that any number
    of calls may share.
  }];
  let options = [Option<"loss", "loss", "std::string",
      /*default=*/"\"softmax-cross-entropy\"",
      "softmax-cross-entropy, binary-cross-entropy or l2">];
  let dependentDialects = ["::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::math::MathDialect"];
}

def AMSAddNoise : Pass<"ams-add-noise", "::mlir::ModuleOp"> {
  let summary = "Differential noise on results of layers (level 1)";
  let description = [{
    Puts an `ams.add_noise` behind every product that `layers` names. Its table is
    a new argument of @main, behind the others, with the name LAYER.noise. Samples
    are counted by the first dimension of @main's first argument. A pattern that
    no layer's name matches is an error.
  }];
  let options = [
    Option<"layers", "layers", "std::string", /*default=*/"\"*\"",
      "Comma-separated patterns of names of layers">,
    Option<"per", "per", "std::string", /*default=*/"\"layer\"",
      "What has a histogram of its own: layer, channel, or magnitude[:RANGES]">];
  let dependentDialects = ["::ams::AMSDialect"];
}

def AMSRecordNoise : Pass<"ams-record-noise", "::mlir::ModuleOp"> {
  let summary = "The noise of layers among the results of @main (level 1)";
  let description = [{
    Gives every product a twin in float32 of the same operands, which takes its
    place for all that follows. What the product's result, still on the device,
    differs by is a new result of @main called LAYER.noise, one a layer; behind
    these come the twins' results, called LAYER.output.
  }];
  let dependentDialects = ["::ams::AMSDialect", "::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect",
                           "::mlir::arith::ArithDialect"];
}

def AMSDifferentiate : Pass<"ams-differentiate", "::mlir::ModuleOp"> {
  let summary = "Gradients of the loss by the weights (level 1)";
  let description = [{
    @main's first result is the loss; behind its results, in order, the gradients by
    its weights are appended, each called NAME.gradient. Reverse mode: layers have
    gradients of their own (`ams.matmul_weight_gradient`, …), in float32 whatever
    computes the layer; any operation of linalg with a body of differentiable scalar
    operations is differentiated element by element; shape operations move gradients
    back. Operations that lack a rule are all reported, with their locations.

    Elements that tie for a maximum share its gradient; the gradient of a maximum with
    a constant is 0 where both are equal. An operation marked `ams.no_gradient` is
    taken as constant.

    Operations of the backward pass are marked `ams.gradient`; they never become
    layers. Operations of the forward pass whose results it uses, and so keep in
    memory until then, are marked `ams.kept`. With `memory=recompute` the results of
    layers and reductions are kept, and what is computed from them element by element,
    or only moved, is computed again where the backward pass needs it, by copies that
    are marked `ams.recomputed`.

    The body of a linalg operation may take elements of other tensors by
    `tensor.extract` (an embedding): their gradients are scattered by loops.

    Gradients go straight through the device's converters (B1). With
    `clamp-gradient` conversions that the ADC clipped have no part in them (B2 to
    B4): layers are marked `records_clipping`, their gradients `drops_clipped`.
  }];
  let options = [
    Option<"memory", "memory", "std::string", /*default=*/"\"keep\"",
      "keep: values of the forward pass stay until the backward pass has used "
      "them; recompute: those that are cheap are computed again">,
    Option<"clampGradient", "clamp-gradient", "bool", /*default=*/"false",
      "Leave conversions that the ADC clipped out of the gradients">];
  let dependentDialects = ["::ams::AMSDialect", "::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::math::MathDialect",
                           "::mlir::scf::SCFDialect"];
}

def AMSFoldBatchNormalization
    : Pass<"ams-fold-batch-normalization", "::mlir::ModuleOp"> {
  let summary = "Scales of outputs into the weights of their layer (level 1)";
  let description = [{
    The elementwise operations of linalg that follow a product with constant weights
    alone, also behind reshapes of its result, are evaluated as far as they are
    together a * y + b for each output, with a and b known when compiling: batch
    normalisation, and whatever bias stood before it. The weights of each output are
    multiplied by a, and b is added after the product.

    Not exact: a and b are computed in float64, each weight and b is rounded to float32
    once. On the device the scale of a block absorbs a, so that codes differ from those
    of the weights before only where roundings do (Q1 to Q3).

    With `arguments` a and b may depend on arguments that are weights
    (`--ams-weights-to-arguments`), and so may the layer's weights: they become
    operations of linalg, of the same roundings, that have gradients.
  }];
  let options = [
    Option<"arguments", "arguments", "bool", /*default=*/"false",
      "Fold what depends on weights that are arguments, too">];
  let dependentDialects = ["::ams::AMSDialect", "::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect",
                           "::mlir::arith::ArithDialect"];
}

def AMSSinkTransposes : Pass<"ams-sink-transposes", "::mlir::ModuleOp"> {
  let summary = "Transposes towards results, where they cancel (level 1)";
  let description = [{
    What stands between two layers takes the order of dimensions that the layers
    have, so that in a network whose images have their channels first transposes are
    left at its entry and exit alone: elementwise operations of linalg, `tensor.pad`,
    pooling, and what puts values side by side (`tensor.concat`,
    `tensor.insert_slice`) compute on the transposed value's source, and their result
    is transposed; a reduction reads the source. An operation is left alone where
    another of its inputs has another order, or where the transpose has users that
    need it as it is. A transpose that only moves dimensions of size 1 becomes a
    reshape. Transposes that meet are canonicalised away.
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect"];
}

def AMSFuseEpilogues : Pass<"ams-fuse-epilogues", "::mlir::ModuleOp"> {
  let summary = "Bias, residual and clamp into what writes a product's result";
  let description = [{
    The elementwise operations of linalg that follow a product alone, or the noise
    added to one (`ams.add_noise`), also behind reshapes of its result, become its
    `epilogue` where that gives the same bits (D7): the addition of one number an
    output, then of one number an element, then a clamp (`arith.maximumf`,
    `arith.minimumf`, or a comparison and a choice), in this order. Of two products that are added the later one takes the other's result. What
    is alike and is not fused has a remark that says why. Products keep their order,
    and so their noise (N2).

    A product whose weights are not constant stays as it is, since gradients by
    them are those of the product alone; `varying-weights` takes it, too, once the
    gradients are known. Then it is for the device: in float32 such a product
    cannot have an epilogue.
  }];
  let options = [
    Option<"varyingWeights", "varying-weights", "bool", /*default=*/"false",
           "Also into products whose weights are not constant">];
  let dependentDialects = ["::ams::AMSDialect", "::mlir::tensor::TensorDialect"];
}

def AMSAssignConditioning : Pass<"ams-assign-conditioning", "::mlir::ModuleOp"> {
  let summary = "How the blocks of layers are conditioned (level 1)";
  let description = [{
    Sets the attribute `condition` of layers with weights: means removed, blocks
    spread over all rows of a crossbar, or both (C1 to C7); `--ams-assign-scales`
    quantises by it. Layers that the option leaves out keep what they have.
    Products of two activations stay plain. Blocks can be spread where the
    device's rows are a power of two.

    With `profiles`, files that `ams-compile --calibrate --condition=... --profile`
    has measured of the same network with its layers conditioned in different
    ways, each layer that `condition` does not name goes the way with the least
    error at the network's outputs, within a `budget` of energy
    (docs/assignment.md). A remark says which. Where too little was measured it
    goes the first file's way.
  }];
  let options = [
    Option<"profiles", "profiles", "std::string", /*default=*/"\"\"",
      "Comma-separated: files that calibration has measured, plain layers' first">,
    Option<"budget", "budget", "std::string", /*default=*/"\"\"",
      "Energy of a sample: as 250nJ, or 60% of what the first file's best gains "
      "take; with profiles">,
    Option<"mostSaturation", "most-saturation", "double", /*default=*/"0.001",
      "Largest share of results at an end of the ADC's range; with profiles">,
    Option<"leastVectors", "least-vectors", "int64_t", /*default=*/"256",
      "Vectors of a layer below which its profile is no evidence; with profiles">,
    Option<"condition", "condition", "std::string", /*default=*/"\"\"",
      "Comma-separated: none, mean, spread or both for all layers, LAYER=one of "
      "these for one, which wins; of two alike the later">,
    Option<"seed", "seed", "uint64_t", /*default=*/"0",
      "Seed of the signs of spread blocks (C7)">];
  let dependentDialects = ["::ams::AMSDialect"];
}

def AMSAssignScales : Pass<"ams-assign-scales", "::mlir::ModuleOp"> {
  let summary = "Operands of products to ABFP (level 1 to 2)";
  let description = [{
    Weights are quantised now, by the runtime's own quantiser, into `ams.weights`;
    inputs get an `ams.quantize` that runs with the model (Q5). A layer's
    `condition` becomes part of both types.

    With `moments`, second moments of inputs that `ams-compile --error-feedback
    --moments=FILE` has kept, scales stay what they are, but each weight is rounded
    so that its error cancels those of the weights before it for such inputs
    (docs/assignment.md). Moments of another model are refused.
  }];
  let options = [
    Option<"moments", "moments", "std::string", /*default=*/"\"\"",
      "File of second moments; empty: each weight is rounded on its own">];
  let dependentDialects = ["::ams::AMSDialect"];
}

def AMSAssignGains : Pass<"ams-assign-gains", "::mlir::ModuleOp"> {
  let summary = "A gain for every product (level 2 to 3)";
  let description = [{
    A layer that `gains` names has that gain. For the others, by `mode`:

    - `fixed`: the number that `gains` gives for all.
    - `analytic`: the gain with the layer's least expected error, from its weights
      and inputs that are assumed to be independent and normal, or rectified
      normal (`inputs`). Layers are looked at one by one.
    - `calibrated`: the gains with the least error at the network's outputs by a
      `profile` that `ams-compile --calibrate` has measured, within a `budget`
      (docs/assignment.md). A layer that too few vectors were measured of has the
      profile's gain nearest to what `gains` gives for all. The profile of another
      model is refused.

    Candidates are the device's gains, or 1, 2, 4, …, 64 where it takes any; a
    profile has its own. A remark says what was chosen, and why.
  }];
  let options = [
    Option<"gains", "gains", "std::string", /*default=*/"\"8\"",
      "Comma-separated: NUMBER for all layers, LAYER:NUMBER for one, which wins, or "
      "LAYER:NUMBER/NUMBER/... with one a block of its reduction or one a crossbar "
      "tile; of two alike the later">,
    Option<"mode", "mode", "std::string", /*default=*/"\"fixed\"",
      "fixed, analytic or calibrated">,
    Option<"per", "per", "std::string", /*default=*/"\"layer\"",
      "What has a gain of its own: layer, block (of the reduction) or tile (of "
      "crossbars); calibrated only">,
    Option<"profile", "profile", "std::string", /*default=*/"\"\"",
      "File that calibration has measured">,
    Option<"budget", "budget", "std::string", /*default=*/"\"\"",
      "Energy of a sample: as 250nJ, or 60% of what the best gains take; "
      "calibrated only">,
    Option<"inputs", "inputs", "std::string", /*default=*/"\"rectified\"",
      "What analytic gains assume of inputs: normal or rectified">,
    Option<"mostSaturation", "most-saturation", "double", /*default=*/"0.001",
      "Largest share of results at an end of the ADC's range">,
    Option<"leastVectors", "least-vectors", "int64_t", /*default=*/"256",
      "Vectors of a layer below which its profile is no evidence">];
  let dependentDialects = ["::ams::AMSDialect"];
}

def AMSTileCrossbar : Pass<"ams-tile-crossbar", "::mlir::ModuleOp"> {
  let summary = "Products onto grids of crossbars (level 3 to 4)";
  let description = [{
    A product with weights becomes `ams.program` and `ams.mvm` on a grid of the
    device's crossbars, rows x columns each. A product of two activations keeps
    its operation, whose converters now are its own (its operands are data).
  }];
  let dependentDialects = ["::ams::AMSDialect"];
}

def AMSPlaceCrossbars : Pass<"ams-place-crossbars", "::mlir::ModuleOp"> {
  let summary = "Tiles onto the crossbars that a device has (level 4)";
  let description = [{
    Writes the `placement` of every `ams.program`, and of every product of two
    activations: which crossbars of which device hold which tile, in which step
    (P1 to P5 of docs/spec.md). Layers fill devices in the order of the program,
    slot by slot. No result depends on it (P6).

    `policy=resident` keeps all weights on one device; `spill` on as many as it
    takes, `spill:N` on N. `reprogram` has one device, `reprogram:N` N, and starts
    a new step wherever all are full, whose weights are programmed while the
    model runs; there a grid that several layers share is programmed for each. A model that does not
    fit is an error at its first layer that does not, which says what the model
    needs and what there is. Where the device's crossbars are counted, a remark
    says how many are used.
  }];
  let options = [
    Option<"policy", "policy", "std::string", /*default=*/"\"resident\"",
           "resident, spill[:N] or reprogram[:N], N being a number of devices">,
    Option<"sideBySide", "side-by-side", "bool", /*default=*/"false",
           "Put tiles narrower than a crossbar beside each other in one slot: "
           "fewer crossbars, more cycles">];
  let dependentDialects = ["::ams::AMSDialect"];
}

def AMSEstimateCost : Pass<"ams-estimate-cost", "::mlir::ModuleOp"> {
  let summary = "What a model costs its devices (level 4)";
  let description = [{
    Counts what one call of the model does: multiply-accumulates, conversions,
    quantised blocks, transforms, programmed cells, cycles, and how well the
    crossbars are used, a layer and in total, and weighs the counts with
    energies (docs/cost.md says how and where each default comes from). Reads the
    placement of `--ams-place-crossbars`, and refuses one in which two layers
    claim one slot (P5). The IR does not change.

    Without `output`, a remark at every layer and one at the module.
  }];
  let options = [
    Option<"format", "format", "std::string", /*default=*/"\"table\"",
           "table or json">,
    Option<"output", "output", "std::string", /*default=*/"\"\"",
           "A file, - for standard output; empty: remarks">,
    Option<"adcStep", "adc-step-pj", "double", /*default=*/"0.0065",
           "ADC: a conversion takes this times 2^bits times the gain (growth: "
           "arXiv 2205.06287; value: 8 bits, 2 mW at 1.2 GS/s in ISAAC, ISCA 2016)">,
    Option<"dacBit", "dac-bit-pj", "double", /*default=*/"0.39",
           "DAC: a conversion takes this times the bits (one-bit DAC of ISAAC, ISCA "
           "2016; that bits add up is an assumption)">,
    Option<"cell", "cell-pj", "double", /*default=*/"0.0018",
           "A product in a cell (array of ISAAC, ISCA 2016)">,
    Option<"program", "program-pj", "double", /*default=*/"100",
           "Programming one cell (an assumption)">,
    Option<"addition", "addition-pj", "double", /*default=*/"0.9",
           "A digital float32 addition (Horowitz, ISSCC 2014, 45 nm)">,
    Option<"product", "product-pj", "double", /*default=*/"3.7",
           "A digital float32 product (Horowitz, ISSCC 2014, 45 nm)">,
    Option<"programCycles", "program-cycles", "double", /*default=*/"100",
           "Cycles to program one row of a crossbar (an assumption)">];
}

def AMSFoldWeights : Pass<"ams-fold-weights", "::mlir::ModuleOp"> {
  let summary = "Constant weights of layers into one constant each";
  let description = [{
    Transposes and reshapes of constants that feed the weights of level-1 layers
    are evaluated. For the digital target; `--ams-assign-scales` does the like.
  }];
  let dependentDialects = ["::ams::AMSDialect", "::mlir::arith::ArithDialect"];
}

def AMSRecordInterface : Pass<"ams-record-interface", "::mlir::ModuleOp"> {
  let summary = "Names and shapes of the entry function, before they change";
  let description = [{
    Writes the inputs and outputs of @main as the module's attributes
    `ams.inputs` and `ams.outputs`, lists of {name, type}. Names come from the
    attribute `ams.name` of arguments and results, else input0, output0, ….
    An argument of integers that are indices has `ams.range`, an array<i64> of
    their least and their most, which the runtime checks before every run.
    Where @main is marked `ams.step`, so is the module. Fails if there is no @main on
    tensors of static shape.
  }];
  let dependentDialects = ["::ams::AMSDialect"];
}

def ConvertAMSToRuntime : Pass<"convert-ams-to-runtime", "::mlir::ModuleOp"> {
  let summary = "Buffered layers to calls of the runtime (level 5 to 6)";
  let description = [{
    Every operation of the dialect on memrefs becomes a call of runtime/include/ams/abi.h;
    functions get the call's state as their first argument. The layers and the
    raw weights are listed in the module's attributes `ams.layers` and
    `ams.sections`. Level-1 layers (the digital target) become float32 products.
  }];
  let dependentDialects = ["::ams::AMSDialect", "::mlir::LLVM::LLVMDialect",
                           "::mlir::func::FuncDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::memref::MemRefDialect"];
}

def AMSDecompose : Pass<"ams-decompose", "::mlir::ModuleOp"> {
  let summary = "Buffered layers into plain MLIR (level 5)";
  let description = [{
    The other way down: every operation of the dialect on memrefs becomes a call
    of a function of arith, scf and memref operations that computes docs/spec.md
    word by word, every source of error included. Slow and portable: the oracle.
    The seeds, the first sample and whether there is noise are read from the
    global memref `@ams_plain_state` (ams_abi_plain_state_t).
  }];
  let dependentDialects = ["::ams::AMSDialect", "::mlir::func::FuncDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::math::MathDialect",
                           "::mlir::scf::SCFDialect",
                           "::mlir::memref::MemRefDialect"];
}

def AMSOutlineConstants : Pass<"ams-outline-constants", "::mlir::ModuleOp"> {
  let summary = "Large constant buffers to raw sections";
  let description = [{
    Constant `memref.global`s of at least `min-bytes` become entries of the
    module's `ams.sections`, reached through the pointer table @ams_sections, so
    that LLVM never sees their elements.
  }];
  let options = [Option<"minBytes", "min-bytes", "int64_t", /*default=*/"1024",
                        "Smallest constant that is moved">];
  let dependentDialects = ["::ams::AMSDialect", "::mlir::LLVM::LLVMDialect",
                           "::mlir::memref::MemRefDialect"];
}

def AMSFuseElementwise : Pass<"ams-fuse-elementwise", "::mlir::func::FuncOp"> {
  let summary = "Elementwise operations into what uses them";
  let description = [{
    As upstream's `linalg-fuse-elementwise-ops`, but nothing is computed more
    often than before: what is used along a row (the factor of a layer
    normalisation) is not computed for every element of it.
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect",
                           "::mlir::affine::AffineDialect"];
}

def AMSOutlineDigital : Pass<"ams-outline-digital", "::mlir::ModuleOp"> {
  let summary = "Digital operations that belong together into functions";
  let description = [{
    Every `linalg.generic` on float32 tensors becomes, with what only it needs
    and what can be computed row by row with it (a softmax, a normalisation), a
    call of a function. Loops along neighbouring dimensions count as one, so that
    functions have few loops; groups that are alike share one function. Functions
    are marked with a sequence of lib/Transforms/schedule.mlir and with the
    iterations that make a task of a thread. What no sequence is for becomes a
    function without a mark, or stays, with a remark if it is large.
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::func::FuncDialect"];
}

def AMSScheduleDigital : Pass<"ams-schedule-digital", "::mlir::ModuleOp"> {
  let summary = "Functions of digital operations into tiles and vectors";
  let description = [{
    Applies to every function that is marked with `ams.schedule` the sequence of
    that name of lib/Transforms/schedule.mlir, a library of the transform dialect:
    tasks for threads, rows, vectors of 64 lanes whatever the processor. A function
    that its sequence cannot handle is left as it was, with a remark.
  }];
  let dependentDialects = ["::mlir::transform::TransformDialect",
                           "::mlir::linalg::LinalgDialect",
                           "::mlir::scf::SCFDialect",
                           "::mlir::affine::AffineDialect",
                           "::mlir::vector::VectorDialect",
                           "::mlir::ub::UBDialect"];
}

def AMSOutlineTasks : Pass<"ams-outline-tasks", "::mlir::ModuleOp"> {
  let summary = "Parallel loops on buffers to tasks of the runtime (level 5 to 6)";
  let description = [{
    The body of every `scf.forall` of more than one iteration in a function whose
    first argument is the call's state becomes a function of its own, which
    `ams_rt_tasks` runs once an iteration on the threads of the call. Loops that
    use values other than dense buffers, vectors and numbers stay.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect",
                           "::mlir::func::FuncDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::memref::MemRefDialect"];
}

def AMSSeparateResults : Pass<"ams-separate-results", "::mlir::ModuleOp"> {
  let summary = "A buffer of its own for every result (level 5)";
  let description = [{
    A buffer that a function returns twice is copied, so that
    buffer-results-to-out-params finds as many buffers as results. One that is
    returned through a reshape is allocated in the shape returned, so that it
    needs no copy there.
  }];
  let dependentDialects = ["::mlir::memref::MemRefDialect"];
}

def AMSPlanMemory : Pass<"ams-plan-memory", "::mlir::ModuleOp"> {
  let summary = "One workspace for the buffers of @main (level 5)";
  let description = [{
    Buffers of static shape that `@main` allocates become views of one, marked
    `ams.workspace`. Those of which no two are needed at once, from the first
    use to the last, share memory. Buffers that are returned, or whose uses are
    not all known, stay.
  }];
  let dependentDialects = ["::mlir::memref::MemRefDialect",
                           "::mlir::arith::ArithDialect"];
}

def AMSLowerCopies : Pass<"ams-lower-copies", "::mlir::ModuleOp"> {
  let summary = "Copies of buffers into linalg.copy";
  let description = [{
    So that copies of strided buffers become loops, not calls of a support
    library.
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect"];
}

def AMSApproximateMath : Pass<"ams-approximate-math"> {
  let summary = "exp, log, tanh, erf as polynomials";
  let description = [{
    The same bits on every processor, and no call of the C library.
  }];
  let dependentDialects = ["::mlir::math::MathDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::vector::VectorDialect"];
}

def AMSExportModel : Pass<"ams-export-model", "::mlir::ModuleOp"> {
  let summary = "The entry table of a compiled model (level 6)";
  let description = [{
    Emits, in the LLVM dialect, the manifest, the function that unpacks arguments
    and the table @ams_model of runtime/include/ams/abi.h, from the module's
    attributes `ams.inputs`, `ams.outputs`, `ams.layers` and `ams.sections`.
  }];
  let options = [
    Option<"target", "target", "std::string", /*default=*/"\"device\"",
           "device, digital or plain">,
    Option<"sections", "sections", "std::string", /*default=*/"\"inline\"",
           "inline: raw constants become globals of the module; external: they "
           "stay in the attribute ams.sections for the driver to write">];
  let dependentDialects = ["::ams::AMSDialect", "::mlir::LLVM::LLVMDialect"];
}

#endif // AMS_PASSES_TD
