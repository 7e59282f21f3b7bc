"""The ASE calculator."""

import numpy
from ase import Atoms
from ase.calculators.calculator import Calculator, PropertyNotImplementedError, all_changes
from ase.data import chemical_symbols

from .errors import UNSUPPORTED, MofError
from .potential import Potential

TYPES_ARRAY = "mof_types"
GRADES = "mof_grades"

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
    precision : "double", or "mixed": faster, forces change by less than 1e-5 eV/angstrom

    A model that was stored with extrapolation grades has the further property ``mof_grades``, one number for each atom
    (see :meth:`grades`), computed when asked for: ``calc.get_property("mof_grades", atoms)``.

    Instances pickle and copy (the model is loaded again from its absolute path) and may be used in several threads,
    one thread for each instance.
    """

    name = "mof"
    implemented_properties = ["energy", "free_energy", "energies", "forces", "stress", "stresses"]
    nolabel = True

    def __init__(self, model, parameter_file=None, *, types=None, threads=None, precision="double"):
        self._use(Potential(model, parameter_file, threads, precision))
        self._types = None
        self._forget_species()
        super().__init__()
        self.set(
            model=self.potential.path, parameter_file=self.potential.parameter_path,
            types=None if types is None else [str(label) for label in types], threads=threads, precision=precision)

    def _use(self, potential):
        self.potential = potential
        properties = type(self).implemented_properties
        self.implemented_properties = [*properties, GRADES] if potential.has_grades else list(properties)

    def set(self, **parameters):
        """Changes parameters (see the class) and forgets results."""
        unknown = parameters.keys() - {"model", "parameter_file", "types", "threads", "precision"}
        if unknown:
            raise TypeError(f"MofCalculator has no parameter {', '.join(sorted(unknown))}; "
                            "expected model, parameter_file, types, threads, precision")
        if parameters.get("types") is not None:
            parameters["types"] = [str(label) for label in parameters["types"]]
        changed = super().set(**parameters)
        if changed.keys() & {"model", "parameter_file", "threads", "precision"}:
            _, known = self.potential.__reduce__()
            asked = tuple(self.parameters[name] for name in ("model", "parameter_file", "threads", "precision"))
            if asked != known:
                self._use(Potential(*asked))
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
        types of atoms, at which ASE does not look. Compared exactly, which is also much faster.
        """
        last = self._state
        if last is None:
            return [*all_changes, TYPES_ARRAY]
        return [name for name, now in _arrays_of(atoms) if not _same(now, last[name])]

    @property
    def atoms(self):
        """The atoms of the last calculation, as far as it depended on them, or None. ASE's own copies everything in every
        step; here they are put together for who asks.
        """
        if self._atoms is None and self._state is not None:
            state = self._state
            self._atoms = Atoms(state["numbers"], state["positions"], cell=state["cell"], pbc=state["pbc"])
            if state[TYPES_ARRAY] is not None:
                self._atoms.set_array(TYPES_ARRAY, state[TYPES_ARRAY])
        return self._atoms

    @atoms.setter
    def atoms(self, atoms):
        self._atoms = atoms
        self._remember(atoms)

    def _remember(self, atoms):
        self._state = None if atoms is None else {
            name: None if array is None else array.copy() for name, array in _arrays_of(atoms)}

    def calculate(self, atoms=None, properties=("energy",), system_changes=all_changes):
        """Computes; the atoms' shares of the virial only when asked for."""
        if atoms is None:
            atoms = self.atoms
        else:
            self._atoms = None
            self._remember(atoms)
        state = self._state
        volume = _volume(state["cell"])
        wanted = {"stress", "stresses"}.intersection(properties)
        if wanted and volume == 0:
            raise PropertyNotImplementedError(f"{' and '.join(sorted(wanted))}: the atoms have no cell, hence no volume")
        found = self.potential.compute(
            state["positions"], self._species_of(atoms), state["cell"], state["pbc"],
            atom_energies=True, atom_virials="stresses" in properties, grades=GRADES in properties)
        self.results = {
            "energy": found.energy,
            "free_energy": found.energy,
            "energies": found.atom_energies,
            "forces": found.forces,
        }
        if found.grades is not None:
            self.results[GRADES] = found.grades
        if volume > 0:
            self.results["stress"] = _stress(found.virial.reshape(9), volume)
            if found.atom_virials is not None:
                self.results["stresses"] = _stress(found.atom_virials.reshape(-1, 9), volume)

    def grades(self, atoms=None):
        """Extrapolation grade of each atom: 1 is the most unusual environment of the training set, more is outside, infinity
        a species that it did not have. Raises MofError for a model that was stored without grades.
        """
        if not self.potential.has_grades:
            raise MofError(f"{self.potential.path} has no extrapolation grades; train the potential again with MofInterop, "
                           "which stores them with the model", UNSUPPORTED)
        return self.get_property(GRADES, atoms)

    def _species_of(self, atoms):
        told, origin = self._told_types(atoms)
        if not (_same(told, self._told) and _same(atoms.numbers, self._numbers)):
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


def _arrays_of(atoms):
    """What an energy depends on."""
    return (
        ("positions", atoms.positions), ("numbers", atoms.numbers), ("cell", atoms.cell.array), ("pbc", atoms.pbc),
        (TYPES_ARRAY, atoms.arrays.get(TYPES_ARRAY)))


def _volume(cell):
    # Of three vectors; zero where one is missing. NumPy's determinant takes several times as long.
    (ax, ay, az), (bx, by, bz), (cx, cy, cz) = cell.tolist()
    return abs(ax * (by * cz - bz * cy) + ay * (bz * cx - bx * cz) + az * (bx * cy - by * cx))


def _stress(virials, volume):
    # take: a fifth of the time of indexing by an array.
    return (virials.take(_VOIGT, axis=-1) + virials.take(_VOIGT_TRANSPOSED, axis=-1)) * (-0.5 / volume)


def _same(first, second):
    if first is None or second is None:
        return first is second
    if first.dtype != second.dtype or first.dtype.hasobject or first.shape != second.shape:
        return numpy.array_equal(first, second)
    # Bit by bit: a tenth of the time of numpy.array_equal, and where zeros differ by sign no harm is done.
    return first.tobytes() == second.tobytes()
