/*===-- EstimateCost.c - What a model costs its devices -----------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Level 4: counts and weighs what every layer does, and reports it as a
table,*|
|* as JSON or as remarks (docs/cost.md).                                      *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "ams-c/Dialect.h"
#include "ams-c/Passes.h"

#include "Build.h"
#include "CostReport.h"
#include "Layers.h"
#include "Occupancy.h"
#include "Placement.h"

#include "output_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool isGainedLayer(MlirOperation op) {
  return amsOperationIsALayer(op) &&
         !mlirAttributeIsNull(amsGetAttr(op, "gain"));
}

/* The placement of `op`; null after an error. */
static MlirAttribute placementOf(MlirOperation op, MlirOperation *holder) {
  MlirAttribute none = mlirAttributeGetNull();
  if (!amsIsOnCrossbars(op)) {
    amsEmitOpError(op, "is not on crossbars, so its cost is not known: run "
                       "--ams-tile-crossbar and --ams-place-crossbars first");
    return none;
  }
  *holder = amsPlacementHolder(op);
  MlirAttribute placement =
      mlirOperationIsNull(*holder) ? none : amsGetAttr(*holder, "placement");
  if (mlirAttributeIsNull(placement))
    amsEmitOpError(op, "has no placement on crossbars, so its cost is not "
                       "known: run --ams-place-crossbars first");
  return placement;
}

/* Tiles on the fullest crossbar of `run`, which take turns. */
static int64_t depthOf(const AmsTileRun *run, int64_t stack, int64_t lanes) {
  int64_t first = (stack - run->slot) * lanes;
  if (run->tiles <= first)
    return run->tiles;
  int64_t rest = run->tiles - first, full = stack * lanes;
  if (rest > full)
    rest = full;
  return first > rest ? first : rest;
}

/* What the fullest crossbars do one after another. */
typedef struct Turns {
  double tiles, slots;
} Turns;

static Turns add(Turns a, Turns b) {
  return (Turns){a.tiles + b.tiles, a.slots + b.slots};
}

static Turns most(Turns a, Turns b) {
  return (Turns){fmax(a.tiles, b.tiles), fmax(a.slots, b.slots)};
}

/* Turns of a layer: crossbars and devices work side by side, slots of a
 * crossbar and steps one after another. Adds its crossbars and steps to `line`.
 */
static Turns countTurns(AmsCostLine *line, MlirAttribute device,
                        MlirAttribute placement) {
  int64_t stack = amsDeviceAttrGetStack(device);
  int64_t lanes = amsPlacementAttrGetLanes(placement);
  intptr_t numRuns = amsPlacementAttrGetNumRuns(placement);
  Turns turns = {0}, inStep = {0}, onDevice = {0};
  AmsTileRun before = {.step = -1};
  for (intptr_t i = 0; i < numRuns; ++i) {
    AmsTileRun run = amsPlacementAttrGetRun(placement, i);
    int64_t slots = (run.tiles - 1) / lanes + 1;
    int64_t crossbars = (run.slot + slots - 1) / stack + 1;
    line->crossbars += (double)crossbars;
    if (run.step != before.step) {
      line->steps += 1;
      turns = add(turns, inStep);
      inStep = (Turns){0};
    }
    if (run.step != before.step || run.device != before.device)
      onDevice = (Turns){0};
    int64_t depth = depthOf(&run, stack, lanes);
    int64_t slotDepth = (depth - 1) / lanes + 1;
    onDevice = add(onDevice, (Turns){(double)depth, (double)slotDepth});
    inStep = most(inStep, onDevice);
    before = run;
  }
  return add(turns, inStep);
}

