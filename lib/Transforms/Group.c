/*===-- Group.c - Digital operations that are computed together ---*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* From the last operation backwards: an operation joins if all that use it   *|
|* are members, and if the group still falls into rows.                       *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Group.h"

enum { maxLoops = AmsMaxMembers * AmsMaxLoops };

/* Elements that a group without rows may hold at a time. */
enum { maxSingleRow = 1 << 16 };

/* A group that grows: its loops have numbers that all members share, those of
 * the last operation first. */
typedef struct Growth {
  AmsGroup group;
  int numbers[AmsMaxMembers][AmsMaxLoops];
  int numNumbers;
  int numRows; /* of the last operation's loops */
} Growth;

int amsGroupMember(const AmsGroup *group, MlirValue value) {
  MlirOperation op = amsDefiningOp(value);
  for (int i = 0; i < group->numMembers; ++i)
    if (mlirOperationEqual(group->members[i].op, op))
      return i;
  return -1;
}

/* Makes loops `a` and `b` one; false if a member has both. */
static bool unify(Growth *growth, int a, int b) {
  int kept = a < b ? a : b, gone = a < b ? b : a;
  if (kept == gone)
    return true;
  for (int m = 0; m < growth->group.numMembers; ++m) {
    bool hasKept = false;
    int *found = NULL;
    for (int i = 0; i < growth->group.members[m].numLoops; ++i) {
      hasKept |= growth->numbers[m][i] == kept;
      if (growth->numbers[m][i] == gone)
        found = &growth->numbers[m][i];
    }
    if (found && hasKept)
      return false;
    if (found)
      *found = kept;
  }
  return true;
}

//===----------------------------------------------------------------------===//
// Neighbouring loops
//===----------------------------------------------------------------------===//

/* Which loop stands behind and before each one; `none` for an end or where it
 * is not always the same, `unseen` before the first. */
typedef struct Neighbours {
  int next[maxLoops], previous[maxLoops];
} Neighbours;

enum { none = -1, unseen = -2 };

static void note(int *noted, int neighbour) {
  *noted = *noted == unseen || *noted == neighbour ? neighbour : none;
}

/* Notes the neighbours in loops `order` of member `member`. */
static void noteOrder(const Growth *growth, int member, int rank,
                      const int *order, Neighbours *neighbours) {
  const int *numbers = growth->numbers[member];
  const bool *isReduction = growth->group.members[member].isReduction;
  for (int i = 0; i < rank; ++i) {
    int number = numbers[order[i]];
    int next = none, previous = none;
    if (i + 1 < rank && isReduction[order[i]] == isReduction[order[i + 1]])
      next = numbers[order[i + 1]];
    if (i > 0 && isReduction[order[i]] == isReduction[order[i - 1]])
      previous = numbers[order[i - 1]];
    /* Rows and what is inside of them stay apart. */
    if ((number < growth->numRows) != (next < growth->numRows))
      next = none;
    if ((number < growth->numRows) != (previous < growth->numRows))
      previous = none;
    note(&neighbours->next[number], next);
    note(&neighbours->previous[number], previous);
  }
}

static void findNeighbours(const Growth *growth, Neighbours *neighbours) {
  static const int identity[AmsMaxLoops] = {0, 1, 2, 3, 4, 5, 6, 7};
  for (int i = 0; i < maxLoops; ++i)
    neighbours->next[i] = neighbours->previous[i] = unseen;
  for (int m = 0; m < growth->group.numMembers; ++m) {
    const AmsStructured *member = &growth->group.members[m];
    noteOrder(growth, m, member->numLoops, identity, neighbours);
    for (int k = 0; k < member->numAccesses; ++k)
      noteOrder(growth, m, member->accesses[k].rank, member->accesses[k].loops,
                neighbours);
  }
}

/* Whether loop `number` counts as one with the loop before it. */
static bool isMerged(const Neighbours *neighbours, int number) {
  int previous = neighbours->previous[number];
  return previous >= 0 && neighbours->next[previous] == number;
}

/* Member `index` with neighbouring loops merged; their numbers too. */
static AmsStructured merge(const Growth *growth, const Neighbours *neighbours,
                           int index, int *numbers) {
  const AmsStructured *member = &growth->group.members[index];
  AmsStructured merged = {.op = member->op, .numAccesses = member->numAccesses};
  int position[AmsMaxLoops];
  for (int i = 0; i < member->numLoops; ++i) {
    int number = growth->numbers[index][i];
    if (isMerged(neighbours, number)) {
      merged.extents[merged.numLoops - 1] *= member->extents[i];
      position[i] = -1;
      continue;
    }
    numbers[merged.numLoops] = number;
    merged.extents[merged.numLoops] = member->extents[i];
    merged.isReduction[merged.numLoops] = member->isReduction[i];
    position[i] = merged.numLoops++;
  }
  for (int k = 0; k < member->numAccesses; ++k) {
    AmsAccess *access = &merged.accesses[k];
    for (int i = 0; i < member->accesses[k].rank; ++i)
      if (position[member->accesses[k].loops[i]] >= 0)
        access->loops[access->rank++] = position[member->accesses[k].loops[i]];
  }
  return merged;
}

