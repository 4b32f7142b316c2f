"""That nothing is left out in silence."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.faults.figures import EXPECTED, figures_of, missing


def report(fault: str, engine: str, *, passed: bool = True) -> Any:
    return SimpleNamespace(passed=passed, user_properties=[("figure", (fault, engine, "20 kills"))])


def test_make_faults_runs_every_fault_at_full_length() -> None:
    recipe = (Path(__file__).parents[2] / "Makefile").read_text().partition("\nfaults:")[2].partition("\n\n")[0]
    assert "timeout 600" in recipe
    assert "--faults=full" in recipe
    assert set(EXPECTED) == {f"FA{n}" for n in range(1, 11)}


def test_a_fault_without_a_figure_or_with_a_test_that_failed_is_named() -> None:
    every = [report(fault, engine) for fault, engines in EXPECTED.items() for engine in engines]
    assert missing(every) == []
    assert len(figures_of(every)) == len(every) == sum(map(len, EXPECTED.values()))
    without = [one for one in every if one.user_properties[0][1][0] != "FA7"]
    assert missing([*without, report("FA7", "sqlite"), report("FA7", "postgresql", passed=False)]) == ["FA7 postgresql"]
