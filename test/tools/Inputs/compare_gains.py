"""A model's gains must be those of the table that ams-compile --calibrate printed.
Usage: compare_gains.py TABLE MODEL.so"""

import subprocess
import sys

info = subprocess.run(["ams-run", sys.argv[2], "--info"], check=True,
                      capture_output=True, text=True).stdout
expected = {}
with open(sys.argv[1]) as file:
    next(file)
    for line in file:
        if not line.strip():
            break
        words = line.split()
        expected[words[0]] = words[1]
assert expected
for name, gain in expected.items():
    lines = [line for line in info.splitlines()
             if line.strip().startswith(name + ": ")]
    assert len(lines) == 1 and ", gain %s," % gain in lines[0], (name, gain,
                                                                 info)
