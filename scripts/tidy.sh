#!/usr/bin/env bash
# clang-tidy over the C sources of this machine's build (what stands in
# .clang-tidy), from the main build's compilation database.
set -euo pipefail
cd "$(dirname "$0")/.."
compiled=$(python3 -c '
import json
for command in json.load(open("build/compile_commands.json")):
    print(command["file"])' | sort -u)
git ls-files 'lib/*.c' 'runtime/*.c' 'tools/*.c' | sed "s|^|$PWD/|" | sort |
  comm -12 - <(echo "$compiled") |
  xargs -P "$(nproc)" -n 4 clang-tidy-22 -p build --quiet 2>/dev/null
