"""Every source of error, by both ways down: the same bits.

A grouped convolution, a product with weights and one of two activations, on
devices with each source alone, with all, and with wide converters; with the
noise on and off, for two seeds of the device. No two devices give the same.
Usage: sources.py SCRATCH
"""

import os
import random
import subprocess
import sys

import npy

MODEL = """
func.func @main(%%x: tensor<4x6x6x2x3xf32>, %%u: tensor<4x10x9xf32>) -> tensor<4x7x9xf32> {
  %%f = arith.constant dense<%s> : tensor<2x4x3x3x3xf32>
  %%w = arith.constant dense<%s> : tensor<128x70xf32>
  %%i0 = arith.constant dense<0.0> : tensor<4x4x4x2x4xf32>
  %%i1 = arith.constant dense<0.0> : tensor<4x70xf32>
  %%i2 = arith.constant dense<0.0> : tensor<4x7x9xf32>
  %%c = linalg.conv_2d_nhwgc_gfhwc ins(%%x, %%f : tensor<4x6x6x2x3xf32>, tensor<2x4x3x3x3xf32>)
    outs(%%i0 : tensor<4x4x4x2x4xf32>) -> tensor<4x4x4x2x4xf32>
  %%v = tensor.collapse_shape %%c [[0], [1, 2, 3, 4]] : tensor<4x4x4x2x4xf32> into tensor<4x128xf32>
  %%m = linalg.matmul ins(%%v, %%w : tensor<4x128xf32>, tensor<128x70xf32>)
    outs(%%i1 : tensor<4x70xf32>) -> tensor<4x70xf32>
  %%a = tensor.expand_shape %%m [[0], [1, 2]] output_shape [4, 7, 10] : tensor<4x70xf32> into tensor<4x7x10xf32>
  %%y = linalg.batch_matmul ins(%%a, %%u : tensor<4x7x10xf32>, tensor<4x10x9xf32>)
    outs(%%i2 : tensor<4x7x9xf32>) -> tensor<4x7x9xf32>
  return %%y : tensor<4x7x9xf32>
}
"""

UNIFORM = "#ams.uniform<width = 1.0>"
SOURCES = (
    "#ams.programming<constant = 0.02, proportional = 0.03, quadratic = -0.01>",
    "#ams.drift<time = 86400.0, reference = 25.0, exponent = 0.05, "
    "deviation = 0.02>",
    "#ams.drift<time = 86400.0, reference = 25.0, exponent = 0.05, "
    "deviation = 0.02, compensated = true>",
    "#ams.stuck<low = 0.05, high = 0.03>",
    "#ams.ir_drop<loss = 0.2>",
    "#ams.dac<noise = 0.4>",
    "#ams.dac<integral = 0.7>",
    "#ams.read_noise<deviation = 0.02>",
    "#ams.column_error<gain = 1.05, gain_deviation = 0.02>",
    "#ams.column_error<offset = 0.6, offset_deviation = 0.8>",
    "#ams.common<deviation = 0.7>",
    "#ams.adc_spread<columns = 0.3, growth = 0.5>",
    "#ams.adc_nonlinearity<integral = 0.9>",
    "#ams.adc_nonlinearity<differential = 0.5>",
    "#ams.repeat<count = 3>",
)
OTHER_NOISE = (
    "#ams.normal<deviation = 0.5>",
    "#ams.logistic<deviation = 0.4>",
    "#ams.histogram<low = -1.5, high = 2.0, weights = [1.0, 4.0, 2.0, 0.0, 1.0]>",
)
TWICE = ("#ams.drift", "#ams.dac", "#ams.column_error", "#ams.adc_nonlinearity")
ALL = [source for source in SOURCES if not source.startswith(TWICE)] + [
    SOURCES[2],
    "#ams.dac<noise = 0.4, integral = 0.7>",
    "#ams.column_error<gain = 0.97, gain_deviation = 0.02, offset = -0.6, "
    "offset_deviation = 0.8>",
    "#ams.adc_nonlinearity<integral = 0.9, differential = 0.5>",
]


def devices():
    """Bits, sources, and how blocks are conditioned."""
    for source in SOURCES:
        yield (8, 8, 8), [UNIFORM, source], "none"
    for noise in OTHER_NOISE:
        yield (6, 6, 8), [noise], "none"
    yield (4, 5, 6), [OTHER_NOISE[2]] + ALL, "both"
    yield (8, 8, 8), [UNIFORM] + ALL, "mean"
    yield (9, 8, 8), [UNIFORM], "none"
    yield (12, 12, 12), [OTHER_NOISE[0]] + ALL, "both"
    yield (16, 16, 16), [UNIFORM] + ALL, "spread"
    yield (16, 16, 16), [], "none"


def must(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    if done.returncode:
        sys.exit("%s\nfailed: %s" % (" ".join(command), done.stdout.decode()))


def dense(generator, shape):
    if not shape:
        return "%.4f" % generator.gauss(0, 1)
    return "[%s]" % ", ".join(dense(generator, shape[1:])
                              for _ in range(shape[0]))


def main():
    scratch = sys.argv[1]
    generator = random.Random(7)

    def path(name):
        return os.path.join(scratch, name)

    def compile_to(name, condition, *options):
        must("ams-compile", path("model.mlir"), "-o", path(name),
             "--device=" + path("device.mlir"), "--gain=3",
             "--condition=" + condition, *options)

    def compute(name, *options):
        must("ams-run", path(name), "--input", path("x0.npy"), "--input",
             path("x1.npy"), "--output", path("y.npy"), *options)
        with open(path("y.npy"), "rb") as file:
            return file.read()

    with open(path("model.mlir"), "w") as file:
        file.write(MODEL % (dense(generator, (2, 4, 3, 3, 3)),
                            dense(generator, (128, 70))))
    for name, shape in (("x0", (4, 6, 6, 2, 3)), ("x1", (4, 10, 9))):
        count = 1
        for size in shape:
            count *= size
        npy.write(path(name + ".npy"), npy.Array(
            shape, [generator.gauss(0, 1) for _ in range(count)]))
    seen = set()
    for bits, sources, condition in devices():
        text = ("#ams.device<rows = 32, columns = 16, weight_bits = %d, "
                "input_bits = %d, output_bits = %d%s>" % (
                    bits + (", noise = [%s]" % ", ".join(sources)
                            if sources else "",)))
        with open(path("device.mlir"), "w") as file:
            file.write(text)
        compile_to("runtime.so", condition)
        compile_to("plain.so", condition, "--target=plain")
        for noise in (("--seed=5", "--first-sample=3"), ("--noise=none",)):
            for seed in ("0", "77"):
                options = noise + ("--device-seed=" + seed,)
                result = compute("runtime.so", *options)
                if compute("plain.so", *options) != result:
                    sys.exit("%s, %s: the ways down differ with %s" % (
                        text, condition, " ".join(options)))
            if noise[0] != "--noise=none" and result in seen:
                sys.exit("%s gives what another device does" % text)
            seen.add(result)
        print("identical:", condition, text)


if __name__ == "__main__":
    main()
