/*===-- AppendLoss.c - From an output to a loss -------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Losses as graphs of linalg on tensors: a tensor of what each element or    *|
|* sample loses, and its mean.                                                *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "ams-c/Passes.h"

#include "Build.h"
#include "Function.h"
#include "Generic.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One loss in the making. */
typedef struct Loss {
  AmsBuilder builder;
  MlirValue output, labels;
  intptr_t rank; /* of the output */
  int64_t shape[AMS_MAX_RANK];
} Loss;

/* Computes the elements of a generic. */
typedef MlirValue (*Body)(AmsGeneric *generic);

static MlirAffineMap identity(const Loss *loss, intptr_t rank) {
  return mlirAffineMapMultiDimIdentityGet(loss->builder.context, rank);
}

/* Of the output's loops, all but the last. */
static MlirAffineMap samples(const Loss *loss) {
  static const intptr_t dims[AMS_MAX_RANK] = {0, 1, 2, 3, 4, 5, 6, 7};
  return amsMapOfDims(loss->builder.context, loss->rank, loss->rank - 1, dims);
}

static MlirType samplesType(const Loss *loss) {
  return amsTensorF32(loss->builder.context, loss->rank - 1, loss->shape);
}

/* A generic of up to two inputs over the loops of the output. */
static MlirOperation build(const Loss *loss, MlirValue left,
                           MlirAffineMap leftMap, MlirValue right,
                           MlirAffineMap rightMap, MlirValue init,
                           MlirAffineMap initMap, Body body) {
  AmsGeneric generic = {
      .numOperands = 1, .operands = {left}, .maps = {leftMap}};
  if (!mlirValueIsNull(right)) {
    generic.operands[1] = right, generic.maps[1] = rightMap;
    generic.numOperands = 2;
  }
  generic.operands[generic.numOperands] = init;
  generic.maps[generic.numOperands++] = initMap;
  amsGenericBegin(&generic, &loss->builder);
  return amsGenericEnd(&generic, &loss->builder, body(&generic));
}

static MlirValue result(MlirOperation op) {
  return mlirOperationGetResult(op, 0);
}

static MlirValue addBody(AmsGeneric *generic) {
  return amsScalarBinary(&generic->builder, "arith.addf",
                         amsGenericElement(generic, 1),
                         amsGenericElement(generic, 0));
}

/* The mean of all elements of `losses`, a tensor of one element. */
static MlirValue mean(const Loss *loss, MlirValue losses) {
  const AmsBuilder *builder = &loss->builder;
  MlirType type = mlirValueGetType(losses);
  MlirType scalar = amsTensorF32(builder->context, 0, NULL);
  intptr_t rank = mlirShapedTypeGetRank(type);
  MlirAffineMap none = mlirAffineMapZeroResultGet(builder->context, rank, 0);
  MlirValue total =
      result(build(loss, losses, identity(loss, rank), (MlirValue){NULL}, none,
                   amsBuildFill(builder, scalar, 0), none, addBody));
  AmsGeneric scale = {.numOperands = 2,
                      .operands = {total, amsBuildEmpty(builder, scalar)},
                      .maps = {identity(loss, 0), identity(loss, 0)}};
  amsGenericBegin(&scale, builder);
  MlirValue count = amsScalar(&scale.builder, (double)amsNumElements(type));
  MlirValue average = result(
      amsGenericEnd(&scale, builder,
                    amsScalarBinary(&scale.builder, "arith.divf",
                                    amsGenericElement(&scale, 0), count)));
  return amsBuildReshape(builder, average, 1, (int64_t[]){1});
}

//===----------------------------------------------------------------------===//
// Softmax cross-entropy
//===----------------------------------------------------------------------===//

static MlirValue maximumBody(AmsGeneric *generic) {
  return amsScalarBinary(&generic->builder, "arith.maximumf",
                         amsGenericElement(generic, 1),
                         amsGenericElement(generic, 0));
}

static MlirValue subtractBody(AmsGeneric *generic) {
  return amsScalarBinary(&generic->builder, "arith.subf",
                         amsGenericElement(generic, 0),
                         amsGenericElement(generic, 1));
}

static MlirValue addExpBody(AmsGeneric *generic) {
  return amsScalarBinary(&generic->builder, "arith.addf",
                         amsGenericElement(generic, 1),
                         amsScalarUnary(&generic->builder, "math.exp",
                                        amsGenericElement(generic, 0)));
}

