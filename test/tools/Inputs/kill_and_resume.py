"""Compares a run of ams-tune with one that is killed again and again.

    kill_and_resume.py DIR -- COMMAND...

Each time the run is given a few steps and a random part of another, and killed
by a signal that cannot be caught. Its checkpoint must be whole at
every instant: a run that refuses it fails the test.
"""

import filecmp
import os
import random
import signal
import subprocess
import sys
import time

KILLS = 6


def command(directory, name, *options):
    path = os.path.join(directory, name)
    return sys.argv[3:] + ["-o", path + ".onnx", "--csv", path + ".csv",
                           "--checkpoint", path + ".checkpoint",
                           "--checkpoint-every=1"] + list(options)


def wait_for_steps(process, checkpoint):
    """Waits for some steps and a part of one; False: the run is over."""
    def written():
        return os.path.exists(checkpoint) and os.stat(checkpoint).st_ino
    for _ in range(random.randint(1, 5)):
        before = written()
        while written() == before:
            if process.poll() is not None:
                return False
            time.sleep(0.001)
    time.sleep(random.uniform(0, 0.03))
    return process.poll() is None


def main():
    directory = sys.argv[1]
    subprocess.run(command(directory, "whole"), check=True,
                   stdout=subprocess.DEVNULL)
    random.seed(1)
    kills = 0
    resumed = command(directory, "killed", "--resume")
    checkpoint = os.path.join(directory, "killed.checkpoint")
    while True:
        process = subprocess.Popen(resumed, stdout=subprocess.DEVNULL,
                                   start_new_session=True)
        if kills < KILLS and wait_for_steps(process, checkpoint):
            os.killpg(process.pid, signal.SIGKILL)
            kills += 1
            process.wait()
            continue
        if process.wait() != 0:
            sys.exit("a run that goes on has failed")
        break
    for ending in (".onnx", ".csv", ".checkpoint"):
        if not filecmp.cmp(os.path.join(directory, "whole" + ending),
                           os.path.join(directory, "killed" + ending), False):
            sys.exit("a run that went on ends otherwise: " + ending)
    print("killed %d times, the same bits" % kills)


if __name__ == "__main__":
    main()
