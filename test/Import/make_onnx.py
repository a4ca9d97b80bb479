"""Writes the small ONNX model that a test describes in its comments.

  make_onnx.py TEST OUTPUT [MODEL]

A test may describe several models, each after a line `ONNX: model NAME`:

  // ONNX: opset 17
  // ONNX: input x Nx3x8x8          dimensions: numbers or names
  // ONNX: weights w 4x3x3x3        values by a fixed rule, or "= 1,2.5"
  // ONNX: ints shape = 1,-1        int64, one dimension
  // ONNX: node Conv(x, w) -> y name=conv strides=[2,2] auto_pad="VALID"
  // ONNX: output y Nx4x3x3

`weights` and `ints` store raw_data; `typed-weights` and `typed-ints` the fields
of their own types. `Constant` nodes take value_float=, value_ints=...
"""

import ast
import re
import struct
import sys

from onnx_wire import FLOAT, INT64, Tensor, field, varint

INT_ATTRIBUTE, FLOAT_ATTRIBUTE, STRING_ATTRIBUTE = 2, 1, 3
FLOATS_ATTRIBUTE, INTS_ATTRIBUTE = 6, 7


def dimensions(text):
    return [] if text == "scalar" else text.split("x")


def value_info(name, kind, dims):
    shape = b"".join(
        field(1, field(1, int(d)) if d.lstrip("-").isdigit() else field(2, d))
        for d in dims)
    return field(1, name) + field(2, field(1, field(1, kind) + field(2, shape)))


def attribute(name, text):
    value = ast.literal_eval(text)
    if isinstance(value, int):
        body = field(3, value) + field(20, INT_ATTRIBUTE)
    elif isinstance(value, float):
        body = field(2, value) + field(20, FLOAT_ATTRIBUTE)
    elif isinstance(value, str):
        body = field(4, value) + field(20, STRING_ATTRIBUTE)
    elif any(isinstance(item, float) for item in value):
        body = b"".join(field(7, float(item)) for item in value)
        body += field(20, FLOATS_ATTRIBUTE)
    else:
        body = b"".join(field(8, item) for item in value)
        body += field(20, INTS_ATTRIBUTE)
    return field(1, name) + body


def node(text):
    kind, inputs, outputs, rest = re.fullmatch(
        r"(\w+)\((.*?)\) -> (\S+)\s*(.*)", text).groups()
    body = b"".join(field(1, i.strip()) for i in inputs.split(",") if inputs)
    body += b"".join(field(2, o) for o in outputs.split(","))
    body += field(4, kind)
    for item in rest.split():
        key, value = item.split("=", 1)
        if key == "name":
            body += field(3, value)
        elif key == "domain":
            body += field(7, value)
        else:
            body += field(5, attribute(key, value))
    return body


def tensor(kind, text):
    """The TensorProto of a `weights` or `ints` line."""
    declared, _, values = (part.strip() for part in text.partition("="))
    name, *shape = declared.split()
    if kind.endswith("ints"):
        values = [int(v) for v in values.split(",")]
        dims, element, raw = [len(values)], INT64, f"<{len(values)}q"
    else:
        dims = [int(d) for d in dimensions(shape[0])]
        count = 1
        for dim in dims:
            count *= dim
        values = ([float(v) for v in values.split(",")] if values else
                  [(i * 7 % 13 - 6) / 8 for i in range(count)])
        element, raw = FLOAT, f"<{len(values)}f"
    packed = struct.pack(raw, *values)
    if not kind.startswith("typed-"):
        return Tensor(name, dims, element, packed).message()
    head = b"".join(field(1, dim) for dim in dims)
    head += field(2, element) + field(8, name)
    if element == INT64:
        return head + field(7, b"".join(varint(v) for v in values))
    return head + field(4, packed)


def model(lines):
    graph, opsets = b"", b""
    for line in lines:
        kind, _, text = line.partition(" ")
        text = text.strip()
        if kind == "opset":
            *domain, version = text.split()
            opsets += field(8, field(1, "".join(domain)) +
                            field(2, int(version)))
        elif kind == "node":
            graph += field(1, node(text))
        elif kind in ("input", "output"):
            name, shape, *element = text.split()
            info = value_info(name, int(element[0]) if element else FLOAT,
                              dimensions(shape))
            graph += field(11 if kind == "input" else 12, info)
        else:
            graph += field(5, tensor(kind, text))
    return field(1, 8) + field(7, graph) + opsets


def main():
    test, output, *name = sys.argv[1:]
    models, current = {}, ""
    with open(test) as file:
        for line in file:
            found = re.match(r"\W*ONNX: (.*)", line)
            if not found:
                continue
            if found[1].startswith("model "):
                current = found[1].split()[1]
            else:
                models.setdefault(current, []).append(found[1])
    with open(output, "wb") as file:
        file.write(model(models[name[0] if name else ""]))


if __name__ == "__main__":
    main()
