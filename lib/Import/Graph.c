//===-- Graph.c - A graph becomes a function ---------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Graph.h"
#include "Operators.h"

#include "mlir-c/BuiltinAttributes.h"
#include "mlir-c/BuiltinTypes.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char *textOf(const char *text) { return text ? text : ""; }

static MlirStringRef ref(const char *text) {
  return mlirStringRefCreateFromCString(text);
}

static MlirLocation namedLocation(AmsImport *import, const char *name) {
  return mlirLocationNameGet(import->builder.context, ref(name),
                             mlirLocationFileLineColGet(import->builder.context,
                                                        ref(import->path), 0,
                                                        0));
}

//===----------------------------------------------------------------------===//
// Values by name
//===----------------------------------------------------------------------===//

static bool define(AmsImport *import, const char *name, AmsImportValue *value) {
  if (!*name)
    return amsImportError(import, "a value has no name");
  if (amsImportNameMapFind(&import->values, name))
    return amsImportError(import, "the value '%s' is defined twice", name);
  return amsImportNameMapSet(&import->values, name, value) ||
         amsImportOutOfMemory(import);
}

static bool isNodeOutput(const Onnx__GraphProto *graph, const char *name) {
  for (size_t i = 0; i < graph->n_node; ++i)
    for (size_t j = 0; j < graph->node[i]->n_output; ++j)
      if (strcmp(graph->node[i]->output[j], name) == 0)
        return true;
  return false;
}

static AmsImportValue *find(AmsImport *import, const char *name) {
  AmsImportValue *value = amsImportNameMapFind(&import->values, name);
  if (!value)
    return amsImportError(
        import,
        isNodeOutput(import->model->graph, name)
            ? "the value '%s' is computed only later: the nodes form a cycle "
              "or are not sorted"
            : "the value '%s' is defined nowhere",
        name);
  if (value->unavailable)
    return amsImportError(import, "the value '%s' cannot be used: %s", name,
                          value->unavailable);
  return value;
}

//===----------------------------------------------------------------------===//
// Initialisers, inputs and outputs
//===----------------------------------------------------------------------===//

static bool importInitializers(AmsImport *import) {
  const Onnx__GraphProto *graph = import->model->graph;
  if (graph->n_sparse_initializer != 0)
    return amsImportError(import, "sparse initializers are not supported");
  for (size_t i = 0; i < graph->n_initializer; ++i) {
    const char *name = textOf(graph->initializer[i]->name);
    AmsImportValue *value =
        amsImportInitializer(import, name, graph->initializer[i]);
    if (!value || !define(import, name, value))
      return false;
  }
  return true;
}

/* The tensor's type that a graph's input or output declares. */
static const Onnx__TypeProto__Tensor *
declaredType(AmsImport *import, const Onnx__ValueInfoProto *info,
             const char *what) {
  const char *name = textOf(info->name);
  if (!info->type ||
      info->type->value_case != ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE)
    return amsImportError(import, "%s '%s' is not declared as a tensor", what,
                          name);
  const Onnx__TypeProto__Tensor *type = info->type->tensor_type;
  if (mlirTypeIsNull(amsImportElement(import, type->elem_type)))
    return amsImportError(import,
                          "%s '%s' has elements of %s; only float32, int32, "
                          "int64 and bool are supported",
                          what, name,
                          amsImportElementTypeName(type->elem_type));
  return type;
}

/* Binds the one symbol that a model may have, that of its leading dimension. */
static bool bindBatch(AmsImport *import, const char *input, const char *symbol,
                      size_t dimension, int64_t *dim) {
  if (dimension != 0)
    return amsImportError(import,
                          "dimension %zu of input '%s' is symbolic ('%s'); "
                          "only the leading one, the batch, may be",
                          dimension, input, symbol);
  if (import->batchName && strcmp(import->batchName, symbol) != 0)
    return amsImportError(import,
                          "the leading dimension of input '%s' is '%s' and "
                          "that of another is '%s'; there is only one batch",
                          input, symbol, import->batchName);
  import->batchName = symbol;
  *dim = import->batch;
  return true;
}

