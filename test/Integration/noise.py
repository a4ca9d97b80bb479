"""Differential noise, drawn and recorded.

- Draws (T1, T3, T4) of ams.add_noise by each target, against this program.
- A step of training with noise behind its layer, against one without.
- What --record-noise returns, against one binary on the device and one in
  float32 that are fed the same inputs.
Usage: noise.py SCRATCH
"""

import os
import random
import struct
import subprocess
import sys

import npy

ROW = 641
SEED = 0x123456789abcdef


def f32(value):
    return struct.unpack("f", struct.pack("f", value))[0]


def philox(counter, seed):
    words = list(counter)
    keys = [seed & 0xffffffff, seed >> 32]
    for _ in range(10):
        first, second = 0xD2511F53 * words[0], 0xCD9E8D57 * words[2]
        words = [(second >> 32) ^ words[1] ^ keys[0], second & 0xffffffff,
                 (first >> 32) ^ words[3] ^ keys[1], first & 0xffffffff]
        keys = [(keys[0] + 0x9E3779B9) & 0xffffffff,
                (keys[1] + 0xBB67AE85) & 0xffffffff]
    return words


def add_noise(y, layer, sample, elements, table, channels, ranges):
    """One sample's elements `y` with noise, by T1, T3 and T4."""
    result = []
    for e, value in enumerate(y):
        row = e % channels * ranges * ROW
        at = row
        for m in range(1, ranges):
            if abs(value) >= table[row + m * ROW]:
                at = row + m * ROW
        words = philox([16 * (e // 64) + e % 16, sample >> 32 << 20,
                        sample & 0xffffffff, layer + (4 << 16)], SEED)
        w = words[e // 16 % 4]
        column, f = w >> 25, (w >> 1) % (1 << 24) / (1 << 24)
        threshold = table[at + 1 + column]
        side = 0 if f < threshold else 1
        low = table[at + 129 + 128 * side + column]
        slope = table[at + 385 + 128 * side + column]
        noise = f32(low + f32(slope * (f - threshold if side else f)))
        result.append(f32(value + noise))
    assert len(result) == elements
    return result


def follow(y, bias):
    """What becomes of rows with this bias, or None, and no less than -1/2."""
    if not bias:
        return list(y)
    return [max(-0.5, f32(value + bias[i % len(bias)]))
            for i, value in enumerate(y)]


def random_table(generator, channels, ranges):
    table = []
    for _ in range(channels):
        for m in range(ranges):
            table.append(f32(0.4 * m))
            table += [generator.randrange(1 << 24) / (1 << 24)
                      for _ in range(128)]
            table += [f32(generator.gauss(0, 1)) for _ in range(512)]
    return table


def normal(generator, *shape):
    count = 1
    for size in shape:
        count *= size
    return npy.Array(shape, [f32(generator.gauss(0, 1)) for _ in range(count)])


class Scratch:
    def __init__(self, folder):
        self.folder = folder

    def path(self, name):
        return os.path.join(self.folder, name)

    def must(self, *command):
        done = subprocess.run(command, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
        if done.returncode:
            sys.exit("%s\nfailed: %s" % (" ".join(command),
                                         done.stdout.decode()))

    def compile(self, text, name, *options):
        with open(self.path("model.mlir"), "w") as file:
            file.write(text)
        self.must("ams-compile", self.path("model.mlir"), "-o",
                  self.path(name), *options)

    def run(self, name, inputs, outputs, *options):
        command = ["ams-run", self.path(name), *options]
        for i, array in enumerate(inputs):
            npy.write(self.path("in%d.npy" % i), array)
            command += ["--input", self.path("in%d.npy" % i)]
        for i in range(outputs):
            command += ["--output", self.path("out%d.npy" % i)]
        self.must(*command)
        return [npy.read(self.path("out%d.npy" % i)) for i in range(outputs)]


def check_draws(scratch):
    generator = random.Random(1)
    for elements, last, channels, ranges, first in (
            (150, 30, 1, 1, 0), (66, 6, 6, 1, (1 << 32) - 2), (80, 5, 5, 3, 7),
            (64, 64, 1, 4, 1 << 40)):
        y = "tensor<1x%dx%dxf32>" % (elements // last, last)
        if channels == 1:
            port, use, reshape = "tensor<1x%dx%dxf32>" % (ranges, ROW), "%t", ""
        else:
            port = "tensor<1x%dxf32>" % (channels * ranges * ROW)
            use = "%e"
            reshape = (
                "%%e = tensor.expand_shape %%t [[0], [1, 2, 3]] output_shape "
                "[1, %d, %d, %d] : %s into tensor<1x%dx%dx%dxf32>\n"
                "%%c = tensor.collapse_shape %%e [[0, 1], [2], [3]] : "
                "tensor<1x%dx%dx%dxf32> into tensor<%dx%dx%dxf32>\n" % (
                    (channels, ranges, ROW, port) +
                    3 * (channels, ranges, ROW)))
            use = "%c"
        bias, epilogue = None, ""
        if channels == 1:
            bias = normal(generator, last).data
            reshape += "%%b = arith.constant dense<[%s]> : tensor<%dxf32>\n" % (
                ", ".join("%.9e" % value for value in bias), last)
            epilogue = ("epilogue = #ams.epilogue<bias = true, low = -0.5>"
                        "(%%b : tensor<%dxf32>)" % last)
        text = """func.func @main(%%y: %s, %%t: %s) -> %s {
%s  %%0 = ams.add_noise "fc" table(%s : tensor<%dx%dx%dxf32>) outs(%%y : %s) index = 9 samples = 1 %s -> %s
  return %%0 : %s
}
""" % (y, port, y, reshape, use, channels, ranges, ROW, y, epilogue, y, y)
        samples = 3
        data = normal(generator, samples, elements // last, last)
        table = random_table(generator, channels, ranges)
        tables = npy.Array(
            (samples, ranges, ROW) if channels == 1 else
            (samples, channels * ranges * ROW), samples * table)
        expected = []
        for s in range(samples):
            expected += follow(
                add_noise(data.data[s * elements:(s + 1) * elements], 9,
                          first + s, elements, table, channels, ranges), bias)
        for target in ("device", "digital", "plain"):
            scratch.compile(text, "draw.so", "--target=" + target)
            options = ["--seed=%d" % SEED, "--first-sample=%d" % first]
            found = scratch.run("draw.so", [data, tables], 1, *options)[0]
            if list(found.data) != expected:
                sys.exit("%s: other draws for %s" % (target, y))
            found = scratch.run("draw.so", [data, tables], 1, "--noise=none",
                                *options)[0]
            if list(found.data) != follow(data.data, bias):
                sys.exit("%s: noise where it is off" % target)
        print("draws %s, table of %d x %d" % (y, channels, ranges))


def check_step(scratch):
    """Two layers; the second has noise, address 1 and samples by rows."""
    generator = random.Random(2)
    batch, inner, outer = 4, 6, 33
    x = normal(generator, batch, inner)
    w, v = normal(generator, inner, inner), normal(generator, inner, outer)

    def literal(array):
        rows, columns = array.shape
        return "[%s]" % ", ".join(
            "[%s]" % ", ".join("%.9e" % value for value in
                               array.data[r * columns:(r + 1) * columns])
            for r in range(rows))

    text = """func.func @main(%%x: tensor<4x6xf32>) -> tensor<4x33xf32> {
  %%w = arith.constant {ams.weight = "w"} dense<%s> : tensor<6x6xf32>
  %%v = arith.constant {ams.weight = "v"} dense<%s> : tensor<6x33xf32>
  %%z = arith.constant 0.0 : f32
  %%e = tensor.empty() : tensor<4x6xf32>
  %%f = linalg.fill ins(%%z : f32) outs(%%e : tensor<4x6xf32>) -> tensor<4x6xf32>
  %%a = linalg.matmul ins(%%x, %%w : tensor<4x6xf32>, tensor<6x6xf32>) outs(%%f : tensor<4x6xf32>) -> tensor<4x6xf32> loc("inner")
  %%g = tensor.empty() : tensor<4x33xf32>
  %%h = linalg.fill ins(%%z : f32) outs(%%g : tensor<4x33xf32>) -> tensor<4x33xf32>
  %%b = linalg.matmul ins(%%a, %%v : tensor<4x6xf32>, tensor<6x33xf32>) outs(%%h : tensor<4x33xf32>) -> tensor<4x33xf32> loc("outer")
  return %%b : tensor<4x33xf32>
}
""" % (literal(w), literal(v))
    labels = normal(generator, batch, outer)
    options = ["--loss=l2", "--target=digital"]
    scratch.compile(text, "clean.so", *options)
    clean = scratch.run("clean.so", [x, labels, w, v], 4)
    table = random_table(generator, 1, 2)
    first = 40
    expected = []
    for s in range(batch):
        expected += add_noise(clean[1].data[s * outer:(s + 1) * outer], 1,
                              first + s, outer, table, 1, 2)
    scratch.compile(text, "noisy.so", "--add-noise=outer",
                    "--noise-per=magnitude:2", *options)
    for threads in (1, 3):
        noisy = scratch.run(
            "noisy.so", [x, labels, w, v, npy.Array((1, 2, ROW), table)], 4,
            "--seed=%d" % SEED, "--first-sample=%d" % first,
            "--threads=%d" % threads)
        if list(noisy[1].data) != expected:
            sys.exit("a step draws other noise on %d threads" % threads)
    # The gradient by v: that of the noisy result, 2 (y - label) / count, times
    # the input of the layer.
    hidden = [sum(x.data[r * inner + k] * w.data[k * inner + i]
                  for k in range(inner))
              for r in range(batch) for i in range(inner)]
    error = [2 * (y - t) / (batch * outer)
             for y, t in zip(expected, labels.data)]
    for i in range(inner):
        for o in range(outer):
            gradient = sum(hidden[r * inner + i] * error[r * outer + o]
                           for r in range(batch))
            if abs(noisy[3].data[i * outer + o] - gradient) > 1e-5:
                sys.exit("the gradient is not that of the noisy result")
    print("step")


# Inputs [batch, ...], weights, result with channels last, and the operation.
LAYERS = (
    ("matmul", (4, 40), (40, 9), (4, 9), ""),
    ("conv_2d_nhwc_hwcf", (4, 7, 6, 3), (3, 2, 3, 7), (4, 3, 4, 7),
     "{strides = dense<[2, 1]> : tensor<2xi64>, dilations = dense<[1, 2]> : tensor<2xi64>}"),
    ("conv_2d_nhwgc_gfhwc", (4, 6, 6, 2, 3), (2, 4, 3, 3, 3), (4, 4, 4, 2, 4),
     ""),
    ("depthwise_conv_2d_nhwc_hwc", (4, 6, 5, 3), (3, 3, 3), (4, 4, 3, 3), ""),
    ("batch_matmul", (4, 6, 40), (4, 40, 9), (4, 6, 9), ""),
)


def check_record(scratch):
    generator = random.Random(3)
    for name, x, w, y, attributes in LAYERS:
        types = ["tensor<%sxf32>" % "x".join(str(size) for size in shape)
                 for shape in (x, w, y)]
        inputs = [normal(generator, *x)]
        weights = normal(generator, *w)
        constant, more = "", ""
        if name == "batch_matmul":
            inputs.append(weights)
            more = ", %%w: %s" % types[1]
        else:
            blob = "0x" + weights.bytes().hex()
            constant = '  %%w = arith.constant dense<"%s"> : %s\n' % (blob,
                                                                     types[1])
        text = """func.func @main(%%x: %s%s) -> %s {
%s  %%i = arith.constant dense<0.0> : %s
  %%y = linalg.%s %s ins(%%x, %%w : %s, %s) outs(%%i : %s) -> %s loc("layer")
  return %%y : %s
}
""" % (types[0], more, types[2], constant, types[2], name, attributes,
       types[0], types[1], types[2], types[2], types[2])
        device = ["--device=abfp-n8", "--gain=2"]
        noise = ["--seed=4", "--first-sample=3"]
        scratch.compile(text, "loops.so", "--target=digital",
                        "--keep-digital-layers=*")
        loops = scratch.run("loops.so", inputs, 1)[0]
        scratch.compile(text, "device.so", *device)
        analog = scratch.run("device.so", inputs, 1, *noise)[0]
        scratch.compile(text, "record.so", "--record-noise", *device)
        result, recorded, output = scratch.run("record.so", inputs, 3, *noise)
        scale = max(abs(value) for value in loops.data)
        for found, expected in (
                (result.data, loops.data), (output.data, loops.data),
                (recorded.data,
                 [a - b for a, b in zip(analog.data, loops.data)])):
            worst = max(abs(a - b) for a, b in zip(found, expected))
            if len(found) != len(expected) or worst > 1e-6 * scale:
                sys.exit("%s: what is recorded differs by %g" % (name, worst))
        largest = max(abs(value) for value in recorded.data)
        if not 1e-4 * scale < largest < 0.05 * scale:
            sys.exit("%s: noise of %g of %g" % (name, largest, scale))
        print("record %s: %g of %g" % (name, largest, scale))


def check_chain(scratch):
    """The second layer's twins get what the first computes in float32."""
    generator = random.Random(4)
    x = normal(generator, 4, 20)
    constants = ["0x" + normal(generator, *shape).bytes().hex()
                 for shape in ((20, 12), (12, 7))]

    def layer(weights, name, x, y, inner, outer):
        return """  %%w%s = arith.constant dense<"%s"> : tensor<%dx%dxf32>
  %%i%s = arith.constant dense<0.0> : tensor<4x%dxf32>
  %s = linalg.matmul ins(%s, %%w%s : tensor<4x%dxf32>, tensor<%dx%dxf32>) outs(%%i%s : tensor<4x%dxf32>) -> tensor<4x%dxf32> loc("%s")
""" % (name, weights, inner, outer, name, outer, y, x, name, inner, inner,
       outer, name, outer, outer, name)

    both = ("func.func @main(%x: tensor<4x20xf32>) -> tensor<4x7xf32> {\n" +
            layer(constants[0], "one", "%x", "%y", 20, 12) +
            layer(constants[1], "two", "%y", "%z", 12, 7) +
            "  return %z : tensor<4x7xf32>\n}\n")
    second = ("func.func @main(%y: tensor<4x12xf32>) -> tensor<4x7xf32> {\n" +
              layer(constants[1], "two", "%y", "%z", 12, 7) +
              "  return %z : tensor<4x7xf32>\n}\n")
    device = ["--device=abfp-n8", "--gain=2"]
    scratch.compile(both, "record.so", "--record-noise", *device)
    # Results: the network's, one.noise, two.noise, one.output, two.output.
    found = scratch.run("record.so", [x], 5, "--noise=none")
    scratch.compile(second, "device.so", *device)
    analog = scratch.run("device.so", [found[3]], 1, "--noise=none")[0]
    expected = [f32(a - b) for a, b in zip(analog.data, found[4].data)]
    if list(found[2].data) != expected or found[0].data != found[4].data:
        sys.exit("the second layer was fed something else")
    print("chain")


def main():
    scratch = Scratch(sys.argv[1])
    check_draws(scratch)
    check_step(scratch)
    check_record(scratch)
    check_chain(scratch)


main()
