"""Digital operations against double precision, and to the bit on every
processor and number of threads: digital.py FOLDER"""

import math
import os
import random
import subprocess
import sys

import npy

folder = sys.argv[1]
generator = random.Random(5)
cpus = ["x86-64-v3", "native"]
with open("/proc/cpuinfo") as info:
    if "avx512vl" in info.read():
        cpus.append("x86-64-v4")

HEADER = """
#all = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
#row = affine_map<(d0, d1, d2) -> (d0, d1)>
#column = affine_map<(d0, d1, d2) -> (d2)>
#swapped = affine_map<(d0, d1, d2) -> (d1, d0, d2)>
#small = affine_map<(d0, d1) -> (d0, d1)>
"""


def floats(values):
    return "[" + ", ".join("%.9e" % value for value in values) + "]"


def reduce(name, source, combine, start, b, r, c):
    """A reduction of %source along rows, as a linalg.generic on a linalg.fill."""
    return f"""
  %{name}_start = arith.constant {start} : f32
  %{name}_empty = tensor.empty() : tensor<{b}x{r}xf32>
  %{name}_init = linalg.fill ins(%{name}_start : f32) outs(%{name}_empty : tensor<{b}x{r}xf32>) -> tensor<{b}x{r}xf32>
  %{name} = linalg.generic {{indexing_maps = [#all, #row], iterator_types = ["parallel", "parallel", "reduction"]}} ins(%{source} : tensor<{b}x{r}x{c}xf32>) outs(%{name}_init : tensor<{b}x{r}xf32>) {{
  ^bb0(%v: f32, %s: f32):
    {combine}
    linalg.yield %n : f32
  }} -> tensor<{b}x{r}xf32>"""


def per_row(name, source, body, b, r):
    return f"""
  %{name}_empty = tensor.empty() : tensor<{b}x{r}xf32>
  %{name} = linalg.generic {{indexing_maps = [#small, #small], iterator_types = ["parallel", "parallel"]}} ins(%{source} : tensor<{b}x{r}xf32>) outs(%{name}_empty : tensor<{b}x{r}xf32>) {{
  ^bb0(%v: f32, %o: f32):
    {body}
    linalg.yield %n : f32
  }} -> tensor<{b}x{r}xf32>"""


def per_element(name, operands, body, b, r, c):
    """`operands`: (value, map) pairs; the body knows them as %v0, %v1, ..."""
    shapes = {"#all": f"{b}x{r}x{c}", "#row": f"{b}x{r}", "#column": f"{c}",
              "#swapped": f"{r}x{b}x{c}"}
    maps = ", ".join(m for _, m in operands)
    values = ", ".join("%" + v for v, _ in operands)
    types = ", ".join(f"tensor<{shapes[m]}xf32>" for _, m in operands)
    arguments = ", ".join(f"%v{i}: f32" for i in range(len(operands)))
    return f"""
  %{name}_empty = tensor.empty() : tensor<{b}x{r}x{c}xf32>
  %{name} = linalg.generic {{indexing_maps = [{maps}, #all], iterator_types = ["parallel", "parallel", "parallel"]}} ins({values} : {types}) outs(%{name}_empty : tensor<{b}x{r}x{c}xf32>) {{
  ^bb0({arguments}, %o: f32):
    {body}
    linalg.yield %n : f32
  }} -> tensor<{b}x{r}x{c}xf32>"""


def main(body, b, r, c, shape=None):
    shape = shape or f"{b}x{r}x{c}"
    return (HEADER + f"func.func @main(%x: tensor<{b}x{r}x{c}xf32>) -> "
            f"tensor<{shape}xf32> {{{body}\n"
            f"  return %y : tensor<{shape}xf32>\n}}\n")


def softmax(b, r, c):
    text = (reduce("m", "x", "%n = arith.maximumf %s, %v : f32", "0xFF800000",
                   b, r, c)
            + per_element("p", [("x", "#all"), ("m", "#row")],
                          "%d = arith.subf %v0, %v1 : f32\n"
                          "    %n = math.exp %d : f32", b, r, c)
            + reduce("total", "p", "%n = arith.addf %s, %v : f32", "0.0", b, r, c)
            + per_element("y", [("p", "#all"), ("total", "#row")],
                          "%n = arith.divf %v0, %v1 : f32", b, r, c))

    def reference(row):
        largest = max(row)
        powers = [math.exp(v - largest) for v in row]
        total = math.fsum(powers)
        return [p / total for p in powers]

    return main(text, b, r, c), rows(reference, c)


def layer_norm(b, r, c):
    factor = [generator.uniform(0.5, 1.5) for _ in range(c)]
    offset = [generator.uniform(-1, 1) for _ in range(c)]
    text = f"""
  %g = arith.constant dense<{floats(factor)}> : tensor<{c}xf32>
  %h = arith.constant dense<{floats(offset)}> : tensor<{c}xf32>
  %count = arith.constant {c}.0 : f32
  %epsilon = arith.constant 1.0e-5 : f32
  %one = arith.constant 1.0 : f32"""
    text += (reduce("total", "x", "%n = arith.addf %s, %v : f32", "0.0", b, r, c)
             + per_row("m", "total", "%n = arith.divf %v, %count : f32", b, r)
             + per_element("d", [("x", "#all"), ("m", "#row")],
                           "%n = arith.subf %v0, %v1 : f32", b, r, c)
             + reduce("q", "d", "%k = arith.mulf %v, %v : f32\n"
                      "    %n = arith.addf %s, %k : f32", "0.0", b, r, c)
             + per_row("i", "q", "%a = arith.divf %v, %count : f32\n"
                       "    %e = arith.addf %a, %epsilon : f32\n"
                       "    %t = math.sqrt %e : f32\n"
                       "    %n = arith.divf %one, %t : f32", b, r)
             + per_element("y", [("d", "#all"), ("i", "#row"),
                                 ("g", "#column"), ("h", "#column")],
                           "%a = arith.mulf %v0, %v1 : f32\n"
                           "    %k = arith.mulf %a, %v2 : f32\n"
                           "    %n = arith.addf %k, %v3 : f32", b, r, c))

    def reference(row):
        mean = math.fsum(row) / c
        variance = math.fsum((v - mean) ** 2 for v in row) / c
        scale = 1 / math.sqrt(variance + 1e-5)
        return [(v - mean) * scale * g + h
                for v, g, h in zip(row, factor, offset)]

    return main(text, b, r, c), rows(reference, c)


