"""The length of the fault tests, and the figures they print.

`pytest --faults=full` (`make faults`) runs the fault tests alone, at full length, and fails unless each of the ten
gave its figures; otherwise the same tests run shorter among all others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

import pytest

EXPECTED = [(f"FA{n}", engine) for n in range(1, 11) for engine in ("sqlite", "postgresql")]
FAULT = re.compile(r"_(fa\d+)_")

Note = Callable[[str], None]
Rounds = Callable[[int, int], int]


def pytest_addoption(parser: pytest.Parser) -> None:
    words = "full: the fault tests alone, as long as security demands; short: among all others"
    parser.addoption("--faults", choices=("short", "full"), default="short", help=words)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if is_full(config):
        others = [item for item in items if not FAULT.search(item.name)]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if FAULT.search(item.name)]


def is_full(config: pytest.Config) -> bool:
    return bool(config.getoption("--faults") == "full")


@pytest.fixture
def rounds(pytestconfig: pytest.Config) -> Rounds:
    """Takes the first of two numbers when short, the second when full."""
    return lambda short, full: full if is_full(pytestconfig) else short


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Note:
    """Notes what a fault test counted, under its id and engine; printed at the end of the run."""
    name = FAULT.search(request.node.name)
    assert name, "a figure belongs to a fault"
    engine = request.getfixturevalue("engine_name") if "engine_name" in request.fixturenames else "sqlite"

    def note(sentence: str) -> None:
        request.node.user_properties.append(("figure", (name[1].upper(), engine, sentence)))

    return note


class Line(NamedTuple):
    """One line of the table at the end. `held`: whether the test it comes from passed."""

    fault: str
    engine: str
    sentence: str
    held: bool


def figures_of(reports: Sequence[pytest.TestReport]) -> list[Line]:
    """What was counted, fault by fault; also that a test failed before it had counted anything."""
    found = {
        Line(*value, report.passed) for report in reports for key, value in report.user_properties if key == "figure"
    }
    for report in reports:
        if report.failed and not report.user_properties and (name := FAULT.search(report.nodeid)):
            engine = next((engine for engine in ("postgresql", "sqlite") if engine in report.nodeid), "sqlite")
            found.add(Line(name[1].upper(), engine, report.nodeid.rpartition("::")[2], held=False))
    return sorted(found, key=lambda line: (int(line.fault[2:]), *line[1:]))


def missing(reports: Sequence[pytest.TestReport]) -> list[tuple[str, str]]:
    """The faults, with their engines, of which no test that passed gave a figure."""
    given = {line[:2] for line in figures_of(reports) if line.held}
    return [one for one in EXPECTED if one not in given]


class Figures:
    """Collects what the tests of all processes noted; says it, and what was never said."""

    def __init__(self, config: pytest.Config) -> None:
        self.is_full = is_full(config)
        self.reports: list[pytest.TestReport] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or report.failed:
            self.reports.append(report)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.is_full and missing(self.reports):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if not self.is_full:
            return
        terminalreporter.section("faults")
        for line in figures_of(self.reports):
            held = "held" if line.held else "NOT HELD"
            terminalreporter.line(f"{line.fault:<5} {line.engine:<11} {held:<9} {line.sentence}", red=not line.held)
        for fault, engine in missing(self.reports):
            terminalreporter.line(f"{fault:<5} {engine:<11} NO FIGURE", red=True)


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Figures(config), "fault figures")
