/* SPDX-License-Identifier: GPL-2.0-or-later
   Part of MofInterop's LAMMPS shim; it includes LAMMPS headers, see README.md in this folder. */
#ifndef MOF_PAIR_MOF_H
#define MOF_PAIR_MOF_H

#include "grade_watch.h"
#include "lammps_versions.h"
#include "pair.h"
#include "pair_settings.h"

#include "mofpotential.h"

#include <exception>
#include <string>
#include <vector>

namespace mof {

// pair_style mof [keywords: pair_settings.h]
// pair_coeff * * card.mof.yaml label ...      one species label (or NULL) per atom type
class PairMof : public LAMMPS_NS::Pair {
 public:
  static constexpr const char *style_name = "mof";

  explicit PairMof(LAMMPS_NS::LAMMPS *lmp);
  ~PairMof() override;

  void compute(int eflag, int vflag) override;
  void settings(int narg, char **arg) override;
  void coeff(int narg, char **arg) override;
  void init_style() override;
  double init_one(int i, int j) override;
  int pack_reverse_comm(int n, int first, double *buffer) override;
  void unpack_reverse_comm(int n, int *list, double *buffer) override;
  int pack_forward_comm(int n, int *list, double *buffer, int pbc_flag, int *pbc) override;
  void unpack_forward_comm(int n, int first, double *buffer) override;
  double memory_usage() override;

  // For fix adapt, as pair_style snap: "scale" [ntypes + 1][ntypes + 1], whose (i, i) multiplies the energy of atoms of type i.
  // For fix pair: "grade_flag", which asks for grades at the next step.
  void *extract(const char *name, int &dimension) override;
#if MOF_HAS_EXTRACT_PERATOM
  // For fix pair: "grade".
  void *extract_peratom(const char *name, int &columns) override;
#endif

  bool has_grades() const;

  // Extrapolation grades of the present configuration, [at least nlocal]; 0 for atoms of other styles.
  // Takes them from the last step's forces where those came with grades, and computes them otherwise.
  const std::vector<double> &current_grades();

 protected:
  PairMof(LAMMPS_NS::LAMMPS *lmp, const char *style, const char *file_arguments, int file_count);

  // Reads the potential from the files after "pair_coeff * *"; there are file_count of them.
  virtual mof_status load(const std::vector<std::string> &files, mof_potential *loaded) const;

 private:
  void allocate();
  void free_potential();
  void forget_potential();
  void apply_settings();
  void map_types(char **labels);
  mof_neighbors host_atoms();
  void compute_potential(const mof_neighbors &neighbors, const mof_results &results, const std::string &doing);
  std::string atoms_at_fault() const;
  static int32_t forward_ghosts(void *pair, double *values, int32_t width);
  const double *scale_of_types();
  bool grades_wanted() const;
  void watch_grades();
  void report_potential(const std::vector<std::string> &files) const;
  void add_to_atoms();
  void require_everywhere(mof_status status, const std::string &doing) const;

  const std::string style;             // as in the input script, for messages
  const std::string file_arguments;    // likewise
  const int file_count;

  mof_potential potential = nullptr;
  PairSettings options;
  std::vector<int32_t> species_of_type;    // [ntypes + 1], -1: type not ours

  double **scale = nullptr;               // [ntypes + 1][ntypes + 1], written by fix adapt
  std::vector<double> scale_diagonal;     // [ntypes + 1], as the library wants it

  GradeWatch grade_watch;
  std::vector<double> grades;        // [nlocal + nghost]
  bool grades_are_current = false;   // they belong to the last forces
  int grade_flag = 0;                // set by fix pair

  // Filled per step only when needed: forces when LAMMPS does not return those of ghosts (newton off), virials for
  // per-atom stress, which LAMMPS wants in another order.
  std::vector<double> forces;          // [nlocal + nghost][3]
  std::vector<double> atom_virials;    // [nlocal + nghost][9]
  bool return_virials = false;         // atom_virials travel with forces in reverse communication

  // What travels in forward communication: a few columns of the library's [nlocal + nghost][exchange_width].
  double *exchange_values = nullptr;
  int exchange_width = 0, exchange_first = 0, exchange_columns = 0;
  std::exception_ptr exchange_failure;    // LAMMPS failed in it
};

// pair_style mof/snap [keywords: pair_settings.h]
// pair_coeff * * file.snapcoeff file.snapparam label ...      as pair_style snap
class PairMofSnap : public PairMof {
 public:
  static constexpr const char *style_name = "mof/snap";

  explicit PairMofSnap(LAMMPS_NS::LAMMPS *lmp);

 protected:
  mof_status load(const std::vector<std::string> &files, mof_potential *loaded) const override;
};

}    // namespace mof

#endif
