/* mofpotential.h - the public contract of libmofpotential.so
 *
 * Units: eV, angstrom. Every function returns a status; mof_last_error() gives the text of the calling
 * thread's last failure. Nothing throws across this boundary, no call crashes on bad arguments.
 * Sizes are passed with every buffer. Tensors are full 3x3, row-major (xx xy xz yx yy yz zx zy zz),
 * so that no Voigt order crosses here. Virial W = sum r (x) F = -dE/d(strain).
 * SPDX-License-Identifier: MIT
 */
#ifndef MOFPOTENTIAL_H
#define MOFPOTENTIAL_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MOF_ABI_VERSION 2

/* Codes never change their meaning; negative ones are reserved for host callbacks. */
typedef int32_t mof_status;
#define MOF_SUCCESS 0
#define MOF_INVALID_ARGUMENT 1  /* NULL, a wrong size, a position that is not finite, an unknown species, a freed handle */
#define MOF_FILE_FORMAT 2       /* a file is missing, unreadable, changed since its card was written, or malformed */
#define MOF_UNSUPPORTED 3       /* a kind of potential or a keyword that this version lacks */
#define MOF_NUMERICAL_FAILURE 4 /* two atoms on one spot (closer than 1e-6 angstrom), or a result that is not finite */
#define MOF_INTERNAL 5          /* a defect of this library, or no memory */

/* An opaque handle. It is a number, never dereferenced: a freed or made-up one is MOF_INVALID_ARGUMENT.
 * All functions may be called from several threads at once, also with the same handle; a computation that runs
 * while another thread frees its handle is finished first. */
typedef struct mof_potential_s *mof_potential;

/* The version this library was built with; compare with MOF_ABI_VERSION before any other call. */
int32_t mof_abi_version(void);

/* The text of the calling thread's last failure, UTF-8, valid until its next failing call; "" before any. */
const char *mof_last_error(void);

/* The atom that the calling thread's last failure names and its neighbour that is to blame too, as indices in the arrays of that
 * call; -1 where it names none. Each of the two may be NULL. */
void mof_last_error_atoms(int32_t *atom, int32_t *neighbor);

/* The instruction-set build that the dynamic linker chose: "baseline", "x86-64-v3" or "x86-64-v4". */
const char *mof_build_target(void);

/* Loads a model card (<name>.mof.yaml, its weight files are found relative to it), or <name>.snapcoeff with
 * <name>.snapparam beside it. Paths are UTF-8. On failure *potential is NULL.
 *
 *   mof_potential potential;
 *   if (mof_potential_load("mof5.mof.yaml", &potential) != MOF_SUCCESS) {
 *     fprintf(stderr, "%s\n", mof_last_error());
 *     return 1;
 *   }
 */
mof_status mof_potential_load(const char *card_path, mof_potential *potential);

/* Loads a LAMMPS snapcoeff/snapparam pair. */
mof_status mof_potential_load_snap(const char *coefficient_path, const char *parameter_path, mof_potential *potential);

/* Frees a potential; freeing NULL succeeds and does nothing, freeing twice is MOF_INVALID_ARGUMENT. */
mof_status mof_potential_free(mof_potential potential);

/* Largest interaction distance, angstrom. */
mof_status mof_potential_cutoff(mof_potential potential, double *cutoff);

/* Interaction distance of two species, angstrom. */
mof_status mof_potential_pair_cutoff(mof_potential potential, int32_t first_species, int32_t second_species, double *cutoff);

mof_status mof_potential_species_count(mof_potential potential, int32_t *count);

/* Copies the label of a species (UTF-8, NUL-terminated) into label[capacity]; its Z (0: not told) and mass in amu
 * (0: not told). Each of the three may be NULL; a capacity too small for the label is MOF_INVALID_ARGUMENT. */
mof_status mof_potential_species(mof_potential potential, int32_t species, char *label, size_t capacity,
                                 int32_t *atomic_number, double *mass);

/* The index of the species with this label; unknown: MOF_INVALID_ARGUMENT, and the text lists the known ones. */
mof_status mof_potential_species_index(mof_potential potential, const char *label, int32_t *species);

/* Threads that one computation may use, 1 (as loaded) to 1024. All potentials of a process share as many helper
 * threads as there are cores; the result depends on this number by rounding only, and not on which threads are free. */
mof_status mof_potential_set_threads(mof_potential potential, int32_t threads);

/* How numbers are computed. MOF_MIXED_PRECISION: most multiplications in single precision, sums in double; faster, forces
 * change by less than 1e-5 eV/angstrom. A potential that lacks it is MOF_UNSUPPORTED. To be set while nothing is computed. */
#define MOF_DOUBLE_PRECISION 0
#define MOF_MIXED_PRECISION 1
mof_status mof_potential_set_precision(mof_potential potential, int32_t precision);

