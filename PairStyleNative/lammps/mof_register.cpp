/* SPDX-License-Identifier: GPL-2.0-or-later
   Part of MofInterop's LAMMPS shim; it includes LAMMPS headers, see README.md in this folder. */
#include "mof_register.h"

#include "compute_mof_grade.h"
#include "lammps_versions.h"
#include "library.h"
#include "pair_mof.h"

#include <map>
#include <string>

namespace mof {

template <typename Style> static LAMMPS_NS::Pair *create_pair(LAMMPS_NS::LAMMPS *lmp)
{
  return new Style(lmp);
}

template <typename Style> static LAMMPS_NS::Compute *create_compute(LAMMPS_NS::LAMMPS *lmp, int narg, char **arg)
{
  return new Style(lmp, narg, arg);
}

static const char *refusal(int lammps_version)
{
  static std::string message;
  if (lammps_version != MOF_LAMMPS_VERSION) {
    message = "the mof pair styles were built for LAMMPS " + std::to_string(MOF_LAMMPS_VERSION) + ", this is LAMMPS " +
        std::to_string(lammps_version) + ": build them again where this LAMMPS's headers are installed";
    return message.c_str();
  }
  // Without an object; how that is laid out depends on the answer.
  const int tag_bits = 8 * lammps_extract_setting(nullptr, "tagint"), built_bits = 8 * static_cast<int>(sizeof(LAMMPS_NS::tagint));
  if (tag_bits != built_bits) {
    message = "the mof pair styles were built for atom ids of " + std::to_string(built_bits) + " bits, this LAMMPS has " +
        std::to_string(tag_bits) + ": build them again with LAMMPS_SIZES=" + (tag_bits == 64 ? "BIGBIG" : "SMALLBIG");
    return message.c_str();
  }
  if (mof_abi_version() != MOF_ABI_VERSION) {
    message = "the mof pair styles were built for libmofpotential version " + std::to_string(MOF_ABI_VERSION) +
        ", found version " + std::to_string(mof_abi_version()) + ": use the two files of one build";
    return message.c_str();
  }
  return nullptr;
}

const char *add_pair_styles(int lammps_version, LAMMPS_NS::Force::PairCreatorMap &styles)
{
  if (const char *refused = refusal(lammps_version)) return refused;
  styles[PairMof::style_name] = &create_pair<PairMof>;
  styles[PairMofSnap::style_name] = &create_pair<PairMofSnap>;
  return nullptr;
}

const char *add_compute_styles(int lammps_version, LAMMPS_NS::Modify::ComputeCreatorMap &styles)
{
  if (const char *refused = refusal(lammps_version)) return refused;
  styles[ComputeMofGrade::style_name] = &create_compute<ComputeMofGrade>;
  return nullptr;
}

}    // namespace mof

const char *mof_register(void *lammps)
{
  const int version = lammps_version(lammps);
  // Of another version its members may lie elsewhere: refuse without touching them.
  if (const char *refused = mof::refusal(version)) return refused;
  auto *lmp = static_cast<LAMMPS_NS::LAMMPS *>(lammps);
  mof::add_pair_styles(version, *lmp->force->pair_map);
  mof::add_compute_styles(version, *lmp->modify->compute_map);
  return nullptr;
}
