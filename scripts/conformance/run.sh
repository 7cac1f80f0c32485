#!/usr/bin/env bash
# Foreign clients, unmodified but for their base addresses, against the loopback servers: proof that
# our own clients aren't tested against our own misunderstanding. Needs Python 3 with venv and PyPI.
set -euo pipefail
cd "$(dirname "$0")/../.."
here=scripts/conformance
venv=.venv/conformance

if ! command -v python3 >/dev/null 2>&1; then
  echo "python3 is needed for the conformance checks" >&2
  exit 1
fi
if ! cmp -s "$here/requirements.txt" "$venv/requirements.txt"; then
  rm -rf "$venv"
  python3 -m venv "$venv" || {
    echo "python3 -m venv did not work; on Debian: apt-get install python3-venv" >&2
    exit 1
  }
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
  cp "$here/requirements.txt" "$venv/requirements.txt"
fi

addresses=$(mktemp)
.build/debug/quarterdeck simulate --seed 11 >"$addresses" &
servers=$!
trap 'kill "$servers" 2>/dev/null || true; wait "$servers" 2>/dev/null || true; rm -f "$addresses"' EXIT
for _ in $(seq 100); do
  [[ -s $addresses ]] && break
  kill -0 "$servers" || { echo "quarterdeck simulate ended at once" >&2; exit 1; }
  sleep 0.1
done

for check in "$here"/*_check.py; do
  echo "-- $(basename "$check" .py)"
  timeout 120 "$venv/bin/python" "$check" "$(cat "$addresses")"
done
