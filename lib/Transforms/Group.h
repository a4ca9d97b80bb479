/*===-- Group.h - Digital operations that are computed together ---*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* A group ends in one operation, its last; the others compute only what that *|
|* one needs. All of them are computed row by row: the group's rows are the   *|
|* first loops of each member, and inside of a row at most one loop is left.  *|
|* Loops that run along neighbouring dimensions wherever they occur count as  *|
|* one.                                                                       *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_TRANSFORMS_GROUP_H
#define AMS_TRANSFORMS_GROUP_H

#include "Structured.h"

enum { AmsMaxMembers = 24, AmsMaxRows = 3 };

typedef enum AmsGroupKind {
  AmsGroupRows,    /* elements, and reductions along rows */
  AmsGroupColumns, /* one reduction across rows: [rows,] reduced, parallel */
  AmsGroupWindow,  /* one pooling: [image, row, column, channel] of windows */
  AmsGroupLoops,   /* one operation that no schedule is for */
} AmsGroupKind;

typedef struct AmsGroup {
  AmsGroupKind kind;
  int numRows; /* loops of `last` that are rows, as merged */
  /* The last operation first, each before what it needs but for fills, which
   * may stand anywhere. The loops and accesses are those that are left when
   * neighbours are merged. */
  int numMembers;
  AmsStructured members[AmsMaxMembers];
} AmsGroup;

/* The largest group that ends in `last`. NULL, or why there is none. */
const char *amsGroupFind(MlirOperation last, AmsGroup *group);

/* The number of the member that computes `value`, or -1. */
int amsGroupMember(const AmsGroup *group, MlirValue value);

#endif /* AMS_TRANSFORMS_GROUP_H */
