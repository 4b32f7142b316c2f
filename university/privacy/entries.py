"""What is held about somebody, line by line as the register knows it: nothing that is there can be left out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from university.language import format_moment, gettext
from university.rights.held import Document
from university.rights.purposes import KEEPS
from university.rights.register import REGISTER, Entry

_DAY_OR_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?")


@dataclass
class Line:
    """One kind of data, what is held of it, and how long; `is_internal` for ids and hashes, which are not shown."""

    label: str
    keep: str
    held: list[str] = field(default_factory=list)
    is_internal: bool = True


def lines(document: Document, translate: Callable[[str], str] = gettext) -> list[Line]:
    """Every kind of personal data in a column, with the values found in `document`."""
    found: dict[tuple[str, str], Line] = {}
    for entry in REGISTER:
        if _is_about_somebody(entry):
            line = found.setdefault(
                (entry.label, entry.keep), Line(translate(entry.label), translate(KEEPS[entry.keep]))
            )
            if entry.export:
                line.is_internal = False
                line.held += [text for text in map(_text, values_at(document, entry.export)) if text not in line.held]
    return list(found.values())


def values_at(document: Document, path: str) -> list[Any]:
    """The values at a path of the register such as ``certificates[].progress.attempts[].percent``; none left in."""
    return [value for value in _walk(document, path.split(".")) if value is not None]


def _walk(value: Any, steps: list[str]) -> Iterator[Any]:
    if not steps or value is None:
        yield value
        return
    step, rest = steps[0], steps[1:]
    if step.endswith("[]"):
        for item in value[step[:-2]]:
            yield from _walk(item, rest)
    else:
        yield from _walk(value[step], rest)


def _text(value: Any) -> str:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return _in_words_if_it_is_a_time(str(value))


def _in_words_if_it_is_a_time(text: str) -> str:
    try:
        return format_moment(text) if _DAY_OR_MOMENT.fullmatch(text) else text
    except ValueError:  # a course may be called 2026-11-31
        return text


def _is_about_somebody(entry: Entry) -> bool:
    return entry.is_personal and ":" not in entry.where and (entry.erase == "delete" or bool(entry.export))
