"""Every kind of layer, as front ends write it.

For each: products in float32 give what the same linalg gives as loops
(--keep-digital-layers), and the device the same bits by both ways down, with
one gain and with one for each crossbar tile (G1).
Usage: kinds.py SCRATCH
"""

import os
import random
import re
import subprocess
import sys

import npy

# Name, inputs [batch, ...], weights, result, and the operation with %x, %w, %i.
NAMED = (
    ("conv_1d_nwc_wcf", (4, 9, 3), (3, 3, 5), (4, 7, 5),
     "{strides = dense<1> : tensor<1xi64>, dilations = dense<1> : tensor<1xi64>}"),
    ("conv_1d_ncw_fcw", (4, 3, 9), (5, 3, 3), (4, 5, 3),
     "{strides = dense<2> : tensor<1xi64>, dilations = dense<2> : tensor<1xi64>}"),
    ("depthwise_conv_1d_nwc_wcm", (4, 9, 3), (3, 3, 2), (4, 7, 3, 2), ""),
    ("conv_2d_nhwc_hwcf", (4, 6, 5, 3), (3, 2, 3, 7), (4, 4, 4, 7), ""),
    ("conv_2d_nchw_fchw", (4, 3, 7, 7), (7, 3, 3, 2), (4, 7, 3, 6),
     "{strides = dense<[2, 1]> : tensor<2xi64>, dilations = dense<1> : tensor<2xi64>}"),
    ("conv_2d_ngchw_gfchw", (4, 2, 3, 6, 6), (2, 4, 3, 3, 3), (4, 2, 4, 4, 4), ""),
    ("conv_2d_nhwgc_gfhwc", (4, 6, 6, 2, 3), (2, 4, 3, 3, 3), (4, 4, 4, 2, 4), ""),
    ("depthwise_conv_2d_nchw_chw", (4, 5, 6, 6), (5, 3, 3), (4, 5, 4, 4), ""),
    ("conv_3d_ndhwc_dhwcf", (4, 5, 6, 5, 3), (2, 3, 3, 3, 4), (4, 4, 4, 3, 4), ""),
    ("conv_3d_ncdhw_fcdhw", (4, 2, 7, 7, 6), (5, 2, 3, 2, 3), (4, 5, 3, 5, 4),
     "{strides = dense<[2, 1, 1]> : tensor<3xi64>, dilations = dense<[1, 2, 1]> : tensor<3xi64>}"),
    ("depthwise_conv_3d_ndhwc_dhwcm", (4, 4, 4, 4, 3), (2, 2, 2, 3, 2), (4, 3, 3, 3, 3, 2), ""),
    ("matmul", (4, 40), (40, 9), (4, 9), ""),
    ("batch_matmul", (4, 6, 40), (4, 40, 9), (4, 6, 9), ""),
)


def tensor(shape):
    return "tensor<%sxf32>" % "x".join(str(size) for size in shape)


def dense(generator, shape):
    if len(shape) == 1:
        return "[%s]" % ", ".join("%.4f" % generator.gauss(0, 1)
                                  for _ in range(shape[0]))
    return "[%s]" % ", ".join(dense(generator, shape[1:])
                              for _ in range(shape[0]))


def model(generator, name, x, w, y, attributes):
    # A batch of weights shares no samples: both sides are inputs then.
    weights = "" if name == "batch_matmul" else (
        "  %%w = arith.constant dense<%s> : %s\n" % (dense(generator, w),
                                                     tensor(w)))
    more = "" if weights else ", %%w: %s" % tensor(w)
    return """func.func @main(%%x: %s%s) -> %s {
%s  %%i = arith.constant dense<0.0> : %s
  %%y = linalg.%s %s ins(%%x, %%w : %s, %s) outs(%%i : %s) -> %s
  return %%y : %s
}
""" % (tensor(x), more, tensor(y), weights, tensor(y), name, attributes,
       tensor(x), tensor(w), tensor(y), tensor(y), tensor(y))


def must(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    if done.returncode:
        sys.exit("%s\nfailed: %s" % (" ".join(command), done.stdout.decode()))


def main():
    scratch = sys.argv[1]
    generator = random.Random(5)

    def path(name):
        return os.path.join(scratch, name)

    def compute(options, inputs, *run):
        """The model's output, when it is compiled and run with options."""
        must("ams-compile", path("model.mlir"), "-o", path("model.so"),
             *options)
        arguments = ["ams-run", path("model.so"), "--output", path("y.npy")]
        for i, _ in enumerate(inputs):
            arguments += ["--input", path("x%d.npy" % i)]
        must(*arguments, *run)
        return npy.read(path("y.npy")).data

    def tile_gains(device):
        """An option's text for the one layer of model.so: 1, 2 and 4 in turn,
        as many as the refusal of too many counts tiles."""
        info = subprocess.run(["ams-run", path("model.so"), "--info"],
                              stdout=subprocess.PIPE).stdout.decode()
        layer = re.search(r"layers *1\n  (.*?): ", info).group(1)
        wrong = "%s:%s" % (layer, "/".join("1" for _ in range(997)))
        refused = subprocess.run(
            ["ams-compile", path("model.mlir"), "-o", path("no.so"),
             "--gain=2," + wrong] + device[:1], stderr=subprocess.PIPE)
        count = int(re.search(r"blocks and (\d+) tiles",
                              refused.stderr.decode()).group(1))
        return "%s:%s" % (layer, "/".join(str(1 << t % 3)
                                          for t in range(count)))

    with open(path("device.mlir"), "w") as file:
        file.write("#ams.device<rows = 8, columns = 3, "
                   "noise = [#ams.uniform<width = 1.0>]>")
    for name, x, w, y, attributes in NAMED:
        with open(path("model.mlir"), "w") as file:
            file.write(model(generator, name, x, w, y, attributes))
        inputs = (x, w) if name == "batch_matmul" else (x,)
        for i, shape in enumerate(inputs):
            count = 1
            for size in shape:
                count *= size
            npy.write(path("x%d.npy" % i), npy.Array(
                shape, [generator.gauss(0, 1) for _ in range(count)]))
        loops = compute(["--target=digital", "--keep-digital-layers=*"], inputs)
        float32 = compute(["--target=digital"], inputs)
        scale = max(abs(value) for value in loops)
        worst = max(abs(a - b) for a, b in zip(loops, float32))
        if len(loops) != len(float32) or worst > 1e-5 * scale:
            sys.exit("%s: float32 products differ by %g" % (name, worst))
        device = ["--device=" + path("device.mlir"), "--gain=2"]
        noise = ["--seed=4", "--first-sample=3"]
        analog = compute(device, inputs, *noise)
        worst = max(abs(a - b) for a, b in zip(loops, analog))
        if not 0 < worst < 0.05 * scale:
            sys.exit("%s: the device differs by %g of %g" % (name, worst,
                                                             scale))
        if compute(device + ["--target=plain"], inputs, *noise) != analog:
            sys.exit("%s: the ways down differ" % name)
        tiles = ["--gain=2," + tile_gains(device)]
        several = compute(device[:1] + tiles, inputs, *noise)
        if several == analog:
            sys.exit("%s: gains of tiles change nothing" % name)
        if compute(device[:1] + tiles + ["--target=plain"], inputs,
                   *noise) != several:
            sys.exit("%s: the ways down differ with gains of tiles" % name)
        print("%s: %g of %g" % (name, worst, scale))


if __name__ == "__main__":
    main()
