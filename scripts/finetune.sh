#!/usr/bin/env bash
# Finetunes the residual network on Fashion-MNIST for devices that it loses
# accuracy on, and prints top-1 in % on the 10,000 test images before and after:
# mean and deviation over seeds. Nothing is chosen by the test images: the last
# weights count, and rates are from runs on training images that were held out
# (docs/results.md). The two refinements of DNF take REFINED seeds, and one of 0
# leaves them out.
# OPTIONS are more of ams-tune, such as OPTIONS=--clip-weights=2, and METHODS
# those to run (METHODS="qat dnf").
# Devices are BITS or BITS:GAIN, with a gain of 2 if nothing else is said.
# Usage: scripts/finetune.sh [SEEDS] [SAMPLES] [REFINED] [EPOCHS] [RATE] [DEVICE]...
set -euo pipefail
cd "$(dirname "$0")/.."
build=${AMS_BUILD:-build}
seeds=${1:-5} samples=${2:-60000} refined=${3:-2} epochs=${4:-1} rate=${5:-0.001}
devices=("${@:6}")
((${#devices[@]})) || devices=(8/8/8 6/6/8 4/4/6:16)
read -ra more <<<"${OPTIONS:-}"
read -ra methods <<<"${METHODS:-qat dnf dnf:channel dnf:magnitude}"
data=/usr/share/datasets/fashion-mnist
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Columns of the course's last row: on the device, in float32.
tune() { # DEVICE GAIN SEED OPTIONS...
  local device=$1 gain=$2 seed=$3
  shift 3
  "$build/bin/ams-tune" test/models/fashion_resnet8.onnx -o "$work/tuned.onnx" \
    --train="$data/train-images-idx3-ubyte.gz,$data/train-labels-idx1-ubyte.gz" \
    --valid="$data/t10k-images-idx3-ubyte.gz,$data/t10k-labels-idx1-ubyte.gz" \
    --limit="$samples" --keep=last --device="$device" --gain="$gain" --seed="$seed" \
    --csv="$work/course.csv" "$@" >/dev/null
}

for device in "${devices[@]}"; do
  bits=${device%:*} gain=2
  [[ $device == *:* ]] && gain=${device#*:}
  IFS=/ read -r weight input output <<<"$bits"
  echo "#ams.device<rows = 128, columns = 128, weight_bits = $weight," \
    "input_bits = $input, output_bits = $output, partials = bf16," \
    "noise = [#ams.uniform<width = 1.0>]>" >"$work/device.mlir"
  for method in "${methods[@]}"; do
    options=(--method="${method%:*}" --rate="$rate" --schedule=onecycle
      --epochs="$epochs" "${more[@]}")
    runs=$seeds
    [[ $method == *:* ]] && options+=(--noise-per="${method#*:}") &&
      runs=$((refined < seeds ? refined : seeds))
    ((runs)) || continue
    : >"$work/rows"
    for ((seed = 0; seed < runs; ++seed)); do
      tune "$work/device.mlir" "$gain" "$seed" "${options[@]}"
      sed -n '2p;$p' "$work/course.csv" | cut -d, -f3,4 | paste -sd, >>"$work/rows"
    done
    awk -F, -v bits="$bits, G = $gain" -v method="$method" '
      { before = $1; n++; d += $3; dd += $3 * $3; f += $4 }
      END { mean = d / n; variance = n > 1 ? (dd - n * mean * mean) / (n - 1) : 0
            printf "%s  %-13s  %d seeds  before %.2f  after %.2f (%.2f)  in float32 %.2f\n",
              bits, method, n, before, mean, sqrt(variance > 0 ? variance : 0), f / n }
    ' "$work/rows"
  done
done
