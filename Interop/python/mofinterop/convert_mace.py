"""Writes a MACE model as a safetensors file that a model card of kind ``mace`` can name.

    python -m mofinterop.convert_mace model.model model.safetensors

Only for models whose pickled file the library does not read by itself, such as those of a version of MACE or e3nn that
pickles otherwise: this needs PyTorch and the MACE that made the model. Nothing is rounded: single-precision weights stay
what they are.
"""

import argparse
import json
import pickle
import struct
import sys

FORMAT = "mofinterop-mace-1"

def describe(model):
    """What a model is made of, by the names of its modules; the library's MaceText.cs reads it."""
    interactions, products, readouts = list(model.interactions), list(model.products), list(model.readouts)
    embedding = model.radial_embedding
    transform = getattr(embedding, "distance_transform", None)
    weights = model.node_embedding.linear.weight
    radial = getattr(getattr(interactions[0].conv_tp_weights, "layer0", None), "act", None)
    text = {
        "model_class": type(model).__name__,
        "stored_dtype": str(weights.dtype),
        "r_max": float(model.r_max if hasattr(model, "r_max") else embedding.bessel_fn.r_max),
        "radial_type": type(embedding.bessel_fn).__name__,
        "cutoff_type": type(embedding.cutoff_fn).__name__,
        "distance_transform": None if transform is None else type(transform).__name__,
        "pair_repulsion": hasattr(model, "pair_repulsion_fn"),
        "interaction_classes": [type(one).__name__ for one in interactions],
        "readout_classes": [type(one).__name__ for one in readouts],
        "heads": list(getattr(model, "heads", None) or []) or None,
        "atomic_numbers": [int(number) for number in model.atomic_numbers],
        "avg_num_neighbors": [float(one.avg_num_neighbors) for one in interactions],
        "apply_cutoff": bool(getattr(embedding, "apply_cutoff", True)),
        "use_so3": bool(getattr(model, "use_so3", False)),
        "agnostic": [bool(getattr(one, "use_agnostic_product", False)) for one in products],
        "readout_heads": [int(getattr(one, "num_heads", 1)) for one in readouts],
        "inputs": _inputs(model),
        "gate_activations": _gates(interactions),
        "unknown": ["joint_embedding"] if hasattr(model, "joint_embedding") and not getattr(model, "embedding_specs", None) else [],
        "modules": {f"products.{t}": {"use_sc": bool(one.use_sc)} for t, one in enumerate(products)},
    }
    if radial is not None:
        text["radial_MLP_act"], text["radial_MLP_act_cst"] = radial.f.__name__.lower(), float(radial.cst)
    activation = getattr(readouts[-1], "non_linearity", None)
    if activation is not None:
        text["gate"] = activation.acts[0].f.__name__.lower()
        text["gate_normalize2mom_cst"] = float(activation.acts[0].cst)
    for name, module in model.named_modules():
        if type(module).__module__.startswith(("cuequivariance", "openequivariance")):
            raise ValueError(f"{name} is made for kernels of CUDA ({type(module).__module__}): convert the model back with "
                             "mace_cueq_to_e3nn (or mace_oeq_to_e3nn) first")
        if hasattr(module, "instructions") and hasattr(module, "irreps_out"):
            text["modules"][name] = _operation(module)
    return text


def _inputs(model):
    """What features depend on beside elements."""
    return [{"name": name, "type": one["type"], "per": one["per"], "offset": int(one.get("offset", 0))}
            for name, one in (getattr(model, "embedding_specs", None) or {}).items()]


def _gates(interactions):
    """The activations of nonlinear interactions."""
    found = {}
    for t, interaction in enumerate(interactions):
        for part in ("act_scalars", "act_gates"):
            activations = getattr(getattr(getattr(interaction, "equivariant_nonlin", None), part, None), "acts", None)
            if activations:
                found[f"interactions.{t}.{part}"] = {"name": activations[0].f.__name__.lower(), "cst": float(activations[0].cst)}
    return found


def _operation(module):
    if hasattr(module, "irreps_in1"):
        return {
            "irreps_in1": str(module.irreps_in1), "irreps_in2": str(module.irreps_in2), "irreps_out": str(module.irreps_out),
            "instructions": [
                {"i_in1": one.i_in1, "i_in2": one.i_in2, "i_out": one.i_out, "mode": one.connection_mode,
                 "has_weight": bool(one.has_weight), "path_weight": float(one.path_weight)} for one in module.instructions]}
    return {
        "irreps_in": str(module.irreps_in), "irreps_out": str(module.irreps_out),
        "instructions": [{"i_in": one.i_in, "i_out": one.i_out, "path_weight": float(one.path_weight)} for one in module.instructions]}


def numbers(model):
    """Parameters and buffers by name, those that are not persistent too."""
    import torch

    found = {**model.state_dict(), **dict(model.named_buffers())}
    return {
        name: tensor.detach().cpu().to(torch.float64 if tensor.dtype.is_floating_point else torch.int64).contiguous().numpy()
        for name, tensor in found.items() if tensor.numel() > 0 and not name.endswith("output_mask")}


def write(path, description, arrays):
    """Writes a safetensors file (github.com/huggingface/safetensors) of double-precision numbers and integers."""
    header, data, offset = {"__metadata__": {"format": FORMAT, "mace": json.dumps(description)}}, [], 0
    for name, array in arrays.items():
        kind = "F64" if array.dtype.kind == "f" else "I64"
        content = array.astype("<f8" if kind == "F64" else "<i8").tobytes()
        header[name] = {"dtype": kind, "shape": list(array.shape), "data_offsets": [offset, offset + len(content)]}
        data.append(content)
        offset += len(content)
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)))
        file.write(text)
        for content in data:
            file.write(content)


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m mofinterop.convert_mace", description="Writes a MACE model as a safetensors file.")
    parser.add_argument("model", help="as MACE saved it (.model)")
    parser.add_argument("output", help="the .safetensors file to write")
    options = parser.parse_args(arguments)
    import torch

    try:
        # This runs what the file says: only for files that are trusted, as any use of it in MACE.
        model = torch.load(options.model, map_location="cpu", **({"weights_only": False} if torch.__version__ >= "2" else {}))
        write(options.output, describe(model), numbers(model))
    except (OSError, AttributeError, ValueError, RuntimeError, ImportError, pickle.UnpicklingError) as error:
        sys.exit(f"{options.model}: cannot be converted: {error}")


if __name__ == "__main__":
    main()
