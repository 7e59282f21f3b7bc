"""Makes small Allegro models with random weights, deploys them as nequip-deploy does, and evaluates them with libtorch: python make_allegro.py FOLDER, once with NequIP 0.5.6 and once with 0.6.1 (README.md)."""
import copy
import os
import sys
import zipfile

import allegro
import ase
import ase.neighborlist
import e3nn
import nequip
import numpy as np
import torch
import yaml
from e3nn.util.jit import script
from nequip.model import model_from_config
from nequip.utils import Config

torch.set_num_threads(1)
PARTS = {"056": ["plain", "full"], "061": ["zbl", "so3", "single"]}
VERSION = nequip.__version__.replace(".", "")[:3]

def config(**changes):
    c = dict(
        model_builders=["allegro.model.Allegro", "PerSpeciesRescale", "StressForceOutput", "RescaleEnergyEtc"],
        default_dtype="float64", r_max=4.0, avg_num_neighbors=7.5, num_basis=5, BesselBasis_trainable=True, PolynomialCutoff_p=6,
        l_max=1, parity="o3_full", num_layers=1, env_embed_multiplicity=4, embed_initial_edge=True,
        two_body_latent_mlp_latent_dimensions=[7, 8], two_body_latent_mlp_nonlinearity="silu", two_body_latent_mlp_initialization="uniform",
        latent_mlp_latent_dimensions=[8], latent_mlp_nonlinearity="silu", latent_mlp_initialization="uniform", latent_resnet=True,
        env_embed_mlp_latent_dimensions=[], env_embed_mlp_nonlinearity=None, env_embed_mlp_initialization="uniform",
        edge_eng_mlp_latent_dimensions=[5], edge_eng_mlp_nonlinearity=None, edge_eng_mlp_initialization="uniform",
        chemical_symbol_to_type={"H": 0, "C": 1}, global_rescale_scale=1.3, global_rescale_shift=None,
        per_species_rescale_scales=[1.2, 0.8], per_species_rescale_shifts=[-1.5, 2.25],
        allow_tf32=False, _jit_bailout_depth=2, _jit_fusion_strategy=[("DYNAMIC", 3)])
    c.update(changes)
    return c

FOUR = {"H": 0, "C": 1, "N": 2, "Zn": 3}
MODELS = {
    "plain": config(),
    "full": config(l_max=2, num_layers=2, chemical_symbol_to_type=FOUR, per_edge_species_scale=True, latent_mlp_latent_dimensions=[10, 10], env_embed_multiplicity=3,
        two_body_latent_mlp_latent_dimensions=[7, 8, 10], per_species_rescale_shifts=[-1.5, 2.25, 0.5, -4.0], per_species_rescale_scales=[1.1, 0.9, 1.3, 0.7], r_max=4.5),
    "zbl": config(l_max=2, parity="o3_restricted", num_layers=3, chemical_symbol_to_type={"H": 0, "C": 1, "N": 2}, PolynomialCutoff_p=5.0, env_embed_mlp_latent_dimensions=[6],
        env_embed_mlp_nonlinearity="silu", edge_eng_mlp_nonlinearity="silu", env_embed_multiplicity=2,
        per_species_rescale_shifts=[-1.5, 2.25, 0.5], per_species_rescale_scales=None, pair_style="ZBL", units="metal", r_max=3.5, latent_resnet_update_ratios=[0.3, 0.6, 0.7],
        model_builders=["allegro.model.Allegro", "PerSpeciesRescale", "PairPotentialTerm", "StressForceOutput", "RescaleEnergyEtc"]),
    "so3": config(l_max=2, parity="so3", num_layers=2, normalize_basis=False, embed_initial_edge=True, linear_after_env_embed=True, latent_resnet=False, BesselBasis_trainable=False,
        latent_mlp_latent_dimensions=[8], cutoff_type="cosine", r_start_cos_ratio=0.7, per_layer_cutoffs=[4.0, 3.0, 2.5], avg_num_neighbors=12.0,
        per_species_rescale_shifts=None, per_species_rescale_scales=[0.8, 1.25], normalize_edge_energy_sum=False),
    "single": config(per_species_rescale_shifts=[-1.5, 2.25], l_max=3, num_layers=2, default_dtype="float32", env_embed_multiplicity=2),
}

