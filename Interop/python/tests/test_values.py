"""The numbers: against LAMMPS, and against their own finite differences."""

import numpy
import pytest
from ase import Atoms

from mofinterop import MofCalculator, Potential

CASES = ["ZIF8_published_rattled", "ZIF8_published_equilibrium", "Ta06A_linear_2J6", "WBe_linear_2J8", "W_rmin0_noswitch"]


@pytest.mark.parametrize("name", CASES)
def test_energy_and_forces_agree_with_lammps(reference_case, name):
    atoms, case, files = reference_case(name)
    atoms.calc = MofCalculator(*files)
    assert atoms.get_potential_energy() == pytest.approx(case["energy"], rel=1e-9)
    numpy.testing.assert_allclose(atoms.get_forces(), case["forces"], rtol=1e-9, atol=1e-10)
    numpy.testing.assert_allclose(atoms.get_potential_energies(), case["atomic_energies"], rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("name", ["ZIF8_published_rattled", "Ta06A_linear_2J6"])
def test_stress_has_the_sign_and_order_of_ase(reference_case, name):
    atoms, case, files = reference_case(name)
    atoms.calc = MofCalculator(*files)
    xx, yy, zz, xy, xz, yz = case["virial_eV_xx_yy_zz_xy_xz_yz"]
    expected = -numpy.array([xx, yy, zz, yz, xz, xy]) / atoms.get_volume()
    # The pressures behind the reference were printed with a conversion constant of eight digits.
    numpy.testing.assert_allclose(atoms.get_stress(), expected, rtol=2e-7, atol=1e-9)


def test_forces_are_the_slope_of_the_energy(model, crystal):
    crystal.calc = MofCalculator(model)
    forces = crystal.get_forces()
    numpy.testing.assert_allclose(forces, numerical_forces(crystal), atol=1e-7)
    assert numpy.abs(forces).max() > 1e-3


def numerical_forces(atoms, step=1e-4):
    forces = numpy.zeros((len(atoms), 3))
    for index in numpy.ndindex(*forces.shape):
        energies = []
        for sign in (1, -1):
            moved = atoms.copy()
            moved.calc = atoms.calc
            moved.positions[index] += sign * step
            energies.append(moved.get_potential_energy())
        forces[index] = -(energies[0] - energies[1]) / (2 * step)
    return forces


def test_stress_is_the_slope_of_the_energy_under_strain(model, crystal):
    crystal.calc = MofCalculator(model)
    step = 1e-5
    expected = []
    for row, column in ((0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)):
        energies = []
        for sign in (1, -1):
            strain = numpy.eye(3)
            strain[row, column] += 0.5 * sign * step
            strain[column, row] += 0.5 * sign * step
            strained = crystal.copy()
            strained.calc = crystal.calc
            strained.set_cell(crystal.cell.array @ strain, scale_atoms=True)
            energies.append(strained.get_potential_energy())
        expected.append((energies[0] - energies[1]) / (2 * step) / crystal.get_volume())
    numpy.testing.assert_allclose(crystal.get_stress(), expected, atol=1e-7)


def test_shares_of_atoms_add_up(model, crystal):
    crystal.calc = MofCalculator(model)
    assert crystal.get_potential_energies().sum() == pytest.approx(crystal.get_potential_energy(), rel=1e-12)
    numpy.testing.assert_allclose(crystal.get_stresses().sum(axis=0), crystal.get_stress(), rtol=1e-10, atol=1e-12)
    assert crystal.get_potential_energy(force_consistent=True) == crystal.get_potential_energy()


def test_a_supercell_has_the_energy_and_forces_of_its_cells(model, crystal):
    crystal.calc = MofCalculator(model)
    large = crystal.repeat((2, 2, 2))
    large.calc = MofCalculator(model)
    assert large.get_potential_energy() == pytest.approx(8 * crystal.get_potential_energy(), rel=1e-12)
    numpy.testing.assert_allclose(large.get_forces(), numpy.tile(crystal.get_forces(), (8, 1)), atol=1e-12)
    numpy.testing.assert_allclose(large.get_stress(), crystal.get_stress(), atol=1e-13)


def test_the_origin_the_order_of_atoms_and_wrapping_do_not_matter(model, crystal):
    crystal.calc = MofCalculator(model)
    other = crystal.copy()
    other.calc = MofCalculator(model)
    other.positions += crystal.cell.array[0] * 3 - crystal.cell.array[2] * 2
    order = numpy.random.default_rng(1).permutation(len(other))
    other = other[order]
    other.calc = MofCalculator(model)
    assert other.get_potential_energy() == pytest.approx(crystal.get_potential_energy(), rel=1e-12)
    numpy.testing.assert_allclose(other.get_forces(), crystal.get_forces()[order], atol=1e-11)


def test_slabs_and_molecules_equal_large_periodic_cells(model, crystal):
    slab = crystal.copy()
    slab.pbc = (True, True, False)
    padded = crystal.copy()
    padded.cell[2] *= 5
    for atoms in (slab, padded):
        atoms.calc = MofCalculator(model)
    assert slab.get_potential_energy() == pytest.approx(padded.get_potential_energy(), rel=1e-12)

    molecule = Atoms(crystal.symbols, positions=crystal.positions)
    boxed = Atoms(crystal.symbols, positions=crystal.positions, cell=[30, 30, 30], pbc=True)
    for atoms in (molecule, boxed):
        atoms.calc = MofCalculator(model)
    assert molecule.get_potential_energy() == pytest.approx(boxed.get_potential_energy(), rel=1e-12)
    numpy.testing.assert_allclose(molecule.get_forces(), boxed.get_forces(), atol=1e-12)


def test_the_number_of_threads_changes_nothing_but_rounding(model, crystal):
    large = crystal.repeat((3, 3, 3))
    results = []
    for threads in (1, 2, 5):
        large.calc = MofCalculator(model, threads=threads)
        results.append((large.get_potential_energy(), large.get_forces(), large.get_stresses()))
    for energy, forces, stresses in results[1:]:
        assert energy == pytest.approx(results[0][0], rel=1e-13)
        numpy.testing.assert_allclose(forces, results[0][1], atol=1e-12)
        numpy.testing.assert_allclose(stresses, results[0][2], atol=1e-13)


def test_a_potential_computes_without_ase(model, crystal):
    crystal.calc = MofCalculator(model)
    potential = Potential(model)
    found = potential.compute(
        crystal.positions, potential.species_indices(crystal.get_chemical_symbols()), crystal.cell.array, True,
        atom_virials=True)
    assert found.energy == crystal.get_potential_energy()
    assert found.atom_energies is None
    numpy.testing.assert_allclose(found.atom_virials.sum(axis=0), found.virial, atol=1e-12)
    assert potential.cutoff == pytest.approx(4.4)
