"""Labels configurations with an ASE calculator: python ase_worker.py SPECIFICATION.json [check | INPUT OUTPUT]

Without further arguments it says `ready` when the calculator is made, reads lines of JSON {"input": ..., "output": ...} from standard input, and
answers each with the line `done`. Exit code 3: the calculator could not be made.
Whatever a calculator prints goes to standard error: the answers have a channel of their own, and numbers go through files.
"""
import ast
import importlib
import importlib.util
import inspect
import json
import math
import os
import sys

CANNOT_START = 3
BASE_ARGUMENTS = {"restart", "label", "atoms", "directory", "ignore_bad_restart_file"}


class Refused(Exception):
    """What the user can mend: the parameter of the recipe, and what is wrong with it."""

    def __init__(self, parameter, what):
        super().__init__(what)
        self.parameter = parameter


def reason(error):
    return f"{type(error).__name__}: {error}"


def find_class(name):
    try:
        if ":" not in name:
            from ase.calculators.calculator import get_calculator_class
            return get_calculator_class(name)
        module_name, class_name = name.rsplit(":", 1)
        if module_name.endswith(".py"):
            specification = importlib.util.spec_from_file_location("calculator_of_recipe", module_name)
            module = importlib.util.module_from_spec(specification)
            specification.loader.exec_module(module)
        else:
            module = importlib.import_module(module_name)
        return getattr(module, class_name)
    except Exception as error:
        raise Refused("calculator", f"the calculator {name} cannot be imported: {reason(error)}") from error


def literal(text):
    """Numbers, True, lists … as Python writes them; anything else is text."""
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return {"true": True, "false": False, "null": None}.get(text, text)


def check_names(kind, arguments):
    """ASE's own calculators swallow a misspelt keyword; those that write input files pass further keywords on."""
    from ase.calculators.calculator import FileIOCalculator
    known = getattr(kind, "default_parameters", None)
    if not known or not inspect.isclass(kind) or issubclass(kind, FileIOCalculator):
        return
    own = inspect.signature(kind.__init__).parameters
    unknown = sorted(set(arguments) - set(known) - set(own) - BASE_ARGUMENTS)
    if unknown:
        raise Refused("arguments", f"the calculator has no argument {', '.join(unknown)}; it has {', '.join(sorted(known))}")


def create(specification):
    kind = find_class(specification["calculator"])
    arguments = {name: literal(text) for name, text in specification["arguments"].items()} | specification["files"]
    check_names(kind, arguments)
    try:
        return kind(**arguments)
    except Exception as error:
        raise Refused("arguments", f"the calculator does not accept its arguments: {reason(error)}") from error


def label(calculator, source):
    import ase.io
    atoms = ase.io.read(source, format="extxyz")
    if "types" in atoms.arrays:
        # The name under which MofCalculator looks for them.
        atoms.set_array("mof_types", atoms.arrays["types"])
    asked = atoms.copy()
    atoms.calc = calculator
    # Forces are derivatives of the free energy; where electrons are smeared, `energy` is extrapolated and does not belong to them.
    consistent = "free_energy" in getattr(calculator, "implemented_properties", ())
    answer = {
        "energy": float(atoms.get_potential_energy(force_consistent=True) if consistent else atoms.get_potential_energy()),
        "forces": [float(x) for x in atoms.get_forces(apply_constraint=False).ravel()],
        "stress": None,
    }
    if all(atoms.pbc):
        try:
            answer["stress"] = [float(x) for x in atoms.get_stress(voigt=True, apply_constraint=False)]
        except NotImplementedError as error:
            print(f"no stress: {reason(error)}", file=sys.stderr)
    if len(atoms) != len(asked) or (atoms.numbers != asked.numbers).any():
        return {"problem": "the calculator changed the atoms"}
    if abs(atoms.positions - asked.positions).max() > 1e-5 or abs(atoms.cell.array - asked.cell.array).max() > 1e-5:
        return {"problem": "the calculator moved the atoms or changed the cell"}
    if not all(map(math.isfinite, [answer["energy"], *answer["forces"], *(answer["stress"] or [])])):
        return {"problem": "the calculator gave a number that is not finite"}
    return answer


def write_label(calculator, source, target):
    try:
        answer = label(calculator, source)
    except Exception as error:
        import traceback
        traceback.print_exc()
        answer = {"problem": reason(error)}
    # Complete or absent: a reader never meets half a file.
    with open(target + ".part", "w", encoding="utf-8") as file:
        json.dump(answer, file)
    os.replace(target + ".part", target)


def check(specification):
    try:
        import ase
    except ImportError as error:
        return {"parameter": "python", "problem": f"{sys.executable} has no ASE: {error}"}
    try:
        create(specification)
    except Refused as refused:
        return {"parameter": refused.parameter, "problem": str(refused)}
    return {"version": ase.__version__}


def main():
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    with open(sys.argv[1], encoding="utf-8") as file:
        specification = json.load(file)
    if sys.argv[2:] == ["check"]:
        print(json.dumps(check(specification)), file=answers, flush=True)
        return
    # What a calculator starts must not read the requests.
    requests = os.fdopen(os.dup(0), "r", encoding="utf-8")
    with open(os.devnull) as nothing:
        os.dup2(nothing.fileno(), 0)
    try:
        calculator = create(specification)
    except Exception:
        import traceback
        traceback.print_exc()
        sys.exit(CANNOT_START)
    if len(sys.argv) == 4:
        write_label(calculator, sys.argv[2], sys.argv[3])
        return
    print("ready", file=answers, flush=True)
    for line in requests:
        request = json.loads(line)
        write_label(calculator, request["input"], request["output"])
        print("done", file=answers, flush=True)


main()
