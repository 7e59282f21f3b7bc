"""Makes small MACE models with random weights, saves them as MACE's training does, and evaluates them with libtorch: python make_mace.py FOLDER (README.md)."""
import copy
import io
import os
import sys
import zipfile

import ase
import numpy as np
import torch
from e3nn import o3
from e3nn.util import codegen, jit
from mace import data, modules, tools
from mace.calculators.lammps_mace import LAMMPS_MACE
from mace.calculators.lammps_mliap_mace import LAMMPS_MLIAP_MACE
from mace.tools import torch_geometric

torch.set_num_threads(1)
_whole_state = codegen.CodeGenMixin.__getstate__
RESIDUAL, PLAIN = "RealAgnosticResidualInteractionBlock", "RealAgnosticInteractionBlock"
DENSITY, DENSITY_RESIDUAL = "RealAgnosticDensityInteractionBlock", "RealAgnosticDensityResidualInteractionBlock"
NONLINEAR = "RealAgnosticResidualNonLinearInteractionBlock"
ZN, SMALL = [1, 6, 8, 30], [1, 6]
SPECS = {
    "total_spin": {"type": "categorical", "per": "graph", "in_dim": 1, "emb_dim": 3, "num_classes": 4, "offset": 0},
    "total_charge": {"type": "continuous", "per": "graph", "in_dim": 1, "emb_dim": 2},
}


def config(elements=ZN, hidden="4x0e + 4x1o", first=RESIDUAL, rest=RESIDUAL, **changes):
    c = dict(kind="ScaleShiftMACE", elements=elements, hidden_irreps=hidden, first=first, rest=rest, r_max=4.0, num_bessel=5, num_polynomial_cutoff=5, max_ell=2, num_interactions=2, correlation=2,
             MLP_irreps="3x0e", avg_num_neighbors=7.5, gate="silu", radial_MLP=[6, 5], dtype="float64", heads=None, readout="NonLinearReadoutBlock")
    c.update(changes)
    return c


MODELS = {
    # As MACE-MP-0b: what edges are made of depends on the elements, and nuclei repel each other.
    "agnesi": config(first=PLAIN, distance_transform="Agnesi", pair_repulsion=True, correlation=[3, 2], max_ell=1),
    "soft": config(hidden="3x0e + 3x1o + 3x2e", first=PLAIN, distance_transform="Soft", num_interactions=3, correlation=[1, 2, 1], apply_cutoff=False, elements=SMALL),
    # As MACE-MP-0b2, 0b3, MPA-0 and OMAT-0.
    "density": config(first=DENSITY, rest=DENSITY_RESIDUAL, distance_transform="Agnesi", pair_repulsion=True, dtype="float32"),
    # As a foundation model that was tuned with several heads.
    "heads": config(first=DENSITY_RESIDUAL, rest=DENSITY_RESIDUAL, heads=["pt_head", "Default", "r2scan"], max_ell=1, correlation=3, gate="tanh", apply_cutoff=False),
    # As MACE-MH-1.
    "nonlinear": config(hidden="6x0e + 6x1o", first=NONLINEAR, rest=NONLINEAR, edge_irreps="4x0e + 4x1o", use_edge_irreps_first=True, use_agnostic_product=True, apply_cutoff=False,
                        distance_transform="Agnesi", pair_repulsion=True, heads=["omat_pbe", "matpes_r2scan"], elements=[1, 6, 30]),
    # As MACE-OMOL.
    "omol": config(hidden="5x0e + 5x1o + 5x2e", first=NONLINEAR, rest=NONLINEAR, edge_irreps="3x0e + 3x1o + 3x2e", apply_cutoff=False, num_interactions=3, embedding_specs=SPECS, use_embedding_readout=True, elements=SMALL, max_ell=2),
    "so3": config(kind="MACE", hidden="4x0e + 4x1e", use_so3=True, elements=SMALL),
    "one_layer": config(num_interactions=1, hidden="4x0e", elements=SMALL, radial_MLP=[4], correlation=3, max_ell=1),
    "last_readout": config(use_last_readout_only=True, readout="NonLinearBiasReadoutBlock", elements=SMALL, num_interactions=3, heads=["a", "b"]),
    "gaussian": config(radial_type="gaussian", elements=SMALL),
}


