"""The catalogue: one card per course, whatever languages it comes in."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Text, bindparam, cast, or_, select
from sqlalchemy.orm import Session

from university.courses.searching import Found, LessonFound, search
from university.language import primary
from university.models import Course, Lesson, Revision
from university.revisions.published import measured_in

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
MOST_TOPICS = 8

# What learners mean by short and long, in minutes.
LENGTHS: Mapping[str, Callable[[int], bool]] = {
    "short": lambda minutes: minutes <= 60,
    "medium": lambda minutes: 60 < minutes <= 300,
    "long": lambda minutes: minutes > 300,
}


@dataclass(frozen=True)
class Question:
    """What a visitor asks of the catalogue; an empty word asks for nothing."""

    query: str = ""
    language: str = ""
    topic: str = ""
    length: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.query or self.is_narrowed)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.language or self.topic or self.length)

    def admits(self, card: Card) -> bool:
        """Whether the card fits all but the words."""
        return (
            self.language in ("", card.speaks)
            and (not self.topic or self.topic in card.topics)
            and (self.length not in LENGTHS or LENGTHS[self.length](card.minutes))
        )


@dataclass(frozen=True)
class Card:
    """What the catalogue shows of one revision. `family` is the slug of the course the others are translations of."""

    # Everything else follows from the revision and the minutes.
    revision_id: UUID
    minutes: int
    slug: str
    family: str = field(compare=False)
    title: str = field(compare=False)
    summary: str = field(compare=False)
    language: str = field(compare=False)
    lessons: int = field(compare=False)
    # As written: (lesson id, minutes).
    written: tuple[tuple[str, int], ...] = field(compare=False)
    has_certificate: bool = field(compare=False)
    cover: dict[str, Any] | None = field(compare=False)
    topics: tuple[str, ...] = field(compare=False)

    @property
    def speaks(self) -> str:
        return primary(self.language)


@dataclass(frozen=True)
class Entry:
    """A course with the version shown here and the languages it comes in."""

    card: Card
    languages: tuple[str, ...]
    lessons: tuple[LessonFound, ...] = ()


@dataclass(frozen=True)
class Catalogue:
    """`languages` and `topics` count courses before any search; `corrected` is the query as it was understood."""

    entries: tuple[Entry, ...]
    languages: tuple[tuple[str, int], ...]
    topics: tuple[tuple[str, int], ...]
    total: int
    corrected: str | None = None


# Cards follow from their revision, which never changes.
_remembered: dict[UUID, Card] = {}


def look_up(session: Session, asked: Question, spoken: str) -> Catalogue:
    """Courses that fit the question: the best found first where it has words, else those the
    visitor reads, the newest first.

    Of a course in several languages, the version in the language asked for, else in `spoken`, else the original.
    """
    families = _families(_cards(session))
    found = search(session, asked.query) if asked.query else None
    entries = [one for family in families if (one := _entry(family, asked, found, spoken))]
    if found:
        entries.sort(key=lambda entry: -found.scores[entry.card.revision_id])
    else:
        entries.sort(key=lambda entry: entry.card.speaks != spoken)  # what the visitor can read comes first
    return Catalogue(
        entries=tuple(entries),
        languages=tuple(sorted(_counted(families, lambda card: (card.speaks,)).items())),
        topics=_topics(families),
        total=len(families),
        corrected=found.corrected if found and entries else None,
    )


def versions(session: Session, slug: str, translation_of: str | None) -> tuple[tuple[str, str, str], ...]:
    """(language, slug, title) of every published version of the course, this one too."""
    rows = session.connection().execute(_VERSIONS, {"family": translation_of or slug})
    return tuple((row.language, row.slug, row.title) for row in rows)


def _counted(families: Sequence[Sequence[Card]], said: Callable[[Card], Iterable[str]]) -> Counter[str]:
    """How many courses say each, in any of their languages."""
    return Counter(word for family in families for word in {word for card in family for word in said(card)})


def _topics(families: Sequence[Sequence[Card]]) -> tuple[tuple[str, int], ...]:
    """The skills that most courses teach, in the order of the alphabet."""
    counted = _counted(families, lambda card: card.topics)
    most = sorted(counted.items(), key=lambda one: (-one[1], one[0].casefold()))[:MOST_TOPICS]
    return tuple(sorted(most, key=lambda one: one[0].casefold()))


def _entry(family: Sequence[Card], asked: Question, found: Found | None, spoken: str) -> Entry | None:
    fitting = [card for card in family if asked.admits(card) and (not found or card.revision_id in found.scores)]
    if not fitting:
        return None
    card = next((card for card in fitting if card.speaks == (asked.language or spoken)), fitting[0])
    lessons = found.lessons[card.revision_id] if found else ()
    return Entry(card, tuple(sorted({card.speaks for card in family})), lessons)


def _families(cards: Iterable[Card]) -> list[list[Card]]:
    """The original first in each; a translation without its original stands alone."""
    families: dict[str, list[Card]] = {}
    for card in cards:
        families.setdefault(card.family, []).append(card)
    return [sorted(family, key=lambda card: card.slug != card.family) for family in families.values()]


def _cards(session: Session) -> list[Card]:
    """Every open course, the newest first."""
    rows = session.execute(
        select(Course.slug, Course.revision_id, cast(Course.measured_minutes, Text).label("measured"))
        .where(Course.status == "published", Course.revision_id.is_not(None))
        .order_by(Course.created_at.desc(), Course.slug)
    ).all()
    known = {row.revision_id: _remembered.get(row.revision_id) for row in rows}
    read = _read(session, [id_ for id_, card in known.items() if card is None])
    cards = ((known[row.revision_id] or read[row.revision_id], row) for row in rows)
    return [_at(_measured(card, row.measured) if row.measured else card, row.slug) for card, row in cards]


@lru_cache(maxsize=MOST_REMEMBERED)
def _measured(card: Card, stored: str) -> Card:
    """With the minutes that learners really needed; see `Published.minutes_of`."""
    measured = measured_in(stored)
    return replace(card, minutes=sum(measured.get(lesson, minutes) for lesson, minutes in card.written))


def _at(card: Card, slug: str) -> Card:
    """A course that moved says its old address in its revision until the next publish."""
    if card.slug == slug:
        return card
    return replace(card, slug=slug, family=slug if card.family == card.slug else card.family)


def _read(session: Session, ids: Sequence[UUID]) -> dict[UUID, Card]:
    if not ids:
        return {}
    lessons = select(Lesson.revision_id, Lesson.lesson_id, Lesson.minutes).where(Lesson.revision_id.in_(ids))
    written: dict[UUID, list[tuple[str, int]]] = defaultdict(list)
    for row in session.execute(lessons):
        written[row.revision_id].append((row.lesson_id, row.minutes))
    revisions = session.scalars(select(Revision).where(Revision.id.in_(ids)))
    cards = {one.id: _card(one, tuple(written[one.id])) for one in revisions}
    _remembered.update(cards)
    for old in list(_remembered)[: max(0, len(_remembered) - MOST_REMEMBERED)]:
        _remembered.pop(old, None)
    return cards


def _card(revision: Revision, written: tuple[tuple[str, int], ...]) -> Card:
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
        written=written,
        has_certificate=page["certificate"]["enabled"],
        cover=page["cover"],
        topics=tuple(skill["name"] for skill in revision.facts["course"]["skills"]),
    )
