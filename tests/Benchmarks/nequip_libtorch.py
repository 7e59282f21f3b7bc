"""Processor seconds of libtorch for a deployed NequIP model: energy, forces and stress of one structure.

    OMP_NUM_THREADS=1 /usr/bin/python3 nequip_libtorch.py model.pth structure.extxyz [calls]

Needs Debian's python3-torch and python3-ase. The neighbour list is built before.
"""
import sys
import time

import numpy as np
import torch
from ase.io import read
from ase.neighborlist import neighbor_list

torch.set_num_threads(1)
path, structure = sys.argv[1:3]
calls = int(sys.argv[3]) if len(sys.argv) > 3 else 6
extra = {"type_names": "", "r_max": ""}
model = torch.jit.load(path, _extra_files=extra)
model.eval()
names, cutoff = extra["type_names"].decode().split(), float(extra["r_max"])
dtype = next(iter(model.parameters())).dtype
atoms = read(structure)
first, second, shift = neighbor_list("ijS", atoms, cutoff)
data = {
    "pos": torch.tensor(atoms.positions, dtype=dtype),
    "edge_index": torch.tensor(np.array([first, second])),
    "edge_cell_shift": torch.tensor(shift, dtype=dtype),
    "cell": torch.tensor(np.array(atoms.cell), dtype=dtype).reshape(1, 3, 3),
    "pbc": torch.tensor(atoms.pbc),
    "atom_types": torch.tensor([names.index(symbol) for symbol in atoms.get_chemical_symbols()]),
    "batch": torch.zeros(len(atoms), dtype=torch.long),
    "ptr": torch.tensor([0, len(atoms)]),
}
for _ in range(calls):
    wall, used = time.perf_counter(), time.process_time()
    result = model({key: value.clone() for key, value in data.items()})
    print(f"{time.process_time() - used:.3f} s of processor time, {time.perf_counter() - wall:.3f} s, energy {result['total_energy'].item():.6f}", flush=True)
