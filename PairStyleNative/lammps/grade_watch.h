/* SPDX-License-Identifier: GPL-2.0-or-later
   Part of MofInterop's LAMMPS shim; it includes LAMMPS headers, see README.md in this folder. */
#ifndef MOF_GRADE_WATCH_H
#define MOF_GRADE_WATCH_H

#include "pair_settings.h"
#include "pointers.h"

#include "mofpotential.h"

#include <string>
#include <vector>

namespace LAMMPS_NS {
class NeighList;
}

namespace mof {

// Warns of, or ends the run at, an atom whose environment lies too far outside the training set. All ranks call it at the
// same steps and agree on what is done.
class GradeWatch : protected LAMMPS_NS::Pointers {
 public:
  GradeWatch(LAMMPS_NS::LAMMPS *lmp, const std::string &style) : Pointers(lmp), style(style) {}

  // The first atom beyond the threshold is reported once in a run, then only one that is twice as far out.
  void begin_run() { reported = 0.0; }

  // grades: of the list's centers, by atom index.
  void check(const PairSettings &settings, const double *grades, const LAMMPS_NS::NeighList *list,
             const std::vector<int32_t> &species_of_type, mof_potential potential);

 private:
  std::string describe(int atom, double grade, const LAMMPS_NS::NeighList *list,
                       const std::vector<int32_t> &species_of_type, mof_potential potential) const;
  void broadcast(std::string &text, int from) const;

  const std::string style;
  double reported = 0.0;    // the largest grade told of in this run
};

}    // namespace mof

#endif
