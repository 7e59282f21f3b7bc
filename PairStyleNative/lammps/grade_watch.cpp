/* SPDX-License-Identifier: GPL-2.0-or-later
   Part of MofInterop's LAMMPS shim; it includes LAMMPS headers, see README.md in this folder. */
#include "grade_watch.h"

#include "atom.h"
#include "comm.h"
#include "error.h"
#include "lammps_versions.h"
#include "neigh_list.h"
#include "update.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

using namespace LAMMPS_NS;

namespace mof {

namespace {

std::string number(const char *format, double value)
{
  char text[64];
  snprintf(text, sizeof(text), format, value);
  return text;
}

std::string label_of(mof_potential potential, int32_t species)
{
  char label[256] = "?";
  mof_potential_species(potential, species, label, sizeof(label), nullptr, nullptr);
  return label;
}

}    // namespace

void GradeWatch::check(const PairSettings &settings, const double *grades, const NeighList *list,
                       const std::vector<int32_t> &species_of_type, mof_potential potential)
{
  int atom_index = -1;
  struct {
    double grade;
    int rank;
  } mine = {-1.0, comm->me}, worst;
  for (int ii = 0; ii < list->inum; ii++) {
    const int i = list->ilist[ii];
    if (grades[i] > mine.grade) {
      mine.grade = grades[i];
      atom_index = i;
    }
  }
  MPI_Allreduce(&mine, &worst, 1, MPI_DOUBLE_INT, MPI_MAXLOC, world);

  const bool stops = settings.grade_stop > 0.0 && worst.grade > settings.grade_stop;
  const bool warns = settings.grade_warn > 0.0 && worst.grade > std::max(settings.grade_warn, 2.0 * reported);
  if (!stops && !warns) return;

  std::string text;
  if (worst.rank == comm->me) text = describe(atom_index, worst.grade, list, species_of_type, potential);
  broadcast(text, worst.rank);
  reported = worst.grade;
  const double threshold = stops ? settings.grade_stop : settings.grade_warn;
  text = "Pair style " + style + ", step " + std::to_string(update->ntimestep) + ": extrapolation grade " +
      number("%.4g", worst.grade) + " is above " + (stops ? "grade_stop " : "grade_warn ") + number("%g", threshold) +
      " (1 is the edge of the training set): " + text;
  if (stops) error->all(FLERR, text);
  if (comm->me == 0) error->warning(FLERR, text);
}

// The atom and its neighbors inside the cutoff, nearest first.
std::string GradeWatch::describe(int i, double grade, const NeighList *list, const std::vector<int32_t> &species_of_type,
                                 mof_potential potential) const
{
  const auto id = [this](int j) { return atom->tag_enable ? " " + std::to_string(atom->tag[j]) : std::string(); };
  const int32_t species = species_of_type[atom->type[i]];
  std::vector<std::pair<double, int>> near;
  for (int jj = 0; jj < list->numneigh[i]; jj++) {
    const int j = list->firstneigh[i][jj] & NEIGHMASK;
    const int32_t other = species_of_type[atom->type[j]];
    double cutoff = 0.0;
    if (other < 0 || mof_potential_pair_cutoff(potential, species, other, &cutoff) != MOF_SUCCESS) continue;
    const double *a = atom->x[i], *b = atom->x[j];
    const double distance = std::sqrt((a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]) + (a[2] - b[2]) * (a[2] - b[2]));
    if (distance < cutoff) near.emplace_back(distance, j);
  }
  std::sort(near.begin(), near.end());

  std::string text = "atom" + id(i) + " (" + label_of(potential, species) + ") at " + number("%.4f ", atom->x[i][0]) +
      number("%.4f ", atom->x[i][1]) + number("%.4f", atom->x[i][2]);
  if (std::isinf(grade)) text += ", whose species was not in the training set";
  if (near.empty()) return text + ", without neighbors inside the cutoff";
  text += ", neighbors inside the cutoff:";
  for (const auto &[distance, j] : near)
    text += " " + label_of(potential, species_of_type[atom->type[j]]) + id(j) + number(" %.3f A,", distance);
  text.pop_back();
  return text;
}

void GradeWatch::broadcast(std::string &text, int from) const
{
  int length = static_cast<int>(text.size());
  MPI_Bcast(&length, 1, MPI_INT, from, world);
  text.resize(length);
  MPI_Bcast(&text[0], length, MPI_CHAR, from, world);
}

}    // namespace mof
