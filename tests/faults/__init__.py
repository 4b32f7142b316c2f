"""Faults that a machine, a disk, a clock or a neighbour will have one day, put in on purpose.

`make faults` runs them at full length (about ten minutes); `make test` runs the same ones shorter.
"""

import os

IS_FULL = os.environ.get("FAULTS") == "full"


def rounds(short: int, full: int) -> int:
    return full if IS_FULL else short
