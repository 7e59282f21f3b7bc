"""Life inside ASE: optimisers, cell filters, dynamics, copies, threads, processes."""

import copy
import importlib.util
import multiprocessing
import pickle
import subprocess
import sys
import threading

import numpy
import pytest
from ase import units
from ase.io.trajectory import Trajectory
from ase.md.langevin import Langevin
from ase.md.npt import NPT
from ase.md.velocitydistribution import MaxwellBoltzmannDistribution
from ase.md.verlet import VelocityVerlet
from ase.optimize import FIRE, LBFGS

try:
    from ase.filters import FrechetCellFilter as CellFilter
except ImportError:
    # ASE before 3.23.
    from ase.constraints import ExpCellFilter as CellFilter

from conftest import PACKAGE
from mofinterop import MofCalculator, Potential


@pytest.fixture
def zif8(reference_case):
    """The primitive cell of ZIF-8 with the published potential: the one among the references that stands alone."""
    atoms, _, files = reference_case("ZIF8_published_equilibrium")
    atoms.calc = MofCalculator(*files)
    return atoms


@pytest.mark.parametrize("optimizer", [LBFGS, FIRE])
def test_optimisers_go_downhill(zif8, optimizer):
    zif8.rattle(0.03, seed=2)
    energy, force = zif8.get_potential_energy(), numpy.abs(zif8.get_forces()).max()
    optimizer(zif8, logfile=None).run(fmax=0.1, steps=40)
    assert zif8.get_potential_energy() < energy
    assert numpy.abs(zif8.get_forces()).max() < 0.5 * force


def test_an_optimiser_with_a_cell_filter_relaxes_the_cell(zif8):
    zif8.set_cell(zif8.cell.array @ [[1.02, 0.01, 0], [0, 0.98, 0.01], [0, 0, 1.01]], scale_atoms=True)
    energy, stress = zif8.get_potential_energy(), numpy.abs(zif8.get_stress()).max()
    FIRE(CellFilter(zif8), logfile=None).run(fmax=0.1, steps=60)
    assert zif8.get_potential_energy() < energy
    assert numpy.abs(zif8.get_stress()).max() < 0.5 * stress


def test_velocity_verlet_conserves_energy(zif8):
    MaxwellBoltzmannDistribution(zif8, temperature_K=300, rng=numpy.random.RandomState(5))
    totals = []
    dynamics = VelocityVerlet(zif8, 0.25 * units.fs)
    dynamics.attach(lambda: totals.append(zif8.get_total_energy()))
    dynamics.run(60)
    assert numpy.ptp(totals) < 2e-3 * zif8.get_kinetic_energy()


def test_langevin_and_constant_pressure_dynamics_run(zif8):
    MaxwellBoltzmannDistribution(zif8, temperature_K=300, rng=numpy.random.RandomState(5))
    Langevin(zif8, 0.5 * units.fs, temperature_K=300, friction=0.01 / units.fs, rng=numpy.random.RandomState(6)).run(5)
    # ASE's NPT wants the cell upper triangular: reversing the order of vectors and axes of a lower one gives that.
    zif8.set_cell(zif8.cell.array[::-1, ::-1])
    zif8.positions = zif8.positions[:, ::-1]
    zif8.set_momenta(zif8.get_momenta()[:, ::-1])
    volume, energy = zif8.get_volume(), zif8.get_total_energy()
    NPT(zif8, 0.5 * units.fs, temperature_K=300, externalstress=0, ttime=25 * units.fs, pfactor=(75 * units.fs) ** 2 * 8 * units.GPa).run(10)
    assert 0 < abs(zif8.get_volume() / volume - 1) < 0.05
    assert zif8.get_total_energy() == pytest.approx(energy, abs=2.0)


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda atoms: pickle.loads(pickle.dumps(atoms))])
def test_atoms_with_their_calculator_are_copied_and_pickled(model, crystal, duplicate):
    crystal.calc = MofCalculator(model, threads=2)
    energy = crystal.get_potential_energy()
    other = duplicate(crystal)
    assert other.calc is not crystal.calc
    other.positions[0] += 0.01
    assert other.get_potential_energy() != energy
    assert crystal.get_potential_energy() == energy
    other.positions[0] -= 0.01
    other.calc.reset()
    assert other.get_potential_energy() == pytest.approx(energy, rel=1e-13)
    assert other.calc.potential.threads == 2


def test_the_calculator_tells_which_atoms_it_computed(model, crystal):
    crystal.calc = calculator = MofCalculator(model)
    energy, positions = crystal.get_potential_energy(), crystal.positions.copy()
    crystal.positions += 0.1
    assert (calculator.atoms.positions == positions).all()
    assert calculator.get_potential_energy() == energy
    assert calculator.check_state(calculator.atoms) == []
    assert calculator.check_state(crystal) == ["positions"]
    crystal.set_array("mof_types", numpy.array(crystal.get_chemical_symbols()))
    assert calculator.check_state(crystal) == ["positions", "mof_types"]


