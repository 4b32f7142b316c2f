"""The checker's word on questions from elsewhere: what must be mended before they can be published."""

from collections.abc import Mapping
from dataclasses import replace

from university.course_folders.checking.texts import TextCheck
from university.course_folders.course.questions import Question, Quiz
from university.course_folders.files.folder import Folder
from university.course_folders.findings import Finding
from university.course_folders.imports.results import Import, Item, Remark, marked
from university.course_folders.reading.documents import Document, parse_fields
from university.course_folders.reading.quizzes import read_quiz
from university.course_folders.writing.canonical import quiz_text

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
    mapping = parse_fields(document, quiz_text(Quiz("imported", "pool", "Imported", PATH, questions=tuple(questions))))
    if mapping is None:
        return {}
    placed = read_quiz(document, mapping, "pool")
    check = TextCheck(Folder({**files, PATH: b""}))
    findings = [*document.findings, *(one for text in document.markdown for one in check.check(text))]
    faults: dict[str, list[Finding]] = {}
    starts = [place.line for place in placed.question_places]
    for finding in findings:
        at = sum(line <= finding.line for line in starts) - 1
        if finding.is_error and at >= 0:
            faults.setdefault(placed.quiz.questions[at].id, []).append(finding)
    return faults
