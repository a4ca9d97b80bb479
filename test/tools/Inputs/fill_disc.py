"""Runs of ams-tune whose disc fills up on the way.

    unshare -rm python3 fill_disc.py DIR -- COMMAND...

In turn each file that a run writes, and then its temporary directory, lies on a
disc of its own, which is filled once the run is under way. The run must fail
with an error that names the file, leave what was there as it was and nothing
beside it, and go on, once there is room, to the same bits.
"""

import filecmp
import os
import re
import shutil
import subprocess
import sys
import time

FILES = ("onnx", "csv", "html", "checkpoint")
WAIT = 900  # seconds; a busy machine is no error


def options(paths):
    return ["-o", paths["onnx"], "--csv", paths["csv"], "--html",
            paths["html"], "--checkpoint", paths["checkpoint"],
            "--checkpoint-every=1", "--resume"]


def fill(disc):
    """Takes all room, down to the last page."""
    with open(os.path.join(disc, "filler"), "wb", buffering=0) as file:
        for size in (1 << 16, 4096, 1):
            try:
                while file.write(b"x" * size):
                    pass
            except OSError:
                continue


def wait_for(path, process):
    started = time.monotonic()
    while not os.path.exists(path):
        if process.poll() is not None or time.monotonic() > started + WAIT:
            sys.exit("the run has not begun")
        time.sleep(0.001)


def run_out(command, disc, awaited, environment):
    """The errors of a run whose disc is filled when `awaited` is there."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, env=environment)
    wait_for(awaited, process)
    fill(disc)
    errors = process.communicate()[1].decode()
    if process.returncode != 1:
        sys.exit("the run ended with %d: %s" % (process.returncode, errors))
    return errors


def check(kind, command, directory, whole):
    disc = os.path.join(directory, "disc")
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disc],
                   check=True)
    kept = os.path.join(directory, "kept")
    os.mkdir(kept)
    paths = {name: os.path.join(disc if name == kind else kept, "run." + name)
             for name in FILES}
    environment = dict(os.environ)
    if kind == "TMPDIR":
        environment["TMPDIR"] = disc
    awaited = paths["csv" if kind in ("onnx", "TMPDIR") else kind]
    errors = run_out(command + options(paths), disc, awaited, environment)
    wanted = re.escape(disc) + (".*" if kind == "TMPDIR" else "/run." + kind)
    if not re.search("ams-tune: error: .*%s'?: .*No space left on device" %
                     wanted, errors):
        sys.exit("%s: the error says otherwise: %s" % (kind, errors))
    left = set(os.listdir(disc)) - {"filler"}
    # The model is written at the end alone.
    if left != ({"run." + kind} if kind in ("csv", "html", "checkpoint")
                else set()):
        sys.exit("%s: there are left: %s" % (kind, sorted(left)))
    if left and os.path.getsize(paths[kind]) == 0:
        sys.exit(kind + ": what was there is gone")
    os.remove(os.path.join(disc, "filler"))
    subprocess.run(command + options(paths), check=True,
                   stdout=subprocess.DEVNULL, env=environment)
    for name, path in paths.items():
        if not filecmp.cmp(path, whole[name], False):
            sys.exit("%s: a run that went on ends otherwise: %s" % (kind, name))
    subprocess.run(["umount", disc], check=True)
    shutil.rmtree(kept)
    print(kind + ": " + errors.strip().replace(disc, "DISC"))


def main():
    directory, command = sys.argv[1], sys.argv[3:]
    os.mkdir(os.path.join(directory, "disc"))
    whole = {name: os.path.join(directory, "whole." + name) for name in FILES}
    subprocess.run(command + options(whole), check=True,
                   stdout=subprocess.DEVNULL)
    for kind in FILES + ("TMPDIR",):
        check(kind, command, directory, whole)


if __name__ == "__main__":
    main()
