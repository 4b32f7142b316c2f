"""A PDF in hand against its signature and the record: is this very file what we issued, and does it still hold?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from certificates import Verdict, same_credential, same_drawing, show_number, verify
from university.awarding.awards import Standing, Word
from university.awarding.drawing import Inside, drawn
from university.keys.keyring import KeyRing
from university.settings import Settings
from university.verify.statement import page_of


@dataclass(frozen=True)
class Recorded:
    """What the record says about a number: its standing, and what the PDF of its present version carries."""

    standing: Standing
    inside: Inside

    def issued(self, attached: str | None) -> bool:
        """Whether a PDF with this attachment can be the one. An older version's credential is not kept."""
        present = self.standing.certificate or self.standing.held_back
        return present is None or same_credential(attached, self.inside.credential)


AskRecord = Callable[[str, int | None], Recorded]


@dataclass(frozen=True)
class Judgement:
    """`word` is what decides: a standing for an untouched file, else changed, not_ours or could_not_check.

    `found` is what the record says about the number in the file; none if there is no number or nobody could say.
    """

    word: str
    verdict: Verdict
    found: Standing | None = None

    @property
    def is_untouched(self) -> bool:
        return self.verdict.word == "untouched"


def judge(file: bytes, keyring: KeyRing, settings: Settings, ask_record: AskRecord) -> Judgement:
    """Judges the bytes. Never raises for a file, nor for a record that does not answer."""
    verdict = verify(file, keyring.public_keys(settings))
    if verdict.number is None:
        return Judgement(_word_alone(verdict), verdict)
    try:
        recorded = ask_record(verdict.number, verdict.version)
    except SQLAlchemyError:
        return Judgement(_word_alone(verdict), verdict)
    found = recorded.standing
    if verdict.reason == "key_compromised" and _is_what_we_draw(file, recorded, keyring):
        verdict = replace(verdict, word="untouched", reason="all_rules_kept")
    elif verdict.word == "untouched" and not recorded.issued(verdict.credential):
        verdict = replace(verdict, word="changed", reason="another_credential")
    if verdict.word != "untouched":
        return Judgement(verdict.word, verdict, found)
    # Signed by our key, but we know of no such certificate: whoever made it was not us.
    return Judgement("not_ours" if found.word is Word.UNKNOWN else found.word.value, verdict, found)


def judgement_document(judgement: Judgement, settings: Settings, checked_at: datetime) -> dict[str, Any]:
    """The judgement for machines; every field always there."""
    verdict, found = judgement.verdict, judgement.found
    known = found if found and found.word is not Word.UNKNOWN else None
    return {
        "result": judgement.word,
        "file": verdict.word,
        "reason": verdict.reason,
        "standing": found.word.value if found else None,
        "number": show_number(verdict.number) if verdict.number else None,
        "version": verdict.version,
        "issued_on": verdict.issued_on.isoformat() if verdict.issued_on else None,
        "expires_on": verdict.expires_on.isoformat() if verdict.expires_on else None,
        "signed_by": verdict.key_id,
        "stamped_at": verdict.stamped_at.isoformat().replace("+00:00", "Z") if verdict.stamped_at else None,
        "checked_at": checked_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "links": {"page": page_of(known.number, settings) if known and known.number else None},
    }


def _is_what_we_draw(file: bytes, recorded: Recorded, keyring: KeyRing) -> bool:
    """Where the signature proves nothing any more, the record still does: it gives the same document again."""
    certificate = recorded.standing.certificate or recorded.standing.held_back
    return certificate is not None and same_drawing(file, drawn(certificate, recorded.inside, keyring))


def _word_alone(verdict: Verdict) -> str:
    """Without the record: a good signature alone is no answer."""
    return "could_not_check" if verdict.word == "untouched" else verdict.word
