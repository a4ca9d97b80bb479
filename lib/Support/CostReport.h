/*===-- CostReport.h - Costs of a model as text -------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* A line a layer and a total, as a table or as JSON (docs/cost.md).          *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_SUPPORT_COSTREPORT_H
#define AMS_SUPPORT_COSTREPORT_H

#include "Cost.h"
#include "Text.h"

#include "mlir-c/Support.h"

#include <stddef.h>

/* One layer, or all together. */
typedef struct AmsCostLine {
  MlirStringRef name;
  AmsCostLayer layer; /* of the total: only gain, the mean over conversions */
  AmsCostCounts counts;
  AmsCostEnergy energy;
  double runEnergy;
  bool reprogrammed;    /* weights are programmed in every run, too */
  double crossbars;     /* that it is on, in all of its steps together */
  double utilisation;   /* cells that hold a weight, over those crossbars */
  double steps;         /* in which it is on crossbars */
  double cycles;        /* of products */
  double programCycles; /* of programming, in the run or once */
} AmsCostLine;

typedef struct AmsCostReport {
  AmsCostConstants constants;
  AmsCostLine *lines;
  size_t numLines;
  AmsCostLine total;
} AmsCostReport;

void amsCostReportTable(const AmsCostReport *report, AmsText *text);
void amsCostReportJson(const AmsCostReport *report, AmsText *text);

#endif /* AMS_SUPPORT_COSTREPORT_H */
