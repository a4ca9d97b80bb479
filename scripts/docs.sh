#!/usr/bin/env bash
# Writes docs/dialect.md and docs/passes.md from TableGen, into docs/ or the
# folder given.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-docs}
tblgen=$(command -v mlir-tblgen-22 || echo /usr/lib/llvm-22/bin/mlir-tblgen)
include=/usr/lib/llvm-22/include

"$tblgen" -gen-dialect-doc -dialect=ams include/ams/IR/AMSOps.td \
  -I include -I "$include" >"$out/dialect.md"
{
  printf '# Passes\n\n'
  "$tblgen" -gen-pass-doc include/ams/Passes.td -I include -I "$include"
} >"$out/passes.md"
