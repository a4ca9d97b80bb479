"""Every module of this folder, without an expected error, comes back from each form
that MLIR writes: the dialect's own syntax, the generic one and bytecode. Each
operation, attribute and type of the dialect must be in one of them.

  every_form.py SOURCE_ROOT SCRATCH
"""

import os
import re
import subprocess
import sys

# What may follow "ams." in a generic form or "#ams." and "!ams." in any.
NAME = re.compile(r'"ams\.(\w+)"\(|[#!]ams\.(\w+)')
# Headings of operations, attributes and types in docs/dialect.md.
HEADING = re.compile(r"^### `ams\.(\w+)`|^### (\w+)(?:Attr|Type)$", re.M)


def must(*command):
    done = subprocess.run(command, capture_output=True)
    if done.returncode:
        sys.exit("%s\nfailed: %s" % (" ".join(command), done.stderr.decode()))
    return done.stdout


def pieces(folder):
    for name in sorted(os.listdir(folder)):
        if name.endswith(".mlir") and not name.startswith("errors"):
            with open(os.path.join(folder, name)) as file:
                for i, text in enumerate(file.read().split("// -----")):
                    if "expected-error" not in text:
                        yield "%s:%d" % (name, i), text


def main():
    source, scratch = sys.argv[1:]

    def path(name):
        return os.path.join(scratch, name)

    seen, count = set(), 0
    for name, text in pieces(os.path.join(source, "test", "IR")):
        with open(path("piece.mlir"), "w") as file:
            file.write(text)
        plain = must("ams-opt", path("piece.mlir"), "--mlir-print-debuginfo",
                     "--mlir-print-local-scope")
        for form in ("--mlir-print-op-generic", "--emit-bytecode"):
            must("ams-opt", path("piece.mlir"), form, "-o", path("form"),
                 "--mlir-print-debuginfo", "--mlir-print-local-scope")
            again = must("ams-opt", path("form"), "--mlir-print-debuginfo",
                         "--mlir-print-local-scope")
            if again != plain:
                sys.exit("%s does not come back from %s" % (name, form))
        generic = must("ams-opt", path("piece.mlir"),
                       "--mlir-print-op-generic").decode()
        seen |= {a or b for a, b in NAME.findall(generic)}
        count += 1
    with open(os.path.join(source, "docs", "dialect.md")) as file:
        names = {a or b for a, b in HEADING.findall(file.read())}
    names.remove("TileRun")  # stands in placements, without its name
    missing = {n for n in names if re.sub(r"(?<!^)(?=[A-Z])", "_", n).lower()
               not in seen}
    if missing:
        sys.exit("in no module: " + ", ".join(sorted(missing)))
    print("%d modules, %d names" % (count, len(names)))


if __name__ == "__main__":
    main()
