"""Extrapolation grades in ASE, with made-up factors: what is handed through does not depend on a training set."""

import hashlib
import pathlib
import pickle

import numpy
import pytest

from mofinterop import MofCalculator

COMPONENTS = 14  # of twojmax 4


@pytest.fixture
def graded(model, tmp_path):
    """A card of the toy model: C has the factor diag(2, 1, 1, ...), Si the constant alone, 0.5."""
    files = {}
    for role, ending in (("coefficients", ".snapcoeff"), ("parameters", ".snapparam")):
        source = pathlib.Path(model).with_suffix(ending)
        files[role] = tmp_path / source.name
        files[role].write_bytes(source.read_bytes())
    files["grades"] = tmp_path / "toy.snapgrades"
    files["grades"].write_text(
        f"snapgrades 1\ncomponents {COMPONENTS}\n" + factor("Si", 0.5, 0.0) + factor("C", 2.0, 1.0))
    return write_card(tmp_path / "toy.mof.yaml", files)


def factor(label, constant, others):
    rows = [" ".join(str(constant if row == 0 else others) if row == column else "0" for column in range(row + 1))
            for row in range(COMPONENTS + 1)]
    return f"species {label}\n" + "\n".join(rows) + "\n"


def write_card(path, files):
    lines = ["format: 1", "kind: snap", "species:", "  - label: Si", "  - label: C", "files:"]
    for role, file in files.items():
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        lines.append(f'  {role}: {{path: {file.name}, sha256: "{digest}"}}')
    lines += ["units: {energy: eV, length: angstrom}", "reference:", "  method: made up", "  dispersion: not included"]
    path.write_text("\n".join(lines) + "\n")
    return str(path)


def test_grades_are_a_property_of_a_model_that_has_them(graded, crystal):
    calculator = MofCalculator(graded)
    grades = calculator.grades(crystal)
    silicon = crystal.numbers == 14
    assert grades.shape == (len(crystal),)
    numpy.testing.assert_allclose(grades[silicon], 0.25, rtol=1e-12)
    assert (grades[~silicon] > 4).all()
    assert len(set(grades[~silicon].round(9))) == numpy.count_nonzero(~silicon)
    assert "mof_grades" in calculator.implemented_properties
    assert "mof_grades" not in MofCalculator.implemented_properties
    numpy.testing.assert_array_equal(calculator.get_property("mof_grades", crystal), grades)
    numpy.testing.assert_array_equal(calculator.results["mof_grades"], grades)


def test_grades_are_computed_only_when_asked_for(graded, crystal):
    calculator = MofCalculator(graded)
    crystal.calc = calculator
    forces = crystal.get_forces()
    assert "mof_grades" not in calculator.results
    first = calculator.grades(crystal)
    numpy.testing.assert_allclose(calculator.results["forces"], forces, rtol=0, atol=1e-12)
    crystal.positions[0] += 0.1
    assert not numpy.array_equal(calculator.grades(crystal), first)


def test_grades_turn_up_again_after_pickling_and_leave_with_another_model(graded, model, crystal):
    calculator = MofCalculator(graded)
    expected = calculator.grades(crystal)
    again = pickle.loads(pickle.dumps(calculator))
    numpy.testing.assert_array_equal(again.grades(crystal), expected)
    calculator.set(model=model)
    assert "mof_grades" not in calculator.implemented_properties


def test_grades_do_not_change_with_the_frame_of_reference(graded, crystal):
    calculator = MofCalculator(graded)
    expected = calculator.grades(crystal)
    turned = crystal.copy()
    turned.rotate(37, (1, 2, 3), rotate_cell=True)
    numpy.testing.assert_allclose(calculator.grades(turned), expected, rtol=1e-9)
    numpy.testing.assert_allclose(calculator.grades(crystal * (2, 1, 1)), numpy.tile(expected, 2), rtol=1e-9)
