"""A step on the device: on one that rounds finely its gradients are close to those
of the float32 step; on any, results do not depend on the number of threads, and
other samples have other noise: qat.py FOLDER"""

import os
import random
import re
import subprocess
import sys

import npy

folder = sys.argv[1]
generator = random.Random(3)


def path(name):
    return os.path.join(folder, name)


def must(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    if done.returncode:
        sys.exit("%s\nfailed: %s" % (" ".join(command), done.stdout.decode()))
    return done.stdout.decode()


with open(path("net.mlir"), "w") as file:
    file.write("""
func.func @main(%x: tensor<8x40xf32> {ams.name = "x"}) -> tensor<8x5xf32> {
  %v = arith.constant {ams.weight = "v"} dense<0.0> : tensor<40x24xf32>
  %w = arith.constant {ams.weight = "w"} dense<0.0> : tensor<24x5xf32>
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<8x24xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<8x24xf32>) -> tensor<8x24xf32>
  %h = linalg.matmul ins(%x, %v : tensor<8x40xf32>, tensor<40x24xf32>) outs(%f : tensor<8x24xf32>) -> tensor<8x24xf32>
  %r = linalg.max ins(%h, %f : tensor<8x24xf32>, tensor<8x24xf32>) outs(%e : tensor<8x24xf32>) -> tensor<8x24xf32>
  %g = tensor.empty() : tensor<8x5xf32>
  %i = linalg.fill ins(%zero : f32) outs(%g : tensor<8x5xf32>) -> tensor<8x5xf32>
  %y = linalg.matmul ins(%r, %w : tensor<8x24xf32>, tensor<24x5xf32>) outs(%i : tensor<8x5xf32>) -> tensor<8x5xf32>
  return %y : tensor<8x5xf32>
}
""")
with open(path("fine.mlir"), "w") as file:
    file.write("#ams.device<rows = 32, columns = 32, weight_bits = 12, "
               "input_bits = 12, output_bits = 16, partials = f32>")
inputs = []
for name, shape in (("x", (8, 40)), ("labels", (8, 5)), ("v", (40, 24)),
                    ("w", (24, 5))):
    count = shape[0] * shape[1]
    npy.write(path(name + ".npy"),
              npy.Array(shape, [generator.gauss(0, 1) for _ in range(count)]))
    inputs.append("--input=" + path(name + ".npy"))
OUTPUTS = ("loss", "y", "dv", "dw")


def step(model, *options):
    must("ams-run", path(model), *inputs, *options,
         *("--output=" + path(name + ".npy") for name in OUTPUTS))
    return [npy.read(path(name + ".npy")) for name in OUTPUTS]


for model, options in (("float.so", ["--target=digital"]),
                       ("fine.so", ["--device=" + path("fine.mlir"), "--gain=1"]),
                       ("coarse.so", ["--device=abfp-n32"])):
    must("ams-compile", path("net.mlir"), "-o", path(model), "--loss=l2",
         *options)

exact, fine = step("float.so"), step("fine.so")
for name, a, b in zip(OUTPUTS, exact, fine):
    error = sum((p - q) ** 2 for p, q in zip(a.data, b.data)) ** 0.5
    size = sum(p ** 2 for p in a.data) ** 0.5
    if not error < 0.02 * size:
        sys.exit("%s: error %g of %g" % (name, error, size))
    if error == 0:
        sys.exit(name + ": not computed by the device")

coarse = [result.bytes() for result in step("coarse.so", "--threads=1")]
if coarse != [r.bytes() for r in step("coarse.so", "--threads=2")]:
    sys.exit("the number of threads changes the step")
if coarse[1] == step("coarse.so", "--first-sample=8")[1].bytes():
    sys.exit("samples of the next step have the same noise")

# Gains of tiles: every kernel, with weights that are programmed in each step.
with open(path("narrow.mlir"), "w") as file:
    file.write("#ams.device<rows = 16, columns = 5, "
               "noise = [#ams.uniform<width = 1.0>]>")
shared = ["--device=" + path("narrow.mlir"), "--loss=l2"]
info = must("ams-run", path("coarse.so"), "--info")
first = re.search(r"layers.*\n  (.*?): matmul, 40 -> 24", info).group(1)
# 3 blocks by column tiles of 5, 5, 5, 5 and 4 outputs.
gains = "4,%s:%s" % (first, "/".join(str(1 << t % 4) for t in range(15)))
must("ams-compile", path("net.mlir"), "-o", path("one.so"), "--gain=4", *shared)
must("ams-compile", path("net.mlir"), "-o", path("tiles.so"), "--gain=" + gains,
     *shared)
tiles = [result.bytes() for result in step("tiles.so")]
if tiles[1] == step("one.so")[1].bytes():
    sys.exit("gains of tiles change nothing")
for kernel in ("scalar", "avx2", "avx512", "avx512vnni", "avx512bf16", "amx",
               "neon"):
    os.environ["AMS_KERNEL"] = kernel
    if subprocess.run(["ams-run", path("tiles.so"), "--info"],
                      stdout=subprocess.DEVNULL,
                      stderr=subprocess.DEVNULL).returncode:
        continue  # not on this processor
    if tiles != [result.bytes() for result in step("tiles.so")]:
        sys.exit("kernel %s differs with gains of tiles" % kernel)
