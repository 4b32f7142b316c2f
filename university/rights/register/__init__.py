"""The register of personal data: every column, file, cookie and log field there is, and what it is for.

It drives the table on the privacy statement, the view and the download of somebody's data, and erasure. Whoever adds
a column, cookie, file or log field declares it here; a test names the one that is missing.

`kind` is ``name`` or ``address`` (typed by a person), ``about`` (arose around a person), ``pointer`` (a random id or
hash that leads to one) or ``none``.
"""

from __future__ import annotations

from university.rights.register.cases import CASES
from university.rights.register.entries import Entry
from university.rights.register.holders import HOLDERS
from university.rights.register.learning import LEARNING
from university.rights.register.mails import MAIL
from university.rights.register.remains import REMAINS
from university.rights.register.rest import LOG_FIELDS, REST
from university.rights.register.staff import STAFF

__all__ = ["LOG_FIELDS", "REGISTER", "Entry", "personal"]

REGISTER: tuple[Entry, ...] = (*HOLDERS, *CASES, *LEARNING, *MAIL, *REMAINS, *STAFF, *REST)


def personal(*kinds: str) -> list[Entry]:
    """The entries of these kinds, or of every kind but none."""
    return [entry for entry in REGISTER if (entry.kind in kinds if kinds else entry.is_personal)]
