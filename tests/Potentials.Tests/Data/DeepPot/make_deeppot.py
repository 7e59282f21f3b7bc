#!/usr/bin/env python3
"""Makes the small DeePMD-kit models of this folder and what DeePMD-kit's numpy backend (deepmd.dpmodel) computes with them.

    PYTHONPATH=<deepmd-kit source> make_deeppot.py FOLDER

Weights are random (seeded). Forces are fourth-order differences of the backend's energies, since it has none of its own;
the model of single precision, whose rounding would be in them, has none.
"""
import json
import os
import sys

import numpy
from deepmd.dpmodel.descriptor.dpa1 import DescrptDPA1
from deepmd.dpmodel.descriptor.se_atten_v2 import DescrptSeAttenV2
from deepmd.dpmodel.descriptor.se_e2_a import DescrptSeA
from deepmd.dpmodel.fitting.ener_fitting import EnergyFittingNet
from deepmd.dpmodel.model.ener_model import EnergyModel
from deepmd.dpmodel.utils.serialization import save_dp_model

TYPES = ["O", "H", "Zn"]
STEP = 2e-4
TEXTS = ["dpa1_concat", "se_atten_v2"]
RADII = {"rcut": 4.0, "rcut_smth": 1.5}


def typed(kind, seed, **more):
    sel = 40 if kind is DescrptSeAttenV2 else 36
    made = kind(**RADII, sel=sel, ntypes=3, neuron=[4, 8, 9], axis_neuron=3, tebd_dim=5, attn_layer=0, set_davg_zero=True, type_map=TYPES, seed=seed, **more)
    return made, sel


def paired(seed, sel, **more):
    return DescrptSeA(**RADII, sel=sel, neuron=[4, 8, 8], axis_neuron=3, type_map=TYPES, seed=seed, **more), sum(sel)


def models():
    # name, descriptor and its places, options of the fitting network, options of the model.
    yield "se_a", paired(1, [20, 20, 20], type_one_side=False, exclude_types=[[0, 2]], resnet_dt=True, env_protection=0.05, activation_function="silu"), {"resnet_dt": True}, {"out_std": 3.0}
    yield "se_a_single", paired(2, [20, 20, 20], type_one_side=True, precision="float32"), {"precision": "float32"}, {}
    yield "se_a_options", paired(3, [20, 20, 20], type_one_side=True), {
        "numb_fparam": 2, "default_fparam": [0.4, -0.7], "dim_case_embd": 3, "atom_ener": [-3.0, None, -5.0], "exclude_types": [2],
    }, {"pair_exclude_types": [[1, 2]], "atom_exclude_types": [1]}
    yield "dpa1_concat", typed(DescrptDPA1, 4, tebd_input_mode="concat", type_one_side=False, use_tebd_bias=True), {}, {}
    yield "dpa1_one_side", typed(DescrptDPA1, 5, tebd_input_mode="concat", type_one_side=True, concat_output_tebd=False, resnet_dt=True, exclude_types=[[0, 1]]), {"resnet_dt": True}, {}
    yield "dpa1_strip", typed(DescrptDPA1, 6, tebd_input_mode="strip", type_one_side=False, smooth_type_embedding=False), {"numb_fparam": 1, "default_fparam": [0.3], "atom_ener": [-1.0, -2.0, None]}, {}
    yield "dpa1_smooth", typed(DescrptDPA1, 7, tebd_input_mode="strip", type_one_side=True, smooth_type_embedding=True), {}, {}
    yield "se_atten_v2", typed(DescrptSeAttenV2, 8, type_one_side=False, exclude_types=[[1, 2]], env_protection=0.02), {}, {"pair_exclude_types": [[0, 0]]}


