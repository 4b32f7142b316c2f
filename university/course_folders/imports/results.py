"""What reading a foreign file came to: every thing in it, what it becomes, and every loss by name."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from university.course_folders.course.questions import Question
from university.course_folders.files.folder import Folder
from university.course_folders.findings import printable


def marked(sentence: str) -> str:
    """Marks a sentence for the translators; it is translated where it is shown."""
    return sentence


@dataclass(frozen=True)
class Remark:
    """One sentence about one line: what is lost, why a thing is skipped, or why a file is broken.

    `sentence` is English with named places (`%(name)s`) and no full stop; `column` 0 means the whole line; `path` is
    given where the file lies in a package.
    """

    sentence: str
    values: Mapping[str, str | int] = field(default_factory=dict)
    line: int = 1
    column: int = 0
    path: str = ""

    @property
    def text(self) -> str:
        return printable(self.sentence % self.values)


@dataclass(frozen=True)
class Item:
    """One thing in the file. `sort` is what its own format calls it, `group` the quiz or bank it stands in.

    It becomes `question`, or something else of a course (`makes` says what: a page, a file, a tag …), or it is
    skipped and the remarks say why. Of what is made the remarks say what is lost.
    """

    path: str
    line: int
    sort: str
    title: str
    question: Question | None = None
    makes: str | None = None
    remarks: tuple[Remark, ...] = ()
    group: str = ""

    @property
    def is_skipped(self) -> bool:
        return self.question is None and self.makes is None

    @property
    def place(self) -> str:
        return f"{printable(self.path)}:{self.line}"

    def as_json(self) -> dict[str, Any]:
        question = self.question
        return {
            "path": self.path,
            "line": self.line,
            "sort": self.sort,
            "title": printable(self.title),
            "outcome": "skipped" if self.is_skipped else "made",
            "makes": question.kind if question else self.makes,
            "id": question.id if question else None,
            "remarks": [{"line": one.line, "text": one.text} for one in self.remarks],
        }


@dataclass(frozen=True)
class Import:
    """A foreign file, read. A broken one holds nothing but the reason, with line and column.

    `files` are pictures that the questions show, by their path in a course; `folder` is the course that a
    cartridge or one of our own zip files becomes.
    """

    name: str
    format: str
    items: tuple[Item, ...] = ()
    broken: Remark | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)
    folder: Folder | None = None

    @property
    def questions(self) -> list[Question]:
        return [item.question for item in self.items if item.question]

    @property
    def skipped(self) -> list[Item]:
        return [item for item in self.items if item.is_skipped]

    @property
    def counts(self) -> dict[str, int]:
        """How many things of each sort the file holds."""
        return dict(Counter(item.sort for item in self.items))

    @property
    def kinds(self) -> dict[str, int]:
        """How many questions of each of our kinds it becomes."""
        return dict(Counter(question.kind for question in self.questions))

    def as_json(self) -> dict[str, Any]:
        return {
            "file": self.name,
            "format": self.format,
            "found": self.counts,
            "questions": self.kinds,
            "broken": _fault(self.broken),
            "items": [item.as_json() for item in self.items],
            "files": sorted(self.files),
        }


def _fault(remark: Remark | None) -> dict[str, str | int] | None:
    if remark is None:
        return None
    return {"path": remark.path, "line": remark.line, "column": remark.column, "text": remark.text}


class BrokenFile(Exception):
    """The file cannot be read; the remark says where and why."""

    def __init__(self, sentence: str, line: int = 1, column: int = 1, **values: str | int) -> None:
        super().__init__(sentence)
        self.remark = Remark(sentence, values, line, column)

    def within(self, path: str) -> "BrokenFile":
        """The same fault, in this file of a package."""
        self.remark = replace(self.remark, path=self.remark.path or path)
        return self
