//===-- bench_step.c - Steps of training over PyTorch's -----------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compiled steps of training, in float32, with differential noise and on the
// device, and PyTorch's float32 step of the same network on the same numbers,
// each in a process of its own, which take turns. Prints ratios of median times
// and the most memory that each process had.
//
//===----------------------------------------------------------------------===//

#include "step_worker.h"
#include "support.h"
#include "timing.h"

#include <fcntl.h>
#include <getopt.h>
#include <math.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/// Threads of OpenMP wait busily for this long after their work.
#define REST_MICROSECONDS 300000

/// Float32 sums in two orders, and results of the device beside float32's;
/// another network differs by far more.
#define FLOAT_DIFFERENCE 1e-3
#define DEVICE_DIFFERENCE 0.2

enum { MOST_TURNS = 99 };

static const char usage[] =
    "Usage: ams-bench-step [--turns=N] [--python=FILE]\n"
    "\n"
    "Time of steps of training, as they are compiled: in float32 over "
    "PyTorch's\n"
    "float32 step; with differential noise, and on a device with n = 128, "
    "8/8/8\n"
    "and G = 8, over float32. A step is the forward pass, the loss and the\n"
    "gradients, without an optimizer, of the ResNet-8 of test/models with 64\n"
    "images, on one thread and on two.\n"
    "\n"
    "  --turns=N      turns to take the median of, 1 to 99; default 9\n"
    "  --python=FILE  a Python that has PyTorch; default /usr/bin/python3,\n"
    "                 where Debian's package python3-torch installs it\n"
    "  --help         this text\n";

typedef struct options {
  int turns;
  const char *python;
} options_t;

/// What takes steps, and what its time is to be compared with.
typedef struct contender {
  const char *name, *model; // NULL: PyTorch
  int peer;                 // index of another
  double bar;
  double difference; // most that is allowed, relative to the peer
} contender_t;

static const contender_t contenders[] = {
    {"PyTorch, float32", NULL, 0, 0, 0},
    {"float32", "step_float32", 0, 1.5, FLOAT_DIFFERENCE},
    {"with noise (DNF)", "step_noise", 1, 1.15, FLOAT_DIFFERENCE},
    {"on device (QAT)", "step_device", 1, 1.3, DEVICE_DIFFERENCE},
};

enum { CONTENDERS = sizeof contenders / sizeof *contenders };

/// One contender at work.
typedef struct worker {
  pid_t process;
  FILE *requests, *answers;
  double times[MOST_TURNS];
  double loss, squares;
  double mebibytes;
} worker_t;

static options_t parse(int argc, char **argv) {
  static const struct option names[] = {{"turns", required_argument, 0, 't'},
                                        {"python", required_argument, 0, 'p'},
                                        {"help", no_argument, 0, 'h'},
                                        {0}};
  options_t options = {.turns = 9, .python = "/usr/bin/python3"};
  for (int name; (name = getopt_long(argc, argv, "", names, NULL)) != -1;)
    switch (name) {
    case 't':
      options.turns = atoi(optarg);
      break;
    case 'p':
      options.python = optarg;
      break;
    case 'h':
      fputs(usage, stdout);
      exit(0);
    default:
      fputs(usage, stderr);
      exit(1);
    }
  if (optind < argc || options.turns < 1 || options.turns > MOST_TURNS) {
    fputs(usage, stderr);
    exit(1);
  }
  return options;
}

static void fail(const char *action) {
  fprintf(stderr, "ams-bench-step: error: cannot ");
  perror(action);
  exit(1);
}

/// Becomes the contender's program; the standard streams are its pipes.
static void become(const contender_t *contender, int threads,
                   const options_t *options) {
  char count[16], warm_up[16], timed[16], path[4096];
  snprintf(count, sizeof count, "%d", threads);
  snprintf(warm_up, sizeof warm_up, "%d", STEP_WARM_UP);
  snprintf(timed, sizeof timed, "%d", STEP_TIMED);
  if (contender->model) {
    snprintf(path, sizeof path, "%s/%s.so", AMS_BENCH_MODELS, contender->model);
    execl("/proc/self/exe", "ams-bench-step", "--worker", path, count,
          (char *)NULL);
  } else {
    execl(options->python, options->python, AMS_BENCH_STEP_PEER, count, warm_up,
          timed, (char *)NULL);
  }
  _exit(127);
}

