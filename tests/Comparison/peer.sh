#!/usr/bin/env bash
# The LAMMPS that we compare with: 4Feb2025 from Debian's source package, `-O3 -march=native`, with ML-SNAP. Builds it once
# into a cache outside the checkout and prints the path of its lmp; the headers for our pair styles lie in ../src from there.
#   LMP_WITH_SNAP      an lmp that exists already, in a folder of its source tree: nothing is built
#   MOFINTEROP_CACHE   where to build                            (default ${XDG_CACHE_HOME:-~/.cache}/mofinterop)
#   JOBS               compilations at a time                                         (default: the cores)
set -euo pipefail
shopt -s inherit_errexit

readonly orig=lammps_20250204+dfsg.1.orig.tar.xz
readonly sha256=3671165bd52fad36734e0a9136c5bc5ecb225e03988f8c89aa13366a8b53b1c7
readonly pool=http://deb.debian.org/debian/pool/main/l/lammps

fail() {
  echo "peer.sh: $*" >&2
  exit 1
}

if [ -n "${LMP_WITH_SNAP:-}" ]; then
  [ -x "$LMP_WITH_SNAP" ] || fail "LMP_WITH_SNAP names $LMP_WITH_SNAP, which is not a program"
  found=$(realpath "$LMP_WITH_SNAP")
  [ -f "$(dirname "$found")/../src/version.h" ] || fail "$found does not lie in a folder of a LAMMPS source tree (no ../src/version.h): our pair styles cannot be compiled for it"
  echo "$found"
  exit
fi

for program in g++ make cmake mpicc xz curl; do
  command -v "$program" >/dev/null || fail "$program is not installed: apt-get install g++ make cmake libopenmpi-dev xz-utils curl"
done

# -march=native: a cache on a shared disk serves one kind of processor only.
processor=$(g++ -march=native -Q --help=target | awk '$1 == "-march=" { print $2 }')
folder=${MOFINTEROP_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/mofinterop}/lammps-4Feb2025-$processor
lmp=$folder/build/lmp
mkdir -p "$folder"
exec 9>"$folder/lock"
flock 9
if [ -f "$folder/complete" ]; then
  echo "$lmp"
  exit
fi

verified() { [ -f "$1" ] && echo "$sha256  $1" | sha256sum --check --status; }

# apt checks Debian's signature, but a mirror may lack the .dsc: then the pool's tarball, which the checksum vouches for.
download() (
  cd "$folder"
  verified "$orig" && return
  mkdir -p apt/lists/partial
  echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian trixie main" >apt/source.list
  private=(-o "Dir::Etc::sourcelist=$folder/apt/source.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$folder/apt/lists" -o APT::Sandbox::User=root)
  { apt-get "${private[@]}" update && apt-get "${private[@]}" source --download-only lammps; } >&2 || echo "peer.sh: no source package through apt; trying the pool" >&2
  verified "$orig" || curl -fsSL -o "$orig" "$pool/$orig" >&2 || fail "LAMMPS's source cannot be fetched from $pool/$orig"
  verified "$orig" || fail "$folder/$orig has another checksum than expected ($sha256)"
)

{
  echo "peer.sh: building LAMMPS 4Feb2025 in $folder (10 to 15 minutes on two cores, once)"
  download
  tar -xf "$folder/$orig" -C "$folder" --strip-components=1 --exclude='*/examples' --exclude='*/doc/src' --exclude='*/potentials' --exclude='*/bench' --exclude='*/unittest'
  cmake -S "$folder/cmake" -B "$folder/build" -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS_RELEASE="-O3 -march=native -DNDEBUG" \
    -DPKG_ML-SNAP=yes -DPKG_EXTRA-PAIR=yes -DPKG_MOLECULE=yes -DPKG_PLUGIN=yes -DBUILD_MPI=yes -DBUILD_OMP=no -DBUILD_SHARED_LIBS=yes \
    -DWITH_JPEG=no -DWITH_PNG=no -DWITH_GZIP=no -DWITH_FFMPEG=no
  make -C "$folder/build" -j"${JOBS:-$(nproc)}"
} >"$folder/build.log" 2>&1 || fail "building LAMMPS failed; the whole output is in $folder/build.log, its end:
$(tail -n 15 "$folder/build.log")"
rm -rf "${folder:?}/$orig" "$folder/apt"
touch "$folder/complete"
echo "$lmp"
