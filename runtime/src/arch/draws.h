//===-- draws.h - Random draws for a tile -------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Philox4x32-10 (N1, N4, N5) for 64 outputs at a time: eight blocks, one a
// 64-bit lane.
//
// A lane holds one counter word in its lower half; what its upper half holds is
// never read. Word 0 of a counter depends on the output alone, words 1 and 2 on
// block and vector, word 3 on the layer; so of the first three rounds' products
//   round 1: of word 0 is a constant of the strip, of word 2 one of the vector;
//   round 2: of word 0 is one number a vector and block, of word 2 a constant
//   of
//            the strip;
//   round 3: of word 0 is a constant of strip and vector.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_ARCH_DRAWS_H
#define AMS_ARCH_DRAWS_H

#include "layout.h"
#include "philox.h"
#include "vector.h"

/// Vectors of 64-bit lanes that hold eight counters.
#define DRAW_PARTS (16 / VECTOR_LANES)

/// Blocks of Philox computed side by side.
#define DRAW_SETS (VECTOR_STREAMS / DRAW_PARTS)

/// The 64 draws of one vector and block: words 1 and 0 of the eight Philox
/// blocks, then words 3 and 2. So 16-bit halves of 32 words: word 16 * h + l
/// holds the draws of outputs 32 * h + l (lower half) and 32 * h + 16 + l.
typedef struct draws {
  _Alignas(64) uint32_t word[STRIP_OUTPUTS / 2];
} draws_t;

#define PHILOX_ROUNDS 10
#define PHILOX_MULTIPLIER0 UINT32_C(0xD2511F53)
#define PHILOX_MULTIPLIER1 UINT32_C(0xCD9E8D57)

/// What is common to all draws of a run, and of a strip.
typedef struct draw_stream {
  uint32_t key0[PHILOX_ROUNDS], key1[PHILOX_ROUNDS];
  uint32_t layer;
  ints_t word0[DRAW_PARTS]; // after two rounds, but for the vector's share
  ints_t word1[DRAW_PARTS]; // after two rounds, with round 3's key
  ints_t word2[DRAW_PARTS]; // after two rounds, but for vector and block
} draw_stream_t;

static inline void draw_stream_begin(draw_stream_t *stream, uint64_t seed,
                                     uint32_t layer) {
  for (uint32_t i = 0; i < PHILOX_ROUNDS; ++i) {
    stream->key0[i] = (uint32_t)seed + i * UINT32_C(0x9E3779B9);
    stream->key1[i] = (uint32_t)(seed >> 32) + i * UINT32_C(0xBB67AE85);
  }
  stream->layer = layer;
}

/// Moves the stream to outputs 64 * group and on.
static inline void draw_stream_seek(draw_stream_t *stream, uint32_t group) {
  const ints_t multiplier0 = ints_splat(PHILOX_MULTIPLIER0);
  const ints_t multiplier1 = ints_splat(PHILOX_MULTIPLIER1);
  for (uint32_t part = 0; part < DRAW_PARTS; ++part) {
    ints_t counter = wides_count(8 * group + part * (VECTOR_LANES / 2));
    ints_t product0 = wides_multiply(counter, multiplier0);
    ints_t word2 = ints_xor(wides_upper_by_shift(product0),
                            ints_splat(stream->layer ^ stream->key1[0]));
    ints_t product1 = wides_multiply(word2, multiplier1);
    stream->word0[part] =
        ints_xor(wides_upper_by_shift(product1), ints_splat(stream->key0[1]));
    stream->word1[part] = ints_xor(product1, ints_splat(stream->key0[2]));
    stream->word2[part] = ints_xor(product0, ints_splat(stream->key1[1]));
  }
}

/// One vector's share of a strip's draws.
typedef struct draw_vector {
  uint32_t word2, high_word2;     // of the counter; bits of the vector above 32
  uint32_t key_word0;             // after one round, but for the block
  ints_t product0[DRAW_PARTS];    // of word 0 in round 3
  ints_t product0_up[DRAW_PARTS]; // its upper half
} draw_vector_t;

static inline void draw_vector_begin(draw_vector_t *state,
                                     const draw_stream_t *stream,
                                     uint64_t vector) {
  uint64_t product1 = (uint64_t)PHILOX_MULTIPLIER1 * (uint32_t)vector;
  state->key_word0 = (uint32_t)(product1 >> 32) ^ stream->key0[0] ^
                     ((uint32_t)(vector >> 32) << 20);
  for (int part = 0; part < DRAW_PARTS; ++part) {
    ints_t word0 =
        ints_xor(stream->word0[part], ints_splat((uint32_t)product1));
    state->product0[part] =
        wides_multiply(word0, ints_splat(PHILOX_MULTIPLIER0));
    state->product0_up[part] = wides_upper_by_shift(state->product0[part]);
  }
}

