"""The part of “My data” that is about mail: four topics, how each stands, and the proof."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from university.consents.never import is_never_mailed
from university.consents.wording import Wording, boxes
from university.keys.keyring import KeyRing
from university.models import Consent
from university.rights.held import Subject


@dataclass(frozen=True)
class MailChoices:
    """`topics`: each box with the moment since when it is wanted, or None. `may_choose`: the address is confirmed."""

    topics: list[tuple[Wording, datetime | None]]
    may_choose: bool
    is_never_mailed: bool

    @property
    def wants_any(self) -> bool:
        return any(since for _box, since in self.topics)


def mail_choices(session: Session, keyring: KeyRing, subject: Subject) -> MailChoices:
    live = select(Consent.topic, Consent.confirmed_at).where(
        Consent.person_id.in_(subject.person_ids), Consent.withdrawn_at.is_(None)
    )
    since = {row.topic: row.confirmed_at for row in session.execute(live)}
    return MailChoices(
        topics=[(box, since.get(box.topic)) for box in boxes()],
        may_choose=subject.person is not None,
        is_never_mailed=is_never_mailed(session, keyring, subject.email),
    )