/* The sum over the classes of what is not 0 at the label alone. */
static MlirValue addAtLabelBody(AmsGeneric *generic) {
  const AmsBuilder *builder = &generic->builder;
  MlirContext context = builder->context;
  intptr_t classes = mlirAffineMapGetNumDims(generic->maps[0]) - 1;
  MlirNamedAttribute dim =
      amsNamed(context, "dim", amsI64Attr(context, classes));
  MlirValue index = amsBuildValue(builder, "linalg.index", 0, NULL,
                                  mlirIndexTypeGet(context), 1, &dim);
  MlirValue number = amsBuildValue(builder, "arith.index_cast", 1, &index,
                                   mlirIntegerTypeGet(context, 64), 0, NULL);
  MlirValue compared[2] = {number, amsGenericElement(generic, 1)};
  MlirNamedAttribute equal =
      amsNamed(context, "predicate", amsI64Attr(context, 0));
  MlirValue isLabel = amsBuildValue(builder, "arith.cmpi", 2, compared,
                                    mlirIntegerTypeGet(context, 1), 1, &equal);
  MlirValue term = amsScalarSelect(
      builder, isLabel, amsGenericElement(generic, 0), amsScalar(builder, 0));
  return amsScalarBinary(builder, "arith.addf", amsGenericElement(generic, 2),
                         term);
}

static MlirValue logSubtractBody(AmsGeneric *generic) {
  return amsScalarBinary(&generic->builder, "arith.subf",
                         amsScalarUnary(&generic->builder, "math.log",
                                        amsGenericElement(generic, 0)),
                         amsGenericElement(generic, 1));
}

/* log(sum(exp(x - max))) - (x - max)[label]. The maximum cancels out. */
static MlirValue softmaxCrossEntropy(const Loss *loss) {
  const AmsBuilder *builder = &loss->builder;
  MlirAffineMap all = identity(loss, loss->rank), outer = samples(loss);
  MlirAffineMap plain = identity(loss, loss->rank - 1);
  MlirValue none = {NULL};
  MlirOperation largest = build(
      loss, loss->output, all, none, all,
      amsBuildFill(builder, samplesType(loss), -INFINITY), outer, maximumBody);
  mlirOperationSetAttributeByName(largest, amsStringRef("ams.no_gradient"),
                                  mlirUnitAttrGet(builder->context));
  MlirValue shifted =
      result(build(loss, loss->output, all, result(largest), outer,
                   amsBuildEmpty(builder, mlirValueGetType(loss->output)), all,
                   subtractBody));
  MlirValue sum = result(build(loss, shifted, all, none, all,
                               amsBuildFill(builder, samplesType(loss), 0),
                               outer, addExpBody));
  MlirValue chosen = result(build(loss, shifted, all, loss->labels, outer,
                                  amsBuildFill(builder, samplesType(loss), 0),
                                  outer, addAtLabelBody));
  return result(build(loss, sum, plain, chosen, plain,
                      amsBuildEmpty(builder, samplesType(loss)), plain,
                      logSubtractBody));
}

//===----------------------------------------------------------------------===//
// Losses by element
//===----------------------------------------------------------------------===//

/* max(x, 0) - x t + log(1 + exp(-|x|)) */
static MlirValue binaryCrossEntropyBody(AmsGeneric *generic) {
  const AmsBuilder *builder = &generic->builder;
  MlirValue x = amsGenericElement(generic, 0),
            target = amsGenericElement(generic, 1);
  MlirValue positive =
      amsScalarBinary(builder, "arith.maximumf", x, amsScalar(builder, 0));
  MlirValue product = amsScalarBinary(builder, "arith.mulf", x, target);
  MlirValue linear = amsScalarBinary(builder, "arith.subf", positive, product);
  MlirValue size = amsScalarUnary(builder, "math.absf", x);
  MlirValue power = amsScalarUnary(builder, "math.exp",
                                   amsScalarUnary(builder, "arith.negf", size));
  return amsScalarBinary(builder, "arith.addf", linear,
                         amsScalarUnary(builder, "math.log1p", power));
}

static MlirValue squareBody(AmsGeneric *generic) {
  MlirValue difference = subtractBody(generic);
  return amsScalarBinary(&generic->builder, "arith.mulf", difference,
                         difference);
}

static MlirValue byElement(const Loss *loss, Body body) {
  MlirAffineMap all = identity(loss, loss->rank);
  return result(
      build(loss, loss->output, all, loss->labels, all,
            amsBuildEmpty(&loss->builder, mlirValueGetType(loss->output)), all,
            body));
}

static MlirValue binaryCrossEntropy(const Loss *loss) {
  return byElement(loss, binaryCrossEntropyBody);
}