static void start(worker_t *worker, const contender_t *contender, int threads,
                  const options_t *options) {
  int to[2], from[2];
  if (pipe2(to, O_CLOEXEC) || pipe2(from, O_CLOEXEC))
    fail("open a pipe");
  worker->process = fork();
  if (worker->process < 0)
    fail("start a process");
  if (worker->process == 0) {
    dup2(to[0], STDIN_FILENO);
    dup2(from[1], STDOUT_FILENO);
    become(contender, threads, options);
  }
  close(to[0]);
  close(from[1]);
  worker->requests = fdopen(to[1], "w");
  worker->answers = fdopen(from[0], "r");
  if (!worker->requests || !worker->answers)
    fail("read from a process");
}

/// Lets the worker take its steps; false if it has ended.
static bool take_turn(worker_t *worker, int turn, int threads) {
  char line[256];
  if (fputs("\n", worker->requests) < 0 || fflush(worker->requests) ||
      !fgets(line, sizeof line, worker->answers))
    return false;
  double elapsed, seconds;
  if (sscanf(line, "%lf %lf %lf %lf", &elapsed, &seconds, &worker->loss,
             &worker->squares) != 4)
    return false;
  worker->times[turn] = threads == 1 ? seconds : elapsed;
  if (threads > 1)
    usleep(REST_MICROSECONDS);
  return true;
}

static void end(worker_t *worker) {
  struct rusage usage;
  int status;
  fclose(worker->requests);
  fclose(worker->answers);
  if (wait4(worker->process, &status, 0, &usage) == worker->process)
    worker->mebibytes = (double)usage.ru_maxrss / 1024;
}

/// Ends the program if two contenders computed different things.
static void expect_near(const contender_t *contender, const char *what,
                        double value, double expected) {
  if (fabs(value - expected) <= contender->difference * fabs(expected))
    return;
  fprintf(stderr,
          "ams-bench-step: error: %s: the %s is %g, that of %s is %g: these "
          "are not the same steps\n",
          contender->name, what, value, contenders[contender->peer].name,
          expected);
  exit(1);
}

static void compare(int threads, const options_t *options) {
  worker_t workers[CONTENDERS];
  bool works[CONTENDERS];
  for (int i = 0; i < CONTENDERS; ++i) {
    start(&workers[i], &contenders[i], threads, options);
    works[i] = take_turn(&workers[i], 0, threads);
  }
  for (int turn = 0; turn < options->turns; ++turn)
    for (int i = 0; i < CONTENDERS; ++i)
      works[i] = works[i] && take_turn(&workers[i], turn, threads);

  double medians[CONTENDERS];
  printf("\n%d thread%s, %s time\n", threads, threads == 1 ? "" : "s",
         threads == 1 ? "process" : "elapsed");
  for (int i = 0; i < CONTENDERS; ++i) {
    const contender_t *contender = &contenders[i];
    end(&workers[i]);
    if (!works[i]) {
      printf("%-18s does not run here\n", contender->name);
      continue;
    }
    medians[i] = bench_median(workers[i].times, options->turns);
    printf("%-18s %8.2f ms %7.0f MiB", contender->name, medians[i] * 1e3,
           workers[i].mebibytes);
    if (contender->bar > 0 && works[contender->peer]) {
      expect_near(contender, "loss", workers[i].loss,
                  workers[contender->peer].loss);
      expect_near(contender, "sum of the gradients' squares",
                  workers[i].squares, workers[contender->peer].squares);
      printf("  %5.2f of %s (bar %.2f)", medians[i] / medians[contender->peer],
             contenders[contender->peer].name, contender->bar);
    }
    printf("\n");
  }
}

int main(int argc, char **argv) {
  if (argc == 4 && strcmp(argv[1], "--worker") == 0) {
    step_worker(argv[2], atoi(argv[3]));
    return 0;
  }
  options_t options = parse(argc, argv);
  signal(SIGPIPE, SIG_IGN);
  printf("%s; median of %d turns, in each the least of %d steps\n",
         bench_processor(), options.turns, STEP_TIMED);
  for (int threads = 1; threads <= 2; ++threads) {
    fflush(stdout);
    compare(threads, &options);
  }
  return 0;
}
