"""Wanting a topic: ticked in a form first, counting once the address is confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from university import clock
from university.consents.wording import PRESENT, wording
from university.errors import Unprocessable
from university.language import current_language, gettext as _
from university.models import TOPICS, Consent, Person
from university.rights.statements import digest, in_force
from university.serving.forms import Form

FIELD = "topics"


@dataclass(frozen=True)
class Given:
    """What was ticked: topics, words, statement, moment. Kept as JSON until the address is confirmed."""

    topics: tuple[str, ...]
    version: str
    language: str
    given_at: datetime
    statement_sha256: str | None = None

    def to_json(self) -> dict[str, Any]:
        moment = self.given_at.isoformat()
        return {
            "topics": list(self.topics),
            "wording": self.version,
            "language": self.language,
            "given_at": moment,
            "statement_sha256": self.statement_sha256,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Given:
        moment = datetime.fromisoformat(kept["given_at"])
        return cls(tuple(kept["topics"]), kept["wording"], kept["language"], moment, kept.get("statement_sha256"))


def ticked(form: Form) -> list[str]:
    """The topics that were ticked, each once. A word that is no topic comes from no page of ours."""
    chosen = form.many(FIELD)
    if not set(chosen) <= set(TOPICS):
        raise Unprocessable(_("The form holds something nobody asked for."))
    return [topic for topic in TOPICS if topic in chosen]


def given_now(topics: Iterable[str]) -> Given | None:
    """These topics in the words shown just now; None when no box was ticked."""
    chosen = tuple(topics)
    if not chosen:
        return None
    # The words that were shown: English ones where the language of the page has none of its own yet.
    shown = wording(chosen[0]).language
    return Given(chosen, PRESENT, shown, clock.now(), digest(in_force(), current_language()))


def count_from_now(session: Session, person: Person, given: Given, method: str) -> list[str]:
    """The address is confirmed: every topic given counts from this moment. Returns the topics that are new.

    A topic that is live already stays as it is: its proof is the older one.
    """
    live = set(live_topics(session, person.id))
    new = [topic for topic in given.topics if topic not in live]
    for topic in new:
        words = wording(topic, given.language, given.version)
        session.add(
            Consent(
                person_id=person.id,
                topic=topic,
                wording_version=words.version,
                wording_sha256=words.sha256,
                statement_sha256=given.statement_sha256,
                language=words.language,
                given_at=given.given_at,
                method=method,
                confirmed_at=clock.now(),
            )
        )
    session.flush()
    return new


def live_topics(session: Session, person_id: UUID) -> list[str]:
    """The topics this person wants at this moment."""
    live = select(Consent.topic).where(Consent.person_id == person_id, Consent.withdrawn_at.is_(None))
    return list(session.scalars(live))


def wants(session: Session, person_id: UUID, topic: str) -> bool:
    """Whether a mail about this topic may go to this person now."""
    return topic in live_topics(session, person_id)
