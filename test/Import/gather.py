"""Writes indices, three a sample, or checks the rows that gather.test takes by them.

  gather.py INDICES.npy I,J,... [RESULT.npy]
"""

import struct
import sys

import onnx_wire as wire

ROWS, COLUMNS = 5, 4


def main():
    path, text, *result = sys.argv[1:]
    ids = [int(i) for i in text.split(",")]
    dims = [len(ids) // 3, 3]
    if not result:
        wire.write_npy(path, dims, struct.pack("<%dq" % len(ids), *ids), "q")
        return
    # The rule by which make_onnx.py fills weights.
    table = [(i * 7 % 13 - 6) / 8 for i in range(ROWS * COLUMNS)]
    expected = [table[i % ROWS * COLUMNS + k]
                for i in ids for k in range(COLUMNS)]
    shape, raw = wire.read_npy(result[0])
    if shape != dims + [COLUMNS] or raw != struct.pack(
            "<%df" % len(expected), *expected):
        sys.exit("other rows than the indices name")


if __name__ == "__main__":
    main()