static bool inputShape(AmsImport *import, const char *name,
                       const Onnx__TensorShapeProto *declared,
                       AmsImportShape *shape) {
  if (!declared)
    return amsImportError(import, "input '%s' is declared without a shape",
                          name);
  if (declared->n_dim > AmsImportMaxRank)
    return amsImportError(import,
                          "input '%s' has %zu dimensions; at most %d are "
                          "supported",
                          name, declared->n_dim, AmsImportMaxRank);
  shape->rank = (int)declared->n_dim;
  for (size_t i = 0; i < declared->n_dim; ++i) {
    const Onnx__TensorShapeProto__Dimension *dim = declared->dim[i];
    if (dim->value_case == ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE)
      shape->dims[i] = dim->dim_value;
    else if (!bindBatch(
                 import, name,
                 dim->value_case ==
                         ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_PARAM
                     ? textOf(dim->dim_param)
                     : "",
                 i, &shape->dims[i]))
      return false;
  }
  return true;
}

static bool isBounded(const AmsImportRange *range) {
  return range->least != INT64_MIN || range->most != INT64_MAX;
}

/* [{ams.name = ..., ams.range = ...}, ...] of arguments or, without `ranges`,
 * results; `names` is consumed. */
static MlirAttribute nameAttributes(AmsImport *import, size_t count,
                                    MlirAttribute *names,
                                    const AmsImportRange *ranges) {
  for (size_t i = 0; i < count; ++i) {
    MlirNamedAttribute attributes[2] = {
        amsImportNamedAttribute(&import->builder, "ams.name", names[i])};
    bool hasRange = ranges && isBounded(&ranges[i]);
    if (hasRange)
      attributes[1] = amsImportNamedAttribute(
          &import->builder, "ams.range",
          mlirDenseI64ArrayGet(
              import->builder.context, 2,
              (const int64_t[]){ranges[i].least, ranges[i].most}));
    names[i] = mlirDictionaryAttrGet(import->builder.context, hasRange ? 2 : 1,
                                     attributes);
  }
  return mlirArrayAttrGet(import->builder.context, (intptr_t)count, names);
}

/* What the function's arguments or results are. */
typedef struct Signature {
  size_t count;
  MlirType *types;
  MlirAttribute *names;
} Signature;

static bool allocateSignature(AmsImport *import, size_t capacity,
                              Signature *signature) {
  *signature =
      (Signature){.types = amsImportArenaAllocateArray(
                      &import->arena, capacity, sizeof *signature->types),
                  .names = amsImportArenaAllocateArray(
                      &import->arena, capacity, sizeof *signature->names)};
  return (signature->types && signature->names) || amsImportOutOfMemory(import);
}

static void append(AmsImport *import, Signature *signature, MlirType type,
                   const char *name) {
  signature->types[signature->count] = type;
  signature->names[signature->count++] =
      mlirStringAttrGet(import->builder.context, ref(name));
}

/* The function's results. */
typedef struct Results {
  Signature signature;
  MlirValue *values;
} Results;

static void appendResult(AmsImport *import, Results *results,
                         AmsImportValue *value, const char *name) {
  MlirValue result = amsImportInForm(import, value, AmsImportRowMajor);
  results->values[results->signature.count] = result;
  append(import, &results->signature, mlirValueGetType(result), name);
}

static bool importInput(AmsImport *import, const Onnx__ValueInfoProto *info,
                        Signature *arguments) {
  const char *name = textOf(info->name);
  AmsImportShape shape;
  const Onnx__TypeProto__Tensor *type = declaredType(import, info, "input");
  if (!type || !inputShape(import, name, type->shape, &shape))
    return false;
  AmsImportValue *value =
      amsImportNewValue(import, name, &shape, type->elem_type, 1);
  if (!value || !define(import, name, value))
    return false;
  MlirType argument =
      amsImportTensorTypeOf(&shape, amsImportElement(import, type->elem_type));
  import->ranges[arguments->count] =
      (AmsImportRange){.least = INT64_MIN, .most = INT64_MAX};
  value->forms[AmsImportRowMajor] = mlirBlockAddArgument(
      import->builder.block, argument, namedLocation(import, name));
  append(import, arguments, argument, name);
  return true;
}

/* Old files list initialisers among the inputs, as values that may be
 * overridden; here they may not. */
