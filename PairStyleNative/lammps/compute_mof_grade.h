/* SPDX-License-Identifier: GPL-2.0-or-later
   Part of MofInterop's LAMMPS shim; it includes LAMMPS headers, see README.md in this folder. */
#ifndef MOF_COMPUTE_MOF_GRADE_H
#define MOF_COMPUTE_MOF_GRADE_H

#include "compute.h"

#include <vector>

namespace mof {

class PairMof;

// compute ID group mof/grade      per-atom vector: extrapolation grade, 1 is the edge of the training set
// Of the pair style mof or mof/snap in use; of several (pair_style hybrid) the largest. 0 for atoms that are not theirs.
class ComputeMofGrade : public LAMMPS_NS::Compute {
 public:
  static constexpr const char *style_name = "mof/grade";

  ComputeMofGrade(LAMMPS_NS::LAMMPS *lmp, int narg, char **arg);

  void init() override;
  void compute_peratom() override;
  double memory_usage() override;

 private:
  std::vector<PairMof *> pair_styles() const;

  std::vector<double> grades;    // [nmax]
};

}    // namespace mof

#endif
