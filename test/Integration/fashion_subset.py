"""Writes the first COUNT test images as .npy: fashion_subset.py IDX.gz FILE COUNT"""

import gzip
import struct
import sys

import npy

count = int(sys.argv[3])
with gzip.open(sys.argv[1]) as file:
    magic, _, height, width = struct.unpack(">4i", file.read(16))
    assert magic == 2051
    pixels = file.read(count * height * width)
npy.write(sys.argv[2],
          npy.Array((count, 1, height, width), [p / 255 for p in pixels]))
