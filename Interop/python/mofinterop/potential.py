"""Potentials on NumPy arrays, without ASE."""

import ctypes
import dataclasses
import os
import threading
import weakref
from typing import Optional

import numpy

from .errors import MofError
from .library import ResultsStruct, SystemStruct, library

_LABEL_CAPACITY = 256

# As in mofpotential.h.
_PRECISIONS = {"double": 0, "mixed": 1}


@dataclasses.dataclass(frozen=True)
class Species:
    """A kind of atom that a potential knows.

    atomic_number: 0 where the model does not tell; mass: atomic mass units, 0 where the model does not tell.
    """

    label: str
    atomic_number: int
    mass: float


@dataclasses.dataclass(frozen=True)
class PotentialResults:
    """What :meth:`Potential.compute` found; None for what was not asked for.

    energy: eV. forces: (n, 3), eV/angstrom. virial: (3, 3), eV, sum of r (x) F = -dE/d(strain).
    atom_energies: (n,), eV. atom_virials: (n, 3, 3), eV, their sum is the virial. grades: (n,), extrapolation grades: 1 is
    the most unusual environment of the training set, more is outside, infinity a species that it did not have.
    """

    energy: float
    forces: Optional[numpy.ndarray]
    virial: Optional[numpy.ndarray]
    atom_energies: Optional[numpy.ndarray]
    atom_virials: Optional[numpy.ndarray]
    grades: Optional[numpy.ndarray] = None


def default_threads():
    """The smaller of the cores this process may use and OMP_NUM_THREADS."""
    cores = len(os.sched_getaffinity(0))
    try:
        wished = int(os.environ.get("OMP_NUM_THREADS", "").split(",")[0])
    except ValueError:
        return cores
    return max(1, min(cores, wished))


