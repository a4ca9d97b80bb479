"""Batch normalisation folded into weights that are arguments: in float32 a step
has the gradients of one that leaves it apart; on the device its results, noise and
all, have the bits of the network whose weights were folded when compiling.

Usage: fold_arguments.py MODEL.onnx X.npy FOLDER
"""

import math
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "Import"))
import npy
import onnx_wire as wire

model, images, folder = sys.argv[1:]
TOLERANCE = 1e-4  # of a gradient's norm, or of a hundredth of the largest one


def path(name):
    return os.path.join(folder, name)


def must(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        sys.exit("%s\nfailed: %s" % (" ".join(command), done.stdout))
    return done.stdout


with open(model, "rb") as file:
    GRAPH = wire.fields(wire.first(wire.fields(file.read()), 7))
WEIGHTS = {tensor.name: tensor
           for tensor in map(wire.Tensor.read, wire.every(GRAPH, 5))}
SAMPLES = npy.read(images).shape[0]
npy.write(path("labels.npy"), npy.Array([SAMPLES], range(SAMPLES), "<i8"))


def input_file(name, shape):
    """Elements of a weight stay in their order, whatever shape it has."""
    if name in WEIGHTS:
        wire.write_npy(path(name.replace("/", "_") + ".npy"), shape,
                       WEIGHTS[name].raw)
        return path(name.replace("/", "_") + ".npy")
    return path("labels.npy") if name == "labels" else images


def run(*options):
    """Compiles, runs, and returns the results by name."""
    must("ams-compile", model, "-o", path("model.so"),
         "--batch=%d" % SAMPLES, *options)
    info = must("ams-run", path("model.so"), "--info")
    command = ["ams-run", path("model.so"), "--seed=7", "--threads=2"]
    for name, shape in re.findall(r"^input +(.*): \w+ \[(.*)\]", info, re.M):
        command.append("--input=" + input_file(
            name, [int(size) for size in re.findall(r"\d+", shape)]))
    outputs = re.findall(r"^output +(.*): \w+ \[", info, re.M)
    for i in range(len(outputs)):
        command.append("--output=" + path("out%d.npy" % i))
    must(*command)
    return {name: npy.read(path("out%d.npy" % i))
            for i, name in enumerate(outputs)}


def norm(numbers):
    return math.sqrt(sum(v * v for v in numbers))


STEP = ("--loss=softmax-cross-entropy",)
FOLD = ("--fold-batch-normalization",)
apart = run(*STEP, "--target=digital")
folded = run(*STEP, *FOLD, "--target=digital")
if list(apart) != list(folded):
    sys.exit("folding changes the interface of a step")
logits = list(apart)[1]
if not math.isclose(apart["loss"].data[0], folded["loss"].data[0],
                    rel_tol=1e-5):
    sys.exit("other losses")
if apart[logits].bytes() == folded[logits].bytes():
    sys.exit("nothing was folded")
gradients = [name for name in apart if name.endswith(".gradient")]
if sum(name.endswith((".scale.gradient", ".offset.gradient"))
       for name in gradients) < 2:
    sys.exit("scales and offsets are no weights")
largest = max(norm(apart[name].data) for name in gradients)
for name in gradients:
    a, b = apart[name].data, folded[name].data
    error = norm([p - q for p, q in zip(a, b)])
    if not error <= TOLERANCE * max(norm(a), 0.01 * largest):
        sys.exit("%s: error %g of %g" % (name, error, norm(a)))

for device in (["--device=abfp-n32", "--gain=8"],
               ["--device=pcm", "--gain=4", "--condition=mean"]):
    expected = run(*device)[logits].bytes()
    for how in (STEP, ("--weights-as-arguments",)):
        if run(*how, *FOLD, *device)[logits].bytes() != expected:
            sys.exit("%s %s: other bits" % (how[0], device))
