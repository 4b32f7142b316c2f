"""Timings, printed side by side from one run; never asserted. ``make bench`` or ``python -m tests.benchmarks``."""