class Potential:
    """A potential-energy function of atoms.

    May be used from several threads at once. Pickles and copies load the same files again, by their absolute paths.

    Parameters
    ----------
    path : a model card ``<name>.mof.yaml``, or a snapcoeff file
    parameter_path : the snapparam file, if it is not ``<stem>.snapparam`` beside the snapcoeff file
    threads : threads that one computation may use; None: see :func:`default_threads`
    precision : "double", or "mixed": faster, forces change by less than 1e-5 eV/angstrom; an error where the kind of
        potential lacks it
    """

    def __init__(self, path, parameter_path=None, threads=None, precision="double"):
        if precision not in _PRECISIONS:
            raise MofError(f"the precision is {precision!r}; expected one of {', '.join(_PRECISIONS)}")
        self.path = os.path.abspath(os.fspath(path))
        self.parameter_path = None if parameter_path is None else os.path.abspath(os.fspath(parameter_path))
        self._library = library()
        handle = ctypes.c_void_p()
        if self.parameter_path is None:
            self._library.call("mof_potential_load", os.fsencode(self.path), ctypes.byref(handle))
        else:
            self._library.call(
                "mof_potential_load_snap", os.fsencode(self.path), os.fsencode(self.parameter_path),
                ctypes.byref(handle))
        self._handle = handle.value
        weakref.finalize(self, self._library.free, self._handle)
        self._calls = threading.local()
        self._asked_threads = threads
        self.threads = default_threads() if threads is None else threads
        self._library.call("mof_potential_set_threads", self._handle, self.threads)
        self.precision = precision
        self._library.call("mof_potential_set_precision", self._handle, _PRECISIONS[precision])
        self.species = self._read_species()
        self._index = {species.label: index for index, species in enumerate(self.species)}

    def __reduce__(self):
        return Potential, (self.path, self.parameter_path, self._asked_threads, self.precision)

    @property
    def has_grades(self):
        """Whether extrapolation grades were stored with the model."""
        value = ctypes.c_int32()
        self._library.call("mof_potential_has_grades", self._handle, ctypes.byref(value))
        return value.value != 0

    @property
    def cutoff(self):
        """Largest interaction distance, angstrom."""
        value = ctypes.c_double()
        self._library.call("mof_potential_cutoff", self._handle, ctypes.byref(value))
        return value.value

    @property
    def labels(self):
        """Labels of the species; their places are the species indices."""
        return [species.label for species in self.species]

    def species_indices(self, labels):
        """int32 array of the species with these labels.

        Raises MofError naming the first atom whose label the potential does not know.
        """
        try:
            return numpy.array([self._index[str(label)] for label in labels], dtype=numpy.int32)
        except KeyError:
            atom, label = next((i, x) for i, x in enumerate(labels) if str(x) not in self._index)
            raise MofError(
                f"atom {atom} (counted from 0) is {str(label)!r}, which {self.path} does not know; "
                f"expected one of {', '.join(self.labels)}") from None

    def compute(self, positions, species, cell=None, pbc=False, *, forces=True, virial=True, atom_energies=False,
                atom_virials=False, grades=False):
        """Energy and what else is asked for.

        positions: (n, 3), angstrom, need not be wrapped. species: (n,) indices. cell: (3, 3), rows a b c, angstrom.
        pbc: one or three truth values. Raises MofError, for example for positions that are not finite, for atoms on
        one spot, for species out of range, and for grades of a model that has none (see :attr:`has_grades`).
        """
        positions = numpy.asarray(positions)
        count = len(species)
        if positions.shape != (count, 3):
            raise MofError(f"positions have the shape {positions.shape}; expected ({count}, 3), as there are {count} species")
        call = self._call_for(count, (forces, virial, atom_energies, atom_virials, grades), cell is not None)
        call.positions[:] = positions
        call.species[:] = species
        call.periodic[:] = numpy.asarray(pbc, dtype=bool)
        if cell is not None:
            cell = numpy.asarray(cell)
            if cell.shape != (3, 3):
                raise MofError(f"the cell has the shape {cell.shape}; expected (3, 3), rows a b c")
            call.cell[:] = cell
        self._library.call("mof_potential_compute_cell", self._handle, *call.pointers)
        return PotentialResults(call.energy.value, *[None if array is None else array.copy() for array in call.found])

    def _call_for(self, count, wanted, has_cell):
        call = getattr(self._calls, "last", None)
        if call is None or call.key != (count, wanted, has_cell):
            call = self._calls.last = _Call(count, wanted, has_cell)
        return call

    def _read_species(self):
        count = ctypes.c_int32()
        self._library.call("mof_potential_species_count", self._handle, ctypes.byref(count))
        species = []
        label = ctypes.create_string_buffer(_LABEL_CAPACITY)
        number = ctypes.c_int32()
        mass = ctypes.c_double()
        for index in range(count.value):
            self._library.call(
                "mof_potential_species", self._handle, index, label, _LABEL_CAPACITY, ctypes.byref(number),
                ctypes.byref(mass))
            species.append(Species(label.value.decode(), number.value, mass.value))
        return species


class _Call:
    """Arguments of the library's function, kept from call to call of one thread: making structures and asking NumPy for
    addresses takes longer than copying all numbers.
    """

    def __init__(self, count, wanted, has_cell):
        self.key = (count, wanted, has_cell)
        self.positions = numpy.empty((count, 3))
        self.species = numpy.empty(count, dtype=numpy.int32)
        self.periodic = numpy.empty(3, dtype=numpy.int32)
        self.cell = numpy.empty((3, 3))
        self.energy = ctypes.c_double()
        shapes = ((count, 3), (3, 3), (count,), (count, 3, 3), (count,))
        self.found = [numpy.empty(shape) if asked else None for asked, shape in zip(wanted, shapes)]
        self._system = SystemStruct(
            ctypes.sizeof(SystemStruct), count, _address(self.positions), _address(self.species),
            _address(self.cell) if has_cell else None, _address(self.periodic))
        self._results = ResultsStruct(
            ctypes.sizeof(ResultsStruct), count, ctypes.addressof(self.energy),
            *(_address(array) for array in self.found))
        self.pointers = ctypes.byref(self._system), ctypes.byref(self._results)


def _address(array):
    return None if array is None else array.ctypes.data
