#!/usr/bin/env bash
# Brings a bare Debian machine to readiness, then runs a target of build.cake.
#   ./build.sh Build | Test | TestSlow | Quickstart | Bench | Clean      (no target: Build)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
# A bare machine has no ICU; nothing here depends on a culture.
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
export DEBIAN_FRONTEND=noninteractive

target="Build"
if [ $# -gt 0 ] && [ "${1#-}" = "$1" ]; then
  target="$1"
  shift
fi

if [ -n "${DOTNET_ROOT:-}" ] && [ -x "$DOTNET_ROOT/dotnet" ]; then
  export PATH="$DOTNET_ROOT:$PATH"
fi
if ! command -v dotnet >/dev/null 2>&1; then
  cat >&2 <<'MESSAGE'
build.sh: the .NET SDK 10 is not installed: no `dotnet` on PATH. It is the one thing to install by hand:
  https://dotnet.microsoft.com/download/dotnet/10.0   (or Microsoft's package feed for Debian 12: dotnet-sdk-10.0)
Unpack it anywhere, put its folder on PATH (or set DOTNET_ROOT to it), and run this command again.
MESSAGE
  exit 1
fi
if ! dotnet --list-sdks | grep -q '^10\.'; then
  echo "build.sh: found these .NET SDKs, but none of version 10:" >&2
  dotnet --list-sdks >&2
  echo "Get version 10 from https://dotnet.microsoft.com/download/dotnet/10.0 and run this command again." >&2
  exit 1
fi

# What Debian packages are for: the lists say it line by line.
lists=(build/debian-packages.txt)
[ "$target" = Bench ] && lists+=(build/debian-packages-bench.txt)
mapfile -t packages < <(sed -e 's/#.*//' -e 's/[[:space:]]//g' -e '/^$/d' "${lists[@]}")
missing=()
for package in "${packages[@]}"; do
  state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$state" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ] && [ "$target" != Clean ]; then
  install="apt-get update && apt-get install -y --no-install-recommends ${missing[*]}"
  if [ "$(id -u)" = 0 ]; then
    run=(bash -c "$install")
  elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    run=(sudo env DEBIAN_FRONTEND=noninteractive bash -c "$install")
  else
    echo "build.sh: these Debian packages are missing; install them with this one command, then run ./build.sh $target again:" >&2
    echo "  sudo sh -c '$install'" >&2
    exit 1
  fi
  echo "build.sh: installing ${missing[*]}"
  log=$(mktemp)
  if ! "${run[@]}" >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "build.sh: installing Debian packages failed; the whole output is in $log" >&2
    exit 1
  fi
  rm -f "$log"
fi

dotnet tool restore >/dev/null
rm -f artifacts/tests/summary.txt
status=0
dotnet cake build.cake --target="$target" "$@" || status=$?
# Last, so that the line stands alone at the end of the output.
if [ -f artifacts/tests/summary.txt ]; then
  cat artifacts/tests/summary.txt
fi
exit "$status"