def make(descriptor, places, fitting, options, random):
    mixed = not isinstance(descriptor, DescrptSeA)
    deviation = numpy.array([0.17, 0.11, 0.11, 0.11]) * random.uniform(0.8, 1.3, [3, 1, 1])
    mean = numpy.zeros([3, 1, 4])
    if not mixed:
        mean[..., 0] = random.uniform(0.02, 0.08, [3, 1])
    numbers = descriptor.davg.dtype if not mixed else numpy.float64
    descriptor.set_stat_mean_and_stddev((mean + numpy.zeros([3, places, 4])).astype(numbers), (deviation + numpy.zeros([3, places, 4])).astype(numbers))
    net = EnergyFittingNet(3, descriptor.get_dim_out(), neuron=[7, 7], mixed_types=mixed, type_map=TYPES, seed=int(random.integers(1000)), **fitting)
    net["bias_atom_e"] = random.uniform(-4, -1, [3, 1])
    for key, size in (("fparam", net.numb_fparam), ("aparam", net.numb_aparam)):
        if size:
            net[f"{key}_avg"], net[f"{key}_inv_std"] = random.uniform(-0.2, 0.2, [size]), random.uniform(0.5, 2, [size])
    if net.dim_case_embd:
        net["case_embd"] = random.uniform(-0.5, 0.5, [net.dim_case_embd])
    out_std = options.pop("out_std", None)
    model = EnergyModel(descriptor, net, type_map=TYPES, **options)
    atomic = model.atomic_model if hasattr(model, "atomic_model") else model
    atomic["out_bias"] = random.uniform(-1, 1, [1, 3, 1])
    if out_std:
        atomic["out_std"] = numpy.full([1, 3, 1], out_std)
    return model


def structures(random):
    cell = numpy.array([[6.2, 0, 0], [0.8, 5.9, 0], [-0.6, 0.5, 6.4]])
    grid = numpy.array([[i, j, k] for i in range(3) for j in range(3) for k in range(2)][:14])
    crystal = (grid / numpy.array([3, 3, 2])) @ cell + random.uniform(-0.25, 0.25, [14, 3])
    yield "crystal", crystal, [k * 5 % 3 for k in range(14)], cell
    yield "molecule", numpy.array([[0, 0, 0], [0.9, 0.3, 0.1], [-0.4, 0.8, 0.3], [1.4, 1.9, -1.2], [0.2, -2.1, 1.3]]), [0, 1, 1, 2, 0], None


def evaluate(model, positions, types, cell):
    box = None if cell is None else cell.reshape(1, 9)
    found = model.call(positions.reshape(1, -1), numpy.array([types]), box=box)
    return found["energy"].item(), found["atom_energy"].reshape(-1)


def main():
    folder = sys.argv[1]
    for name, (descriptor, places), fitting, options in models():
        random = numpy.random.default_rng(len(name))
        model = make(descriptor, places, fitting, options, random)
        path = os.path.join(folder, f"{name}.{'yaml' if name in TEXTS else 'dp'}")
        save_dp_model(path, {"backend": "dpmodel", "model": model.serialize(), "model_def_script": {}, "min_nbor_dist": None})
        results = []
        for kind, positions, types, cell in structures(random):
            energy, atoms = evaluate(model, positions, types, cell)
            forces = numpy.zeros(positions.shape)
            for place in numpy.ndindex(positions.shape) if "single" not in name else []:
                def at(step):
                    moved = positions.copy()
                    moved[place] += step * STEP
                    return evaluate(model, moved, types, cell)[0]

                forces[place] = -(8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * STEP)
            results.append({"name": kind, "positions": positions.reshape(-1).tolist(), "types": types, "cell": None if cell is None else cell.reshape(-1).tolist(),
                            "energy": energy, "atom_energies": atoms.tolist(), "forces": [] if "single" in name else [round(one, 9) for one in forces.reshape(-1).tolist()]})
        with open(os.path.join(folder, f"{name}.json"), "w") as file:
            json.dump({"structures": results}, file, indent=None)
        print(name, os.path.getsize(path), [one["energy"] for one in results])


if __name__ == "__main__":
    main()
