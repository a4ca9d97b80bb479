"""Compiles models of real networks' sizes within bounds of time and memory:
scale.py FOLDER"""

import os
import resource
import subprocess
import sys
import time

folder = sys.argv[1]
here = os.path.dirname(os.path.abspath(__file__))
os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])  # two cores

# name, arguments of make_model.py, seconds, GiB
CASES = [
    ("resnet50", ["resnet50"], 30, 2),
    ("bert-large", ["bert", "24", "1024", "16", "128", "30522"], 180, 8),
]

failed = False
for name, (kind, *numbers), seconds, gibibytes in CASES:
    model = os.path.join(folder, name + ".onnx")
    made = subprocess.run([sys.executable, os.path.join(here, "make_model.py"),
                           kind, model, *numbers], check=True,
                          capture_output=True, text=True)
    begin = time.monotonic()
    child = subprocess.Popen(["ams-compile", model, "-o",
                              os.path.join(folder, name + ".so"), "--time"])
    _, status, usage = os.wait4(child.pid, 0)
    took = time.monotonic() - begin
    peak = usage.ru_maxrss / (1 << 20)
    print(f"{name}: {made.stdout.strip()}, {took:.1f} s of {seconds}, "
          f"{peak:.2f} GiB of {gibibytes}", flush=True)
    failed |= status != 0 or took > seconds or peak > gibibytes
    os.remove(model)
sys.exit(failed)