def test_results_of_earlier_steps_stay_as_they_were(model, crystal):
    potential = Potential(model)
    species = potential.species_indices(crystal.get_chemical_symbols())
    first = potential.compute(crystal.positions, species, crystal.cell.array, True, atom_virials=True)
    kept = [first.forces.copy(), first.virial.copy(), first.atom_virials.copy()]
    potential.compute(crystal.positions + numpy.random.default_rng(1).normal(0, 0.1, (8, 3)), species, crystal.cell.array, True,
                      atom_virials=True)
    assert all((now == before).all() for now, before in zip((first.forces, first.virial, first.atom_virials), kept))


def test_a_trajectory_keeps_the_results(model, crystal, tmp_path):
    crystal.calc = MofCalculator(model)
    with Trajectory(str(tmp_path / "run.traj"), "w") as trajectory:
        crystal.get_stress()
        trajectory.write(crystal)
    with Trajectory(str(tmp_path / "run.traj")) as trajectory:
        frame = trajectory[0]
    assert frame.get_potential_energy() == crystal.get_potential_energy()
    numpy.testing.assert_array_equal(frame.get_stress(), crystal.get_stress())


def test_several_calculators_and_threads_work_at_once(model, crystal):
    atoms = crystal.repeat((2, 2, 1))
    shared = Potential(model, threads=2)
    species = shared.species_indices(atoms.get_chemical_symbols())
    expected = []
    for seed in range(4):
        moved = atoms.copy()
        moved.rattle(0.05, seed=seed)
        expected.append((moved, shared.compute(moved.positions, species, moved.cell.array, True)))
    failures = []

    def work(moved, wanted):
        own = moved.copy()
        own.calc = MofCalculator(model, threads=1)
        for _ in range(20):
            found = shared.compute(moved.positions, species, moved.cell.array, True)
            own.calc.reset()
            if found.energy != wanted.energy or abs(own.get_potential_energy() - wanted.energy) > 1e-11:
                failures.append((found.energy, own.get_potential_energy(), wanted.energy))

    threads = [threading.Thread(target=work, args=pair) for pair in expected]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_errors_belong_to_the_thread_that_made_them(model):
    potential = Potential(model)
    texts = {}

    def work(number):
        positions = numpy.zeros((number + 2, 3))
        positions[:, 0] = numpy.arange(number + 2) * 2.0
        positions[number + 1] = numpy.nan
        for _ in range(50):
            try:
                potential.compute(positions, [0] * (number + 2))
            except RuntimeError as error:
                texts.setdefault(number, set()).add(str(error))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number in range(4):
        assert len(texts[number]) == 1
        assert f"atom {number + 1} " in texts[number].pop()


def _energy_in_child(arguments):
    atoms, expected = arguments
    return atoms.get_potential_energy() - expected


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_worker_processes_compute(model, crystal, method):
    atoms = crystal.repeat((2, 2, 2))
    atoms.calc = MofCalculator(model, threads=2)
    energy = atoms.get_potential_energy()
    with multiprocessing.get_context(method).Pool(2) as pool:
        atoms.calc.reset()
        differences = pool.map_async(_energy_in_child, [(atoms, energy)] * 4).get(timeout=120)
    assert numpy.abs(differences).max() < 1e-10


def test_a_forked_process_goes_on_with_the_same_handle(model, crystal):
    script = """
import os, sys
from mofinterop import Potential
potential = Potential(sys.argv[1], threads=2)
positions = [[x * 2.0, y * 2.0, z * 2.0] for x in range(5) for y in range(5) for z in range(5)]
first = potential.compute(positions, [0] * 125).energy
if os.fork() == 0:
    os._exit(0 if abs(potential.compute(positions, [0] * 125).energy - first) < 1e-10 else 1)
sys.exit(os.waitstatus_to_exitcode(os.wait()[1]))
"""
    done = subprocess.run([sys.executable, "-c", script, model], cwd=PACKAGE, timeout=60)
    assert done.returncode == 0


def test_the_package_installs_without_a_network(tmp_path):
    for needed in ("pip", "setuptools", "wheel"):
        # Only found, not imported: setuptools objects to a distutils that somebody else has imported.
        if importlib.util.find_spec(needed) is None:
            pytest.skip(f"{needed} is not installed")
    source = tmp_path / "source"
    subprocess.run(["cp", "-R", str(PACKAGE), str(source)], check=True)
    done = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-build-isolation", "--no-deps", "--no-index",
         "--target", str(tmp_path / "site"), str(source)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    listing = {path.name for path in (tmp_path / "site" / "mofinterop").iterdir()}
    assert {"__init__.py", "calculator.py", "library.py", "potential.py"} <= listing
