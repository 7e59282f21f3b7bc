/* SPDX-License-Identifier: GPL-2.0-or-later
   Part of MofInterop's LAMMPS shim; it includes LAMMPS headers, see README.md in this folder. */
// Everything that differs between the LAMMPS versions this folder compiles against (29Sep2021 = Debian 12, 4Feb2025 =
// Debian 13, 4Jul2026 = Debian sid). MOF_LAMMPS_VERSION is the version of the headers, as in lammps_version(): 20210929.
#ifndef MOF_LAMMPS_VERSIONS_H
#define MOF_LAMMPS_VERSIONS_H

#include "comm.h"
#include "error.h"
#include "neighbor.h"
#include "pair.h"

#ifndef MOF_LAMMPS_VERSION
#error "define MOF_LAMMPS_VERSION, for example -DMOF_LAMMPS_VERSION=20210929"
#endif

// Neighbor::add_request and Comm::reverse_comm(Pair *) came in the first half of 2022.
#if MOF_LAMMPS_VERSION < 20220623
#include "neigh_request.h"
#endif

// LAMMPS ended the program itself before.
#define MOF_HAS_EXCEPTIONS (MOF_LAMMPS_VERSION >= 20220623)
#if MOF_HAS_EXCEPTIONS
#include "exceptions.h"
#endif

// Pair::extract_peratom came with fix pair in the middle of 2022.
#define MOF_HAS_EXTRACT_PERATOM (MOF_LAMMPS_VERSION >= 20221222)

// lammps_plugin_finalize came with 12Jun2025.
#define MOF_HAS_PLUGIN_FINALIZE (MOF_LAMMPS_VERSION >= 20250612)

namespace mof {

// Asks for a perpetual full neighbour list. False: this LAMMPS is not the one that the headers describe.
inline bool request_full_list(LAMMPS_NS::Neighbor *neighbor, LAMMPS_NS::Pair *pair, int instance)
{
#if MOF_LAMMPS_VERSION < 20220623
  const int index = neighbor->request(pair, instance);    // moves neighbor->requests
  LAMMPS_NS::NeighRequest *request = neighbor->requests[index];
  if (request->requestor != pair || request->pair != 1 || request->half != 1 || request->full != 0) return false;
  request->half = 0;
  request->full = 1;
#else
  (void) instance;
  neighbor->add_request(pair, LAMMPS_NS::NeighConst::REQ_FULL);
#endif
  return true;
}

// Adds what ghost atoms collected to the atoms they are copies of, through pair->pack_reverse_comm.
inline void reverse_communicate(LAMMPS_NS::Comm *comm, LAMMPS_NS::Pair *pair)
{
#if MOF_LAMMPS_VERSION < 20220623
  comm->reverse_comm_pair(pair);
#else
  comm->reverse_comm(pair);
#endif
}

// Gives ghost atoms what the atoms they are copies of have, through pair->pack_forward_comm.
inline void forward_communicate(LAMMPS_NS::Comm *comm, LAMMPS_NS::Pair *pair)
{
#if MOF_LAMMPS_VERSION < 20220623
  comm->forward_comm_pair(pair);
#else
  comm->forward_comm(pair);
#endif
}

}    // namespace mof

#endif
