"""A picture on its way into a text: what it shows must be said, or that it is mere decoration."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

from university.drafting.uploads import picture_file
from university.errors import Problem
from university.language import gettext as _
from university.serving.forms import Form

FILE, ALT, DECORATIVE = "picture", "alt", "decorative"
LONGEST_ALT = 500


class NoDescription(Problem):
    """`sentence` stands beside the field in which the description is typed."""

    status = 422


@dataclass(frozen=True)
class Pictured:
    """`path` and `content` are the file as it is kept; an empty `alt` marks decoration."""

    path: str
    content: bytes
    alt: str

    def markdown(self, folder: str) -> str:
        """The picture as it is written in a file of this folder."""
        target = posixpath.relpath(self.path, folder)
        if not self.alt:
            return f'![]({target} "decorative")'
        shown = self.alt.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
        return f"![{shown}]({target})"


def picture_in(form: Form) -> Pictured | None:
    """The picture that came with this form, drawn anew; None when none did. Raises NoDescription, or what
    `uploads.picture_file` raises."""
    content = form.files.get(FILE)
    if not content:
        return None
    alt = " ".join(form.one(ALT).split())
    if not alt and not form.one(DECORATIVE):
        raise NoDescription(_("Say what the picture shows, for people who cannot see it."))
    if len(alt) > LONGEST_ALT:
        raise NoDescription(_("At most %(n)s characters; these are %(count)s.") % {"n": LONGEST_ALT, "count": len(alt)})
    path, kept = picture_file(content)
    return Pictured(path, kept, "" if form.one(DECORATIVE) else alt)