static MlirValue squaredDifference(const Loss *loss) {
  return byElement(loss, squareBody);
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

static const struct {
  const char *name;
  bool isByClass; /* an integer label a sample, else a number an element */
  MlirValue (*build)(const Loss *loss);
} losses[] = {
    {"softmax-cross-entropy", true, softmaxCrossEntropy},
    {"binary-cross-entropy", false, binaryCrossEntropy},
    {"l2", false, squaredDifference},
};
enum { NUM_LOSSES = sizeof losses / sizeof *losses };

/* Number of arguments in front of the weights. */
static intptr_t countInputs(MlirOperation main) {
  MlirBlock body = amsFunctionBody(main);
  intptr_t count = 0;
  while (count < mlirBlockGetNumArguments(body) &&
         !amsIsWeightArgument(mlirBlockGetArgument(body, count)))
    ++count;
  return count;
}

static MlirType labelsType(const Loss *loss, bool isByClass) {
  MlirType i64 = mlirIntegerTypeGet(loss->builder.context, 64);
  return isByClass ? mlirRankedTensorTypeGet(loss->rank - 1, loss->shape, i64,
                                             mlirAttributeGetNull())
                   : mlirValueGetType(loss->output);
}

/* Returns the loss in front of the results that @main has. */
static void returnLoss(MlirOperation main, MlirValue loss) {
  MlirContext context = mlirOperationGetContext(main);
  MlirOperation terminator = mlirBlockGetTerminator(amsFunctionBody(main));
  intptr_t count = mlirOperationGetNumOperands(terminator);
  MlirValue *values = amsAllocate((size_t)count + 1, sizeof(MlirValue));
  MlirAttribute *attributes =
      amsAllocate((size_t)count + 1, sizeof(MlirAttribute));
  values[0] = loss;
  attributes[0] = amsPortAttributes(context, amsStringRef("loss"), false);
  MlirAttribute known = amsGetAttr(main, "res_attrs");
  for (intptr_t i = 0; i < count; ++i) {
    values[i + 1] = mlirOperationGetOperand(terminator, i);
    attributes[i + 1] = mlirAttributeIsNull(known)
                            ? mlirDictionaryAttrGet(context, 0, NULL)
                            : mlirArrayAttrGetElement(known, i);
  }
  amsFunctionSetResults(main, count + 1, values, attributes);
  free(values);
  free(attributes);
}

/* Why the loss does not fit @main's first result; NULL where it does. */
static const char *misfit(const Loss *loss, bool isByClass) {
  MlirType type = mlirValueGetType(loss->output);
  if (!mlirTypeIsARankedTensor(type) || !amsIsStaticF32(type) ||
      loss->rank < 1 || amsNumElements(type) < 1)
    return "a float32 tensor of static shape with elements";
  return isByClass && loss->rank < 2
             ? "a tensor whose last dimension runs over classes and whose "
               "first is the batch"
             : NULL;
}

static MlirLogicalResult append(MlirOperation main, int index) {
  MlirOperation terminator = mlirBlockGetTerminator(amsFunctionBody(main));
  if (mlirOperationGetNumOperands(terminator) == 0) {
    amsEmitError(mlirOperationGetLocation(main), "@main has no result");
    return mlirLogicalResultFailure();
  }
  Loss loss = {.builder = amsBuilderBefore(terminator),
               .output = mlirOperationGetOperand(terminator, 0)};
  MlirType type = mlirValueGetType(loss.output);
  if (mlirTypeIsARankedTensor(type))
    loss.rank = amsGetShape(type, AMS_MAX_RANK, loss.shape);
  const char *needed = misfit(&loss, losses[index].isByClass);
  if (needed) {
    amsEmitError(mlirOperationGetLocation(main),
                 "the loss '%s' needs the first result of @main to be %s",
                 losses[index].name, needed);
    return mlirLogicalResultFailure();
  }
  loss.labels = amsFunctionInsertArgument(
      main, countInputs(main), labelsType(&loss, losses[index].isByClass),
      amsPortAttributes(loss.builder.context, amsStringRef("labels"), false));
  returnLoss(main, mean(&loss, losses[index].build(&loss)));
  mlirOperationSetAttributeByName(main, amsStringRef("ams.step"),
                                  mlirUnitAttrGet(loss.builder.context));
  return mlirLogicalResultSuccess();
}

MlirLogicalResult amsAppendLoss(MlirOperation module,
                                const AmsAppendLossOptions *options) {
  MlirOperation main = amsFindMain(module);
  if (mlirOperationIsNull(main))
    return mlirLogicalResultFailure();
  for (int i = 0; i < NUM_LOSSES; ++i)
    if (!strcmp(options->loss, losses[i].name))
      return append(main, i);
  amsEmitError(mlirOperationGetLocation(module),
               "there is no loss '%s': choose softmax-cross-entropy, "
               "binary-cross-entropy or l2",
               options->loss);
  return mlirLogicalResultFailure();
}
