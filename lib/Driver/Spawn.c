/*===-- Spawn.c - Running another program ------------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* posix_spawnp, with the child's output through a pipe.                      *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* Starts the first program that is there; returns 0 or an error number. */
static int start(const char *const *programs, const char **arguments,
                 const posix_spawn_file_actions_t *actions, pid_t *outChild) {
  int error = ENOENT;
  for (; *programs && error == ENOENT; ++programs) {
    arguments[0] = *programs;
    error = posix_spawnp(outChild, *programs, actions, NULL,
                         (char *const *)arguments, environ);
  }
  return error;
}

/* Reads all that comes through `descriptor` as text; free it. */
static char *readAll(int descriptor) {
  char *text = NULL;
  size_t size = 0;
  FILE *stream = open_memstream(&text, &size);
  char buffer[4096];
  ssize_t length;
  while ((length = read(descriptor, buffer, sizeof(buffer))) > 0 ||
         (length < 0 && errno == EINTR))
    if (stream && length > 0)
      fwrite(buffer, 1, length, stream);
  if (stream)
    fclose(stream);
  while (text && size && text[size - 1] == '\n')
    text[--size] = '\0';
  return text;
}

static ams_status_t waitFor(pid_t child, const char *program,
                            const char *output) {
  int result = 0;
  while (waitpid(child, &result, 0) < 0)
    if (errno != EINTR)
      return ams_status_make(AMS_STATUS_IO, "cannot wait for '%s': %s", program,
                             strerror(errno));
  if (WIFEXITED(result) && WEXITSTATUS(result) == 0)
    return AMS_OK;
  const char *separator = output && *output ? ":\n" : "";
  if (WIFSIGNALED(result))
    return ams_status_make(AMS_STATUS_IO, "'%s' was ended by signal %d%s%s",
                           program, WTERMSIG(result), separator,
                           output ? output : "");
  return ams_status_make(AMS_STATUS_IO, "'%s' failed%s%s", program, separator,
                         output ? output : "");
}

static ams_status_t run(const char *const *programs, const char **arguments,
                        const posix_spawn_file_actions_t *actions,
                        const int pipeEnds[2]) {
  pid_t child = 0;
  int error = start(programs, arguments, actions, &child);
  close(pipeEnds[1]);
  if (error == ENOENT)
    return ams_status_make(AMS_STATUS_NOT_FOUND,
                           "'%s' is not on this machine: install it, or put it "
                           "on PATH",
                           arguments[0]);
  if (error)
    return ams_status_make(AMS_STATUS_IO, "cannot run '%s': %s", arguments[0],
                           strerror(error));
  char *output = readAll(pipeEnds[0]);
  ams_status_t status = waitFor(child, arguments[0], output);
  free(output);
  return status;
}

ams_status_t amsSpawn(const char *const *programs, const char **arguments,
                      const int *descriptors, size_t numDescriptors) {
  int pipeEnds[2];
  if (pipe2(pipeEnds, O_CLOEXEC) != 0)
    return ams_status_make(AMS_STATUS_IO, "cannot make a pipe: %s",
                           strerror(errno));
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipeEnds[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, pipeEnds[1], STDERR_FILENO);
  /* A descriptor duplicated onto itself loses its close-on-exec flag. */
  for (size_t i = 0; i < numDescriptors; ++i)
    posix_spawn_file_actions_adddup2(&actions, descriptors[i], descriptors[i]);
  ams_status_t status = run(programs, arguments, &actions, pipeEnds);
  posix_spawn_file_actions_destroy(&actions);
  close(pipeEnds[0]);
  return status;
}
