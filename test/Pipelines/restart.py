"""Compilation stops at every level and goes on from the text that it printed.

For models with every kind of layer and option: what ams-opt makes of a level's
text is what ams-compile prints of the next, to the last level.
Usage: restart.py MODELS INTEGRATION SCRATCH
"""

import os
import random
import subprocess
import sys

DEVICE = ("#ams.device<rows = 32, columns = 16, stack = 2, crossbars = 20, "
          "output_bits = 9, noise = [#ams.normal<deviation = 0.5>, "
          "#ams.programming<constant = 0.01>, #ams.common<deviation = 0.1>]>\n")

# The model, whose options are by the names that pipelines have for them; beside
# them "step" and "record", which ways to level 1.
CASES = (
    ("fashion_mlp.onnx", {"condition": "both",
                          "gains": "8,/hidden/Gemm:4/8/16/2.5/4/2/1"}),
    ("fashion_resnet8.onnx", {"device": DEVICE, "policy": "reprogram",
                              "condition": "mean,/stage1/conv1/Conv=both",
                              "keep-digital-layers": "/stage2/*"}),
    ("fashion_resnet8.onnx", {"fold-batch-normalization": "false",
                              "fuse-epilogues": "false", "target": "plain"}),
    ("fashion_mlp.onnx", {"moments": True, "condition": "spread"}),
    ("fashion_mlp.onnx", {"loss": "l2", "memory": "recompute"}),
    ("fashion_resnet8.onnx", {"loss": "softmax-cross-entropy",
                              "noise": "*conv1*", "per": "channel",
                              "target": "digital"}),
    ("fashion_mlp.onnx", {"record": True, "gains": "2"}),
    ("fashion_mlp.onnx", {"arguments": True, "condition": "mean"}),
    ("mails_transformer.onnx", {}),
    ("mails_transformer.onnx", {"loss": "softmax-cross-entropy",
                                "target": "digital"}),
    ("attention.mlir", {"device": DEVICE, "policy": "spill"}),
    ("attention.mlir", {"target": "plain", "condition": "both"}),
)
KINDS = ("conv_1d_ncw_fcw", "conv_2d_nhwgc_gfhwc", "depthwise_conv_2d_nchw_chw",
         "conv_3d_ncdhw_fcdhw", "batch_matmul")


def must(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE)
    if done.returncode:
        sys.exit("%s\nfailed: %s" % (" ".join(command),
                                     done.stderr.decode()))


def pick(asked, *names):
    return " ".join("%s='%s'" % (name, asked[name]) for name in names
                    if name in asked)


def pipelines(asked):
    """The levels that a target has, and how each is reached from the last."""
    unfused = dict(asked, **{"fold-batch-normalization": "false",
                             "fuse-epilogues": "false"})
    plan = asked
    if "loss" in asked or "record" in asked:
        plan = unfused
    elif "arguments" in asked:
        plan = dict(asked, **{"fuse-epilogues": "false"})
    layers = "ams-to-layers{%s}" % pick(
        plan, "device", "keep-digital-layers", "fold-batch-normalization",
        "fuse-epilogues")
    if "loss" in asked or "arguments" in asked:
        layers = "ams-weights-to-arguments," + layers
    if "noise" in asked:
        layers += ",ams-add-noise{layers=%s per=%s}" % (asked["noise"],
                                                        asked["per"])
    if "loss" in asked:
        layers += ",ams-to-gradients{%s}" % pick(asked, "loss", "memory")
    on_device = asked.get("target") != "digital"
    if (("loss" in asked or "arguments" in asked) and
            (on_device or "noise" in asked)):
        layers += (",ams-fuse-epilogues{varying-weights=%s},canonicalize,cse" %
                   str(on_device).lower())
    if "record" in asked:
        layers += ",ams-record-noise,canonicalize,cse"
    yield "layers", layers
    if on_device:
        yield "scales", "ams-to-scales{%s}" % pick(asked, "condition", "moments")
        yield "gains", "ams-to-gains{%s}" % pick(asked, "gains")
        yield "crossbars", "ams-to-crossbars{%s}" % pick(asked, "policy")
    yield "buffers", "ams-to-buffers{%s}" % pick(asked, "target")
    yield "code", "ams-to-code{%s}" % pick(asked, "target")


FLAGS = {"gains": "--gain", "noise": "--add-noise", "per": "--noise-per",
         "record": "--record-noise", "arguments": "--weights-as-arguments"}


def flags(asked):
    """The options as ams-compile takes them."""
    for name, value in asked.items():
        if value == "false":
            yield "--no-" + name
        else:
            flag = FLAGS.get(name, "--" + name)
            yield flag if value is True else "%s=%s" % (flag, value)


def main():
    models, integration, scratch = sys.argv[1:]
    sys.path.insert(0, integration)
    import kinds

    def path(name):
        return os.path.join(scratch, name)

    def check(model, asked, batch):
        asked = dict(asked)
        if "device" in asked:
            with open(path("device.mlir"), "w") as file:
                file.write(asked["device"])
            asked["device"] = path("device.mlir")
        if "moments" in asked:
            asked["moments"] = path("moments")
            must(sys.executable, os.path.join(integration, "random_npy.py"),
                 path("x.npy"), "20", "1", "28", "28")
            must("ams-compile", model, "--calibrate=" + path("x.npy"),
                 "--error-feedback", "--moments=" + path("moments"), "-o",
                 path("m.so"), "--condition=" + asked["condition"])
            flagged = [flag for flag in flags(asked)
                       if not flag.startswith("--moments")]
        else:
            flagged = list(flags(asked))

        # Text of level 0 leaves out locations, which may hold the layers' names.
        endings = {"model": ".mlirbc" if model.endswith(".mlir") else ".mlir"}

        def emit(level):
            must("ams-compile", model, "-o",
                 path(level + endings.get(level, ".mlir")),
                 "--emit=mlir:" + level, *batch, *flagged)

        def read(name):
            with open(path(name)) as file:
                return file.read().rstrip("\n")

        def lower(pipeline, start, end):
            must("ams-opt", path(start + endings.get(start, ".mlir")), "-o",
                 path(end + ".mlir"),
                 "--pass-pipeline=builtin.module(%s)" % pipeline)

        emit("model")
        last, way = "model", ""
        for level, pipeline in pipelines(asked):
            lower(pipeline, last, "next")
            way += ("," if way else "") + pipeline
            # No option of ams-compile takes moments that were kept before.
            if "moments" in asked:
                lower(way, "model", level)
            else:
                emit(level)
            if read("next.mlir") != read(level + ".mlir"):
                sys.exit("%s %s: level '%s' differs when it is reached from "
                         "the text of level '%s'" % (
                             model, " ".join(flagged), level, last))
            last = level
        print(os.path.basename(model), *flagged, flush=True)

    for name, asked in CASES:
        check(os.path.join(models, name), asked,
              ["--batch=2"] if name.endswith(".onnx") else [])
    for name, *shapes, attributes in kinds.NAMED:
        if name in KINDS:
            with open(path(name + ".mlir"), "w") as file:
                file.write(kinds.model(random.Random(1), name, *shapes,
                                       attributes))
            check(path(name + ".mlir"), {"condition": "mean"}, [])


if __name__ == "__main__":
    main()
