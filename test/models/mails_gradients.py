# ===-- mails_gradients.py - PyTorch's gradients of mails_transformer ------===#
#
# Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Writes mails_transformer_gradients.json: loss and gradients of one step of
mails_transformer.onnx on mails_transformer_ids.npy, by PyTorch in float64. The
label of sequence i is i modulo 2.

For each weight of the file there is its gradient's norm, and its product with
the cosines of the elements' places: two numbers that a wrong gradient misses.
"""

import json
import os
import sys

import numpy as np
import torch

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(HERE, os.pardir, "Import"))

import onnx_wire as wire
import train_mails_transformer as training


class File:
    """What the ONNX file calls the network's parameters."""

    def __init__(self, path):
        with open(path, "rb") as file:
            graph = wire.fields(wire.first(wire.fields(file.read()), 7))
        tensors = [wire.Tensor.read(t) for t in wire.every(graph, 5)]
        self.weights = {
            t.name: np.frombuffer(t.raw, "<f4").reshape(t.dims)
            for t in tensors if t.kind == wire.FLOAT and t.dims}
        # The exporter transposes matrices and gives them other names; their
        # products still have the modules' names.
        self.transposed = {}
        for node in (wire.fields(n) for n in wire.every(graph, 1)):
            inputs = [i.decode() for i in wire.every(node, 1)]
            if wire.first(node, 4) == b"MatMul" and inputs[1] in self.weights:
                output = wire.first(node, 2).decode()
                module = output.strip("/").replace("/MatMul_output_0", "")
                self.transposed[module.replace("/", ".") +
                                ".weight"] = inputs[1]

    def name(self, parameter):
        return self.transposed.get(parameter, parameter)

    def values(self, parameter):
        values = self.weights[self.name(parameter)]
        return torch.from_numpy(
            (values.T if parameter in self.transposed else values).copy())

    def order(self, parameter, gradient):
        """A gradient's elements in the file's order."""
        return (gradient.T if parameter in self.transposed
                else gradient).reshape(-1)


def main():
    path = os.path.join(HERE, "mails_transformer")
    file = File(path + ".onnx")
    model = training.Transformer().eval()
    model.load_state_dict({name: file.values(name)
                           for name in model.state_dict()})
    model = model.double()
    ids = torch.from_numpy(np.load(path + "_ids.npy"))
    labels = torch.arange(len(ids)) % training.CLASSES
    loss = torch.nn.CrossEntropyLoss()(model(ids), labels)
    loss.backward()
    gradients = {}
    for name, parameter in model.named_parameters():
        gradient = file.order(name, parameter.grad)
        along = torch.arange(len(gradient), dtype=torch.float64).cos()
        gradients[file.name(name)] = [gradient.norm().item(),
                                      (gradient @ along).item()]
    with open(path + "_gradients.json", "w") as out:
        json.dump({"loss": loss.item(), "gradients": gradients}, out, indent=1)
        out.write("\n")


if __name__ == "__main__":
    main()
