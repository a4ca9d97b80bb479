"""The known answers of test/vectors through compiled binaries.

For every case and both ways down (calls of the runtime; plain MLIR), compares to
the bit, with the noise off:
  y          the result of a compiled model;
  w_codes, w_scales, w_sums   as the compiler wrote them into its IR;
  x_codes, x_scales   read back from a compiled quantise-dequantise model;
  adc_codes  read back from models of one block each with float32 partial sums.
Usage: known_answers.py VECTORS SCRATCH [CASE ...]
"""

import json
import os
import re
import struct
import subprocess
import sys

import npy


def ways(case):
    """Both ways down, where both compute the case."""
    wide = max(case["bits"][:2]) > 8
    return ("device",) if wide else ("device", "plain")


def f32(value):
    return struct.unpack("<f", struct.pack("<f", value))[0]


def bf16(value):
    """The nearest bfloat16 value of a float32, ties to even (V2)."""
    bits = struct.unpack("<I", struct.pack("<f", value))[0]
    bits += 0x7fff + (bits >> 16 & 1)
    return struct.unpack("<f", struct.pack("<I", bits & 0xffff0000))[0]


def run(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    if done.returncode:
        sys.exit("%s\nfailed: %s" % (" ".join(command), done.stdout.decode()))


def tensor(shape):
    return "tensor<%sxf32>" % "x".join(str(size) for size in shape)


def dense(array):
    return 'arith.constant dense<"0x%s"> : %s' % (array.bytes().hex().upper(),
                                                  tensor(array.shape))


def device_text(case, partials=None):
    weight, inputs, outputs = case["bits"]
    return ("#ams.device<rows = %d, columns = %d, weight_bits = %d, "
            "input_bits = %d, output_bits = %d, partials = %s, "
            "noise = [#ams.uniform<width = 1.0>]>\n" % (
                case["n"], case["n"], weight, inputs, outputs,
                partials or case.get("partials", "bf16")))


def zeros(name, shape):
    return """
  %%zero = arith.constant 0.0 : f32
  %%empty = tensor.empty() : %s
  %%%s = linalg.fill ins(%%zero : f32) outs(%%empty : %s) -> %s""" % (
        tensor(shape), name, tensor(shape), tensor(shape))


def main_function(arguments, body, result):
    return "func.func @main(%s) -> %s {%s\n  return %%y : %s\n}\n" % (
        arguments, tensor(result), body, tensor(result))


def matmul_model(x, w):
    (m, k), n = x.shape, w.shape[0]
    body = "\n  %%w = %s" % dense(w) + zeros("init", (m, n)) + """
  %%y = linalg.matmul
    indexing_maps = [affine_map<(m, n, k) -> (m, k)>,
                     affine_map<(m, n, k) -> (n, k)>,
                     affine_map<(m, n, k) -> (m, n)>]
    ins(%%x, %%w : %s, %s) outs(%%init : %s) -> %s""" % (
        tensor(x.shape), tensor(w.shape), tensor((m, n)), tensor((m, n)))
    return main_function("%%x: %s" % tensor(x.shape), body, (m, n))


def conditioned_model(case, x, w, signs):
    """Level-1 IR: signs are those of the case, not the compiler's."""
    (m, k), n = x.shape, w.shape[0]
    condition = "mean = %s, spread = %s" % (
        str(case["mean"]).lower(), str(case["spread"]).lower())
    if signs:
        condition += ', signs = "%s"' % "".join(
            "-" if sign < 0 else "+" for sign in signs.data)
    body = "\n  %%w = %s" % dense(w) + zeros("init", (m, n)) + """
  %%y = ams.matmul "fc" ins(%%x, %%w : %s, %s) outs(%%init : %s)
    device = %s condition = #ams.condition<%s> -> %s""" % (
        tensor(x.shape), tensor(w.shape), tensor((m, n)),
        device_text(case).strip(), condition, tensor((m, n)))
    return main_function("%%x: %s" % tensor(x.shape), body, (m, n))


def batch_matmul_model(a, b):
    (s, m, k), n = a.shape, b.shape[1]
    body = zeros("init", (s, m, n)) + """
  %%y = linalg.batch_matmul
    indexing_maps = [affine_map<(s, m, n, k) -> (s, m, k)>,
                     affine_map<(s, m, n, k) -> (s, n, k)>,
                     affine_map<(s, m, n, k) -> (s, m, n)>]
    ins(%%a, %%b : %s, %s) outs(%%init : %s) -> %s""" % (
        tensor(a.shape), tensor(b.shape), tensor((s, m, n)),
        tensor((s, m, n)))
    return main_function("%%a: %s, %%b: %s" % (
        tensor(a.shape), tensor(b.shape)), body, (s, m, n))


def conv_model(case, x, w, y):
    """Padding by tensor.pad; groups by reshaping channels, as front ends do."""
    pad, groups = case["pad"], case["groups"]
    s, h, width, c = x.shape
    padded = (s, h + 2 * pad, width + 2 * pad, c)
    body = "\n  %%w = %s" % dense(w) + """
  %%pad = arith.constant 0.0 : f32
  %%p = tensor.pad %%x low[0, %d, %d, 0] high[0, %d, %d, 0] {
  ^bb0(%%i: index, %%j: index, %%k: index, %%l: index):
    tensor.yield %%pad : f32
  } : %s to %s""" % (pad, pad, pad, pad, tensor(x.shape), tensor(padded))
    attributes = ("{dilations = dense<%d> : tensor<2xi64>, "
                  "strides = dense<%d> : tensor<2xi64>}" % (
                      case["dilation"], case["stride"]))
    if groups == 1:
        body += zeros("init", y.shape) + """
  %%y = linalg.conv_2d_nhwc_fhwc %s ins(%%p, %%w : %s, %s)
    outs(%%init : %s) -> %s""" % (attributes, tensor(padded), tensor(w.shape),
                                  tensor(y.shape), tensor(y.shape))
    else:
        grouped = padded[:3] + (groups, c // groups)
        filters = (groups, w.shape[0] // groups) + w.shape[1:]
        result = y.shape[:3] + (groups, y.shape[3] // groups)
        body += zeros("init", result) + """
  %%pg = tensor.expand_shape %%p [[0], [1], [2], [3, 4]]
    output_shape %s : %s into %s
  %%wg = tensor.expand_shape %%w [[0, 1], [2], [3], [4]]
    output_shape %s : %s into %s
  %%yg = linalg.conv_2d_nhwgc_gfhwc %s ins(%%pg, %%wg : %s, %s)
    outs(%%init : %s) -> %s
  %%y = tensor.collapse_shape %%yg [[0], [1], [2], [3, 4]] : %s into %s""" % (
            list(grouped), tensor(padded), tensor(grouped),
            list(filters), tensor(w.shape), tensor(filters), attributes,
            tensor(grouped), tensor(filters), tensor(result), tensor(result),
            tensor(result), tensor(y.shape))
    return main_function("%%x: %s" % tensor(x.shape), body, y.shape)


def quantise_model(x, case):
    """Level-2 IR: what a quantiser and its inverse give."""
    abfp = "!ams.abfp<%dx%d, axis = 1, n = %d, bits = %d>" % (
        x.shape + (case["n"], case["bits"][1]))
    body = """
  %%q = ams.quantize %%x : %s to %s
  %%empty = tensor.empty() : %s
  %%y = ams.dequantize %%q : %s outs(%%empty : %s) -> %s""" % (
        tensor(x.shape), abfp, tensor(x.shape), abfp, tensor(x.shape),
        tensor(x.shape))
    return main_function("%%x: %s" % tensor(x.shape), body, x.shape)


class Scratch:
    """Files of one case."""

    def __init__(self, folder, case):
        self.folder = folder
        self.case = case
        os.makedirs(folder, exist_ok=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w") as file:
            file.write(text)
        return self.path(name)

    def device(self, model, partials=None):
        """Options that name the device; none where layers of `model` do."""
        path = self.write("device.mlir", device_text(self.case, partials))
        return [] if "#ams.device" in model else ["--device", path]

    def compute(self, model, way, inputs, result, partials=None):
        """Compiles the text `model`, runs it on arrays; the result."""
        source = self.write("model.mlir", model)
        run("ams-compile", source, "-o", self.path("model.so"),
            *self.device(model, partials), "--gain", repr(self.case["gain"]),
            "--target", way)
        command = ["ams-run", self.path("model.so"), "--noise=none"]
        for i, array in enumerate(inputs):
            npy.write(self.path("in%d.npy" % i), array)
            command += ["--input", self.path("in%d.npy" % i)]
        run(*command, "--output", self.path("out.npy"))
        found = npy.read(self.path("out.npy"))
        assert found.shape == tuple(result), (found.shape, result)
        return found

    def scales_level(self, model):
        """Codes, scales and, with means removed, sums of the one ams.weights in
        the level-2 IR, as bytes."""
        source = self.write("model.mlir", model)
        run("ams-compile", source, "-o", self.path("scales.mlir"),
            *self.device(model), "--emit=mlir:scales")
        with open(self.path("scales.mlir")) as file:
            text = file.read()
        found = []
        names = ("codes", "scales", "sums") if self.case.get("mean") else (
            "codes", "scales")
        for name in names:
            blobs = re.findall(r'\b%s: "0x([0-9A-Fa-f]*)"' % name, text)
            assert len(blobs) == 1, (name, len(blobs))
            found.append(bytes.fromhex(blobs[0])[4:])  # after the alignment
        return found


def same(name, found, expected):
    if found != expected:
        sys.exit("%s differs" % name)


def check_result(scratch, way, model, inputs, y):
    found = scratch.compute(model, way, inputs, y.shape)
    same("%s: y, %s" % (scratch.case["name"], way), found.bytes(), y.bytes())


def check_weights(scratch, model, folder):
    codes, scales, *sums = scratch.scales_level(model)
    expected = npy.read(os.path.join(folder, "w_codes.npy"))
    code = "b" if scratch.case["bits"][0] <= 8 else "h"
    count = len(codes) // struct.calcsize(code)
    same("w_codes", list(struct.unpack("<%d%s" % (count, code), codes)),
         expected.data)
    expected = npy.read(os.path.join(folder, "w_scales.npy"))
    bits = struct.unpack("<%dH" % (len(scales) // 2), scales)
    same("w_scales",
         [struct.unpack("<f", struct.pack("<I", b << 16))[0] for b in bits],
         expected.data)
    if sums:
        expected = npy.read(os.path.join(folder, "w_sums.npy"))
        same("w_sums", list(struct.unpack("<%df" % len(expected.data), *sums)),
             expected.data)


def check_inputs(scratch, way, x, folder):
    """Q6 on the expected codes and scales against the compiled model's."""
    n, limit = scratch.case["n"], 2 ** (scratch.case["bits"][1] - 1) - 1
    codes = npy.read(os.path.join(folder, "x_codes.npy"))
    scales = npy.read(os.path.join(folder, "x_scales.npy"))
    m, k = x.shape
    blocks = scales.shape[1]
    expected = []
    for i in range(m):
        for e in range(k):
            block = i * blocks + e // n
            step = f32(scales.data[block] * f32(1 / limit))
            expected.append(bf16(f32(codes.data[block * n + e % n] * step)))
    found = scratch.compute(quantise_model(x, scratch.case), way, [x], x.shape)
    same("%s: x codes and scales, %s" % (scratch.case["name"], way),
         found.bytes(), npy.Array(x.shape, expected).bytes())


def columns(array, begin, end):
    width = array.shape[1]
    rows = [array.data[r * width + begin:r * width + end]
            for r in range(array.shape[0])]
    return npy.Array((array.shape[0], end - begin), sum(rows, []))


def check_adc(scratch, way, x, w, folder):
    """c = y / r for each block alone, with float32 partial sums (D2, D5)."""
    case = scratch.case
    n, limit = case["n"], 2 ** (case["bits"][2] - 1) - 1
    expected = npy.read(os.path.join(folder, "adc_codes.npy"))
    x_scales = npy.read(os.path.join(folder, "x_scales.npy"))
    w_scales = npy.read(os.path.join(folder, "w_scales.npy"))
    blocks, m, outputs = expected.shape
    scale = f32(n / (f32(case["gain"]) * limit))
    for t in range(blocks):
        end = min((t + 1) * n, x.shape[1])
        xt, wt = columns(x, t * n, end), columns(w, t * n, end)
        found = scratch.compute(matmul_model(xt, wt), way, [xt], (m, outputs),
                                "f32")
        for r in range(m):
            for i in range(outputs):
                step = f32(f32(scale * w_scales.data[i * blocks + t]) *
                           x_scales.data[r * blocks + t])
                code = expected.data[(t * m + r) * outputs + i]
                same("%s: adc_codes[%d, %d, %d], %s" % (case["name"], t, r, i,
                                                        way),
                     found.data[r * outputs + i], f32(code * step))


def check_case(folder, scratch_folder):
    with open(os.path.join(folder, "case.json")) as file:
        case = json.load(file)
    scratch = Scratch(scratch_folder, case)

    def array(name):
        return npy.read(os.path.join(folder, name + ".npy"))

    y = array("y")
    for way in ways(case):
        if case.get("mean") or case.get("spread"):
            x, w = array("x"), array("w")
            signs = array("signs") if case["spread"] else None
            model = conditioned_model(case, x, w, signs)
            check_result(scratch, way, model, [x], y)
            if way == "device":
                check_weights(scratch, model, folder)
        elif case["op"] == "matmul":
            x, w = array("x"), array("w")
            model = matmul_model(x, w)
            check_result(scratch, way, model, [x], y)
            check_inputs(scratch, way, x, folder)
            check_adc(scratch, way, x, w, folder)
            if way == "device":
                check_weights(scratch, model, folder)
        elif case["op"] == "conv2d":
            x, w = array("x"), array("w")
            check_result(scratch, way, conv_model(case, x, w, y), [x], y)
        else:
            a, b = array("a"), array("b")
            check_result(scratch, way, batch_matmul_model(a, b), [a, b], y)


def main():
    vectors, scratch = sys.argv[1:3]
    cases = sys.argv[3:] or sorted(
        name for name in os.listdir(vectors)
        if os.path.isdir(os.path.join(vectors, name)))
    for name in cases:
        check_case(os.path.join(vectors, name), os.path.join(scratch, name))
        print("equal:", name)


if __name__ == "__main__":
    main()
