"""Questions and quizzes as forms and back: nothing typed is lost, and nothing else in the file changes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sample_course import ALL_KINDS, EXAM, MODULE_QUIZ, PRE, pool
from university.course_folders.course.questions import QUESTION_KINDS
from university.course_folders.forms import quiz_form
from university.course_folders.forms.question_form import (
    kind_of,
    new_question,
    rows_typed,
    shown,
    with_kind,
    with_typed,
)
from university.course_folders.writing.aligning import aligned, moved, plain_at, without

BY_HAND = """\
# The quiz of the first lesson.
id: try-it
title: "Try it"    # short
questions:
  # About springs
  - id: one
    kind: single
    text: >
      Where does a
      river begin?
    choices:
      - {text: 'Spring', correct: true}   # of course
      - text: "Sea"
        correct: false
  - kind: text
    id: two
    text: How is it called?
    answers:
      - spring
      - {text: source}
    case_sensitive: false

  # The last one
  - id: three
    kind: number
    text: How long?
    range: [1, 2.50]
"""


def sent(question: dict[str, Any], **changed: str) -> dict[str, str]:
    """What a browser sends of the form: lines end in CR LF, and a radio button stands for the right choice."""
    values = {name: value.replace("\n", "\r\n") for name, value in shown(question).items()}
    for name, value in list(values.items()):
        if kind_of(question) == "single" and name.endswith(".correct") and value == "true":
            values["correct"] = name.split(".")[1]
    return {**values, **changed}


def saved(text: str, at: int, /, **changed: str) -> str:
    question = plain_at(text, ("questions", at))
    typed = sent(question, **changed)
    return aligned(text, ("questions", at), with_typed(question, typed, rows_typed(typed, kind_of(question))))


def count(text: str) -> int:
    return len(plain_at(text, ("questions",)))


@pytest.mark.parametrize("text", [BY_HAND, ALL_KINDS, PRE, MODULE_QUIZ, pool()])
def test_a_form_sent_as_it_came_changes_no_byte(text: str) -> None:
    for at in range(count(text)):
        assert saved(text, at) == text


def test_one_change_changes_one_line() -> None:
    after = saved(BY_HAND, 0, **{"choices.1.text": "The sea"})
    changed = [line for line in after.splitlines() if line not in BY_HAND.splitlines()]
    assert changed == ['      - text: "The sea"']
    assert "# of course" in after
    after = saved(BY_HAND, 2, high="3")
    assert after == BY_HAND.replace("[1, 2.50]", "[1, 3]")


def test_the_right_choice_moves_with_its_button() -> None:
    question = plain_at(saved(BY_HAND, 0, correct="1"), ("questions", 0))
    assert [choice.get("correct") for choice in question["choices"]] == [None, True]


def test_rows_left_empty_go_and_new_ones_come() -> None:
    after = saved(ALL_KINDS, 1, **{"choices.2.text": " ", "choices.4.text": "Fish", "choices.4.correct": "true"})
    choices = plain_at(after, ("questions", 1))["choices"]
    assert [choice["text"] for choice in choices] == ["Water", "Sand", "The moon", "Fish"]
    assert choices[1]["feedback_if_not_chosen"] == "KEY-multiple-missed sand too"
    assert choices[3]["correct"] is True


def test_what_is_no_number_is_kept_as_it_was_typed() -> None:
    question = plain_at(saved(ALL_KINDS, 4, answer="about twelve", tolerance="5 %"), ("questions", 4))
    assert (question["answer"], question["tolerance"]) == ("about twelve", "5%")
    question = plain_at(saved(ALL_KINDS, 4, way="range", low="1,5", high="−2"), ("questions", 4))
    assert question["range"] == [pytest.approx(1.5), -2]
    assert "answer" not in question


def test_every_kind_can_become_every_other_and_its_texts_go_along() -> None:
    for at in range(len(QUESTION_KINDS)):
        question = plain_at(ALL_KINDS, ("questions", at))
        for other in QUESTION_KINDS:
            changed = with_kind(question, other)
            assert changed["kind"] == other
            assert changed["text"] == question["text"]
            assert aligned(ALL_KINDS, ("questions", at), changed)
    order = with_kind(plain_at(ALL_KINDS, ("questions", 0)), "order")
    assert order["items"] == ["At the spring", "At the sea", "None of these"]
    with pytest.raises(ValueError, match="no kind"):
        with_kind(order, "essay")
    assert new_question("q", "single") == {"id": "q", "kind": "single", "text": ""}


def test_a_question_moves_with_its_lines_and_its_comments() -> None:
    after = moved(BY_HAND, "questions", 2, 0)
    assert [one["id"] for one in plain_at(after, ("questions",))] == ["three", "one", "two"]
    assert after.index("# The last one") < after.index("id: three") < after.index("# About springs")
    assert sorted(after.splitlines()) == sorted(BY_HAND.splitlines())
    assert moved(moved(ALL_KINDS, "questions", 0, 6), "questions", 6, 0) == ALL_KINDS
    with pytest.raises(ValueError, match="no item"):
        moved(BY_HAND, "questions", 0, 3)


def test_a_question_is_taken_out_with_its_comments() -> None:
    after = without(BY_HAND, "questions", 0)
    assert "About springs" not in after
    assert [one["id"] for one in plain_at(after, ("questions",))] == ["two", "three"]
    assert "questions" not in without(MODULE_QUIZ, "questions", 0)
    assert without(BY_HAND, "questions", 2).endswith("case_sensitive: false\n\n")


def test_fields_that_no_form_knows_stay_until_somebody_mends_them() -> None:
    odd = PRE.replace("    kind: truefalse", "    kind: truefalse\n    dificulty: 3")
    assert "dificulty: 3" in saved(odd, 0, text="Changed")


def test_the_rules_of_a_quiz_change_line_by_line_too() -> None:
    for text in (EXAM, BY_HAND, ALL_KINDS):
        quiz = plain_at(text, ())
        typed = {name: value.replace("\n", "\r\n") for name, value in quiz_form.shown(quiz).items()}
        assert aligned(text, (), quiz_form.with_typed(quiz, typed)) == text
    quiz = plain_at(EXAM, ())
    typed = {**quiz_form.shown(quiz), "pass_mark": "75", "attempts": "", "pool": "*\ntag:x"}
    after = aligned(EXAM, (), quiz_form.with_typed(quiz, typed))
    changed = plain_at(after, ())
    assert (changed["pass_mark"], changed["pool"]) == (75, ["*", "tag:x"])
    assert "attempts" not in changed
    typed = {
        **quiz_form.shown(quiz),
        "draw": "",
        "pool": "",
        "blueprint.0.pool": "tag:a, tag:b",
        "blueprint.0.draw": "3",
    }
    changed = plain_at(aligned(EXAM, (), quiz_form.with_typed(quiz, typed)), ())
    assert changed["blueprint"] == [{"pool": ["tag:a", "tag:b"], "draw": 3}]
