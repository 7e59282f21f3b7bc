"""What the ASE calculator takes beyond the library's own computation of the same atoms.

usage: ase_overhead.py DATA COEFFICIENTS PARAMETERS LABELS... prints a JSON list: microseconds of a call through ASE (energy,
forces and stress of atoms that have moved), microseconds of the library's function for the same, their ratio. Calls alternate;
each figure is a median, the ratio that of the medians.
"""
import ctypes
import json
import sys
import time

import numpy
from ase.io import read

from mofinterop import MofCalculator
from mofinterop.library import ResultsStruct, SystemStruct, library

ROUNDS = 300


class Kernel:
    """The library's function with everything it needs in place: energy, forces and virial."""

    def __init__(self, potential, atoms, types):
        self.positions = atoms.positions.copy()
        self._kept = [
            potential.species_indices(types), atoms.cell.array.copy(), numpy.ones(3, dtype=numpy.int32),
            numpy.empty(1), numpy.empty((len(atoms), 3)), numpy.empty(9)]
        species, cell, periodic, energy, forces, virial = (array.ctypes.data for array in self._kept)
        system = SystemStruct(
            ctypes.sizeof(SystemStruct), len(atoms), self.positions.ctypes.data, species, cell, periodic)
        results = ResultsStruct(ctypes.sizeof(ResultsStruct), len(atoms), energy, forces, virial)
        self._arguments = ("mof_potential_compute_cell", potential._handle, ctypes.byref(system), ctypes.byref(results))
        self._call = library().call

    def __call__(self):
        self._call(*self._arguments)


def main(data, coefficients, parameters, *labels):
    atoms = read(data, format="lammps-data", style="atomic", units="metal")
    types = numpy.array(labels)[atoms.arrays["type"] - 1]
    atoms.symbols = [label.rstrip("abcdefgh").rstrip("0123456789") for label in types]
    atoms.arrays["mof_types"] = types
    atoms.calc = calculator = MofCalculator(coefficients, parameters, threads=1)
    kernel = Kernel(calculator.potential, atoms, types)
    random = numpy.random.default_rng(1)
    through_ase, alone = [], []
    for _ in range(ROUNDS):
        atoms.positions += random.normal(0, 1e-3, atoms.positions.shape)
        kernel.positions[:] = atoms.positions
        start = time.perf_counter_ns()
        atoms.get_potential_energy()
        atoms.get_forces()
        atoms.get_stress()
        middle = time.perf_counter_ns()
        kernel()
        after = time.perf_counter_ns()
        through_ase.append(middle - start)
        alone.append(after - middle)
    calls = [1e-3 * float(numpy.median(times[ROUNDS // 10:])) for times in (through_ase, alone)]
    print(json.dumps([*calls, calls[0] / calls[1]]))


if __name__ == "__main__":
    main(*sys.argv[1:])
