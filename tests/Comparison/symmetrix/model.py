"""A MACE model (weights.npz and hyper.json, see docs/performance.md) in the JSON format of symmetrix, as its own extraction writes it:
two layers, harmonics up to l = 3, radial functions as cubic splines of 256 points, some elements only.
Usage: model.py folder model.json [points [atomic numbers…]]"""
import itertools
import json
import sys

import numpy
from scipy.interpolate import CubicSpline

folder, target = sys.argv[1:3]
points = int(sys.argv[3]) if len(sys.argv) > 3 else 256
weights = numpy.load(f"{folder}/weights.npz")
hyper = json.load(open(f"{folder}/hyper.json"))
modules = hyper["modules"]
channels = hyper["channels"]
numbers = sorted(int(one) for one in sys.argv[4:]) or hyper["atomic_numbers"]
chosen = [hyper["atomic_numbers"].index(one) for one in numbers]
elements = len(numbers)
cutoff = hyper["r_max"]
L_MAX = 3


def linear(name):
    """Matrices of a linear map, in the order of its instructions."""
    flat, first, result = weights[name + ".weight"], 0, []
    for one in modules[name]["instructions"]:
        rows, columns = one["path_shape"]
        result.append(one["path_weight"] * flat[first:first + rows * columns].reshape(rows, columns))
        first += rows * columns
    return result


def skip(name):
    """Matrices of a map by elements, [instruction][element]."""
    flat, first, result = weights[name + ".weight"], 0, []
    for number, one in enumerate(modules[name]["instructions"]):
        shape = one["path_shape"]
        matrix = flat[first:first + numpy.prod(shape)].reshape(shape)
        first += numpy.prod(shape)
        factor = one["path_weight"] / numpy.sqrt(2 * number + 1)
        result.append([factor * matrix[:, element, :] for element in chosen])
    return result


def radial(layer, r):
    """Weights of edges, [points][weights]."""
    u, p = r[:, None] / cutoff, hyper["num_polynomial_cutoff"]
    envelope = 1 - (p + 1) * (p + 2) / 2 * u**p + p * (p + 2) * u**(p + 1) - p * (p + 1) / 2 * u**(p + 2)
    bessel = weights["radial_embedding.bessel_fn.bessel_weights"]
    h = weights["radial_embedding.bessel_fn.prefactor"] * numpy.sin(bessel * r[:, None]) / r[:, None] * envelope * (u < 1)
    name = f"interactions.{layer}.conv_tp_weights.layer%d.weight"
    for k in itertools.count():
        h = h @ weights[name % k] / numpy.sqrt(h.shape[1])
        if name % (k + 1) not in weights.files:
            return h
        h = hyper["radial_MLP_act_cst"] * h / (1 + numpy.exp(-h))


def splines(values, r):
    """Values and slopes at the points, [function][points], once for each pair of elements."""
    made = [CubicSpline(r, values[:, k], bc_type=("not-a-knot", "clamped")) for k in range(values.shape[1])]
    pairs = elements * (elements + 1) // 2
    return [[one(r).tolist() for one in made]] * pairs, [[one(r, 1).tolist() for one in made]] * pairs


def polynomials(layer, block, degree):
    """Monomials and coefficients of a symmetric contraction: [m] of monomials, [element][m][channel] of coefficients."""
    name = f"products.{layer}.symmetric_contractions.contractions.{block}."
    order = hyper["correlation"][layer]
    keys, values = [], [[] for _ in range(elements)]
    for m in range(2 * degree + 1):
        sums = {}
        for nu in range(1, order + 1):
            u = weights[f"{name}U_matrix_{nu}"]
            u = u[m] if degree > 0 else u
            w = weights[name + ("weights_max" if nu == order else f"weights.{order - 1 - nu}")]
            for place in numpy.argwhere(numpy.abs(u).max(axis=-1) > 1e-12):
                key = tuple(sorted(place.tolist()))
                sums[key] = sums.get(key, 0) + numpy.einsum("k,akc->ac", u[tuple(place)], w[chosen])
        keys.append([list(key) for key in sums])
        for element in range(elements):
            values[element].append([[float(one[element, c]) for one in sums.values()] for c in range(channels)])
    return keys, values


