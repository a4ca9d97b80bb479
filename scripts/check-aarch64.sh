#!/usr/bin/env bash
# Cross-compiles the runtime for 64-bit Arm and passes its unit tests under
# qemu. Apart from scripts/check.sh, as emulation takes minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/packages.sh

packages=(
  cmake ninja-build python3 librandom123-dev qemu-user
  gcc-aarch64-linux-gnu libc6-dev-arm64-cross
  libcmocka-dev:arm64 libgomp1:arm64
)

install_packages check-aarch64 --architecture=arm64 "${packages[@]}"

cmake --preset aarch64 >/dev/null
cmake --build --preset aarch64
ctest --test-dir build-aarch64 -j "$(nproc)" --output-on-failure
