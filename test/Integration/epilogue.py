"""Epilogues against the same operations apart, to the bit.

Compiles MODEL with and without --no-fuse-epilogues for each target and compares
what it gives for INPUT, with noise. Usage: epilogue.py MODEL INPUT SCRATCH
"""

import os
import subprocess
import sys


def must(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    if done.returncode:
        sys.exit("%s\nfailed: %s" % (" ".join(command), done.stdout.decode()))
    return done.stdout.decode()


def main():
    model, inputs, scratch = sys.argv[1:]

    def compute(name, *options):
        path = os.path.join(scratch, name)
        must("ams-compile", model, "-o", path + ".so", "--gain=8", *options)
        must("ams-run", path + ".so", "--input", inputs, "--output",
             path + ".npy", "--seed=3")
        with open(path + ".npy", "rb") as file:
            return file.read()

    layers = must("ams-compile", model, "--emit=mlir:layers")
    if "epilogue = #ams.epilogue<" not in layers:
        sys.exit("nothing was fused")
    for target in ("device", "plain", "digital"):
        fused = compute(target, "--target", target)
        apart = compute(target + "_apart", "--target", target,
                        "--no-fuse-epilogues")
        if fused != apart:
            sys.exit("%s: the fused model differs" % target)
    print("identical")


if __name__ == "__main__":
    main()
