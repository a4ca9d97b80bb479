"""Runs every pass on damaged modules: each must be transformed or refused with an
error, and nothing else.

  fuzz_passes.py AMS_OPT SEEDS FINDINGS --modules N [--seed S] [--batch B]
                 [--minutes M] [--compiler AMS_COMPILE --models MODELS]

Seeds are the .mlir files under the folder SEEDS, in pieces as --split-input-file
cuts them, and with --models the models of that folder at each level, compiled in
several ways, with constants of one number. Each is printed in MLIR's generic form, where one line is one operation,
and mutated there, so that most mutants parse and many verify: values are
exchanged for others in scope, operations doubled, moved and dropped, dimensions
changed everywhere or in one place, numbers set to bounds, attributes dropped or
taken from another operation. A mutant that crashes a pass, hangs it or makes it
fail without an error is written into the folder FINDINGS, and the exit status is
1. The same arguments give the same mutants.
"""

import argparse
import glob
import os
import random
import re
import subprocess
import sys
import tempfile
import time

SPLIT = "// -----"
SECONDS = 300
# Characters of the mutants that one process takes.
BATCH_SIZE = 400000

INTEGERS = [-1, 0, 1, 2, 3, 7, 8, 16, 17, 127, 128, 1023, 1024, 1025, 4096,
            2**16, 2**20, 2**31 - 1, 2**31, 2**32, 2**44, 2**62, 2**63 - 1]
DIMENSIONS = [0, 1, 2, 3, 5, 8, 9, 31, 64, 129, 1025, 2**31, 2**40]
FLOATS = ["0.0", "-1.0", "1.0e-45", "3.0e38", "0x7F800000", "0x7FC00000",
          "0.5", "1.0", "1.0e300"]
STRINGS = ['""', '"a"', '"main"', r'"\00"', '"%s%n"', '"' + "long" * 60 + '"']

PASSES = [
    "ams-to-layers", "ams-to-scales", "ams-to-gains", "ams-to-crossbars",
    "ams-to-buffers", "ams-to-buffers{target=digital}",
    "ams-to-buffers{target=plain}", "ams-to-code", "ams-pipeline",
    "ams-pipeline{target=plain}", "ams-pipeline{target=digital}",
    "canonicalize,cse",
]
# Passes whose mandatory options or subject make a run of their own useless.
PIPELINE_OPTIONS = {
    "ams-place-crossbars": ["", "{policy=reprogram}", "{policy=spill:2}",
                            "{side-by-side}"],
    "ams-estimate-cost": ["", "{format=json output=/dev/null}"],
    "ams-export-model": ["", "{target=plain}", "{sections=external}"],
    "ams-approximate-math": None,
}

VALUE = re.compile(r"%[A-Za-z0-9_]+(?:#\d+)?")
DEFINITION = re.compile(r"^(\s*)(%[A-Za-z0-9_]+)(?::(\d+))? = \"([\w.]+)\"\((.*?)\)")
DIMENSION = re.compile(r"(?<=[<x])(\d+)(?=x)")
NUMBER = re.compile(r"(?<![\w%#.\"^])-?\d+(?![\w.x\"])")
FLOAT = re.compile(r"(?<![\w%#])-?\d+\.\d+(?:[eE][+-]?\d+)?")
STRING = re.compile(r'"[^"\n]*"')
PROPERTIES = re.compile(r"<\{(.*)\}>")


def run(command, text, seconds=SECONDS):
    """Exit status (None where time ran out), standard output and error."""
    try:
        done = subprocess.run(command, input=text, capture_output=True,
                              text=True, errors="replace", timeout=seconds)
    except subprocess.TimeoutExpired:
        return None, "", "time ran out"
    return done.returncode, done.stdout, done.stderr


