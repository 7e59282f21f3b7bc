#!/bin/sh
# SPDX-License-Identifier: MIT
# Makes a KIM portable model from the files of a potential: FOLDER/NAME/libkim-api-portable-model.so
set -eu

usage() {
  cat <<'TEXT'
usage: mofinterop-kim-model --name NAME --output FOLDER [--species KIM=LABEL]... FILE...

Makes FOLDER/NAME/libkim-api-portable-model.so, a portable model for the KIM model driver MofInterop.
FILE...   a model card NAME.mof.yaml, then all files that it names; or a .snapcoeff and a .snapparam
--species says which of KIM's species stands for a label of the potential: --species user01=C3a. Without it, a label
          that is an element stands for itself, and the others get user01, user02, ... in the order of the file; the
          table is printed.
Needs a C compiler (cc). Use it with
  export KIM_API_PORTABLE_MODELS_DIR=FOLDER
  export KIM_API_MODEL_DRIVERS_DIR=.../artifacts/kim/model-drivers
TEXT
}

fail() { echo "mofinterop-kim-model: $*" >&2; exit 1; }

name= output= chosen=
while [ $# -gt 0 ]; do
  case $1 in
    --help|-h) usage; exit 0 ;;
    --name|--output|--species)
      [ $# -ge 2 ] || fail "$1 stands alone; try --help"
      case $1 in
        --name) name=$2 ;;
        --output) output=$2 ;;
        --species) chosen="$chosen $2" ;;
      esac
      shift 2 ;;
    --*) fail "unknown option $1; try --help" ;;
    *) break ;;
  esac
done
[ -n "$name" ] && [ -n "$output" ] && [ $# -gt 0 ] || { usage >&2; exit 1; }
case $name in *[!A-Za-z0-9_]*|[0-9]*) fail "the name $name: KIM wants letters, digits and _, beginning with a letter" ;; esac
command -v cc >/dev/null || fail "there is no C compiler (cc): install gcc"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A card's own list of species (block style, as MofInterop writes it) stands above that of a coefficient file.
labels=
for file; do
  [ -f "$file" ] || fail "$file does not exist"
  case $file in
    *.mof.yaml) [ -n "$labels" ] || labels=$(sed -n '/^species:/,/^[^ #-]/s/^.*[ {]label: *["'\'']*\([^"'\'' ,}]*\).*$/\1/p' "$file") ;;
  esac
done
for file; do
  case $file in
    # Elements, each a line "label radius weight" before its coefficients; comments begin with #.
    *.snapcoeff) [ -n "$labels" ] || labels=$(awk '{ sub(/#.*/, "") } NF == 0 { next } !total { total = $2; next } !left { print $1; left = total; next } { left-- }' "$file") ;;
  esac
done
[ -n "$labels" ] || fail "no species found in $*: give a .mof.yaml or a .snapcoeff"

elements=" H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr Nb Mo Tc
 Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn
 Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr "
species=$work/$name.kim-species
echo "# species of KIM, label of the potential" >"$species"
for pair in $chosen; do
  echo "${pair%%=*} ${pair#*=}" >>"$species"
done
next=1
for label in $labels; do
  case $chosen in *"=$label"|*"=$label "*) continue ;; esac
  case $elements in
    *[[:space:]]"$label"[[:space:]]*) echo "$label $label" >>"$species" ;;
    *)
      while grep -q "^user$(printf %02d $next) " "$species"; do next=$((next + 1)); done
      [ $next -le 20 ] || fail "more than the 20 labels that are no elements; KIM has user01 to user20"
      echo "user$(printf %02d $next) $label" >>"$species" ;;
  esac
done

# The files as they are, then the schema of kim-api's shared libraries (KIM_SharedLibrarySchema.hpp, version 2) as plain data.
{
  echo '.section .rodata'
  index=0
  for file in "$species" "$@"; do
    cp "$file" "$work/$index"
    printf '.globl file%d\n.hidden file%d\nfile%d: .incbin "%d"\n' $index $index $index $index
    index=$((index + 1))
  done
  echo '.section .note.GNU-stack,"",@progbits'
} >"$work/files.s"
{
  echo 'struct file { const char *name; unsigned int length; const unsigned char *begin; };'
  index=0
  for file in "$species" "$@"; do
    echo "extern const unsigned char file$index[] __attribute__((visibility(\"hidden\")));"
    index=$((index + 1))
  done
  echo 'static const struct file files[] = {'
  index=0
  for file in "$species" "$@"; do
    echo "  {\"$(basename "$file")\", $(wc -c <"$file"), file$index},"
    index=$((index + 1))
  done
  cat <<TEXT
};
int kim_shared_library_schema_version = 2;
struct {
  int item_type;  /* KIM::COLLECTION_ITEM_TYPE::portableModel */
  const char *item_name;
  int create_language;
  void (*create_routine)(void);
  const char *driver_name;
  const struct file *simulator_model_specification;
  int parameter_file_count;
  const struct file *parameter_files;
  int metadata_file_count;
  const struct file *metadata_files;
} kim_shared_library_schema = {1, "$name", 1, 0, "MofInterop", 0, $index, files, 0, 0};
TEXT
} >"$work/model.c"
mkdir -p "$output/$name"
(cd "$work" && cc -shared -fPIC -nostdlib model.c files.s -o model.so) || fail "compiling $name failed"
mv "$work/model.so" "$output/$name/libkim-api-portable-model.so"
sed 1d "$species"
