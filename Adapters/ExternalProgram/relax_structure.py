"""Relaxes positions and cell of a structure by ASE with MofCalculator."""
import os
import sys

import numpy


def run(request):
    os.environ["OMP_NUM_THREADS"] = str(request["threads"])
    if request["package"]:
        sys.path.insert(0, request["package"])
    import ase
    from ase import Atoms
    from ase.constraints import ExpCellFilter
    from ase.optimize import BFGS, LBFGS
    from mofinterop import MofCalculator

    pressure = request["pressure"]
    atoms = Atoms(request["symbols"], positions=numpy.array(request["positions"]).reshape(-1, 3), cell=numpy.array(request["cell"]).reshape(3, 3), pbc=True)
    atoms.calc = MofCalculator(request["card"], types=request["types"], threads=request["threads"])
    mask = {"fixed": None, "isotropic": [1] * 6, "anisotropic": [1, 1, 1, 0, 0, 0], "flexible": [1] * 6}[request["freedom"]]
    free = [True] * 3 + [request["freedom"] == "flexible"] * 3

    def left():
        force = numpy.abs(atoms.get_forces()).max()
        if mask is None:
            return force, 0.0
        stress = atoms.get_stress() + pressure * numpy.array([1, 1, 1, 0, 0, 0])
        if request["freedom"] == "isotropic":
            return force, abs(stress[:3].mean())
        return force, numpy.abs(stress[free]).max()

    def done():
        force, stress = left()
        return force <= request["force_tolerance"] and stress <= request["stress_tolerance"]

    def filtered():
        return atoms if mask is None else ExpCellFilter(atoms, mask=mask, scalar_pressure=pressure, hydrostatic_strain=request["freedom"] == "isotropic")

    # The filter's forces on the cell are stress times volume: small enough for both tolerances. A new filter takes the reached cell as its reference.
    steps = 0
    while steps < request["steps"] and not done():
        target = filtered()
        optimizer = (BFGS if len(atoms) < 300 else LBFGS)(target, logfile="relaxation.log")
        goal = request["force_tolerance"] if mask is None else min(request["force_tolerance"], request["stress_tolerance"] * atoms.get_volume())
        before = steps
        for _ in optimizer.irun(fmax=goal, steps=request["steps"] - steps):
            if done():
                break
        steps += optimizer.get_number_of_steps()
        if steps == before:
            break
    force, stress = left()
    return {
        "version": ase.__version__,
        "cell": [float(value) for value in atoms.cell.array.reshape(-1)],
        "positions": [float(value) for value in atoms.positions.reshape(-1)],
        "energy": float(atoms.get_potential_energy()),
        "largest_force": float(force),
        "stress": [float(value) for value in atoms.get_stress()],
        "iterations": int(steps),
        "converged": bool(done()),
    }
