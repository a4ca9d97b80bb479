#!/usr/bin/env bash
# Installs the Debian packages that building and testing need, and configures
# the build in build/. Idempotent, and quiet where there is nothing to do.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/packages.sh

packages=(
  # Build tools
  cmake ninja-build gcc g++ python3
  clang-22 lld-22 libclang-rt-22-dev clang-format-22 clang-tidy-22
  # The compiler
  llvm-22-dev llvm-22-tools libmlir-22-dev mlir-22-tools
  libprotobuf-c-dev protobuf-c-compiler protobuf-compiler libonnx-dev
  zlib1g-dev
  # The runtime
  libomp-22-dev libdnnl-dev
  # Tests and benchmarks
  libcmocka-dev librandom123-dev libonnx-testdata libopenblas-dev
  dataset-fashion-mnist
)

install_packages setup "${packages[@]}"

if [[ ! -f build/build.ninja ]]; then
  echo "setup: configuring build/"
  cmake --preset default >/dev/null
fi

scripts/mails.sh || echo "setup: no mails; tests that need them are left out"