def seeds(opt, folder):
    """The pieces of all test files in generic form, those that verify."""
    for root, _, names in sorted(os.walk(folder)):
        for name in sorted(names):
            if not name.endswith(".mlir"):
                continue
            with open(os.path.join(root, name)) as file:
                pieces = file.read().split("\n" + SPLIT)
            for piece in pieces:
                if len(piece) > 20000:
                    continue
                status, out, _ = run([opt, "-mlir-print-op-generic"], piece)
                if status == 0 and '"ams.' in out or '"linalg.' in out:
                    yield out


def one_number(match):
    """A constant of the type that `match` holds, all of whose elements are one."""
    kind = match["kind"] or match["buffer"]
    number = "true" if kind == "i1" else "1" if kind[0] == "i" else "0.25"
    return (match["before"] or "") + f"dense<{number}>" + (match["type"] or "")


ELIDED = re.compile(
    r"(?P<before>: memref<(?:\d+x)*(?P<buffer>[a-z]\w*)> = )?"
    r"dense_resource<[^>]*>(?P<type> : \w+<(?:\d+x)*(?P<kind>[a-z]\w*)>)?")
DEVICE = ("#ams.device<rows = 32, columns = 64, stack = 2, crossbars = 300, "
          "noise = [#ams.normal<deviation = 0.5>, "
          "#ams.programming<constant = 0.01>, #ams.common<deviation = 0.1>]>\n")
WAYS = [
    [], ["--condition=both"], ["--condition=mean", "--gain=2"],
    ["--device=DEVICE", "--policy=reprogram"], ["--target=digital"],
    ["--target=plain"], ["--record-noise"], ["--weights-as-arguments"],
    ["--loss=LOSS"], ["--loss=LOSS", "--memory=recompute", "--add-noise=*",
                      "--noise-per=magnitude", "--target=digital"],
]
# Options that fit one model.
OWN_WAYS = {
    "fashion_mlp.onnx": ["--gain=8,/hidden/Gemm:4/8/16/2.5/4/2/1"],
    "fashion_resnet8.onnx": ["--gain=8,/stage1/conv1/Conv:4/16"],
}


def model_seeds(opt, compiler, folder):
    """The models of a folder at every level, compiled in every way."""
    with tempfile.TemporaryDirectory() as scratch:
        device = os.path.join(scratch, "device.mlir")
        with open(device, "w") as file:
            file.write(DEVICE)
        for model in sorted(glob.glob(os.path.join(folder, "*.onnx")) +
                            glob.glob(os.path.join(folder, "*.mlir"))):
            name = os.path.basename(model)
            own = OWN_WAYS.get(name)
            batch = ["--batch=2"] if name.endswith(".onnx") else []
            loss = "softmax-cross-entropy" if "mails" in name else "l2"
            for way in WAYS + ([own] if own else []):
                way = [part.replace("DEVICE", device).replace("LOSS", loss)
                       for part in way]
                dump = tempfile.mkdtemp(dir=scratch)
                run([compiler, model, "-o", os.path.join(scratch, "m.so"),
                     f"--dump-phases={dump}"] + batch + way, "")
                for level in sorted(os.listdir(dump)):
                    with open(os.path.join(dump, level)) as file:
                        text = ELIDED.sub(one_number, file.read())
                    status, out, _ = run([opt, "-mlir-print-op-generic"], text)
                    if status == 0:
                        yield out


def passes(opt):
    """Pipelines: every pass that ams-opt lists, alone, and the levels."""
    _, out, _ = run([opt, "--help"], "")
    names = re.findall(r"^ +--((?:ams-|convert-ams|convert-linalg-to-ams)"
                       r"[\w-]*)", out, re.M)
    for name in sorted(set(names)):
        if name.startswith("ams-to-") or name in ("ams-pipeline",
                                                  "ams-tosa-to-linalg"):
            continue
        options = PIPELINE_OPTIONS.get(name, [""])
        if options is None:
            yield f"func.func({name})"
        else:
            yield from (name + option for option in options)
    yield from PASSES


