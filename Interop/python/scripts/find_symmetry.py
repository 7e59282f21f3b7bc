"""The space group of a crystal, and its conventional cell."""
import numpy
import spglib

SYSTEMS = ((2, "triclinic"), (15, "monoclinic"), (74, "orthorhombic"), (142, "tetragonal"), (167, "trigonal"), (194, "hexagonal"), (230, "cubic"))


def field(dataset, name):
    """spglib gave a dictionary before 2.5, an object since."""
    return dataset[name] if isinstance(dataset, dict) else getattr(dataset, name)


def run(request):
    cell = numpy.array(request["cell"]).reshape(3, 3)
    positions = numpy.array(request["positions"]).reshape(-1, 3)
    fractional = positions @ numpy.linalg.inv(cell)
    dataset = spglib.get_symmetry_dataset((cell, fractional, request["numbers"]), symprec=request["tolerance"])
    if dataset is None:
        raise Problem("spglib finds no symmetry", request["where"], remedy="Try another symmetry tolerance.")
    number = int(field(dataset, "number"))
    # Rows of the conventional cell = this matrix . rows of the given one, in the given orientation.
    conventional = numpy.linalg.inv(numpy.array(field(dataset, "transformation_matrix"))).T
    return {
        "number": number,
        "symbol": str(field(dataset, "international")),
        "system": next(name for last, name in SYSTEMS if number <= last),
        "rotations": sorted({tuple(int(value) for value in rotation.reshape(-1)) for rotation in field(dataset, "rotations")}),
        "conventional": [float(value) for value in conventional.reshape(-1)],
    }
