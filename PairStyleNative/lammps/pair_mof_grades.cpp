/* SPDX-License-Identifier: GPL-2.0-or-later
   Part of MofInterop's LAMMPS shim; it includes LAMMPS headers, see README.md in this folder. */
// What PairMof does about extrapolation grades, and what other commands may take out of it.
#include "pair_mof.h"

#include "atom.h"
#include "compute.h"
#include "compute_mof_grade.h"
#include "error.h"
#include "modify.h"
#include "neigh_list.h"
#include "update.h"

#include <cstring>

using namespace LAMMPS_NS;

namespace mof {

bool PairMof::has_grades() const
{
  int32_t has = 0;
  return potential && mof_potential_has_grades(potential, &has) == MOF_SUCCESS && has != 0;
}

// Whether the forces of this step are to come with grades: they cost little then, and a second computation otherwise.
bool PairMof::grades_wanted() const
{
  if (!has_grades()) return false;
  if (grade_flag) return true;
  if (options.watches_grades() && update->ntimestep % options.grade_every == 0) return true;
  for (int k = 0; k < modify->ncompute; k++)
    if (strcmp(modify->compute[k]->style, ComputeMofGrade::style_name) == 0 && modify->compute[k]->matchstep(update->ntimestep))
      return true;
  return false;
}

void PairMof::watch_grades()
{
  if (options.watches_grades() && update->ntimestep % options.grade_every == 0)
    grade_watch.check(options, grades.data(), list, species_of_type, potential);
}

const std::vector<double> &PairMof::current_grades()
{
  if (grades_are_current) return grades;
  grades.assign(atom->nlocal + atom->nghost, 0.0);
  if (list) {
    const mof_neighbors neighbors = host_atoms();
    mof_results results = {};
    results.struct_size = sizeof(results);
    results.atom_capacity = neighbors.atom_count;
    results.grades = grades.data();
    compute_potential(neighbors, results, "grades at step " + std::to_string(update->ntimestep));
  }
  return grades;
}

void *PairMof::extract(const char *name, int &dimension)
{
  if (strcmp(name, "grade_flag") == 0) {
    dimension = 0;
    return &grade_flag;
  }
  dimension = 2;
  return strcmp(name, "scale") == 0 ? scale : nullptr;
}

#if MOF_HAS_EXTRACT_PERATOM
void *PairMof::extract_peratom(const char *name, int &columns)
{
  if (strcmp(name, "grade") != 0) return nullptr;
  columns = 0;
  if (!has_grades())
    error->all(FLERR, "Pair style " + style + ": the potential has no extrapolation grades for fix pair; train it again with "
                   "MofInterop, which stores them with the model");
  // fix pair asks once before anything is set up, only for the number of columns.
  const bool in_a_run = update->whichflag != 0;
  return const_cast<double *>(in_a_run ? current_grades().data() : grades.data());
}
#endif

}    // namespace mof
