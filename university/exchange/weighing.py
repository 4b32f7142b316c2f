"""The dry run: what a file would change in a course, thing by thing, before anything is."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from university.course_folders import Course as CourseValue, Finding, Folder, Quiz, Reading
from university.course_folders.imports import Import, PictureBox, Plan, every_quiz, plan, read_questions
from university.drafting import drafts
from university.drafting.draft_saving import OpenDraft
from university.drafting.finding_words import words_for
from university.drafting.uploads import BadUpload, picture_file, plain_pictures
from university.errors import Problem
from university.language import gettext as _

NEW_POOL = "new"


@dataclass(frozen=True)
class ProposedCourse:
    """A whole course, and what putting it into its draft would do."""

    name: str
    folder: Folder
    value: CourseValue
    reading: Reading
    difference: drafts.Difference

    @property
    def errors(self) -> list[Finding]:
        """The checker's."""
        return [one for one in self.reading.findings if one.is_error]


@dataclass(frozen=True)
class ProposedQuestions:
    """Questions for the quiz `target`, or for a new pool where that is None."""

    found: Import
    target: Quiz | None
    plan: Plan


@dataclass(frozen=True)
class Proposal:
    """What the file is and would do. `refusal` says why it does nothing; nothing of such a file is kept."""

    found: Import
    refusal: str = ""
    course: ProposedCourse | None = None
    questions: ProposedQuestions | None = None

    @property
    def is_empty(self) -> bool:
        if self.course:
            return self.course.difference.is_empty
        return self.questions is None or self.questions.plan.is_empty

    @property
    def has_nothing_for_us(self) -> bool:
        """Questions, and every one of them left out."""
        return self.questions is not None and self.is_empty and not self.questions.plan.count("same")


def redrawn(name: str, content: bytes) -> tuple[str, bytes] | None:
    """Pictures of other systems come in as uploads do: drawn anew, under the name of what is kept."""
    try:
        return picture_file(content)
    except Problem:
        return None


def weigh_course(session: Session, name: str, content: bytes) -> Proposal:
    """A whole course: a zip file of one of ours, or a cartridge."""
    found = read_questions(name, content, PictureBox(keeper=redrawn))
    if found.broken:
        return Proposal(found, sentence_of(found))
    if found.folder is None:
        return Proposal(found, _("These are questions, not a course. Bring them in on the page of their course."))
    return _course(session, found, found.folder)


def weigh(session: Session, opened: OpenDraft, name: str, content: bytes, target: str) -> Proposal:
    """For this course: the same course once more, or questions for one of its quizzes."""
    quiz = next((one for one in every_quiz(opened.value) if one.id == target), None)
    if quiz is None and target != NEW_POOL:
        raise ValueError("no such quiz")
    up = "../" * (quiz.path.count("/") if quiz else 1)
    found = read_questions(name, content, PictureBox(up, keeper=redrawn, taken=opened.folder.files))
    if found.broken:
        return Proposal(found, sentence_of(found))
    if found.folder is not None:
        return _same_course(session, opened, found, found.folder)
    return Proposal(found, questions=ProposedQuestions(found, quiz, plan(found, quiz, opened.value)))


def _same_course(session: Session, opened: OpenDraft, found: Import, folder: Folder) -> Proposal:
    proposal = _course(session, found, folder)
    if proposal.course and proposal.course.difference.slug != opened.slug:
        sentence = _("This is another course, %(slug)s. Bring it in from the list of courses.")
        return Proposal(found, sentence % {"slug": proposal.course.difference.slug})
    return proposal


def _course(session: Session, found: Import, folder: Folder) -> Proposal:
    try:
        folder = replace(folder, files=plain_pictures(folder.files))
    except BadUpload as problem:
        return Proposal(found, problem.sentence)
    reading = drafts.read_for(session, Folder(folder.files))
    if reading.course is None:
        first = reading.findings[0]
        return Proposal(found, line_of(first))
    slug = reading.course.slug
    owner = drafts.site_of(session).names.get(slug, slug)
    if owner != slug:
        sentence = _("The address %(slug)s belongs to the course %(owner)s.")
        return Proposal(found, sentence % {"slug": slug, "owner": owner})
    named = Folder(folder.files, slug)
    difference = drafts.difference(session, slug, named)
    return Proposal(found, course=ProposedCourse(found.name, named, reading.course, reading, difference))


def line_of(finding: Finding) -> str:
    """A finding of the checker in the reader's language, with its place."""
    return f"{finding.path}:{finding.line}: {' '.join(filter(None, words_for(finding)))}"


def sentence_of(found: Import) -> str:
    """Why a broken file makes nothing, with its place."""
    broken = found.broken
    if broken is None:
        return ""
    place = f"{broken.path}:" if broken.path else ""
    words = _(broken.sentence) % broken.values
    return _("Line %(line)s, column %(column)s: %(words)s.") % {
        "line": f"{place}{broken.line}",
        "column": broken.column,
        "words": words,
    }
