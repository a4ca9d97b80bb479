#!/usr/bin/env python3
"""Recomputes noisy products from docs/spec.md alone and compares every bit.

Usage: spec_check.py PROGRAM, where PROGRAM is spec_product.c's. Rule numbers are
those of docs/spec.md. Standard library only; shares no code with the runtime.
"""

import struct
import subprocess
import sys
from fractions import Fraction


SOURCES_SIZE = 624  # of ams_abi_sources_t


def f32(value):
    """Rounds a float64 to float32. Sums and products of two float32 values,
    rounded to float64 first, still round to float32 as if exact."""
    return struct.unpack("<f", struct.pack("<f", value))[0]


def bits(value):
    return struct.unpack("<I", struct.pack("<f", value))[0]


def bf16(value):  # V2
    b = bits(value)
    b = (b + 0x7FFF + (b >> 16 & 1)) & 0xFFFF0000
    return struct.unpack("<f", struct.pack("<I", b))[0]


def largest(width):  # V3
    return 2 ** (width - 1) - 1


def quantise(vector, n, width):  # Q1 to Q4
    codes, scales = [], []
    for begin in range(0, len(vector), n):
        block = [bf16(v) for v in vector[begin : begin + n]]
        scale = max(abs(v) for v in block)
        limit = largest(width)
        row = [0] * n
        for i, v in enumerate(block):
            if scale:
                # round() of a Fraction is exact, ties to even.
                q = round(Fraction(v) * limit / Fraction(scale))
                row[i] = max(-limit, min(limit, q))
        codes.append(row)
        scales.append(scale)
    return codes, scales


MEAN, SPREAD = 1, 2


def lane_sum(block):  # C2
    lanes = [0.0] * 16
    for k, v in enumerate(block):
        lanes[k % 16] = f32(lanes[k % 16] + v)
    for half in (8, 4, 2, 1):
        for l in range(half):
            lanes[l] = f32(lanes[l] + lanes[l + half])
    return lanes[0]


def spread(block, n, signs):  # C3, C4
    powers = [2**i for i in range(n.bit_length() - 1)]
    order = powers + [i for i in range(n) if i not in powers]
    rows = [0.0] * n
    for j, v in enumerate(block):
        rows[order[j]] = -v if signs[order[j]] else v
    h = 1
    while h < n:
        for group in range(0, n, 2 * h):
            for i in range(group, group + h):
                a, b = rows[i], rows[i + h]
                rows[i], rows[i + h] = f32(a + b), f32(a - b)
        h *= 2
    return rows


