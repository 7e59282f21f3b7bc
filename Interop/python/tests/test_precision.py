"""Precision, and models without extrapolation grades."""

import pickle

import numpy
import pytest
from ase.calculators.calculator import PropertyNotImplementedError

from mofinterop import MofCalculator, MofError, Potential


def test_mixed_precision_gives_nearly_the_same_forces(reference_case):
    atoms, _, files = reference_case("ZIF8_published_rattled")
    exact = MofCalculator(*files).get_forces(atoms)
    mixed = MofCalculator(*files, precision="mixed").get_forces(atoms)
    assert 0 < numpy.abs(mixed - exact).max() < 1e-5


def test_precision_can_be_changed_and_survives_pickling(model, crystal):
    calculator = MofCalculator(model)
    exact = calculator.get_forces(crystal)
    calculator.set(precision="mixed")
    assert calculator.potential.precision == "mixed"
    numpy.testing.assert_allclose(calculator.get_forces(crystal), exact, atol=1e-5)
    again = pickle.loads(pickle.dumps(calculator.potential))
    assert again.precision == "mixed"
    calculator.set(precision="double")
    numpy.testing.assert_array_equal(calculator.get_forces(crystal), exact)


def test_an_unknown_precision_is_refused_with_the_known_ones(model):
    with pytest.raises(MofError, match="'single'; expected one of double, mixed"):
        MofCalculator(model, precision="single")


def test_grades_of_a_model_without_them_are_refused(model, crystal):
    calculator = MofCalculator(model)
    assert not calculator.potential.has_grades
    assert "mof_grades" not in calculator.implemented_properties
    with pytest.raises(MofError, match="no extrapolation grades; train the potential again"):
        calculator.grades(crystal)
    with pytest.raises(PropertyNotImplementedError):
        calculator.get_property("mof_grades", crystal)
    with pytest.raises(MofError, match="extrapolation grades are wanted"):
        Potential(model).compute(crystal.positions, numpy.zeros(len(crystal), int), grades=True)
