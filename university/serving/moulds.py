"""Pages that differ in a few words from one visitor to the next: drawn once, with holes for those words.

Drawing a page takes longer than everything else an answer needs. A mould is a page as its template gives it, with
holes where the words of the day or of a person come; filling it is one join. No mould holds a word about a person.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Hashable
from functools import lru_cache
from typing import Any

from jinja2 import Environment
from markupsafe import escape

from university.language import direction
from university.statistics import is_asking

MOST = 512

# A word that nobody can write into a course or a name: else it would be taken for a hole.
_KEY = secrets.token_hex(8)
_HOLE = re.compile(f"\ue000{_KEY}([a-z_]+)\ue001")


class Mould:
    """A drawn page between its holes."""

    def __init__(self, page: str) -> None:
        self._parts = _HOLE.split(page)
        self._names = self._parts[1::2]

    def filled(self, **words: str) -> str:
        """The page with these words in its holes, escaped. A hole without its word is a KeyError."""
        safe = {name: str(escape(word)) for name, word in words.items()}
        parts = self._parts.copy()
        parts[1::2] = [safe[name] for name in self._names]
        return "".join(parts)


def hole(name: str) -> str:
    """What to give to the template in the place of a word. The name is lower-case letters and underlines."""
    return f"\ue000{_KEY}{name}\ue001"


def mould(environment: Environment, template: str, language: str, **values: Hashable) -> Mould:
    """The template with `values`, drawn at the first call and kept. Form tokens in it are those of this hour."""
    moment = int(time.time() // 3600), is_asking()
    return _drawn(environment, template, language, moment, tuple(values.items()))


@lru_cache(maxsize=MOST)
def _drawn(
    environment: Environment,
    template: str,
    language: str,
    _moment: tuple[int, bool],
    values: tuple[tuple[str, Any], ...],
) -> Mould:
    page = environment.get_template(template).render(language=language, direction=direction(language), **dict(values))
    return Mould(page)
