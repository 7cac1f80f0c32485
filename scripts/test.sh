#!/usr/bin/env bash
# Every test of the build, one target after the other; what failed stands once more at the end.
set -uo pipefail
cd "$(dirname "$0")/.."

log=$(mktemp)
trap 'rm -f "$log"' EXIT
failed=()
for target in Tests/*/; do
  name=$(basename "$target")
  swift test --skip-build --filter "^$name\." 2>&1 | tee -a "$log" || failed+=("$name")
done
if ((${#failed[@]})); then
  printf '\nFailed: %s\n' "${failed[*]}" >&2
  grep -E '✘ Test|error:|Fatal error' "$log" >&2
  exit 1
fi
