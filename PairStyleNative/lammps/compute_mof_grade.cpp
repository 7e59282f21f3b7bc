/* SPDX-License-Identifier: GPL-2.0-or-later
   Part of MofInterop's LAMMPS shim; it includes LAMMPS headers, see README.md in this folder. */
#include "compute_mof_grade.h"

#include "atom.h"
#include "error.h"
#include "force.h"
#include "lammps_versions.h"
#include "pair_mof.h"
#include "update.h"

#include <algorithm>

using namespace LAMMPS_NS;

namespace mof {

ComputeMofGrade::ComputeMofGrade(LAMMPS *lmp, int narg, char **arg) : Compute(lmp, narg, arg)
{
  if (narg != 3) error->all(FLERR, std::string("Illegal compute mof/grade command: expected compute ID group mof/grade"));
  peratom_flag = 1;
  size_peratom_cols = 0;
  timeflag = 1;    // LAMMPS then keeps the steps at which it will be asked: the pair style grades with the forces
}

// Looked up each time: pair_style may have replaced them.
std::vector<PairMof *> ComputeMofGrade::pair_styles() const
{
  std::vector<PairMof *> found;
  for (const char *name : {PairMof::style_name, PairMofSnap::style_name})
    for (int nth = 0;; nth++) {
      // 0: the only one, or none; n: the nth of several. A LAMMPS that has one may give it for any n.
      auto *pair = dynamic_cast<PairMof *>(force->pair_match(name, 1, nth));
      if (pair && std::find(found.begin(), found.end(), pair) == found.end())
        found.push_back(pair);
      else if (nth > 0)
        break;
    }
  return found;
}

void ComputeMofGrade::init()
{
  const auto styles = pair_styles();
  if (std::none_of(styles.begin(), styles.end(), [](const PairMof *pair) { return pair->has_grades(); }))
    error->all(FLERR, std::string(styles.empty() ? "Compute mof/grade needs pair_style mof or mof/snap"
                                                 : "Compute mof/grade: the potential has no extrapolation grades; "
                                                   "train it again with MofInterop, which stores them with the model"));
}

void ComputeMofGrade::compute_peratom()
{
  invoked_peratom = update->ntimestep;
  grades.assign(std::max(atom->nmax, 1), 0.0);
  vector_atom = grades.data();
  for (PairMof *pair : pair_styles()) {
    if (!pair->has_grades()) continue;
    const std::vector<double> &theirs = pair->current_grades();
    for (int i = 0; i < atom->nlocal; i++)
      if (atom->mask[i] & groupbit) grades[i] = std::max(grades[i], theirs[i]);
  }
}

double ComputeMofGrade::memory_usage()
{
  return static_cast<double>(grades.capacity() * sizeof(double));
}

}    // namespace mof
