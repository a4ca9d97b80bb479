#!/usr/bin/env bash
# Sets up, builds and passes every test: both compilers with warnings as
# errors, formatting, clang-tidy, lit, the unit tests, and these again under
# sanitizers. scripts/check.sh --quick stops after the tests of the main build.
set -euo pipefail
cd "$(dirname "$0")/.."

quick=false
[[ ${1:-} == --quick ]] && quick=true

step() { printf '== %s (%d s)\n' "$1" "$SECONDS"; }

step "set up"
scripts/setup.sh

step "formatting"
git ls-files '*.c' '*.h' '*.cpp' | xargs clang-format-22 --dry-run --Werror

step "build (clang)"
cmake --build --preset default

step "tests (lit)"
cmake --build --preset default --target check-ams

if ! $quick; then
  step "build (gcc)"
  cmake --preset gcc >/dev/null
  cmake --build --preset gcc

  step "clang-tidy"
  scripts/tidy.sh

  for sanitizer in asan tsan; do
    step "build and unit tests ($sanitizer)"
    cmake --preset "$sanitizer" >/dev/null
    cmake --build --preset "$sanitizer"
    ctest --test-dir "build-$sanitizer" --output-on-failure -j "$(nproc)"
  done

  step "tests of passes, tools and bad input (asan)"
  LIT_FILTER_OUT='Integration|operators' \
    cmake --build --preset asan --target check-ams
fi

step "unit tests"
ctest --test-dir build --output-on-failure -j "$(nproc)"
step "done"
