"""Machine-learned potentials for metal-organic frameworks, through the C library libmofpotential.so."""

from .errors import MofError
from .library import Library, library
from .potential import Potential, PotentialResults, Species

__all__ = ["Library", "MofCalculator", "MofError", "Potential", "PotentialResults", "Species", "library"]


def __getattr__(name):
    # ASE is wanted only by those who use the calculator.
    if name == "MofCalculator":
        from .calculator import MofCalculator

        return MofCalculator
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
