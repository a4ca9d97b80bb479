"""Makes and shows .npy files without NumPy.

    array.py make FILE DESCR SHAPE VALUE...   SHAPE as 3x2x2
    array.py show FILE
"""

import ast
import math
import struct
import sys

FORMATS = {"<f4": "f", "<f8": "d", "<i8": "q", "|u1": "B", ">f4": "f"}


def make(path, descr, shape, *values):
    shape = tuple(int(size) for size in shape.split("x"))
    count = math.prod(shape)
    numbers = [float(v) if FORMATS[descr] in "fd" else int(v) for v in values]
    numbers = [numbers[i % len(numbers)] for i in range(count)]
    header = repr({"descr": descr, "fortran_order": False, "shape": shape})
    header += " " * (-(len(header) + 11) % 64) + "\n"
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)))
        file.write(header.encode())
        file.write(struct.pack(f"<{count}{FORMATS[descr]}", *numbers))


def show(path):
    with open(path, "rb") as file:
        data = file.read()
    size = 10 + struct.unpack("<H", data[8:10])[0]
    header = ast.literal_eval(data[10:size].decode())
    count = math.prod(header["shape"])
    numbers = struct.unpack(f"<{count}{FORMATS[header['descr']]}", data[size:])
    print(header["descr"], "x".join(str(n) for n in header["shape"]))
    print(" ".join(f"{n:.4g}" for n in numbers))


if __name__ == "__main__":
    {"make": make, "show": show}[sys.argv[1]](*sys.argv[2:])
