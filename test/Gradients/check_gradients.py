"""Compiled gradients against central differences in float64.

The model goes two ways: through --ams-differentiate and ams-compile, for its
gradients in float32; and, without any gradient, with every f32 in it replaced by
f64, through upstream's passes, for its loss in float64. Along random directions of
each weight, and along each coordinate of small ones, the slope of the second must be
the first's gradient.

Usage: check_gradients.py MODEL.mlir LOSS SCRATCH LIBRARIES [OPTION ...]
  --options=TEXT    options of --ams-differentiate
  --tolerance=X     of the norm of a gradient; default: 1e-4
  --scale=X         of weights; default: 0.5
"""

import argparse
import ctypes
import math
import os
import random
import re
import struct
import subprocess
import sys

ELEMENTS = {"f32": ctypes.c_float, "f64": ctypes.c_double,
            "i64": ctypes.c_int64}

# Upstream's way from linalg on tensors to LLVM.
LOWERING = (
    "builtin.module(func.func(linalg-generalize-named-ops),"
    "one-shot-bufferize{bufferize-function-boundaries=1 "
    "function-boundary-type-conversion=identity-layout-map},"
    "buffer-results-to-out-params{hoist-static-allocs=1 "
    "modify-public-functions=1},canonicalize,buffer-deallocation-pipeline,"
    "ams-lower-copies,func.func(convert-linalg-to-loops),"
    "expand-strided-metadata,lower-affine,convert-scf-to-cf,"
    "func.func(math-expand-ops{ops=rsqrt}),convert-math-to-libm,"
    "convert-to-llvm,"
    "reconcile-unrealized-casts)")


class Port:
    """An argument or result of @main: name, shape, element type."""

    def __init__(self, text):
        dims, self.element = re.match(r"tensor<((?:\d+x)*)(\w+)>",
                                      text).groups()
        self.shape = [int(size) for size in dims.split("x") if size]
        self.count = math.prod(self.shape)
        name = re.search(r'ams\.name = "([^"]*)"', text)
        self.name = name.group(1) if name else "?"
        self.is_weight = "ams.weight" in text


def ports(module):
    """Arguments and results of @main in the text of a module."""
    head = re.search(r"func\.func @main\((.*)\) -> \(?(.*?)\)?"
                     r"(?: attributes \{.*\})? \{\n", module)
    return [[Port(text) for text in
             re.findall(r"tensor<[^>]*>(?: \{[^}]*\})?", part)]
            for part in head.groups()]


def widen(module):
    """f64 for every f32, and for the bits of its constants."""
    def bits(match):
        value, = struct.unpack(">f", bytes.fromhex(match.group(1)))
        return "0x" + struct.pack(">d", value).hex().upper()

    module = re.sub(r"0x([0-9A-F]{8})\b", bits, module)
    module = re.sub(r"\bf32\b|(?<=x)f32\b", "f64", module)
    return module.replace("{ams.step}", "{ams.step, llvm.emit_c_interface}")


def run(*command, text=None):
    result = subprocess.run(command, input=text, text=True,
                            stdout=subprocess.PIPE)
    if result.returncode != 0:
        sys.exit("failed: " + " ".join(command))
    return result.stdout


class Float64Loss:
    """The loss in float64, as a function of all arguments."""

    def __init__(self, module, scratch):
        code = run("ams-opt", "--pass-pipeline=" + LOWERING,
                   text=widen(module))
        path = os.path.join(scratch, "float64.ll")
        run("mlir-translate", "--mlir-to-llvmir", "-o", path, text=code)
        library = os.path.join(scratch, "float64.so")
        run("clang", "-w", "-O2", "-shared", "-fPIC", path, "-o", library,
            "-lm")
        self.function = ctypes.CDLL(library)._mlir_ciface_main
        self.arguments, self.results = ports(widen(module))

    @staticmethod
    def descriptor(port, data):
        rank = len(port.shape)
        fields = [("allocated", ctypes.c_void_p), ("data", ctypes.c_void_p),
                  ("offset", ctypes.c_int64)]
        if rank:
            fields += [("sizes", ctypes.c_int64 * rank),
                       ("strides", ctypes.c_int64 * rank)]
        kind = type("Descriptor", (ctypes.Structure,), {"_fields_": fields})
        address = ctypes.addressof(data)
        made = kind(address, address, 0)
        for i in range(rank):
            made.sizes[i] = port.shape[i]
            made.strides[i] = math.prod(port.shape[i + 1:])
        return made

    def prepare(self, values):
        """Keeps values in memory that the loss is computed from."""
        self.data = [(ELEMENTS[port.element] * port.count)(*value)
                     for port, value in zip(self.arguments, values)]
        results = [(ELEMENTS[port.element] * port.count)()
                   for port in self.results]
        self.loss = results[0]
        self.kept = results
        self.call = [ctypes.byref(self.descriptor(port, data))
                     for port, data in zip(self.arguments + self.results,
                                           self.data + results)]

    def __call__(self):
        self.function(*self.call)
        return self.loss[0]


class RunOptions(ctypes.Structure):
    _fields_ = [("seed", ctypes.c_uint64), ("first_sample", ctypes.c_uint64),
                ("noise", ctypes.c_bool), ("threads", ctypes.c_int)]


