"""The catalogue: one card per course, whatever languages it comes in."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from university.language import primary
from university.models import Course, Revision

LONGEST_QUERY = 100

# Built once: building it costs more than asking it.
_VERSIONS = (
    select(Revision.language, Course.slug, Revision.title)
    .join(Revision, Revision.id == Course.revision_id)
    .where(
        Course.status == "published",
        or_(Course.slug == bindparam("family"), Course.translation_of == bindparam("family")),
    )
    .order_by(Revision.language)
)
MOST_REMEMBERED = 2000


@dataclass(frozen=True)
class Card:
    """What the catalogue shows of one revision. `family` is the slug of the course the others are translations of."""

    # Everything else follows from the revision.
    revision_id: UUID
    slug: str
    family: str = field(compare=False)
    title: str = field(compare=False)
    summary: str = field(compare=False)
    language: str = field(compare=False)
    lessons: int = field(compare=False)
    minutes: int = field(compare=False)
    first_lesson: str | None = field(compare=False)
    has_certificate: bool = field(compare=False)
    cover: dict[str, Any] | None = field(compare=False)
    words: str = field(compare=False)

    @property
    def speaks(self) -> str:
        return primary(self.language)


@dataclass(frozen=True)
class Entry:
    """A course with the version shown here and the languages it comes in."""

    card: Card
    languages: tuple[str, ...]


@dataclass(frozen=True)
class Catalogue:
    """`languages` counts courses per language before any search."""

    entries: tuple[Entry, ...]
    languages: tuple[tuple[str, int], ...]
    total: int


# Cards follow from their revision, which never changes.
_remembered: dict[UUID, Card] = {}


def look_up(session: Session, query: str, wanted: str, spoken: str) -> Catalogue:
    """Courses that hold every word of `query` and come in the language `wanted` (empty: any).

    Of a course in several languages, the version in `wanted`, else in `spoken`, else the original is shown.
    """
    families = _families(_cards(session))
    counted = Counter(language for family in families for language in {card.speaks for card in family})
    entries = [_entry(family, words_of(query), wanted, spoken) for family in families]
    return Catalogue(tuple(one for one in entries if one), tuple(sorted(counted.items())), len(families))


def versions(session: Session, slug: str, translation_of: str | None) -> tuple[tuple[str, str, str], ...]:
    """(language, slug, title) of every published version of the course, this one too."""
    rows = session.connection().execute(_VERSIONS, {"family": translation_of or slug})
    return tuple((row.language, row.slug, row.title) for row in rows)


def words_of(text: str) -> list[str]:
    return searchable(text[:LONGEST_QUERY]).split()


def searchable(text: str) -> str:
    """Small letters without accents, so that "prive" finds "privé"."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def _entry(family: Sequence[Card], words: Sequence[str], wanted: str, spoken: str) -> Entry | None:
    fitting = [card for card in family if wanted in ("", card.speaks) and all(word in card.words for word in words)]
    if not fitting:
        return None
    card = next((card for card in fitting if card.speaks == (wanted or spoken)), fitting[0])
    return Entry(card, tuple(sorted({card.speaks for card in family})))


def _families(cards: Iterable[Card]) -> list[list[Card]]:
    """The original first in each; a translation without its original stands alone."""
    families: dict[str, list[Card]] = {}
    for card in cards:
        families.setdefault(card.family, []).append(card)
    return [sorted(family, key=lambda card: card.slug != card.family) for family in families.values()]


def _cards(session: Session) -> list[Card]:
    """Every open course, the newest first."""
    rows = session.execute(
        select(Course.slug, Course.revision_id, Course.translation_of)
        .where(Course.status == "published", Course.revision_id.is_not(None))
        .order_by(Course.created_at.desc(), Course.slug)
    ).all()
    known = {row.revision_id: _remembered.get(row.revision_id) for row in rows}
    read = _read(session, [id_ for id_, card in known.items() if card is None])
    return [known[row.revision_id] or read[row.revision_id] for row in rows]


def _read(session: Session, ids: Sequence[UUID]) -> dict[UUID, Card]:
    if not ids:
        return {}
    cards = {one.id: _card(one) for one in session.scalars(select(Revision).where(Revision.id.in_(ids)))}
    _remembered.update(cards)
    for old in list(_remembered)[: max(0, len(_remembered) - MOST_REMEMBERED)]:
        _remembered.pop(old, None)
    return cards


def _card(revision: Revision) -> Card:
    page = revision.page
    lessons = [lesson for module in page["modules"] for lesson in module["lessons"]]
    return Card(
        revision_id=revision.id,
        slug=page["slug"],
        family=page["translation_of"] or page["slug"],
        title=revision.title,
        summary=revision.summary,
        language=revision.language,
        lessons=len(lessons),
        minutes=page["minutes"],
        first_lesson=lessons[0] if lessons else None,
        has_certificate=page["certificate"]["enabled"],
        cover=page["cover"],
        words=searchable(revision.search_text),
    )
