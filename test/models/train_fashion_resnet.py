# ===-- train_fashion_resnet.py - Trains fashion_resnet8.onnx --------------===#
#
# Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Trains a ResNet-8 (about 78 thousand weights) on Fashion-MNIST in float32
and exports it: the residual network that the tests compile and score.

The network reads pixels scaled to 0..1. Each batch normalisation is folded
into the convolution before it, so the ONNX file has none.
"""

from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

import fashion_training


def convolution(inputs, outputs, kernel, stride):
    return nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)


class Block(nn.Module):
    """Two 3x3 convolutions and a shortcut, a 1x1 convolution where the shape
    changes."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = convolution(inputs, outputs, 3, stride)
        self.norm1 = nn.BatchNorm2d(outputs)
        self.relu1 = nn.ReLU()
        self.conv2 = convolution(outputs, outputs, 3, 1)
        self.norm2 = nn.BatchNorm2d(outputs)
        self.relu2 = nn.ReLU()
        self.shortcut = self.norm3 = nn.Identity()
        if inputs != outputs or stride != 1:
            self.shortcut = convolution(inputs, outputs, 1, stride)
            self.norm3 = nn.BatchNorm2d(outputs)

    def forward(self, x):
        y = self.relu1(self.norm1(self.conv1(x)))
        y = self.norm2(self.conv2(y))
        return self.relu2(y + self.norm3(self.shortcut(x)))

    def fold(self):
        self.conv1 = fuse_conv_bn_eval(self.conv1, self.norm1)
        self.conv2 = fuse_conv_bn_eval(self.conv2, self.norm2)
        if isinstance(self.norm3, nn.BatchNorm2d):
            self.shortcut = fuse_conv_bn_eval(self.shortcut, self.norm3)
        self.norm1 = self.norm2 = self.norm3 = nn.Identity()


class ResNet8(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = convolution(1, 16, 3, 1)
        self.norm = nn.BatchNorm2d(16)
        self.relu = nn.ReLU()
        self.stage1 = Block(16, 16, 1)
        self.stage2 = Block(16, 32, 2)
        self.stage3 = Block(32, 64, 2)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.linear = nn.Linear(64, 10)

    def forward(self, x):
        x = self.relu(self.norm(self.conv(x)))
        x = self.stage3(self.stage2(self.stage1(x)))
        return self.linear(self.flatten(self.pool(x)))

    def fold(self):
        """Folds every batch normalisation. The exporter would do the same,
        but it replaces the weights' names by numbers."""
        self.conv = fuse_conv_bn_eval(self.conv, self.norm)
        self.norm = nn.Identity()
        for block in (self.stage1, self.stage2, self.stage3):
            block.fold()
        return self


if __name__ == "__main__":
    fashion_training.main(
        __doc__, "fashion_resnet8", "logits",
        build=ResNet8, finish=ResNet8.fold, loss=nn.CrossEntropyLoss(),
        epochs=20, rate=0.2, augment=True,
    )
