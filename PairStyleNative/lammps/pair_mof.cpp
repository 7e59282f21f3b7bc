/* SPDX-License-Identifier: GPL-2.0-or-later
   Part of MofInterop's LAMMPS shim; it includes LAMMPS headers, see README.md in this folder. */
// The pair styles only translate: LAMMPS's neighbour list goes to the library as it is, results go where LAMMPS wants
// them. What is worth knowing:
//
// Virial. The library sums r (x) F itself, so no_virial_fdotr_compute is set and virial_fdotr_compute is not used. It
//   costs nine multiply-adds per neighbour, is the same with newton on and off and in pair_style hybrid/overlay, and
//   doesn't lose digits to the absolute positions of atoms and ghosts.
// Newton. An atom's energy pushes its neighbours, ghosts included. With newton on, LAMMPS returns ghost forces to their
//   owners. With newton off it doesn't, so forces go to a buffer of ours that is communicated here.
// Per-atom stress. Half of each pair's r (x) f goes to each of the two atoms, as in pair_style snap.
#include "pair_mof.h"

#include "atom.h"
#include "comm.h"
#include "error.h"
#include "force.h"
#include "lammps_versions.h"
#include "memory.h"
#include "neigh_list.h"
#include "neighbor.h"
#include "update.h"
#include "utils.h"

#include <algorithm>
#include <cstring>

using namespace LAMMPS_NS;