def condition(vector, n, how, signs, weights):
    """The conditioned vector, and each block's mean (of weights: sum)."""
    count = -(-len(vector) // n)
    piece = -(-len(vector) // count) if how & SPREAD else n  # C1
    result, means = [], []
    for begin in range(0, len(vector), piece):
        block = [bf16(v) for v in vector[begin : begin + piece]]
        mean = lane_sum(block)
        if how & MEAN and not weights:
            mean = bf16(f32(mean * f32(1 / len(block))))
            block = [bf16(f32(v - mean)) for v in block]
        if how & SPREAD:
            block = spread(block, n, signs)
            if weights:
                block = [f32(v * f32(1 / n)) for v in block]
        result += block
        means.append(mean)
    return result, means


def philox(counter, key):
    c, k = list(counter), list(key)
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [
            p1 >> 32 ^ c[1] ^ k[0],
            p1 & 0xFFFFFFFF,
            p0 >> 32 ^ c[3] ^ k[1],
            p0 & 0xFFFFFFFF,
        ]
        k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return c


def draw(seed, layer, vector, block, row, source=0, repeat=0):
    key = (seed & 0xFFFFFFFF, seed >> 32)  # N1
    counter = (  # N4
        8 * (row // 64) + row // 2 % 8,
        block + 2**20 * (vector // 2**32),
        vector % 2**32,
        layer + 2**16 * source + 2**24 * repeat,
    )
    words = philox(counter, key)
    q, p = row // 16 % 4, row % 2  # N5
    word = words[1 - p] if q < 2 else words[3 - p]
    w = word >> 16 if q % 2 else word & 0xFFFF
    return w - 65536 if w >= 32768 else w  # N6


def noise(seed, layer, vector, block, row, width):
    w = draw(seed, layer, vector, block, row)
    return f32(f32(width) * ((w + 0.5) / 65536))


def product(case):
    n, (bw, bx, by) = case["n"], case["bits"]
    gain, rounds = f32(case["gain"]), case["format"] == 0
    limit = largest(by)
    alpha = f32(gain * limit / (n * largest(bw) * largest(bx)))  # A1
    k = f32(n / (gain * limit))  # D1
    how = case["conditioning"]
    signs = [draw(0, case["layer"], 0, 0, row, source=32) < 0
             for row in range(n)]  # C7: a negative number has bit 15 set
    weights, sums = [], []
    for row in case["w"]:
        row, row_sums = condition(row, n, how, signs, True) if how else (row, [])
        weights.append(quantise(row, n, bw))
        sums.append(row_sums)
    result = []
    for v, vector in enumerate(case["x"]):
        if how:
            vector, means = condition(vector, n, how, signs, False)
        x_codes, x_scales = quantise(vector, n, bx)
        for i, (w_codes, w_scales) in enumerate(weights):
            total = None
            for j in range(len(x_codes)):
                d = sum(a * b for a, b in zip(w_codes[j], x_codes[j]))
                a = f32(f32(d) * alpha)
                e = noise(case["seed"], case["layer"],
                          case["first"] + v, j, i, case["noise"])
                if case["noise"]:
                    a = f32(a + e)
                c = max(-limit, min(limit, round(a)))  # A2: ties to even
                r = f32(f32(k * w_scales[j]) * x_scales[j])  # D2
                partial = f32(float(c) * r)  # D3
                if rounds:
                    partial = bf16(partial)
                total = partial if total is None else f32(total + partial)  # D4
                if how & MEAN:
                    total = f32(total + f32(means[j] * sums[i][j]))  # C5
            result.append(bf16(total) if rounds else total)
    return result


def numbers(count, state):
    """Float32 numbers of several magnitudes, some of them 0."""
    result = []
    for _ in range(count):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        value = (state >> 40) / 2**23 - 1
        kind = (state >> 20) % 8
        result.append(f32(0 if kind == 0 else value * 9 if kind == 1 else value))
    return result


def run(program, kernel, case):
    n, (bw, bx, by) = case["n"], case["bits"]
    outputs, vectors, k = len(case["w"]), len(case["x"]), len(case["x"][0])
    data = struct.pack("<9i2fI3Q", n, bw, bx, by, case["format"], case["layer"],
                       outputs, k, vectors, case["gain"], case["noise"],
                       case.get("conditioning", 0),
                       case["seed"], case["first"],
                       case.get("device_seed", 0))
    data += case.get("sources", bytes(SOURCES_SIZE))
    for row in case["w"] + case["x"]:
        data += struct.pack(f"<{k}f", *row)
    done = subprocess.run([*program, kernel], input=data, capture_output=True)
    if done.returncode:
        sys.exit(f"{program[-1]} {kernel}: {done.stderr.decode()}")
    return [bits(v) for v in
            struct.unpack(f"<{outputs * vectors}f", done.stdout)]


def make_case(n, widths, form, gain, width, outputs, k, vectors, seed, first,
              layer, conditioning=0):
    w, x = numbers(outputs * k, n + 1), numbers(vectors * k, n + 2)
    return {
        "n": n, "bits": widths, "format": form, "gain": gain, "noise": width,
        "seed": seed, "first": first, "layer": layer,
        "conditioning": conditioning,
        "w": [w[i * k : (i + 1) * k] for i in range(outputs)],
        "x": [x[i * k : (i + 1) * k] for i in range(vectors)],
    }


def main():
    program = sys.argv[1:]  # with an emulator before it, if it needs one
    cases = [
        make_case(128, (8, 8, 8), 0, 8.0, 1.0, 70, 300, 5, 7, 0, 0),
        make_case(32, (6, 6, 8), 0, 2.5, 1.0, 130, 70, 3,
                  0xFEDCBA9876543210, 2**32 - 1, 3),
        make_case(8, (8, 8, 16), 1, 1.0, 2.5, 33, 41, 4, 2**63, 2**44 - 4,
                  65535),
        make_case(100, (2, 2, 4), 0, 4.0, 0.0, 17, 130, 3, 1, 0, 1),
        make_case(1, (4, 4, 6), 0, 1.0, 0.75, 65, 9, 2, 5, 10, 2),
        make_case(128, (6, 6, 8), 0, 8.0, 1.0, 66, 200, 3, 9, 5, 7,
                  MEAN | SPREAD),
        make_case(64, (8, 8, 8), 1, 16.0, 1.0, 33, 27, 4, 3, 2, 40, SPREAD),
        make_case(100, (6, 8, 8), 0, 8.0, 0.0, 70, 130, 3, 2, 1, 2, MEAN),
        make_case(8, (8, 8, 8), 0, 2.0, 1.0, 5, 30, 3, 4, 3, 65535,
                  MEAN | SPREAD),
    ]
    listed = subprocess.run(program, capture_output=True, check=True)
    kernels = listed.stdout.decode().split()
    if "scalar" not in kernels:
        sys.exit(f"{program} lists no kernels")
    checked = 0
    for case in cases:
        expected = [bits(v) for v in product(case)]
        for kernel in kernels:
            actual = run(program, kernel, case)
            checked += 1
            if actual != expected:
                at = next(i for i, (a, b) in enumerate(zip(actual, expected))
                          if a != b)
                sys.exit(f"{kernel}, n = {case['n']}, conditioning "
                         f"{case['conditioning']}: element {at} is "
                         f"{actual[at]:08x}, expected {expected[at]:08x}")
    print(f"{checked} products equal")


if __name__ == "__main__":
    main()
