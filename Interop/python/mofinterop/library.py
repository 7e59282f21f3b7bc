"""Finds and binds libmofpotential.so; mirrors mofpotential.h one to one."""

import ctypes
import functools
import os
import pathlib

from .errors import MofError, UNSUPPORTED

FILE_NAME = "libmofpotential.so"
ABI_VERSION = 2

# What glibc asks of a CPU for these levels (as /proc/cpuinfo names it), beyond what every x86-64 of the last decade has.
_V3_FLAGS = {"avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe"}
_V4_FLAGS = _V3_FLAGS | {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"}

_double_pointer = ctypes.POINTER(ctypes.c_double)
_int_pointer = ctypes.POINTER(ctypes.c_int32)


class ResultsStruct(ctypes.Structure):
    """mof_results."""

    _fields_ = [
        ("struct_size", ctypes.c_int32),
        ("atom_capacity", ctypes.c_int32),
        ("energy", ctypes.c_void_p),
        ("forces", ctypes.c_void_p),
        ("virial", ctypes.c_void_p),
        ("atom_energies", ctypes.c_void_p),
        ("atom_virials", ctypes.c_void_p),
        ("grades", ctypes.c_void_p),
    ]


class SystemStruct(ctypes.Structure):
    """mof_system."""

    _fields_ = [
        ("struct_size", ctypes.c_int32),
        ("atom_count", ctypes.c_int32),
        ("positions", ctypes.c_void_p),
        ("species", ctypes.c_void_p),
        ("cell", ctypes.c_void_p),
        ("periodic", ctypes.c_void_p),
    ]


_FUNCTIONS = {
    "mof_potential_load": [ctypes.c_char_p, ctypes.POINTER(ctypes.c_void_p)],
    "mof_potential_load_snap": [ctypes.c_char_p, ctypes.c_char_p, ctypes.POINTER(ctypes.c_void_p)],
    "mof_potential_free": [ctypes.c_void_p],
    "mof_potential_cutoff": [ctypes.c_void_p, _double_pointer],
    "mof_potential_pair_cutoff": [ctypes.c_void_p, ctypes.c_int32, ctypes.c_int32, _double_pointer],
    "mof_potential_species_count": [ctypes.c_void_p, _int_pointer],
    "mof_potential_species": [
        ctypes.c_void_p, ctypes.c_int32, ctypes.c_char_p, ctypes.c_size_t, _int_pointer, _double_pointer,
    ],
    "mof_potential_set_threads": [ctypes.c_void_p, ctypes.c_int32],
    "mof_potential_set_precision": [ctypes.c_void_p, ctypes.c_int32],
    "mof_potential_has_grades": [ctypes.c_void_p, _int_pointer],
    "mof_potential_compute_cell": [ctypes.c_void_p, ctypes.POINTER(SystemStruct), ctypes.POINTER(ResultsStruct)],
}


class Library:
    """A loaded libmofpotential.so. Calls release the interpreter lock, and failures raise :class:`MofError`."""

    def __init__(self, path):
        try:
            self._library = ctypes.CDLL(str(path))
        except OSError as error:
            raise MofError(f"{path}: the library cannot be loaded: {error}", UNSUPPORTED) from error
        self.path = pathlib.Path(path)
        self._library.mof_last_error.restype = ctypes.c_char_p
        self._library.mof_build_target.restype = ctypes.c_char_p
        version = self._library.mof_abi_version()
        if version != ABI_VERSION:
            raise MofError(
                f"{path}: the library has ABI version {version}; expected {ABI_VERSION}. "
                "Use the library and the Python package of one version of MofInterop.", UNSUPPORTED)
        for name, arguments in _FUNCTIONS.items():
            function = getattr(self._library, name)
            function.argtypes = arguments
            function.restype = ctypes.c_int32
        self.free = self._library.mof_potential_free

    @property
    def build_target(self):
        """Which instruction-set build this is: baseline, x86-64-v3 or x86-64-v4."""
        return self._library.mof_build_target().decode()

    def call(self, name, *arguments):
        """Calls a function of the library; a failure raises its text, which belongs to the calling thread."""
        status = getattr(self._library, name)(*arguments)
        if status != 0:
            raise MofError(self._library.mof_last_error().decode(errors="replace"), status)


@functools.lru_cache(maxsize=None)
def library():
    """The library that all potentials use, loaded on first use."""
    return Library(find_library())


def find_library():
    """The file to load: from MOFINTEROP_LIBRARY (a file or a folder), the package, or artifacts/lib of the checkout."""
    named = os.environ.get("MOFINTEROP_LIBRARY")
    if named and pathlib.Path(named).is_file():
        return pathlib.Path(named).resolve()
    package = pathlib.Path(__file__).resolve().parent
    # artifacts/python/mofinterop lies beside artifacts/lib, Interop/python/mofinterop three levels below the checkout.
    folders = [pathlib.Path(named)] if named else [
        package / "lib", package.parents[1] / "lib", package.parents[2] / "artifacts" / "lib",
    ]
    for folder in folders:
        found = _best_build(folder.resolve())
        if found is not None:
            return found
    raise MofError(
        f"{FILE_NAME} was not found; looked in {', '.join(str(folder) for folder in folders)}. "
        "Run ./build.sh Build, or set MOFINTEROP_LIBRARY to the file or its folder.")


def _best_build(folder):
    # Given an absolute path, the dynamic linker does not look into glibc-hwcaps: choose as it would.
    levels = []
    flags = _cpu_flags()
    if _V4_FLAGS <= flags:
        levels.append("glibc-hwcaps/x86-64-v4")
    if _V3_FLAGS <= flags:
        levels.append("glibc-hwcaps/x86-64-v3")
    for level in [*levels, "."]:
        path = folder / level / FILE_NAME
        if path.is_file():
            return path.resolve()
    return None


@functools.lru_cache(maxsize=None)
def _cpu_flags():
    try:
        for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("flags"):
                return frozenset(line.split(":", 1)[1].split())
    except OSError:
        pass
    return frozenset()
