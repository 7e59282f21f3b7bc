/* SPDX-License-Identifier: GPL-2.0-or-later
   Part of MofInterop's LAMMPS shim; it includes LAMMPS headers, see README.md in this folder. */
// Debian 12's liblammps-dev installs headers that include fmt/format.h, but not that file. Only the names that those
// headers mention are declared here, in LAMMPS's own namespace, so that what they declare keeps its link name.
// Nothing here is defined, so that error->all with a literal (which needs formatting) does not compile: pass a std::string.
#ifndef MOF_DEBIAN12_FMT_FORMAT_H
#define MOF_DEBIAN12_FMT_FORMAT_H

namespace fmt {
inline namespace v7_lmp {
template <typename Char> class basic_string_view;
using string_view = basic_string_view<char>;
class format_args;
template <typename... Args, typename S> format_args make_args_checked(const S &, const Args &...);
}    // namespace v7_lmp
}    // namespace fmt

#endif
