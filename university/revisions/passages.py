"""What a search in courses looks through: one passage per open course and per lesson of it.

Both engines are asked for the same thing, the passages that have a word beginning like this: SQLite by FTS5,
PostgreSQL by a tsvector. The words are taken apart here and not by the engines, so that both find the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from bs4 import BeautifulSoup
from sqlalchemy import ColumnElement, delete, func, insert, select, text
from sqlalchemy.orm import Session

from university.models import Course, Lesson, Passage, Revision

_WORD = re.compile(r"[^\W_]+")
_FOUND = {
    "sqlite": "SELECT rowid AS id FROM passage_words WHERE passage_words MATCH :begin",
    "postgresql": "SELECT id FROM passage WHERE words @@ CAST(:begin AS tsquery)",
}
_BEGINNING = {"sqlite": '"{}"*', "postgresql": "'{}':*"}
_KEEP = "INSERT INTO passage_words (rowid, words) SELECT id, words FROM passage WHERE revision_id = :revision_id"
_FORGET = "INSERT INTO passage_words (passage_words, rowid, words) VALUES ('delete', :id, :words)"
_VOCABULARY = {
    "sqlite": "SELECT term, doc FROM passage_vocabulary",
    "postgresql": "SELECT word, ndoc FROM ts_stat('SELECT words FROM passage')",
}


def words_of(written: str) -> list[str]:
    """Words as searches compare them: small letters without accents, so that "prive" finds "privé"."""
    return _WORD.findall(searchable(written))


def searchable(written: str) -> str:
    apart = unicodedata.normalize("NFKD", written.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


@dataclass(frozen=True)
class Said:
    """A passage before it is kept: its words are taken apart with nothing locked."""

    lesson_id: str | None
    title: str
    text: str
    words: Sequence[str]


def said(title: str, search_text: str, lessons: Iterable[tuple[str, Mapping[str, Any]]]) -> list[Said]:
    """The passages of one revision: the course itself, and each lesson by its id, of which title and html count."""
    texts = [(None, title, search_text), *((id_, one["title"], _plain(one["html"])) for id_, one in lessons)]
    return [Said(id_, name, text, sorted(set(words_of(f"{name}\n{text}")))) for id_, name, text in texts]


def index(session: Session, course: Course, revision: Revision, passages: Iterable[Said]) -> None:
    """Makes `revision` what searches find of its course, in the caller's transaction."""
    revisions = select(Revision.id).where(Revision.course_id == course.id)
    _forget(session, Passage.revision_id.in_(revisions))
    is_server = session.get_bind().dialect.name == "postgresql"
    for one in passages:
        words = func.array_to_tsvector(list(one.words)) if is_server else " ".join(one.words)
        row = {"lesson_id": one.lesson_id, "title": one.title, "text": one.text, "words": words}
        session.execute(insert(Passage).values(revision_id=revision.id, **row))
    if not is_server:
        session.execute(text(_KEEP), {"revision_id": revision.id.hex})


def index_missing(session: Session) -> int:
    """Courses that were open before there was a search. Returns how many."""
    indexed = select(Passage.revision_id)
    missing = session.scalars(
        select(Course).where(Course.revision_id.is_not(None), Course.revision_id.not_in(indexed))
    ).all()
    for course in missing:
        revision = session.get_one(Revision, course.revision_id)
        lessons = session.scalars(select(Lesson).where(Lesson.revision_id == revision.id).order_by(Lesson.position))
        found = said(revision.title, revision.search_text, [(one.lesson_id, vars(one)) for one in lessons])
        index(session, course, revision, found)
    return len(missing)


def beginning_with(session: Session, word: str) -> Mapping[int, UUID]:
    """Ids of the passages that have a word which begins with `word`, one of `words_of`, and their revisions."""
    engine = session.get_bind().dialect.name
    ids = text(_FOUND[engine]).bindparams(begin=_BEGINNING[engine].format(word)).columns(Passage.id).subquery()
    rows = session.execute(select(Passage.id, Passage.revision_id).join(ids, ids.c.id == Passage.id))
    return {row.id: row.revision_id for row in rows}


def read(session: Session, ids: Iterable[int]) -> Sequence[Passage]:
    return session.scalars(select(Passage).where(Passage.id.in_(list(ids))).order_by(Passage.id)).all()


# Asking for it reads the whole index, and it only changes with the passages: kept until they do.
_vocabularies: dict[tuple[str, int | None, int], Mapping[str, int]] = {}


def vocabulary(session: Session) -> Mapping[str, int]:
    """Every word of every passage, and in how many of them it stands."""
    newest, count = session.execute(select(func.max(Passage.id), func.count()).select_from(Passage)).one()
    bind = session.get_bind()
    key = (str(bind.engine.url), newest, count)
    if key not in _vocabularies:
        rows = session.execute(text(_VOCABULARY[bind.dialect.name]))
        _vocabularies.clear()
        _vocabularies[key] = {str(word): int(passages) for word, passages in rows}
    return _vocabularies[key]


def _forget(session: Session, which: ColumnElement[bool]) -> None:
    """SQLite's full-text table must be told what stood in a row before it goes."""
    if session.get_bind().dialect.name == "sqlite":
        rows = session.execute(select(Passage.id, Passage.words).where(which))
        gone = [{"id": row.id, "words": row.words} for row in rows]
        if gone:
            session.execute(text(_FORGET), gone)
    session.execute(delete(Passage).where(which).execution_options(synchronize_session=False))


def _plain(html: str) -> str:
    return " ".join(BeautifulSoup(html, "html.parser").get_text(" ").split())
