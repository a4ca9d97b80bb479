/*===-- Link.c - Objects to a library or program -----------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* The linker's command lines. Inputs have no names and are passed as         *|
|* /proc/self/fd/N.                                                           *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Link.h"

#include "Spawn.h"

#include <dlfcn.h>
#include <gnu/lib-names.h>
#include <limits.h>
#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Where the build found them, then where PATH has them. */
static const char *const linkers[] = {AMS_LINKER, "ld.lld-22", "ld.lld", NULL};
static const char *const compilers[] = {AMS_CLANG, "clang-22", "clang", NULL};

enum { maxArguments = 40 };

/* A command line, and the strings that are made for it. */
typedef struct Command {
  const char *arguments[maxArguments + 1];
  size_t count;
  char code[32], constants[32];
  char runtime[PATH_MAX]; /* directory of the runtime's libraries */
  char rpath[PATH_MAX + 16];
  char paths[4][PATH_MAX + 32];
  size_t numPaths;
} Command;

static void add(Command *command, const char *argument) {
  if (command->count < maxArguments)
    command->arguments[command->count++] = argument;
}

/* Adds the runtime's file `name`. */
static void addRuntimeFile(Command *command, const char *name) {
  char *path = command->paths[command->numPaths++];
  snprintf(path, sizeof(*command->paths), "%s/%s", command->runtime, name);
  add(command, path);
}

/* Writes the directory of the runtime's libraries, without symbolic links: that
 * of the runtime which this process has loaded, else where they are installed.
 */
static ams_status_t findRuntime(char directory[PATH_MAX]) {
  Dl_info info;
  char loaded[PATH_MAX] = "";
  if (dladdr((const void *)(uintptr_t)ams_status_make, &info) &&
      realpath(info.dli_fname, loaded))
    *strrchr(loaded, '/') = '\0';
  const char *const candidates[] = {loaded, AMS_LIBRARY_DIRECTORY};
  for (size_t i = 0; i < 2; ++i) {
    char path[PATH_MAX + 16];
    snprintf(path, sizeof(path), "%s/libams_rt.so", candidates[i]);
    if (*candidates[i] && access(path, R_OK) == 0 &&
        realpath(candidates[i], directory))
      return AMS_OK;
  }
  return ams_status_make(AMS_STATUS_NOT_FOUND,
                         "libams_rt.so is neither in '%s' nor in '%s': build "
                         "or install the runtime",
                         loaded, AMS_LIBRARY_DIRECTORY);
}

/* The path of the C library `name` (of <gnu/lib-names.h>), which this process
 * has loaded, or NULL. */
static const char *loadedLibrary(const char *name) {
  void *handle = dlopen(name, RTLD_LAZY | RTLD_NOLOAD);
  struct link_map *map = NULL;
  if (!handle)
    return NULL;
  bool known = dlinfo(handle, RTLD_DI_LINKMAP, (void *)&map) == 0;
  dlclose(handle);
  return known ? map->l_name : NULL;
}

/* Everything that the code may call is named, so that a symbol that nothing
 * defines is found now and not when the model is loaded. */
static void addSharedLibrary(Command *command, bool inFloat) {
  add(command, "-shared");
  addRuntimeFile(command, "libams_rt.so");
  if (inFloat)
    addRuntimeFile(command, "libams_float.so");
  const char *c = loadedLibrary(LIBC_SO), *math = loadedLibrary(LIBM_SO);
  if (c && math) {
    add(command, "--no-undefined");
    add(command, "--as-needed");
    add(command, c);
    add(command, math);
  }
  add(command, "-rpath");
  add(command, command->runtime);
  add(command, "-rpath");
  add(command, "$ORIGIN");
}

static void addExecutable(Command *command, bool inFloat) {
  add(command, "-fuse-ld=lld");
  addRuntimeFile(command, "libams_runner_main.a");
  addRuntimeFile(command, "libams_runner.a");
  addRuntimeFile(command, "libams_rt.so");
  if (inFloat)
    addRuntimeFile(command, "libams_float.so");
  add(command, "-lz");
  add(command, "-lm");
  snprintf(command->rpath, sizeof(command->rpath), "-Wl,-rpath,%s",
           command->runtime);
  add(command, command->rpath);
}

ams_status_t amsLink(const AmsCompileOptions *options, bool inFloat, int code,
                     int constants) {
  bool executable = options->emit == AmsEmitExecutable;
  Command command = {.count = 1};
  snprintf(command.code, sizeof(command.code), "/proc/self/fd/%d", code);
  snprintf(command.constants, sizeof(command.constants), "/proc/self/fd/%d",
           constants);
  add(&command, "-o");
  add(&command, options->output);
  add(&command, command.code);
  add(&command, command.constants);
  if (options->emit == AmsEmitObject) {
    add(&command, "-r");
  } else {
    AMS_RETURN_IF_ERROR(findRuntime(command.runtime));
    if (executable)
      addExecutable(&command, inFloat);
    else
      addSharedLibrary(&command, inFloat);
  }
  const int descriptors[] = {code, constants};
  return amsSpawn(executable ? compilers : linkers, command.arguments,
                  descriptors, 2);
}