def build(name, c):
    c = dict(c)
    seed = sum(ord(letter) for letter in name)
    torch.set_default_dtype(getattr(torch, c.pop("dtype")))
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    elements, heads, kind, irreps = c.pop("elements"), c["heads"], c.pop("kind"), c.pop("hidden_irreps")
    count = len(heads or [""])
    energies = rng.uniform(-5, -1, (count, len(elements)))
    if kind == "ScaleShiftMACE":
        c.update(atomic_inter_scale=[0.8 + 0.1 * k for k in range(count)] if heads else 0.8, atomic_inter_shift=[0.1 - 0.05 * k for k in range(count)] if heads else 0.1)
    c.update(interaction_cls_first=modules.interaction_classes[c.pop("first")], interaction_cls=modules.interaction_classes[c.pop("rest")], hidden_irreps=o3.Irreps(irreps), MLP_irreps=o3.Irreps(c["MLP_irreps"]),
             edge_irreps=o3.Irreps(c["edge_irreps"]) if "edge_irreps" in c else None, atomic_energies=energies if heads else energies[0], atomic_numbers=elements, num_elements=len(elements),
             gate=modules.gate_dict[c["gate"]], readout_cls=modules.readout_classes[c.pop("readout")])
    model = getattr(modules, kind)(**c)
    with torch.no_grad():
        for key, p in model.named_parameters():
            # Biases, norms and embeddings begin as zeros, ones and next to nothing; trained ones are neither.
            if key.endswith(("bias", "alpha", "beta")) or "_mlp" in key or ".net." in key or "_embedding.weight" in key:
                p.add_(0.3 * torch.randn_like(p))
    return model.eval()


def structures(elements, rng):
    names = [ase.data.chemical_symbols[z] for z in elements]
    cell = np.array([[4.1, 0.2, -0.3], [0.7, 3.9, 0.4], [-0.2, 0.5, 4.3]])
    places = np.array([[0.1, 0.2, 0.05], [0.35, 0.25, 0.2], [0.1, 0.7, 0.6], [0.62, 0.05, 0.9], [0.7, 0.6, 0.45], [0.83, 0.83, 0.1]])
    periodic = ase.Atoms((names * 6)[:6], places @ cell, cell=cell, pbc=True)
    # Bonds that are much too short, so that nuclei repel each other.
    close = ase.Atoms((names[::-1] * 5)[:5], [[0, 0, 0], [0.75, 0.2, 0], [0, 1.2, 0.6], [2.9, 0.4, 1.3], [-1.8, -1.1, 2.2]])
    for atoms in (periodic, close):
        atoms.positions += rng.normal(0, 0.03, atoms.positions.shape)
    return {"periodic": periodic, "close": close}


def evaluate(model, atoms, head, extra):
    heads = getattr(model, "heads", ["Default"])
    table = tools.AtomicNumberTable([int(z) for z in model.atomic_numbers])
    one = data.AtomicData.from_config(data.config_from_atoms(atoms, head_name=head or heads[0]), z_table=table, cutoff=float(model.r_max), heads=heads)
    batch = next(iter(torch_geometric.dataloader.DataLoader([one], batch_size=1, shuffle=False, drop_last=False))).to_dict()
    batch.update(extra)
    # The energies of atoms leave out what the readout of embeddings adds to the total.
    embedded = []
    hook = model.embedding_readout.register_forward_hook(lambda module, x, y: embedded.append(y.detach().numpy().ravel())) if hasattr(model, "embedding_readout") else None
    out = model(batch, compute_stress=bool(atoms.pbc.any()), compute_virials=bool(atoms.pbc.any()))
    if hook:
        hook.remove()
    g = lambda key: out[key].detach().numpy().astype(float)
    result = {"numbers": atoms.numbers.astype(np.int64), "positions": atoms.positions, "energy": g("energy").ravel(), "forces": g("forces"), "node_energy": g("node_energy") + sum(embedded)}
    assert abs(result["node_energy"].sum() - result["energy"]) < 1e-9
    if atoms.pbc.any():
        result.update(cell=atoms.cell.array, virials=g("virials").reshape(3, 3), stress=g("stress").reshape(3, 3))
    return result


