/* SPDX-License-Identifier: GPL-2.0-or-later
   Part of MofInterop's LAMMPS shim; it includes LAMMPS headers, see README.md in this folder. */
// How PairMof lets the library compute, and gives ghosts what the library found for their owners (D3 dispersion and NequIP want that).
//
// Every rank computes at every step, also one without atoms: in forward communication ranks wait for each other, and the
// library asks for it equally often on all of them. A rank that fails ends the whole run (error->one), so that the others
// don't wait for it.
#include "pair_mof.h"

#include "atom.h"
#include "error.h"

#include <algorithm>
#include <utility>

using namespace LAMMPS_NS;

namespace mof {

void PairMof::compute_potential(const mof_neighbors &neighbors, const mof_results &results, const std::string &doing)
{
  if (mof_potential_compute_neighbors(potential, &neighbors, &results) == MOF_SUCCESS) return;
  if (exchange_failure) std::rethrow_exception(std::exchange(exchange_failure, nullptr));
  error->one(FLERR, "Pair style " + style + ", " + doing + ": " + mof_last_error() + atoms_at_fault());
}

// The library counts atoms as this rank has them; users know them by their IDs.
std::string PairMof::atoms_at_fault() const
{
  int32_t places[2];
  mof_last_error_atoms(&places[0], &places[1]);
  std::string text;
  for (const int32_t place : places)
    if (atom->tag_enable && place >= 0 && place < atom->nlocal + atom->nghost)
      text += (text.empty() ? " (atom ID " : ", atom ID ") + std::to_string(atom->tag[place]);
  return text.empty() ? text : text + ")";
}

// Sends a few columns at a time: LAMMPS has sized its buffers by comm_forward long before a potential was read, and
// pair_style hybrid looks at it only once. No exception of LAMMPS may pass through the library.
int32_t PairMof::forward_ghosts(void *pair, double *values, int32_t width)
{
  auto *self = static_cast<PairMof *>(pair);
  const int most = self->comm_forward;
  int32_t status = 0;
  try {
    self->exchange_values = values;
    self->exchange_width = width;
    for (int first = 0; first < width; first += most) {
      self->exchange_first = first;
      self->exchange_columns = self->comm_forward = std::min(most, width - first);
      forward_communicate(self->comm, self);
    }
  } catch (...) {
    self->exchange_failure = std::current_exception();
    status = -1;
  }
  self->comm_forward = most;
  return status;
}

int PairMof::pack_forward_comm(int n, int *list, double *buffer, int /*pbc_flag*/, int * /*pbc*/)
{
  int m = 0;
  for (int i = 0; i < n; i++) {
    const double *row = exchange_values + static_cast<size_t>(list[i]) * exchange_width + exchange_first;
    for (int k = 0; k < exchange_columns; k++) buffer[m++] = row[k];
  }
  return m;
}

void PairMof::unpack_forward_comm(int n, int first, double *buffer)
{
  int m = 0;
  for (int i = first; i < first + n; i++) {
    double *row = exchange_values + static_cast<size_t>(i) * exchange_width + exchange_first;
    for (int k = 0; k < exchange_columns; k++) row[k] = buffer[m++];
  }
}

}    // namespace mof
