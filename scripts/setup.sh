#!/usr/bin/env bash
# Everything that building needs and a fresh Debian machine lacks. Run by `make demo` and `make test`.
set -euo pipefail

packages=(libcurl4-openssl-dev libssl-dev libsqlite3-dev libsimdjson-dev zlib1g-dev pkg-config)
minimum_swift=6.2

missing=()
if command -v dpkg-query >/dev/null 2>&1; then
  for package in "${packages[@]}"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' ||
      missing+=("$package")
  done
else
  echo "This is not Debian or a relative of it. Needed: ${packages[*]} (or what they are called here)." >&2
fi

if ((${#missing[@]})); then
  line="apt-get update && apt-get install -y --no-install-recommends ${missing[*]}"
  if [[ $EUID -eq 0 ]]; then
    run=(bash -c)
  elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    run=(sudo bash -c)
  elif command -v sudo >/dev/null 2>&1 && [[ -t 0 ]]; then
    run=(sudo bash -c)
  else
    printf 'System packages are missing. As root, run:\n\n  %s\n\n' "$line" >&2
    exit 1
  fi
  echo "Installing ${missing[*]}"
  "${run[@]}" "export DEBIAN_FRONTEND=noninteractive; $line" >/dev/null || {
    printf 'That did not work. As root, run:\n\n  %s\n\n' "$line" >&2
    exit 1
  }
fi

explain_swift() {
  cat >&2 <<TEXT
$1 Quarterdeck is written in Swift and needs the toolchain, version $minimum_swift or newer, with
\`swift\` on the PATH. On Debian 12 the shortest way is swiftly, the official installer from
https://www.swift.org/install/linux/ : download it, run \`swiftly init\`, open a new shell, and
\`swift --version\` should answer. Then run the same make command again.
TEXT
  exit 1
}

command -v swift >/dev/null 2>&1 || explain_swift "There is no Swift on this machine."
version=$(swift --version 2>/dev/null | grep -oE 'Swift version [0-9]+\.[0-9]+' | grep -oE '[0-9]+\.[0-9]+' || true)
[[ -n $version ]] || explain_swift "\`swift --version\` did not answer."
oldest=$(printf '%s\n%s\n' "$version" "$minimum_swift" | sort -V | head -n 1)
[[ $oldest == "$minimum_swift" ]] || explain_swift "The Swift here is version $version."