def structures(symbols, rng):
    molecule = ase.Atoms("C2H4", [[0, 0, 0.66], [0, 0, -0.67], [0, 0.93, 1.24], [0.05, -0.92, 1.23], [0, 0.91, -1.25], [-0.04, -0.93, -1.22]])
    names = [s for s in symbols]
    cell = np.array([[3.1, 0.2, -0.3], [0.7, 2.9, 0.4], [-0.2, 0.5, 3.3]])
    small = ase.Atoms((names * 4)[:4], np.array([[0.1, 0.2, 0.05], [0.55, 0.45, 0.5], [0.1, 0.7, 0.6], [0.62, 0.05, 0.9]]) @ cell, cell=cell, pbc=True)
    result = {"molecule": molecule, "small_cell": small}
    if "Zn" in names:
        # Zinc and one imidazolate, about as in ZIF-4, open.
        result["fragment"] = ase.Atoms("ZnN2C3H3", [[0, 0, 0], [1.32, 1.45, 0.1], [2.91, 2.93, -0.15], [2.54, 1.72, -0.31], [0.9, 2.6, 0.55], [1.88, 3.5, 0.4], [3.22, 1.1, -0.9], [-0.04, 2.73, 1.0], [1.83, 4.53, 0.72]])
    for atoms in result.values():
        atoms.positions += rng.normal(0, 0.03, atoms.positions.shape)
    return result

def inputs(atoms, types, r_max, dtype):
    i, j, S = ase.neighborlist.neighbor_list("ijS", atoms, r_max)
    t = lambda a: torch.tensor(np.asarray(a), dtype=dtype)
    d = {"pos": t(atoms.positions), "edge_index": torch.tensor(np.stack([i, j]), dtype=torch.long), "atom_types": torch.tensor(types, dtype=torch.long),
         "edge_cell_shift": t(S), "cell": t(atoms.cell.array if atoms.pbc.any() else np.eye(3) * 100), "pbc": torch.tensor(atoms.pbc)}
    return d

def deploy(name, c, folder):
    dtype = getattr(torch, c["default_dtype"])
    torch.set_default_dtype(dtype)
    torch.manual_seed({"plain": 1, "full": 2, "zbl": 3, "so3": 4, "single": 5}[name])
    c = Config.from_dict(copy.deepcopy(c))
    model = model_from_config(c, initialize=True, deploy=True)
    with torch.no_grad():
        for key, p in list(model.named_parameters()):
            if key.endswith("per_edge_scales"):
                p.add_(0.2 * torch.randn_like(p))
            if key.endswith("bessel_weights"):
                p.mul_(1 + 0.05 * torch.randn_like(p))
    model.eval()
    scripted = script(copy.deepcopy(model))
    names = c["type_names"]
    meta = {"config": yaml.dump({k: v for k, v in dict(c).items()}), "nequip_version": nequip.__version__, "allegro_version": allegro.__version__, "torch_version": torch.__version__, "e3nn_version": e3nn.__version__,
            "r_max": str(float(c["r_max"])), "n_species": str(len(names)), "type_names": " ".join(names), "_jit_bailout_depth": "2", "_jit_fusion_strategy": "DYNAMIC,3", "allow_tf32": "0"}
    if VERSION != "056":
        meta["default_dtype"] = c["default_dtype"]; meta["model_dtype"] = c["default_dtype"]
    path = os.path.join(folder, name + ".pth")
    torch.jit.save(scripted, path + ".tmp", _extra_files={k: v.encode("ascii") for k, v in meta.items()})
    strip(path + ".tmp", path, name)
    loaded = torch.jit.load(path + ".tmp")
    os.remove(path + ".tmp")
    return model, c, loaded

