"""Writes float32 numbers, normal, from a fixed seed: random_npy.py FILE SIZE ..."""

import random
import sys

import npy

shape = [int(size) for size in sys.argv[2:]]
count = 1
for size in shape:
    count *= size
generator = random.Random(count)
npy.write(sys.argv[1],
          npy.Array(shape, [generator.gauss(0, 1) for _ in range(count)]))
