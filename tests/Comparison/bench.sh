#!/usr/bin/env bash
# Everything that `./build.sh Bench` compares: whole runs in LAMMPS and ASE, ours and the peer's in turn. Prints the table, writes
# artifacts/bench/bench.json and the marked section of docs/performance.md.
#   tests/Comparison/bench.sh [--only TEXT] [--repeats N]      --only: cases whose name contains TEXT; writes part.json alone
# The peer: peer.sh. Needs ./build.sh Build. Trajectories are compared with MDAnalysis where python3-mdanalysis is installed, and take 4 GB of disk meanwhile.
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
artifacts=$(realpath "${MOFINTEROP_ARTIFACTS:-artifacts}")
peer=$(tests/Comparison/peer.sh)
source=$(dirname "$peer")/../src

# Our pair style in the very LAMMPS that it is compared with, so that nothing else differs; one folder for each build.
prepare() {
  rm -rf "${artifacts:?}/bench/$1"
  mkdir -p "$artifacts/bench/$1/lib"
  cp "$artifacts/lib/glibc-hwcaps/$2/libmofpotential.so" "$artifacts/bench/$1/lib/"
  make --silent -C PairStyleNative/lammps OUT="$artifacts/bench/$1" LAMMPS_INCLUDE="$source" LAMMPS_LIB="$(dirname "$peer")" LAMMPS_VERSION=20250204
}
prepare v4 x86-64-v4
prepare v3 x86-64-v3

# Other programs must not take the processor away, as far as the system lets us.
first=()
[ "$(nice -n -10 nice 2>/dev/null)" = -10 ] && first=(nice -n -10)
program=tests/Comparison/bin/Release/net10.0/MofInterop.Comparison
[ -x "$program" ] || dotnet build tests/Comparison -c Release -nodeReuse:false -v q
exec "${first[@]}" "$program" "$peer" "$artifacts/bench/v4/bin/lmp-mof" "$artifacts/bench/v3/bin/lmp-mof" "$@"
