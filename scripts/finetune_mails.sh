#!/usr/bin/env bash
# Finetunes the transformer on mails for devices that it loses accuracy on, and
# prints top-1 in % on the 1,239 test mails before and after: mean and deviation
# over seeds of training, each the mean of ten noise seeds. Weights are chosen by
# the 627 validation mails; the test mails choose nothing. The two refinements
# of DNF take REFINED seeds, and one of 0 leaves them out.
# OPTIONS are more of ams-tune, METHODS those to run (METHODS="qat dnf").
# Usage: scripts/finetune_mails.sh [SEEDS] [REFINED] [RATE] [EPOCHS] [GAIN]...
set -euo pipefail
cd "$(dirname "$0")/.."
build=${AMS_BUILD:-build}
seeds=${1:-5} refined=${2:-2} rate=${3:-0.0001} epochs=${4:-1}
gains=("${@:5}")
((${#gains[@]})) || gains=(1)
read -ra more <<<"${OPTIONS:-}"
read -ra methods <<<"${METHODS:-qat dnf dnf:channel dnf:magnitude}"
model=test/models/mails_transformer.onnx
scripts/mails.sh
mails=$build/mails
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo '#ams.device<rows = 128, columns = 128, weight_bits = 4, input_bits = 4,
  output_bits = 6, partials = bf16, noise = [#ams.uniform<width = 1.0>]>' \
  >"$work/device.mlir"

# Top-1 of a model on the test mails, on the device and in float32.
score() { # MODEL GAIN
  "$build/bin/ams-eval" "$1" --inputs "$mails/test_ids.npy" \
    --labels "$mails/test_labels.npy" --sweep "n=128 gain=$2 bits=4/4/6" \
    --seeds 10 --csv "$work/score.csv" >/dev/null || return
  tail -1 "$work/score.csv" | cut -d, -f10,12
}

tune() { # GAIN SEED OPTIONS...
  local gain=$1 seed=$2
  shift 2
  "$build/bin/ams-tune" "$model" -o "$work/tuned.onnx" \
    --train="$mails/train_ids.npy,$mails/train_labels.npy" \
    --valid="$mails/valid_ids.npy,$mails/valid_labels.npy" \
    --device="$work/device.mlir" --gain="$gain" --seed="$seed" --batch=32 \
    --rate="$rate" --schedule=onecycle --epochs="$epochs" --eval-every=65 \
    "$@" >/dev/null
}

for gain in "${gains[@]}"; do
  before=$(score "$model" "$gain")
  for method in "${methods[@]}"; do
    options=(--method="${method%:*}" "${more[@]}")
    runs=$seeds
    [[ $method == *:* ]] && options+=(--noise-per="${method#*:}") &&
      runs=$((refined < seeds ? refined : seeds))
    ((runs)) || continue
    : >"$work/rows"
    for ((seed = 0; seed < runs; ++seed)); do
      tune "$gain" "$seed" "${options[@]}"
      score "$work/tuned.onnx" "$gain" >>"$work/rows"
    done
    awk -F, -v gain="$gain" -v method="$method" -v before="$before" '
      { n++; d += $1; dd += $1 * $1; f += $2 }
      END { mean = d / n; variance = n > 1 ? (dd - n * mean * mean) / (n - 1) : 0
            split(before, was, ",")
            printf "G=%s  %-13s  %d seeds  before %.2f (float32 %.2f)  after %.2f (%.2f)  in float32 %.2f\n",
              gain, method, n, was[1], was[2], mean, sqrt(variance > 0 ? variance : 0), f / n }
    ' "$work/rows"
  done
done
