"""Copies an ONNX file with other numbers in an initializer's raw_data.

    set_weights.py FROM TO INITIALIZER FIRST VALUE...
"""

import struct
import sys


def varint(data, place):
    number = shift = 0
    while True:
        byte = data[place]
        place += 1
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return number, place


def fields(data, place, end):
    """Number, begin and end of every field that has a length."""
    while place < end:
        key, place = varint(data, place)
        if key & 7 == 2:
            size, place = varint(data, place)
            yield key >> 3, place, place + size
            place += size
        else:
            place = {0: lambda: varint(data, place)[1], 1: lambda: place + 8,
                     5: lambda: place + 4}[key & 7]()


def inside(data, number, begin, end):
    return [(b, e) for n, b, e in fields(data, begin, end) if n == number]


def main():
    with open(sys.argv[1], "rb") as file:
        data = bytearray(file.read())
    GRAPH, INITIALIZER, NAME, RAW_DATA = 7, 5, 8, 9
    graph, = inside(data, GRAPH, 0, len(data))
    for tensor in inside(data, INITIALIZER, *graph):
        (begin, end), = inside(data, NAME, *tensor)
        if data[begin:end].decode() == sys.argv[3]:
            (begin, end), = inside(data, RAW_DATA, *tensor)
            break
    else:
        sys.exit("no initializer is called " + sys.argv[3])
    values = [float(value) for value in sys.argv[5:]]
    place = begin + 4 * int(sys.argv[4])
    assert place + 4 * len(values) <= end
    struct.pack_into("<%df" % len(values), data, place, *values)
    with open(sys.argv[2], "wb") as file:
        file.write(data)


if __name__ == "__main__":
    main()
