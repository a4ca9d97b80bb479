# ===-- fashion_training.py - What both Fashion-MNIST scripts share --------===#
#
# Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Reads Fashion-MNIST, trains a classifier in float32 and writes it as ONNX
with the numbers the tests compare against.

train_fashion_resnet.py and train_fashion_mlp.py each describe a network and
call main(). One run writes NAME.onnx, NAME_reference.json and
NAME_OUTPUT.npy, and nothing else.
"""

import argparse
import copy
import gzip
import json
import os
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

VALIDATION = 5000  # the last images of the training set, never trained on
REFERENCE_IMAGES = 16  # the first test images, whose outputs are stored
THREADS = 2  # part of the recipe: it sets the order of float32 sums


def read_idx(path):
    """Returns the unsigned bytes of a gzip-compressed IDX file."""
    with gzip.open(path, "rb") as file:
        data = file.read()
    if data[:3] != b"\0\0\x08":
        raise SystemExit(f"{path}: not an IDX file of unsigned bytes")
    rank = data[3]
    shape = np.frombuffer(data, ">u4", rank, 4)
    return np.frombuffer(data, np.uint8, -1, 4 + 4 * rank).reshape(shape)


def load(directory, part):
    """Returns images, float32 [N, 1, 28, 28] in 0..1, and labels, [N]."""
    images, labels = (
        read_idx(os.path.join(directory, f"{part}-{kind}-ubyte.gz"))
        for kind in ("images-idx3", "labels-idx1")
    )
    images = torch.from_numpy(images.astype(np.float32) / np.float32(255))
    return images.unsqueeze(1), torch.from_numpy(labels.astype(np.int64))


def augment(images):
    """Shifts each image by up to two pixels and mirrors every other one."""
    n, _, height, width = images.shape
    padded = F.pad(images, (2, 2, 2, 2))
    shift = torch.randint(0, 5, (2, n, 1))
    mirror = torch.rand(n, 1) < 0.5
    rows = torch.arange(height) + shift[0]
    columns = torch.arange(width)
    columns = torch.where(mirror, columns.flip(0), columns) + shift[1]
    image = torch.arange(n)[:, None, None]
    return padded[image, 0, rows[:, :, None], columns[:, None, :]].unsqueeze(1)


@torch.no_grad()
def accuracy(model, images, labels):
    """Top-1 accuracy in percent of a model in eval mode."""
    batches = zip(images.split(500), labels.split(500))
    right = sum((model(x).argmax(1) == y).sum().item() for x, y in batches)
    return 100 * right / len(labels)


def train(model, loss, images, labels, args):
    """Trains by SGD with a one-cycle learning rate. Leaves the model in eval
    mode with the weights of the epoch that was best on the validation images;
    returns that epoch and its accuracy."""
    held_out = images[-VALIDATION:], labels[-VALIDATION:]
    images, labels = images[:-VALIDATION], labels[:-VALIDATION]
    steps = -(-len(images) // args.batch)
    optimizer = torch.optim.SGD(
        model.parameters(), lr=args.rate, momentum=0.9,
        weight_decay=5e-4, nesterov=True,
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, args.rate, epochs=args.epochs, steps_per_epoch=steps
    )
    best, best_epoch, best_state = -1.0, 0, None
    for epoch in range(1, args.epochs + 1):
        start = time.time()
        total = 0.0
        model.train()
        for chosen in torch.randperm(len(images)).split(args.batch):
            x = augment(images[chosen]) if args.augment else images[chosen]
            x = x.contiguous(memory_format=torch.channels_last)
            optimizer.zero_grad()
            value = loss(model(x), labels[chosen])
            value.backward()
            optimizer.step()
            schedule.step()
            total += value.item()
        model.eval()
        score = accuracy(model, *held_out)
        if score > best:
            best, best_epoch = score, epoch
            best_state = copy.deepcopy(model.state_dict())
        print(
            f"epoch {epoch:2}: loss {total / steps:.4f}, "
            f"validation {score:.2f} %, {time.time() - start:.0f} s",
            flush=True,
        )
    model.load_state_dict(best_state)
    return best_epoch, best


def size(model):
    return sum(p.numel() for p in model.parameters())


def main(description, name, output, build, finish, loss, epochs, rate, augment):
    """Trains and writes one network.

    output is the name of the network's result. build() makes the network to
    train; finish(network) makes, from the trained one, the one to export.
    loss(build's result, labels) is minimised.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--data", required=True, metavar="DIR",
                        help="folder of the four gzip-compressed IDX files")
    parser.add_argument("--epochs", type=int, default=epochs)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", default=os.path.dirname(__file__) or ".",
                        metavar="DIR", help="where to write (default: here)")
    args = parser.parse_args()
    args.batch, args.rate, args.augment = 128, rate, augment

    torch.manual_seed(args.seed)
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(THREADS)

    model = build().to(memory_format=torch.channels_last)
    trained = size(model)
    epoch, validation = train(model, loss, *load(args.data, "train"), args)
    model = finish(model).to(memory_format=torch.contiguous_format).eval()

    images, labels = load(args.data, "t10k")
    torch.onnx.export(
        model, images[:1], os.path.join(args.out, f"{name}.onnx"),
        opset_version=13, input_names=["image"], output_names=[output],
        dynamic_axes={"image": {0: "batch"}, output: {0: "batch"}},
    )
    with torch.no_grad():
        first = model(images[:REFERENCE_IMAGES]).numpy()
    np.save(os.path.join(args.out, f"{name}_{output}.npy"), first)
    top1 = accuracy(model, images, labels)
    script = os.path.basename(sys.argv[0])
    reference = {
        "model": f"{name}.onnx",
        "dataset": "Fashion-MNIST",
        "test_images": len(labels),
        "test_top1_percent": round(top1, 2),
        "validation_top1_percent": round(validation, 2),
        "chosen_epoch": epoch,
        "weights_trained": trained,
        "weights_exported": size(model),
        "command": f"python3 {script} --data DIR"
                   f" --epochs {args.epochs} --seed {args.seed}",
        "versions": {
            "python": sys.version.split()[0],
            "torch": torch.__version__,
            "numpy": np.__version__,
        },
    }
    with open(os.path.join(args.out, f"{name}_reference.json"), "w") as file:
        json.dump(reference, file, indent=2)
        file.write("\n")
    print(f"test {top1:.2f} %")
