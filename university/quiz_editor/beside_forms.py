"""What stands beside the forms of the quiz builder: questions in a list, what is said of one, two people's work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from university.course_folders import plain
from university.course_folders.forms import quiz_form
from university.course_folders.forms.question_form import Fields, kind_of, rows_typed, with_typed
from university.course_folders.yaml.writing import as_yaml
from university.drafting.draft_saving import OpenDraft
from university.drafting.finding_words import Said
from university.drafting.text_differences import Line, text_difference
from university.quiz_editor.questions import OpenQuestion, open_question, said_about
from university.quiz_editor.quizzes import Spot, fields_of, questions_in

LONGEST_WORDS = 140


@dataclass(frozen=True)
class QuestionLine:
    """A question in the list of its quiz."""

    number: int
    kind: str
    words: str
    is_void: bool
    errors: int
    hints: int
    address: str


def lines(opened: OpenDraft, spot: Spot) -> list[QuestionLine]:
    return [_line(open_question(opened, spot, number)) for number in range(1, 1 + len(questions_in(opened, spot)))]


def all_said(question: OpenQuestion) -> list[tuple[str, Said]]:
    """Everything the checker says of the question, errors first, with the field it is about."""
    found = [(field, one) for field, said in said_about(question).items() for one in said]
    return sorted(found, key=lambda pair: not pair[1].is_error)


def rules(opened: OpenDraft, spot: Spot, typed: Mapping[str, str]) -> list[Line]:
    """What somebody else saved against what was typed here, as it would stand in the file."""
    theirs = fields_of(opened, spot)
    mine = quiz_form.with_typed(theirs, typed)
    return text_difference(_without_questions(theirs), _without_questions(mine))


def question(there: OpenQuestion, typed: Mapping[str, str]) -> list[Line]:
    mine = with_typed(there.fields, typed, rows_typed(typed, kind_of(there.fields)))
    return text_difference(as_yaml(there.fields), as_yaml(mine))


def where_next(question: OpenQuestion, typed: Mapping[str, str]) -> str:
    """Where to look after a save: the row that moved, the next question, or the try-out."""
    do = typed.get("do", "")
    if do == "next":
        return f"{question.spot.address}#questions"
    if do.startswith(("up:", "down:", "to:", "remove:", "more", "kind:")):
        return f"{question.address}#rows"
    return f"{question.address}?saved=1#try"


def _line(question: OpenQuestion) -> QuestionLine:
    said = [one for found in said_about(question).values() for one in found]
    words = plain(str(question.fields.get("text") or ""))
    return QuestionLine(
        number=question.at + 1,
        kind=question.kind,
        words=words if len(words) <= LONGEST_WORDS else f"{words[: LONGEST_WORDS - 1]}…",
        is_void=question.fields.get("void") is True,
        errors=sum(one.is_error for one in said),
        hints=sum(not one.is_error for one in said),
        address=question.address,
    )


def _without_questions(fields: Fields) -> str:
    return as_yaml({name: value for name, value in fields.items() if name != "questions"})