/* Fills a line; `shared` where another layer pays for programming. */
static AmsCostLine describe(MlirOperation op, MlirAttribute placement,
                            bool shared, const AmsCostConstants *constants) {
  AmsLayer view = amsOperationGetLayer(op);
  AmsCostLine line = {.name = view.name, .layer = amsLayerCost(op)};
  const AmsCostLayer *layer = &line.layer;
  line.counts = amsCostCount(layer);
  double cells = line.counts.programmedCells /
                 (layer->activations ? (double)layer->matrices : 1);
  if (shared)
    line.counts.programmedCells = 0;
  line.energy = amsCostEnergy(constants, layer, &line.counts);
  line.runEnergy = amsCostRunEnergy(layer, &line.energy);

  Turns turns = countTurns(&line, view.device, placement);
  double inTurn = layer->activations ? (double)layer->matrices : 1;
  line.cycles =
      turns.tiles * (double)layer->vectors * (double)layer->repeats * inTurn;
  if (!shared)
    line.programCycles =
        turns.slots * (double)layer->rows * constants->programCycles * inTurn;
  double stack = (double)amsDeviceAttrGetStack(view.device);
  line.utilisation = cells / (line.crossbars * stack * (double)layer->rows *
                              (double)layer->columns);
  return line;
}

/* Whether a layer before `op` in `layers` has the same holder. */
static bool isShared(const AmsOpList *layers, size_t index,
                     MlirOperation holder) {
  MlirOpOperand use =
      mlirOperationGetNumResults(holder)
          ? mlirValueGetFirstUse(mlirOperationGetResult(holder, 0))
          : (MlirOpOperand){NULL};
  if (mlirOpOperandIsNull(use) ||
      mlirOpOperandIsNull(mlirOpOperandGetNextUse(use)))
    return false;
  for (size_t i = 0; i < index; ++i)
    if (mlirOperationEqual(amsPlacementHolder(layers->ops[i]), holder))
      return true;
  return false;
}

#define ADD(total, line, field) (total)->field += (line)->field

static void addLine(AmsCostLine *total, const AmsCostLine *line) {
  ADD(total, line, counts.macs);
  ADD(total, line, counts.adcConversions);
  ADD(total, line, counts.dacConversions);
  ADD(total, line, counts.cellProducts);
  ADD(total, line, counts.inputBlocks);
  ADD(total, line, counts.weightBlocks);
  ADD(total, line, counts.transforms);
  ADD(total, line, counts.additions);
  ADD(total, line, counts.products);
  ADD(total, line, counts.programmedCells);
  ADD(total, line, counts.crossbarTiles);
  ADD(total, line, energy.adc);
  ADD(total, line, energy.dac);
  ADD(total, line, energy.cells);
  ADD(total, line, energy.digital);
  ADD(total, line, energy.programming);
  ADD(total, line, runEnergy);
  ADD(total, line, cycles);
  ADD(total, line, programCycles);
  total->layer.gain += line->layer.gain * line->counts.adcConversions;
  total->reprogrammed |= line->reprogrammed;
}

static void sum(AmsCostReport *report, const AmsOccupancy *occupancy,
                double usedCells) {
  AmsCostLine *total = &report->total;
  *total = (AmsCostLine){.name = amsStringRef("total")};
  for (size_t i = 0; i < report->numLines; ++i)
    addLine(total, &report->lines[i]);
  if (total->counts.adcConversions > 0)
    total->layer.gain /= total->counts.adcConversions;
  double cells;
  amsOccupancyCount(occupancy, &total->crossbars, &cells);
  total->utilisation = cells > 0 ? usedCells / cells : 0;
  for (size_t i = 0; i < occupancy->size; ++i)
    total->steps = fmax(total->steps, (double)occupancy->spans[i].step + 1);
}

/* Fills the report; false after an error. */
static bool estimate(const AmsOpList *layers, AmsCostReport *report) {
  AmsOccupancy occupancy = {0};
  double usedCells = 0;
  bool ok = true;
  report->lines = amsAllocate(layers->size, sizeof(AmsCostLine));
  for (size_t i = 0; i < layers->size; ++i) {
    MlirOperation op = layers->ops[i], holder = {NULL};
    MlirAttribute placement = placementOf(op, &holder);
    if (mlirAttributeIsNull(placement)) {
      ok = false;
      continue;
    }
    bool shared = isShared(layers, i, holder);
    AmsCostLine line = describe(op, placement, shared, &report->constants);
    report->lines[report->numLines++] = line;
    amsOccupancyAdd(&occupancy, op, holder, placement);
    if (!shared)
      usedCells += line.counts.programmedCells /
                   (line.layer.activations ? (double)line.layer.matrices : 1);
  }
  ok = ok && amsOccupancyCheck(&occupancy);
  if (ok) {
    for (size_t i = 0; i < report->numLines; ++i) {
      AmsCostLine *line = &report->lines[i];
      MlirAttribute device = amsOperationGetLayer(layers->ops[i]).device;
      line->reprogrammed = amsOccupancySteps(&occupancy, device) > 1;
      if (line->reprogrammed && !line->layer.activations)
        line->runEnergy += line->energy.programming;
    }
    sum(report, &occupancy, usedCells);
  }
  free(occupancy.spans);
  return ok;
}

