/* SPDX-License-Identifier: GPL-2.0-or-later
   Part of MofInterop's LAMMPS shim; it includes LAMMPS headers, see README.md in this folder. */
// Debian 12's liblammps-dev lacks neigh_request.h. This declares the beginning of the class in LAMMPS 29Sep2021, as far
// as the two members that ask for a full list; the order was checked against the constructor in liblammps.so.0.
// It is never constructed here: request_full_list() in lammps_versions.h checks the defaults before it writes.
#ifndef LMP_NEIGH_REQUEST_H
#define LMP_NEIGH_REQUEST_H

#include "pointers.h"

namespace LAMMPS_NS {

class NeighRequest : protected Pointers {
 public:
  NeighRequest() = delete;

  int index;
  void *requestor;
  int requestor_instance;
  int id;
  int pair, fix, compute, command, neigh;
  int half, full;
};

}    // namespace LAMMPS_NS

#endif
