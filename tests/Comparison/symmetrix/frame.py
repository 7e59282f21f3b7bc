"""A structure as lists of edges for time.cpp. Usage: frame.py structure.npz cutoff frame.txt atomic-numbers… (of the model, ascending)"""
import sys

import numpy
from ase import Atoms
from ase.neighborlist import neighbor_list

structure = numpy.load(sys.argv[1])
cutoff, target = float(sys.argv[2]), sys.argv[3]
types = sorted(int(one) for one in sys.argv[4:])
atoms = Atoms(structure["numbers"], structure["positions"], cell=structure["cell"], pbc=structure["pbc"])
i, j, r, vectors = neighbor_list("ijdD", atoms, cutoff)
kinds = [types.index(one) for one in atoms.numbers]
with open(target, "w") as file:
    print(len(atoms), len(i), file=file)
    for kind, count in zip(kinds, numpy.bincount(i, minlength=len(atoms))):
        print(kind, count, file=file)
    for other, distance, (x, y, z) in zip(j, r, vectors):
        print(other, kinds[other], f"{x:.17g} {y:.17g} {z:.17g} {distance:.17g}", file=file)
