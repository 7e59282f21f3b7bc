/* SPDX-License-Identifier: GPL-2.0-or-later
   Part of MofInterop's LAMMPS shim; it includes LAMMPS headers, see README.md in this folder. */
#include "mof_register.h"

#include "lammps_versions.h"
#include "pair_mof.h"

#include <map>
#include <string>

// From LAMMPS's C library: tells the version without knowing how the LAMMPS object is laid out.
extern "C" int lammps_version(void *handle);

namespace mof {

template <typename Style> static LAMMPS_NS::Pair *create(LAMMPS_NS::LAMMPS *lmp)
{
  return new Style(lmp);
}

const char *add_styles(int lammps_version, LAMMPS_NS::Force::PairCreatorMap &styles)
{
  static std::string message;
  if (lammps_version != MOF_LAMMPS_VERSION) {
    message = "the mof pair styles were built for LAMMPS " + std::to_string(MOF_LAMMPS_VERSION) + ", this is LAMMPS " +
        std::to_string(lammps_version) + ": build them again where this LAMMPS's headers are installed";
    return message.c_str();
  }
  if (mof_abi_version() != MOF_ABI_VERSION) {
    message = "the mof pair styles were built for libmofpotential version " + std::to_string(MOF_ABI_VERSION) +
        ", found version " + std::to_string(mof_abi_version()) + ": use the two files of one build";
    return message.c_str();
  }
  styles["mof"] = &create<PairMof>;
  styles["mof/snap"] = &create<PairMofSnap>;
  return nullptr;
}

}    // namespace mof

const char *mof_register(void *lammps)
{
  const int version = lammps_version(lammps);
  if (version != MOF_LAMMPS_VERSION) {
    // Its members may lie elsewhere: let add_styles refuse without touching them.
    LAMMPS_NS::Force::PairCreatorMap untouched;
    return mof::add_styles(version, untouched);
  }
  return mof::add_styles(version, *static_cast<LAMMPS_NS::LAMMPS *>(lammps)->force->pair_map);
}
