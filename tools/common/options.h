//===-- options.h - Command lines ---------------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The command line of every tool: --name=value, --name value, -o value, --help.
// A tool describes its options in a table and walks the command line with
// ams_arguments_next; values are parsed by number.h. Errors are statuses.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TOOLS_OPTIONS_H
#define AMS_TOOLS_OPTIONS_H

#include "ams/status.h"

#include <stddef.h>
#include <stdio.h>

typedef struct ams_option {
  const char *name;  // "output" for --output
  const char *value; // what the help calls its value; NULL: it takes none;
                     // "[=VALUE]": it may be left out
  const char *help;  // lines are separated by '\n'
  char letter;       // 'o' for -o too, or 0
} ams_option_t;

typedef struct ams_command {
  const char *name;    // "ams-run"
  const char *usage;   // what follows the name: "MODEL.so --input FILE ..."
  const char *summary; // what the tool does
  const ams_option_t *options;
  size_t num_options;
} ams_command_t;

/// What ams_arguments_next found, where it is not an index into the options.
enum {
  AMS_ARGUMENT_END = -1,        // nothing is left
  AMS_ARGUMENT_POSITIONAL = -2, // not an option; the value is the argument
  AMS_ARGUMENT_HELP = -3,       // --help or -h
  AMS_ARGUMENT_VERSION = -4,    // --version
};

/// A walk over a command line.
typedef struct ams_arguments {
  const ams_command_t *command;
  int count;
  char **values;
  int position;
  int options_ended; // "--" was met
} ams_arguments_t;

/// Begins after argv[0].
ams_arguments_t ams_arguments_begin(const ams_command_t *command, int argc,
                                    char **argv);

/// Finds the next argument: its option's index in `*out_option`, or one of the
/// values above, and its value (NULL where there is none). The status names an
/// unknown option, with the nearest known one, and a missing or surplus value.
ams_status_t ams_arguments_next(ams_arguments_t *arguments, int *out_option,
                                const char **out_value);

/// Prints usage, summary and options.
void ams_command_print_help(const ams_command_t *command, FILE *stream);

/// Prints the tool's name and the project's version.
void ams_command_print_version(const ams_command_t *command, FILE *stream);

#endif // AMS_TOOLS_OPTIONS_H
