//===-- conv_shared.c - Blocks that output pixels share -----------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A block of an input vector begins at some position of the kernel and channel
// and spans some pixels. Blocks that span pixels in the same way, from the same
// channel on, are of one kind, wherever in the kernel they begin: for 64
// channels and n = 128, positions (0, 0) and (0, 1), (1, 1) and (1, 2), (2, 0)
// and (2, 1) are three blocks of one kind, (0, 2) and (1, 0) one of another. So
// an image has one block a kind and pixel, each of them in the vectors of
// several output pixels. It is quantised once, and its codes are copied to all
// vectors that it is part of.
//
// Pixels are counted by strides: block j of output pixel (y, x) is the block of
// its kind at (y + row of j, x + column of j). Of each kind, as many rows of
// blocks are kept as a panel reaches over; a new row takes the place of the
// oldest.
//
//===----------------------------------------------------------------------===//

#include "conv_shared.h"

#include "memory.h"
#include "patches.h"

#include <stdlib.h>

/// Most bytes of rows of blocks that are worth keeping: they should stay in the
/// second-level cache with a panel and some weights.
#define MOST_BYTES (1 << 20)

/// Shortest blocks, in elements, that are not quicker quantised than found.
#define LEAST_LENGTH 8

/// How many times more elements must be used than quantised.
#define LEAST_USES 1.4

/// Blocks alike.
typedef struct kind {
  int64_t channel, length;
  bool wraps;            // goes on in the next row of the kernel
  int64_t kernel_column; // of its first block; of all blocks if it wraps
  int64_t row_phase, column_phase; // pixels beyond a multiple of the stride
  // Of its blocks in a vector, in strides.
  int64_t first_row, last_row, first_column, last_column;
  // Rows of blocks of an image; blocks of a row; rows that are kept, and where:
  // bytes from the rows of all kinds, and numbers from all tags.
  int64_t height, width;
  int64_t kept;
  size_t row_size, rows;
  int64_t tags;
} kind_t;

/// Block j of vectors.
typedef struct block {
  int64_t kind, row, column;
} block_t;

struct ams_conv_shared {
  const ams_product_t *product;
  size_t block_size;
  int64_t num_kinds, num_tags;
  size_t rows_size;
  kind_t *kinds;
  block_t blocks[];
};

/// What a thread's memory begins with; tags, room and rows follow.
typedef struct state {
  const void *blocks[AMS_PANEL_VECTORS];
  bool spoiled; // a block held a NaN or infinity
} state_t;

/// A thread's memory.
typedef struct memory {
  state_t *state;
  int64_t *tags; // which rows are kept: numbers over groups and images
  float *room;   // for AMS_BLOCKS_TOGETHER blocks
  char *rows;
} memory_t;

static int64_t divide_up(int64_t value, int64_t divisor) {
  return (value - 1) / divisor + 1;
}

//===----------------------------------------------------------------------===//
// How blocks are shared
//===----------------------------------------------------------------------===//

static kind_t kind_of(const ams_product_t *product, int64_t block,
                      block_t *out_block) {
  const ams_abi_conv_t *conv = product->conv;
  const ams_geometry_t *geometry = &product->weights->geometry;
  const int64_t channels = conv->in_c / product->weights->groups;
  const int64_t first = block * geometry->n;
  const int64_t left = geometry->reduction - first;
  const int64_t position = first / channels;
  const int64_t row = position / conv->kernel_w * conv->dilation_h;
  const int64_t kernel_column = position % conv->kernel_w;
  const int64_t column = kernel_column * conv->dilation_w;
  kind_t kind = {
      .channel = first % channels,
      .length = left < geometry->n ? left : geometry->n,
      .kernel_column = kernel_column,
      .row_phase = row % conv->stride_h,
      .column_phase = column % conv->stride_w,
      .first_row = row / conv->stride_h,
      .first_column = column / conv->stride_w,
  };
  const int64_t pixels = divide_up(kind.channel + kind.length, channels);
  kind.wraps = kernel_column + pixels > conv->kernel_w;
  kind.last_row = kind.first_row;
  kind.last_column = kind.first_column;
  *out_block = (block_t){.row = kind.first_row, .column = kind.first_column};
  return kind;
}

static bool are_alike(const kind_t *a, const kind_t *b) {
  return a->channel == b->channel && a->length == b->length &&
         a->wraps == b->wraps &&
         (!a->wraps || a->kernel_column == b->kernel_column) &&
         a->row_phase == b->row_phase && a->column_phase == b->column_phase;
}

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
static int64_t greatest(int64_t a, int64_t b) { return a > b ? a : b; }