namespace mof {

PairMof::PairMof(LAMMPS *lmp) : PairMof(lmp, style_name, "card.mof.yaml", 1) {}

PairMof::PairMof(LAMMPS *lmp, const char *style, const char *file_arguments, int file_count) :
    Pair(lmp), style(style), file_arguments(file_arguments), file_count(file_count), grade_watch(lmp, style)
{
  single_enable = 0;
  restartinfo = 0;
  one_coeff = 1;
  manybody_flag = 1;
  no_virial_fdotr_compute = 1;
  // The centroid form needs dE_j/dr_i kept apart from dE_i/dr_j.
  centroidstressflag = CENTROID_NOTAVAIL;
  // Forces and per-atom virials; LAMMPS sizes its buffers by this before the first step.
  comm_reverse_off = 3 + 9;
  // Columns that go at once: D3 dispersion has up to five, message passing some hundred.
  comm_forward = 64;
}

PairMof::~PairMof()
{
  free_potential();
  if (allocated) {
    memory->destroy(setflag);
    memory->destroy(cutsq);
    memory->destroy(scale);
  }
}

void PairMof::free_potential()
{
  if (potential) mof_potential_free(potential);
  potential = nullptr;
}

void PairMof::compute(int eflag, int vflag)
{
  ev_init(eflag, vflag);

  const int nall = atom->nlocal + atom->nghost;
  const bool own_forces = force->newton_pair == 0;
  if (own_forces) forces.assign(3 * static_cast<size_t>(nall), 0.0);
  if (vflag_atom) atom_virials.assign(9 * static_cast<size_t>(nall), 0.0);

  const bool with_grades = grades_wanted();
  if (with_grades) grades.assign(nall, 0.0);

  double energy = 0.0;
  double full_virial[9] = {};
  mof_results results = {};
  results.struct_size = sizeof(results);
  results.atom_capacity = nall;
  results.energy = eflag_global ? &energy : nullptr;
  results.forces = own_forces ? forces.data() : (nall > 0 ? atom->f[0] : nullptr);
  results.virial = vflag_global ? full_virial : nullptr;
  results.atom_energies = eflag_atom ? eatom : nullptr;
  results.atom_virials = vflag_atom ? atom_virials.data() : nullptr;
  results.grades = with_grades ? grades.data() : nullptr;
  compute_potential(host_atoms(), results, "step " + std::to_string(update->ntimestep));

  if (eflag_global) eng_vdwl += energy;
  if (vflag_global) {
    static constexpr int row_major[6] = {0, 4, 8, 1, 2, 5};    // LAMMPS: xx yy zz xy xz yz
    for (int k = 0; k < 6; k++) virial[k] += full_virial[row_major[k]];
  }

  if (own_forces) {
    return_virials = vflag_atom != 0;
    comm_reverse_off = return_virials ? 3 + 9 : 3;
    reverse_communicate(comm, this);
    comm_reverse_off = 3 + 9;
  }
  add_to_atoms();

  grades_are_current = with_grades;
  watch_grades();
}

// The host's neighbor list as it is.
mof_neighbors PairMof::host_atoms()
{
  mof_neighbors neighbors = {};
  neighbors.struct_size = sizeof(neighbors);
  neighbors.atom_count = atom->nlocal + atom->nghost;
  neighbors.center_count = list->inum;
  neighbors.type_count = static_cast<int32_t>(species_of_type.size());
  neighbors.positions = neighbors.atom_count > 0 ? atom->x[0] : nullptr;
  neighbors.types = atom->type;
  neighbors.species_of_type = species_of_type.data();
  neighbors.centers = list->ilist;
  neighbors.neighbor_counts = list->numneigh;
  neighbors.neighbors = list->firstneigh;
  neighbors.neighbor_mask = NEIGHMASK;
  neighbors.scale_of_type = scale_of_types();
  neighbors.forward_ghosts = &PairMof::forward_ghosts;
  neighbors.host_context = this;
  return neighbors;
}

// NULL unless fix adapt has changed one.
const double *PairMof::scale_of_types()
{
  bool scaled = false;
  for (size_t type = 1; type < scale_diagonal.size(); type++) {
    scale_diagonal[type] = scale[type][type];
    scaled = scaled || scale_diagonal[type] != 1.0;
  }
  return scaled ? scale_diagonal.data() : nullptr;
}

// Moves what the buffers hold to LAMMPS's arrays.
void PairMof::add_to_atoms()
{
  const bool own_forces = force->newton_pair == 0;
  if (own_forces) {
    double *f = atom->nlocal > 0 ? atom->f[0] : nullptr;
    for (int k = 0; k < 3 * atom->nlocal; k++) f[k] += forces[k];
  }
  if (vflag_atom) {
    // With newton on, LAMMPS returns the share of ghosts to their owners.
    const int count = own_forces ? atom->nlocal : atom->nlocal + atom->nghost;
    for (int i = 0; i < count; i++) {
      const double *w = &atom_virials[9 * static_cast<size_t>(i)];
      vatom[i][0] += w[0];
      vatom[i][1] += w[4];
      vatom[i][2] += w[8];
      vatom[i][3] += w[1];
      vatom[i][4] += w[2];
      vatom[i][5] += w[5];
    }
  }
}

int PairMof::pack_reverse_comm(int n, int first, double *buffer)
{
  int m = 0;
  for (int i = first; i < first + n; i++) {
    for (int k = 0; k < 3; k++) buffer[m++] = forces[3 * static_cast<size_t>(i) + k];
    if (return_virials)
      for (int k = 0; k < 9; k++) buffer[m++] = atom_virials[9 * static_cast<size_t>(i) + k];
  }
  return m;
}

void PairMof::unpack_reverse_comm(int n, int *list, double *buffer)
{
  int m = 0;
  for (int i = 0; i < n; i++) {
    const size_t j = list[i];
    for (int k = 0; k < 3; k++) forces[3 * j + k] += buffer[m++];
    if (return_virials)
      for (int k = 0; k < 9; k++) atom_virials[9 * j + k] += buffer[m++];
  }
}

void PairMof::allocate()
{
  const int n = atom->ntypes + 1;
  memory->create(setflag, n, n, "pair:setflag");
  memory->create(cutsq, n, n, "pair:cutsq");
  memory->create(scale, n, n, "pair:scale");
  allocated = 1;
  forget_potential();
}

// No potential, no type with a species. A program that LAMMPS is a library of goes on after a pair_coeff that failed.
void PairMof::forget_potential()
{
  free_potential();
  const int n = atom->ntypes + 1;
  species_of_type.assign(n, -1);
  scale_diagonal.assign(n, 1.0);
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++) {
      setflag[i][j] = 0;
      scale[i][j] = 1.0;
    }
}

void PairMof::settings(int narg, char **arg)
{
  options = PairSettings::read(lmp, style, narg, arg);
  // pair_style repeated keeps the coefficients.
  if (potential) apply_settings();
}

void PairMof::apply_settings()
{
  require_everywhere(mof_potential_set_threads(potential, options.threads), "setting threads");
  require_everywhere(mof_potential_set_precision(potential, options.precision), "setting the precision");
  if (options.watches_grades() && !has_grades())
    error->all(FLERR, "Pair style " + style + ": grade_warn and grade_stop need a potential with extrapolation grades; this "
                   "one has none: train it again with MofInterop, which stores them with the model");
}

void PairMof::coeff(int narg, char **arg)
{
  if (!allocated) allocate();

  const int expected = 2 + file_count + atom->ntypes;
  if (narg != expected || strcmp(arg[0], "*") != 0 || strcmp(arg[1], "*") != 0)
    error->all(FLERR, "Incorrect args for pair coefficients: expected \"pair_coeff * * " + file_arguments +
                   "\" and then one label (or NULL) for each of the " + std::to_string(atom->ntypes) + " atom types, " +
                   std::to_string(expected) + " arguments in all; got " + std::to_string(narg));

  std::vector<std::string> files;
  for (int k = 0; k < file_count; k++) {
    // As pair_style snap does: the path itself, else the file in a folder of LAMMPS_POTENTIALS.
    const std::string found = utils::get_potential_file_path(arg[2 + k]);
    files.push_back(found.empty() ? std::string(arg[2 + k]) : found);
  }

  forget_potential();
  require_everywhere(load(files, &potential), "reading the potential");
  apply_settings();
  map_types(arg + 2 + file_count);
  if (comm->me == 0) report_potential(files);
}