def packed(source, target, name):
    """The same archive, compressed, without debugging information and code, which only libtorch needs."""
    with zipfile.ZipFile(source) as a, zipfile.ZipFile(target, "w") as b:
        top = a.namelist()[0].split("/")[0]
        for one in a.namelist():
            if not one.endswith(".debug_pkl") and "/code/" not in one:
                info = zipfile.ZipInfo(name + one[len(top):], (1980, 1, 1, 0, 0, 0))
                info.compress_type = zipfile.ZIP_DEFLATED
                b.writestr(info, a.read(one))


def lean(state):
    """What e3nn pickles of a module, with the archives of its compiled code packed like the outer one."""
    for key, code in (state.get("__codegen__") or {}).items():
        if isinstance(code, bytes):
            target = io.BytesIO()
            packed(io.BytesIO(code), target, "archive")
            state["__codegen__"][key] = target.getvalue()
    return state


def without_graphs(model):
    """Without the graphs of contractions, which are generated anew from nothing but U."""
    model = copy.deepcopy(model)
    for module in list(model.modules()):
        if hasattr(module, "graph_opt_main"):
            del module.graph_opt_main, module.contractions_weighting, module.contractions_features
    return model


def save(value, folder, file, script=False):
    path = os.path.join(folder, file)
    # Copies go through the same states, and need the code.
    codegen.CodeGenMixin.__getstate__ = lambda module: lean(_whole_state(module))
    (torch.jit.save if script else torch.save)(value, path + ".tmp")
    codegen.CodeGenMixin.__getstate__ = _whole_state
    packed(path + ".tmp", path, file.split(".")[0])
    os.remove(path + ".tmp")
    print(file, os.path.getsize(path))


def main(folder):
    only = sys.argv[2:]
    for name, c in MODELS.items():
        if only and name not in only:
            continue
        model = build(name, c)
        # One file is what MACE saves to the last byte that is read; in the others half of the size would be generated code.
        save(model if name == "agnesi" else without_graphs(model), folder, name + ".model")
        if name == "heads":
            # What create_lammps_model makes of it.
            save(LAMMPS_MLIAP_MACE(without_graphs(model), head="Default"), folder, "heads.model-mliap_lammps.pt")
        if name == "agnesi":
            save(jit.compile(LAMMPS_MACE(copy.deepcopy(model))), folder, "agnesi.model-lammps.pt", script=True)
            save(jit.compile(copy.deepcopy(model)), folder, "agnesi_compiled.model", script=True)
        # Single-precision weights, but double-precision arithmetic.
        model = model.double()
        torch.set_default_dtype(torch.float64)
        values, rng = {}, np.random.default_rng(7)
        for s, atoms in structures(c["elements"], rng).items():
            for head in c["heads"] or [None]:
                for charge, spin in [(1.0, 2), (0.0, 1)] if "embedding_specs" in c else [(None, None)]:
                    extra = {} if charge is None else {"total_charge": torch.tensor([charge]), "total_spin": torch.tensor([float(spin)])}
                    r = evaluate(model, atoms, head, extra)
                    case = s + (f"_{head}" if head else "") + ("" if charge is None else f"_{int(charge)}_{spin}")
                    print(" ", case, r["energy"], "F", abs(r["forces"]).max())
                    values.update({f"{case}__{key}": value for key, value in r.items()})
        np.savez_compressed(os.path.join(folder, name + ".npz"), **values)


main(sys.argv[1])
