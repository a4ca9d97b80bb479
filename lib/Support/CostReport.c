/*===-- CostReport.c - Costs of a model as text -------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Columns of the table and fields of the JSON; both name what docs/cost.md   *|
|* explains.                                                                  *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "CostReport.h"

#include <string.h>

/* A number of the JSON, and of the table where it has a heading. */
typedef struct Field {
  const char *key;
  const char *heading;
  int digits;    /* of the table */
  size_t offset; /* in AmsCostLine */
} Field;

#define FIELD(key, heading, digits, member)                                    \
  {key, heading, digits, offsetof(AmsCostLine, member)}

static const Field fields[] = {
    FIELD("macs", "MACs", 4, counts.macs),
    FIELD("adc_conversions", "ADC", 4, counts.adcConversions),
    FIELD("dac_conversions", "DAC", 4, counts.dacConversions),
    FIELD("input_blocks", "blocks in", 4, counts.inputBlocks),
    FIELD("weight_blocks", NULL, 0, counts.weightBlocks),
    FIELD("transforms", "transforms", 4, counts.transforms),
    FIELD("additions", NULL, 0, counts.additions),
    FIELD("products", NULL, 0, counts.products),
    FIELD("programmed_cells", "cells", 4, counts.programmedCells),
    FIELD("tiles", "tiles", 15, counts.crossbarTiles),
    FIELD("gain", "gain", 3, layer.gain),
    FIELD("adc_pj", "ADC pJ", 4, energy.adc),
    FIELD("dac_pj", "DAC pJ", 4, energy.dac),
    FIELD("cells_pj", "cells pJ", 4, energy.cells),
    FIELD("digital_pj", "digital pJ", 4, energy.digital),
    FIELD("programming_pj", "program pJ", 4, energy.programming),
    FIELD("run_pj", "run pJ", 4, runEnergy),
    FIELD("crossbars", "crossbars", 15, crossbars),
    FIELD("utilisation", "used", 3, utilisation),
    FIELD("steps", "steps", 15, steps),
    FIELD("cycles", "cycles", 4, cycles),
    FIELD("program_cycles", "program", 4, programCycles),
};

enum { NUM_FIELDS = sizeof fields / sizeof *fields };

static double valueOf(const AmsCostLine *line, const Field *field) {
  double value;
  memcpy(&value, (const char *)line + field->offset, sizeof value);
  return value;
}

/* Width of a column of the table. */
static int widthOf(const Field *field) {
  int length = (int)strlen(field->heading);
  return length > 9 ? length : 9;
}

static void printTableLine(const AmsCostLine *line, int nameWidth,
                           AmsText *text) {
  amsTextAppend(text, "%-*.*s", nameWidth, (int)line->name.length,
                line->name.data);
  for (size_t i = 0; i < NUM_FIELDS; ++i) {
    if (!fields[i].heading)
      continue;
    amsTextAppend(text, "  %*.*g", widthOf(&fields[i]), fields[i].digits,
                  valueOf(line, &fields[i]));
  }
  amsTextAppend(text, "\n");
}

void amsCostReportTable(const AmsCostReport *report, AmsText *text) {
  int nameWidth = 5;
  for (size_t i = 0; i < report->numLines; ++i)
    if ((int)report->lines[i].name.length > nameWidth)
      nameWidth = (int)report->lines[i].name.length;
  amsTextAppend(text, "%-*s", nameWidth, "layer");
  for (size_t i = 0; i < NUM_FIELDS; ++i)
    if (fields[i].heading)
      amsTextAppend(text, "  %*s", widthOf(&fields[i]), fields[i].heading);
  amsTextAppend(text, "\n");
  for (size_t i = 0; i < report->numLines; ++i)
    printTableLine(&report->lines[i], nameWidth, text);
  printTableLine(&report->total, nameWidth, text);
}

/* `string` between quotes, as JSON has it. */
static void printString(MlirStringRef string, AmsText *text) {
  amsTextAppend(text, "\"");
  for (size_t i = 0; i < string.length; ++i) {
    unsigned char c = (unsigned char)string.data[i];
    if (c == '"' || c == '\\')
      amsTextAppend(text, "\\%c", c);
    else if (c < 0x20)
      amsTextAppend(text, "\\u%04x", c);
    else
      amsTextAppendBytes(text, string.data + i, 1);
  }
  amsTextAppend(text, "\"");
}

static void printJsonLine(const AmsCostLine *line, AmsText *text) {
  amsTextAppend(text, "{\"name\": ");
  printString(line->name, text);
  amsTextAppend(text, ", \"reprogrammed\": %s",
                line->reprogrammed ? "true" : "false");
  for (size_t i = 0; i < NUM_FIELDS; ++i)
    amsTextAppend(text, ", \"%s\": %.17g", fields[i].key,
                  valueOf(line, &fields[i]));
  amsTextAppend(text, "}");
}

void amsCostReportJson(const AmsCostReport *report, AmsText *text) {
  const AmsCostConstants *constants = &report->constants;
  amsTextAppend(text,
                "{\n  \"constants\": {\"adc_step_pj\": %.17g, \"dac_bit_pj\": "
                "%.17g, \"cell_pj\": %.17g, \"program_pj\": %.17g, "
                "\"addition_pj\": %.17g, \"product_pj\": %.17g, "
                "\"program_cycles\": %.17g},\n  \"layers\": [",
                constants->adcStep, constants->dacBit, constants->cell,
                constants->program, constants->addition, constants->product,
                constants->programCycles);
  for (size_t i = 0; i < report->numLines; ++i) {
    amsTextAppend(text, i ? ",\n    " : "\n    ");
    printJsonLine(&report->lines[i], text);
  }
  amsTextAppend(text, "\n  ],\n  \"total\": ");
  printJsonLine(&report->total, text);
  amsTextAppend(text, "\n}\n");
}
