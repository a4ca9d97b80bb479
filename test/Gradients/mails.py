"""Compares a step of mails_transformer.onnx with the figures that
mails_gradients.py got from PyTorch.

Usage: mails.py MODELS STEP.so SCRATCH
"""

import json
import math
import os
import re
import subprocess
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)),
                             os.pardir, "Import"))
sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)),
                             os.pardir, "Integration"))

import npy
import onnx_wire as wire

TOLERANCE = 1e-5  # of a gradient's norm, or of a hundredth of the largest one


def weights_of(path):
    with open(path, "rb") as file:
        graph = wire.fields(wire.first(wire.fields(file.read()), 7))
    tensors = [wire.Tensor.read(t) for t in wire.every(graph, 5)]
    return {t.name: t for t in tensors if t.kind == wire.FLOAT}


def run_step(models, step, scratch):
    """The outputs of the step by name."""
    model = os.path.join(models, "mails_transformer")
    weights = weights_of(model + ".onnx")
    info = subprocess.run(["ams-run", step, "--info"], check=True, text=True,
                          stdout=subprocess.PIPE).stdout
    labels = os.path.join(scratch, "labels.npy")
    npy.write(labels, npy.Array([8], [i % 2 for i in range(8)], "<i8"))
    command = ["ams-run", step]
    for i, name in enumerate(re.findall(r"^input +(.*): \w+ \[", info, re.M)):
        path = {"ids": model + "_ids.npy", "labels": labels}.get(name)
        if path is None:
            path = os.path.join(scratch, "in%d.npy" % i)
            wire.write_npy(path, weights[name].dims, weights[name].raw)
        command += ["--input", path]
    outputs = {}
    for i, name in enumerate(re.findall(r"^output +(.*): \w+ \[", info, re.M)):
        outputs[name] = os.path.join(scratch, "out%d.npy" % i)
        command += ["--output", outputs[name]]
    subprocess.run(command, check=True)
    return {name: npy.read(path).data for name, path in outputs.items()}


def main():
    models, step, scratch = sys.argv[1:]
    got = run_step(models, step, scratch)
    path = os.path.join(models, "mails_transformer_gradients.json")
    with open(path) as file:
        expected = json.load(file)
    if not math.isclose(got["loss"][0], expected["loss"], rel_tol=1e-5):
        sys.exit("loss: %s, PyTorch: %s" % (got["loss"][0], expected["loss"]))
    names = {name[:-len(".gradient")] for name in got
             if name.endswith(".gradient")}
    if names != set(expected["gradients"]):
        sys.exit("other weights have gradients than PyTorch's")
    largest = max(norm for norm, _ in expected["gradients"].values())
    for name, (norm, along) in expected["gradients"].items():
        gradient = got[name + ".gradient"]
        figures = (math.sqrt(sum(g * g for g in gradient)),
                   sum(g * math.cos(i) for i, g in enumerate(gradient)))
        # Each element's deviation counts in the second, up to its cosine.
        allowed = TOLERANCE * max(norm, 0.01 * largest)
        if (abs(figures[0] - norm) > allowed or abs(figures[1] - along) >
                allowed * math.sqrt(len(gradient))):
            sys.exit("%s: %s, PyTorch: %s" % (name, figures, (norm, along)))


if __name__ == "__main__":
    main()