/// One vector and block to draw for.
typedef struct draw_request {
  const draw_vector_t *vector;
  uint32_t share2, share_word2; // of round 2's product: in word 2 after round
                                // 2, and after round 3, with its key
  draws_t *to;
} draw_request_t;

static inline draw_request_t draw_request(const draw_stream_t *stream,
                                          const draw_vector_t *vector,
                                          uint32_t block, draws_t *to) {
  uint64_t product = (uint64_t)PHILOX_MULTIPLIER0 * (vector->key_word0 ^ block);
  return (draw_request_t){vector, (uint32_t)(product >> 32),
                          (uint32_t)product ^ stream->key1[2], to};
}

static inline __attribute__((always_inline)) void
draw_together(const draw_stream_t *stream, const draw_request_t *requests) {
  const ints_t multiplier0 = ints_splat(PHILOX_MULTIPLIER0);
  const ints_t multiplier1 = ints_splat(PHILOX_MULTIPLIER1);
  // The products of round 3 and the words that it makes of them.
  ints_t word0[VECTOR_STREAMS], word2[VECTOR_STREAMS];
  ints_t product0[VECTOR_STREAMS], product1[VECTOR_STREAMS];
#pragma GCC unroll 4
  for (int i = 0; i < VECTOR_STREAMS; ++i) {
    const draw_request_t *request = &requests[i / DRAW_PARTS];
    const draw_vector_t *vector = request->vector;
    const int part = i % DRAW_PARTS;
    ints_t before = ints_xor(stream->word2[part], ints_splat(request->share2));
    product0[i] = vector->product0[part];
    product1[i] = wides_multiply(before, multiplier1);
    word0[i] =
        ints_xor(wides_upper_by_shuffle(product1[i]), stream->word1[part]);
    word2[i] =
        ints_xor(vector->product0_up[part], ints_splat(request->share_word2));
  }
#pragma GCC unroll 6
  for (int round = 3; round < PHILOX_ROUNDS - 1; ++round) {
    const ints_t key0 = ints_splat(stream->key0[round]);
    const ints_t key1 = ints_splat(stream->key1[round]);
    // The last round wants the lower halves of these products in upper ones.
    const bool swaps = round == PHILOX_ROUNDS - 2;
#pragma GCC unroll 4
    for (int i = 0; i < VECTOR_STREAMS; ++i) {
      ints_t old0 = product0[i], old1 = product1[i];
      product0[i] = wides_multiply(word0[i], multiplier0);
      product1[i] = wides_multiply(word2[i], multiplier1);
      ints_t up0 = swaps ? wides_swap_halves(product0[i])
                         : wides_upper_by_shift(product0[i]);
      ints_t up1 = swaps ? wides_swap_halves(product1[i])
                         : wides_upper_by_shuffle(product1[i]);
      word0[i] = ints_xor3(up1, old1, key0);
      word2[i] = ints_xor3(up0, old0, key1);
      if (swaps)
        product0[i] = up0, product1[i] = up1;
    }
  }
  // The last round's words stay paired: 1 and 0 in a lane, 3 and 2 in another.
  const ints_t key0 = ints_splat(stream->key0[PHILOX_ROUNDS - 1]);
  const ints_t key1 = ints_splat(stream->key1[PHILOX_ROUNDS - 1]);
#pragma GCC unroll 4
  for (int i = 0; i < VECTOR_STREAMS; ++i) {
    uint32_t *to =
        requests[i / DRAW_PARTS].to->word + i % DRAW_PARTS * VECTOR_LANES;
    ints_t last0 = wides_multiply(word0[i], multiplier0);
    ints_t last1 = wides_multiply(word2[i], multiplier1);
    ints_store(to, wides_xor3_upper(last1, product1[i], key0));
    ints_store(to + 16, wides_xor3_upper(last0, product0[i], key1));
  }
}

/// The draws of `vectors` vectors, whose states those are, and `blocks` blocks
/// from `first_block`, to draws[block][vector].
static inline void draw_vectors(const draw_stream_t *stream,
                                const draw_vector_t *states, int64_t vectors,
                                int64_t first_block, int64_t blocks,
                                draws_t draws[][TILE_VECTORS]) {
  const int64_t count = blocks * vectors;
  int64_t b = 0, r = 0;
  for (int64_t first = 0; first < count; first += DRAW_SETS) {
    draw_request_t requests[DRAW_SETS];
    for (int64_t i = 0; i < DRAW_SETS; ++i) {
      requests[i] = draw_request(stream, &states[r],
                                 (uint32_t)(first_block + b), &draws[b][r]);
      // The last one fills what is left of a set.
      if (first + i + 1 < count && ++r == vectors)
        r = 0, ++b;
    }
    draw_together(stream, requests);
  }
}

#endif // AMS_ARCH_DRAWS_H
