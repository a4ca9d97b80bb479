//===-- scratch.c - Work in a directory that always goes away -----*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The parent does nothing but wait, so no crash of the work can keep it from
// cleaning up.
//
//===----------------------------------------------------------------------===//

#include "scratch.h"

#include "ams/status.h"
#include "message.h"

#include <errno.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int remove_entry(const char *path, const struct stat *information,
                        int type, struct FTW *place) {
  (void)information, (void)type, (void)place;
  return remove(path);
}

/// Removes the directory and all in it. A linker that has outlived its parent
/// may still write there: try for a second.
static ams_status_t remove_directory(const char *directory) {
  const struct timespec pause = {.tv_nsec = 10000000};
  for (int attempt = 0; attempt < 100; ++attempt) {
    if (nftw(directory, remove_entry, 16, FTW_DEPTH | FTW_PHYS) == 0)
      return AMS_OK;
    nanosleep(&pause, NULL);
  }
  return ams_status_make(AMS_STATUS_IO, "cannot remove %s: %s", directory,
                         strerror(errno));
}

/// What the parent waits for: the child's end, or a request to end.
static sigset_t awaited_signals(void) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGCHLD);
  sigaddset(&signals, SIGHUP);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGQUIT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

/// Waits for the child, passing signals on; gives its wait status and the
/// signal that asked to end, or 0.
static int wait_for_child(pid_t child, const sigset_t *signals,
                          int *out_signal) {
  int result = 0;
  *out_signal = 0;
  while (waitpid(child, &result, WNOHANG) == 0) {
    int signal = 0;
    if (sigwait(signals, &signal) != 0 || signal == SIGCHLD)
      continue;
    *out_signal = signal;
    kill(child, signal);
  }
  return result;
}

static int supervise(const char *tool, const char *directory,
                     ams_scratch_work_t work, void *context) {
  sigset_t signals = awaited_signals(), before;
  sigprocmask(SIG_BLOCK, &signals, &before);
  pid_t child = fork();
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    sigprocmask(SIG_SETMASK, &before, NULL);
    exit(work(directory, context));
  }
  int signal = 0;
  int result = child > 0 ? wait_for_child(child, &signals, &signal) : 0;
  ams_status_t status =
      child > 0 ? AMS_OK
                : ams_status_make(AMS_STATUS_IO, "cannot start a process: %s",
                                  strerror(errno));
  int exit_code = ams_message_finish(tool, remove_directory(directory));
  exit_code |= ams_message_finish(tool, status);
  sigprocmask(SIG_SETMASK, &before, NULL);
  if (signal)
    raise(signal);
  if (WIFEXITED(result))
    return exit_code | WEXITSTATUS(result);
  return ams_message_finish(
      tool, ams_status_make(AMS_STATUS_IO, "the work was ended by a signal: %s",
                            strsignal(WTERMSIG(result))));
}

int ams_scratch_run(const char *tool, ams_scratch_work_t work, void *context) {
  const char *parent = getenv("TMPDIR");
  char *directory = NULL;
  if (asprintf(&directory, "%s/%s.XXXXXX", parent && *parent ? parent : "/tmp",
               tool) < 0)
    return ams_message_finish(
        tool, ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory"));
  int exit_code;
  if (mkdtemp(directory))
    exit_code = supervise(tool, directory, work, context);
  else
    exit_code = ams_message_finish(
        tool, ams_status_make(AMS_STATUS_IO, "cannot make %s: %s", directory,
                              strerror(errno)));
  free(directory);
  return exit_code;
}
