"""What a check has to say about a course folder: one finding a place, the same words in terminal, web and CI."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Finding:
    """Something wrong (an E code, stops publishing) or doubtful (a W code) at one place of a course folder.

    `line` and `column` count from 1. `what` and `expected` are sentences without a full stop. `fix` is the text
    that would repair the place, where the checker knows it. Codes never change meaning: translations go by code.
    """

    path: str
    line: int
    column: int
    code: str
    what: str
    expected: str
    fix: str | None = None

    @property
    def severity(self) -> Severity:
        return "warning" if self.code.startswith("W") else "error"

    @property
    def is_error(self) -> bool:
        return self.severity == "error"

    def as_line(self) -> str:
        """For a terminal: `PATH:LINE: CODE severity: what. Expected: …`."""
        place = f"{printable(self.path)}:{self.line}"
        return f"{place}: {self.code} {self.severity}: {printable(self.what)}. Expected: {printable(self.expected)}."

    def as_json(self) -> dict[str, str | int | None]:
        fields = asdict(self) | {"severity": self.severity, "path": printable(self.path)}
        order = ("path", "line", "column", "code", "severity", "what", "expected", "fix")
        return {name: fields[name] for name in order}


def printable(text: str) -> str:
    """The text on one line, whatever an author put into a file or its name."""
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Sorted by path and line, each said once."""
    unique = set(findings)
    return sorted(unique, key=lambda one: (one.path, one.line, one.column, one.code, one.what, one.expected))


def report(findings: Sequence[Finding], json: bool = False) -> str:
    """What a command prints: one line a finding, or one JSON list."""
    if json:
        return as_json_text(findings)
    return "".join(f"{finding.as_line()}\n" for finding in in_order(findings))


def as_json_text(findings: Sequence[Finding]) -> str:
    listed = [finding.as_json() for finding in in_order(findings)]
    return json.dumps(listed, ensure_ascii=False, indent=2) + "\n"


def exit_status(findings: Sequence[Finding] | None) -> Literal[0, 1, 2]:
    """0 without errors, 1 with errors, 2 when the folder could not be read at all (`None`)."""
    if findings is None:
        return 2
    return 1 if any(finding.is_error for finding in findings) else 0
