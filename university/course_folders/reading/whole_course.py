"""A course folder to a course: reads every file once and puts the pieces together. Begin here."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from university.course_folders.course.model import Course, Module
from university.course_folders.course.questions import Quiz, QuizKind
from university.course_folders.files.folder import Folder
from university.course_folders.findings import Finding
from university.course_folders.reading.courses import read_course_file, read_module_file
from university.course_folders.reading.documents import Document, MarkdownField, decode, read_yaml
from university.course_folders.reading.fields import ID, Fields
from university.course_folders.reading.lessons import PlacedLesson, read_lesson, unix_lines
from university.course_folders.reading.quizzes import PlacedQuiz, read_quiz
from university.course_folders.yaml.tree import Place

NUMBERED = re.compile(r"\d{2,3}-[a-z0-9-]+", re.ASCII)
LESSON_FILES = (".quiz.yaml", ".pre.yaml", ".md")


@dataclass
class Pieces:
    """What reading brings together for the rules about the whole course."""

    folder: Folder
    course: Course | None = None
    course_fields: Fields | None = None
    documents: list[Document] = field(default_factory=list)
    modules: list[tuple[Module, Fields]] = field(default_factory=list)
    lessons: list[PlacedLesson] = field(default_factory=list)
    quizzes: list[PlacedQuiz] = field(default_factory=list)
    extra: list[Finding] = field(default_factory=list)

    def open(self, path: str) -> Document:
        document = Document(path, self.folder.files)
        self.documents.append(document)
        return document

    @property
    def has_gaps(self) -> bool:
        """Whether something could not be read, so that what seems to be missing may stand there."""
        unread = any(finding.code in ("E005", "E006") for finding in self.extra)
        return unread or bool(self.folder.findings) or any(document.has_gaps for document in self.documents)

    @property
    def findings(self) -> list[Finding]:
        found = [finding for document in self.documents for finding in document.findings]
        return [*self.folder.findings, *found, *self.extra]

    @property
    def markdown(self) -> Iterator[MarkdownField]:
        return (text for document in self.documents for text in document.markdown)

    @property
    def used_files(self) -> set[str]:
        return {path for document in self.documents for path in (document.path, *document.used_files)}


def read_pieces(folder: Folder) -> Pieces:
    """Read every file that belongs to a course. `course` stays None when course.yaml is missing or no YAML."""
    pieces = Pieces(folder)
    modules = tuple(_modules(pieces))
    pools = tuple(_pools(pieces))
    exam = _quiz(pieces, "exam.yaml", "exam")
    attribution = _attribution(pieces)
    if "course.yaml" not in folder.files:
        explains = (finding.code == "E015" or finding.path == "course.yaml" for finding in folder.findings)
        if not any(explains):
            pieces.extra.append(Finding("course.yaml", 1, 1, "E001", "there is no course.yaml", "a file course.yaml"))
        return pieces
    document = pieces.open("course.yaml")
    mapping = read_yaml(document)
    if mapping is not None:
        course, pieces.course_fields = read_course_file(document, mapping)
        pieces.course = replace(course, modules=modules, pools=pools, exam=exam, attribution=attribution)
    return pieces


def _attribution(pieces: Pieces) -> str | None:
    if "ATTRIBUTION.md" not in pieces.folder.files:
        return None
    document = pieces.open("ATTRIBUTION.md")
    text = decode(document, pieces.folder.files["ATTRIBUTION.md"])
    if text is not None:
        text = unix_lines(text)
        document.markdown.append(MarkdownField("ATTRIBUTION.md", Place(1, 1), text, 1, keeps_lines=True))
    return text


# Modules


def _modules(pieces: Pieces) -> Iterator[Module]:
    for name in by_number({path.split("/")[1] for path in pieces.folder.under("modules") if path.count("/") > 1}):
        path = f"modules/{name}"
        if NUMBERED.fullmatch(name):
            module = _module(pieces, path)
            if module:
                yield module
        else:
            _bad_name(pieces, path, "module")


def by_number(names: set[str]) -> list[str]:
    """By the number in front, so that 100 comes after 99; equal numbers by name."""
    return sorted(names, key=lambda name: (int(name.split("-")[0]) if NUMBERED.fullmatch(name) else 0, name))


def _bad_name(pieces: Pieces, path: str, sort: str) -> None:
    expected = "a number of two or three digits, a hyphen, then small letters, digits and hyphens: 01-first-steps"
    pieces.extra.append(Finding(path, 1, 1, "E005", f"this is no name for a {sort}", expected))


def _module(pieces: Pieces, path: str) -> Module | None:
    file = f"{path}/module.yaml"
    fields = None
    if file in pieces.folder.files:
        document = pieces.open(file)
        mapping = read_yaml(document)
        if mapping is not None:
            module, fields = read_module_file(document, mapping, path)
    else:
        what = "the module has no module.yaml"
        pieces.extra.append(Finding(file, 1, 1, "E006", what, "a file module.yaml with id and title"))
    # Lessons are read even so: what is wrong in them is worth knowing at once.
    lessons = tuple(placed.lesson for placed in _lessons(pieces, path))
    quiz = _quiz(pieces, f"{path}/quiz.yaml", "module", module_id=module.id if fields else None)
    if fields is None:
        return None
    pieces.modules.append((module, fields))
    return replace(module, lessons=lessons, quiz=quiz)


def _lessons(pieces: Pieces, module: str) -> Iterator[PlacedLesson]:
    inside = [path for path in pieces.folder.files if path.startswith(f"{module}/") and path.count("/") == 2]
    names = {PurePosixPath(path).name for path in inside}
    texts = {name.removesuffix(".md") for name in names if name.endswith(".md")}
    for name in by_number(texts):
        if not NUMBERED.fullmatch(name):
            _bad_name(pieces, f"{module}/{name}.md", "lesson")
            continue
        placed = _lesson(pieces, f"{module}/{name}")
        if placed:
            yield placed
    _lone_quizzes(pieces, module, names, texts)


def _lesson(pieces: Pieces, stem: str) -> PlacedLesson | None:
    placed = read_lesson(pieces.open(f"{stem}.md"))
    id_ = placed.lesson.id if placed else None
    pre_quiz = _quiz(pieces, f"{stem}.pre.yaml", "pre", lesson_id=id_)
    quiz = _quiz(pieces, f"{stem}.quiz.yaml", "lesson", lesson_id=id_)
    if placed is None:
        return None
    placed = replace(placed, lesson=replace(placed.lesson, quiz=quiz, pre_quiz=pre_quiz))
    pieces.lessons.append(placed)
    return placed


def _lone_quizzes(pieces: Pieces, module: str, names: set[str], texts: set[str]) -> None:
    for name in sorted(names):
        for ending in (".quiz.yaml", ".pre.yaml"):
            lesson = name.removesuffix(ending)
            if name.endswith(ending) and lesson not in texts:
                what = f"the quiz has no lesson {lesson}.md"
                finding = Finding(f"{module}/{name}", 1, 1, "E125", what, "a lesson of the same name beside it")
                pieces.extra.append(finding)


# Quizzes


def _quiz(
    pieces: Pieces, path: str, kind: QuizKind, lesson_id: str | None = None, module_id: str | None = None
) -> Quiz | None:
    if path not in pieces.folder.files:
        return None
    document = pieces.open(path)
    mapping = read_yaml(document)
    placed = None if mapping is None else read_quiz(document, mapping, kind, lesson_id, module_id)
    if placed is None:
        return None
    pieces.quizzes.append(placed)
    return placed.quiz


def _pools(pieces: Pieces) -> Iterator[tuple[str, Quiz]]:
    for path in pieces.folder.under("pools"):
        name = path.removeprefix("pools/").removesuffix(".yaml")
        if not path.endswith(".yaml") or "/" in name:
            continue
        if not ID.fullmatch(name):
            expected = "small letters, digits and hyphens: network-basics"
            pieces.extra.append(Finding(path, 1, 1, "E005", "this is no name for a pool", expected))
            continue
        quiz = _quiz(pieces, path, "pool")
        if quiz:
            yield name, quiz
