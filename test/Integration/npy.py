"""Minimal .npy reading and writing for tests, with the standard library."""

import ast
import struct

CODES = {"<f4": "f", "<i2": "h", "<i4": "i", "<i8": "q", "|i1": "b"}


class Array:
    """A dense array: shape and a flat list of numbers, row-major."""

    def __init__(self, shape, data, dtype="<f4"):
        self.shape = tuple(shape)
        self.data = list(data)
        self.dtype = dtype

    def bytes(self):
        return struct.pack("<%d%s" % (len(self.data), CODES[self.dtype]),
                           *self.data)


def read(path):
    with open(path, "rb") as file:
        content = file.read()
    assert content[:6] == b"\x93NUMPY", path
    start = 10
    size = struct.unpack("<H", content[8:10])[0]
    if content[6] > 1:
        start, size = 12, struct.unpack("<I", content[8:12])[0]
    header = ast.literal_eval(content[start:start + size].decode())
    assert not header["fortran_order"], path
    code = CODES[header["descr"]]
    body = content[start + size:]
    count = len(body) // struct.calcsize("<" + code)
    return Array(header["shape"], struct.unpack("<%d%s" % (count, code), body),
                 header["descr"])


def write(path, array):
    header = ("{'descr': '%s', 'fortran_order': False, 'shape': (%s), }" % (
        array.dtype, "".join("%d, " % size for size in array.shape)))
    header += " " * (-(len(header) + 11) % 64) + "\n"
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)))
        file.write(header.encode() + array.bytes())
