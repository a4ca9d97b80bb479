"""Steps with clamped gradients: results and loss have the bits of steps without;
each layer's clipped conversions are found anew from docs/spec.md, noise and all, and
the gradients recomputed by B1 to B4 from what the step itself computed:
clamp.py FOLDER"""

import os
import random
import subprocess
import sys

here = os.path.dirname(__file__)
sys.path.insert(0, os.path.join(here, "..", "Integration"))
sys.path.insert(0, os.path.join(here, "..", "unit"))
import npy
import spec_check as spec

folder = sys.argv[1]
generator = random.Random(5)
SAMPLES, INPUTS, HIDDEN, OUTPUTS = 6, 20, 12, 5
ROWS, BITS, GAIN, SEED, FIRST = 8, (6, 6, 4), 12, 9, 40
RESULTS = ("loss", "y", "h", "dv", "dw")


def path(name):
    return os.path.join(folder, name)


def must(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    if done.returncode:
        sys.exit("%s\nfailed: %s" % (" ".join(command), done.stdout.decode()))


with open(path("net.mlir"), "w") as file:
    file.write("""
func.func @main(%x: tensor<6x20xf32> {ams.name = "x"}) -> (tensor<6x5xf32>, tensor<6x12xf32>) {
  %v = arith.constant {ams.weight = "v"} dense<0.0> : tensor<20x12xf32>
  %w = arith.constant {ams.weight = "w"} dense<0.0> : tensor<12x5xf32>
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<6x12xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<6x12xf32>) -> tensor<6x12xf32>
  %h = linalg.matmul ins(%x, %v : tensor<6x20xf32>, tensor<20x12xf32>) outs(%f : tensor<6x12xf32>) -> tensor<6x12xf32>
  %r = linalg.max ins(%h, %f : tensor<6x12xf32>, tensor<6x12xf32>) outs(%e : tensor<6x12xf32>) -> tensor<6x12xf32>
  %g = tensor.empty() : tensor<6x5xf32>
  %i = linalg.fill ins(%zero : f32) outs(%g : tensor<6x5xf32>) -> tensor<6x5xf32>
  %y = linalg.matmul ins(%r, %w : tensor<6x12xf32>, tensor<12x5xf32>) outs(%i : tensor<6x5xf32>) -> tensor<6x5xf32>
  return %y, %h : tensor<6x5xf32>, tensor<6x12xf32>
}
""")
with open(path("device.mlir"), "w") as file:
    file.write("#ams.device<rows = %d, columns = 8, weight_bits = %d, input_bits "
               "= %d, output_bits = %d, partials = bf16, noise = "
               "[#ams.uniform<width = 2.0>]>" % ((ROWS,) + BITS))
shapes = {"x": (SAMPLES, INPUTS), "labels": (SAMPLES, OUTPUTS),
          "v": (INPUTS, HIDDEN), "w": (HIDDEN, OUTPUTS)}
given, inputs = {}, []
for name, shape in shapes.items():
    numbers = [spec.f32(generator.gauss(0.3, 1))
               for _ in range(shape[0] * shape[1])]
    npy.write(path(name + ".npy"), npy.Array(shape, numbers))
    given[name] = [numbers[i * shape[1]:(i + 1) * shape[1]]
                   for i in range(shape[0])]
    inputs.append("--input=" + path(name + ".npy"))


def transposed(matrix):
    return [list(row) for row in zip(*matrix)]


def step(how, *options):
    must("ams-compile", path("net.mlir"), "-o", path("step.so"), "--loss=l2",
         "--device=" + path("device.mlir"), "--gain=%d" % GAIN,
         "--condition=" + how, *options)
    found = None
    for threads in (1, 3):
        must("ams-run", path("step.so"), *inputs, "--seed=%d" % SEED,
             "--first-sample=%d" % FIRST, "--threads=%d" % threads,
             *("--output=" + path(name + ".npy") for name in RESULTS))
        arrays = {name: npy.read(path(name + ".npy")) for name in RESULTS}
        if found and any(found[name].bytes() != arrays[name].bytes()
                         for name in RESULTS):
            sys.exit("the number of threads changes the step")
        found = arrays
    return found


def rows_of(array):
    width = array.shape[1]
    return [list(array.data[i * width:(i + 1) * width])
            for i in range(array.shape[0])]


def clipped(layer, x, w, how):
    """Which conversions are clipped (B2): [vector][output][block]."""
    flags = spec.MEAN if how == "mean" else 0
    limit = spec.largest(BITS[2])
    alpha = spec.f32(GAIN * limit / (ROWS * spec.largest(BITS[0]) *
                                     spec.largest(BITS[1])))  # A1
    quantised = [spec.quantise(spec.condition(row, ROWS, flags, [], True)[0],
                               ROWS, BITS[0])[0] for row in w]
    marks = []
    for r, vector in enumerate(x):
        codes, _ = spec.quantise(
            spec.condition(vector, ROWS, flags, [], False)[0], ROWS, BITS[1])
        marks.append([])
        for i, weights in enumerate(quantised):
            marks[r].append([])
            for j, (a, b) in enumerate(zip(codes, weights)):
                value = spec.f32(sum(p * q for p, q in zip(a, b)) * alpha)
                value = spec.f32(value + spec.noise(SEED, layer, FIRST + r, j,
                                                    i, 2.0))
                marks[r][i].append(abs(round(value)) > limit)
    return marks


def gradients(x, w, dy, marks, how):
    """dx and dw of y = x w^T by B1, B3 and B4."""
    dx = [[0.0] * len(row) for row in x]
    dw = [[0.0] * len(row) for row in w]
    for r in range(len(x)):
        for i in range(len(w)):
            for k in range(len(w[i])):
                j = k // ROWS
                p, q = x[r][k], w[i][k]
                if marks and marks[r][i][j]:
                    block = slice(j * ROWS, (j + 1) * ROWS)
                    p = q = 0
                    if how == "mean":
                        p = sum(x[r][block]) / len(x[r][block])
                        q = sum(w[i][block]) / len(w[i][block])
                dx[r][k] += dy[r][i] * q
                dw[i][k] += dy[r][i] * p
    return dx, dw


def close(name, actual, expected):
    flat = [v for row in transposed(expected) for v in row]
    error = sum((a - b) ** 2 for a, b in zip(actual.data, flat)) ** 0.5
    size = sum(v * v for v in flat) ** 0.5
    if not error <= 1e-5 * size:
        sys.exit("%s: error %g of %g" % (name, error, size))


def check(how, clamps):
    found = step(how, *(["--clamp-gradient"] if clamps else []))
    h, y = rows_of(found["h"]), rows_of(found["y"])
    r = [[max(v, 0.0) for v in row] for row in h]
    v, w = transposed(given["v"]), transposed(given["w"])
    marks = [clipped(layer, a, b, how)
             for layer, (a, b) in enumerate(((given["x"], v), (r, w)))]
    for layer in marks:
        count = sum(m for rows in layer for row in rows for m in row)
        total = len(layer) * len(layer[0]) * len(layer[0][0])
        if not 0.02 < count / total < 0.7:
            sys.exit("%d of %d conversions are clipped" % (count, total))
    dy = [[2 * (a - b) / (SAMPLES * OUTPUTS) for a, b in zip(*rows)]
          for rows in zip(y, given["labels"])]
    dr, dw = gradients(r, w, dy, marks[1] if clamps else None, how)
    dh = [[g if a > 0 else 0.0 for g, a in zip(*rows)] for rows in zip(dr, h)]
    _, dv = gradients(given["x"], v, dh, marks[0] if clamps else None, how)
    close("dw", found["dw"], dw)
    close("dv", found["dv"], dv)
    return found


for how in ("none", "mean"):
    straight, clamped = check(how, False), check(how, True)
    for name in ("loss", "y", "h"):
        if straight[name].bytes() != clamped[name].bytes():
            sys.exit(name + " is not that of a step without clamped gradients")