mof_status PairMof::load(const std::vector<std::string> &files, mof_potential *loaded) const
{
  return mof_potential_load(files[0].c_str(), loaded);
}

// labels: one per atom type, a species of the potential or NULL (left to another style of pair_style hybrid).
void PairMof::map_types(char **labels)
{
  for (int type = 1; type <= atom->ntypes; type++) {
    const char *label = labels[type - 1];
    if (strcmp(label, "NULL") != 0)
      require_everywhere(mof_potential_species_index(potential, label, &species_of_type[type]),
                         "mapping atom type " + std::to_string(type));
  }

  bool any = false;
  for (int i = 1; i <= atom->ntypes; i++)
    for (int j = i; j <= atom->ntypes; j++) {
      setflag[i][j] = species_of_type[i] >= 0 && species_of_type[j] >= 0;
      any = any || setflag[i][j];
    }
  if (!any) error->all(FLERR, std::string("Incorrect args for pair coefficients: every atom type is NULL"));
}

void PairMof::report_potential(const std::vector<std::string> &files) const
{
  double cutoff = 0.0;
  mof_potential_cutoff(potential, &cutoff);
  std::string text = "Pair style " + style + ": " + files[0] + ", cutoff " + std::to_string(cutoff) + " A, " +
      std::to_string(options.threads) + (options.threads == 1 ? " thread" : " threads") + " per MPI rank, " +
      (options.precision == MOF_MIXED_PRECISION ? "mixed precision, " : "") + mof_build_target() + " instructions\n";
  utils::logmesg(lmp, text);
}

// Every rank reads the same files; where only some fail (one node cannot see the file), those must end the run.
void PairMof::require_everywhere(mof_status status, const std::string &doing) const
{
  int failed = status != MOF_SUCCESS, failed_ranks = 0;
  MPI_Allreduce(&failed, &failed_ranks, 1, MPI_INT, MPI_SUM, world);
  const std::string text = "Pair style " + style + ", " + doing + ": " + (failed ? mof_last_error() : "");
  if (failed_ranks == comm->nprocs) error->all(FLERR, text);
  if (failed) error->one(FLERR, text);
  if (failed_ranks > 0) MPI_Barrier(world);    // until a failing rank ends the run
}

void PairMof::init_style()
{
  if (strcmp(update->unit_style, "metal") != 0)
    error->all(FLERR, "Pair style " + style + " computes in eV and Angstrom: it needs \"units metal\", found \"units " +
                   update->unit_style + "\"");
  if (atom->molecular && atom->nbonds > 0)
    for (int k = 1; k <= 3; k++)
      if (force->special_lj[k] == 0.0 && force->special_coul[k] == 0.0)
        error->all(FLERR, "Pair style " + style + " needs all neighbors, but special_bonds takes bonded ones out of the "
                       "list: use \"special_bonds lj/coul 1 1 1\", or 1.0e-50 in place of 0 where another style needs 0");
  if (!request_full_list(neighbor, this, instance_me))
    error->all(FLERR, "Pair style " + style + " was built for another version of LAMMPS: build it again");
  grades_are_current = false;
  grade_watch.begin_run();
}

double PairMof::init_one(int i, int j)
{
  if (setflag[i][j] == 0) error->all(FLERR, std::string("All pair coeffs are not set"));
  double cutoff = 0.0;
  require_everywhere(mof_potential_pair_cutoff(potential, species_of_type[i], species_of_type[j], &cutoff),
                     "asking for the cutoff of types " + std::to_string(i) + " and " + std::to_string(j));
  scale[j][i] = scale[i][j];
  return cutoff;
}

double PairMof::memory_usage()
{
  return Pair::memory_usage() + static_cast<double>((forces.capacity() + atom_virials.capacity() + grades.capacity()) * sizeof(double));
}

PairMofSnap::PairMofSnap(LAMMPS *lmp) : PairMof(lmp, style_name, "file.snapcoeff file.snapparam", 2) {}

mof_status PairMofSnap::load(const std::vector<std::string> &files, mof_potential *loaded) const
{
  return mof_potential_load_snap(files[0].c_str(), files[1].c_str(), loaded);
}

}    // namespace mof
