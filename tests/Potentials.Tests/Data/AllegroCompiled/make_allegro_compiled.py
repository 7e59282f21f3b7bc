"""Makes small Allegro models with random weights, compiles them as nequip-compile does, and evaluates them with libtorch."""
import sys
import torch
from allegro.model import AllegroModel
from allegro.nn import TwoBodyBesselScalarEmbed, TwoBodySplineScalarEmbed
from make_nequip import VERSION, main, zbl

BASE = dict(model_dtype="float64", r_max=4.0, avg_num_neighbors=7.5, num_layers=2, l_max=1, num_scalar_features=4, num_tensor_features=3,
    allegro_mlp_hidden_layers_depth=1, allegro_mlp_hidden_layers_width=5, readout_mlp_hidden_layers_depth=1, readout_mlp_hidden_layers_width=4)

def bessel(**options):
    return lambda **k: TwoBodyBesselScalarEmbed(**options, **k)

def spline(**options):
    return lambda **k: TwoBodySplineScalarEmbed(**options, **k)

MLP = dict(scalar_embed_mlp_hidden_layers_depth=1, scalar_embed_mlp_hidden_layers_width=6)
MODELS = {
    # allegro 0.4 has the network behind the two-body embedding within that.
    "0.7.1": {"early": dict(seed=1, type_names=["H", "C"], parity_setting="o3_full", tp_path_channel_coupling=False, per_type_energy_scales=[12.0, 8.0], per_type_energy_shifts=[-1.5, 2.25],
        scalar_embed=bessel(num_bessels=5, bessel_trainable=True, two_body_embedding_dim=6, two_body_mlp_hidden_layers_depth=1, two_body_mlp_hidden_layers_width=6))},
    "0.12.1": {
        "pairs": dict(MLP, seed=2, type_names=["H", "C", "N", "Zn"], l_max=2, parity=True, r_max=4.5, num_layers=3, per_edge_type_cutoff={"H": 2.5, "C": {"H": 2.75, "C": 4.0}, "Zn": {"N": 3.5}}, radial_chemical_embed_dim=6,
            radial_chemical_embed=bessel(num_bessels=4, polynomial_cutoff_p=5), per_type_energy_scales=20.0, per_type_energy_shifts={"H": -1.5, "C": 2.25, "N": 0.5, "Zn": -4.0}),
        "spline": dict(MLP, seed=3, type_names=["H", "C", "N"], l_max=2, parity=False, radial_chemical_embed=spline(num_splines=6, spline_span=4), pair_potential=zbl, per_type_energy_scales=10.0)},
    "0.19.0": {
        "plain": dict(MLP, seed=4, type_names=["H", "C"], num_layers=1, parity=False, radial_chemical_embed=bessel(num_bessels=5), readout_mlp_hidden_layers_depth=0, per_type_energy_scales=10.0),
        "single": dict(MLP, seed=5, type_names=["H", "C"], model_dtype="float32", l_max=3, num_layers=2, parity=True, radial_chemical_embed=bessel(num_bessels=5), allegro_mlp_nonlinearity=None, allegro_mlp_hidden_layers_depth=2, per_type_energy_scales=10.0)},
}

def build(options):
    model = AllegroModel(**{**BASE, **options})
    generator = torch.Generator().manual_seed(options["seed"])
    with torch.no_grad():
        for key, p in model.named_parameters():
            if key.endswith("bessel_weights"):
                p.mul_(1 + 0.05 * torch.randn(p.shape, generator=generator, dtype=p.dtype))
    return model

if __name__ == "__main__":
    main(sys.argv[1], MODELS[VERSION], build)
