#!/usr/bin/env python3
"""Recomputes products with sources of error from docs/spec.md alone (S1 to S15)
and compares every bit.

Usage: spec_sources.py PROGRAM, where PROGRAM is spec_product.c's. Standard
library only; shares no code with the runtime.
"""

import math
import statistics
import struct
import subprocess
import sys

from spec_check import (SOURCES_SIZE, bf16, bits, draw, f32, largest,
                        make_case, quantise, run)

ADC, COMMON, READ, DAC = 0, 1, 2, 3
PROGRAMMING, STUCK, DRIFT, GAIN, OFFSET, SPREAD, STEPS = range(16, 23)

FIELDS = (  # of ams_abi_sources_t, in order
    ("kind", "i"), ("deviation", "f"), ("spread", "f"), ("growth", "f"),
    ("common", "f"), ("gain", "f"), ("gain_deviation", "f"), ("offset", "f"),
    ("offset_deviation", "f"), ("adc_integral", "f"), ("adc_steps", "f"),
    ("dac_noise", "f"), ("dac_integral", "f"), ("constant", "f"),
    ("proportional", "f"), ("quadratic", "f"), ("low", "f"), ("high", "f"),
    ("read", "f"), ("time", "f"), ("exponent", "f"), ("exponents", "f"),
    ("drift", "i"), ("ir_drop", "f"), ("repeats", "i"), ("bins", "i"),
    ("least", "f"), ("most", "f"))


def pack(sources):
    data = b"".join(struct.pack("<" + form, sources.get(name, 0))
                    for name, form in FIELDS)
    weights = sources.get("weights", [])
    data += struct.pack("<%df" % len(weights), *weights)
    return data + bytes(SOURCES_SIZE - len(data))


def table(quantile):  # S2
    values = [quantile((w + 32768.5) / 65536) for w in range(-32768, 32768)]
    root = math.sqrt(math.fsum(v * v for v in values) / 65536)
    return [f32(v / root) for v in values]


NORMAL = table(statistics.NormalDist().inv_cdf)
LOGISTIC = table(lambda p: math.log(p / (1 - p)))


def histogram(s, w):  # S2
    total, below = sum(s["weights"]), 0.0
    target = (w + 32768.5) / 65536 * total
    b = 0
    while b + 1 < s["bins"] and below + s["weights"][b] < target:
        below += s["weights"][b]
        b += 1
    width = (s["most"] - s["least"]) / s["bins"]
    return f32(s["least"] + width * (b + (target - below) / s["weights"][b]))


def clamp(value, limit):
    return max(-limit, min(limit, round(value)))


def bow(t):
    return 1.5 * math.sqrt(3) * (t - t * t * t)


