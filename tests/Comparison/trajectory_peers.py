"""The radial distribution function of all pairs of atoms of a LAMMPS dump by another program.

usage: trajectory_peers.py mdanalysis|ase DATA DUMP FRAMES CUTOFF BINS
prints a JSON list: milliseconds of processor time a frame (reading included, start of the program not), and the value of the last bin.
DATA: a LAMMPS data file of the same atoms (atom_style atomic); DUMP: id type xu yu zu ..., sorted by id.
"""
import json
import sys
import time

import numpy


def mdanalysis(data, dump, frames, cutoff, bins):
    import warnings
    warnings.simplefilter("ignore")
    import MDAnalysis
    from MDAnalysis.analysis.rdf import InterRDF
    universe = MDAnalysis.Universe(data, dump, topology_format="DATA", format="LAMMPSDUMP", atom_style="id type x y z", lammps_coordinate_convention="unwrapped")
    atoms = universe.atoms
    start = time.process_time()
    # exclusion_block leaves out pairs of an atom with itself.
    found = InterRDF(atoms, atoms, nbins=bins, range=(0.0, cutoff), exclusion_block=(1, 1)).run(stop=frames)
    return time.process_time() - start, found.results.rdf[-1]


def ase(data, dump, frames, cutoff, bins):
    from ase.ga.utilities import get_rdf
    from ase.io import iread
    start = time.process_time()
    total = numpy.zeros(bins)
    for atoms in iread(dump, index=f":{frames}", format="lammps-dump-text"):
        total += get_rdf(atoms, cutoff, bins)[0]
    return time.process_time() - start, total[-1] / frames


def main(program, data, dump, frames, cutoff, bins):
    frames = int(frames)
    seconds, last = {"mdanalysis": mdanalysis, "ase": ase}[program](data, dump, frames, float(cutoff), int(bins))
    print(json.dumps([1e3 * seconds / frames, float(last)]))


if __name__ == "__main__":
    main(*sys.argv[1:])
