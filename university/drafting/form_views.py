"""A form over a file of a course: what it shows, and what the checker says beside each field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from university.course_folders.forms.typed import Blank, Layout, Rows
from university.drafting.draft_saving import OpenDraft, content_of
from university.drafting.finding_words import Said, beside
from university.drafting.merging import Merge, merge
from university.serving.forms import Form

EMPTY_ROWS = 2
MOST_ITEMS = 200


@dataclass(frozen=True)
class FormView:
    """`base` says which content of the file the author saw. `merge` is there when somebody else saved it meanwhile."""

    values: Mapping[str, str]
    said: Mapping[str, Sequence[Said]]
    base: str
    merge: Merge | None = None
    errors: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        return self.values.get(name, "")

    def error(self, name: str) -> str:
        """What stops publishing, in one line beside the field."""
        found = [_line(one) for one in self._about(name) if one.is_error]
        return self.errors.get(name) or " ".join(found)

    def doubts(self, name: str) -> list[str]:
        return [_line(one) for one in self._about(name) if not one.is_error]

    def rows(self, name: str) -> range:
        """Numbers of the rows to show: those that are there and some empty ones."""
        used = [int(key.split(".")[1 + name.count(".")]) for key in self.values if key.startswith(f"{name}.")]
        return range(1 + max(used, default=-1) + EMPTY_ROWS)

    def _about(self, name: str) -> list[Said]:
        """Items of a list are typed into one field, so what is said about one of them stands there."""
        rows = tuple(f"{name}.{row}" for row in range(MOST_ITEMS))
        return [one for field, found in self.said.items() if field == name or field in rows for one in found]


Values = Callable[[bytes], dict[str, str]]


def view_of(opened: OpenDraft, path: str, values: Values) -> FormView:
    """The form over this file as it stands; `values` reads what it shows from the file."""
    return FormView(values(opened.folder.files.get(path, b"")), beside(opened, path), opened.base(path))


def view_of_conflict(
    looking: Session, opened: OpenDraft, path: str, values: Values, typed: Mapping[str, str], base: str
) -> FormView:
    """The form after somebody else saved the file: both people's work, and where both changed the same field, mine
    with the difference. It may be sent again as it is."""
    now = values(opened.folder.files.get(path, b""))
    seen = content_of(looking, base)
    merged = merge(now if seen is None else values(seen), now, typed)
    return FormView(merged.values, beside(opened, path), opened.base(path), merged)


def typed_in(form: Form, layout: Layout, *further: str) -> dict[str, str]:
    """Everything that was typed into a form of this layout; a box that was not ticked counts as emptied."""
    names = [part.name for part in layout if isinstance(part, Blank)]
    rows = tuple(f"{part.name}." for part in layout if isinstance(part, Rows))
    names += [name for name in form.names() if name.startswith(rows)] if rows else []
    return {name: form.one(name) for name in (*names, *further)}


def _line(said: Said) -> str:
    return f"{said.sentence} {said.detail}".strip()