//===----------------------------------------------------------------------===//
// Rows
//===----------------------------------------------------------------------===//

/* Whether a member has a reduction. */
static bool isReduced(const AmsGroup *group) {
  for (int m = 0; m < group->numMembers; ++m)
    if (!amsStructuredIsParallel(&group->members[m]))
      return true;
  return false;
}

/* Whether `member`, merged, is rows in the group's order and one loop inside of
 * them, along which its operands are contiguous. */
static const char *checkRows(const Growth *growth, const AmsStructured *member,
                             const int *numbers) {
  int rows = 0;
  while (rows < member->numLoops && numbers[rows] < growth->numRows)
    ++rows;
  for (int i = 0; i < rows; ++i)
    if (member->isReduction[i] || (i > 0 && numbers[i] < numbers[i - 1]))
      return "its rows are not in order";
  if (rows > AmsMaxRows)
    return "its rows are more than three loops";
  if (member->numLoops > rows + 1)
    return "more than one loop is left inside of its rows";
  for (int k = 0; k < member->numAccesses; ++k)
    for (int i = 0; i + 1 < member->accesses[k].rank; ++i)
      if (member->accesses[k].loops[i] >= rows)
        return "an operand is not contiguous along its rows";
  return NULL;
}

/* Merges every member of `growth` into `group`. NULL, or why it does not fall
 * into rows. */
static const char *settle(const Growth *growth, AmsGroup *group) {
  Neighbours neighbours;
  findNeighbours(growth, &neighbours);
  *group = growth->group;
  bool isOneRow = growth->numRows == 0 && isReduced(&growth->group) &&
                  group->numMembers > 1;
  for (int m = 0; m < group->numMembers; ++m) {
    int numbers[AmsMaxLoops];
    group->members[m] = merge(growth, &neighbours, m, numbers);
    const char *fault = checkRows(growth, &group->members[m], numbers);
    if (fault)
      return fault;
    if (isOneRow && amsStructuredIterations(&group->members[m]) > maxSingleRow)
      return "its one row is too long";
    if (m > 0)
      continue;
    group->numRows = 0;
    for (int i = 0; i < group->members[0].numLoops; ++i)
      group->numRows += numbers[i] < growth->numRows;
  }
  return NULL;
}

/* Where no member is reduced every loop is a row so far: the last ones that
 * merge become the inside of the rows. */
static void openRows(Growth *growth) {
  if (isReduced(&growth->group))
    return;
  Neighbours neighbours;
  findNeighbours(growth, &neighbours);
  int first = growth->group.members[0].numLoops - 1;
  while (first > 0 && isMerged(&neighbours, first))
    --first;
  growth->numRows = first < 0 ? 0 : first;
}

//===----------------------------------------------------------------------===//
// Members
//===----------------------------------------------------------------------===//

/* Joins the loops of member `producer`, which is read as operand `operand` of
 * member `reader`, and notes in `read` the rows by which it is read. False if
 * two loops of a member would become one. */
static bool joinLoops(Growth *growth, int producer, int reader, int operand,
                      unsigned *read) {
  const AmsStructured *member = &growth->group.members[producer];
  const AmsAccess *to = &growth->group.members[reader].accesses[operand];
  const AmsAccess *from = &member->accesses[member->numAccesses - 1];
  unsigned rows = 0;
  for (int i = 0; i < to->rank; ++i) {
    int number = growth->numbers[reader][to->loops[i]];
    if (!unify(growth, number, growth->numbers[producer][from->loops[i]]))
      return false;
    number = growth->numbers[reader][to->loops[i]];
    if (number < growth->numRows)
      rows |= 1U << number;
  }
  *read &= rows;
  return true;
}

/* Joins the loops of member `index` and of those that read it; false if it is
 * read outside of the group, or the loops do not fit. */
static bool joinReaders(Growth *growth, int index, unsigned *read) {
  const AmsStructured *member = &growth->group.members[index];
  bool fill = amsStructuredIsFill(member); /* every group has its own */
  for (MlirOpOperand use =
           mlirValueGetFirstUse(mlirOperationGetResult(member->op, 0));
       !mlirOpOperandIsNull(use); use = mlirOpOperandGetNextUse(use)) {
    MlirOperation owner = mlirOpOperandGetOwner(use);
    int reader =
        mlirOperationGetNumResults(owner) == 1
            ? amsGroupMember(&growth->group, mlirOperationGetResult(owner, 0))
            : -1;
    if (reader < 0 ? !fill
                   : !joinLoops(growth, index, reader,
                                (int)mlirOpOperandGetOperandNumber(use), read))
      return false;
  }
  return true;
}

