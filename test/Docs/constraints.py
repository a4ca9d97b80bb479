"""Holds the rules of docs/spec.md, what verifiers say, and the tests of it against
each other: every message of a verifier ends with rules that stand in the
specification, every rule that a verifier enforces is cited by a test of its
message, and every rule about the form of the IR (F) is enforced.

  constraints.py SOURCE_ROOT
"""

import glob
import os
import re
import sys

CITED = re.compile(r"\(([A-Z]\d+(?:, [A-Z]\d+)*)\)")
DEFINED = re.compile(r"^- \*\*([A-Z]\d+)\*\*", re.M)
STATEMENT = re.compile(r"\bemit(?:Op|Layer)?Error\((?:op|\*this)?\)"
                       r'(?:"(?:[^"\\]|\\.)*"|[^;"])*;')
HANDED_ON = re.compile(r"verify(?:Range|Number)\(\s*emitError,\s*\"([A-Z]\d+)\"")
EXPECTED = re.compile(r"expected-error[^{\n]*\{\{(.*)\}\}")
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')


def rules(text):
    return {rule for group in CITED.findall(text)
            for rule in group.split(", ")}


def read(path):
    with open(path) as file:
        return file.read()


def main():
    root = sys.argv[1]
    wrong = []
    defined = set(DEFINED.findall(read(os.path.join(root, "docs/spec.md"))))
    enforced = set()
    for path in sorted(glob.glob(os.path.join(root, "lib/IR/*.cpp"))):
        text = read(path)
        enforced |= set(HANDED_ON.findall(text))
        for statement in STATEMENT.finditer(text):
            message = "".join(STRING.findall(statement.group()))
            cited = rules(message)
            enforced |= cited
            if message and not cited and "<< rule" not in statement.group():
                wrong.append(f"{os.path.basename(path)}: \"{message}\" cites "
                             "no rule of docs/spec.md")
    tested = set()
    for path in glob.glob(os.path.join(root, "test/IR/*.mlir")):
        for expected in EXPECTED.findall(read(path)):
            tested |= rules(expected)
    form = {rule for rule in defined if rule.startswith("F")}
    if not form or len(enforced) <= len(form):
        wrong.append("found no rules")
    for found, known, what in [
            (enforced, defined, "is cited by lib/IR, but not in docs/spec.md"),
            (form, enforced, "is in docs/spec.md, but enforced by no verifier"),
            (enforced, tested, "is enforced, but no test in test/IR cites it"),
            (tested, enforced, "is cited by a test, but by no verifier")]:
        wrong += [f"{rule} {what}" for rule in sorted(found - known)]
    print("\n".join(wrong) if wrong else f"{len(enforced)} rules")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
