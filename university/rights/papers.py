"""What belongs to a certificate as files, for the holder's own eyes: also while the name is hidden from others."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlalchemy.orm import Session

from certificates import Card, badge, bake, show_number
from university.awarding import awards
from university.awarding.awards import Word
from university.awarding.drawing import drawn, inside
from university.keys.keyring import KeyRing
from university.language import catalogue, primary
from university.models import Award
from university.rights import held
from university.rights.held import Subject

# Kind of file, by the end of its name.
TYPES = {"pdf": "application/pdf", "svg": "image/svg+xml; charset=utf-8", "json": "application/vc+ld+json"}

Draw = Callable[[], bytes]


def papers_of(session: Session, subject: Subject, keyring: KeyRing) -> dict[str, bytes]:
    """Every paper of every certificate that counts, by file name."""
    return {
        name: draw() for award in held.awards_of(session, subject) for name, draw in _of_award(session, award, keyring)
    }


def paper(session: Session, award: Award, kind: str, keyring: KeyRing) -> bytes | None:
    """One of them; None where there is none such."""
    papers = dict(_of_award(session, award, keyring))
    draw = papers.get(f"{show_number(award.number)}.{kind}")
    return draw() if draw else None


def _of_award(session: Session, award: Award, keyring: KeyRing) -> Iterator[tuple[str, Draw]]:
    found, goes_in, name = (
        awards.standing(session, award.number),
        inside(session, award.number),
        show_number(award.number),
    )
    certificate = found.certificate or found.held_back
    if certificate and certificate.holder.full_name:
        yield f"{name}.pdf", lambda: drawn(certificate, goes_in, keyring)
    if certificate:
        card = Card.of(certificate, "expired" if found.word is Word.EXPIRED else "valid")
        translate = catalogue(primary(certificate.course.language)).gettext
        yield f"{name}.svg", lambda: _baked(badge(card, translate), goes_in.credential)
    if goes_in.credential:
        credential = goes_in.credential
        yield f"{name}.json", lambda: credential.encode()


def _baked(svg: str, credential: str | None) -> bytes:
    return (bake(svg, credential) if credential else svg).encode()
