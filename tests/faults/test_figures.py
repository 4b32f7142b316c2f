"""That nothing is left out in silence."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.faults.figures import EXPECTED, Line, figures_of, missing


def report(fault: str, engine: str, *, passed: bool = True, said: str = "20 kills") -> Any:
    figures = [("figure", (fault, engine, said))] if said else []
    test = f"tests/faults/test_kills.py::test_{fault.lower()}_it_holds[{engine}]"
    return SimpleNamespace(passed=passed, failed=not passed, user_properties=figures, nodeid=test)


def test_make_faults_runs_every_fault_at_full_length() -> None:
    recipe = (Path(__file__).parents[2] / "Makefile").read_text().partition("\nfaults:")[2].partition("\n\n")[0]
    assert "timeout 600" in recipe
    assert "--faults=full" in recipe
    assert {fault for fault, _engine in EXPECTED} == {f"FA{n}" for n in range(1, 11)}


def test_a_fault_without_a_figure_or_with_a_test_that_failed_is_named() -> None:
    every = [report(fault, engine) for fault, engine in EXPECTED]
    assert missing(every) == []
    assert len(figures_of(every)) == len(every) == 20
    without = [report(*one) for one in EXPECTED if one[0] != "FA7"]
    failed = report("FA7", "postgresql", passed=False)
    assert missing([*without, report("FA7", "sqlite"), failed]) == [("FA7", "postgresql")]
    assert figures_of([failed]) == [Line("FA7", "postgresql", "20 kills", held=False)]
    [silent] = figures_of([report("FA7", "postgresql", passed=False, said="")])
    assert silent == Line("FA7", "postgresql", "test_fa7_it_holds[postgresql]", held=False)
