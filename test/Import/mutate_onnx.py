"""Compiles damaged copies of a model: each must be imported or refused with a
message, and nothing else.

  mutate_onnx.py MODEL DIRECTORY TRUNCATIONS MUTATIONS
"""

import os
import random
import subprocess
import sys


def damaged(model, truncations, mutations):
    """Copies cut off at even distances, then copies with up to three bytes
    changed, most of them near the ends, where the structure is."""
    for i in range(truncations):
        yield model[:len(model) * i // truncations]
    generator = random.Random(1)
    for _ in range(mutations):
        copy = bytearray(model)
        for _ in range(generator.randint(1, 3)):
            near = min(len(copy), generator.choice((500, 5000, len(copy))))
            at = generator.randrange(near)
            at = at if generator.random() < 0.5 else len(copy) - 1 - at
            copy[at] = generator.randrange(256)
        yield bytes(copy)


def main():
    path, directory, truncations, mutations = sys.argv[1:]
    with open(path, "rb") as file:
        model = file.read()
    target = os.path.join(directory, "damaged.onnx")
    refused = 0
    for copy in damaged(model, int(truncations), int(mutations)):
        with open(target, "wb") as file:
            file.write(copy)
        run = subprocess.run(
            ["ams-compile", target, "--emit=mlir:0", "-o", os.devnull],
            capture_output=True, text=True, errors="replace")
        if run.returncode not in (0, 1) or (run.returncode and not run.stderr):
            print(f"exit code {run.returncode} on {target}: {run.stderr}")
            return 1
        refused += run.returncode
    print(f"{refused} refused")
    return 0


if __name__ == "__main__":
    sys.exit(main())
