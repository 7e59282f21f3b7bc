#!/usr/bin/env python3
"""Energy, forces and virial of the benchmark's DeepPot-SE model by DeePMD-kit's own PyTorch backend, one core.

The model that `MofInterop.Benchmarks 0 3 deeppot FOLDER` has measured and written to FOLDER is put into a DeePMD-kit model of the same size, which is
scripted, saved and loaded as `dp freeze` and its LAMMPS pair style do, and is given a finished list of neighbours (`forward_lower`). Places for neighbours
(`sel`) are those of `sel: auto`. Prints DeePMD-kit's energy (with --exact beside ours, which it must be: the descriptor is divided by the number of places)
and milliseconds of processor time. Needs a DeePMD-kit 3 that can be imported (its compiled operators are not needed).
"""
import argparse
import json
import os
import tempfile
import time

os.environ.update(OMP_NUM_THREADS="1", DP_INTRA_OP_PARALLELISM_THREADS="1", DP_INTER_OP_PARALLELISM_THREADS="1")
import numpy
import torch
from deepmd.pt.model.model import get_model
from deepmd.pt.utils.nlist import build_neighbor_list, extend_coord_with_ghosts
from deepmd.pt.utils.region import normalize_coord

GHOSTS_BEYOND = 2.0  # angstrom beyond the cutoff, as LAMMPS with a skin hands over


def make(header, array, sel, precision):
    model = get_model({
        "type_map": [f"S{k}" for k in range(len(sel))],
        "descriptor": {
            "type": "se_e2_a", "rcut": float(header["cutoff"]), "rcut_smth": float(header["smooth_from"]), "sel": sel, "neuron": [25, 50, 100],
            "axis_neuron": int(header["axis"]), "resnet_dt": False, "type_one_side": True, "activation_function": "tanh", "precision": precision, "seed": 1},
        "fitting_net": {"neuron": [240, 240, 240], "resnet_dt": False, "activation_function": "tanh", "precision": precision, "seed": 1},
    })
    descriptor = model.atomic_model.descriptor.sea
    with torch.no_grad():
        descriptor.mean[..., 0] = float(header["mean"])
        descriptor.stddev[..., 0] = float(header["radial_deviation"])
        descriptor.stddev[..., 1:] = float(header["angular_deviation"])
        for networks, name in ((descriptor.filter_layers.networks, "embedding"), (model.atomic_model.fitting_net.filter_layers.networks, "fitting")):
            for species, network in enumerate(networks):
                for k, layer in enumerate(network.layers):
                    layer.matrix.copy_(torch.tensor(array(f"{name}.{species}.{k}.weights")).reshape(layer.matrix.shape))
                    if layer.bias is not None:
                        layer.bias.copy_(torch.tensor(array(f"{name}.{species}.{k}.bias")))
    return model.eval()


def deploy(model):
    with tempfile.NamedTemporaryFile(suffix=".pth") as file:
        torch.jit.save(torch.jit.script(model), file.name, {})
        torch.jit.set_fusion_strategy([("DYNAMIC", 10)])  # as DeepPotPT.cc asks for
        return torch.jit.load(file.name)


def extended(header, array, sel):
    """The arguments of forward_lower: positions with ghosts, their species, lists of neighbours, owners."""
    species = torch.tensor(header["types"])[None]
    box = torch.tensor(array("cell")).reshape(1, 3, 3)
    wrapped = normalize_coord(torch.tensor(array("positions")).reshape(1, -1, 3), box)
    reach = float(header["cutoff"])
    positions, kinds, owners = extend_coord_with_ghosts(wrapped, species, box.reshape(1, 9), reach)
    positions = positions.view(1, -1, 3)
    fractions = positions @ torch.linalg.inv(box)
    width = (reach + GHOSTS_BEYOND) / torch.linalg.norm(box, dim=-1)[:, None, :]
    keep = ((fractions > -width) & (fractions < 1 + width)).all(-1)[0]
    keep[: species.shape[1]] = True
    positions, kinds, owners = positions[:, keep], kinds[:, keep], owners[:, keep]
    lists = build_neighbor_list(positions.reshape(1, -1), kinds, species.shape[1], reach, [sum(sel)], distinguish_types=False)
    return positions, kinds, lists, owners


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--precision", choices=["float64", "float32"], default="float64")
    parser.add_argument("--exact", action="store_true", help="as many places as our model has, so that energies can be compared")
    parser.add_argument("--frozen", action="store_true", help="parameters without gradients, which DeePMD-kit leaves on")
    parser.add_argument("--repeats", type=int, default=15)
    options = parser.parse_args()
    torch.set_num_threads(1)
    header = json.load(open(os.path.join(options.folder, "model.json")))
    numbers = numpy.fromfile(os.path.join(options.folder, "model.bin"))

    def array(name):
        begin, count = header[name]
        return numbers[begin: begin + count]

    most = header["places_of_species"]
    sel = most if options.exact else [-(-int(1.1 * places) // 4) * 4 for places in most]
    model = make(header, array, sel, options.precision)
    if options.frozen:
        model.requires_grad_(False)
    model = deploy(model)
    arguments = extended(header, array, sel)
    times = []
    for _ in range(options.repeats + 4):
        start = time.process_time()
        result = model.forward_lower(*arguments)
        times.append(1000 * (time.process_time() - start))
    times = sorted(times[4:])
    print(f"{options.precision}, sel {sel}: {times[0]:.1f} ms, median {times[len(times) // 2]:.1f}; energy {result['energy'].item():.10f} eV, ours {header['energy']:.10f}")


if __name__ == "__main__":
    main()
