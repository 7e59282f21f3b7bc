/* SPDX-License-Identifier: GPL-2.0-or-later
   Part of MofInterop's LAMMPS shim; it includes LAMMPS headers, see README.md in this folder. */
#ifndef MOF_PAIR_SETTINGS_H
#define MOF_PAIR_SETTINGS_H

#include "lammps.h"

#include "mofpotential.h"

#include <string>

namespace mof {

// The keywords of pair_style mof and mof/snap.
struct PairSettings {
  int threads = 1;
  int precision = MOF_DOUBLE_PRECISION;
  double grade_warn = 0.0;    // warn above this extrapolation grade; 0: never
  double grade_stop = 0.0;    // end the run above this one; 0: never
  int grade_every = 1;        // look at every Nth step

  bool watches_grades() const { return grade_warn > 0.0 || grade_stop > 0.0; }

  // Reads the words after the style's name; a wrong one ends LAMMPS with a message.
  static PairSettings read(LAMMPS_NS::LAMMPS *lmp, const std::string &style, int narg, char **arg);
};

}    // namespace mof

#endif
