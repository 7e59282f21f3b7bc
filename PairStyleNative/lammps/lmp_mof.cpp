/* SPDX-License-Identifier: GPL-2.0-or-later
   Part of MofInterop's LAMMPS shim; it includes LAMMPS headers, see README.md in this folder. */
// lmp-mof: LAMMPS with the mof pair styles, same arguments as lmp. It is linked with the installed liblammps, which is
// not changed: the two create_factories below take the place of LAMMPS's own of that name, call them, and add our styles.
// They run each time LAMMPS creates its styles, so ours are there after the clear command too.
#include "force.h"
#include "input.h"
#include "lammps.h"
#include "lammps_versions.h"
#include "library.h"
#include "modify.h"
#include "mof_register.h"

#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <exception>
#include <mpi.h>

[[noreturn]] static void abort_run(const char *message)
{
  fprintf(stderr, "lmp-mof: %s\n", message);
  MPI_Abort(MPI_COMM_WORLD, 1);
  exit(1);
}

// LAMMPS's own function behind one of ours.
template <typename Class> static void create_original(Class *object, const char *symbol)
{
  const auto original = reinterpret_cast<void (*)(Class *)>(dlsym(RTLD_NEXT, symbol));
  if (!original) abort_run("this liblammps creates its styles in another way: build lmp-mof again for it");
  original(object);
}

void LAMMPS_NS::Force::create_factories()
{
  create_original(this, "_ZN9LAMMPS_NS5Force16create_factoriesEv");
  if (const char *refused = mof::add_pair_styles(lmp->num_ver, *pair_map)) abort_run(refused);
}

void LAMMPS_NS::Modify::create_factories()
{
  create_original(this, "_ZN9LAMMPS_NS6Modify16create_factoriesEv");
  if (const char *refused = mof::add_compute_styles(lmp->num_ver, *compute_map)) abort_run(refused);
}

// As LAMMPS's own main does at any end.
static void finalize()
{
  lammps_kokkos_finalize();
  lammps_python_finalize();
#if MOF_HAS_PLUGIN_FINALIZE
  lammps_plugin_finalize();
#endif
}

static void run(int argc, char **argv)
{
  auto *lammps = new LAMMPS_NS::LAMMPS(argc, argv, MPI_COMM_WORLD);
  lammps->input->file();
  delete lammps;
}

int main(int argc, char **argv)
{
  int code = 0;
  MPI_Init(&argc, &argv);
  try {
    run(argc, argv);
#if MOF_HAS_EXCEPTIONS
  } catch (const LAMMPS_NS::LAMMPSAbortException &) {
    finalize();
    MPI_Abort(MPI_COMM_WORLD, 1);
  } catch (const LAMMPS_NS::LAMMPSException &) {
    code = 1;    // told by LAMMPS
#endif
  } catch (const std::exception &failure) {
    abort_run(failure.what());
  }
  finalize();
  MPI_Barrier(MPI_COMM_WORLD);
  MPI_Finalize();
  return code;
}
