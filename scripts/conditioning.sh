#!/usr/bin/env bash
# What conditioning and error feedback are worth: the residual network on
# Fashion-MNIST with plain and conditioned blocks, weights rounded to the nearest
# code and by error feedback, calibrated gains, n = 128, on images that nothing
# was calibrated with; mean and deviation over seeds.
# Usage: scripts/conditioning.sh [TEST_IMAGES] [SEEDS] [CSV]
set -euo pipefail
cd "$(dirname "$0")/.."
build=${AMS_BUILD:-build}
data=/usr/share/datasets/fashion-mnist
"$build/bin/ams-eval" test/models/fashion_resnet8.onnx \
  --inputs "$data/t10k-images-idx3-ubyte.gz" \
  --labels "$data/t10k-labels-idx1-ubyte.gz" --limit "${1:-10000}" \
  --calibrate "$data/train-images-idx3-ubyte.gz" --calibrate-samples 512 \
  --seeds "${2:-10}" ${3:+--csv="$3"} \
  --sweep 'n=128 gain=calibrated bits=8/8/8,6/6/8,4/6/8 condition=none,both rounding=nearest,feedback'
