#!/usr/bin/env python3
"""Writes what bench_lammps.sh runs: MOF-5 as LAMMPS data files (106 and 424 atoms) and a SNAP of the size that is
used for MOFs (7 species, 2J = 8). Its coefficients are noise: they take the same time as fitted ones, and atoms that
are not moved do not need more.

usage: mof5_lammps.py MOF-5.cif FOLDER        needs ASE (Debian: python3-ase, /usr/bin/python3)
"""
import random
import sys

import numpy as np
from ase.build import make_supercell
from ase.io import read
from ase.neighborlist import natural_cutoffs, neighbor_list

LABELS = ["C3a", "C3b", "C3c", "H1a", "O2a", "O4a", "Zn4a"]
MASSES = [12.011, 12.011, 12.011, 1.008, 15.999, 15.999, 65.38]
# Radius and weight of each; radii and rcutfac are those published for ZIF-8, so that neighbours are as many as in use.
RADII = [0.461, 0.445, 0.473, 0.277, 0.452, 0.452, 0.417]
WEIGHTS = [1.0, 0.9, 0.95, 0.8, 0.75, 1.2, 0.3]
PRIMITIVE = np.array([[0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]])


def types(atoms):
    """The type of each atom (0..6) by what it is bonded to."""
    first, second = neighbor_list("ij", atoms, natural_cutoffs(atoms, mult=1.2))
    symbols = np.array(atoms.get_chemical_symbols())
    result = []
    for i, symbol in enumerate(symbols):
        around = list(symbols[second[first == i]])
        if symbol == "C":
            label = "C3a" if "O" in around else "C3c" if "H" in around else "C3b"
        elif symbol == "O":
            label = "O4a" if around.count("Zn") == 4 else "O2a"
        else:
            label = {"H": "H1a", "Zn": "Zn4a"}[symbol]
        result.append(LABELS.index(label))
    return result


def write_data(path, atoms):
    atoms = atoms.copy()
    atoms.rattle(0.05, seed=1)
    kinds = types(atoms)
    # LAMMPS wants a along x and b in the xy plane.
    cell = atoms.cell.standard_form()[0][:]
    positions = atoms.get_scaled_positions(wrap=True) @ cell
    with open(path, "w") as out:
        out.write(f"MOF-5\n\n{len(atoms)} atoms\n{len(LABELS)} atom types\n")
        out.write(f"0 {cell[0, 0]} xlo xhi\n0 {cell[1, 1]} ylo yhi\n0 {cell[2, 2]} zlo zhi\n")
        out.write(f"{cell[1, 0]} {cell[2, 0]} {cell[2, 1]} xy xz yz\n\nMasses\n\n")
        out.writelines(f"{k + 1} {mass} # {label}\n" for k, (label, mass) in enumerate(zip(LABELS, MASSES)))
        out.write("\nAtoms # atomic\n\n")
        out.writelines(f"{i + 1} {kinds[i] + 1} {x} {y} {z}\n" for i, (x, y, z) in enumerate(positions))


def write_potential(folder):
    noise = random.Random(1)
    with open(f"{folder}/mof5.snapcoeff", "w") as out:
        out.write(f"# noise, for timing only\n\n{len(LABELS)} 56\n")
        for label, radius, weight in zip(LABELS, RADII, WEIGHTS):
            out.write(f"{label} {radius} {weight}\n")
            out.writelines(f"{noise.gauss(0, 1e-3)}\n" for _ in range(56))
    with open(f"{folder}/mof5.snapparam", "w") as out:
        out.write("rcutfac 4.0\ntwojmax 8\nrfac0 0.99363\nrmin0 0\nbzeroflag 1\nquadraticflag 0\nswitchflag 1\n")


def main(cif, folder):
    atoms = read(cif)
    conventional = atoms if len(atoms) == 424 else make_supercell(atoms, np.linalg.inv(PRIMITIVE).round().astype(int))
    primitive = atoms if len(atoms) == 106 else None
    if len(conventional) != 424:
        sys.exit(f"{cif}: {len(atoms)} atoms; expected MOF-5 with 106 or 424")
    if primitive is None:
        # One of the four lattice points of the face-centred cell.
        cell = PRIMITIVE @ atoms.cell[:]
        scaled = np.linalg.solve(cell.T, atoms.positions.T).T % 1.0
        _, keep = np.unique((scaled.round(4) % 1.0), axis=0, return_index=True)
        primitive = atoms[keep]
        primitive.set_cell(cell)
    write_data(f"{folder}/mof5-106.data", primitive)
    write_data(f"{folder}/mof5-424.data", conventional)
    write_potential(folder)


if __name__ == "__main__":
    main(*sys.argv[1:])
