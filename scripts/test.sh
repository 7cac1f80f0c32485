#!/usr/bin/env bash
# Every test of the build, one target after the other; what failed stands once more at the end.
#
#   scripts/test.sh [OPTION OF swift test]…    SKIP="ATests BTests" leaves targets out
set -uo pipefail
cd "$(dirname "$0")/.."

log=$(mktemp)
trap 'rm -f "$log"' EXIT
failed=()
for target in Tests/*/; do
  name=$(basename "$target")
  [[ " ${SKIP:-} " == *" $name "* ]] && continue
  swift test "$@" --skip-build --filter "^$name\." 2>&1 | tee -a "$log" || failed+=("$name")
done
if ((${#failed[@]})); then
  printf '\nFailed: %s\n' "${failed[*]}" >&2
  grep -E '✘ Test|error:|Fatal error|Sanitizer:' "$log" >&2
  exit 1
fi
