//===-- eval_test.c - Tests of ams-eval's parts -------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sweeps, devices, the table and the directory that goes away.
//
//===----------------------------------------------------------------------===//

#include "device.h"
#include "results.h"
#include "scratch.h"
#include "scratch_file.h"
#include "sweep.h"
#include "table.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

static void test_sweep(void **state) {
  (void)state;
  ams_sweep_t sweep;
  assert_ok(
      ams_sweep_parse("  n=8,32,128 bits=8/8/8,6/6/8  gain=0.5,1,16 ", &sweep));
  assert_int_equal(sweep.num_rows, 3);
  assert_int_equal(sweep.rows[2], 128);
  assert_int_equal(sweep.num_bits, 2);
  assert_int_equal(sweep.bits[1].weight, 6);
  assert_int_equal(sweep.bits[1].output, 8);
  assert_int_equal(sweep.num_gains, 3);
  assert_true(sweep.gains[0] == 0.5f);
  assert_ok(ams_sweep_parse("gain=2", &sweep));
  assert_int_equal(sweep.num_rows, 1);
  assert_int_equal(sweep.rows[0], 128);
  assert_int_equal(sweep.num_bits, 1);
  assert_int_equal(sweep.bits[0].input, 8);
  assert_ok(ams_sweep_parse("bits=2/2/16", &sweep));
  assert_true(sweep.gains[0] == 8.0f);
}

