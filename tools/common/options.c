//===-- options.c - Command lines ---------------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Matching of arguments against a table of options, and the help's layout.
//
//===----------------------------------------------------------------------===//

#include "options.h"

#include "nearest.h"

#include <stdbool.h>
#include <string.h>

ams_arguments_t ams_arguments_begin(const ams_command_t *command, int argc,
                                    char **argv) {
  return (ams_arguments_t){
      .command = command, .count = argc, .values = argv, .position = 1};
}

/// Name of option `index`, counting --help and --version after the table's.
static const char *option_name(const void *context, size_t index) {
  const ams_command_t *command = context;
  if (index < command->num_options)
    return command->options[index].name;
  return index == command->num_options ? "help" : "version";
}

static ams_status_t unknown_option(const ams_command_t *command,
                                   const char *argument) {
  const char *name = argument + strspn(argument, "-");
  char word[64];
  size_t length = strcspn(name, "=");
  if (length < sizeof word) {
    memcpy(word, name, length);
    word[length] = '\0';
    const char *nearest =
        ams_nearest_word(word, option_name, command, command->num_options + 2);
    if (nearest)
      return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                             "unknown option '%s'; did you mean '--%s'?",
                             argument, nearest);
  }
  return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                         "unknown option '%s'; '%s --help' lists the options",
                         argument, command->name);
}

static bool is_optional(const ams_option_t *option) {
  return option->value && option->value[0] == '[';
}

/// The value of `option`, which `argument` names: `attached` or the argument
/// that follows.
static ams_status_t take_value(ams_arguments_t *arguments,
                               const ams_option_t *option, const char *attached,
                               const char **out_value) {
  if (is_optional(option)) {
    *out_value = attached;
    return AMS_OK;
  }
  if (!option->value) {
    if (attached)
      return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                             "option '--%s' takes no value, but was given '%s'",
                             option->name, attached);
    return AMS_OK;
  }
  if (!attached && arguments->position < arguments->count &&
      strncmp(arguments->values[arguments->position], "--", 2) != 0)
    attached = arguments->values[arguments->position++];
  if (!attached)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "option '--%s' needs a value: --%s=%s", option->name,
                           option->name, option->value);
  *out_value = attached;
  return AMS_OK;
}

static bool is_word(const char *word, size_t length, const char *name) {
  return strlen(name) == length && memcmp(word, name, length) == 0;
}

static ams_status_t long_option(ams_arguments_t *arguments,
                                const char *argument, int *out_option,
                                const char **out_value) {
  const ams_command_t *command = arguments->command;
  const char *word = argument + 2;
  size_t length = strcspn(word, "=");
  for (size_t i = 0; i < command->num_options; ++i) {
    if (!is_word(word, length, command->options[i].name))
      continue;
    *out_option = (int)i;
    return take_value(arguments, &command->options[i],
                      word[length] ? word + length + 1 : NULL, out_value);
  }
  if (strcmp(word, "help") == 0) {
    *out_option = AMS_ARGUMENT_HELP;
    return AMS_OK;
  }
  if (strcmp(word, "version") == 0) {
    *out_option = AMS_ARGUMENT_VERSION;
    return AMS_OK;
  }
  return unknown_option(command, argument);
}

static ams_status_t letter_option(ams_arguments_t *arguments,
                                  const char *argument, int *out_option,
                                  const char **out_value) {
  const ams_command_t *command = arguments->command;
  for (size_t i = 0; i < command->num_options; ++i) {
    if (!command->options[i].letter ||
        command->options[i].letter != argument[1])
      continue;
    *out_option = (int)i;
    return take_value(arguments, &command->options[i],
                      argument[2] ? argument + 2 : NULL, out_value);
  }
  if (strcmp(argument, "-h") == 0) {
    *out_option = AMS_ARGUMENT_HELP;
    return AMS_OK;
  }
  return unknown_option(command, argument);
}

ams_status_t ams_arguments_next(ams_arguments_t *arguments, int *out_option,
                                const char **out_value) {
  *out_value = NULL;
  if (!arguments->options_ended && arguments->position < arguments->count &&
      strcmp(arguments->values[arguments->position], "--") == 0) {
    arguments->options_ended = true;
    ++arguments->position;
  }
  if (arguments->position >= arguments->count) {
    *out_option = AMS_ARGUMENT_END;
    return AMS_OK;
  }
  const char *argument = arguments->values[arguments->position++];
  if (arguments->options_ended || argument[0] != '-' || argument[1] == '\0') {
    *out_option = AMS_ARGUMENT_POSITIONAL;
    *out_value = argument;
    return AMS_OK;
  }
  if (argument[1] == '-')
    return long_option(arguments, argument, out_option, out_value);
  return letter_option(arguments, argument, out_option, out_value);
}

/// Column where the help's explanations begin.
#define HELP_COLUMN 26

static void print_option(FILE *stream, const ams_option_t *option) {
  const char *help = option->help;
  int width = fprintf(stream, "  ");
  if (option->letter)
    width += fprintf(stream, "-%c, ", option->letter);
  width += fprintf(stream, "--%s", option->name);
  if (option->value)
    width +=
        fprintf(stream, "%s%s", is_optional(option) ? "" : "=", option->value);
  if (width >= HELP_COLUMN) {
    fputc('\n', stream);
    width = 0;
  }
  for (;;) {
    size_t length = strcspn(help, "\n");
    fprintf(stream, "%*s%.*s\n", HELP_COLUMN - width, "", (int)length, help);
    if (!help[length])
      return;
    help += length + 1;
    width = 0;
  }
}

void ams_command_print_help(const ams_command_t *command, FILE *stream) {
  fprintf(stream, "usage: %s %s\n\n%s\n\noptions:\n", command->name,
          command->usage, command->summary);
  for (size_t i = 0; i < command->num_options; ++i)
    print_option(stream, &command->options[i]);
  static const ams_option_t common[] = {
      {.name = "help", .help = "print this and end", .letter = 'h'},
      {.name = "version", .help = "print the version and end"}};
  for (size_t i = 0; i < sizeof common / sizeof *common; ++i)
    print_option(stream, &common[i]);
}

void ams_command_print_version(const ams_command_t *command, FILE *stream) {
  fprintf(stream, "%s %s\n", command->name, AMS_VERSION);
}