static bool importInputs(AmsImport *import, Signature *arguments) {
  const Onnx__GraphProto *graph = import->model->graph;
  AmsImportNameMap constants = {0};
  import->ranges = amsImportArenaAllocateArray(&import->arena, graph->n_input,
                                               sizeof *import->ranges);
  if (!import->ranges)
    return amsImportOutOfMemory(import);
  bool isOk = allocateSignature(import, graph->n_input, arguments);
  for (size_t i = 0; isOk && i < graph->n_initializer; ++i)
    isOk = amsImportNameMapSet(&constants, textOf(graph->initializer[i]->name),
                               graph->initializer[i]) ||
           amsImportOutOfMemory(import);
  for (size_t i = 0; isOk && i < graph->n_input; ++i)
    if (!amsImportNameMapFind(&constants, textOf(graph->input[i]->name)))
      isOk = importInput(import, graph->input[i], arguments);
  amsImportNameMapFree(&constants);
  return isOk;
}

/* The result's shape must be what the model declares, where it declares it. */
static bool fitsDeclaration(AmsImport *import, const AmsImportValue *value,
                            const char *name,
                            const Onnx__TensorShapeProto *declared) {
  if (!declared)
    return true;
  bool fits = declared->n_dim == (size_t)value->shape.rank;
  for (size_t i = 0; fits && i < declared->n_dim; ++i)
    fits = declared->dim[i]->value_case !=
               ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE ||
           declared->dim[i]->dim_value == value->shape.dims[i];
  char text[AmsImportShapeTextSize];
  return fits ||
         amsImportError(import,
                        "output '%s' has the shape %s, which is not the one "
                        "that the model declares",
                        name, amsImportShapeText(&value->shape, text));
}

static bool importOutput(AmsImport *import, const Onnx__ValueInfoProto *info,
                         Results *results) {
  const char *name = textOf(info->name);
  const Onnx__TypeProto__Tensor *type = declaredType(import, info, "output");
  AmsImportValue *value = type ? find(import, name) : NULL;
  if (!value)
    return false;
  if (value->elementType != type->elem_type)
    return amsImportError(import,
                          "output '%s' has elements of %s, but is declared to "
                          "have elements of %s",
                          name, amsImportElementTypeName(value->elementType),
                          amsImportElementTypeName(type->elem_type));
  if (!fitsDeclaration(import, value, name, type->shape) ||
      !amsImportCheckShape(import, &value->shape))
    return false;
  appendResult(import, results, value, name);
  return true;
}

/* Whether what a node computes can stand among the results. */
static bool isReturnable(const AmsImport *import, const AmsImportValue *value) {
  if (value->constant || value->unavailable || value->shape.rank == 0 ||
      value->elementType != ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT ||
      mlirBlockGetNumArguments(import->builder.block) == 0)
    return false;
  int64_t rows = mlirShapedTypeGetDimSize(
      mlirValueGetType(mlirBlockGetArgument(import->builder.block, 0)), 0);
  return value->shape.dims[0] % rows == 0;
}

/* What every node computes, under its name. */
static bool importNodeResults(AmsImport *import, const char *const *names,
                              Results *results) {
  const Onnx__GraphProto *graph = import->model->graph;
  for (size_t i = 0; i < graph->n_node; ++i) {
    AmsImportValue *value =
        amsImportNameMapFind(&import->values, graph->node[i]->output[0]);
    if (!value || !isReturnable(import, value))
      continue;
    const char *name =
        amsImportArenaFormat(&import->arena, "%s.result", names[i]);
    if (!name)
      return amsImportOutOfMemory(import);
    appendResult(import, results, value, name);
  }
  return true;
}

static bool importOutputs(AmsImport *import, const char *const *names,
                          Results *results) {
  const Onnx__GraphProto *graph = import->model->graph;
  if (graph->n_output == 0)
    return amsImportError(import, "the model has no outputs");
  const size_t most = graph->n_output + (import->everyNode ? graph->n_node : 0);
  results->values = amsImportArenaAllocateArray(&import->arena, most,
                                                sizeof *results->values);
  if (!results->values)
    return amsImportOutOfMemory(import);
  if (!allocateSignature(import, most, &results->signature))
    return false;
  for (size_t i = 0; i < graph->n_output; ++i)
    if (!importOutput(import, graph->output[i], results))
      return false;
  if (import->everyNode && !importNodeResults(import, names, results))
    return false;
  MlirOperationState state =
      mlirOperationStateGet(ref("func.return"), import->builder.location);
  mlirOperationStateAddOperands(&state, (intptr_t)results->signature.count,
                                results->values);
  mlirBlockAppendOwnedOperation(import->builder.block,
                                mlirOperationCreate(&state));
  return true;
}

//===----------------------------------------------------------------------===//
// Nodes
//===----------------------------------------------------------------------===//