def strip(source, target, name):
    """The same archive without debugging information, which is most of it."""
    with zipfile.ZipFile(source) as a, zipfile.ZipFile(target, "w") as b:
        top = a.namelist()[0].split("/")[0]
        for one in a.namelist():
            # Code is for libtorch; one of the models keeps it.
            if not one.endswith(".debug_pkl") and "/code/" not in one:
                info = zipfile.ZipInfo(name + one[len(top):], (1980, 1, 1, 0, 0, 0))
                info.compress_type = zipfile.ZIP_DEFLATED
                b.writestr(info, a.read(one))

class Recorder(torch.nn.Module):
    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def forward(self, *x):
        return self.inner(*x)

def evaluate(model, atoms, types, r_max, dtype):
    d = inputs(atoms, types, r_max, dtype)
    out = model(d)
    g = lambda k: out[k].detach().double().numpy()
    r = {"positions": atoms.positions, "types": np.array(types, dtype=np.int64), "atom_energies": g("atomic_energy").ravel(), "energy": g("total_energy").ravel(), "forces": g("forces"), "virial": g("virial").reshape(3, 3)}
    if atoms.pbc.any():
        r["cell"] = atoms.cell.array
        r["stress"] = g("stress").reshape(3, 3)
    return r

def main(folder):
    for name in PARTS[VERSION]:
        c0 = MODELS[name]
        rng = np.random.default_rng(7)
        model, c, loaded = deploy(name, c0, folder)
        dtype = getattr(torch, c0["default_dtype"])
        values = {}
        # The wrapper would round what comes in to the model's own precision.
        loaded, model, dtype = [m.model if type(model).__name__ == "GraphModel" else m for m in (loaded.double(), model.double())] + [torch.float64]
        inner = [m for m in model.modules() if type(m).__name__ == "Allegro_Module"][0]
        for kind in ("tps", "linears", "env_linears"):
            for k in range(len(getattr(inner, kind))):
                getattr(inner, kind)[k] = Recorder(getattr(inner, kind)[k])
        for s, atoms in structures(list(c["type_names"]), rng).items():
            types = [list(c["type_names"]).index(x) for x in atoms.get_chemical_symbols()]
            r = evaluate(loaded, atoms, types, c0["r_max"], dtype)
            seen = {}
            hooks = []
            for key, m in model.named_modules():
                short = key.split("func.")[-1]
                def hook(mod, i, o, short=short):
                    if isinstance(o, torch.Tensor):
                        seen[short] = o.detach().double().numpy()
                kept = any(x in short for x in ("latents.", "env_embed_mlps.", "tps.", "linears.", "final_latent")) or short.endswith((".basis", "edge_eng._module", "spharm.sh"))
                if kept and "_forward" not in short and ".inner" not in short and not isinstance(m, torch.jit.ScriptModule):
                    hooks.append(m.register_forward_hook(hook))
            eager = evaluate(model, atoms, types, c0["r_max"], dtype)
            for h in hooks: h.remove()
            print(name, s, len(atoms), "E", r["energy"], "maxF", abs(r["forces"]).max(), "script-eager", abs(r["atom_energies"] - eager["atom_energies"]).max(), abs(r["forces"] - eager["forces"]).max())
            for k, v in r.items(): values[s + "/" + k] = v
            d = inputs(atoms, types, c0["r_max"], dtype)
            if s == "molecule":
                values[s + "/edges"] = d["edge_index"].numpy()
                for k, v in seen.items():
                    values[s + "/layer/" + k] = v[:2]
        np.savez_compressed(os.path.join(folder, name + ".npz"), **{k.replace("/", "__"): v for k, v in values.items()})
        print([ (k, v.shape) for k, v in values.items() if "layer" in k][:60])

main(sys.argv[1])
