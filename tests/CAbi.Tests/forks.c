/* Computes with two threads, forks, and computes again in the child, which has none of its parent's threads.
 * usage: forks model.snapcoeff model.snapparam */
#include "mofpotential.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { atoms = 64 };
static double positions[3 * atoms], forces[3 * atoms], again[3 * atoms], energy;
static const double cell[9] = {8.72, 0, 0, 0, 8.72, 0, 0, 0, 8.72};
static int32_t species[atoms];
static const int32_t periodic[3] = {1, 1, 1};

static int compute(mof_potential potential, double *result)
{
  const mof_system system = {sizeof(mof_system), atoms, positions, species, cell, periodic};
  const mof_results results = {sizeof(mof_results), atoms, &energy, result, NULL, NULL, NULL, NULL};
  return mof_potential_compute_cell(potential, &system, &results);
}

int main(int argc, char **argv)
{
  if (argc != 3) return 2;
  for (int i = 0; i < atoms; i++) {
    species[i] = i % 2;
    positions[3 * i] = 2.18 * (i % 4) + 0.01 * (i % 7);
    positions[3 * i + 1] = 2.18 * (i / 4 % 4) + 0.01 * (i % 5);
    positions[3 * i + 2] = 2.18 * (i / 16);
  }
  mof_potential potential;
  if (mof_potential_load_snap(argv[1], argv[2], &potential) || mof_potential_set_threads(potential, 2)) return 3;
  for (int n = 0; n < 20; n++)
    if (compute(potential, forces)) return 4;
  const pid_t child = fork();
  if (child == 0) {
    alarm(60); /* ends a child that hangs */
    for (int n = 0; n < 20; n++)
      if (compute(potential, again)) _exit(5);
    _exit(memcmp(forces, again, sizeof forces) ? 6 : 0);
  }
  int status = -1;
  waitpid(child, &status, 0);
  printf("%d\n", status);
  return compute(potential, again) || memcmp(forces, again, sizeof forces) ? 7 : 0;
}