static void remark(MlirLocation loc, const AmsCostLine *line) {
  amsEmitRemark(
      loc,
      "cost of \"%.*s\": %.4g MACs, %.4g ADC and %.4g DAC conversions, gain "
      "%.3g, "
      "%.4g pJ a run, %.4g of them for the ADC; crossbars: %.0f, %.3f of their "
      "cells used; %.4g cycles",
      (int)line->name.length, line->name.data, line->counts.macs,
      line->counts.adcConversions, line->counts.dacConversions,
      line->layer.gain, line->runEnergy, line->energy.adc, line->crossbars,
      line->utilisation, line->cycles);
}

/* Writes the report where the options say; false after an error. */
static bool writeReport(MlirLocation loc, const AmsEstimateCostOptions *options,
                        const AmsCostReport *report) {
  AmsText text = {0};
  if (strcmp(options->format, "json") == 0)
    amsCostReportJson(report, &text);
  else
    amsCostReportTable(report, &text);
  ams_output_file_t file;
  ams_status_t status = ams_output_file_open(options->output, &file);
  if (!status) {
    status = ams_output_file_write(&file, text.data, text.size);
    if (status)
      ams_output_file_discard(&file);
    else
      status = ams_output_file_commit(&file);
  }
  free(text.data);
  if (!status)
    return true;
  amsEmitError(loc, "%s", ams_status_message(status));
  ams_status_free(status);
  return false;
}

/* Whether the constants can be weights; false after an error. */
static bool checkOptions(MlirLocation loc,
                         const AmsEstimateCostOptions *options) {
  const double constants[] = {options->adcStep,      options->dacBit,
                              options->cell,         options->program,
                              options->addition,     options->product,
                              options->programCycles};
  for (size_t i = 0; i < sizeof constants / sizeof *constants; ++i)
    if (!(constants[i] >= 0) || isinf(constants[i])) {
      amsEmitError(loc,
                   "a constant of the cost model is %g, but must be "
                   "finite and not negative",
                   constants[i]);
      return false;
    }
  if (strcmp(options->format, "table") == 0 ||
      strcmp(options->format, "json") == 0)
    return true;
  amsEmitError(loc, "format '%s' is neither table nor json", options->format);
  return false;
}

MlirLogicalResult amsEstimateCost(MlirOperation module,
                                  const AmsEstimateCostOptions *options) {
  MlirLocation loc = mlirOperationGetLocation(module);
  if (!checkOptions(loc, options))
    return mlirLogicalResultFailure();
  AmsOpList layers = amsCollectOps(module, isGainedLayer);
  AmsCostReport report = {
      .constants = {.adcStep = options->adcStep,
                    .dacBit = options->dacBit,
                    .cell = options->cell,
                    .program = options->program,
                    .addition = options->addition,
                    .product = options->product,
                    .programCycles = options->programCycles}};
  bool ok = estimate(&layers, &report);
  if (ok && *options->output) {
    ok = writeReport(loc, options, &report);
  } else if (ok) {
    for (size_t i = 0; i < report.numLines; ++i)
      remark(mlirOperationGetLocation(layers.ops[i]), &report.lines[i]);
    remark(loc, &report.total);
  }
  free(report.lines);
  amsOpListFree(&layers);
  return ok ? mlirLogicalResultSuccess() : mlirLogicalResultFailure();
}
