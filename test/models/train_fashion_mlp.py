# ===-- train_fashion_mlp.py - Trains fashion_mlp.onnx ---------------------===#
#
# Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Trains a 784-128-10 perceptron on Fashion-MNIST in float32 and exports it
with a softmax at its end: the small network for quick tests.

The network reads pixels scaled to 0..1.
"""

from collections import OrderedDict

from torch import nn

import fashion_training


def perceptron():
    return nn.Sequential(OrderedDict(
        flatten=nn.Flatten(),
        hidden=nn.Linear(784, 128),
        relu=nn.ReLU(),
        linear=nn.Linear(128, 10),
    ))


def with_softmax(model):
    model.add_module("softmax", nn.Softmax(dim=1))
    return model


if __name__ == "__main__":
    fashion_training.main(
        __doc__, "fashion_mlp", "probabilities",
        build=perceptron, finish=with_softmax, loss=nn.CrossEntropyLoss(),
        epochs=3, rate=0.1, augment=False,
    )