/* Adds `op` to the group. False if it does not fit. */
static bool add(Growth *growth, const AmsStructured *op) {
  AmsGroup *group = &growth->group;
  int index = group->numMembers;
  unsigned read = (1U << growth->numRows) - 1;
  group->members[group->numMembers++] = *op;
  for (int i = 0; i < op->numLoops; ++i)
    growth->numbers[index][i] = growth->numNumbers++;
  if (!joinReaders(growth, index, &read))
    return false;
  /* It may read a fill that another member read before. */
  for (int k = 0; k < op->numAccesses; ++k) {
    int fill = amsGroupMember(group, mlirOperationGetOperand(op->op, k));
    if (fill >= 0 && !joinReaders(growth, fill, &read))
      return false;
  }
  /* Rows are the first loops that everything is read by. */
  while (growth->numRows > 0 && read != (1U << growth->numRows) - 1)
    read &= (1U << --growth->numRows) - 1;
  return true;
}

/* Adds one operation that members read; false if there is none to add. */
static bool grow(Growth *growth) {
  AmsGroup settled;
  for (int m = 0; m < growth->group.numMembers; ++m) {
    MlirOperation member = growth->group.members[m].op;
    for (intptr_t k = 0; k < mlirOperationGetNumOperands(member); ++k) {
      MlirValue value = mlirOperationGetOperand(member, k);
      MlirOperation op = amsDefiningOp(value);
      AmsStructured structured;
      if (growth->group.numMembers == AmsMaxMembers ||
          !amsIsOp(op, "linalg.generic") ||
          amsGroupMember(&growth->group, value) >= 0 ||
          !mlirBlockEqual(mlirOperationGetBlock(op),
                          mlirOperationGetBlock(member)) ||
          amsStructuredRead(op, &structured))
        continue;
      Growth grown = *growth;
      if (!add(&grown, &structured))
        continue;
      Growth opened = grown;
      openRows(&opened);
      if (settle(&opened, &settled))
        continue;
      *growth = grown;
      return true;
    }
  }
  return false;
}

/* A reduction whose last loop is parallel: as columns. Only what fills its init
 * is taken with it. */
static const char *findColumns(Growth *growth, AmsGroup *group) {
  const AmsStructured *last = &growth->group.members[0];
  AmsStructured fill;
  MlirValue init = mlirOperationGetOperand(last->op, last->numAccesses - 1);
  growth->numRows = 0;
  if (!amsStructuredRead(amsDefiningOp(init), &fill) &&
      amsStructuredIsFill(&fill) && !add(growth, &fill))
    return "its init is used elsewhere";
  Neighbours neighbours;
  findNeighbours(growth, &neighbours);
  *group = growth->group;
  group->kind = AmsGroupColumns;
  for (int m = 0; m < group->numMembers; ++m) {
    int numbers[AmsMaxLoops];
    group->members[m] = merge(growth, &neighbours, m, numbers);
  }
  const AmsStructured *merged = &group->members[0];
  int reduced = merged->numLoops - 2;
  group->numRows = reduced;
  if (reduced < 0 || reduced > 1 || !merged->isReduction[reduced] ||
      (reduced == 1 && merged->isReduction[0]))
    return "its reduction does not run along one loop before the last";
  for (int k = 0; k < merged->numAccesses; ++k) {
    const AmsAccess *access = &merged->accesses[k];
    for (int i = 0; i < access->rank; ++i)
      if (access->loops[i] == merged->numLoops - 1 && i + 1 < access->rank)
        return "an operand is not contiguous along its last loop";
  }
  return NULL;
}

const char *amsGroupFind(MlirOperation last, AmsGroup *group) {
  Growth growth = {.group = {.kind = AmsGroupRows}};
  AmsStructured structured;
  const char *fault = amsStructuredRead(last, &structured);
  if (fault)
    return fault;
  if (structured.numLoops == 0)
    return "it is one element";
  growth.group.members[0] = structured;
  growth.group.numMembers = 1;
  for (int i = 0; i < structured.numLoops; ++i)
    growth.numbers[0][i] = growth.numNumbers++;
  while (growth.numRows < structured.numLoops &&
         !structured.isReduction[growth.numRows])
    ++growth.numRows;
  if (growth.numRows < structured.numLoops &&
      !structured.isReduction[structured.numLoops - 1])
    return findColumns(&growth, group);
  while (grow(&growth))
    ;
  openRows(&growth);
  return settle(&growth, group);
}
