#!/usr/bin/env bash
# Sets up, builds and runs every benchmark: tables of ratios against named peers,
# each measured in the same run. Takes minutes; leave the machine alone meanwhile.
set -euo pipefail
cd "$(dirname "$0")/.."

source scripts/packages.sh

scripts/setup.sh
install_packages bench python3-torch # the peer of ams-bench-step
cmake --build --preset default
for bench in build/bin/ams-bench-*; do
  printf '\n== %s\n' "${bench##*/}"
  "$bench"
done
