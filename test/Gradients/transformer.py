"""Writes a small transformer in linalg: embeddings of words and places, layers of
attention and of a GELU network with normalisation in front, a classifier of the mean.

Usage: transformer.py [LAYERS]
"""

import sys

BATCH, WORDS, WIDTH, HEADS, HIDDEN, VOCABULARY, CLASSES = 2, 5, 8, 2, 12, 11, 3


class Writer:
    """Appends operations on tensors; values are (name, shape)."""

    def __init__(self):
        self.lines = []
        self.count = 0

    def emit(self, text):
        self.count += 1
        name = "%%v%d" % self.count
        self.lines.append("  %s = %s" % (name, text))
        return name

    def weight(self, name, *shape):
        kind = type_of(shape)
        return self.emit('arith.constant {ams.weight = "%s"} dense<0.0> : %s'
                         % (name, kind)), shape

    def empty(self, shape):
        return self.emit("tensor.empty() : " + type_of(shape))

    def filled(self, shape, value):
        return self.emit("linalg.fill ins(%s : f32) outs(%s : %s) -> %s" % (
            value, self.empty(shape), type_of(shape), type_of(shape)))

    def generic(self, loops, operands, maps, shape, body, reduced=(),
                init=None):
        """`maps` lists the loops of each operand and of the result; `body` has
        %0, %1, ... for elements, %o for the result's, and yields %y."""
        dims = ", ".join("d%d" % i for i in range(loops))
        attributes = ", ".join(
            "affine_map<(%s) -> (%s)>" % (dims, ", ".join(
                "d%d" % d for d in map_)) for map_ in maps)
        kinds = ", ".join('"reduction"' if i in reduced else '"parallel"'
                          for i in range(loops))
        arguments = ", ".join("%%%d: %s" % (i, element_of(o))
                              for i, o in enumerate(operands))
        ins = ", ".join(o[0] for o in operands)
        types = ", ".join(type_of(o[1], element_of(o)) for o in operands)
        out = init or self.empty(shape)
        lines = body.strip().split("\n")
        return self.emit(
            "linalg.generic {indexing_maps = [%s], iterator_types = [%s]} "
            "ins(%s : %s) outs(%s : %s) {\n  ^bb0(%s, %%o: f32):\n%s\n"
            "    linalg.yield %%y : f32\n  } -> %s" % (
                attributes, kinds, ins, types, out, type_of(shape), arguments,
                "\n".join("    " + line.strip() for line in lines),
                type_of(shape))), shape

    def binary(self, operation, a, b):
        """By element; `b` repeats along the leading dimensions of `a`."""
        rank = len(a[1])
        own = list(range(rank))
        return self.generic(rank, [a, b], [own, own[rank - len(b[1]):], own],
                            a[1], "%%y = %s %%0, %%1 : f32" % operation)

    def over_rows(self, a, sums, body):
        """By element, of `a` and one number a row, in %1."""
        own = list(range(len(a[1])))
        return self.generic(len(own), [a, sums], [own, own[:-1], own], a[1],
                            body)

    def reduced(self, a, body, start="%zero"):
        """Over the last dimension."""
        own = list(range(len(a[1])))
        return self.generic(len(own), [a], [own, own[:-1]], a[1][:-1], body,
                            reduced=own[-1:],
                            init=self.filled(a[1][:-1], start))

    def linear(self, name, x, outputs):
        rows, inputs = x[1]
        w = self.weight(name + ".weight", outputs, inputs)
        b = self.weight(name + ".bias", outputs)
        maps = ("affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> "
                "(n, k)>, affine_map<(m, n, k) -> (m, n)>")
        shape = (rows, outputs)
        y = self.emit(
            "linalg.matmul indexing_maps = [%s] ins(%s, %s : %s, %s) "
            "outs(%s : %s) -> %s" % (
                maps, x[0], w[0], type_of(x[1]), type_of(w[1]),
                self.filled(shape, "%zero"), type_of(shape), type_of(shape)))
        return self.binary("arith.addf", (y, shape), b)

    def normalised(self, name, x):
        mean = self.reduced(x, "%y = arith.addf %o, %0 : f32")
        centred = self.over_rows(x, mean, """%m = arith.divf %1, %width : f32
            %y = arith.subf %0, %m : f32""")
        squares = self.reduced(centred, """%q = arith.mulf %0, %0 : f32
            %y = arith.addf %o, %q : f32""")
        scaled = self.over_rows(centred, squares, """
            %m = arith.divf %1, %width : f32
            %e = arith.addf %m, %epsilon : f32
            %r = math.sqrt %e : f32
            %y = arith.divf %0, %r : f32""")
        width = x[1][-1]
        scaled = self.binary("arith.mulf", scaled,
                             self.weight(name + ".weight", width))
        return self.binary("arith.addf", scaled,
                           self.weight(name + ".bias", width))

    def reshaped(self, x, shape):
        flat = type_of([size(x[1])])
        groups = "[[%s]]" % ", ".join(map(str, range(len(x[1]))))
        one = self.emit("tensor.collapse_shape %s %s : %s into %s" % (
            x[0], groups, type_of(x[1]), flat))
        groups = "[[%s]]" % ", ".join(map(str, range(len(shape))))
        return self.emit(
            "tensor.expand_shape %s %s output_shape [%s] : %s into %s" % (
                one, groups, ", ".join(map(str, shape)), flat,
                type_of(shape))), tuple(shape)

    def transposed(self, x, permutation):
        shape = tuple(x[1][d] for d in permutation)
        return self.emit(
            "linalg.transpose ins(%s : %s) outs(%s : %s) permutation = [%s]"
            % (x[0], type_of(x[1]), self.empty(shape), type_of(shape),
               ", ".join(map(str, permutation)))), shape

    def product(self, a, b):
        shape = (a[1][0], a[1][1], b[1][2])
        return self.emit(
            "linalg.batch_matmul ins(%s, %s : %s, %s) outs(%s : %s) -> %s" % (
                a[0], b[0], type_of(a[1]), type_of(b[1]),
                self.filled(shape, "%zero"), type_of(shape),
                type_of(shape))), shape

    def softmax(self, x):
        largest = self.reduced(x, "%y = arith.maximumf %o, %0 : f32",
                               start="%least")
        power = self.over_rows(x, largest, """%d = arith.subf %0, %1 : f32
            %y = math.exp %d : f32""")
        total = self.reduced(power, "%y = arith.addf %o, %0 : f32")
        return self.over_rows(power, total, "%y = arith.divf %0, %1 : f32")

    def heads(self, x, order):
        split = self.reshaped(x, (BATCH, WORDS, HEADS, WIDTH // HEADS))
        moved = self.transposed(split, order)
        return self.reshaped(moved, (BATCH * HEADS,) + moved[1][2:])

    def attention(self, name, x):
        query = self.heads(self.linear(name + ".query", x, WIDTH),
                           (0, 2, 1, 3))
        key = self.heads(self.linear(name + ".key", x, WIDTH), (0, 2, 3, 1))
        value = self.heads(self.linear(name + ".value", x, WIDTH),
                           (0, 2, 1, 3))
        scores = self.product(query, key)
        own = [0, 1, 2]
        scores = self.generic(3, [scores], [own, own], scores[1],
                              "%y = arith.mulf %0, %scale : f32")
        mixed = self.product(self.softmax(scores), value)
        mixed = self.reshaped(mixed, (BATCH, HEADS, WORDS, WIDTH // HEADS))
        mixed = self.transposed(mixed, (0, 2, 1, 3))
        return self.linear(name + ".output",
                           self.reshaped(mixed, (BATCH * WORDS, WIDTH)), WIDTH)

    def gelu(self, x):
        return self.generic(2, [x], [[0, 1], [0, 1]], x[1], """
            %s = arith.mulf %0, %root : f32
            %e = math.erf %s : f32
            %p = arith.addf %e, %one : f32
            %h = arith.mulf %0, %half : f32
            %y = arith.mulf %h, %p : f32""")

    def embedded(self):
        table = self.weight("words", VOCABULARY, WIDTH)
        words = self.generic(
            3, [("%ids", (BATCH, WORDS), "i64")], [[0, 1], [0, 1, 2]],
            (BATCH, WORDS, WIDTH), """
            %%r = arith.index_cast %%0 : i64 to index
            %%c = linalg.index 2 : index
            %%y = tensor.extract %s[%%r, %%c] : %s""" % (
                table[0], type_of(table[1])))
        words = self.binary("arith.addf", words,
                            self.weight("places", WORDS, WIDTH))
        return self.reshaped(words, (BATCH * WORDS, WIDTH))


def size(shape):
    product = 1
    for dim in shape:
        product *= dim
    return product


def element_of(operand):
    return operand[2] if len(operand) > 2 else "f32"


def type_of(shape, element="f32"):
    return "tensor<%s%s>" % ("".join("%dx" % dim for dim in shape), element)


def main():
    layers = int(sys.argv[1]) if len(sys.argv) > 1 else 2
    writer = Writer()
    x = writer.embedded()
    for i in range(layers):
        name = "layer%d" % i
        y = writer.attention(name, writer.normalised(name + ".first", x))
        x = writer.binary("arith.addf", x, y)
        y = writer.normalised(name + ".second", x)
        y = writer.gelu(writer.linear(name + ".wide", y, HIDDEN))
        x = writer.binary("arith.addf", x,
                          writer.linear(name + ".narrow", y, WIDTH))
    x = writer.reshaped(writer.normalised("last", x), (BATCH, WORDS, WIDTH))
    mean = writer.generic(3, [x], [[0, 1, 2], [0, 2]], (BATCH, WIDTH),
                          "%y = arith.addf %o, %0 : f32", reduced=(1,),
                          init=writer.filled((BATCH, WIDTH), "%zero"))
    result = writer.linear("classifier", mean, CLASSES)
    constants = {"zero": "0.0", "one": "1.0", "half": "0.5",
                 "least": "0xFF800000", "root": "0.70710678",
                 "epsilon": "1.0e-3", "width": "%d.0" % WIDTH,
                 "scale": "%.6f" % ((WIDTH // HEADS) ** -0.5)}
    print("func.func @main(%%ids: %s) -> %s {" % (
        type_of((BATCH, WORDS), "i64"), type_of(result[1])))
    for name, value in constants.items():
        print("  %%%s = arith.constant %s : f32" % (name, value))
    print("\n".join(writer.lines))
    print("  return %s : %s\n}" % (result[0], type_of(result[1])))


if __name__ == "__main__":
    main()
