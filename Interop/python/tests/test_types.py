"""Which species an atom is, and how mistakes are reported."""

import hashlib

import numpy
import pytest
from ase import Atoms
from ase.calculators.calculator import PropertyNotImplementedError

from mofinterop import MofCalculator, MofError, Potential


def test_symbols_serve_where_labels_are_elements(model, crystal):
    crystal.calc = MofCalculator(model)
    by_symbol = crystal.get_potential_energy()
    crystal.calc = MofCalculator(model, types=crystal.get_chemical_symbols())
    assert crystal.get_potential_energy() == by_symbol


def test_an_array_of_types_comes_before_symbols_and_types_before_both(model, crystal):
    crystal.calc = MofCalculator(model)
    plain = crystal.get_potential_energy()
    crystal.arrays["mof_types"] = numpy.array(["Si"] * len(crystal))
    all_silicon = crystal.get_potential_energy()
    assert all_silicon != plain
    crystal.calc = MofCalculator(model, types=crystal.get_chemical_symbols())
    assert crystal.get_potential_energy() == plain


def test_changed_types_are_noticed(model, crystal):
    crystal.arrays["mof_types"] = numpy.array(crystal.get_chemical_symbols())
    crystal.calc = MofCalculator(model)
    before = crystal.get_potential_energy()
    crystal.arrays["mof_types"][0] = "C"
    assert crystal.get_potential_energy() != before
    crystal.calc.set(types=["Si"] * 4 + ["C"] * 4)
    one = crystal.get_potential_energy()
    crystal.calc.set(types=["C"] * 4 + ["Si"] * 4)
    assert crystal.get_potential_energy() != one


def test_a_species_that_the_model_lacks_is_named_with_its_atom(model, crystal):
    crystal.symbols[5] = "Zn"
    crystal.calc = MofCalculator(model)
    with pytest.raises(MofError, match=r"atom 5 .*'Zn'.*expected one of Si, C.*chemical symbols"):
        crystal.get_forces()


def test_a_wrong_number_of_types_is_refused(model, crystal):
    crystal.calc = MofCalculator(model, types=["Si"] * 7)
    with pytest.raises(MofError, match="7 types for 8 atoms"):
        crystal.get_potential_energy()


def test_a_misspelt_parameter_is_refused(model):
    with pytest.raises(TypeError):
        MofCalculator(model, tpyes=["Si"])
    with pytest.raises(TypeError, match="tpyes"):
        MofCalculator(model).set(tpyes=["Si"])


def test_a_type_on_an_atom_of_another_element_is_refused(model, crystal, tmp_path):
    crystal.calc = MofCalculator(write_card(model, tmp_path), types=["C"] + ["Si"] * 3 + ["C"] * 4)
    with pytest.raises(MofError, match=r"atom 0 .* is Si but has the type C; expected C"):
        crystal.get_potential_energy()


def test_a_card_tells_atomic_numbers_and_masses(model, tmp_path):
    species = Potential(write_card(model, tmp_path)).species
    assert [(s.label, s.atomic_number, s.mass) for s in species] == [("Si", 14, 28.085), ("C", 6, 12.011)]


def write_card(model, folder):
    lines = ["format: 1", "kind: snap", "species:"]
    for label, number, mass in (("Si", 14, 28.085), ("C", 6, 12.011)):
        lines += [f"  - label: {label}", f"    atomic_number: {number}", f"    mass: {mass}"]
    lines.append("files:")
    for role, extension in (("coefficients", "snapcoeff"), ("parameters", "snapparam")):
        data = open(model.replace("snapcoeff", extension), "rb").read()
        (folder / f"toy.{extension}").write_bytes(data)
        lines += [f"  {role}:", f"    path: toy.{extension}", f"    sha256: \"{hashlib.sha256(data).hexdigest()}\""]
    lines += ["units: {energy: eV, length: angstrom}", "reference: {method: none, dispersion: not included}"]
    (folder / "toy.mof.yaml").write_text("\n".join(lines) + "\n")
    return folder / "toy.mof.yaml"


def test_positions_that_are_not_numbers_and_atoms_on_one_spot_are_errors(model, crystal):
    crystal.calc = MofCalculator(model)
    crystal.positions[3, 1] = numpy.nan
    with pytest.raises(MofError, match="atom 3"):
        crystal.get_potential_energy()
    crystal.positions[3] = crystal.positions[2]
    with pytest.raises(MofError, match="same spot") as caught:
        crystal.get_potential_energy()
    assert caught.value.status == 4
    crystal.positions[3] += 1.0
    assert numpy.isfinite(crystal.get_potential_energy())


def test_stress_without_a_volume_is_not_made_up(model):
    molecule = Atoms("SiC", positions=[[0, 0, 0], [0, 0, 1.9]])
    molecule.calc = MofCalculator(model)
    assert numpy.isfinite(molecule.get_potential_energy())
    with pytest.raises(PropertyNotImplementedError):
        molecule.get_stress()


def test_unreadable_files_are_reported_with_their_path(tmp_path):
    with pytest.raises(MofError, match="missing.snapparam: there is no such") as caught:
        Potential(tmp_path / "missing.snapcoeff", tmp_path / "missing.snapparam")
    assert caught.value.status == 2
    (tmp_path / "bad.snapparam").write_text("rcutfac 4\ntwojmax 4\nrcutfacc 1\n")
    (tmp_path / "bad.snapcoeff").write_text("1 15\n")
    with pytest.raises(MofError, match="bad.snapparam:3: unknown keyword 'rcutfacc'"):
        MofCalculator(tmp_path / "bad.snapcoeff")


def test_wrong_shapes_are_refused(model):
    potential = Potential(model)
    with pytest.raises(MofError, match="shape"):
        potential.compute(numpy.zeros((3, 2)), [0, 0, 0])
    with pytest.raises(MofError, match="shape"):
        potential.compute(numpy.zeros((1, 3)), [0], cell=numpy.eye(2), pbc=True)
    with pytest.raises(MofError, match="species"):
        potential.compute(numpy.zeros((1, 3)), [2])
