"""Weights that are programmed in every run give the bits of the same weights as
constants, for every kind of layer, both ways down: arguments.py FOLDER"""

import math
import os
import random
import subprocess
import sys

import npy

folder = sys.argv[1]
generator = random.Random(11)

# Name, operation of linalg, input, weights, result, attributes.
KINDS = (
    ("matmul", "matmul", (4, 300), (300, 20), (4, 20), ""),
    ("conv", "conv_2d_nhwc_fhwc", (4, 6, 6, 17), (5, 3, 3, 17), (4, 4, 4, 5),
     ""),
    ("grouped", "conv_2d_nhwgc_gfhwc", (4, 6, 6, 2, 3), (2, 5, 3, 3, 3),
     (4, 4, 4, 2, 5), ""),
    ("depthwise", "depthwise_conv_2d_nhwc_hwc", (4, 6, 6, 16), (3, 3, 16),
     (4, 4, 4, 16), ""),
)


def tensor(shape):
    return "tensor<%sxf32>" % "x".join(str(size) for size in shape)


def dense(shape, values):
    if len(shape) == 1:
        return "[%s]" % ", ".join("%.9e" % next(values)
                                  for _ in range(shape[0]))
    return "[%s]" % ", ".join(dense(shape[1:], values)
                              for _ in range(shape[0]))


def must(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    if done.returncode:
        sys.exit("%s\nfailed: %s" % (" ".join(command), done.stdout.decode()))


def numbers(name, shape):
    """Writes numbers, normal, to a file."""
    array = npy.Array(shape, [generator.gauss(0, 1)
                              for _ in range(math.prod(shape))])
    path = os.path.join(folder, name + ".npy")
    npy.write(path, array)
    return path, npy.read(path).data


def check(name, op, x, w, y, attributes, target, options):
    """One kind of layer for one target."""
    x_path, _ = numbers(name + "-x", x)
    w_path, weights = numbers(name + "-w", w)
    source = os.path.join(folder, name + ".mlir")
    with open(source, "w") as file:
        file.write("""func.func @main(%%x: %s {ams.name = "x"}) -> %s {
  %%w = arith.constant {ams.weight = "w"} dense<%s> : %s
  %%zero = arith.constant 0.0 : f32
  %%e = tensor.empty() : %s
  %%i = linalg.fill ins(%%zero : f32) outs(%%e : %s) -> %s
  %%y = linalg.%s %s ins(%%x, %%w : %s, %s) outs(%%i : %s) -> %s
  return %%y : %s
}
""" % (tensor(x), tensor(y), dense(w, iter(weights)), tensor(w), tensor(y),
            tensor(y), tensor(y), op, attributes, tensor(x), tensor(w),
            tensor(y), tensor(y), tensor(y)))
    results = []
    for varies in (False, True):
        model = os.path.join(folder, name + ".so")
        must("ams-compile", source, "-o", model, "--target=" + target,
             *options, *(["--weights-as-arguments"] if varies else []))
        inputs = ["--input=" + x_path]
        if varies:
            inputs.append("--input=" + w_path)
        for threads in ("1", "3"):
            result = os.path.join(folder, "y.npy")
            must("ams-run", model, *inputs, "--output=" + result, "--seed=7",
                 "--first-sample=5", "--threads=" + threads)
            results.append(npy.read(result).bytes())
    if any(result != results[0] for result in results):
        sys.exit("%s, %s %s: other bits" % (name, target, options))


for kind in KINDS:
    for target in ("device", "plain"):
        for condition in ("none", "mean", "both"):
            check(*kind, target, ["--condition=" + condition])
    # Errors of programming are those of the layer's cells; wide codes.
    check(*kind, "device", ["--device=pcm"])
    check(*kind, "device", ["--device=photonic"])
