"""What staff write: a topic, and for each language a subject and a text."""

from __future__ import annotations

from dataclasses import dataclass

from university.campaigns.mail_markdown import dead_links
from university.language import DEFAULT, LANGUAGES, gettext as _
from university.models import TOPICS
from university.serving.forms import Form

LONGEST_SUBJECT = 120
LONGEST_TEXT = 40_000


@dataclass(frozen=True)
class Draft:
    topic: str
    # language → subject, text; only languages in which both are written.
    texts: dict[str, tuple[str, str]]


def read_draft(form: Form) -> tuple[Draft | None, dict[str, str]]:
    """The draft as typed, or None and a sentence for each wrong field."""
    errors: dict[str, str] = {}
    texts = {}
    for code in LANGUAGES:
        subject, body = form.one(f"subject_{code}").strip(), form.one(f"body_{code}").strip()
        if subject or body:
            errors |= _wrong(code, subject, body)
            texts[code] = (subject, body.replace("\r\n", "\n"))
    if form.one("topic") not in TOPICS:
        errors["topic"] = _("Please choose the topic this mail is about.")
    if not texts:
        errors[f"subject_{DEFAULT}"] = _("Please write the mail in at least one language.")
    return (None, errors) if errors else (Draft(form.one("topic"), texts), {})


def _wrong(code: str, subject: str, body: str) -> dict[str, str]:
    errors = {}
    if not subject or len(subject) > LONGEST_SUBJECT:
        errors[f"subject_{code}"] = _("A subject has 1 to %(most)s characters.") % {"most": LONGEST_SUBJECT}
    elif not subject.isprintable() or "=?" in subject:
        errors[f"subject_{code}"] = _("This subject holds something no mail header can carry.")
    if not body or len(body) > LONGEST_TEXT:
        errors[f"body_{code}"] = _("Please write the text of the mail.")
    elif dead := dead_links(body):
        errors[f"body_{code}"] = _("Nobody gets there from a mail: %(links)s. Begin with https://.") % {
            "links": ", ".join(dead)
        }
    return errors
