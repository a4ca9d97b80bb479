"""Scores the transformer on the test mails: float32 as PyTorch does, the device with
n = 128, 8/8/8 and a gain of 8 within a per cent of it, and with a gain of 1 worse by
its scores' ratio in dB.

Usage: mails.py MODEL REFERENCE.json DATA TABLE.csv
"""

import csv
import json
import os
import subprocess
import sys


def main():
    model, reference, data, table = sys.argv[1:]
    subprocess.run(
        ["ams-eval", model, "--inputs", os.path.join(data, "test_ids.npy"),
         "--labels", os.path.join(data, "test_labels.npy"), "--csv", table,
         "--sweep", "n=128 gain=1,8", "--seeds", "1"],
        check=True, stdout=subprocess.DEVNULL)
    with open(reference) as file:
        expected = json.load(file)
    with open(table) as file:
        low, high = csv.DictReader(file)
    if int(high["samples"]) != expected["test_mails"]:
        sys.exit("not all mails were used")
    # A mail whose scores are nearly equal may fall to the other side.
    if abs(float(high["float32"]) - expected["test_top1_percent"]) > 0.1:
        sys.exit("float32: %s %%, PyTorch: %s %%" % (
            high["float32"], expected["test_top1_percent"]))
    if float(high["mean"]) < 0.99 * float(high["float32"]):
        sys.exit("gain 8: %s %%" % high["mean"])
    if float(low["decibels"]) > float(high["decibels"]) - 1:
        sys.exit("gain 1: %s dB, gain 8: %s dB" % (low["decibels"],
                                                    high["decibels"]))


if __name__ == "__main__":
    main()