static const AmsImportOperator *operatorOf(const AmsImport *import,
                                           const Onnx__NodeProto *node) {
  return amsImportIsDefaultDomain(textOf(node->domain))
             ? amsImportFindOperator(textOf(node->op_type), import->opset)
             : NULL;
}

static int64_t opsetOf(const Onnx__ModelProto *model, const char *domain) {
  for (size_t i = 0; i < model->n_opset_import; ++i) {
    const char *imported = textOf(model->opset_import[i]->domain);
    if (strcmp(imported, domain) == 0 || (amsImportIsDefaultDomain(imported) &&
                                          amsImportIsDefaultDomain(domain)))
      return model->opset_import[i]->version;
  }
  return 0;
}

/* Names every node whose operator is not supported. */
static bool checkOperators(AmsImport *import) {
  const Onnx__GraphProto *graph = import->model->graph;
  bool isSupported = true;
  for (size_t i = 0; i < graph->n_node; ++i) {
    const Onnx__NodeProto *node = graph->node[i];
    if (operatorOf(import, node))
      continue;
    const char *domain = textOf(node->domain);
    const char *name = textOf(node->name);
    isSupported = amsImportError(
        import,
        "node %zu%s%s%s: the operator %s of domain %s, opset %" PRId64
        ", is not supported",
        i, *name ? " '" : "", name, *name ? "'" : "", textOf(node->op_type),
        *domain ? domain : "ai.onnx", opsetOf(import->model, domain));
  }
  return isSupported;
}

/* Gives every node a name of its own: the model's where it has one, else the
 * operator's type and the node's number. */
static const char **nameNodes(AmsImport *import) {
  const Onnx__GraphProto *graph = import->model->graph;
  const char **names =
      amsImportArenaAllocateArray(&import->arena, graph->n_node, sizeof *names);
  if (!names)
    return amsImportOutOfMemory(import);
  for (size_t i = 0; i < graph->n_node; ++i) {
    const char *name = textOf(graph->node[i]->name);
    if (!*name || amsImportNameMapFind(&import->layers, name))
      continue;
    names[i] = name;
    if (!amsImportNameMapSet(&import->layers, name, graph->node[i]))
      return amsImportOutOfMemory(import);
  }
  for (size_t i = 0; i < graph->n_node; ++i) {
    const char *suffix = "";
    while (!names[i]) {
      char *name =
          amsImportArenaFormat(&import->arena, "%s_%zu%s",
                               textOf(graph->node[i]->op_type), i, suffix);
      if (!name)
        return amsImportOutOfMemory(import);
      if (!amsImportNameMapFind(&import->layers, name))
        names[i] = name;
      suffix = name + strlen(textOf(graph->node[i]->op_type));
    }
    if (!amsImportNameMapSet(&import->layers, names[i], graph->node[i]))
      return amsImportOutOfMemory(import);
  }
  return names;
}

/* Looks the node's inputs up. */
static bool findInputs(AmsImport *import, AmsImportNode *node) {
  node->inputs = amsImportArenaAllocateArray(
      &import->arena, node->proto->n_input, sizeof *node->inputs);
  if (!node->inputs)
    return amsImportOutOfMemory(import);
  node->inputCount = node->proto->n_input;
  for (size_t i = 0; i < node->inputCount; ++i) {
    if (!*node->proto->input[i])
      continue;
    node->inputs[i] = find(import, node->proto->input[i]);
    if (!node->inputs[i])
      return false;
  }
  return true;
}

/* Defines the node's outputs: `value` is the first, the others are not
 * computed. */
static bool defineOutputs(AmsImport *import, const AmsImportNode *node,
                          const AmsImportValue *value) {
  const Onnx__NodeProto *proto = node->proto;
  for (size_t i = 0; i < proto->n_output; ++i) {
    if (!*proto->output[i])
      continue;
    AmsImportValue *output =
        amsImportArenaAllocate(&import->arena, sizeof *output);
    if (!output)
      return amsImportOutOfMemory(import);
    *output = *value;
    output->name = proto->output[i];
    if (i != 0) {
      output->unavailable = amsImportArenaFormat(
          &import->arena, "output %zu of %s is not supported", i,
          proto->op_type);
      if (!output->unavailable)
        return amsImportOutOfMemory(import);
    }
    if (!define(import, output->name, output))
      return false;
  }
  return true;
}