class CompiledStep:
    """The differentiated model as the runtime runs it."""

    def __init__(self, module, scratch, libraries):
        source = os.path.join(scratch, "step.mlir")
        with open(source, "w") as file:
            file.write(module)
        path = os.path.join(scratch, "step.so")
        run("ams-compile", source, "--target=digital", "-o", path)
        self.runtime = ctypes.CDLL(os.path.join(libraries, "libams_rt.so"))
        self.runtime.ams_status_message.restype = ctypes.c_char_p
        self.model = ctypes.c_void_p()
        self.check(self.runtime.ams_model_load, path.encode(),
                   ctypes.byref(self.model))
        self.arguments, self.results = ports(module)

    def check(self, function, *arguments):
        function.restype = ctypes.c_void_p
        status = function(*arguments)
        if status:
            sys.exit(self.runtime.ams_status_message(
                ctypes.c_void_p(status)).decode())

    def __call__(self, values, threads):
        data = [(ELEMENTS[port.element] * port.count)(*value)
                for port, value in zip(self.arguments, values)]
        results = [(ELEMENTS[port.element] * port.count)()
                   for port in self.results]

        def pointers(arrays):
            return (ctypes.c_void_p * len(arrays))(
                *[ctypes.addressof(array) for array in arrays])

        options = RunOptions(0, 0, False, threads)
        self.check(self.runtime.ams_model_run, self.model,
                   ctypes.byref(options), ctypes.c_int64(1), pointers(data),
                   pointers(results))
        return [list(result) for result in results]


def float32(value):
    return struct.unpack("f", struct.pack("f", value))[0]


def random_values(arguments, results, scale, source):
    """Values for each argument that float32 holds; labels are classes."""
    values = []
    for port in arguments:
        if port.element == "i64":
            classes = results[1].shape[-1]
            values.append([source.randrange(classes)
                           for _ in range(port.count)])
        else:
            width = scale if port.is_weight else 1.0
            values.append([float32(source.gauss(0, width))
                           for _ in range(port.count)])
    return values


def directions(count, source):
    """Random signs; for a small weight also each coordinate."""
    for _ in range(3):
        yield [source.choice((-1.0, 1.0)) for _ in range(count)]
    for i in range(count if count <= 24 else 0):
        yield [float(k == i) for k in range(count)]


def norm_of(gradient):
    return math.sqrt(sum(g * g for g in gradient))


def check_weight(loss, data, gradient, least, tolerance, source):
    """The worst deviation over the norm of the gradient, and whether it will do.
    A norm below `least` counts as that: some gradients are 0 but for rounding.

    Where a step crosses a kink (of a maximum), the difference quotient is itself
    wrong: a smaller step, which sees fewer of them, then decides.
    """
    start = list(data)
    norm = max(norm_of(gradient), least)
    worst = 0.0
    for direction in directions(len(gradient), source):
        expected = sum(g * d for g, d in zip(gradient, direction))
        for step in (1e-6, 1e-7, 1e-8):
            values = []
            for sign in (1, -1):
                data[:] = [w + sign * step * d
                           for w, d in zip(start, direction)]
                values.append(loss())
            slope = (values[0] - values[1]) / (2 * step)
            deviation = abs(slope - expected) / norm
            if deviation <= tolerance:
                break
        worst = max(worst, deviation)
    data[:] = start
    return worst, worst <= tolerance


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("loss")
    parser.add_argument("scratch")
    parser.add_argument("libraries")
    parser.add_argument("--options", default="")
    parser.add_argument("--tolerance", type=float, default=1e-4)
    parser.add_argument("--scale", type=float, default=0.5)
    arguments = parser.parse_args()
    os.makedirs(arguments.scratch, exist_ok=True)

    append = "ams-append-loss{loss=%s}" % arguments.loss
    forward = run("ams-opt", arguments.model, "--pass-pipeline=builtin.module("
                  "ams-weights-to-arguments,%s)" % append)
    step = run("ams-opt", arguments.model, "--pass-pipeline=builtin.module("
               "ams-weights-to-arguments,"
               "ams-to-layers{fold-batch-normalization=false "
               "fuse-epilogues=false},%s,"
               "ams-differentiate{%s},canonicalize,cse)"
               % (append, arguments.options))
    loss = Float64Loss(forward, arguments.scratch)
    compiled = CompiledStep(step, arguments.scratch, arguments.libraries)

    source = random.Random(1)
    values = random_values(compiled.arguments, compiled.results,
                           arguments.scale, source)
    results = compiled(values, 1)
    if [struct.pack("%df" % len(r), *r) for r in results] != [
            struct.pack("%df" % len(r), *r) for r in compiled(values, 2)]:
        sys.exit("one and two threads give different bits")
    loss.prepare(values)
    exact = loss()
    if abs(results[0][0] - exact) > 1e-5 * max(1, abs(exact)):
        sys.exit("loss: %.9g, in float64 %.9g" % (results[0][0], exact))

    gradients = {port.name: result
                 for port, result in zip(compiled.results, results)}
    least = 0.01 * max(norm_of(gradient) for name, gradient in gradients.items()
                       if name.endswith(".gradient"))
    failed = False
    for port, data in zip(loss.arguments, loss.data):
        if not port.is_weight:
            continue
        gradient = gradients[port.name + ".gradient"]
        deviation, ok = check_weight(loss, data, gradient, least,
                                     arguments.tolerance, source)
        failed |= not ok
        print("%-24s %7d elements, deviation %.2g of the norm%s" % (
            port.name, port.count, deviation, "" if ok else ": TOO MUCH"))
    sys.exit("gradients deviate" if failed else 0)


if __name__ == "__main__":
    main()
