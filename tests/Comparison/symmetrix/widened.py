"""A MACE model of other size with random weights: the couplings of a given one, 128 channels, 10 Bessel functions, 6 angstrom (the size of MACE-MP-0).
Usage: widened.py folder-with-weights.npz-and-hyper.json target-folder"""
import json
import os
import sys

import numpy

CHANNELS, BESSEL, CUTOFF, SEED = 128, 10, 6.0, 2026
source, target = sys.argv[1:]
weights = dict(numpy.load(f"{source}/weights.npz"))
hyper = json.load(open(f"{source}/hyper.json"))
before = hyper["channels"]
sizes = {k * before: k * CHANNELS for k in (1, 2, 3)}
random = numpy.random.default_rng(SEED)


def irreps(text):
    blocks = [one.split("x") for one in text.split("+")]
    return "+".join(f"{sizes.get(int(count), int(count))}x{irrep}" for count, irrep in blocks)


for name, module in hyper["modules"].items():
    for key in module:
        if key.startswith("irreps"):
            module[key] = irreps(module[key])
    if module["type"] == "FullyConnectedNet":
        first, *hidden, last = module["hs"]
        module["hs"] = [BESSEL, *hidden, last // before * CHANNELS]
        shapes = zip(module["hs"], module["hs"][1:])
        weights.update({f"{name}.layer{k}.weight": random.standard_normal(shape) for k, shape in enumerate(shapes)})
    elif module["type"] in ("Linear", "FullyConnectedTensorProduct"):
        count = 0
        for one in module["instructions"]:
            inputs = one["path_shape"][0]
            if inputs in sizes:
                one["path_weight"] *= (before / CHANNELS) ** 0.5
            one["path_shape"] = [sizes.get(size, size) for size in one["path_shape"]]
            count += numpy.prod(one["path_shape"])
        weights[name + ".weight"] = random.standard_normal(count)
    elif module["type"] == "TensorProduct":
        for one in module["instructions"]:
            one["path_shape"] = [sizes.get(size, size) for size in one["path_shape"]]

for name, value in weights.items():
    if ".contractions." in name and "weights" in name:
        weights[name] = random.standard_normal((*value.shape[:2], CHANNELS)) / value.shape[1]

weights["radial_embedding.bessel_fn.bessel_weights"] = numpy.arange(1, BESSEL + 1) * numpy.pi / CUTOFF
weights["radial_embedding.bessel_fn.prefactor"] = numpy.array((2 / CUTOFF) ** 0.5)
for name in ("r_max", "radial_embedding.bessel_fn.r_max", "radial_embedding.cutoff_fn.r_max"):
    weights[name] = numpy.array(CUTOFF)
hyper.update(channels=CHANNELS, r_max=CUTOFF, num_bessel=BESSEL, hidden_irreps=irreps(hyper["hidden_irreps"]))
os.makedirs(target, exist_ok=True)
numpy.savez(f"{target}/weights.npz", **weights)
json.dump(hyper, open(f"{target}/hyper.json", "w"))
