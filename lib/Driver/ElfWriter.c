/*===-- ElfWriter.c - Raw constants as an object file ------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* The file: ELF header, constants, table, table's relocations, symbols,      *|
|* symbols' names, sections' names, section headers.                          *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "ElfWriter.h"

#include <stdbool.h>
#include <string.h>

#ifndef SHF_X86_64_LARGE
#define SHF_X86_64_LARGE 0x10000000
#endif

enum { partAlignment = 64 };

/* Past this many bytes the linker shall place the constants outermost, so that
 * code and ordinary data stay within reach of each other. */
static const uint64_t largeThreshold = UINT64_C(1) << 30;

enum {
  sectionNull,
  sectionConstants,
  sectionTable,
  sectionRelocations,
  sectionSymbols,
  sectionStrings,
  sectionStack, /* tells the linker that no stack need be executable */
  sectionNames,
  numSections,
};

enum { symbolNull, symbolConstants, symbolTable, numSymbols };

static const char symbolNames[] = "\0ams_sections";

typedef struct Layout {
  Elf64_Shdr headers[numSections];
  char names[128];
  size_t namesSize;
  uint64_t end; /* of what is laid out so far */
} Layout;

/* Rounds up to a multiple of `alignment`; false where that overflows. */
static bool align(uint64_t *value, uint64_t alignment) {
  if (__builtin_add_overflow(*value, alignment - 1, value))
    return false;
  *value -= *value % alignment;
  return true;
}

/* Adds the size of `part` behind `*size`; false where that overflows. */
static bool addPart(uint64_t *size, const AmsElfPart *part) {
  uint64_t bytes;
  return align(size, partAlignment) &&
         !__builtin_mul_overflow(part->size, part->repeat, &bytes) &&
         !__builtin_add_overflow(*size, bytes, size);
}

static void place(Layout *layout, int section, const char *name, uint32_t type,
                  uint64_t flags, uint64_t alignment, uint64_t size) {
  layout->end += (alignment - layout->end % alignment) % alignment;
  layout->headers[section] = (Elf64_Shdr){
      .sh_name = layout->namesSize,
      .sh_type = type,
      .sh_flags = flags,
      .sh_offset = layout->end,
      .sh_size = size,
      .sh_addralign = alignment,
  };
  layout->end += size;
  size_t length = strlen(name) + 1;
  memcpy(layout->names + layout->namesSize, name, length);
  layout->namesSize += length;
}

static void layOut(Layout *layout, uint16_t machine, uint64_t constantsSize,
                   uint64_t tableEntries, size_t count) {
  bool large = machine == EM_X86_64 && constantsSize > largeThreshold;
  *layout = (Layout){.namesSize = 1, .end = sizeof(Elf64_Ehdr)};
  place(layout, sectionConstants, large ? ".lrodata.ams" : ".rodata.ams",
        SHT_PROGBITS, SHF_ALLOC | (large ? SHF_X86_64_LARGE : 0), partAlignment,
        constantsSize);
  place(layout, sectionTable, ".data.rel.ro", SHT_PROGBITS,
        SHF_ALLOC | SHF_WRITE, sizeof(uint64_t),
        tableEntries * sizeof(uint64_t));
  place(layout, sectionRelocations, ".rela.data.rel.ro", SHT_RELA,
        SHF_INFO_LINK, sizeof(uint64_t), count * sizeof(Elf64_Rela));
  layout->headers[sectionRelocations].sh_link = sectionSymbols;
  layout->headers[sectionRelocations].sh_info = sectionTable;
  layout->headers[sectionRelocations].sh_entsize = sizeof(Elf64_Rela);
  place(layout, sectionSymbols, ".symtab", SHT_SYMTAB, 0, sizeof(uint64_t),
        numSymbols * sizeof(Elf64_Sym));
  layout->headers[sectionSymbols].sh_link = sectionStrings;
  layout->headers[sectionSymbols].sh_info = symbolTable; /* first not local */
  layout->headers[sectionSymbols].sh_entsize = sizeof(Elf64_Sym);
  place(layout, sectionStrings, ".strtab", SHT_STRTAB, 0, 1,
        sizeof(symbolNames));
  place(layout, sectionStack, ".note.GNU-stack", SHT_PROGBITS, 0, 1, 0);
  /* Its own name counts in its size. */
  place(layout, sectionNames, ".shstrtab", SHT_STRTAB, 0, 1,
        layout->namesSize + sizeof(".shstrtab"));
}

