"""From the words somebody typed to the courses and lessons that have them, typing errors forgiven."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from rapidfuzz import process
from rapidfuzz.distance import OSA
from sqlalchemy.orm import Session

from university.models import Passage
from university.revisions import passages
from university.revisions.passages import searchable, words_of

LONGEST_QUERY = 100
MOST_WORDS = 8
MOST_LESSONS = 3
AROUND = 80  # characters of a lesson's text before and after what was found

# How much it counts where a word was found: in the name of a course, in the name of a lesson, in a text.
IN_TITLE, IN_LESSON_TITLE, IN_TEXT = 8, 3, 1


@dataclass(frozen=True)
class LessonFound:
    """A lesson with the words, and its text around the first of them."""

    lesson_id: str
    title: str
    before: str
    found: str
    after: str


@dataclass(frozen=True)
class Found:
    """What a search gave. `corrected` is the query as it was understood, when that differs from what was typed."""

    words: tuple[str, ...]
    corrected: str | None
    scores: Mapping[UUID, int] = field(compare=False)
    lessons: Mapping[UUID, tuple[LessonFound, ...]] = field(compare=False)


def search(session: Session, query: str) -> Found:
    """Revisions that have every word of `query`, each as the beginning of one of theirs.

    A word that none has is read as the nearest one that some have, if one is near enough.
    """
    typed = words_of(query[:LONGEST_QUERY])[:MOST_WORDS]
    pairs = [_understood(session, word) for word in typed]
    understood, places = [word for word, _ in pairs], [place for _, place in pairs]
    common = set.intersection(*(set(place.values()) for place in places)) if places else set()
    hits = _hits_by_revision(places, common)
    read = {passage.id: passage for passage in passages.read(session, {id_ for ids in hits.values() for id_ in ids})}
    by_revision = {revision: [read[id_] for id_ in ids] for revision, ids in hits.items()}
    return Found(
        words=tuple(understood),
        corrected=" ".join(understood) if understood != typed else None,
        scores={revision: _score(found, understood) for revision, found in by_revision.items()},
        lessons={revision: _lessons(found, understood) for revision, found in by_revision.items()},
    )


def _understood(session: Session, word: str) -> tuple[str, Mapping[int, UUID]]:
    """The word, or the one it was meant to be, and where it stands."""
    places = passages.beginning_with(session, word)
    meant = None if places else nearest(word, passages.vocabulary(session))
    return (meant, passages.beginning_with(session, meant)) if meant else (word, places)


def nearest(word: str, vocabulary: Mapping[str, int]) -> str | None:
    """The word with the fewest slips between: one in a word of four letters or more, two in one of seven or more.

    A slip is a letter too many, too few, wrong, or swapped with its neighbour (optimal string alignment). Of equally
    near words the most used one counts, then the first in the alphabet.
    """
    slips = 0 if len(word) < 4 else 1 if len(word) < 7 else 2
    if not slips:
        return None
    near = process.extract(word, vocabulary.keys(), scorer=OSA.distance, score_cutoff=slips, limit=50)
    best = min(near, key=lambda one: (one[1], -vocabulary[one[0]], one[0]), default=None)
    return best[0] if best else None


def _hits_by_revision(places: Sequence[Mapping[int, UUID]], common: set[UUID]) -> dict[UUID, list[int]]:
    """Passages of the revisions in `common`: those with the most of the words, in the order of the course."""
    counts: dict[UUID, dict[int, int]] = {revision: {} for revision in common}
    for place in places:
        for id_, revision in place.items():
            if revision in common:
                counts[revision][id_] = counts[revision].get(id_, 0) + 1
    return {
        revision: sorted(found, key=lambda id_: (-found[id_], id_))[: MOST_LESSONS + 1]
        for revision, found in counts.items()
    }


def _score(found: Sequence[Passage], words: Sequence[str]) -> int:
    return sum(max(_weight(passage, word) for passage in found) for word in words)


def _weight(passage: Passage, word: str) -> int:
    if any(one.startswith(word) for one in words_of(passage.title)):
        return IN_LESSON_TITLE if passage.lesson_id else IN_TITLE
    return IN_TEXT


def _lessons(found: Sequence[Passage], words: Sequence[str]) -> tuple[LessonFound, ...]:
    return tuple(_excerpt(passage, words) for passage in found if passage.lesson_id)[:MOST_LESSONS]


def _excerpt(passage: Passage, words: Sequence[str]) -> LessonFound:
    start, end = next(
        (match.span() for match in re.finditer(r"[^\W_]+", passage.text) if _begins(match[0], words)), (0, 0)
    )
    before, after = passage.text[:start][-AROUND:], passage.text[end:][:AROUND]
    return LessonFound(
        lesson_id=passage.lesson_id or "",
        title=passage.title,
        before=f"… {before.partition(' ')[2]}" if start > AROUND else before,
        found=passage.text[start:end],
        after=f"{after.rpartition(' ')[0]} …" if len(passage.text) - end > AROUND else after,
    )


def _begins(written: str, words: Sequence[str]) -> bool:
    return any(searchable(written).startswith(word) for word in words)
