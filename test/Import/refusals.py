"""What the importer refuses, each with its message: models as make_onnx.py
describes them, and damaged ones by their bytes.

  refusals.py DIRECTORY
"""

import os
import subprocess
import sys

import make_onnx
from make_onnx import value_info
from onnx_wire import FLOAT, field, varint

# (What it is, lines behind the opset's, message).
NODES = (
    ("bias", "input x 1x3x4x4|weights w 2x3x1x1|weights b 3|"
     "node Conv(x, w, b) -> y|output y 1x2x4x4",
     "Conv 'Conv_0': the bias 'b' does not have one element a filter"),
    ("transposed to nothing", "input x 1x1x1x1|weights w 1x1x3x3|"
     "node ConvTranspose(x, w) -> y pads=[2,0,2,0]|output y 1x1x1x3",
     "ConvTranspose 'ConvTranspose_0': the padding leaves nothing of the "
     "result"),
    ("transposed of no image", "input x 2x3|weights w 3x3|"
     "node ConvTranspose(x, w) -> y|output y 2x3",
     "input 'x' has the shape 2x3; only images of one to three dimensions are "
     "supported"),
    ("weights of another rank", "input x 1x1x4x4|weights w 1x1x3|"
     "node Conv(x, w) -> y|output y 1x1x2x2",
     "weights 'w' must have 4 dimensions; its shape is 1x1x3"),
    ("gelu", "opset 20|input x 2x3|node Gelu(x) -> y approximate=\"sigmoid\"|"
     "output y 2x3",
     "attribute 'approximate' is 'sigmoid'; only none and tanh are known"),
    ("bound", "input x 2x3|weights low 2|node Clip(x, low) -> y|output y 2x3",
     "the bound 'low' must be a scalar"),
    ("gathered rank", "opset 13|input x 2x2x2x2x2x2x2|input i 1x1x1 7|"
     "node Gather(x, i) -> y|output y 1",
     "the result has more than 8 dimensions"),
    ("no result", "input x 2x3|node Relu(x) -> y", "the model has no outputs"),
    ("inputs", "input x 2x3|node Relu(x, x) -> y|output y 2x3",
     "the node has 2 inputs; Relu takes 1 to 1"),
    ("missing", "input x 2x3|node Add(, x) -> y|output y 2x3",
     "input 0 is missing"),
    ("shape of nothing", "input x 2x3|node Shape() -> s|"
     "node Reshape(x, s) -> y|output y 2x3",
     "the node has 0 inputs; Shape takes 1 to 1"),
    ("shape of a missing input", "input x 2x3|node Shape( ) -> s|"
     "node Reshape(x, s) -> y|output y 2x3",
     "Shape 'Shape_0': input 0 is missing"),
    ("floats for integers", "input x 2x3|weights s 2|"
     "node Reshape(x, s) -> y|output y 2x3",
     "input 's' must hold integers; it holds float32"),
    ("elements", "input x 2x3|ints s = 1,1,1,1,1,1,1,1,6|"
     "node Reshape(x, s) -> y|output y 2x3",
     "input 's' holds more than 8 elements"),
    ("channels", "input x 1x3x2x2|weights a 3|weights b 2|"
     "node BatchNormalization(x, a, b, a, a) -> y|output y 1x3x2x2",
     "input 'b' must hold 3 elements; it holds 2"),
    ("integers", "input x 1x1x4x4|weights w 1x1x3x3|"
     "node Conv(x, w) -> y strides=2|output y 1x1x2x2",
     "attribute 'strides' must be a list of integers"),
    ("more integers", "input x 1x1x4x4|weights w 1x1x3x3|"
     "node Conv(x, w) -> y strides=[1,1,1,1]|output y 1x1x2x2",
     "attribute 'strides' holds more than 3 integers"),
    ("other integers", "input x 1x1x4x4|weights w 1x1x3x3|"
     "node Conv(x, w) -> y strides=[1,1,1]|output y 1x1x2x2",
     "attribute 'strides' must hold 2 integers"),
    ("stride", "input x 1x1x4x4|weights w 1x1x3x3|"
     "node Conv(x, w) -> y strides=[0,1]|output y 1x1x2x2",
     "attribute 'strides' holds 0, which is out of range"),
    ("pads", "input x 1x1x4x4|weights w 1x1x3x3|"
     "node Conv(x, w) -> y pads=[1,1]|output y 1x1x2x2",
     "attribute 'pads' must hold 4 integers"),
    ("pad", "input x 1x1x4x4|weights w 1x1x3x3|"
     "node Conv(x, w) -> y pads=[1,1,-1,1]|output y 1x1x2x2",
     "attribute 'pads' holds -1, which is out of range"),
    ("no kernel", "input x 1x1x4x4|node MaxPool(x) -> y|output y 1x1x2x2",
     "attribute 'kernel_shape' is missing"),
    ("other kernel", "input x 1x1x4x4|weights w 1x1x3x3|"
     "node Conv(x, w) -> y kernel_shape=[3,2]|output y 1x1x2x2",
     "attribute 'kernel_shape' does not fit the weights"),
    ("padding by name", "input x 1x1x4x4|weights w 1x1x3x3|"
     "node Conv(x, w) -> y auto_pad=\"SAME\"|output y 1x1x2x2",
     "attribute 'auto_pad' is 'SAME', which is none of NOTSET, SAME_UPPER, "
     "SAME_LOWER, VALID"),
    ("axis", "input x 2x3|node Softmax(x) -> y axis=2|output y 2x3",
     "there is no axis 2 among 2 dimensions"),
    ("flatten", "input x 2x3|node Flatten(x) -> y axis=-3|output y 2x3",
     "there is no axis -3 among 2 dimensions"),
    ("spatial", "opset 7|input x 1x3x2x2|weights a 3|"
     "node BatchNormalization(x, a, a, a, a) -> y spatial=0|output y 1x3x2x2",
     "spatial = 0 is not supported"),
    ("training", "opset 15|input x 1x3x2x2|weights a 3|"
     "node BatchNormalization(x, a, a, a, a) -> y training_mode=1|"
     "output y 1x3x2x2",
     "BatchNormalization 'BatchNormalization_0': it is in the form of training "
     "(training_mode is set)"),
    ("dropout", "input x 2x3|ints on = 1|weights r scalar = 0.5|"
     "node Dropout(x, r, on) -> y|output y 2x3",
     "Dropout 'Dropout_0': training_mode is set; export the model for "
     "inference"),
    ("no channels", "input x 3|weights a 3|"
     "node BatchNormalization(x, a, a, a, a) -> y|output y 3",
     "input 'x' has no channels"),
    ("layer scale", "opset 17|input x 2x3|weights a 4x2x3|"
     "node LayerNormalization(x, a) -> y|output y 2x3",
     "the scale or the bias does not broadcast to the input"),
    ("constant", "node Constant() -> y|output y 1",
     "none of the attributes value, value_float, value_floats, value_int, "
     "value_ints is set"),
    ("pool", "input x 2x3|node GlobalAveragePool(x) -> y|output y 2x3",
     "input 'x' has no spatial dimensions"),
    ("addend", "input x 2x3|weights w 3x4|weights c 2x2x4|"
     "node Gemm(x, w, c) -> y|output y 2x4",
     "input 2 does not broadcast to the product"),
    ("gather of one number", "input x 2x3|ints i = 0|"
     "node Constant() -> s value_int=6|node Gather(s, i) -> g|"
     "node Reshape(x, g) -> y|output y 6",
     "only elements of a list can be gathered"),
    ("gather beyond", "input x 2x3|ints s = 6|ints i = 1|"
     "node Gather(s, i) -> g|node Reshape(x, g) -> y|output y 6",
     "there is no element 1 among 1"),
    ("concat of one number", "input x 2x3|node Constant() -> s value_int=6|"
     "node Concat(s) -> c axis=0|node Reshape(x, c) -> y|output y 6",
     "only lists of integers can be joined"),
    ("squeeze", "opset 11|input x 2x3|node Squeeze(x) -> y axes=[0]|"
     "output y 3", "axis 0 has 2 elements; only 1 can be squeezed"),
    ("empty", "input x 0x3|node Relu(x) -> y|output y 0x3",
     "'x' is empty: its shape is 0x3"),
    ("input rank", "input x 1x1x1x1x1x1x1x1x2|node Relu(x) -> y|output y 2",
     "input 'x' has 9 dimensions; at most 8 are supported"),
    ("tensor rank", "weights w 1x1x1x1x1x1x1x1x2|output w 2",
     "tensor 'w' has 9 dimensions; at most 8 are supported"),
    ("type", "input x 2x3 0|output x 2x3 0",
     "input 'x' has elements of an undefined type"),
    ("new type", "input x 2x3 99|output x 2x3 99",
     "input 'x' has elements of an unknown type"),
)

