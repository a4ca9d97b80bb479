"""The same bits, whatever computes them.

Compiles MODEL for a number of devices and gains and compares what it gives for
INPUT: calls of the runtime and plain MLIR; every kernel that this processor has;
1, 2 and 7 threads; one sample a call and many; noise on and off.
Usage: identity.py MODEL INPUT SCRATCH N BITS/BITS/BITS GAIN [CONDITION]
"""

import os
import subprocess
import sys

import npy

KERNELS = ("scalar", "avx2", "avx512", "avx512vnni", "avx512bf16", "amx")


def run(command, **environment):
    done = subprocess.run(command, env=dict(os.environ, **environment),
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout.decode()


def must(command, **environment):
    code, output = run(command, **environment)
    if code:
        sys.exit("%s\nfailed: %s" % (" ".join(command), output))


def read(path):
    with open(path, "rb") as file:
        return file.read()


def main():
    model, inputs, scratch, n, bits, gain = sys.argv[1:7]
    condition = sys.argv[7] if len(sys.argv) > 7 else "none"
    os.makedirs(scratch, exist_ok=True)

    def path(name):
        return os.path.join(scratch, name)

    weight, data, output = bits.split("/")
    with open(path("device.mlir"), "w") as file:
        file.write("#ams.device<rows = %s, columns = 64, weight_bits = %s, "
                   "input_bits = %s, output_bits = %s, "
                   "noise = [#ams.uniform<width = 1.0>]>" % (
                       n, weight, data, output))

    def compile_to(name, *options):
        must(["ams-compile", model, "-o", path(name), "--device",
              path("device.mlir"), "--gain", gain, "--condition",
              condition] + list(options))

    def compute(name, *options, **environment):
        must(["ams-run", path(name), "--input", inputs, "--output",
              path("y.npy")] + list(options), **environment)
        return read(path("y.npy"))

    compile_to("runtime.so", "--batch=64")
    compile_to("single.so", "--batch=1")
    compile_to("plain.so", "--batch=1", "--target=plain")
    results = set()
    kernels = 0
    for noise in (["--seed", "5"], ["--noise=none"]):
        expected = compute("runtime.so", *noise)
        results.add(expected)

        def check(what, found):
            if found != expected:
                sys.exit("%s differs (%s)" % (what, " ".join(noise)))

        check("plain MLIR", compute("plain.so", *noise))
        for threads in ("1", "2", "7"):
            for name in ("runtime.so", "single.so"):
                check("%s, %s threads" % (name, threads),
                      compute(name, "--threads", threads, *noise))
        for kernel in KERNELS:
            code, output = run(["ams-run", path("runtime.so"), "--info"],
                               AMS_KERNEL=kernel)
            if code:
                print("not on this processor:", kernel)
                continue
            kernels += 1
            check(kernel, compute("runtime.so", *noise, AMS_KERNEL=kernel))
        # A later part of the samples alone.
        array = npy.read(inputs)
        size = len(array.data) // array.shape[0]
        npy.write(path("part.npy"),
                  npy.Array((array.shape[0] - 3,) + array.shape[1:],
                            array.data[3 * size:]))
        must(["ams-run", path("runtime.so"), "--input", path("part.npy"),
              "--output", path("part_y.npy"), "--first-sample", "3"] + noise)
        part, whole = npy.read(path("part_y.npy")), npy.read(path("y.npy"))
        if part.data != whole.data[len(whole.data) - len(part.data):]:
            sys.exit("samples from the third on differ")
    if len(results) != 2:
        sys.exit("noise on and off give the same result")
    if kernels < 2:
        sys.exit("no kernel was compared")
    print("identical: n = %s, %s, %s, %d runs of kernels" % (
        n, bits, condition, kernels))


if __name__ == "__main__":
    main()
