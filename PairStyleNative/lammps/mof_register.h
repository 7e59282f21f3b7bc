/* SPDX-License-Identifier: GPL-2.0-or-later
   Part of MofInterop's LAMMPS shim; it includes LAMMPS headers, see README.md in this folder. */
#ifndef MOF_REGISTER_H
#define MOF_REGISTER_H

#include "force.h"
#include "modify.h"

#define MOF_EXPORT __attribute__((visibility("default")))

namespace mof {

// Adds the pair styles, and the compute that goes with them, to a LAMMPS that is being created. They throw nothing and
// return NULL or why it was refused.
MOF_EXPORT const char *add_pair_styles(int lammps_version, LAMMPS_NS::Force::PairCreatorMap &styles);
MOF_EXPORT const char *add_compute_styles(int lammps_version, LAMMPS_NS::Modify::ComputeCreatorMap &styles);

}    // namespace mof

// Adds the styles to a running LAMMPS (a pointer to its LAMMPS object), again after each clear command.
// Returns NULL, or why it was refused: the text stays valid until the next call.
extern "C" MOF_EXPORT const char *mof_register(void *lammps);

#endif
