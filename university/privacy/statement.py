"""The privacy statement: prose in templates, and the table of what is held, made from the register."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from university.rights.purposes import BASES, KEEPS, PURPOSES, SUBJECTS
from university.rights.register import Entry, personal


@dataclass(frozen=True)
class Line:
    """One line of the table, in the language of the page."""

    subject: str
    data: tuple[str, ...]
    purpose: str
    basis: str
    keep: str


def lines(translate: Callable[[str], str]) -> list[Line]:
    """Who, which data, why, on which ground, how long: one line for each use of the register."""
    uses: dict[tuple[str, str, str, str], list[str]] = {}
    for entry in personal():
        uses.setdefault(_use(entry), []).append(entry.label)
    return [
        Line(
            subject=translate(SUBJECTS[subject]),
            data=tuple(translate(label) for label in dict.fromkeys(labels)),
            purpose=translate(PURPOSES[purpose]),
            basis=translate(BASES[basis]),
            keep=translate(KEEPS[keep]),
        )
        for (subject, purpose, basis, keep), labels in uses.items()
    ]


def _use(entry: Entry) -> tuple[str, str, str, str]:
    return entry.subject, entry.purpose, entry.basis, entry.keep
