# ===-- step_peer.py - PyTorch's step of training --------------------------===#
#
# Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""step_peer.py THREADS WARM_UP TIMED: a worker of ams-bench-step as
step_worker.h says, in PyTorch: the ResNet-8 of test/models, batch 64, channels
last. A step is the forward pass, the loss and the gradients."""

import math
import os
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

sys.path.insert(
    0, os.path.join(os.path.dirname(__file__), os.pardir, "test", "models"))
sys.dont_write_bytecode = True

from train_fashion_resnet import ResNet8

BATCH = 64
CLASSES = 10


def bits(name, count):
    """24 random bits an element, as step_worker.c makes them."""
    start = 2166136261
    for byte in name.encode():
        start = (start ^ byte) * 16777619 % 2**32
    x = np.arange(count, dtype=np.uint32) * np.uint32(2654435761)
    x = x + np.uint32(start)
    x = (x ^ x >> np.uint32(15)) * np.uint32(0x2C1B3C6D)
    x = (x ^ x >> np.uint32(12)) * np.uint32(0x297A2D39)
    return (x ^ x >> np.uint32(15)) >> np.uint32(8)


def numbers(name, shape, limit):
    unit = bits(name, math.prod(shape)) * 2.0**-23 - 1
    return torch.from_numpy((unit * limit).astype(np.float32)).reshape(shape)


def make_network():
    network = ResNet8().eval().fold()
    with torch.no_grad():
        for name, weight in network.named_parameters():
            inputs = weight.numel() // weight.shape[0]
            limit = 0.1 if inputs == 1 else math.sqrt(6 / inputs)
            weight.copy_(numbers(name, weight.shape, limit))
            weight.requires_grad_(True)
    return network.to(memory_format=torch.channels_last)


def main():
    threads, warm_up, timed = map(int, sys.argv[1:])
    torch.set_num_threads(threads)
    network = make_network()
    image = numbers("input", (BATCH, 1, 28, 28), 1).contiguous(
        memory_format=torch.channels_last)
    labels = torch.from_numpy(
        (bits("labels", BATCH) % CLASSES).astype(np.int64))

    def step():
        for weight in network.parameters():
            weight.grad = None
        loss = F.cross_entropy(network(image), labels)
        loss.backward()
        return loss

    for _ in sys.stdin:
        elapsed = seconds = math.inf
        for i in range(warm_up + timed):
            begin, used = time.perf_counter(), time.process_time()
            loss = step()
            if i >= warm_up:
                elapsed = min(elapsed, time.perf_counter() - begin)
                seconds = min(seconds, time.process_time() - used)
        squares = sum(weight.grad.double().square().sum().item()
                      for weight in network.parameters())
        print(f"{elapsed:.9f} {seconds:.9f} {loss.item():.9f} {squares:.9g}",
              flush=True)


main()
