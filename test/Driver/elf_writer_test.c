//===-- elf_writer_test.c - Tests of the object of constants -----*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The object's structures, and the object linked and loaded.
//
//===----------------------------------------------------------------------===//

#include "ElfWriter.h"
#include "Spawn.h"

#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const float triple[] = {1, 2, 3};
static const float splat = 7;
static const char byte = 42;

static const AmsElfPart parts[] = {
    {triple, sizeof(triple), 1},
    {&splat, sizeof(splat), 20},
    {NULL, 0, 1},
    {&byte, 1, 65},
};

enum { numParts = sizeof(parts) / sizeof(*parts) };

static uint8_t *write_object(uint16_t machine, const AmsElfPart *list,
                             size_t count) {
  char *bytes = NULL;
  size_t size = 0;
  FILE *stream = open_memstream(&bytes, &size);
  assert_null(amsElfWrite(stream, machine, list, count));
  assert_int_equal(fclose(stream), 0);
  return (uint8_t *)bytes;
}

static const Elf64_Shdr *find_section(const uint8_t *object, uint32_t type,
                                      uint64_t flags) {
  const Elf64_Ehdr *header = (const Elf64_Ehdr *)object;
  const Elf64_Shdr *sections = (const Elf64_Shdr *)(object + header->e_shoff);
  for (int i = 0; i < header->e_shnum; ++i)
    if (sections[i].sh_type == type && sections[i].sh_flags == flags)
      return &sections[i];
  fail();
  return NULL;
}

static void test_relocations(void **state) {
  (void)state;
  const uint16_t machines[] = {EM_X86_64, EM_AARCH64};
  const uint32_t types[] = {R_X86_64_64, R_AARCH64_ABS64};
  const int64_t offsets[numParts] = {0, 64, 192, 192};
  for (int m = 0; m < 2; ++m) {
    uint8_t *object = write_object(machines[m], parts, numParts);
    assert_int_equal(((const Elf64_Ehdr *)object)->e_machine, machines[m]);
    const Elf64_Shdr *section = find_section(object, SHT_RELA, SHF_INFO_LINK);
    assert_int_equal(section->sh_size, numParts * sizeof(Elf64_Rela));
    const Elf64_Rela *relocations =
        (const Elf64_Rela *)(object + section->sh_offset);
    for (int i = 0; i < numParts; ++i) {
      assert_int_equal(ELF64_R_TYPE(relocations[i].r_info), types[m]);
      assert_int_equal(relocations[i].r_offset, 8 * i);
      assert_int_equal(relocations[i].r_addend, offsets[i]);
    }
    free(object);
  }
}

static void test_constants(void **state) {
  (void)state;
  uint8_t *object = write_object(EM_X86_64, parts, numParts);
  const Elf64_Shdr *section = find_section(object, SHT_PROGBITS, SHF_ALLOC);
  const uint8_t *constants = object + section->sh_offset;
  assert_int_equal(section->sh_addralign, 64);
  assert_int_equal(section->sh_size, 192 + 65);
  assert_memory_equal(constants, triple, sizeof(triple));
  for (int i = 0; i < 20; ++i)
    assert_memory_equal(constants + 64 + 4 * i, &splat, sizeof(splat));
  for (int i = 0; i < 65; ++i)
    assert_int_equal(constants[192 + i], byte);
  free(object);
}

static void test_empty_table_has_a_place(void **state) {
  (void)state;
  uint8_t *object = write_object(EM_X86_64, NULL, 0);
  assert_int_equal(
      find_section(object, SHT_PROGBITS, SHF_ALLOC | SHF_WRITE)->sh_size, 8);
  free(object);
}

static void test_sizes_that_overflow(void **state) {
  (void)state;
  const AmsElfPart huge[] = {{&byte, UINT64_MAX / 2, 3}};
  const AmsElfPart sum[] = {{&byte, 1, UINT64_MAX - 8}, {&byte, 1, 64}};
  FILE *stream = fopen("/dev/null", "w");
  ams_status_t status = amsElfWrite(stream, EM_X86_64, huge, 1);
  assert_int_equal(ams_status_code(status), AMS_STATUS_INVALID_DATA);
  ams_status_free(status);
  status = amsElfWrite(stream, EM_X86_64, sum, 2);
  assert_int_equal(ams_status_code(status), AMS_STATUS_INVALID_DATA);
  ams_status_free(status);
  fclose(stream);
}

static void write_file(const char *path, const void *bytes, size_t size) {
  FILE *stream = fopen(path, "w");
  assert_non_null(stream);
  assert_int_equal(fwrite(bytes, 1, size, stream), size);
  assert_int_equal(fclose(stream), 0);
}

static void test_linked_and_loaded(void **state) {
  (void)state;
  static const char source[] =
      "extern __attribute__((visibility(\"hidden\")))\n"
      "const void *const ams_sections[];\n"
      "const void *section(int i) { return ams_sections[i]; }\n";
  char directory[] = "/tmp/ams-elf-XXXXXX";
  assert_non_null(mkdtemp(directory));
  assert_int_equal(chdir(directory), 0);
  write_file("reader.c", source, strlen(source));
  FILE *stream = fopen("constants.o", "w");
  assert_null(amsElfWrite(stream, EM_X86_64, parts, numParts));
  assert_int_equal(fclose(stream), 0);

  const char *const compilers[] = {AMS_CLANG, NULL};
  const char *arguments[] = {
      NULL,          "-O2",         "-fPIC",
      "-shared",     "-nostdlib",   "-Wl,--fatal-warnings",
      "reader.c",    "constants.o", "-o",
      "./reader.so", NULL};
  ams_status_t status = amsSpawn(compilers, arguments, NULL, 0);
  assert_string_equal(ams_status_message(status), "");
  void *library = dlopen("./reader.so", RTLD_NOW | RTLD_LOCAL);
  assert_non_null(library);
  assert_null(dlsym(library, "ams_sections"));
  union {
    void *symbol;
    const void *(*function)(int);
  } section = {dlsym(library, "section")};
  assert_non_null(section.symbol);
  for (int i = 0; i < numParts; ++i)
    assert_int_equal((uintptr_t)section.function(i) % 64, 0);
  assert_memory_equal(section.function(0), triple, sizeof(triple));
  assert_int_equal(((const float *)section.function(1))[19], 7);
  assert_int_equal(((const char *)section.function(3))[64], 42);

  dlclose(library);
  unlink("reader.c");
  unlink("constants.o");
  unlink("reader.so");
  assert_int_equal(chdir("/"), 0);
  rmdir(directory);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_relocations),
      cmocka_unit_test(test_constants),
      cmocka_unit_test(test_empty_table_has_a_place),
      cmocka_unit_test(test_sizes_that_overflow),
      cmocka_unit_test(test_linked_and_loaded),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
