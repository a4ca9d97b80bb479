"""Holds what the compiler says against its tests: each text of lib/ that is long
enough to be known by its words must be quoted by a test of it, in four words in a
row that no other text has.

  messages.py SOURCE_ROOT

A text is a string literal, or some in a row; what its conversions (%s) stand for is
left out. A quotation is what a test expects: {{...}} behind expected-, the text of
a FileCheck directive, a string literal of a test in C or Python.
"""

import os
import re
import sys

# Parts of texts that no test can expect. The machine or the installation failed,
# not the input:
UNTESTED = (
    "out of memory", "memory is short", "cannot write standard output",
    "cannot write a temporary file", "cannot make a temporary file",
    "cannot write second moments", "cannot be read to its end",
    "cannot make a pipe", "cannot wait for", "cannot generate code",
    "LLVM was built without", "cannot optimise the generated code",
    "libams_rt.so is neither in",
    # the input would take gigabytes:
    "more than 2 GiB stand outside raw_data", "constants are too large for a",
    "more tiles than a layer can have",
    # it is what a terminal shows while a program works:
    "profiling all gains", "measuring the effect of layer",
    "measuring ranges of inputs", "measuring second moments of inputs",
    "trying gains of blocks", "trying gains of tiles", "gains of parts",
    "trying what the profile chose",
    "measuring what quantising takes",
    # it is a row of a table that may be there or not:
    "each layer's own",
    # it is of the compiler's own builds, which have what is looked for:
    "has no record of its noise",
    # or a reason that only decides, and no user is told:
    "its rows are not in order", "its one row is too long",
    "it is one element", "it is no linalg.generic",
    # what MLIR's own inference of products' dimensions lets through:
    "its operands are not indexed by plain loops",
)

STRING = r'"(?:[^"\\\n]|\\.)*"'
COMMENT = re.compile(STRING + r"|/\*.*?\*/|//[^\n]*|^#include[^\n]*",
                     re.S | re.M)
TEXT = re.compile(rf"{STRING}(?:\s*(?:PRI\w+\s*)?{STRING})*")
PRINTF = re.compile(r"%[-+ 0#]*[\d.*]*(?:hh|h|ll|l|z|j|t)?[a-zA-Z]")
PATTERN = re.compile(r"\{\{.*?\}\}|\[\[.*?\]\]")
EXPECTED = re.compile(r"expected-\w+[^{\n]*\{\{(.*)\}\}")
DIRECTIVE = re.compile(r"\b[A-Z][A-Z0-9_-]*:(.*)")
WORD = re.compile(r"[A-Za-z][\w'.-]*|\d+")
# Texts that are code in MLIR's syntax or a pipeline, not words to a user.
CODE = re.compile(r"llvm\.|#linalg|\$\w|\w=\w.*=1|,canonicalize\b")
RUN = 4


def read(path):
    with open(path) as file:
        return file.read()


def files(folder, *endings):
    for path, _, names in sorted(os.walk(folder)):
        yield from (os.path.join(path, name) for name in sorted(names)
                    if name.endswith(endings))


def literals(text):
    """Each text with its line."""
    text = COMMENT.sub(lambda m: m[0] if m[0][0] == '"' else
                       "\n" * m[0].count("\n"), text)
    for match in TEXT.finditer(text):
        parts = re.findall(rf"({STRING})|PRI\w(\w+)", match.group())
        yield (text[:match.start()].count("\n") + 1,
               "".join(part[1:-1] if part else "d" for part, _ in parts))


def words(fragments):
    """The words of each fragment."""
    return [[word.rstrip(".-").lower()
             for word in WORD.findall(re.sub(r"\\[a-z]", " ", fragment))]
            for fragment in fragments]


def runs(fragments, size):
    return {tuple(part[i:i + size])
            for part in fragments for i in range(len(part) - size + 1)}


def messages(root):
    """Each text by where it stands first, and its fragments."""
    found = {}
    for path in files(os.path.join(root, "lib"), ".c", ".cpp", ".h"):
        if os.sep + "Bridge" + os.sep in path:
            continue  # descriptions of options, which --help prints
        for line, text in literals(read(path)):
            fragments = words(PRINTF.split(text))
            if max(map(len, fragments)) >= 3 and not CODE.search(text) and \
                    not any(part in text for part in UNTESTED):
                found.setdefault(text, (f"{os.path.relpath(path, root)}:{line}",
                                        fragments))
    return found


def quotations(root):
    for path in files(os.path.join(root, "test"), ".mlir", ".test"):
        for line in read(path).split("\n"):
            match = EXPECTED.search(line)
            if match:
                yield words(PATTERN.split(match[1].replace("\\", "")))
                continue
            match = DIRECTIVE.search(line)
            if match and "RUN:" not in line:
                yield words(PATTERN.split(match[1]))
    for path in files(os.path.join(root, "test"), ".c"):
        for _, text in literals(read(path)):
            yield words(PRINTF.split(text))
    for path in files(os.path.join(root, "test"), ".py"):
        for text in re.findall(STRING, read(path)):
            yield words([text])


def main():
    root = sys.argv[1]
    found = messages(root)
    quoted = {size: set() for size in range(1, RUN + 1)}
    for fragments in quotations(root):
        for size, known in quoted.items():
            known |= runs(fragments, size)
    sizes = {text: min(RUN, max(map(len, fragments)))
             for text, (_, fragments) in found.items()}
    count = {}
    for text, (_, fragments) in found.items():
        for size in quoted:
            for run in runs(fragments, size):
                count[run] = count.get(run, 0) + 1
    wrong = []
    for text, (where, fragments) in found.items():
        own = runs(fragments, sizes[text])
        own = {run for run in own if count[run] == 1} or own
        if not own & quoted[sizes[text]]:
            wrong.append(f"{where}: no test expects \"{text}\"")
    print("\n".join(wrong) if wrong else f"{len(found)} messages")
    return bool(wrong) or len(found) < 100


if __name__ == "__main__":
    sys.exit(main())
