"""Makes small NequIP models with random weights, compiles them as nequip-compile does, and evaluates them with libtorch."""
import os, sys, zipfile
import numpy as np, torch
import ase, ase.neighborlist
import nequip, e3nn
import nequip.utils.global_state
from e3nn.util.jit import script
from nequip.model.nequip_models import NequIPGNNModel
from nequip.nn.pair_potential import ZBL
from nequip.utils.compile import prepare_model_for_compile

torch.set_num_threads(1)
nequip.utils.global_state._GLOBAL_STATE_INITIALIZED = True
VERSION = nequip.__version__

def zbl(type_names, irreps_in):
    return ZBL(type_names=type_names, chemical_species=list(type_names), units="metal", irreps_in=irreps_in)

BASE = dict(model_dtype="float64", r_max=4.0, num_bessels=5, avg_num_neighbors=7.5, radial_mlp_depth=1, radial_mlp_width=6, num_features=3)
MODELS = {
    "0.7.1": {"first": dict(seed=1, type_names=["H", "C"], num_layers=3, l_max=1, parity=True, bessel_trainable=True, per_type_energy_scales=[1.2, 0.8], per_type_energy_shifts=[-1.5, 2.25], pair_potential=zbl)},
    "0.12.1": {
        "pairs": dict(seed=2, type_names=["H", "C", "N", "Zn"], num_layers=2, l_max=2, parity=False, num_features=2, polynomial_cutoff_p=5, r_max=4.5, radial_mlp_depth=2,
            per_edge_type_cutoff={"H": 2.5, "C": {"H": 2.75, "C": 4.0}, "Zn": {"N": 3.5}}, per_type_energy_scales=20.0, per_type_energy_shifts={"H": -1.5, "C": 2.25, "N": 0.5, "Zn": -4.0}),
        "plain": dict(seed=3, type_names=["H", "C"], num_layers=1, l_max=1, parity=True, per_type_energy_scales=10.0)},
    "0.19.0": {
        "latest": dict(seed=4, type_names=["H", "C", "N"], num_layers=3, l_max=2, parity=True, num_features=[4, 2, 2], type_embed_num_features=5, radial_mlp_depth=0, readout_mlp_hidden_layers_depth=1, readout_mlp_hidden_layers_width=6,
            avg_num_neighbors={"H": 4.0, "C": 9.0, "N": 6.5}, per_edge_type_cutoff={"H": {"H": 2.5}}, per_type_energy_scales={"H": 20.0, "C": 30.0, "N": 25.0}, per_type_energy_shifts={"H": -1.5, "C": 2.25, "N": 0.5}, pair_potential=zbl),
        "single": dict(seed=5, type_names=["H", "C"], model_dtype="float32", num_layers=2, l_max=3, parity=False, per_type_energy_scales=10.0, per_type_energy_shifts={"H": -1.5, "C": 2.25})},
}

def structures(symbols, rng):
    molecule = ase.Atoms("C2H4", [[0, 0, 0.66], [0, 0, -0.67], [0, 0.93, 1.24], [0.05, -0.92, 1.23], [0, 0.91, -1.25], [-0.04, -0.93, -1.22]])
    names = list(symbols)
    cell = np.array([[3.1, 0.2, -0.3], [0.7, 2.9, 0.4], [-0.2, 0.5, 3.3]])
    small = ase.Atoms((names * 4)[:4], np.array([[0.1, 0.2, 0.05], [0.55, 0.45, 0.5], [0.1, 0.7, 0.6], [0.62, 0.05, 0.9]]) @ cell, cell=cell, pbc=True)
    result = {"molecule": molecule, "small_cell": small}
    if "Zn" in names:
        # Zinc and one imidazolate, about as in ZIF-4, open.
        result["fragment"] = ase.Atoms("ZnN2C3H3", [[0, 0, 0], [1.32, 1.45, 0.1], [2.91, 2.93, -0.15], [2.54, 1.72, -0.31], [0.9, 2.6, 0.55], [1.88, 3.5, 0.4], [3.22, 1.1, -0.9], [-0.04, 2.73, 1.0], [1.83, 4.53, 0.72]])
    for atoms in result.values():
        atoms.positions += rng.normal(0, 0.03, atoms.positions.shape)
    return result

