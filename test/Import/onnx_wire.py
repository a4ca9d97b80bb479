"""The protobuf wire format and ONNX's messages, as much as the tests need.

A message is a list of (field number, value) pairs in the order of the file: an
int for a varint, bytes for everything with a length, and a float for a fixed
32-bit field.
"""

import struct

FLOAT, INT32, INT64, BOOL = 1, 6, 7, 9


def varint(value):
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def field(number, value):
    """One field: an int, a float, a str, or bytes (also a whole message)."""
    if isinstance(value, float):
        return varint(number << 3 | 5) + struct.pack("<f", value)
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    if isinstance(value, str):
        value = value.encode()
    return varint(number << 3 | 2) + varint(len(value)) + value


def read_varint(data, at):
    value, shift = 0, 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def fields(data):
    """The (number, value) pairs of a message."""
    at, pairs = 0, []
    while at < len(data):
        tag, at = read_varint(data, at)
        if tag & 7 == 0:
            value, at = read_varint(data, at)
        elif tag & 7 == 2:
            size, at = read_varint(data, at)
            value, at = data[at:at + size], at + size
        elif tag & 7 == 5:
            value, at = struct.unpack_from("<f", data, at)[0], at + 4
        else:
            value, at = data[at:at + 8], at + 8
        pairs.append((tag >> 3, value))
    return pairs


def every(message, number):
    return [value for key, value in message if key == number]


def first(message, number, default=None):
    return next(iter(every(message, number)), default)


def signed(value):
    return value - (1 << 64) if value >> 63 else value


def integers(message, number):
    """A repeated integer field, packed or not."""
    out = []
    for value in every(message, number):
        if isinstance(value, int):
            out.append(signed(value))
        else:
            at = 0
            while at < len(value):
                one, at = read_varint(value, at)
                out.append(signed(one))
    return out


class Tensor:
    """A TensorProto: name, dimensions, element type, raw little-endian bytes."""

    def __init__(self, name, dims, kind, raw):
        self.name, self.dims, self.kind, self.raw = name, dims, kind, raw

    @staticmethod
    def read(data):
        message = fields(data)
        kind = first(message, 2, 0)
        raw = first(message, 9)
        if raw is None and kind == FLOAT:
            raw = b"".join(
                struct.pack("<f", v) if isinstance(v, float) else v
                for v in every(message, 4))
        elif raw is None and kind == INT64:
            values = integers(message, 7)
            raw = struct.pack(f"<{len(values)}q", *values)
        name = first(message, 8, b"").decode()
        return Tensor(name, integers(message, 1), kind, raw)

    def message(self, name=None):
        return (b"".join(field(1, dim) for dim in self.dims) +
                field(2, self.kind) + field(8, name or self.name) +
                field(9, self.raw))

    def floats(self):
        return struct.unpack(f"<{len(self.raw) // 4}f", self.raw)


def write_npy(path, dims, raw, code="f"):
    shape = "(" + "".join(f"{dim}, " for dim in dims) + ")"
    kind = {"f": "<f4", "q": "<i8"}[code]
    header = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) +
                   header.encode() + raw)


def read_npy(path):
    """The dimensions and raw bytes of a file."""
    with open(path, "rb") as file:
        data = file.read()
    size = struct.unpack_from("<H", data, 8)[0]
    header = eval(data[10:10 + size])  # a literal, by the format's definition
    return list(header["shape"]), data[10 + size:]
