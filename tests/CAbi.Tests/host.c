/* A host written against mofpotential.h alone: loads a SNAP model, computes a dimer in both ways, frees, misuses.
 * usage: host model.snapcoeff model.snapparam */
#include "mofpotential.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static int failures = 0;

static void expect(int condition, const char *what)
{
  if (condition) return;
  failures++;
  fprintf(stderr, "failed: %s (last error: %s)\n", what, mof_last_error());
}

int main(int argc, char **argv)
{
  if (argc != 3 || mof_abi_version() != MOF_ABI_VERSION) return 2;
  expect(strcmp(mof_last_error(), "") == 0, "no error before the first failure");

  mof_potential potential = NULL;
  expect(mof_potential_load_snap(argv[1], argv[2], &potential) == MOF_SUCCESS, "load");

  double cutoff = 0, mass = -1;
  int32_t count = 0, number = -1, species = -1;
  char label[16];
  expect(mof_potential_cutoff(potential, &cutoff) == MOF_SUCCESS && cutoff > 4.3, "cutoff");
  expect(mof_potential_pair_cutoff(potential, 0, 1, &cutoff) == MOF_SUCCESS && cutoff < 4.3, "pair cutoff");
  expect(mof_potential_species_count(potential, &count) == MOF_SUCCESS && count == 2, "count");
  expect(mof_potential_species(potential, 1, label, sizeof label, &number, &mass) == MOF_SUCCESS, "species");
  expect(mof_potential_species_index(potential, label, &species) == MOF_SUCCESS && species == 1, "index");
  expect(mof_potential_set_threads(potential, 2) == MOF_SUCCESS, "threads");

  const double positions[6] = {0, 0, 0, 0.3, 0.4, 2.0};
  const int32_t types[2] = {0, 1};
  double energy = -1, forces[6], virial[9], atom_energies[2], atom_virials[18];
  const mof_system system = {sizeof(mof_system), 2, positions, types, NULL, NULL};
  const mof_results results = {sizeof(mof_results), 2, &energy, forces, virial, atom_energies, atom_virials, NULL};
  expect(mof_potential_compute_cell(potential, &system, &results) == MOF_SUCCESS, "compute_cell");
  expect(fabs(energy - atom_energies[0] - atom_energies[1]) < 1e-12, "energy is the sum of atoms");
  for (int k = 0; k < 3; k++) expect(fabs(forces[k] + forces[3 + k]) < 1e-12 && forces[k] != 0, "forces are opposite");
  for (int k = 0; k < 9; k++) expect(fabs(virial[k] - atom_virials[k] - atom_virials[9 + k]) < 1e-12, "virial is the sum");
  /* W = sum r (x) F; with the first atom in the origin only the second counts. */
  for (int k = 0; k < 9; k++) expect(fabs(virial[k] - positions[3 + k / 3] * forces[3 + k % 3]) < 1e-12, "virial is r (x) F");

  const int32_t first = 1, second = 0, counts[2] = {1, 1};
  const int32_t *lists[2] = {&first, &second};
  const mof_neighbors neighbors = {sizeof(mof_neighbors), 2, 2, 0, positions, types, NULL, NULL, counts, lists, 0x1FFFFFFF, NULL, NULL, NULL};
  const double before = energy;
  expect(mof_potential_compute_neighbors(potential, &neighbors, &results) == MOF_SUCCESS, "compute_neighbors");
  expect(fabs(energy - 2 * before) < 1e-12, "results are added");

  expect(mof_potential_compute_cell(potential, NULL, &results) == MOF_INVALID_ARGUMENT, "NULL system");
  expect(mof_potential_free(potential) == MOF_SUCCESS, "free");
  expect(mof_potential_free(potential) == MOF_INVALID_ARGUMENT, "free twice");
  expect(mof_potential_free(NULL) == MOF_SUCCESS, "free NULL");
  expect(strlen(mof_last_error()) > 0, "text of the last failure");
  printf("%s\n", mof_build_target());
  return failures != 0;
}
