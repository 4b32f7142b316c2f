"""What somebody typed, kept in the page itself while they sign in again: no server and no browser stores it.

A form that arrives after its session has ended is answered with the sign-in page. A hidden field of that page holds
the form; it is carried through every step and offered again, with one button, once all is well.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from university.serving.forms import TOKEN_FIELD, Form
from university.serving.pages import Visitor, safe_path

FIELD = "kept"
CSRF_FIELD = "csrf_token"
MOST_BYTES = 2 * 1024 * 1024
# The longest lesson and a picture beside it: the text of such a form is kept too.
MOST_SENT = 9 * 1024 * 1024
# A kept form is text inside of text: the steps of the sign-in take more than one form holds.
STEP_BYTES = 2 * MOST_BYTES

_OF_THE_FRAME = frozenset({TOKEN_FIELD, CSRF_FIELD, FIELD})
# Secrets of the installation are in no page, not even hidden: they are typed once more.
_NEVER_SHOWN = frozenset({"smtp_password", "bucket_secret", "recovery_key"})


@dataclass(frozen=True)
class KeptForm:
    """Where the form was going, and its fields in order. Chosen files cannot be kept: `had_files` says so."""

    path: str
    fields: tuple[tuple[str, str], ...]
    had_files: bool = False

    def packed(self) -> str:
        return json.dumps([self.path, self.fields, self.had_files], ensure_ascii=False, separators=(",", ":"))


def keep_form(request: Visitor, form: Form) -> KeptForm:
    fields = tuple((name, value) for name, value in form.fields if name not in _OF_THE_FRAME | _NEVER_SHOWN)
    return KeptForm(safe_path(request.scope["path"]), fields, bool(form.files))


def unpack(text: str) -> KeptForm | None:
    """The form in a hidden field of ours; None when there is none, or nothing of ours."""
    try:
        path, fields, had_files = json.loads(text)
        kept = tuple((str(name), str(value)) for name, value in fields)
        return KeptForm(safe_path(str(path)), kept, bool(had_files))
    except (ValueError, TypeError, RecursionError):
        return None