/* Whether extrapolation grades (mof_results.grades) were stored with the model: 0 or 1. */
mof_status mof_potential_has_grades(mof_potential potential, int32_t *has);

/* Where results go; a NULL pointer means: not wanted. Results are ADDED to what the buffers hold for
 * mof_potential_compute_neighbors, and SET by mof_potential_compute_cell. */
typedef struct mof_results {
  int32_t struct_size;   /* sizeof(mof_results), or MOF_INVALID_ARGUMENT */
  int32_t atom_capacity; /* number of atoms the per-atom buffers hold: at least atom_count of the call */
  double *energy;        /* [1], eV */
  double *forces;        /* [natoms][3], eV/angstrom */
  double *virial;        /* [9], eV */
  double *atom_energies; /* [natoms], eV */
  double *atom_virials;  /* [natoms][9], eV: half of each pair's r_ij (x) f_ij to each atom, as compute stress/atom */
  double *grades;        /* [natoms], extrapolation grade: 1 is the most unusual environment of the training set, more is
                            outside; without stored grades MOF_UNSUPPORTED. Costs little: may be asked for at every step */
} mof_results;

/* A host's own full neighbour list, used where it is. All pointers are read before the call returns and not kept.
 * Lists may hold atoms beyond the cutoff. Types, centers and neighbor indices out of range are MOF_INVALID_ARGUMENT. */
typedef struct mof_neighbors {
  int32_t struct_size;              /* sizeof(mof_neighbors) */
  int32_t atom_count;               /* local + ghost */
  int32_t center_count;             /* atoms whose energy is computed */
  int32_t type_count;               /* entries of species_of_type */
  const double *positions;          /* [atom_count][3], angstrom */
  const int32_t *types;             /* [atom_count] */
  const int32_t *species_of_type;   /* [type_count], -1: not ours; NULL: types are species */
  const int32_t *centers;           /* [center_count]; NULL: 0 .. center_count-1 */
  const int32_t *neighbor_counts;   /* [atom_count], read for centers */
  const int32_t *const *neighbors;  /* [atom_count], read for centers; full list */
  int32_t neighbor_mask;            /* bits that are the index; LAMMPS: 0x1FFFFFFF */
  const double *scale_of_type;      /* [type_count]: factor of the energy of atoms of this type and of the forces and virials
                                       that come from it, at most 1e100; NULL: 1 */
  /* Sets values[atom][width] of every ghost to those of the atom it is a copy of (LAMMPS: forward communication) and
   * returns 0, or a negative number of the host's, which ends the computation and is its status. Values are copied to the
   * last bit, never computed with. Called by the calling thread, as often and with the same widths in every computation with
   * one potential, also with no centers: processes may wait for each other in it. A computation that fails may end without.
   * NULL: none; potentials that need it (D3 dispersion, NequIP) are then MOF_INVALID_ARGUMENT if there are ghosts. */
  int32_t (*forward_ghosts)(void *host_context, double *values, int32_t width);
  void *host_context;
} mof_neighbors;

/* Adds to the results; after a failure these hold sums of no meaning. Ghosts receive forces and virials, which the
 * host returns to their owners.
 *
 *   double energy = 0, virial[9] = {0};
 *   mof_results results = {sizeof(mof_results), 0, &energy, NULL, virial, NULL, NULL, NULL};
 *   mof_status status = mof_potential_compute_neighbors(potential, &neighbors, &results);
 */
mof_status mof_potential_compute_neighbors(mof_potential potential, const mof_neighbors *neighbors, const mof_results *results);

/* Atoms in a cell; the library builds the neighbour list. */
typedef struct mof_system {
  int32_t struct_size;       /* sizeof(mof_system) */
  int32_t atom_count;
  const double *positions;   /* [atom_count][3], angstrom; need not be wrapped */
  const int32_t *species;    /* [atom_count] */
  const double *cell;        /* [9], rows a b c, angstrom; rows that are not periodic are not read; NULL if none is */
  const int32_t *periodic;   /* [3], 0 or 1; NULL: not periodic */
} mof_system;

/* Sets the results; after a failure these are as before.
 *
 *   double positions[6] = {0, 0, 0, 1.6, 1.6, 1.6}, cell[9] = {3.2, 0, 0, 0, 3.2, 0, 0, 0, 3.2};
 *   double energy, forces[6];
 *   int32_t species[2] = {0, 0}, periodic[3] = {1, 1, 1};
 *   mof_system system = {sizeof(mof_system), 2, positions, species, cell, periodic};
 *   mof_results results = {sizeof(mof_results), 2, &energy, forces, NULL, NULL, NULL, NULL};
 *   mof_status status = mof_potential_compute_cell(potential, &system, &results);
 */
mof_status mof_potential_compute_cell(mof_potential potential, const mof_system *system, const mof_results *results);

#ifdef __cplusplus
}
#endif
#endif
