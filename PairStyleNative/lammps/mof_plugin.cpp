/* SPDX-License-Identifier: GPL-2.0-or-later
   Part of MofInterop's LAMMPS shim; it includes LAMMPS headers, see README.md in this folder. */
// The entry of mofplugin.so, for a LAMMPS with the PLUGIN package: "plugin load /path/to/mofplugin.so", or the file in a
// folder of LAMMPS_PLUGIN_PATH. LAMMPS keeps the texts given here, and closes the file when its last style is unloaded; the
// file is linked so that it stays in memory then, because the .NET runtime in libmofpotential.so cannot be unloaded.
#include "error.h"
#include "lammps_versions.h"
#include "library.h"
#include "mof_register.h"

#include "lammpsplugin.h"
#include "version.h"

#include <string>

namespace {

// By style name, in the form that LAMMPS's own maps have.
LAMMPS_NS::Force::PairCreatorMap pair_styles;
LAMMPS_NS::Modify::ComputeCreatorMap compute_styles;

lammpsplugin_t entry(void *handle, const char *kind, const std::string &name, const char *info)
{
  lammpsplugin_t plugin = {};
  plugin.version = LAMMPS_VERSION;
  plugin.style = kind;
  plugin.name = name.c_str();
  plugin.info = info;
  plugin.author = "the MofInterop developers";
  plugin.handle = handle;
  return plugin;
}

}    // namespace

extern "C" MOF_EXPORT void lammpsplugin_init(void *lammps, void *handle, void *register_function)
{
  auto *lmp = static_cast<LAMMPS_NS::LAMMPS *>(lammps);
  const auto add = reinterpret_cast<lammpsplugin_regfunc>(register_function);
  const int version = lammps_version(lammps);
  const char *refused = mof::add_pair_styles(version, pair_styles);
  if (!refused) refused = mof::add_compute_styles(version, compute_styles);
  if (refused) lmp->error->all(FLERR, std::string("mofplugin.so: ") + refused);

  for (const auto &[name, creator] : pair_styles) {
    lammpsplugin_t plugin = entry(handle, "pair", name, "MofInterop potential");
    plugin.creator.v1 = reinterpret_cast<lammpsplugin_factory1 *>(creator);
    add(&plugin, lammps);
  }
  for (const auto &[name, creator] : compute_styles) {
    lammpsplugin_t plugin = entry(handle, "compute", name, "MofInterop extrapolation grade");
    plugin.creator.v2 = reinterpret_cast<lammpsplugin_factory2 *>(creator);
    add(&plugin, lammps);
  }
}
