/* SPDX-License-Identifier: GPL-2.0-or-later
   Part of MofInterop's LAMMPS shim; it includes LAMMPS headers, see README.md in this folder. */
#include "pair_settings.h"

#include "error.h"
#include "lammps_versions.h"
#include "utils.h"

using namespace LAMMPS_NS;

namespace mof {

namespace {

constexpr const char *keywords =
    "[threads N] [precision double|mixed] [grade_warn G] [grade_stop G] [grade_every N]";

[[noreturn]] void refuse(LAMMPS *lmp, const std::string &what, const std::string &expected)
{
  lmp->error->all(FLERR, "Illegal pair_style command: " + what + "; expected " + expected);
  std::abort();    // LAMMPS has ended; older headers do not say that all() never returns
}

int positive_integer(LAMMPS *lmp, const std::string &keyword, const char *text)
{
  const int value = utils::inumeric(FLERR, text, false, lmp);
  if (value < 1) refuse(lmp, keyword + " " + text, "1 or more");
  return value;
}

double positive_number(LAMMPS *lmp, const std::string &keyword, const char *text)
{
  const double value = utils::numeric(FLERR, text, false, lmp);
  if (!(value > 0.0)) refuse(lmp, keyword + " " + text, "a number above 0 (1 is the edge of the training set)");
  return value;
}

int precision_named(LAMMPS *lmp, const std::string &text)
{
  if (text == "double") return MOF_DOUBLE_PRECISION;
  if (text == "mixed") return MOF_MIXED_PRECISION;
  refuse(lmp, "precision " + text, "double or mixed");
}

}    // namespace

PairSettings PairSettings::read(LAMMPS *lmp, const std::string &style, int narg, char **arg)
{
  PairSettings settings;
  for (int i = 0; i < narg; i += 2) {
    const std::string keyword = arg[i];
    if (i + 1 == narg) refuse(lmp, "\"" + keyword + "\" stands alone", "pair_style " + style + " " + keywords);
    const char *value = arg[i + 1];
    if (keyword == "threads")
      settings.threads = positive_integer(lmp, keyword, value);
    else if (keyword == "precision")
      settings.precision = precision_named(lmp, value);
    else if (keyword == "grade_warn")
      settings.grade_warn = positive_number(lmp, keyword, value);
    else if (keyword == "grade_stop")
      settings.grade_stop = positive_number(lmp, keyword, value);
    else if (keyword == "grade_every")
      settings.grade_every = positive_integer(lmp, keyword, value);
    else
      refuse(lmp, "\"" + keyword + "\"", "pair_style " + style + " " + keywords);
  }
  return settings;
}

}    // namespace mof
