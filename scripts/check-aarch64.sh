#!/usr/bin/env bash
# Cross-compiles the runtime for 64-bit Arm and passes its unit tests under
# qemu. Apart from scripts/check.sh, as emulation takes minutes.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(
  cmake ninja-build python3 librandom123-dev qemu-user
  gcc-aarch64-linux-gnu libc6-dev-arm64-cross
  libcmocka-dev:arm64 libgomp1:arm64
)

missing=()
for package in "${packages[@]}"; do
  status=$(dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null || true)
  [[ $status == ii* ]] || missing+=("$package")
done
if ((${#missing[@]})); then
  root=()
  ((EUID == 0)) || root=(sudo)
  echo "check-aarch64: installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  "${root[@]}" dpkg --add-architecture arm64
  "${root[@]}" apt-get update -qq
  "${root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" \
    >/dev/null
fi

cmake --preset aarch64 >/dev/null
cmake --build --preset aarch64
ctest --test-dir build-aarch64 -j "$(nproc)" --output-on-failure
