"""The same network with a BatchNormalization behind every Conv.

Each filter's weights are divided by a factor by which the normalisation
multiplies, and its bias is moved, so that in exact arithmetic nothing changes.
Usage: normalise.py MODEL.onnx OUTPUT.onnx
"""

import math
import os
import random
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "Import"))
import onnx_wire as wire

NODE, INITIALIZER, GRAPH = 1, 5, 7
INPUT, OUTPUT, NAME, TYPE = 1, 2, 3, 4
EPSILON = 1e-5


def encode(message):
    return b"".join(wire.field(number, value) for number, value in message)


def vector(name, numbers):
    raw = struct.pack("<%df" % len(numbers), *numbers)
    return wire.Tensor(name, [len(numbers)], wire.FLOAT, raw)


def main():
    generator = random.Random(3)
    with open(sys.argv[1], "rb") as file:
        model = wire.fields(file.read())
    graph = wire.fields(wire.first(model, GRAPH))
    tensors = {}
    for data in wire.every(graph, INITIALIZER):
        tensor = wire.Tensor.read(data)
        tensors[tensor.name] = tensor
    result, count = [], 0
    for number, value in graph:
        node = wire.fields(value) if number == NODE else []
        if wire.first(node, TYPE) != b"Conv":
            if number != INITIALIZER:
                result.append((number, value))
            continue
        _, weights, bias = (name.decode() for name in wire.every(node, INPUT))
        output = wire.first(node, OUTPUT).decode()
        w, b = list(tensors[weights].floats()), list(tensors[bias].floats())
        size = len(w) // len(b)
        parts = {"scale": [], "offset": [], "mean": [], "variance": []}
        for f in range(len(b)):
            scale, offset = generator.uniform(0.5, 2), generator.gauss(0, 1)
            mean, variance = generator.gauss(0, 1), generator.uniform(0.5, 2)
            factor = scale / math.sqrt(variance + EPSILON)
            for k in range(size):
                w[f * size + k] /= factor
            b[f] = (b[f] - offset) / factor + mean
            for part, part_value in zip(parts, (scale, offset, mean, variance)):
                parts[part].append(part_value)
        tensors[weights].raw = struct.pack("<%df" % len(w), *w)
        tensors[bias].raw = struct.pack("<%df" % len(b), *b)
        node = [(key, (output + ".raw").encode() if key == OUTPUT else entry)
                for key, entry in node]
        result.append((NODE, encode(node)))
        message = wire.field(INPUT, output + ".raw")
        for part, numbers in parts.items():
            name = "%s.%s" % (output, part)
            tensors[name] = vector(name, numbers)
            message += wire.field(INPUT, name)
        message += wire.field(OUTPUT, output)
        message += wire.field(NAME, output + ".normalise")
        message += wire.field(TYPE, "BatchNormalization")
        result.append((NODE, message))
        count += 1
    for tensor in tensors.values():
        result.append((INITIALIZER, tensor.message()))
    model = [(number, encode(result) if number == GRAPH else value)
             for number, value in model]
    with open(sys.argv[2], "wb") as file:
        file.write(encode(model))
    if not count:
        sys.exit("%s has no Conv" % sys.argv[1])


if __name__ == "__main__":
    main()
