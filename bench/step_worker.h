//===-- step_worker.h - A compiled step of training at work -------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A worker of ams-bench-step, a process of its own. For each line that it reads
// it takes some steps and writes one line: the least seconds of a step by the
// clock and by the process's time, the loss, and the gradients' sum of squares.
// step_peer.py does the same in PyTorch, on the same numbers.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_BENCH_STEP_WORKER_H
#define AMS_BENCH_STEP_WORKER_H

/// Steps that a worker takes for one line; the first are not timed.
enum { STEP_WARM_UP = 2, STEP_TIMED = 4 };

/// Serves the compiled step at `path` until there are no more lines.
void step_worker(const char *path, int threads);

#endif // AMS_BENCH_STEP_WORKER_H
