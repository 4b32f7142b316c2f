"""Faults that a machine, a disk, a clock or a neighbour will have one day, put in on purpose.

`make faults` runs them at full length (about ten minutes) and prints their figures; `make test` runs the same ones
shorter. The mail server's faults, a restored backup and a failing statement (FA4, FA8, FA9) stand with what they are
about, in `tests/jobs/test_worker.py`, `tests/backups` and `tests/claims`.
"""