class Device:
    def __init__(self, case):
        self.case = case
        raw = dict.fromkeys((name for name, _ in FIELDS), 0)
        raw.update(case["values"])
        self.s = {k: v if k == "weights" else f32(v) if isinstance(v, float)
                  else v for k, v in raw.items()}
        s = self.s
        self.cells_err = bool(s["constant"] or s["proportional"] or
                              s["quadratic"] or s["drift"] or s["low"] or
                              s["high"] or s["ir_drop"])
        self.dac_errs = bool(s["dac_noise"] or s["dac_integral"])
        bw, bx, _ = case["bits"]
        self.fw = max(0, 15 - bw) if self.cells_err else 0  # S3
        self.fx = max(0, 15 - bx) if self.dac_errs else 0
        self.curve = {}

    def fixed(self, source, vector, block, row, layer=None, repeat=0):
        """Bits of a static draw."""
        layer = self.case["layer"] if layer is None else layer
        return draw(self.case["device_seed"], layer, vector, block, row, source,
                    repeat)

    def z(self, *address, **more):
        return NORMAL[self.fixed(*address, **more) + 32768]

    def drift(self, w):  # S5
        v = max(0.0, self.s["exponent"] + self.s["exponents"] *
                NORMAL[w + 32768])
        return f32(math.exp(-v * math.log(self.s["time"])))

    def column(self, i, j, codes):
        """S3 to S7."""
        if not self.cells_err:
            return codes
        s, limit = self.s, largest(self.case["bits"][0])
        cells = []
        for k, q in enumerate(codes):
            w = float(q)
            if s["constant"] or s["proportional"] or s["quadratic"]:  # S4
                t = f32(abs(w) / limit)
                sigma = f32(s["constant"] + f32(s["proportional"] * t))
                sigma = f32(sigma + f32(f32(s["quadratic"] * t) * t))
                sigma = f32(max(0.0, sigma) * limit)
                w = f32(w + f32(sigma * self.z(PROGRAMMING, i, j, k)))
            if s["drift"]:
                w = f32(w * self.drift(self.fixed(DRIFT, i, j, k)))
            if s["low"] or s["high"]:  # S6
                w0 = self.fixed(STUCK, i, j, k) % 65536
                w1 = self.fixed(STUCK, i, j, k, repeat=1) % 65536
                u = 65536 * w1 + w0
                if u < 2**32 * s["low"]:
                    w = 0.0
                elif u < 2**32 * s["low"] + 2**32 * s["high"]:
                    w = float(-limit if u % 2 else limit)
            cells.append(clamp(f32(w * 2**self.fw), 32767))
        if s["ir_drop"]:  # S7
            n = len(cells)
            unit = s["ir_drop"] / (limit * 2.0**self.fw * n * (n + 1) / 2)
            drops = [sum(min(k, m) * abs(c) for m, c in enumerate(cells, 1))
                     for k in range(1, n + 1)]
            cells = [clamp(f32(c * max(0.0, 1 - unit * d)), 32767)
                     for c, d in zip(cells, drops)]
        return cells

    def inputs(self, v, j, repeat, codes, length):
        """S8."""
        if not self.dac_errs:
            return codes
        s, limit = self.s, largest(self.case["bits"][1])
        result = []
        for k, q in enumerate(codes):
            x = float(q)
            if s["dac_integral"]:
                x = f32(q + s["dac_integral"] * bow(q / limit))
            if s["dac_noise"]:
                w = draw(self.case["seed"], self.case["layer"], v, j, k, DAC,
                         repeat)
                x = f32(x + f32(s["dac_noise"] * NORMAL[w + 32768]))
            result.append(clamp(f32(x * 2**self.fx), 32767) if k < length
                          else 0)
        return result

    def noise(self, v, i, j, repeat, a, limit):
        """S13."""
        s = self.s
        w = draw(self.case["seed"], self.case["layer"], v, j, i, ADC, repeat)
        if s["kind"] == 0:
            u, scale = (w + 0.5) / 65536, f32(self.case["noise"])
        elif s["kind"] == 3:
            u, scale = histogram(s, w), 1.0
        else:
            u = (NORMAL if s["kind"] == 1 else LOGISTIC)[w + 32768]
            scale = s["deviation"]
        if s["spread"]:
            relative = f32(1 + f32(s["spread"] * self.z(SPREAD, 0, j, i)))
            scale = f32(scale * max(0.0, relative))
        e = f32(scale * u)
        if s["growth"]:
            part = f32(min(abs(a), float(limit)) / limit)
            e = f32(e * f32(1 + f32(s["growth"] * part)))
        return e

    def step(self, c, limit):
        """S14's N."""
        if c not in self.curve:
            smooth = f32(self.s["adc_integral"] * bow(c / limit))
            deviation = f32(self.s["adc_steps"] * f32(math.sqrt(0.5)))
            z = self.z(STEPS, 0, 0, c + limit, layer=0)
            self.curve[c] = f32(smooth + f32(deviation * z))
        return self.curve[c]

    def convert(self, v, i, j, repeat, cells, x, alpha):
        """S9 to S14."""
        s, case = self.s, self.case
        limit = largest(case["bits"][2])
        step = alpha / 2.0 ** (self.fw + self.fx)
        a = f32(float(sum(p * q for p, q in zip(cells, x))) * step)

        def dynamic(source, row):
            return NORMAL[draw(case["seed"], case["layer"], v, j, row, source,
                               repeat) + 32768]

        if s["read"]:
            deviation = s["read"] * largest(case["bits"][0]) * 2.0**self.fw
            rho = f32(deviation * step * math.sqrt(sum(q * q for q in x)))
            a = f32(a + f32(rho * dynamic(READ, i)))
        if s["gain"] or s["gain_deviation"]:
            gain = f32(1 + s["gain"])
            gain = f32(gain + f32(s["gain_deviation"] * self.z(GAIN, 0, j, i)))
            a = f32(gain * a)
        if s["offset"] or s["offset_deviation"]:
            offset = f32(s["offset_deviation"] * self.z(OFFSET, 0, j, i))
            a = f32(a + f32(s["offset"] + offset))
        if s["common"]:
            a = f32(a + f32(s["common"] * dynamic(COMMON, 0)))
        if s["kind"] or case["noise"]:
            a = f32(a + self.noise(v, i, j, repeat, a, limit))
        if s["adc_integral"] or s["adc_steps"]:
            a = f32(a - self.step(clamp(a, limit), limit))
        return clamp(a, limit)


