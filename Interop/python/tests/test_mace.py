"""A MACE model as its training saved it, against what MACE itself computed."""

import hashlib
import shutil

import numpy
import pytest
from ase import Atoms

from conftest import reference_folder
from mofinterop import MofCalculator

CARD = """format: 1
kind: mace
species: [{{label: Ge, atomic_number: 32}}, {{label: Sb, atomic_number: 51}}, {{label: Te, atomic_number: 52}}]
files:
  model: {{path: gst.model, sha256: "{sum}"}}
units: {{energy: eV, length: angstrom}}
reference: {{method: PBE, dispersion: not included}}
"""


@pytest.mark.parametrize("structure", ["own_rattled_sheared", "small_cell7", "small_cell"])
def test_energies_forces_and_stress_are_those_of_mace(structure, tmp_path):
    folder = reference_folder()
    folder = folder and folder / "mace" / "gst_swa"
    if not folder or not folder.exists():
        pytest.skip("the reference data are not here")
    shutil.copyfile(folder / "gst_swa.model", tmp_path / "gst.model")
    total = hashlib.sha256((tmp_path / "gst.model").read_bytes()).hexdigest()
    (tmp_path / "gst.mof.yaml").write_text(CARD.format(sum=total))
    data = numpy.load(folder / f"{structure}.npz")
    atoms = Atoms(data["numbers"], data["positions"], cell=data["cell"], pbc=data["pbc"])
    atoms.calc = MofCalculator(str(tmp_path / "gst.mof.yaml"))
    numpy.testing.assert_allclose(atoms.get_potential_energies(), data["node_energy"], atol=1e-9)
    numpy.testing.assert_allclose(atoms.get_forces(), data["forces"], atol=1e-8)
    numpy.testing.assert_allclose(atoms.get_stress(voigt=False), data["stress"], atol=1e-8)
    numpy.testing.assert_allclose(atoms.get_stresses(voigt=False).sum(axis=0), data["stress"], atol=1e-8)