def couplings(tensor_product, features):
    """The Clebsch-Gordan coefficients of the second layer, by places in the sums and in the products."""
    paths = tensor_product["instructions"]
    degrees = [(int(one["i_in1"]), int(one["i_in2"])) for one in paths]
    results = [int(one[-2]) for one in tensor_product["irreps_out"].split("+")]
    widths = [(2 * l1 + 1) * (2 * l2 + 1) for l2, l1 in degrees]
    places, targets, coefficients = [], [], []
    for path, one in enumerate(paths):
        (l2, l1), result = degrees[path], results[path]
        same = [k for k in range(len(paths)) if results[k] == result]
        first = sum(2 * l + 1 for l in results if l < result)
        name = f"interactions.1.conv_tp._compiled_main_left_right._w3j_{l2}_{l1}_{result}"
        if name in weights.files:
            tensor = weights[name]
        else:
            tensor = numpy.zeros((2 * l2 + 1, 2 * l1 + 1, 2 * result + 1))
            for i, j, k in numpy.ndindex(tensor.shape):
                if (l2 == 0 and j == k) or (l1 == 0 and i == k) or (result == 0 and i == j):
                    tensor[i, j, k] = 1 / numpy.sqrt(2 * max(l1, l2) + 1)
        for (i, j, k), value in numpy.ndenumerate(tensor):
            if abs(value) > 1e-12:
                places.append(sum(widths[:path]) + j * (2 * l2 + 1) + i)
                targets.append(first + k * len(same) + same.index(path))
                coefficients.append(float(one["path_weight"] * value))
    return [l1 for _, l1 in degrees], [l2 for l2, _ in degrees], results, targets, coefficients, places


r, step = numpy.linspace(1e-12, cutoff, points, retstep=True)
first_values, first_slopes = splines(radial(0, r), r)
second_values, second_slopes = splines(radial(1, r), r)
making, sending = linear("products.0.linear"), linear("interactions.1.linear_up")
highest = len(making) - 1
neighbors = hyper["avg_num_neighbors"]
embedding = linear("node_embedding.linear")[0][chosen] @ linear("interactions.0.linear_up")[0]
receiving, mixing = linear("interactions.0.linear"), skip("interactions.0.skip_tp")
monomials, coefficients = {}, [{} for _ in range(elements)]
for l in range(highest + 1):
    keys, values = polynomials(0, l, l)
    for m in range(2 * l + 1):
        monomials[str(l * l + m)] = keys[m]
        for element in range(elements):
            coefficients[element][str(l * l + m)] = {str(c): values[element][m][c] for c in range(channels)}
l1, l2, results, targets, values, places = couplings(modules["interactions.1.conv_tp"], highest)
last_keys, last_values = polynomials(1, 0, 0)
back = numpy.linalg.inv(sending[0])
scale = hyper["scale"]
readout_1, readout_2 = linear("readouts.1.linear_1")[0], linear("readouts.1.linear_2")[0]
json.dump({
    "num_channels": channels, "r_cut": cutoff, "l_max": L_MAX, "L_max": highest, "atomic_numbers": numbers, "num_elements": elements,
    "atomic_energies": [energy + hyper["shift"] for energy in weights["atomic_energies_fn.atomic_energies"].flatten()[chosen].tolist()], "has_zbl": False,
    "radial_spline_h": step, "radial_spline_values_0": first_values, "radial_spline_derivs_0": first_slopes, "radial_spline_values_1": second_values, "radial_spline_derivs_1": second_slopes,
    "H0_weights": embedding.flatten().tolist(), "A0_scaled": False, "A1_scaled": False,
    "A0_weights": [[(receiving[l] / neighbors[0] @ mixing[l][element]).flatten().tolist() for l in range(L_MAX + 1)] for element in range(elements)],
    "M0_weights": {str(element): coefficients[element] for element in range(elements)}, "M0_monomials": monomials,
    "H1_weights": numpy.concatenate([(making[l] @ sending[l]).flatten() for l in range(highest + 1)]).tolist(),
    "Phi1_l": results, "Phi1_l1": l1, "Phi1_l2": l2, "Phi1_lme": targets, "Phi1_clebsch_gordan": values, "Phi1_lelm1lm2": places,
    "A1_weights": [(one / neighbors[1]).flatten().tolist() for one in linear("interactions.1.linear")],
    "M1_weights": {str(element): {str(c): last_values[element][0][c] for c in range(channels)} for element in range(elements)}, "M1_monomials": last_keys[0],
    "H2_weights_for_H1": [(back @ one).flatten().tolist() for one in skip("interactions.1.skip_tp")[0]], "H2_weights_for_M1": linear("products.1.linear")[0].flatten().tolist(),
    "readout_1_weights": (scale * back @ linear("readouts.0.linear")[0]).flatten().tolist(),
    "readout_2_weights_1": readout_1.T.flatten().tolist(), "readout_2_weights_2": (scale * readout_2).flatten().tolist(), "readout_2_scale_factor": hyper["gate_normalize2mom_cst"],
}, open(target, "w"))
