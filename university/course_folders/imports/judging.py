"""The checker's word on questions from elsewhere: what must be mended before they can be published."""

from collections.abc import Mapping
from dataclasses import replace

from university.course_folders.checking.texts import TextCheck
from university.course_folders.course.questions import Question
from university.course_folders.files.folder import Folder
from university.course_folders.findings import Finding
from university.course_folders.imports.results import Import, Item, Remark, marked
from university.course_folders.reading.documents import Document
from university.course_folders.reading.quizzes import read_quiz
from university.course_folders.writing.canonical import question_fields
from university.course_folders.yaml.tree import Entry, Node, Place, YamlList, YamlMapping, YamlScalar, node_of

PATH = "pools/imported.yaml"
MEND = marked("mend it before publishing: %(code)s, %(what)s")


def judged(found: Import) -> Import:
    """The same import; each question with the errors that our checker finds in it."""
    faults = faults_of(found.questions, found.files)
    return replace(found, items=tuple(_with_faults(item, faults) for item in found.items))


def _with_faults(item: Item, faults: Mapping[str, list[Finding]]) -> Item:
    if item.question is None:
        return item
    found = faults.get(item.question.id, ())
    remarks = [Remark(MEND, {"code": one.code, "what": one.what}, item.line) for one in found]
    return replace(item, remarks=item.remarks + tuple(remarks))


def faults_of(questions: list[Question], files: Mapping[str, bytes]) -> dict[str, list[Finding]]:
    """Errors by the id of the question they stand in."""
    if not questions:
        return {}
    document = Document(PATH, files)
    read_quiz(document, _as_written(questions), "pool")
    check = TextCheck(Folder({**files, PATH: b""}))
    faults: dict[str, list[Finding]] = {}
    for finding in [*document.findings, *(one for text in document.markdown for one in check.check(text))]:
        if finding.is_error and finding.line > 0:
            faults.setdefault(questions[finding.line - 1].id, []).append(finding)
    return faults


def _as_written(questions: list[Question]) -> YamlMapping:
    """A pool of these questions as the checker reads it from a file: each stands in the line of its number."""
    start = Place(0, 1)
    whole = node_of({"id": "imported", "title": "Imported"}, start)
    listed: list[Node] = [node_of(question_fields(one), Place(line, 1)) for line, one in enumerate(questions, 1)]
    entry = Entry(YamlScalar(start, "questions", True), YamlList(start, listed))
    return YamlMapping(start, {**whole.entries, "questions": entry})
