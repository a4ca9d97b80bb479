"""Accuracy of the residual network on real images.

The digital build against PyTorch's figure on all 10,000 test images, then a
table of devices on the first 2,000: every tile's best gain is near float32, small
tiles want small gains, too large a gain collapses, and so does too small a one
on large tiles.
Usage: accuracy.py MODEL REFERENCE.json DATA SCRATCH
"""

import csv
import json
import os
import subprocess
import sys


def evaluate(model, data, table, *options):
    subprocess.run(
        ["ams-eval", model,
         "--inputs", os.path.join(data, "t10k-images-idx3-ubyte.gz"),
         "--labels", os.path.join(data, "t10k-labels-idx1-ubyte.gz"),
         "--csv", table] + list(options),
        check=True, stdout=subprocess.DEVNULL)
    with open(table) as file:
        return list(csv.DictReader(file))


def check(condition, message):
    if not condition:
        sys.exit(message)


def main():
    model, reference, data, scratch = sys.argv[1:]
    with open(reference) as file:
        expected = json.load(file)["test_top1_percent"]
    rows = evaluate(model, data, os.path.join(scratch, "whole.csv"), "--sweep",
                    "n=128 gain=8")
    digital = float(rows[0]["float32"])
    check(int(rows[0]["samples"]) == 10000, "not all images were used")
    check(abs(digital - expected) <= 0.05,
          "digital: %.2f, PyTorch: %.2f" % (digital, expected))
    check(digital - float(rows[0]["mean"]) <= 1,
          "n = 128, G = 8: %s, float32: %.2f" % (rows[0]["mean"], digital))

    rows = evaluate(model, data, os.path.join(scratch, "table.csv"), "--limit",
                    "2000", "--sweep", "n=8,32,128 gain=1,2,4,8,16")
    table = {}
    for row in rows:
        table.setdefault(int(row["n"]), {})[float(row["gain"])] = float(
            row["mean"])
    digital = float(rows[0]["float32"])
    best = {}
    for n, cells in table.items():
        best[n] = max(cells, key=cells.get)
        check(digital - cells[best[n]] <= 1,
              "n = %d: best gain gives %.2f, float32 %.2f" % (
                  n, cells[best[n]], digital))
    check(table[8][16] < 50 and table[8][1] > 90,
          "n = 8: a large gain should saturate")
    check(table[32][16] < table[32][4] - 5, "n = 32: G = 16 should saturate")
    check(table[128][1] < table[128][8] - 5,
          "n = 128: G = 1 should lose what G = 8 keeps")
    check(best[8] <= best[32] <= best[128],
          "small tiles should want small gains: %s" % best)
    print("accuracy as expected")


if __name__ == "__main__":
    main()
