#!/bin/sh
# Starts the mofinterop program with the .NET runtime that is on PATH or named by DOTNET_ROOT.
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
if [ -n "$DOTNET_ROOT" ] && [ -x "$DOTNET_ROOT/dotnet" ]; then
  dotnet="$DOTNET_ROOT/dotnet"
elif command -v dotnet >/dev/null 2>&1; then
  dotnet=dotnet
else
  echo "mofinterop: no .NET runtime found: put dotnet (version 10) on PATH or set DOTNET_ROOT" >&2
  exit 1
fi
# exec: the process that a user stops is the program itself.
exec "$dotnet" "$here/../share/mofinterop/mofinterop.dll" "$@"
