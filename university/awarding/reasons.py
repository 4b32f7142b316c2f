"""Why the issuer took a certificate back, in words."""

from __future__ import annotations

from university.language import gettext as _, marked

# In the order of `models.REASONS`.
SENTENCES = {
    "issued_in_error": marked("It was issued in error."),
    "dishonest_exam": marked("The exam was not taken honestly."),
    "false_identity": marked("It was claimed under a false identity."),
    "legal_order": marked("A legal order required it."),
}


def sentence_of(reason: str) -> str:
    return _(SENTENCES[reason])