static void padTo(FILE *stream, uint64_t *position, uint64_t target) {
  for (; *position < target; ++*position)
    fputc(0, stream);
}

static void put(FILE *stream, uint64_t *position, const void *data,
                uint64_t size) {
  if (size)
    fwrite(data, 1, size, stream);
  *position += size;
}

static void writeConstants(FILE *stream, uint64_t *position,
                           const AmsElfPart *parts, size_t count) {
  uint64_t start = *position;
  uint64_t offset = 0;
  for (size_t i = 0; i < count; ++i) {
    align(&offset, partAlignment);
    padTo(stream, position, start + offset);
    for (uint64_t r = 0; r < parts[i].repeat; ++r)
      put(stream, position, parts[i].data, parts[i].size);
    offset += parts[i].size * parts[i].repeat;
  }
}

static void writeRelocations(FILE *stream, uint64_t *position, uint16_t machine,
                             const AmsElfPart *parts, size_t count) {
  uint32_t type = machine == EM_AARCH64 ? R_AARCH64_ABS64 : R_X86_64_64;
  uint64_t offset = 0;
  for (size_t i = 0; i < count; ++i) {
    align(&offset, partAlignment);
    Elf64_Rela relocation = {
        .r_offset = i * sizeof(uint64_t),
        .r_info = ELF64_R_INFO((uint64_t)symbolConstants, type),
        .r_addend = (int64_t)offset,
    };
    put(stream, position, &relocation, sizeof(relocation));
    offset += parts[i].size * parts[i].repeat;
  }
}

static void writeSymbols(FILE *stream, uint64_t *position, uint64_t tableSize) {
  Elf64_Sym symbols[numSymbols] = {
      [symbolConstants] = {.st_info = ELF64_ST_INFO(STB_LOCAL, STT_SECTION),
                           .st_shndx = sectionConstants},
      [symbolTable] = {.st_name = 1,
                       .st_info = ELF64_ST_INFO(STB_GLOBAL, STT_OBJECT),
                       .st_other = STV_HIDDEN,
                       .st_shndx = sectionTable,
                       .st_size = tableSize},
  };
  put(stream, position, symbols, sizeof(symbols));
}

ams_status_t amsElfWrite(FILE *stream, uint16_t machine,
                         const AmsElfPart *parts, size_t count) {
  uint64_t constantsSize = 0;
  bool fits = true;
  for (size_t i = 0; i < count; ++i)
    fits = fits && addPart(&constantsSize, &parts[i]);
  /* The rest of the file is far smaller than the room left here. */
  if (!fits || constantsSize > INT64_MAX / 2 || count > UINT32_MAX)
    return ams_status_make(AMS_STATUS_INVALID_DATA,
                           "the model's constants are too large for a file");

  /* A table is never empty, so that its symbol has a place. */
  uint64_t tableEntries = count ? count : 1;
  Layout layout;
  layOut(&layout, machine, constantsSize, tableEntries, count);
  uint64_t headersOffset = layout.end;
  align(&headersOffset, sizeof(uint64_t));
  Elf64_Ehdr header = {
      .e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB,
                  EV_CURRENT, ELFOSABI_NONE},
      .e_type = ET_REL,
      .e_machine = machine,
      .e_version = EV_CURRENT,
      .e_shoff = headersOffset,
      .e_ehsize = sizeof(Elf64_Ehdr),
      .e_shentsize = sizeof(Elf64_Shdr),
      .e_shnum = numSections,
      .e_shstrndx = sectionNames,
  };

  uint64_t position = 0;
  const Elf64_Shdr *sections = layout.headers;
  put(stream, &position, &header, sizeof(header));
  padTo(stream, &position, sections[sectionConstants].sh_offset);
  writeConstants(stream, &position, parts, count);
  padTo(stream, &position,
        sections[sectionTable].sh_offset + sections[sectionTable].sh_size);
  padTo(stream, &position, sections[sectionRelocations].sh_offset);
  writeRelocations(stream, &position, machine, parts, count);
  padTo(stream, &position, sections[sectionSymbols].sh_offset);
  writeSymbols(stream, &position, sections[sectionTable].sh_size);
  padTo(stream, &position, sections[sectionStrings].sh_offset);
  put(stream, &position, symbolNames, sizeof(symbolNames));
  padTo(stream, &position, sections[sectionNames].sh_offset);
  put(stream, &position, layout.names, layout.namesSize);
  padTo(stream, &position, headersOffset);
  put(stream, &position, layout.headers, sizeof(layout.headers));
  return AMS_OK;
}
