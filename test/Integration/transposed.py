"""Transposed convolutions of tosa, end to end.

For strides, kernels and padding of several kinds: float32 products give what the
definition gives, the device the same but for what it rounds, and the same bits by
both ways down; the convolution is a layer.
Usage: transposed.py SCRATCH
"""

import itertools
import os
import random
import subprocess
import sys

import npy

# Image [samples, rows, columns, channels], filters, kernel, strides, padding of
# the result: top, bottom, left, right.
CASES = (
    ((2, 5, 4, 3), 2, (3, 3), (1, 1), (0, 0, 0, 0)),
    ((2, 5, 4, 3), 2, (3, 3), (2, 2), (0, 0, 0, 0)),
    ((2, 4, 4, 5), 3, (4, 4), (2, 2), (-1, -1, -1, -1)),
    ((2, 3, 4, 2), 4, (2, 3), (3, 2), (1, 0, -1, 2)),
    ((2, 4, 3, 9), 1, (1, 1), (1, 1), (0, 0, 0, 0)),
)


def dense(values, shape):
    if not shape:
        return "%.4f" % next(values)
    return "[%s]" % ", ".join(dense(values, shape[1:])
                              for _ in range(shape[0]))


def result_shape(image, filters, kernel, strides, padding):
    return (image[0],
            (image[1] - 1) * strides[0] + kernel[0] + padding[0] + padding[1],
            (image[2] - 1) * strides[1] + kernel[1] + padding[2] + padding[3],
            filters)


def define(x, w, bias, image, filters, kernel, strides, padding):
    """Each element of the image, times the kernel, is added where it reaches."""
    samples, rows, columns, channels = image
    _, height, width, _ = result_shape(image, filters, kernel, strides, padding)
    y = [bias[i % filters] for i in range(samples * height * width * filters)]
    for n, r, c, f, i, j in itertools.product(
            range(samples), range(rows), range(columns), range(filters),
            range(kernel[0]), range(kernel[1])):
        row = r * strides[0] + i + padding[0]
        column = c * strides[1] + j + padding[2]
        if 0 <= row < height and 0 <= column < width:
            at = ((n * rows + r) * columns + c) * channels
            by = ((f * kernel[0] + i) * kernel[1] + j) * channels
            y[((n * height + row) * width + column) * filters + f] += sum(
                x[at + k] * w[by + k] for k in range(channels))
    return y


def model(w, bias, image, filters, kernel, strides, padding):
    def tensor(*shape):
        return "tensor<%sxf32>" % "x".join(map(str, shape))
    weights = (filters,) + kernel + (image[3],)
    result = tensor(*result_shape(image, filters, kernel, strides, padding))
    return """func.func @main(%%x: %s) -> %s {
  %%w = "tosa.const"() <{values = dense<%s> : %s}> : () -> %s
  %%b = "tosa.const"() <{values = dense<%s> : %s}> : () -> %s
  %%z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %%y = tosa.transpose_conv2d %%x, %%w, %%b, %%z, %%z {acc_type = f32,
      out_pad = array<i64: %d, %d, %d, %d>, stride = array<i64: %d, %d>}
      : (%s, %s, %s, tensor<1xf32>, tensor<1xf32>) -> %s
  return %%y : %s
}
""" % ((tensor(*image), result, dense(iter(w), weights), tensor(*weights),
        tensor(*weights), dense(iter(bias), (filters,)), tensor(filters),
        tensor(filters)) + padding + strides + (
            tensor(*image), tensor(*weights), tensor(filters), result, result))


def must(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    if done.returncode:
        sys.exit("%s\nfailed: %s" % (" ".join(command), done.stdout.decode()))
    return done.stdout.decode()


def main():
    scratch = sys.argv[1]
    generator = random.Random(3)

    def path(name):
        return os.path.join(scratch, name)

    def numbers(count):
        return [round(generator.gauss(0, 1), 4) for _ in range(count)]

    def compute(options, *run):
        must("ams-compile", path("linalg.mlir"), "-o", path("model.so"),
             *options)
        if "layers    1" not in must("ams-run", path("model.so"), "--info"):
            sys.exit("the convolution is no layer")
        must("ams-run", path("model.so"), "--input", path("x.npy"), "--output",
             path("y.npy"), *run)
        return npy.read(path("y.npy")).data

    for case in CASES:
        image, filters, kernel = case[:3]
        count = image[0] * image[1] * image[2] * image[3]
        npy.write(path("x.npy"), npy.Array(image, numbers(count)))
        x = npy.read(path("x.npy")).data
        w = numbers(filters * kernel[0] * kernel[1] * image[3])
        bias = numbers(filters)
        with open(path("tosa.mlir"), "w") as file:
            file.write(model(w, bias, *case))
        must("ams-opt", path("tosa.mlir"), "--ams-tosa-to-linalg", "-o",
             path("linalg.mlir"))
        expected = define(x, w, bias, *case)
        scale = max(map(abs, expected))

        def furthest(found):
            if len(found) != len(expected):
                sys.exit("%s: %d elements, not %d" % (case, len(found),
                                                      len(expected)))
            return max(abs(a - b) for a, b in zip(found, expected))

        if furthest(compute(["--target=digital"])) > 1e-5 * scale:
            sys.exit("%s: float32 products differ" % (case,))
        device = ["--device=abfp-n8", "--gain=2"]
        noise = ["--seed=4"]
        analog = compute(device, *noise)
        worst = furthest(analog)
        if not 0 < worst < 0.05 * scale:
            sys.exit("%s: the device differs by %g of %g" % (case, worst,
                                                             scale))
        if compute(device + ["--target=plain"], *noise) != analog:
            sys.exit("%s: the ways down differ" % (case,))
        print("%s: %g of %g" % (case, worst, scale))


if __name__ == "__main__":
    main()
