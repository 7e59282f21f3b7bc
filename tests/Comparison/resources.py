"""Runs a command and prints, as a JSON list, its wall time (s), its processor time (s) and its peak of resident memory (MB).

usage: resources.py COMMAND [ARGUMENT...]       the command's own output goes to standard error
"""
import json
import os
import sys
import time


def main(command):
    start = time.perf_counter()
    child = os.fork()
    if child == 0:
        os.dup2(2, 1)
        os.execvp(command[0], command)
    _, status, used = os.wait4(child, 0)
    wall = time.perf_counter() - start
    print(json.dumps([wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
