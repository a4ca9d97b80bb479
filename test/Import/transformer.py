"""Fails where two .npy files of float32 differ by more than 1e-5.

  transformer.py RESULT.npy EXPECTED.npy
"""

import struct
import sys

import onnx_wire as wire


def main():
    (shape, got), (other, expected) = (wire.read_npy(p) for p in sys.argv[1:])
    pairs = zip(struct.iter_unpack("<f", got),
                struct.iter_unpack("<f", expected))
    worst = max(abs(a - b) for (a,), (b,) in pairs)
    if shape != other or not worst <= 1e-5:
        sys.exit("shapes %s and %s, difference %g" % (shape, other, worst))


if __name__ == "__main__":
    main()
