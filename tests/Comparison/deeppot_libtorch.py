#!/usr/bin/env python3
"""Energy, forces and virial of the benchmark's DeepPot-SE model by libtorch, one core.

The same network as `MofInterop.Benchmarks 0 3 deeppot FOLDER` has measured and written to FOLDER, as anybody would write it for libtorch: dense
arrays [atoms, places], a matrix product for all neighbours of a species, gradients by reverse differentiation. Prints both energies, which must
agree, and milliseconds of processor time; --compile traces the model first (TorchScript). Needs python3-torch, python3-ase.
"""
import argparse
import json
import os
import sys
import time

os.environ["OMP_NUM_THREADS"] = "1"
import numpy
import torch
from ase import Atoms
from ase.neighborlist import neighbor_list


class DeepPot(torch.nn.Module):
    def __init__(self, header, array, species, dtype):
        super().__init__()
        self.header = header
        self.smooth_from, self.cutoff = float(header["smooth_from"]), float(header["cutoff"])
        self.mean, self.radial, self.angular = (float(header[key]) for key in ("mean", "radial_deviation", "angular_deviation"))
        self.axis, self.places = int(header["axis"]), int(header["places"])

        def network(name):
            layers = []
            while f"{name}.{len(layers)}.weights" in header:
                bias = torch.tensor(array(f"{name}.{len(layers)}.bias"), dtype=dtype)
                layers.append((torch.tensor(array(f"{name}.{len(layers)}.weights"), dtype=dtype).reshape(-1, len(bias)), bias))
            return layers

        self.embedding = [network(f"embedding.{s}") for s in range(species)]
        self.fitting = [network(f"fitting.{s}") for s in range(species)]

    @staticmethod
    def apply(layers, x, linear_end):
        for k, (weights, bias) in enumerate(layers):
            y = torch.addmm(bias, x, weights)
            if not (linear_end and k == len(layers) - 1):
                y = torch.tanh(y)
                if weights.shape[1] == weights.shape[0]:
                    y = y + x
                elif weights.shape[1] == 2 * weights.shape[0]:
                    y = y + torch.cat([x, x], 1)
            x = y
        return x

    def forward(self, vectors, masks, centers):
        """vectors: by species of the neighbours [atoms, places, 3]; masks: [atoms, places], 1 for a neighbour."""
        t = 0
        for s, (vector, mask) in enumerate(zip(vectors, masks)):
            r = (vector * vector).sum(-1).sqrt()
            u = ((r - self.smooth_from) / (self.cutoff - self.smooth_from)).clamp(0, 1)
            smooth = mask * (u * u * u * (u * (15 - 6 * u) - 10) + 1) / r
            row = torch.cat([((smooth - self.mean) / self.radial).unsqueeze(-1), (smooth / r / self.angular).unsqueeze(-1) * vector], -1)
            g = self.apply(self.embedding[s], row[:, :, :1].reshape(-1, 1), False).reshape(row.shape[0], row.shape[1], -1)
            t = t + torch.bmm(row.transpose(1, 2), g)
        t = t / self.places
        d = torch.bmm(t.transpose(1, 2), t[:, :, : self.axis]).reshape(t.shape[0], -1)
        return torch.stack([self.apply(self.fitting[s], d[of], True).sum() for s, of in enumerate(centers)]).sum()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--precision", choices=["float64", "float32"], default="float64")
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--repeats", type=int, default=9)
    options = parser.parse_args()
    torch.set_num_threads(1)
    dtype = getattr(torch, options.precision)
    header = json.load(open(os.path.join(options.folder, "model.json")))
    numbers = numpy.fromfile(os.path.join(options.folder, "model.bin"))

    def array(name):
        begin, count = header[name]
        return numbers[begin : begin + count]

    types = numpy.array(header["types"])
    positions, cell = array("positions").reshape(-1, 3), array("cell").reshape(3, 3)
    places = header["places_of_species"]
    first, second, vector = neighbor_list("ijD", Atoms(positions=positions, cell=cell, pbc=True), header["cutoff"])
    dense = [numpy.full((len(types), count, 3), 2.0 * header["cutoff"]) for count in places]
    masks = [numpy.zeros((len(types), count)) for count in places]
    seconds = [numpy.zeros((len(types), count), dtype=int) for count in places]
    filled = numpy.zeros((len(types), len(places)), dtype=int)
    for i, j, d in zip(first, second, vector):
        s = types[j]
        place = filled[i, s]
        dense[s][i, place], masks[s][i, place], seconds[s][i, place] = d, 1, j
        filled[i, s] += 1

    tensors = [torch.tensor(one, dtype=dtype) for one in dense]
    masks = [torch.tensor(one, dtype=dtype) for one in masks]
    owners = [torch.tensor(one).reshape(-1) for one in seconds]
    centers = [torch.tensor(numpy.nonzero(types == s)[0]) for s in range(len(places))]
    model = DeepPot(header, array, len(places), dtype)
    if options.compile:
        with torch.no_grad():
            model = torch.jit.trace(model, (tensors, masks, centers))

    times = []
    for _ in range(options.repeats + 2):
        begin = time.process_time()
        vectors = [one.detach().requires_grad_() for one in tensors]
        energy = model(vectors, masks, centers)
        gradients = torch.autograd.grad(energy, vectors)
        forces = torch.zeros(len(types), 3, dtype=dtype)
        virial = torch.zeros(3, 3, dtype=dtype)
        for gradient, vector, owner in zip(gradients, vectors, owners):
            forces += gradient.sum(1)
            forces.index_add_(0, owner, -gradient.reshape(-1, 3))
            virial -= vector.detach().reshape(-1, 3).T @ gradient.reshape(-1, 3)
        times.append(1000 * (time.process_time() - begin))
    times = sorted(times[2:])
    difference = abs(energy.item() - header["energy"])
    print(f"{options.precision}{' traced' if options.compile else ''}: {times[0]:.1f} ms, median {times[len(times) // 2]:.1f}; energy {energy.item():.10f} eV, ours {header['energy']:.10f}")
    if difference > (1e-8 if options.precision == "float64" else 1e-2):
        sys.exit("the two energies differ")


if __name__ == "__main__":
    main()