OPSET = field(8, field(1, "") + field(2, 13))
INPUT = field(11, value_info("x", FLOAT, ["2"]))
OUTPUT = field(12, value_info("x", FLOAT, ["2"]))


def whole(graph):
    return field(1, 8) + field(7, graph) + OPSET


def tensor(more, kind=FLOAT):
    return whole(field(5, field(1, 2) + field(2, kind) + field(8, "w") + more) +
                 field(12, value_info("w", FLOAT, ["2"])))


# (What it is, bytes, message).
BYTES = (
    ("no graph", field(1, 8) + OPSET,
     "this is not a whole ONNX model: it has no graph"),
    ("no opset", field(1, 8) + field(7, INPUT + OUTPUT),
     "this is not a whole ONNX model: it names no opset of the domain ai.onnx"),
    ("sparse", whole(INPUT + OUTPUT + field(15, b"")),
     "sparse initializers are not supported"),
    ("no tensor", whole(field(11, field(1, "x") + field(2, field(4, b""))) +
                        OUTPUT), "input 'x' is not declared as a tensor"),
    ("no shape", whole(field(11, field(1, "x") +
                             field(2, field(1, field(1, FLOAT)))) + OUTPUT),
     "input 'x' is declared without a shape"),
    ("no name", whole(field(11, value_info("", FLOAT, ["2"])) + OUTPUT),
     "a value has no name"),
    ("no output", whole(INPUT + OUTPUT + field(1, field(1, "x") +
                                               field(4, "Relu"))),
     "Relu 'Relu_0': the node has no output"),
    ("external", tensor(field(14, 1)),
     "tensor 'w' is stored in a file of its own; export the model with its "
     "weights inside"),
    ("segment", tensor(field(3, b"")),
     "tensor 'w' is stored in segments, which are not supported"),
    ("strings", tensor(b"", kind=8),
     "the value 'w' cannot be used: its element type is not supported"),
    ("long number", b"\x08" + b"\xff" * 10,
     "this is not a whole ONNX model: a number is longer than 64 bits"),
    ("wire type", varint(1 << 3 | 3),
     "this is not a whole ONNX model: a field has an unknown wire type"),
    ("field 0", varint(0) + b"\0",
     "this is not a whole ONNX model: a field has an impossible number"),
    ("type of a field", field(7, 1),
     "this is not a whole ONNX model: a field has an unexpected type or "
     "length"),
)


def lines(text):
    found = text.split("|")
    return (found if found[0].startswith("opset") else ["opset 13"] + found)


def main():
    path = os.path.join(sys.argv[1], "refused.onnx")
    models = [(what, make_onnx.model(lines(text)), message)
              for what, text, message in NODES]
    wrong = 0
    for what, model, message in models + list(BYTES):
        with open(path, "wb") as file:
            file.write(model)
        run = subprocess.run(
            ["ams-compile", path, "--emit=mlir:0", "-o", os.devnull],
            capture_output=True, text=True, errors="replace")
        place = f"\n{path}: "
        if run.returncode != 1 or place not in run.stderr or \
                message not in run.stderr:
            print(f"{what}: exit code {run.returncode}, not \"{message}\": "
                  f"{run.stderr}")
            wrong += 1
    print(f"{wrong} of {len(models) + len(BYTES)} are not refused as expected")
    return wrong != 0


if __name__ == "__main__":
    sys.exit(main())
