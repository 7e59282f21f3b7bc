#!/usr/bin/env bash
# A LAMMPS with ML-SNAP and the PLUGIN package from Debian's source package, `-O3 -march=native`. Builds it once into a cache
# outside the checkout and prints the path of its lmp; the headers for our pair styles lie in ../src from there.
#   peer.sh            4Feb2025 (Debian 13), the one that we compare with
#   peer.sh 4Jul2026   the newest of Debian sid, for the tests of the plugin (tests/Hosts.Tests)
#   LMP_WITH_SNAP      an lmp that exists already, in a folder of its source tree: nothing is built; without an argument only
#   MOFINTEROP_CACHE   where to build                            (default ${XDG_CACHE_HOME:-~/.cache}/mofinterop)
#   JOBS               compilations at a time                                         (default: the cores)
set -euo pipefail
shopt -s inherit_errexit

readonly pool=http://deb.debian.org/debian/pool/main/l/lammps

fail() {
  echo "peer.sh: $*" >&2
  exit 1
}

# Where Debian has a version's source, its checksum, the folders above its src, and what it is built with besides.
readonly version=${1:-4Feb2025}
packages=()
case $version in
  4Feb2025)
    suite=trixie orig=lammps_20250204+dfsg.1.orig.tar.xz above=1
    sha256=3671165bd52fad36734e0a9136c5bc5ecb225e03988f8c89aa13366a8b53b1c7
    ;;
  4Jul2026)
    suite=sid orig=lammps_20260704+dfsg.orig.tar.gz above=0
    sha256=cddbc45a047416bd48a4a0b87f24a5b61b3446982b74d18cafe619c22b17eb62
    # For mofload.lmp. The system's Python: another one's files would be looked for by PATH, which mpirun changes.
    packages=(-DPKG_PYTHON=yes "-DPython_EXECUTABLE=$(command -p -v python3)")
    ;;
  *) fail "unknown version $version: expected 4Feb2025 or 4Jul2026" ;;
esac
readonly suite orig sha256 above packages

if [ $# -eq 0 ] && [ -n "${LMP_WITH_SNAP:-}" ]; then
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
folder=${MOFINTEROP_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/mofinterop}/lammps-$version-$processor
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
  echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian $suite main" >apt/source.list
  private=(-o "Dir::Etc::sourcelist=$folder/apt/source.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$folder/apt/lists" -o APT::Sandbox::User=root)
  { apt-get "${private[@]}" update && apt-get "${private[@]}" source --only-source --download-only lammps; } >&2 || echo "peer.sh: no source package through apt; trying the pool" >&2
  verified "$orig" || curl -fsSL -o "$orig" "$pool/$orig" >&2 || fail "LAMMPS's source cannot be fetched from $pool/$orig (Debian may have replaced it by a newer version: see the list of versions in peer.sh)"
  verified "$orig" || fail "$folder/$orig has another checksum than expected ($sha256)"
)

{
  echo "peer.sh: building LAMMPS $version in $folder (10 to 15 minutes on two cores, once)"
  download &&
    tar -xf "$folder/$orig" -C "$folder" --strip-components=$above --exclude=examples --exclude=doc/src --exclude=potentials --exclude=bench --exclude=unittest &&
    cmake -S "$folder/cmake" -B "$folder/build" -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS_RELEASE="-O3 -march=native -DNDEBUG" \
      -DPKG_ML-SNAP=yes -DPKG_EXTRA-PAIR=yes -DPKG_MOLECULE=yes -DPKG_PLUGIN=yes "${packages[@]}" -DBUILD_MPI=yes -DBUILD_OMP=no -DBUILD_SHARED_LIBS=yes \
      -DWITH_JPEG=no -DWITH_PNG=no -DWITH_GZIP=no -DWITH_FFMPEG=no &&
    make -C "$folder/build" -j"${JOBS:-$(nproc)}"
} >"$folder/build.log" 2>&1 || fail "building LAMMPS failed; the whole output is in $folder/build.log, its end:
$(tail -n 15 "$folder/build.log")"
rm -rf "${folder:?}/$orig" "$folder/apt"
touch "$folder/complete"
echo "$lmp"