def gelu(b, r, c):
    bias = [generator.uniform(-1, 1) for _ in range(c)]
    text = f"""
  %b = arith.constant dense<{floats(bias)}> : tensor<{c}xf32>
  %half = arith.constant 0.5 : f32
  %one = arith.constant 1.0 : f32
  %root = arith.constant 0.70710678118 : f32"""
    text += per_element("y", [("x", "#all"), ("b", "#column")],
                        "%a = arith.addf %v0, %v1 : f32\n"
                        "    %z = arith.mulf %a, %root : f32\n"
                        "    %e = math.erf %z : f32\n"
                        "    %p = arith.addf %e, %one : f32\n"
                        "    %k = arith.mulf %a, %half : f32\n"
                        "    %n = arith.mulf %k, %p : f32", b, r, c)

    def reference(row):
        return [(v + d) / 2 * (1 + math.erf((v + d) / math.sqrt(2)))
                for v, d in zip(row, bias)]

    return main(text, b, r, c), rows(reference, c)


def functions(b, r, c):
    """tanh(x) + log(1 + x * x), and the input with its first dimensions
    swapped, which is read through a transpose."""
    text = f"""
  %one = arith.constant 1.0 : f32
  %t_empty = tensor.empty() : tensor<{r}x{b}x{c}xf32>
  %t = linalg.transpose ins(%x : tensor<{b}x{r}x{c}xf32>) outs(%t_empty : tensor<{r}x{b}x{c}xf32>) permutation = [1, 0, 2]"""
    text += per_element("y", [("x", "#all"), ("t", "#swapped")],
                        "%a = math.tanh %v0 : f32\n"
                        "    %q = arith.mulf %v1, %v1 : f32\n"
                        "    %p = arith.addf %q, %one : f32\n"
                        "    %l = math.log %p : f32\n"
                        "    %n = arith.addf %a, %l : f32", b, r, c)
    return main(text, b, r, c), rows(
        lambda row: [math.tanh(v) + math.log(1 + v * v) for v in row], c)


def column_mean(b, r, c):
    text = f"""
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<{b}x{c}xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<{b}x{c}xf32>) -> tensor<{b}x{c}xf32>
  %y = linalg.generic {{indexing_maps = [#all, affine_map<(d0, d1, d2) -> (d0, d2)>], iterator_types = ["parallel", "reduction", "parallel"]}} ins(%x : tensor<{b}x{r}x{c}xf32>) outs(%init : tensor<{b}x{c}xf32>) {{
  ^bb0(%v: f32, %s: f32):
    %n = arith.addf %s, %v : f32
    linalg.yield %n : f32
  }} -> tensor<{b}x{c}xf32>"""

    def reference(data):
        return [math.fsum(data[(i * r + j) * c + k] for j in range(r))
                for i in range(b) for k in range(c)]

    return main(text, b, r, c, f"{b}x{c}"), reference


def rows(function, c):
    def reference(data):
        result = []
        for first in range(0, len(data), c):
            result += function(data[first:first + c])
        return result
    return reference


def run(model, x, y, threads):
    subprocess.run(["ams-run", model, "-i", x, "-o", y,
                    f"--threads={threads}"], check=True)
    with open(y, "rb") as file:
        return file.read()


def check(make, b, r, c):
    name = f"{make.__name__}-{b}x{r}x{c}"
    path = os.path.join(folder, name)
    text, reference = make(b, r, c)
    with open(path + ".mlir", "w") as file:
        file.write(text)
    values = npy.Array((b, r, c),
                       [generator.gauss(0, 2) for _ in range(b * r * c)])
    npy.write(path + ".npy", values)
    values = npy.read(path + ".npy")  # as float32
    results = []
    for cpu in cpus:
        subprocess.run(["ams-compile", path + ".mlir", "-o", path + ".so",
                        "--target=digital", f"--mcpu={cpu}"], check=True)
        for threads in (1, 2, 3):
            results.append(run(path + ".so", path + ".npy", path + "-y.npy",
                               threads))
    if any(result != results[0] for result in results):
        sys.exit(f"{name}: other bits on another processor or thread")
    found = npy.read(path + "-y.npy").data
    expected = reference(values.data)
    largest = max(abs(v) for v in expected)
    worst = max(abs(a - e) for a, e in zip(found, expected))
    print(f"{name}: {worst:.2e} of {largest:.2e}")
    if len(found) != len(expected) or not worst <= 2e-6 * max(largest, 0.1):
        sys.exit(f"{name}: wrong")


for make in (softmax, layer_norm, gelu, column_mean):
    for shape in ((3, 197, 197), (1, 1, 10), (1, 7, 3), (2, 5, 64),
                  (1, 1, 1000), (4, 130, 300)):
        check(make, *shape)
for shape in ((197, 197, 5), (2, 2, 64), (33, 33, 100)):
    check(functions, *shape)
