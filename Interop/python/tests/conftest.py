"""A small model of our own, so that most tests need no reference data, and the reference cases where they are present."""

import json
import os
import pathlib
import sys

# Small matrices on shared cores: threads of the linear algebra only wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy  # noqa: E402
import pytest  # noqa: E402

PACKAGE = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PACKAGE))

from ase import Atoms  # noqa: E402
from ase.data import chemical_symbols  # noqa: E402

import mofinterop  # noqa: E402


@pytest.fixture(scope="session", autouse=True)
def native_library():
    try:
        return mofinterop.library()
    except mofinterop.MofError as error:
        pytest.skip(f"libmofpotential.so is absent: {error}")


@pytest.fixture(scope="session")
def model(tmp_path_factory):
    """Path of a two-species snapcoeff file: smooth random coefficients, cutoff 3.6 to 4.4 angstrom."""
    folder = tmp_path_factory.mktemp("model")
    random = numpy.random.default_rng(7)
    lines = ["# made for tests", "2 15"]
    for label, radius, weight in (("Si", 0.55, 1.0), ("C", 0.45, 0.7)):
        lines.append(f"{label} {radius} {weight}")
        lines += [repr(float(coefficient)) for coefficient in random.normal(scale=0.02, size=15)]
    (folder / "toy.snapcoeff").write_text("\n".join(lines) + "\n")
    (folder / "toy.snapparam").write_text("rcutfac 4.0\ntwojmax 4\n")
    return str(folder / "toy.snapcoeff")


@pytest.fixture
def crystal():
    """A rattled, sheared zinc-blende cell of eight atoms: smaller than twice the cutoff, as real MOF cells may be."""
    from ase.build import bulk

    atoms = bulk("SiC", "zincblende", a=4.36, cubic=True)
    atoms.rattle(0.1, seed=3)
    strain = numpy.eye(3) + numpy.array([[0.01, 0.02, -0.01], [0, -0.02, 0.015], [0, 0, 0.012]])
    atoms.set_cell(atoms.cell.array @ strain, scale_atoms=True)
    return atoms


def reference_folder():
    named = os.environ.get("MOFINTEROP_REFERENCE")
    candidates = [named] if named else [PACKAGE.parents[1] / ".." / "shared" / "reference"]
    for candidate in candidates:
        if pathlib.Path(candidate, "snap").is_dir():
            return pathlib.Path(candidate).resolve()
    return None


@pytest.fixture
def reference_case():
    """Loads a case: atoms with mof_types, the values that LAMMPS gave, and the potential's two files."""
    folder = reference_folder()
    if folder is None:
        pytest.skip("reference data absent")

    def load(name):
        case = json.loads((folder / "snap" / f"{name}.json").read_text())
        symbols = [label[:2] if label[:2] in chemical_symbols else label[0] for label in case["type"]]
        atoms = Atoms(symbols, positions=case["positions"], cell=case["cell"], pbc=True)
        atoms.arrays["mof_types"] = numpy.array(case["type"])
        files = next(line.split()[3:5] for line in case["setup"] if line.startswith("pair_coeff"))
        return atoms, case, [str(folder / "snap" / "potentials" / name) for name in files]

    return load
