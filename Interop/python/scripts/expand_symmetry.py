"""All atoms of a crystal from its asymmetric unit, and on request its primitive cell."""
import numpy
import spglib
from ase.spacegroup import Spacegroup
from ase.spacegroup.spacegroup import parse_sitesym

# Images of a site that fall together within this distance (Å) are one atom on a special position:
# published coordinates are rounded to three to five digits, and cells are up to 50 Å long.
MERGED = 0.05

# Space groups with two origin choices or with hexagonal and rhombohedral axes: a name alone does not say which.
AMBIGUOUS = {48, 50, 59, 68, 70, 85, 86, 88, 125, 126, 129, 130, 133, 134, 137, 138, 141, 142, 201, 203, 222, 224, 227, 228,
             146, 148, 155, 160, 161, 166, 167}


def operations(request):
    if request["operations"]:
        try:
            return parse_sitesym(request["operations"])
        except Exception as error:
            raise Problem(f"the symmetry operations cannot be read: {error}", request["where"], "operations such as 'x,-y,z+1/2'")
    name = request["space_group_name"] or request["space_group_number"]
    try:
        group = Spacegroup(name)
    except Exception:
        raise Problem(f"the space group '{name}' is not a standard setting", request["where"],
                      remedy="List the symmetry operations (_space_group_symop_operation_xyz) in the file.")
    if group.no in AMBIGUOUS:
        raise Problem(f"the space group '{name}' has several settings and the file does not list its symmetry operations",
                      request["where"], remedy="List them as _space_group_symop_operation_xyz.")
    return group.get_op()


def expand(site, rotations, translations, cell):
    """The distinct images of a site, which is first put exactly on the special position that it is rounded from."""
    images = rotations @ site + translations
    shift = images - site
    shift -= numpy.rint(shift)
    near = numpy.linalg.norm(shift @ cell, axis=1) < MERGED
    site = site + shift[near].mean(axis=0)
    images = rotations @ site + translations
    distinct = []
    for image in images:
        if distinct:
            apart = numpy.array(distinct) - image
            apart -= numpy.rint(apart)
            if (numpy.linalg.norm(apart @ cell, axis=1) < MERGED).any():
                continue
        distinct.append(image)
    distinct = numpy.array(distinct)
    distinct -= numpy.floor(distinct + 1e-9)
    return distinct


def primitive(cell, positions, numbers, tolerance, where):
    found = spglib.standardize_cell((cell, positions, numbers), to_primitive=True, no_idealize=False, symprec=tolerance)
    if found is None:
        raise Problem("spglib finds no primitive cell", where, remedy="Try another symmetry tolerance, or use the cell as it is.")
    lattice, places, kinds = found
    if len(numbers) % len(kinds) != 0:
        raise Problem(f"the primitive cell has {len(kinds)} atoms, which does not divide {len(numbers)}", where,
                      remedy="Try another symmetry tolerance.")
    return {"cell": lattice.tolist(), "positions": places.tolist(), "numbers": kinds.tolist()}


def run(request):
    cell = numpy.array(request["cell"]).reshape(3, 3)
    rotations, translations = operations(request)
    orbits = [expand(numpy.array(site), rotations, translations, cell) for site in request["sites"]]
    owners = [k for k, orbit in enumerate(orbits) for _ in orbit]
    positions = numpy.concatenate(orbits)
    answer = {"positions": positions.tolist(), "owners": owners, "primitive": None}
    if request["primitive"]:
        numbers = [request["numbers"][k] for k in owners]
        answer["primitive"] = primitive(cell, positions, numbers, request["tolerance"], request["where"])
    return answer
