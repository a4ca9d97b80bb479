#!/usr/bin/env bash
# clang-tidy over the C sources (what stands in .clang-tidy), from the main
# build's compilation database.
set -euo pipefail
cd "$(dirname "$0")/.."
git ls-files 'lib/*.c' 'runtime/*.c' 'tools/*.c' |
  xargs -P "$(nproc)" -n 4 clang-tidy-22 -p build --quiet 2>/dev/null
