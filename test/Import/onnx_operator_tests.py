"""Compares imported models with ONNX's own operator tests.

Each case of ONNX's test data whose operators the importer supports is run, and
its outputs are compared with the expected ones: once with all inputs given at
run time, where the importer allows that, and once with all but the first as
initializers, the way weights come.

  onnx_operator_tests.py [--data DIR] [--runner COMMAND] [--filter TEXT]

COMMAND is called as `COMMAND model.onnx output.npy input0.npy ...` and computes
the model's output in float32. Without it, ams-compile --target=digital and
ams-run are called, for the cases whose inputs and output lead with a batch.
"""

import argparse
import math
import os
import shlex
import struct
import subprocess
import sys
import tempfile

import onnx_wire as wire

SUPPORTED = {
    "Abs", "Add", "And", "AveragePool", "BatchNormalization", "Cast", "Clip",
    "Constant", "Conv", "ConvTranspose", "Div", "Dropout", "Equal", "Erf",
    "Exp", "Expand", "Flatten", "Gather", "Gelu", "Gemm", "GlobalAveragePool",
    "Greater", "GreaterOrEqual", "Identity", "LayerNormalization", "Less",
    "LessOrEqual", "Log", "MatMul", "MaxPool", "Mul", "Neg", "Not", "Or",
    "Pow", "Reciprocal", "ReduceMean", "ReduceSum", "Relu", "Reshape",
    "Sigmoid", "Softmax", "Sqrt", "Squeeze", "Sub", "Tanh", "Transpose",
    "Unsqueeze", "Where"
}

# Inputs that only count as constants, by operator: from this index on.
CONSTANT_FROM = {"BatchNormalization": 1, "ConvTranspose": 1, "Expand": 1,
                 "ReduceMean": 1, "ReduceSum": 1, "Reshape": 1, "Squeeze": 1,
                 "Unsqueeze": 1}

# Operators whose first input need not be float32.
ANY_TYPE = {"And", "Cast", "Constant", "Equal", "Expand", "Flatten", "Gather",
            "Greater", "GreaterOrEqual", "Identity", "Less", "LessOrEqual",
            "Not", "Or", "Reshape", "Squeeze", "Transpose", "Unsqueeze",
            "Where"}

# How elements of a type are written in ONNX, and held at run time.
HELD = {wire.FLOAT: ("f", "f"), wire.INT32: ("i", "q"),
        wire.INT64: ("q", "q"), wire.BOOL: ("?", "f")}


class Case:
    """A model of the test data with its inputs and expected output."""

    def __init__(self, path):
        self.name = os.path.basename(path)
        with open(os.path.join(path, "model.onnx"), "rb") as file:
            self.model = file.read()
        self.graph = wire.fields(wire.first(wire.fields(self.model), 7))
        self.nodes = [wire.fields(n) for n in wire.every(self.graph, 1)]
        self.types = [wire.first(n, 4).decode() for n in self.nodes]
        data = os.path.join(path, "test_data_set_0")
        self.inputs = self.tensors(data, "input", 11)
        self.outputs = self.tensors(data, "output", 12)

    def tensors(self, data, what, number):
        """The files of a data set under the names of the graph's values."""
        known = {wire.Tensor.read(t).name for t in wire.every(self.graph, 5)}
        infos = [wire.fields(v) for v in wire.every(self.graph, number)]
        names = [wire.first(v, 1).decode() for v in infos]
        result = []
        for index, name in enumerate(n for n in names if n not in known):
            file = os.path.join(data, f"{what}_{index}.pb")
            with open(file, "rb") as stream:
                tensor = wire.Tensor.read(stream.read())
            tensor.name = name
            result.append(tensor)
        return result

    def reason_to_skip(self):
        """Why the importer does not take this case, or None."""
        opset = max(
            wire.first(wire.fields(o), 2) for o in wire.every(
                wire.fields(self.model), 8)
            if wire.first(wire.fields(o), 1, b"") in (b"", b"ai.onnx"))
        for node, kind in zip(self.nodes, self.types):
            if kind not in SUPPORTED:
                return f"operator {kind}"
            outputs = wire.every(node, 2)
            if kind != "Constant" and len(outputs) > 1:
                return f"{kind} with {len(outputs)} outputs"
            if opset < 7 and kind in ("Add", "Sub", "Mul", "Div", "Gemm",
                                      "Pow", "BatchNormalization",
                                      "Dropout"):
                return f"{kind} of opset {opset}"
            attributes = {
                wire.first(wire.fields(a), 1): wire.fields(a)
                for a in wire.every(node, 5)
            }
            if wire.first(attributes.get(b"training_mode", []), 3, 0):
                return "training mode"
        for info in wire.every(self.graph, 11) + wire.every(self.graph, 12):
            kind = wire.first(wire.fields(info), 2, b"")
            if wire.first(wire.fields(kind), 1) is None:
                return "values other than tensors"
        if "training_dropout" in self.name:
            return "training mode"
        if len(self.outputs) != 1:
            return f"{len(self.outputs)} outputs"
        if any(t.kind not in HELD for t in self.outputs + self.inputs[:1]):
            return "elements other than float32, integers, bools"
        if (not set(self.types) & ANY_TYPE and
                any(t.kind != wire.FLOAT
                    for t in self.inputs[:2 if "Pow" in self.types else 1])):
            return "arithmetic of integers"
        if any(0 in t.dims for t in self.outputs + self.inputs):
            return "empty tensors"
        windows = {"Conv", "MaxPool", "AveragePool"} & set(self.types)
        if windows and self.inputs and len(self.inputs[0].dims) != 4:
            return "windows that are not 2-D"
        return None

    def variants(self):
        """How many leading inputs are given at run time, each way to test."""
        numbers = {min(1, len(self.inputs))}
        constant_from = min(
            [CONSTANT_FROM.get(kind, len(self.inputs)) for kind in self.types])
        held = 0
        while (held < min(len(self.inputs), constant_from) and
               self.inputs[held].kind in HELD):
            held += 1
        numbers.add(held)
        return sorted(numbers)

    def has_batch(self, given):
        """Whether what is given and computed leads with the same dimension."""
        dims = [t.dims for t in self.inputs[:given] + self.outputs]
        return given > 0 and all(d and d[0] == dims[0][0] for d in dims)

    def with_initializers(self, inputs):
        """The model with these inputs as initializers: the fields of a message
        that appears twice are merged."""
        graph = b"".join(wire.field(5, t.message()) for t in inputs)
        return self.model + wire.field(7, graph)