def build(options):
    model = NequIPGNNModel(**{**BASE, **options})
    generator = torch.Generator().manual_seed(options["seed"])
    with torch.no_grad():
        for key, p in model.named_parameters():
            if key.endswith("bessel_weights"):
                p.mul_(1 + 0.05 * torch.randn(p.shape, generator=generator, dtype=p.dtype))
    return model

def strip(source, target, name):
    """The same archive without debugging information and without code but that of activations: the rest is most of it."""
    with zipfile.ZipFile(source) as a, zipfile.ZipFile(target, "w") as b:
        top = a.namelist()[0].split("/")[0]
        for one in a.namelist():
            code = "/code/" in one and "_normalize_activation" not in one
            if not one.endswith(".debug_pkl") and not code:
                info = zipfile.ZipInfo(name + one[len(top):], (1980, 1, 1, 0, 0, 0))
                info.compress_type = zipfile.ZIP_DEFLATED
                b.writestr(info, a.read(one))

def evaluate(model, atoms, types, r_max):
    i, j, S = ase.neighborlist.neighbor_list("ijS", atoms, r_max)
    t = lambda a: torch.tensor(np.asarray(a), dtype=torch.float64)
    out = model({"pos": t(atoms.positions), "edge_index": torch.tensor(np.stack([i, j]), dtype=torch.long), "atom_types": torch.tensor(types, dtype=torch.long),
         "edge_cell_shift": t(S), "cell": t(atoms.cell.array if atoms.pbc.any() else np.eye(3) * 100).view(1, 3, 3)})
    g = lambda k: out[k].detach().double().numpy()
    r = {"positions": atoms.positions, "types": np.array(types, dtype=np.int64), "atom_energies": g("atomic_energy").ravel(), "energy": g("total_energy").ravel(), "forces": g("forces"), "virial": g("virial").reshape(3, 3)}
    if atoms.pbc.any():
        r["cell"] = atoms.cell.array
        r["stress"] = g("stress").reshape(3, 3)
    return r

def main(folder, models, build):
    for name, options in models.items():
        path = os.path.join(folder, name + ".nequip.pth")
        model = build(options)
        metadata = {k: str(v).encode("ascii") for k, v in {**model.metadata, "allow_tf32": "0"}.items()} if VERSION[:3] != "0.7" else \
            {k: v.encode("ascii") for k, v in {"r_max": str(options.get("r_max", 4.0)), "type_names": " ".join(options["type_names"]), "num_types": str(len(options["type_names"])), "model_dtype": "float64", "allow_tf32": "0"}.items()}
        scripted = script(prepare_model_for_compile(model, torch.device("cpu")))
        torch.jit.save(scripted, path + ".tmp", _extra_files=metadata)
        strip(path + ".tmp", path, name)
        loaded = torch.jit.load(path + ".tmp")
        exact = loaded
        if options.get("model_dtype") == "float32":
            # What comes in is rounded inside of the model: one of double precision with the same weights.
            exact = build({**options, "model_dtype": "float64"})
            state = exact.state_dict()
            exact.load_state_dict({k: v if "w3j" in k else model.state_dict()[k].to(v.dtype) for k, v in state.items()})
        values = {}
        for s, atoms in structures(options["type_names"], np.random.default_rng(7)).items():
            types = [options["type_names"].index(x) for x in atoms.get_chemical_symbols()]
            r = evaluate(exact, atoms, types, options.get("r_max", 4.0))
            q = evaluate(loaded, atoms, types, options.get("r_max", 4.0))
            print(name, s, len(atoms), "E", r["energy"], "maxF", abs(r["forces"]).max(), "other", abs(r["atom_energies"] - q["atom_energies"]).max(), abs(r["forces"] - q["forces"]).max())
            for k, v in r.items(): values[s + "__" + k] = v
        os.remove(path + ".tmp")
        np.savez_compressed(os.path.join(folder, name + ".npz"), **values)
        print(os.path.getsize(path), metadata)

if __name__ == "__main__":
    main(sys.argv[1], MODELS[VERSION], build)
