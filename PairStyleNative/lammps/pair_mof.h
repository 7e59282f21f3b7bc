/* SPDX-License-Identifier: GPL-2.0-or-later
   Part of MofInterop's LAMMPS shim; it includes LAMMPS headers, see README.md in this folder. */
#ifndef MOF_PAIR_MOF_H
#define MOF_PAIR_MOF_H

#include "pair.h"

#include "mofpotential.h"

#include <string>
#include <vector>

namespace mof {

// pair_style mof [threads N]
// pair_coeff * * card.mof.yaml label ...      one species label (or NULL) per atom type
class PairMof : public LAMMPS_NS::Pair {
 public:
  explicit PairMof(LAMMPS_NS::LAMMPS *lmp);
  ~PairMof() override;

  void compute(int eflag, int vflag) override;
  void settings(int narg, char **arg) override;
  void coeff(int narg, char **arg) override;
  void init_style() override;
  double init_one(int i, int j) override;
  int pack_reverse_comm(int n, int first, double *buffer) override;
  void unpack_reverse_comm(int n, int *list, double *buffer) override;
  double memory_usage() override;

 protected:
  PairMof(LAMMPS_NS::LAMMPS *lmp, const char *style, const char *file_arguments, int file_count);

  // Reads the potential from the files after "pair_coeff * *"; there are file_count of them.
  virtual mof_status load(const std::vector<std::string> &files, mof_potential *loaded) const;

 private:
  void allocate();
  void free_potential();
  void map_types(char **labels);
  void report_potential(const std::vector<std::string> &files) const;
  void add_to_atoms();
  void require_everywhere(mof_status status, const std::string &doing) const;

  const std::string style;             // as in the input script, for messages
  const std::string file_arguments;    // likewise
  const int file_count;

  mof_potential potential = nullptr;
  int threads = 1;
  std::vector<int32_t> species_of_type;    // [ntypes + 1], -1: type not ours

  // Filled per step only when needed: forces when LAMMPS does not return those of ghosts (newton off), virials for
  // per-atom stress, which LAMMPS wants in another order.
  std::vector<double> forces;          // [nlocal + nghost][3]
  std::vector<double> atom_virials;    // [nlocal + nghost][9]
  bool return_virials = false;         // atom_virials travel with forces in reverse communication
};

// pair_style mof/snap [threads N]
// pair_coeff * * file.snapcoeff file.snapparam label ...      as pair_style snap
class PairMofSnap : public PairMof {
 public:
  explicit PairMofSnap(LAMMPS_NS::LAMMPS *lmp);

 protected:
  mof_status load(const std::vector<std::string> &files, mof_potential *loaded) const override;
};

}    // namespace mof

#endif
