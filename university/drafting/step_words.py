"""The steps of a draft in words, for its history. Whoever adds a kind of step adds its sentence here."""

from __future__ import annotations

from university.language import gettext as _, marked
from university.models import DraftStep

WORDS = {
    "new": marked("The course was made"),
    "import": marked("A folder was imported"),
    "questions": marked("Questions from %(subject)s"),
    "copy": marked("Copied from %(subject)s"),
    "settings": marked("Settings of the course"),
    "lesson": marked("Lesson “%(subject)s”"),
    "module": marked("Module “%(subject)s”"),
    "add": marked("“%(subject)s” was added"),
    "remove": marked("“%(subject)s” was taken out"),
    "order": marked("“%(subject)s” was moved"),
    "quiz_new": marked("A quiz was added to “%(subject)s”"),
    "quiz": marked("Rules of the quiz of “%(subject)s”"),
    "quiz_gone": marked("The quiz of “%(subject)s” was taken out"),
    "question_new": marked("A question was added to “%(subject)s”"),
    "question": marked("A question of “%(subject)s”"),
    "question_gone": marked("A question of “%(subject)s” was taken out"),
    "question_order": marked("Questions of “%(subject)s” in another order"),
    "question_import": marked("Questions were pasted into “%(subject)s”"),
    "picture": marked("A picture was added to “%(subject)s”"),
    "file": marked("A file was added"),
    "file_gone": marked("The file %(subject)s was taken out"),
    "status": marked("The course was archived or opened again"),
    "back": marked("Back to version %(subject)s"),
}


def sentence(step: DraftStep) -> str:
    words = WORDS.get(step.kind, "%(subject)s")
    return _(words) % {"subject": step.subject}