static void test_sweep_errors(void **state) {
  (void)state;
  static const struct {
    const char *text, *message;
  } cases[] = {
      {"m=3", "'m=3' is none of n=..., gain=..., bits=..."},
      {"n", "'n' is none of"},
      {"n=", "n needs 1 to 64 values"},
      {"n=8,", "separated by single commas"},
      {"n=,8", "separated by single commas"},
      {"n=8,,8", "separated by single commas"},
      {"n=8 , 32", "',' is none of"},
      {"n=8;32", "'8;32' is not a whole number from 1 to 1024"},
      {"n=0", "'0' is not a whole number from 1 to 1024"},
      {"n=1025", "from 1 to 1024"},
      {"n=8,8", "n=8 is given twice"},
      {"n=8 n=32", "'n' is given twice"},
      {"gain=0", "not a positive number"},
      {"gain=nan", "not a positive number"},
      {"gain=1,1.0", "gain=1.0 is given twice"},
      {"bits=8", "'8' are not of the form"},
      {"bits=8/8", "not of the form"},
      {"bits=8/8/8/8", "not of the form"},
      {"bits=9/8/8", "bits of weight: '9' is not a whole number from 2 to 8"},
      {"bits=8/1/8", "bits of input: '1'"},
      {"bits=8/8/17",
       "bits of output: '17' is not a whole number from 2 to 16"},
      {"bits=//", "bits of weight: ''"},
      {"bits=8/8/8,8/8/8", "given twice"},
      {"gain=1111111111111111111111111111111111", "gain needs 1 to 64 values"},
      {"condition=all", "condition 'all' is none of none, mean"},
      {"condition=mean,mean", "condition=mean is given twice"},
      {"rounding=up", "rounding 'up' is neither nearest nor feedback"},
      {"rounding=nearest,nearest", "rounding=nearest is given twice"},
      {"condition=auto", "let gain=calibrated be the only gain"},
      {"rounding=feedback gain=calibrated,2",
       "let gain=calibrated be the only gain"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
    ams_sweep_t sweep;
    assert_error(ams_sweep_parse(cases[i].text, &sweep), cases[i].message);
  }
}

static void test_device(void **state) {
  (void)state;
  char *path = scratch_path("n100-4-4-6.mlir");
  char *slash = strrchr(path, '/');
  *slash = '\0';
  char *device = NULL;
  assert_ok(ams_device_choose(32, (ams_bits_t){8, 8, 8}, path, &device));
  assert_string_equal(device, "abfp-n32");
  free(device);
  assert_ok(ams_device_choose(128, (ams_bits_t){6, 6, 8}, path, &device));
  assert_string_equal(device, "abfp-n128-668");
  free(device);
  assert_ok(ams_device_choose(100, (ams_bits_t){4, 4, 6}, path, &device));
  *slash = '/';
  assert_string_equal(device, path);
  free(device);
  size_t size;
  unsigned char *bytes = scratch_read(path, &size);
  const char *expected =
      "#ams.device<rows = 100, columns = 100, weight_bits = 4, input_bits = 4, "
      "output_bits = 6, partials = bf16, noise = [#ams.uniform<width = "
      "1.0>]>\n";
  assert_int_equal(size, strlen(expected));
  assert_memory_equal(bytes, expected, size);
  free(bytes);
  scratch_remove(path);
}

static void test_cell(void **state) {
  (void)state;
  ams_figure_t cell = ams_figure_of((double[]){1.0, 3.0}, 2);
  assert_true(cell.mean == 2.0);
  assert_true(cell.deviation > 1.4142 && cell.deviation < 1.4143);
  cell = ams_figure_of((double[]){5.0}, 1);
  assert_true(cell.mean == 5.0 && cell.deviation == 0.0);
}

/// What `print` writes; free it.
static char *printed(const ams_results_t *results, size_t width) {
  char *text = NULL;
  size_t size = 0;
  FILE *stream = open_memstream(&text, &size);
  if (width)
    ams_table_print(results, width, stream);
  else
    ams_table_write_csv(results, stream);
  fclose(stream);
  return text;
}

static void check_printed(const ams_results_t *results, size_t width,
                          const char *expected) {
  char *text = printed(results, width);
  assert_string_equal(text, expected);
  free(text);
}

static void test_table(void **state) {
  (void)state;
  ams_sweep_t sweep;
  assert_ok(ams_sweep_parse("n=8,128 gain=1,16 bits=6/6/8,8/8/8", &sweep));
  ams_results_t results;
  assert_ok(ams_results_create(strdup("a \"net\""), &sweep, 1, &results));
  results.samples = 100;
  results.float32 = 92.5;
  for (size_t b = 0; b < 2; ++b)
    for (size_t n = 0; n < 2; ++n)
      for (size_t g = 0; g < 2; ++g)
        *ams_results_cell(&results, b, n, g) = (ams_cell_t){
            .accuracy = {100.0 - (double)(b * 4 + n * 2 + g), 0.25},
            .decibels = {20.0 + (double)g, 0.5},
            .agreement = {99.0, 0.125},
            .mean_gain = 2,
            .energy = 1234,
            .adc_energy = 10};
  check_printed(&results, 1000,
                "top-1 accuracy in %, 100 samples\n"
                "\n"
                "                                  6/6/8 |           8/8/8\n"
                "network (float32)     n     G=1    G=16 |     G=1    G=16\n"
                "a \"net\" (92.50)       8  100.00   99.00 |   96.00   95.00\n"
                "                    128   98.00   97.00 |   94.00   93.00\n"
                "\n"
                "scores over their error against float32 in dB, 100 samples\n"
                "\n"
                "                                  6/6/8 |           8/8/8\n"
                "network (float32)     n     G=1    G=16 |     G=1    G=16\n"
                "a \"net\" (92.50)       8   20.00   21.00 |   20.00   21.00\n"
                "                    128   20.00   21.00 |   20.00   21.00\n");
  check_printed(&results, 50,
                "top-1 accuracy in %, 100 samples\n"
                "\n"
                "                                  6/6/8\n"
                "network (float32)     n     G=1    G=16\n"
                "a \"net\" (92.50)       8  100.00   99.00\n"
                "                    128   98.00   97.00\n"
                "\n"
                "                                  8/8/8\n"
                "network (float32)     n     G=1    G=16\n"
                "a \"net\" (92.50)       8   96.00   95.00\n"
                "                    128   94.00   93.00\n"
                "\n"
                "scores over their error against float32 in dB, 100 samples\n"
                "\n"
                "                                  6/6/8\n"
                "network (float32)     n     G=1    G=16\n"
                "a \"net\" (92.50)       8   20.00   21.00\n"
                "                    128   20.00   21.00\n"
                "\n"
                "                                  8/8/8\n"
                "network (float32)     n     G=1    G=16\n"
                "a \"net\" (92.50)       8   20.00   21.00\n"
                "                    128   20.00   21.00\n");
  results.seeds = 3;
  char *text = printed(&results, 1000);
  assert_non_null(strstr(text, "100 samples, mean (deviation) of 3 seeds"));
  assert_non_null(strstr(text, "  100.00 (0.25)"));
  free(text);
  text = printed(&results, 0);
  const char *csv =
      "network,metric,samples,seeds,n,bits_weight,bits_input,bits_output,gain,"
      "mean,deviation,float32,decibels,decibels_deviation,energy_nj,"
      "conditioning,rounding,agreement,agreement_deviation,mean_gain,adc_nj\n"
      "\"a \"\"net\"\"\",top1,100,3,8,6,6,8,1,100.0000,0.2500,92.5000,20.0000,"
      "0.5000,1234,none,nearest,99.0000,0.1250,2,10\n";
  assert_memory_equal(text, csv, strlen(csv));
  free(text);
  ams_results_free(&results);
}

/// Rows that differ in conditioning and rounding say so.
static void test_ways(void **state) {
  (void)state;
  ams_sweep_t sweep;
  assert_ok(ams_sweep_parse(
      "gain=calibrated condition=none,auto rounding=nearest,feedback", &sweep));
  assert_int_equal(ams_sweep_num_rows(&sweep), 4);
  assert_string_equal(ams_sweep_row(&sweep, 2).condition, "auto");
  assert_true(ams_sweep_row(&sweep, 1).feedback);
  ams_results_t results;
  assert_ok(ams_results_create(strdup("net"), &sweep, 2, &results));
  results.samples = 100;
  for (size_t r = 0; r < 4; ++r)
    *ams_results_cell(&results, 0, r, 0) =
        (ams_cell_t){.agreement = {90.0 + (double)r, 0.5}, .mean_gain = 3};
  char *text = printed(&results, 1000);
  assert_non_null(strstr(text, "agreement with float32's class in %, 100 "
                               "samples, mean (deviation) of 2 seeds\n\n"));
  assert_non_null(strstr(
      text, "     n  blocks  weights         G=cal.\n"
            "net (0.00)          128    none  nearest   90.00 (0.50)\n"
            "                    128    none feedback   91.00 (0.50)\n"
            "                    128    auto  nearest   92.00 (0.50)\n"
            "                    128    auto feedback   93.00 (0.50)\n"));
  assert_non_null(strstr(text, "mean gain of all conversions\n\n"));
  assert_non_null(strstr(text, "auto feedback           3.00\n"));
  free(text);
  text = printed(&results, 0);
  assert_non_null(strstr(text, ",auto,feedback,93.0000,0.5000,3,0\n"));
  free(text);
  ams_results_free(&results);
}

/// Leaves files in the directory and ends as `context` says: by an exit code,
/// or by a signal (negative).
static int leave_files(const char *directory, void *context) {
  char path[512];
  snprintf(path, sizeof path, "%s/inner", directory);
  mkdir(path, 0777);
  snprintf(path, sizeof path, "%s/inner/file", directory);
  scratch_write(path, "x", 1);
  int end = *(int *)context;
  if (end < 0)
    raise(-end);
  return end;
}

static int interrupt_parent(const char *directory, void *context) {
  (void)directory, (void)context;
  kill(getppid(), SIGTERM);
  pause();
  return 0;
}

/// Runs `work` with the temporary directory inside a new one, which must be
/// empty afterwards; gives the wait status.
static int run_scratch(ams_scratch_work_t work, int end) {
  char *path = scratch_path("none");
  char *slash = strrchr(path, '/');
  *slash = '\0';
  pid_t child = fork();
  if (child == 0) {
    setenv("TMPDIR", path, 1);
    _exit(ams_scratch_run("tool", work, &end));
  }
  int result = 0;
  assert_int_equal(waitpid(child, &result, 0), child);
  *slash = '/';
  scratch_remove(path);
  return result;
}

static void test_scratch(void **state) {
  (void)state;
  int result = run_scratch(leave_files, 0);
  assert_true(WIFEXITED(result) && WEXITSTATUS(result) == 0);
  result = run_scratch(leave_files, 1);
  assert_true(WIFEXITED(result) && WEXITSTATUS(result) == 1);
  result = run_scratch(leave_files, -SIGKILL);
  assert_true(WIFEXITED(result) && WEXITSTATUS(result) == 1);
  result = run_scratch(interrupt_parent, 0);
  assert_true(WIFSIGNALED(result) && WTERMSIG(result) == SIGTERM);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_sweep),   cmocka_unit_test(test_sweep_errors),
      cmocka_unit_test(test_device),  cmocka_unit_test(test_cell),
      cmocka_unit_test(test_table),   cmocka_unit_test(test_ways),
      cmocka_unit_test(test_scratch),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