class Mutator:
    """Mutates one module, a list of lines."""

    def __init__(self, text, chance):
        self.lines = text.split("\n")
        self.chance = chance

    def pick(self, pattern):
        """A line that `pattern` matches, or None."""
        found = [i for i, line in enumerate(self.lines)
                 if pattern.search(line)]
        return self.chance.choice(found) if found else None

    def replace_one(self, pattern, new):
        """Replaces one match of `pattern` somewhere by new(match)."""
        i = self.pick(pattern)
        if i is None:
            return
        match = self.chance.choice(list(pattern.finditer(self.lines[i])))
        self.lines[i] = (self.lines[i][:match.start()] + new(match) +
                         self.lines[i][match.end():])

    def exchange_value(self):
        """An operand for another value with the same type, where one is."""
        types = {}
        for line in self.lines:
            match = DEFINITION.match(line)
            if match and not match.group(3):
                types[match.group(2)] = line.rsplit("-> ", 1)[-1]
            for value, type_ in re.findall(r"(%arg\d+): ([^,)]+(?:<[^>]*>)?)",
                                           line):
                types[value] = type_
        i = self.pick(DEFINITION)
        if i is None:
            return
        operands = VALUE.findall(DEFINITION.match(self.lines[i]).group(5))
        if not operands:
            return
        old = self.chance.choice(operands)
        like = [v for v, t in types.items() if t == types.get(old)]
        if self.chance.random() < 0.1:
            like = list(types)
        if like:
            new = self.chance.choice(like)
            head, tail = self.lines[i].split("(", 1)
            self.lines[i] = head + "(" + re.sub(
                re.escape(old) + r"(?![\w#])", new, tail, count=1)

    def double(self):
        i = self.pick(DEFINITION)
        if i is None or self.lines[i].rstrip().endswith("{"):
            return
        name = DEFINITION.match(self.lines[i]).group(2)
        copy = self.lines[i].replace(name, f"%copy{len(self.lines)}", 1)
        self.lines.insert(i + 1, copy)

    def drop(self):
        """An operation, whose uses another value of its type takes over."""
        i = self.pick(DEFINITION)
        if i is None or self.lines[i].rstrip().endswith("{"):
            return
        match = DEFINITION.match(self.lines[i])
        operands = VALUE.findall(match.group(5))
        del self.lines[i]
        if operands and not match.group(3):
            new = self.chance.choice(operands)
            use = re.compile(re.escape(match.group(2)) + r"(?![\w#])")
            self.lines = [use.sub(new, line) for line in self.lines]

    def move(self):
        i, k = self.pick(DEFINITION), self.pick(DEFINITION)
        if i is not None and not self.lines[i].rstrip().endswith("{"):
            self.lines.insert(k, self.lines.pop(i))

    def dimension_everywhere(self):
        sizes = sorted({m for line in self.lines
                        for m in DIMENSION.findall(line)})
        if not sizes:
            return
        old, new = self.chance.choice(sizes), str(self.chance.choice(DIMENSIONS))
        self.lines = [re.sub(rf"(?<=[<x]){old}(?=x)", new, line)
                      for line in self.lines]

    def dimension_once(self):
        self.replace_one(DIMENSION,
                         lambda _: str(self.chance.choice(DIMENSIONS)))

    def number(self):
        self.replace_one(NUMBER, lambda _: str(self.chance.choice(INTEGERS)))

    def nearby_number(self):
        self.replace_one(NUMBER, lambda m: str(
            int(m.group()) + self.chance.choice([-1, 1, 2])))

    def floating(self):
        self.replace_one(FLOAT, lambda _: self.chance.choice(FLOATS))

    def string(self):
        self.replace_one(STRING, lambda m: self.chance.choice(
            STRINGS if m.start() else [m.group()]))

    def properties(self):
        """Drops one attribute, or takes all from another operation."""
        i = self.pick(PROPERTIES)
        if i is None:
            return
        if self.chance.random() < 0.5:
            k = self.pick(PROPERTIES)
            other = PROPERTIES.search(self.lines[k]).group(0)
            self.lines[i] = PROPERTIES.sub(lambda _: other, self.lines[i])
            return
        parts = re.split(r", (?=[\w.]+ = )",
                         PROPERTIES.search(self.lines[i]).group(1))
        del parts[self.chance.randrange(len(parts))]
        text = "<{" + ", ".join(parts) + "}>" if parts else ""
        self.lines[i] = PROPERTIES.sub(lambda _: text, self.lines[i])

    MUTATIONS = [exchange_value, exchange_value, double, drop, drop, move,
                 dimension_everywhere, dimension_everywhere, dimension_once,
                 number, nearby_number, floating, string, properties]

    def mutate(self):
        for _ in range(self.chance.choice([1, 1, 1, 2, 2, 3])):
            self.chance.choice(self.MUTATIONS)(self)
        return "\n".join(self.lines)


