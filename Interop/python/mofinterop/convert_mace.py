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

# Attributes that change what a model computes and that the library does not know.
_UNKNOWN = ("joint_embedding", "embedding_specs", "embedding_readout", "use_last_readout_only", "use_so3", "use_agnostic_product")


def describe(model):
    """What a model is made of, by the names of its modules; the library's MaceText.cs reads it."""
    interactions, products, readouts = list(model.interactions), list(model.products), list(model.readouts)
    embedding = model.radial_embedding
    transform = getattr(embedding, "distance_transform", None)
    weights = model.node_embedding.linear.weight
    radial = interactions[0].conv_tp_weights.layer0.act
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
        "radial_MLP_act": radial.f.__name__.lower(),
        "radial_MLP_act_cst": float(radial.cst),
        "unknown": [name for name in _UNKNOWN if getattr(model, name, None)],
        "modules": {f"products.{t}": {"use_sc": bool(one.use_sc)} for t, one in enumerate(products)},
    }
    if not getattr(model, "apply_cutoff", True):
        text["unknown"].append("apply_cutoff")
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
