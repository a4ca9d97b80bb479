#!/usr/bin/env bash
# A transformer on mails at every tile and gain, as the table for images in
# docs/results.md: all test mails.
# Usage: scripts/mails_gains.sh [SEEDS]
set -euo pipefail
cd "$(dirname "$0")/.."
build=${AMS_BUILD:-build}
scripts/mails.sh
"$build/bin/ams-eval" test/models/mails_transformer.onnx \
  --inputs "$build/mails/test_ids.npy" --labels "$build/mails/test_labels.npy" \
  --sweep 'n=8,32,128 gain=1,2,4,8,16 bits=8/8/8,6/6/8,4/4/6' --seeds "${1:-10}"
