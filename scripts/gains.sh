#!/usr/bin/env bash
# What a gain for every layer is worth: the residual network on Fashion-MNIST at
# every single gain and at calibrated ones, over ten seeds, on the images that it
# was calibrated with and on test images; then under budgets of energy.
# Usage: scripts/gains.sh [TEST_IMAGES] [SEEDS]
set -euo pipefail
cd "$(dirname "$0")/.."
build=${AMS_BUILD:-build}
data=/usr/share/datasets/fashion-mnist
images=${1:-10000}
seeds=${2:-10}
train=(--inputs "$data/train-images-idx3-ubyte.gz"
       --labels "$data/train-labels-idx1-ubyte.gz" --limit 512)
test=(--inputs "$data/t10k-images-idx3-ubyte.gz"
      --labels "$data/t10k-labels-idx1-ubyte.gz" --limit "$images")
evaluate() {
  "$build/bin/ams-eval" test/models/fashion_resnet8.onnx \
    --calibrate "$data/train-images-idx3-ubyte.gz" --calibrate-samples 512 \
    --seeds "$seeds" "$@"
}
sweep='n=128,32 gain=1,2,4,8,16,32,64,calibrated bits=8/8/8,6/6/8'
echo "calibration images"
evaluate "${train[@]}" --sweep "$sweep"
echo
echo "test images"
evaluate "${test[@]}" --sweep "$sweep"
table=$(mktemp)
trap 'rm -f "$table"' EXIT
for budget in 90% 80% 75% 70%; do
  evaluate "${test[@]}" --sweep 'n=128 gain=calibrated' --budget "$budget" \
    --csv "$table" >/dev/null
  echo
  echo "test images, n = 128, 8/8/8, budget $budget: top-1, dB, nJ a sample"
  tail -1 "$table" | cut -d, -f10,13,15
done
