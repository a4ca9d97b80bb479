#!/usr/bin/env bash
# The main job on real data: a residual network trained on Fashion-MNIST, in
# float32 and on analog devices with tiles of 8, 32 and 128, at several gains;
# the accuracy of each over the 10,000 test images.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh
echo "demo: building"
cmake --build --preset default --target ams-eval ams-compile ams-run >/dev/null

data=/usr/share/datasets/fashion-mnist
build/bin/ams-eval test/models/fashion_resnet8.onnx \
  --inputs "$data/t10k-images-idx3-ubyte.gz" \
  --labels "$data/t10k-labels-idx1-ubyte.gz" \
  --sweep 'n=8,32,128 gain=1,2,4,8,16 bits=8/8/8' "$@"
