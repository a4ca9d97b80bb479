# lit's configuration: which files are tests and what they may call.
import os
import shutil
import subprocess

import lit.formats

config.name = "AMS"
config.test_format = lit.formats.ShTest(True)
config.suffixes = [".mlir", ".test"]
config.excludes = ["models", "vectors", "unit", "unit_tools", "Inputs"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.ams_binary_root, "test")

library = os.path.join(config.ams_binary_root, "lib")
config.environment["PATH"] = os.pathsep.join(
    [os.path.join(config.ams_binary_root, "bin"), config.llvm_bin,
     os.environ["PATH"]])
# Chosen by a test itself where it matters.
for name in ("AMS_KERNEL", "OMP_NUM_THREADS"):
    config.environment.pop(name, None)

config.substitutions += [
    ("%ams_lib", library),
    ("%ams_include",
     os.path.join(config.ams_source_root, "runtime", "include")),
    ("%ams_plugin", os.path.join(library, "libAMSPlugin.so")),
    ("%source", config.ams_source_root),
    ("%build", config.ams_binary_root),
    ("%cc", config.c_compiler),
    ("%models", os.path.join(config.test_source_root, "models")),
    ("%vectors", os.path.join(config.test_source_root, "vectors")),
    ("%python", config.python),
]

# Programs that are not of this build can load what it makes only where that
# needs no sanitizer's runtime.
if not config.sanitized:
    config.available_features.add("unsanitized")
# libMLIR is built without sanitizers: it keeps some memory to the end, and does
# not take the marks off memory that our copies of its allocators poisoned.
config.environment["ASAN_OPTIONS"] = "detect_leaks=0:allow_user_poisoning=0"

# Real images, from Debian's package dataset-fashion-mnist.
fashion = "/usr/share/datasets/fashion-mnist"
if os.path.exists(os.path.join(fashion, "t10k-images-idx3-ubyte.gz")):
    config.available_features.add("fashion-mnist")
    config.substitutions.append(("%fashion", fashion))

# Discs of a test's own, in a name space that needs no rights.
if shutil.which("unshare") and not subprocess.run(
        ["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"],
        stderr=subprocess.DEVNULL).returncode:
    config.available_features.add("small-discs")

# Mails as numbers, by scripts/mails.sh.
mails = os.path.join(config.ams_binary_root, "mails")
if os.path.exists(os.path.join(mails, "train_labels.npy")):
    config.available_features.add("mails")
    config.substitutions.append(("%mails", mails))