def held(tensor):
    """A tensor's elements as they are at run time: their code and bytes."""
    written, code = HELD[tensor.kind]
    values = struct.iter_unpack("<" + written, tensor.raw)
    return code, b"".join(struct.pack("<" + code, v) for v, in values)


def compare(expected, dims, raw):
    """What differs, or None. Tolerances are those of ONNX's own runner."""
    if dims != expected.dims:
        return f"shape {dims}, expected {expected.dims}"
    code, expected_raw = held(expected)
    elements = zip(struct.iter_unpack("<" + code, raw),
                   struct.iter_unpack("<" + code, expected_raw))
    for index, ((a,), (b,)) in enumerate(elements):
        if a != b and not (math.isnan(a) and math.isnan(b)) and not (
                abs(a - b) <= 1e-7 + 1e-3 * abs(b)):
            return f"element {index} is {a}, expected {b}"
    return None


def default_runner(model, output, inputs, directory):
    library = os.path.join(directory, "model.so")
    subprocess.run(["ams-compile", model, "--target=digital", "-o", library],
                   check=True, capture_output=True, text=True)
    command = ["ams-run", library, "--output", output]
    for path in inputs:
        command += ["--input", path]
    subprocess.run(command, check=True, capture_output=True, text=True)


def run(case, given, runner, directory):
    """Runs a case with its first `given` inputs at run time."""
    model = os.path.join(directory, "model.onnx")
    output = os.path.join(directory, "output.npy")
    with open(model, "wb") as file:
        file.write(case.with_initializers(case.inputs[given:]))
    inputs = []
    for index, tensor in enumerate(case.inputs[:given]):
        inputs.append(os.path.join(directory, f"input{index}.npy"))
        wire.write_npy(inputs[-1], tensor.dims, *reversed(held(tensor)))
    try:
        if runner:
            subprocess.run(shlex.split(runner) + [model, output] + inputs,
                           check=True, capture_output=True, text=True)
        else:
            default_runner(model, output, inputs, directory)
    except subprocess.CalledProcessError as error:
        return error.stderr.strip() or str(error)
    return compare(case.outputs[0], *wire.read_npy(output))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default="/usr/share/libonnx-testdata/data")
    parser.add_argument("--runner")
    parser.add_argument("--filter", default="")
    options = parser.parse_args()
    passed, failed, skipped = 0, 0, 0
    for family in ("node", "simple", "pytorch-converted", "pytorch-operator"):
        folder = os.path.join(options.data, family)
        for name in sorted(os.listdir(folder)):
            if options.filter not in name:
                continue
            if not os.path.exists(os.path.join(folder, name, "model.onnx")):
                continue
            try:
                case = Case(os.path.join(folder, name))
                reason = case.reason_to_skip()
            except (FileNotFoundError, ValueError, TypeError, AttributeError):
                reason = "values other than tensors"
            if reason:
                skipped += 1
                continue
            for given in case.variants():
                if not options.runner and not case.has_batch(given):
                    continue
                with tempfile.TemporaryDirectory() as directory:
                    problem = run(case, given, options.runner, directory)
                passed, failed = passed + (not problem), failed + bool(problem)
                if problem:
                    print(f"FAIL {name} ({given} inputs given): {problem}")
    print(f"{passed} passed, {failed} failed; {skipped} cases not supported")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
