"""Runs one script for the C# side: python harness.py SCRIPT INPUT.json OUTPUT.json

The script defines run(request) and returns what json can write. It raises Problem for what the user can mend;
any other exception is a defect and leaves its traceback on standard error.
"""
import json
import runpy
import sys


class Problem(Exception):
    """An error that the user can mend: what happened, where, what was expected, what to do."""

    def __init__(self, what, where=None, expected=None, remedy=None):
        super().__init__(what)
        self.parts = {"what": what, "where": where, "expected": expected, "remedy": remedy}


def main():
    script, source, target = sys.argv[1:]
    with open(source, encoding="utf-8") as file:
        request = json.load(file)
    try:
        answer = {"result": runpy.run_path(script, init_globals={"Problem": Problem})["run"](request)}
    except Problem as problem:
        answer = {"problem": problem.parts}
    with open(target, "w", encoding="utf-8") as file:
        json.dump(answer, file, allow_nan=False)


main()
