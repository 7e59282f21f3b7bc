#!/usr/bin/env bash
# The tests of the pair styles with stock Debian 13: its LAMMPS 4Feb2025 (by lmp-mof and by mofload.lmp), compiler and Open MPI 5,
# in a folder made by debootstrap. Tests and libmofpotential.so are those of this checkout.
#   tests/Hosts.Tests/debian13.sh FOLDER [arguments of dotnet test]      FOLDER takes 2 GB and may be used again
# Needs root, debootstrap, ./build.sh Build.
set -euo pipefail
shopt -s inherit_errexit
# Mounts end with the script.
[ -n "${MOFINTEROP_UNSHARED:-}" ] || MOFINTEROP_UNSHARED=1 exec unshare --mount --propagation private "$0" "$@"

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
artifacts=$(realpath "${MOFINTEROP_ARTIFACTS:-$here/artifacts}")
reference=$(realpath "${MOFINTEROP_REFERENCE:-$here/../shared/reference}")
debian=$(realpath -m "${1:?expected a folder for Debian 13}")
shift

if [ ! -e "$debian/etc/debian13-complete" ]; then
  debootstrap --variant=minbase trixie "$debian" http://deb.debian.org/debian
  DEBIAN_FRONTEND=noninteractive chroot "$debian" apt-get install -y --no-install-recommends lammps liblammps-dev python3 g++ make libopenmpi-dev openmpi-bin
  touch "$debian/etc/debian13-complete"
fi

# One folder that has the same path inside and outside, for what is built and for the tests' own folders.
exchange=$(mktemp -d)
trap 'umount "$debian$exchange"; rm -rf "$exchange"; rmdir "$debian$exchange"' EXIT
mkdir "$exchange/bin" "$exchange/out" "$exchange/tmp"
for folder in "$exchange" "$here" "$reference"; do
  mkdir -p "$debian$folder"
  mount --bind "$folder" "$debian$folder"
done
mount -t proc proc "$debian/proc"
mount --rbind /sys "$debian/sys"

cp -r "$artifacts/lib" "$exchange/out/lib"
rm -f "$exchange/out/lib/libmoflammps.so"
chroot "$debian" make --silent -C "$here/PairStyleNative/lammps" OUT="$exchange/out"

# A program that goes to Debian 13 first, unless it is there.
forward() {
  printf '#!/bin/sh\n[ -e /etc/debian13-complete ] && exec %s "$@"\nexec /usr/sbin/chroot %s /usr/bin/env -C "$PWD" PATH=/usr/bin:/bin %s "$@"\n' "$2" "$debian" "$2" >"$1"
  chmod +x "$1"
}
mv "$exchange/out/bin/lmp-mof" "$exchange/out/bin/lmp-mof.debian13"
forward "$exchange/out/bin/lmp-mof" "$exchange/out/bin/lmp-mof.debian13"
forward "$exchange/bin/lmp" /usr/bin/lmp
forward "$exchange/bin/mpirun" /usr/bin/mpirun

export MOFINTEROP_ARTIFACTS=$exchange/out MOFINTEROP_REFERENCE=$reference TMPDIR=$exchange/tmp PATH=$exchange/bin:$PATH
dotnet test "$here/tests/Hosts.Tests" -c Release -nodeReuse:false \
  --filter 'FullyQualifiedName!~Kim&FullyQualifiedName!~Peer&FullyQualifiedName!~Newest' "$@"