static bool importNode(AmsImport *import, AmsImportNode *node) {
  const AmsImportOperator *known = operatorOf(import, node->proto);
  if (node->proto->n_output == 0)
    return amsImportError(import, "the node has no output");
  if (node->proto->n_input < known->leastInputs ||
      node->proto->n_input > known->mostInputs)
    return amsImportError(import,
                          "the node has %zu inputs; %s takes %zu to %zu",
                          node->proto->n_input, known->type, known->leastInputs,
                          known->mostInputs);
  if (!findInputs(import, node))
    return false;
  AmsImportValue *value = known->function(import, node);
  return value && defineOutputs(import, node, value);
}

static bool importNodes(AmsImport *import, const char *const *names) {
  const Onnx__GraphProto *graph = import->model->graph;
  MlirLocation outer = import->builder.location;
  bool isOk = true;
  for (size_t i = 0; isOk && i < graph->n_node; ++i) {
    AmsImportNode node = {.proto = graph->node[i], .name = names[i]};
    import->node = &node;
    import->builder.location = namedLocation(import, node.name);
    isOk = importNode(import, &node);
  }
  import->node = NULL;
  import->builder.location = outer;
  return isOk;
}

//===----------------------------------------------------------------------===//
// The function
//===----------------------------------------------------------------------===//

static bool isUnused(MlirOperation operation) {
  intptr_t count = mlirOperationGetNumResults(operation);
  for (intptr_t i = 0; i < count; ++i)
    if (!mlirOpOperandIsNull(
            mlirValueGetFirstUse(mlirOperationGetResult(operation, i))))
      return false;
  return count != 0;
}

/* Erases what nothing uses: nodes beside the outputs' paths, and reshapes that
 * later ones made needless. */
static bool eraseUnused(AmsImport *import) {
  size_t count = 0;
  MlirOperation operation = mlirBlockGetFirstOperation(import->builder.block);
  for (; !mlirOperationIsNull(operation);
       operation = mlirOperationGetNextInBlock(operation))
    ++count;
  MlirOperation *operations =
      amsImportArenaAllocateArray(&import->arena, count, sizeof *operations);
  if (!operations)
    return amsImportOutOfMemory(import);
  operation = mlirBlockGetFirstOperation(import->builder.block);
  for (size_t i = 0; i < count; ++i) {
    operations[i] = operation;
    operation = mlirOperationGetNextInBlock(operation);
  }
  while (count-- != 0)
    if (isUnused(operations[count]))
      mlirOperationDestroy(operations[count]);
  return true;
}

static MlirOperation createFunction(AmsImport *import, MlirRegion body,
                                    const Signature *arguments,
                                    const Signature *results) {
  AmsImportBuilder *builder = &import->builder;
  MlirType type = mlirFunctionTypeGet(
      builder->context, (intptr_t)arguments->count, arguments->types,
      (intptr_t)results->count, results->types);
  MlirNamedAttribute attributes[] = {
      amsImportNamedAttribute(builder, "sym_name",
                              mlirStringAttrGet(builder->context, ref("main"))),
      amsImportNamedAttribute(builder, "function_type", mlirTypeAttrGet(type)),
      amsImportNamedAttribute(builder, "arg_attrs",
                              nameAttributes(import, arguments->count,
                                             arguments->names, import->ranges)),
      amsImportNamedAttribute(
          builder, "res_attrs",
          nameAttributes(import, results->count, results->names, NULL))};
  MlirOperationState state =
      mlirOperationStateGet(ref("func.func"), builder->location);
  mlirOperationStateAddAttributes(
      &state, sizeof attributes / sizeof *attributes, attributes);
  mlirOperationStateAddOwnedRegions(&state, 1, &body);
  return mlirOperationCreate(&state);
}

MlirOperation amsImportGraph(AmsImport *import) {
  if (!checkOperators(import))
    return (MlirOperation){NULL};
  MlirRegion body = mlirRegionCreate();
  import->builder.block = mlirBlockCreate(0, NULL, NULL);
  mlirRegionAppendOwnedBlock(body, import->builder.block);
  Signature arguments = {0};
  Results results = {0};
  const char **names = nameNodes(import);
  if (names && importInitializers(import) && importInputs(import, &arguments) &&
      importNodes(import, names) && importOutputs(import, names, &results) &&
      eraseUnused(import))
    return createFunction(import, body, &arguments, &results.signature);
  mlirRegionDestroy(body);
  return (MlirOperation){NULL};
}