/// Sorts the blocks of a vector by kinds.
static void sort_blocks(ams_conv_shared_t *shared) {
  const int64_t blocks = shared->product->weights->geometry.blocks;
  for (int64_t j = 0; j < blocks; ++j) {
    block_t *block = &shared->blocks[j];
    const kind_t kind = kind_of(shared->product, j, block);
    int64_t k = 0;
    while (k < shared->num_kinds && !are_alike(&shared->kinds[k], &kind))
      ++k;
    block->kind = k;
    kind_t *known = &shared->kinds[k];
    if (k == shared->num_kinds) {
      ++shared->num_kinds;
      *known = kind;
      continue;
    }
    known->first_row = least(known->first_row, kind.first_row);
    known->last_row = greatest(known->last_row, kind.last_row);
    known->first_column = least(known->first_column, kind.first_column);
    known->last_column = greatest(known->last_column, kind.last_column);
  }
}

/// Sizes of the rows of each kind, and where they lie.
static void place_rows(ams_conv_shared_t *shared, int64_t panel) {
  const ams_abi_conv_t *conv = shared->product->conv;
  const int64_t of_image = (int64_t)conv->out_h * conv->out_w;
  const int64_t images = shared->product->vectors / of_image;
  // From the first vector of a panel to its last.
  const int64_t lines = (panel + conv->out_w - 2) / conv->out_w;
  const int64_t others = least((panel + of_image - 2) / of_image, images - 1);
  for (int64_t k = 0; k < shared->num_kinds; ++k) {
    kind_t *kind = &shared->kinds[k];
    const int64_t reach = kind->last_row - kind->first_row;
    kind->height = conv->out_h + reach;
    kind->width = conv->out_w + kind->last_column - kind->first_column;
    kind->kept = least(lines + 1 + reach * (others + 1), images * kind->height);
    kind->row_size = (size_t)divide_up(kind->width, AMS_BLOCKS_TOGETHER) *
                     AMS_BLOCKS_TOGETHER * shared->block_size;
    kind->rows = shared->rows_size;
    kind->tags = shared->num_tags;
    shared->rows_size += (size_t)kind->kept * kind->row_size;
    shared->num_tags += kind->kept;
  }
}

static bool pays(const ams_conv_shared_t *shared) {
  const ams_product_t *product = shared->product;
  const ams_abi_conv_t *conv = product->conv;
  double quantised = 0;
  for (int64_t k = 0; k < shared->num_kinds; ++k) {
    const kind_t *kind = &shared->kinds[k];
    quantised +=
        (double)kind->length * (double)kind->width * (double)kind->height;
  }
  const double used =
      (double)product->weights->geometry.reduction * conv->out_h * conv->out_w;
  return used >= LEAST_USES * quantised && shared->rows_size <= MOST_BYTES;
}

ams_status_t ams_conv_shared_make(const ams_product_t *product, int64_t panel,
                                  ams_conv_shared_t **out_shared) {
  const ams_geometry_t *geometry = &product->weights->geometry;
  *out_shared = NULL;
  if (geometry->n < LEAST_LENGTH)
    return AMS_OK;
  const size_t blocks = (size_t)geometry->blocks;
  ams_conv_shared_t *shared;
  AMS_RETURN_IF_ERROR(ams_memory_allocate(
      1,
      ams_memory_align(sizeof *shared +
                       blocks * (sizeof(block_t) + sizeof(kind_t))),
      (void **)&shared));
  *shared = (ams_conv_shared_t){
      .product = product,
      .block_size = product->weights->kernel->block_size(geometry),
      .kinds = (kind_t *)(shared->blocks + blocks),
  };
  sort_blocks(shared);
  place_rows(shared, panel);
  if (pays(shared))
    *out_shared = shared;
  else
    free(shared);
  return AMS_OK;
}

//===----------------------------------------------------------------------===//
// A thread's memory
//===----------------------------------------------------------------------===//

static size_t tags_size(const ams_conv_shared_t *shared) {
  return ams_memory_align((size_t)shared->num_tags * sizeof(int64_t));
}

static size_t room_size(const ams_conv_shared_t *shared) {
  return ams_memory_align((size_t)shared->product->weights->geometry.n *
                          AMS_BLOCKS_TOGETHER * sizeof(float));
}

size_t ams_conv_shared_size(const ams_conv_shared_t *shared) {
  return ams_memory_align(sizeof(state_t)) + tags_size(shared) +
         room_size(shared) + ams_memory_align(shared->rows_size);
}

static memory_t view(const ams_conv_shared_t *shared, void *memory) {
  char *tags = (char *)memory + ams_memory_align(sizeof(state_t));
  char *room = tags + tags_size(shared);
  return (memory_t){memory, (int64_t *)tags, (float *)room,
                    room + room_size(shared)};
}

void ams_conv_shared_begin(const ams_conv_shared_t *shared, void *memory) {
  const memory_t own = view(shared, memory);
  own.state->spoiled = false;
  for (int64_t i = 0; i < shared->num_tags; ++i)
    own.tags[i] = -1;
}

//===----------------------------------------------------------------------===//
// Panels
//===----------------------------------------------------------------------===//

/// An output pixel.
typedef struct pixel {
  int64_t image, row, column;
} pixel_t;