def product(case):
    device = Device(case)
    n, (bw, bx, by) = case["n"], case["bits"]
    gain, limit = f32(case["gain"]), largest(by)
    alpha = f32(gain * limit / (n * largest(bw) * largest(bx)))
    k = f32(n / (gain * limit))
    if device.s["drift"] == 2:  # S5
        mean = sum(device.drift(w) for w in range(-32768, 32768)) / 65536
        k = f32(k * f32(1 / mean))
    repeats = max(1, device.s["repeats"])
    weights = [quantise(row, n, bw) for row in case["w"]]
    cells = [[device.column(i, j, block) for j, block in enumerate(codes)]
             for i, (codes, _) in enumerate(weights)]
    result = []
    for v, vector in enumerate(case["x"]):
        codes, scales = quantise(vector, n, bx)
        v += case["first"]
        x = [[device.inputs(v, j, repeat, block, len(vector) - j * n)
              for repeat in range(repeats)] for j, block in enumerate(codes)]
        for i, (_, w_scales) in enumerate(weights):
            total = None
            for j in range(len(codes)):
                c = float(sum(
                    device.convert(v, i, j, repeat, cells[i][j], x[j][repeat],
                                   alpha) for repeat in range(repeats)))
                if repeats > 1:
                    c = f32(c / repeats)  # S15
                r = f32(f32(k * w_scales[j]) * scales[j])
                partial = f32(c * r)
                partial = bf16(partial) if case["format"] == 0 else partial
                total = partial if total is None else f32(total + partial)
            result.append(bf16(total) if case["format"] == 0 else total)
    return result


def sources_case(n, widths, form, gain, width, shape, values, seed=5, first=9,
                 layer=3, device_seed=2**40 + 1):
    outputs, k, vectors = shape
    case = make_case(n, widths, form, gain, width, outputs, k, vectors, seed,
                     first, layer)
    case["device_seed"] = device_seed
    case["values"] = values
    case["sources"] = pack(values)
    return case


CASES = [
    sources_case(128, (7, 10, 11), 0, 4.0, 1.0, (70, 150, 3), {}),
    sources_case(8, (16, 16, 16), 1, 2.0, 1.0, (20, 21, 3), {}),
    sources_case(128, (7, 10, 11), 0, 8.0, 0.0, (70, 150, 3), {
        "gain": -0.166, "gain_deviation": 0.037, "offset": 0.22,
        "offset_deviation": 0.5, "common": 0.66, "kind": 2, "deviation": 1.56,
        "spread": 0.33, "growth": 0.19}),
    sources_case(70, (6, 8, 8), 1, 8.0, 1.0, (20, 80, 3), {
        "constant": 0.0105, "proportional": 0.0786, "quadratic": -0.047,
        "drift": 2, "time": 4320.0, "exponent": 0.05, "exponents": 0.01,
        "read": 0.023}),
    sources_case(32, (4, 8, 8), 0, 4.0, 1.0, (20, 50, 3), {
        "constant": 0.05, "low": 0.05, "high": 0.05, "ir_drop": 0.1}),
    sources_case(70, (8, 6, 10), 1, 4.0, 0.0, (70, 80, 3), {
        "kind": 3, "bins": 3, "least": -2.0, "most": 3.0,
        "weights": [1.0, 0.5, 2.0], "dac_noise": 0.3, "dac_integral": 0.5,
        "adc_integral": 1.5, "adc_steps": 0.3, "repeats": 3, "spread": 0.1}),
    sources_case(16, (8, 8, 8), 0, 4.0, 0.0, (70, 16, 3), {
        "kind": 1, "deviation": 2.0, "drift": 1, "time": 10.0,
        "exponent": 0.1, "common": 1.0, "repeats": 2}, seed=2**64 - 1,
        first=2**44 - 3, layer=65535),
]


def main():
    program = sys.argv[1:]
    listed = subprocess.run(program, capture_output=True, check=True)
    kernels = listed.stdout.decode().split()
    for number, case in enumerate(CASES):
        expected = [bits(v) for v in product(case)]
        for kernel in kernels:
            actual = run(program, kernel, case)
            if actual != expected:
                at = next(i for i, (a, b) in enumerate(zip(actual, expected))
                          if a != b)
                wrong = sum(a != b for a, b in zip(actual, expected))
                sys.exit(f"case {number}, {kernel}: {wrong} elements differ, "
                         f"the first, {at}, is {actual[at]:08x}, expected "
                         f"{expected[at]:08x}")
    print(f"{len(CASES) * len(kernels)} products equal")


if __name__ == "__main__":
    main()
