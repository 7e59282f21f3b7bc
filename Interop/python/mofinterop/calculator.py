"""The ASE calculator."""

import numpy
from ase.calculators.calculator import Calculator, PropertyNotImplementedError, all_changes
from ase.data import chemical_symbols

from .errors import MofError
from .potential import Potential

TYPES_ARRAY = "mof_types"

# Row-major places of xx yy zz yz xz xy, ASE's order, and of their transposes.
_VOIGT = numpy.array([0, 4, 8, 5, 2, 1])
_VOIGT_TRANSPOSED = numpy.array([0, 4, 8, 7, 6, 3])


class MofCalculator(Calculator):
    """Energies, forces and stresses of a MofInterop potential.

    Units are ASE's: eV, angstrom; stress in eV/angstrom^3, tension positive, xx yy zz yz xz xy. ``stresses`` are the
    atoms' shares, as LAMMPS's ``compute stress/atom`` deals them out; their sum is ``stress``.

    Parameters
    ----------
    model : a model card ``<name>.mof.yaml``, or a snapcoeff file
    parameter_file : the snapparam file, if it is not ``<stem>.snapparam`` beside the snapcoeff file
    types : label of the model's species for every atom, or None: take ``atoms.arrays["mof_types"]`` if there,
        otherwise the chemical symbols
    threads : threads that one computation may use; None: the smaller of the cores and OMP_NUM_THREADS

    Instances pickle and copy (the model is loaded again from its absolute path) and may be used in several threads,
    one thread for each instance.
    """

    name = "mof"
    implemented_properties = ["energy", "free_energy", "energies", "forces", "stress", "stresses"]
    nolabel = True

    def __init__(self, model, parameter_file=None, *, types=None, threads=None):
        self.potential = Potential(model, parameter_file, threads)
        self._types = None
        self._forget_species()
        super().__init__()
        self.set(
            model=self.potential.path, parameter_file=self.potential.parameter_path,
            types=None if types is None else [str(label) for label in types], threads=threads)

    def set(self, **parameters):
        """Changes parameters (see the class) and forgets results."""
        unknown = parameters.keys() - {"model", "parameter_file", "types", "threads"}
        if unknown:
            raise TypeError(f"MofCalculator has no parameter {', '.join(sorted(unknown))}; "
                            "expected model, parameter_file, types, threads")
        if parameters.get("types") is not None:
            parameters["types"] = [str(label) for label in parameters["types"]]
        changed = super().set(**parameters)
        if changed.keys() & {"model", "parameter_file", "threads"}:
            known = (self.potential.path, self.potential.parameter_path, self.potential._asked_threads)
            asked = (self.parameters.model, self.parameters.parameter_file, self.parameters.threads)
            if asked != known:
                self.potential = Potential(*asked)
        if changed:
            self._types = None if self.parameters.types is None else numpy.array(self.parameters.types)
            self._forget_species()
            self.reset()
        return changed

    def _forget_species(self):
        # Of the last calculation: types that were told, atomic numbers, and the species that they gave.
        self._told = self._numbers = self._species = None

    def check_state(self, atoms, tol=0):
        """What changed since the last calculation: ASE's list without what no potential here depends on, and the
        types of atoms, at which ASE does not look. Compared exactly, which is also several times faster.
        """
        last = self.atoms
        if last is None:
            return [*all_changes, TYPES_ARRAY]
        pairs = {
            "positions": (atoms.positions, last.positions),
            "numbers": (atoms.numbers, last.numbers),
            "cell": (atoms.cell.array, last.cell.array),
            "pbc": (atoms.pbc, last.pbc),
            TYPES_ARRAY: (atoms.arrays.get(TYPES_ARRAY), last.arrays.get(TYPES_ARRAY)),
        }
        return [name for name, (now, before) in pairs.items() if not _same(now, before)]

    def calculate(self, atoms=None, properties=("energy",), system_changes=all_changes):
        """Computes; the atoms' shares of the virial only when asked for."""
        super().calculate(atoms, properties, system_changes)
        atoms = self.atoms
        volume = abs(numpy.linalg.det(atoms.cell.array)) if atoms.cell.rank == 3 else 0.0
        wanted = {"stress", "stresses"}.intersection(properties)
        if wanted and volume == 0:
            raise PropertyNotImplementedError(f"{' and '.join(sorted(wanted))}: the atoms have no cell, hence no volume")
        found = self.potential.compute(
            atoms.positions, self._species_of(atoms), atoms.cell.array, atoms.pbc,
            atom_energies=True, atom_virials="stresses" in properties)
        self.results = {
            "energy": found.energy,
            "free_energy": found.energy,
            "energies": found.atom_energies,
            "forces": found.forces,
        }
        if volume > 0:
            self.results["stress"] = _stress(found.virial.reshape(9), volume)
            if found.atom_virials is not None:
                self.results["stresses"] = _stress(found.atom_virials.reshape(-1, 9), volume)

    def _species_of(self, atoms):
        told, origin = self._told_types(atoms)
        if not (_same(told, self._told) and numpy.array_equal(atoms.numbers, self._numbers)):
            labels = atoms.get_chemical_symbols() if told is None else told
            if len(labels) != len(atoms):
                raise MofError(f"{len(labels)} types for {len(atoms)} atoms; expected one label for each atom")
            try:
                self._species = self.potential.species_indices(labels)
            except MofError as error:
                raise MofError(f"{error}. The labels come from {origin}; give others by MofCalculator(..., "
                               f"types=[...]) or atoms.arrays[{TYPES_ARRAY!r}].", error.status) from None
            self._check_elements(atoms)
            self._told = None if told is None else told.copy()
            self._numbers = atoms.numbers.copy()
        return self._species

    def _told_types(self, atoms):
        if self._types is not None:
            return self._types, "types="
        if TYPES_ARRAY in atoms.arrays:
            return atoms.arrays[TYPES_ARRAY], f"atoms.arrays[{TYPES_ARRAY!r}]"
        return None, "the chemical symbols"

    def _check_elements(self, atoms):
        expected = numpy.array([species.atomic_number for species in self.potential.species])[self._species]
        wrong = numpy.flatnonzero((expected != 0) & (expected != atoms.numbers))
        if len(wrong):
            atom = wrong[0]
            raise MofError(
                f"atom {atom} (counted from 0) is {chemical_symbols[atoms.numbers[atom]]} but has the type "
                f"{self.potential.labels[self._species[atom]]}; expected {chemical_symbols[expected[atom]]}. "
                "Check the order of the types.")


def _stress(virials, volume):
    return -0.5 * (virials[..., _VOIGT] + virials[..., _VOIGT_TRANSPOSED]) / volume


def _same(first, second):
    if first is None or second is None:
        return first is second
    return numpy.array_equal(first, second)
