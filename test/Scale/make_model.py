"""Writes an ONNX model of a real network's size, with random weights.

  make_model.py resnet50 OUTPUT
  make_model.py bert OUTPUT LAYERS WIDTH HEADS TOKENS WORDS

Weights are cut out of one block of random numbers, each at a place of its own.
`resnet50` is the published network, 25.6 million
weights. `bert` is a transformer's encoder with the embedding's projection back
to WORDS at its end; with 24 1024 16 128 30522 it has 334 million weights. Its
activation is a clamp and its normalisation divides by the variance, operators
that every opset has.
"""

import array
import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "Import"))
from make_onnx import node, value_info  # noqa: E402
from onnx_wire import FLOAT, INT64, field, varint  # noqa: E402

BLOCK = 1 << 20


class Model:
    def __init__(self, path):
        self.path = path
        generator = random.Random(7)
        self.block = array.array("f", (generator.gauss(0, 0.04)
                                       for _ in range(BLOCK)))
        # A tensor is its message up to the numbers, where those begin in the
        # block, and how many there are.
        self.nodes, self.tensors = [], []
        self.names = 0

    def name(self, kind):
        self.names += 1
        return f"{kind}{self.names}"

    def weights(self, *shape):
        name, count = self.name("w"), 1
        for size in shape:
            count *= size
        message = b"".join(field(1, size) for size in shape)
        message += field(2, FLOAT) + field(8, name)
        message += varint(9 << 3 | 2) + varint(4 * count)
        self.tensors.append((message, self.names * 7919 % BLOCK, count))
        return name

    def ints(self, *values):
        name = self.name("i")
        self.tensors.append((
            field(1, len(values)) + field(2, INT64) + field(8, name)
            + field(9, b"".join(v.to_bytes(8, "little", signed=True)
                                for v in values)), 0, 0))
        return name

    def add(self, kind, inputs, attributes=""):
        out = self.name(kind.lower())
        self.nodes.append(node(f"{kind}({', '.join(inputs)}) -> {out} "
                               f"name={out} {attributes}".strip()))
        return out

    def write(self, input_shape, output, output_shape):
        graph = b"".join(field(1, n) for n in self.nodes) + field(2, "g")
        graph += field(11, value_info("input", FLOAT, input_shape))
        graph += field(12, value_info(output, FLOAT, output_shape))
        heads = []
        for message, _, count in self.tensors:
            heads.append(varint(5 << 3 | 2) + varint(len(message) + 4 * count)
                         + message)
        count = sum(count for _, _, count in self.tensors)
        size = len(graph) + sum(map(len, heads)) + 4 * count
        with open(self.path, "wb") as file:
            file.write(field(1, 8) + field(8, field(2, 17)))
            file.write(varint(7 << 3 | 2) + varint(size) + graph)
            for head, (_, begin, left) in zip(heads, self.tensors):
                file.write(head)
                while left:
                    part = self.block[begin:begin + left]
                    file.write(part.tobytes())
                    left -= len(part)
                    begin = 0
        print(f"{count} weights")


def resnet50(model):
    def convolution(x, inputs, outputs, kernel, stride, relu=True):
        pad = kernel // 2
        y = model.add("Conv", [x, model.weights(outputs, inputs, kernel,
                                                kernel)],
                      f"strides=[{stride},{stride}] "
                      f"pads=[{pad},{pad},{pad},{pad}]")
        y = model.add("BatchNormalization",
                      [y] + [model.weights(outputs) for _ in range(3)]
                      + [variance(outputs)])
        return model.add("Relu", [y]) if relu else y

    def variance(channels):
        return variances.setdefault(channels, model.weights(channels))

    variances = {}
    model.block = array.array("f", (abs(v) for v in model.block))
    x = convolution("input", 3, 64, 7, 2)
    x = model.add("MaxPool", [x], "kernel_shape=[3,3] strides=[2,2] "
                  "pads=[1,1,1,1]")
    inputs = 64
    for stage, blocks in enumerate((3, 4, 6, 3)):
        inner = 64 << stage
        for block in range(blocks):
            stride = 2 if stage and not block else 1
            y = convolution(x, inputs, inner, 1, 1)
            y = convolution(y, inner, inner, 3, stride)
            y = convolution(y, inner, 4 * inner, 1, 1, relu=False)
            if not block:
                x = convolution(x, inputs, 4 * inner, 1, stride, relu=False)
            x = model.add("Relu", [model.add("Add", [x, y])])
            inputs = 4 * inner
    x = model.add("Flatten", [model.add("GlobalAveragePool", [x])])
    y = model.add("Gemm", [x, model.weights(1000, 2048), model.weights(1000)],
                  "transB=1")
    model.write(["N", "3", "224", "224"], y, ["N", "1000"])


def bert(model, layers, width, heads, tokens, words):
    depth = width // heads
    split = model.ints(0, tokens, heads, depth)
    join = model.ints(0, tokens, width)

    def dense(x, inputs, outputs):
        y = model.add("MatMul", [x, model.weights(inputs, outputs)])
        return model.add("Add", [y, model.weights(outputs)])

    def normalise(x):
        mean = model.add("ReduceMean", [x], "axes=[-1]")
        centred = model.add("Sub", [x, mean])
        variance = model.add("ReduceMean",
                             [model.add("Mul", [centred, centred])],
                             "axes=[-1]")
        y = model.add("Div", [centred, variance])
        y = model.add("Mul", [y, model.weights(width)])
        return model.add("Add", [y, model.weights(width)])

    def attention(x):
        parts = []
        for order in ("[0,2,1,3]", "[0,2,3,1]", "[0,2,1,3]"):
            y = model.add("Reshape", [dense(x, width, width), split])
            parts.append(model.add("Transpose", [y], f"perm={order}"))
        scores = model.add("Softmax", [model.add("MatMul", parts[:2])])
        y = model.add("MatMul", [scores, parts[2]])
        y = model.add("Transpose", [y], "perm=[0,2,1,3]")
        return dense(model.add("Reshape", [y, join]), width, width)

    x = "input"
    for _ in range(layers):
        x = normalise(model.add("Add", [x, attention(x)]))
        y = model.add("Relu", [dense(x, width, 4 * width)])
        x = normalise(model.add("Add", [x, dense(y, 4 * width, width)]))
    y = dense(x, width, words)
    model.write(["N", str(tokens), str(width)], y,
                ["N", str(tokens), str(words)])


kind, path, *numbers = sys.argv[1:]
if kind == "resnet50":
    resnet50(Model(path))
else:
    bert(Model(path), *(int(number) for number in numbers))
