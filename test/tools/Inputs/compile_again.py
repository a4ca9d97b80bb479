"""Compiles a model with the conditions and gains of the table that ams-compile
--calibrate printed, and weights rounded by second moments that it kept.
Usage: compile_again.py TABLE MODEL OUTPUT --device=NAME --moments-of=FILE"""

import subprocess
import sys

table, model, output, device, moments = sys.argv[1:]
rows = []
with open(table) as file:
    for line in file:
        if line.startswith("layer "):
            break
    for line in file:
        if not line.strip():
            break
        rows.append(line.split())
assert rows
conditions = ",".join("%s=%s" % (row[0], row[1]) for row in rows)
gains = ",".join("%s:%s" % (row[0], row[2]) for row in rows)
layers, scales = output + ".layers.mlirbc", output + ".gains.mlirbc"
subprocess.run(["ams-compile", model, device, "--emit=mlir:layers", "-o", layers],
               check=True)
subprocess.run(["ams-opt", layers, "--ams-assign-conditioning=condition=" + conditions,
                "--ams-assign-scales=moments=" + moments.split("=", 1)[1],
                "--ams-assign-gains=gains=" + gains, "--emit-bytecode", "-o", scales],
               check=True)
subprocess.run(["ams-compile", scales, "-o", output], check=True)
