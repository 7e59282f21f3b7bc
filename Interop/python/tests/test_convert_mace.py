"""The converter, on a model put together from the description and the weights of a real one: names and attributes are those of MACE's and e3nn's modules."""

import collections
import hashlib
import json
import types

import numpy
import pytest
from ase import Atoms

from conftest import reference_folder
from mofinterop import MofCalculator, MofError, convert_mace
from test_mace import CARD

torch = pytest.importorskip("torch")

Product = collections.namedtuple("Instruction", "i_in1 i_in2 i_out connection_mode has_weight path_weight path_shape")
Line = collections.namedtuple("Instruction", "i_in i_out path_shape path_weight")


def silu(x):
    return x


def assembled(folder):
    """A tree of modules that holds what the reference folder tells of a model."""
    text = json.loads((folder / "hyper.json").read_text())
    kinds = {f"interactions.{t}": name for t, name in enumerate(text["interaction_classes"])}
    kinds |= {f"readouts.{t}": name for t, name in enumerate(text["readout_classes"])}
    kinds |= {"": text["model_class"], "radial_embedding.bessel_fn": text["radial_type"], "radial_embedding.cutoff_fn": text["cutoff_type"]}
    modules = {}

    def module(name):
        if name not in modules:
            modules[name] = type(kinds.get(name, "Module"), (torch.nn.Module,), {})()
            if name:
                parent, _, own = name.rpartition(".")
                module(parent).add_module(own, modules[name])
        return modules[name]

    weights = numpy.load(folder / "weights.npz")
    for name in weights.files:
        parent, _, own = name.rpartition(".")
        module(parent).register_buffer(own, torch.tensor(weights[name]))
    for name, one in text["modules"].items():
        if "instructions" not in one:
            continue
        target, product = module(name), "irreps_in1" in one
        for key in ("irreps_in1", "irreps_in2", "irreps_out") if product else ("irreps_in", "irreps_out"):
            setattr(target, key, one[key])
        target.instructions = [
            Product(i["i_in1"], i["i_in2"], i["i_out"], i["mode"], i["has_weight"], i["path_weight"], None) if product
            else Line(i["i_in"], i["i_out"], None, i["path_weight"]) for i in one["instructions"]]
    model = module("")
    activation = types.SimpleNamespace(f=silu, cst=text["radial_MLP_act_cst"])
    for t, count in enumerate(text["avg_num_neighbors"]):
        module(f"interactions.{t}").avg_num_neighbors = count
        module(f"interactions.{t}.conv_tp_weights.layer0").act = activation
        module(f"products.{t}").use_sc = text["modules"][f"products.{t}"]["use_sc"]
    module("readouts.1").non_linearity = types.SimpleNamespace(acts=[activation])
    for name in ("interactions", "products", "readouts"):
        setattr(type(module(name)), "__iter__", lambda self: iter(self.children()))
    return model


@pytest.fixture
def reference():
    folder = reference_folder()
    folder = folder and folder / "mace" / "gst_swa"
    if not folder or not folder.exists():
        pytest.skip("the reference data are not here")
    return folder


def test_a_converted_model_gives_what_mace_gives(reference, tmp_path):
    model = assembled(reference)
    path = tmp_path / "gst.safetensors"
    convert_mace.write(path, convert_mace.describe(model), convert_mace.numbers(model))
    card = CARD.replace("gst.model", "gst.safetensors").format(sum=hashlib.sha256(path.read_bytes()).hexdigest())
    (tmp_path / "gst.mof.yaml").write_text(card)
    data = numpy.load(reference / "small_cell7.npz")
    atoms = Atoms(data["numbers"], data["positions"], cell=data["cell"], pbc=data["pbc"])
    atoms.calc = MofCalculator(str(tmp_path / "gst.mof.yaml"))
    numpy.testing.assert_allclose(atoms.get_potential_energies(), data["node_energy"], atol=1e-9)
    numpy.testing.assert_allclose(atoms.get_forces(), data["forces"], atol=1e-8)


def test_what_the_library_does_not_know_is_written_down_and_refused(reference, tmp_path):
    model = assembled(reference)
    model.joint_embedding = torch.nn.Linear(1, 1)
    path = tmp_path / "gst.safetensors"
    convert_mace.write(path, convert_mace.describe(model), convert_mace.numbers(model))
    card = CARD.replace("gst.model", "gst.safetensors").format(sum=hashlib.sha256(path.read_bytes()).hexdigest())
    (tmp_path / "gst.mof.yaml").write_text(card)
    with pytest.raises(MofError, match="joint_embedding"):
        MofCalculator(str(tmp_path / "gst.mof.yaml"))


def test_a_file_that_is_no_model_ends_in_a_message(tmp_path):
    (tmp_path / "x.model").write_bytes(b"nothing")
    with pytest.raises(SystemExit, match="x.model: cannot be converted"):
        convert_mace.main([str(tmp_path / "x.model"), str(tmp_path / "x.safetensors")])
    assert not (tmp_path / "x.safetensors").exists()
