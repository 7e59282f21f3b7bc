#!/usr/bin/env bash
# All benchmarks in one go: the kernel alone, then the pair style in LAMMPS. LMP_WITH_SNAP names a LAMMPS that has ML-SNAP to
# compare with (see docs/performance.md for how to compile one); without it only our own times are printed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
dotnet run --project tests/Benchmarks/MofInterop.Benchmarks.csproj -c Release --no-build
tests/Benchmarks/bench_lammps.sh