def judge(opt, pipeline, modules):
    """None, or what went wrong: a crash, a hang or a failure without error."""
    status, _, errors = run(
        [opt, "--split-input-file", "-o", os.devnull,
         f"--pass-pipeline=builtin.module({pipeline})"],
        f"\n{SPLIT}\n".join(modules))
    if status == 0 or (status == 1 and "error:" in errors):
        return None
    return f"exit status {status}\n{errors[-6000:]}"


def report(opt, pipeline, modules, folder, count):
    """Writes the single modules that fail; their number."""
    found = 0
    for module in modules:
        wrong = judge(opt, pipeline, [module])
        if not wrong:
            continue
        path = os.path.join(folder, f"finding-{count + found}.mlir")
        with open(path, "w") as file:
            file.write(f"// {pipeline}\n{module}\n")
            file.write("".join(f"// {line}\n" for line in wrong.split("\n")))
        print(f"{path}: {pipeline}: {wrong.splitlines()[0]}")
        found += 1
    if not found:
        print(f"{pipeline}: a batch fails whose modules do not")
        found = 1
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("opt")
    parser.add_argument("seeds")
    parser.add_argument("findings")
    parser.add_argument("--modules", type=int, required=True,
                        help="mutants of all passes together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--batch", type=int, default=40,
                        help="mutants that one process takes at most")
    parser.add_argument("--minutes", type=float, default=float("inf"),
                        help="when to stop, whatever is left to try")
    parser.add_argument("--compiler", help="ams-compile, for --models")
    parser.add_argument("--models", help="folder of models that are seeds too")
    asked = parser.parse_args()
    os.makedirs(asked.findings, exist_ok=True)
    corpus = list(seeds(asked.opt, asked.seeds))
    if asked.models:
        whole = list(model_seeds(asked.opt, asked.compiler, asked.models))
        print(f"{len(whole)} seeds from models", flush=True)
        if not whole:
            return 1
        corpus += whole
    pipelines = list(passes(asked.opt))
    if not corpus or len(pipelines) < len(PASSES) + 10:
        print("no seeds or no passes")
        return 1
    chance = random.Random(asked.seed)
    found = done = 0
    end = time.monotonic() + 60 * asked.minutes
    while done < asked.modules and time.monotonic() < end:
        for pipeline in pipelines:
            if time.monotonic() > end:
                break
            batch = []
            while len(batch) < min(asked.batch, asked.modules - done) and \
                    sum(map(len, batch)) < BATCH_SIZE:
                batch.append(Mutator(chance.choice(corpus), chance).mutate())
            done += len(batch)
            if batch and judge(asked.opt, pipeline, batch):
                found += report(asked.opt, pipeline, batch, asked.findings,
                                found)
    print(f"{done} modules, {len(corpus)} seeds, {len(pipelines)} pipelines, "
          f"{found} findings")
    return found != 0


if __name__ == "__main__":
    sys.exit(main())
