/* Loads, computes and frees again and again; prints the resident memory in kB after every thousand cycles.
 * usage: cycles model.snapcoeff model.snapparam thousands */
#include "mofpotential.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static long resident(void)
{
  char line[256];
  long kilobytes = -1;
  FILE *status = fopen("/proc/self/status", "r");
  if (!status) return -1;
  while (fgets(line, sizeof line, status))
    if (strncmp(line, "VmRSS:", 6) == 0) kilobytes = strtol(line + 6, NULL, 10);
  fclose(status);
  return kilobytes;
}

int main(int argc, char **argv)
{
  enum { atoms = 64 };
  double positions[3 * atoms], forces[3 * atoms], energy, cell[9] = {8.72, 0, 0, 0, 8.72, 0, 0, 0, 8.72};
  int32_t species[atoms], periodic[3] = {1, 1, 1};
  if (argc != 4) return 2;
  for (int i = 0; i < atoms; i++) {
    species[i] = i % 2;
    positions[3 * i] = 2.18 * (i % 4) + 0.01 * (i % 7);
    positions[3 * i + 1] = 2.18 * (i / 4 % 4) + 0.01 * (i % 5);
    positions[3 * i + 2] = 2.18 * (i / 16);
  }
  for (int thousands = atoi(argv[3]); thousands > 0; thousands--) {
    for (int cycle = 0; cycle < 1000; cycle++) {
      mof_potential potential;
      const mof_system system = {sizeof(mof_system), atoms, positions, species, cell, periodic};
      const mof_results results = {sizeof(mof_results), atoms, &energy, forces, NULL, NULL, NULL, NULL};
      if (mof_potential_load_snap(argv[1], argv[2], &potential) != MOF_SUCCESS ||
          mof_potential_compute_cell(potential, &system, &results) != MOF_SUCCESS ||
          mof_potential_free(potential) != MOF_SUCCESS) {
        fprintf(stderr, "%s\n", mof_last_error());
        return 1;
      }
    }
    printf("%ld\n", resident());
  }
  return 0;
}