static pixel_t pixel_of(const ams_abi_conv_t *conv, int64_t vector) {
  return (pixel_t){vector / conv->out_w / conv->out_h,
                   vector / conv->out_w % conv->out_h, vector % conv->out_w};
}

/// Quantises row `row` of the blocks of a kind, counted over all images.
static void quantise_row(const ams_conv_shared_t *shared, const kind_t *kind,
                         int64_t group, int64_t row, const memory_t *own,
                         char *to) {
  const ams_product_t *product = shared->product;
  const ams_weights_t *weights = product->weights;
  const ams_abi_conv_t *conv = product->conv;
  const int64_t image = row / kind->height;
  const float *x = product->x + image * conv->in_h * conv->in_w * conv->in_c;
  ams_patch_t patch = {
      .row = (kind->first_row + row % kind->height) * conv->stride_h +
             kind->row_phase - conv->pad_top,
      .column = kind->first_column * conv->stride_w + kind->column_phase -
                conv->pad_left,
      .kernel_column = kind->kernel_column,
      .channel = kind->channel,
      .length = kind->length,
  };
  for (int64_t first = 0; first < kind->width; first += AMS_BLOCKS_TOGETHER) {
    const int64_t count = least(kind->width - first, AMS_BLOCKS_TOGETHER);
    const float *blocks[AMS_BLOCKS_TOGETHER];
    for (int64_t i = 0; i < count; ++i, patch.column += conv->stride_w)
      blocks[i] = ams_patch_find(conv, weights->groups, group, x, &patch,
                                 own->room + i * kind->length);
    if (!weights->kernel->quantise_blocks(&weights->geometry, blocks,
                                          kind->length, count, to))
      own->state->spoiled = true;
    to += AMS_BLOCKS_TOGETHER * shared->block_size;
  }
}

/// Quantises the rows of a kind that vectors first..last need, unless they are
/// there.
static void quantise_rows(const ams_conv_shared_t *shared, const kind_t *kind,
                          int64_t group, const pixel_t *first,
                          const pixel_t *last, const memory_t *own) {
  const ams_product_t *product = shared->product;
  const int64_t images =
      product->vectors / product->conv->out_w / product->conv->out_h;
  const int64_t of_group = images * kind->height;
  const int64_t end =
      last->image * kind->height + last->row + kind->last_row - kind->first_row;
  for (int64_t row = first->image * kind->height + first->row; row <= end;
       ++row) {
    int64_t *tag = &own->tags[kind->tags + row % kind->kept];
    if (*tag == group * of_group + row)
      continue;
    *tag = group * of_group + row;
    quantise_row(shared, kind, group, row, own,
                 own->rows + kind->rows +
                     (size_t)(row % kind->kept) * kind->row_size);
  }
}

/// Where block `block` of the vectors from `pixel` on is kept.
static void find_blocks(const ams_conv_shared_t *shared, const block_t *block,
                        pixel_t pixel, int64_t vectors, const memory_t *own) {
  const ams_abi_conv_t *conv = shared->product->conv;
  const kind_t *kind = &shared->kinds[block->kind];
  const int64_t down = block->row - kind->first_row;
  const int64_t right = block->column - kind->first_column;
  for (int64_t r = 0; r < vectors;) {
    const int64_t run = least(conv->out_w - pixel.column, vectors - r);
    const int64_t row = pixel.image * kind->height + pixel.row + down;
    const char *at = own->rows + kind->rows +
                     (size_t)(row % kind->kept) * kind->row_size +
                     (size_t)(pixel.column + right) * shared->block_size;
    for (int64_t i = 0; i < run; ++i, ++r, at += shared->block_size)
      own->state->blocks[r] = at;
    pixel.column = 0;
    if (++pixel.row == conv->out_h) {
      pixel.row = 0;
      ++pixel.image;
    }
  }
}

int64_t ams_conv_shared_fill(const ams_conv_shared_t *shared, int64_t group,
                             int64_t first, int64_t vectors, void *memory,
                             void *inputs) {
  const ams_product_t *product = shared->product;
  const ams_weights_t *weights = product->weights;
  const memory_t own = view(shared, memory);
  const pixel_t begin = pixel_of(product->conv, first);
  const pixel_t end = pixel_of(product->conv, first + vectors - 1);
  for (int64_t k = 0; k < shared->num_kinds; ++k)
    quantise_rows(shared, &shared->kinds[k], group, &begin, &end, &own);
  for (int64_t j = 0; j < weights->geometry.blocks; ++j) {
    find_blocks(shared, &shared->blocks[j], begin, vectors, &own);
    weights->kernel->place_blocks(&weights->geometry, vectors, j,
                                  own.state->blocks, inputs);
  }
  // A spoiled block need not be one of these vectors'.
  return own.state->spoiled
             ? ams_patches_find_bad(product->conv, weights->groups, group,
                                    product->x, first, vectors)
             : -1;
}
