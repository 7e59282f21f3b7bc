#!/usr/bin/env bash
# µs per atom and step in LAMMPS, one rank, one thread: pair_style mof/snap in lmp-mof and, where LMP_WITH_SNAP names a
# LAMMPS that has ML-SNAP, pair_style snap with the same files. Atoms stand still: forces, energy and virial each step.
#   tests/Benchmarks/bench_lammps.sh [MOF-5.cif]          PYTHON: an interpreter with ASE
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
cif=${1:-Recipes/library/mof5.cif}
launcher=${MOFINTEROP_ARTIFACTS:-artifacts}/bin/lmp-mof
launcher=$(realpath "$launcher")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-/usr/bin/python3}" -W ignore tests/Benchmarks/mof5_lammps.py "$cif" "$folder"
cd "$folder"
export OMP_NUM_THREADS=1

# time_of PROGRAM STYLE ATOMS STEPS: processor time, the best of three, as other work on the machine only adds to it.
time_of() {
  cat >bench.in <<INPUT
units metal
box tilt large
read_data mof5-$3.data
pair_style $2
pair_coeff * * mof5.snapcoeff mof5.snapparam C3a C3b C3c H1a O2a O4a Zn4a
thermo 1
run 5
run $4
INPUT
  for _ in 1 2 3; do
    "$1" -in bench.in -screen none -log bench.log >/dev/null
    awk -v atoms="$3" -v steps="$4" '/^Loop time/ { t = $4 } /CPU use/ { t *= $1 / 100 } END { printf "%.2f\n", t / atoms / steps * 1e6 }' bench.log
  done | sort -g | head -n 1
}

printf '%-12s %14s %14s %7s\n' "MOF-5 atoms" "mof/snap" "snap" "ratio"
for atoms in 106 424; do
  ours=$(time_of "$launcher" mof/snap $atoms $((42400 / atoms)))
  theirs=-
  ratio=-
  if [ -n "${LMP_WITH_SNAP:-}" ]; then
    theirs=$(time_of "$LMP_WITH_SNAP" snap $atoms $((10600 / atoms)))
    ratio=$(awk -v a="$theirs" -v b="$ours" 'BEGIN { printf "%.1f", a / b }')
  fi
  printf '%-12s %14s %14s %7s\n' $atoms "$ours" "$theirs" "$ratio"
done
echo "(µs of processor time per atom and step, one rank; best of three)"
