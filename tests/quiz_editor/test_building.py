"""The quiz builder without JavaScript: every button sends the form, and nothing typed is lost."""

from __future__ import annotations

from typing import Any

import pytest
from litestar.testing import TestClient

from tests import crew
from tests.desk import COURSE, Desk, draft_of
from tests.learner import field, token
from tests.sample_course import ALL_KINDS
from university.course_folders import Folder, Question
from university.course_folders.course.questions import QUESTION_KINDS
from university.database import Database

QUIZ = f"{COURSE}/questions/spring-quiz"
FILE = "modules/01-upstream/01-spring.quiz.yaml"


def words(desk: Desk) -> str:
    return " ".join(desk.page.get_text(" ").split())


def text_of(database: Database, path: str = FILE) -> str:
    return draft_of(database).text(path)


def question(database: Database, number: int, quiz: str = "spring-quiz") -> Question:
    course = draft_of(database).value
    return next(one for one in course.quizzes if one.id == quiz).questions[number - 1]


def test_the_overview_shows_every_quiz_and_where_one_could_be(desk: Desk, rivers: Folder) -> None:
    desk.open(f"{COURSE}/questions")
    said = words(desk)
    for title in ("The spring", "Try it", "What do you think?", "Upstream in short", "The exam", "Exam questions"):
        assert title in said
    assert "Add Quiz after the lesson: The delta" in said


def test_every_question_of_every_kind_is_sent_as_it_came_and_changes_nothing(
    desk: Desk, rivers: Folder, database: Database
) -> None:
    for number in range(1, 8):
        page = f"{QUIZ}/{number}"
        desk.open(page)
        assert desk.send(page, do="save").status_code == 303
    assert text_of(database) == ALL_KINDS


@pytest.mark.parametrize("kind", QUESTION_KINDS)
def test_a_question_of_each_kind_is_written_from_nothing(
    kind: str, desk: Desk, rivers: Folder, database: Database
) -> None:
    desk.open(f"{COURSE}/questions")
    made = desk.client.post(f"{COURSE}/questions", data={"spot": "lesson:delta", "title": ""})
    quiz = made.headers["location"]
    new = desk.client.post(f"{quiz}/new", data={"kind": kind})
    page = new.headers["location"]
    desk.open(page)
    assert "This is still missing" in words(desk) or "empty" in words(desk)
    desk.send(page, do="more", text="What is it?", **WRITTEN[kind])
    assert desk.answer.status_code == 303
    desk.open(page)
    assert "Check my answer" in words(desk), "it can be tried"
    made_of = question(database, 1, quiz.rsplit("/", 1)[1])
    assert (made_of.kind, made_of.text) == (kind, "What is it?")
    assert not draft_of(database).findings_in("modules/02-downstream/01-delta.quiz.yaml")


WRITTEN: dict[str, dict[str, str]] = {
    "single": {"choices__0__text": "A", "choices__1__text": "B", "correct": "1"},
    "multiple": {"choices__0__text": "A", "choices__1__text": "B", "choices__1__correct": "true"},
    "truefalse": {"answer": "false"},
    "text": {"answers__0__text": "spring", "answers__1__text": "source", "answers__1__score": "0,5"},
    "number": {"answer": "12,5", "tolerance": "5%", "unit": "km"},
    "match": {"pairs__0__left": "A", "pairs__0__right": "1", "pairs__1__left": "B", "pairs__1__right": "2"},
    "order": {"items__0__text": "A", "items__1__text": "B", "items__2__text": "C"},
}


def test_rows_move_and_go_and_nothing_typed_is_lost(desk: Desk, rivers: Folder, database: Database) -> None:
    page = f"{QUIZ}/2"
    desk.open(page)
    desk.send(page, do="down:0", text="Changed on the way", choices__3__text="Stars")
    assert desk.answer.headers["location"] == f"{page}#rows"
    now = question(database, 2)
    assert now.text == "Changed on the way"
    assert [choice.text for choice in now.choices] == ["Sand", "Water", "Mountains", "Stars"]
    assert [choice.correct for choice in now.choices] == [True, True, False, False]
    desk.open(page)
    desk.send(page, do="remove:2", choices__4__text="Fish")
    assert [choice.text for choice in question(database, 2).choices] == ["Sand", "Water", "Stars", "Fish"]


def test_the_right_choice_of_a_question_with_one_goes_along_when_it_moves(
    desk: Desk, rivers: Folder, database: Database
) -> None:
    page = f"{QUIZ}/1"
    desk.open(page)
    desk.send(page, do="down:0", correct="0")
    assert [(one.text, one.correct) for one in question(database, 1).choices] == [
        ("At the sea", False),
        ("At the spring", True),
        ("None of these", False),
    ]


def test_what_the_checker_says_stands_beside_its_field(desk: Desk, rivers: Folder, database: Database) -> None:
    page = f"{QUIZ}/1"
    desk.open(page)
    desk.send(page, do="save", choices__1__text="At the spring", points="many", correct="0")
    desk.open(page)
    for name in ("choices.1.text", "points"):
        place = desk.page.find(id=f"{name}-error")
        assert place, name
        assert f"{name}-error" in desk.page.find(id=name)["aria-describedby"]  # type: ignore[index]
    assert desk.page.find(id="points")["value"] == "many"  # type: ignore[index]
    assert "It can be tried as soon as these are put right" in words(desk)
    desk.open(f"{COURSE}")
    assert desk.page.find("a", href=f"{QUIZ}/1#points"), "the list of the course leads to the field"


def test_questions_move_and_go_with_buttons(desk: Desk, rivers: Folder, database: Database) -> None:
    desk.open(QUIZ)
    base = desk.page.find("input", {"name": "base"})["value"]  # type: ignore[index]
    sent = desk.client.post(f"{QUIZ}/order", data={"number": "1", "do": "down", "base": base})
    assert sent.headers["location"] == f"{QUIZ}#question-2"
    assert question(database, 2).id == "q-single"
    again = desk.client.post(f"{QUIZ}/order", data={"number": "1", "do": "down", "base": base})
    assert again.status_code == 409, "the list is another one by now"
    desk.open(QUIZ)
    base = desk.page.find("input", {"name": "base"})["value"]  # type: ignore[index]
    desk.client.post(f"{QUIZ}/order", data={"number": "2", "do": "remove", "base": base})
    assert [question(database, number).id for number in (1, 2)] == ["q-multiple", "q-truefalse"]
    for wrong in ({"number": "99", "do": "up"}, {"number": "1", "do": "up"}, {"number": "x", "do": "down"}):
        assert desk.client.post(f"{QUIZ}/order", data={**wrong, "base": ""}).status_code in (404, 422)


def test_a52_two_staff_save_the_same_question_and_the_second_gets_the_difference(
    desk: Desk, rivers: Folder, database: Database
) -> None:
    page = f"{QUIZ}/3"
    desk.open(page)
    mine = desk.fields(page)
    desk.client.post(page, data={**mine, "text": "Water runs up.", "do": "save"})
    second = desk.client.post(page, data={**mine, "text": "Water climbs.", "do": "save"})
    assert second.status_code == 409
    assert question(database, 3).text == "Water runs up."
    for said in ("Somebody else saved this", "<del>", "<ins>", "Water climbs."):
        assert said in second.text
    desk._took(second)
    assert desk.send(page, do="save").status_code == 303
    assert question(database, 3).text == "Water climbs."


def test_a_question_is_tried_as_learners_meet_it_and_nothing_is_kept(
    desk: Desk, rivers: Folder, database: Database
) -> None:
    before = text_of(database)
    page = desk.open(f"{QUIZ}/1")
    tried = page.find(id="try")
    assert tried
    assert "At the spring" in tried.get_text()
    assert "KEY-single-explanation" not in tried.get_text(), "no key before an answer"
    wrong = {"asked": "q-single", field("q-single"): token("q-single", "At the sea")}
    desk._took(desk.client.post(f"{QUIZ}/1/try/answers", data=wrong))
    assert desk.answer.status_code == 200
    said = " ".join(desk.page.find(id="try").get_text().split())  # type: ignore[union-attr]
    assert "Not right" in said
    assert "KEY-single-wrong that is the end" in said
    piece = desk.client.post(
        f"{QUIZ}/1/try/answers",
        data={"asked": "q-single", field("q-single"): token("q-single", "At the spring")},
        headers={"x-fragment": "1"},
    )
    assert "KEY-single-correct" in piece.text
    assert "tabs" not in piece.text
    nothing = desk.client.post(f"{QUIZ}/1/try/answers", data={"asked": "q-single"})
    assert nothing.status_code == 422
    assert "Choose an answer first." in nothing.text
    assert text_of(database) == before


def test_the_rules_of_the_exam_change_line_by_line(desk: Desk, rivers: Folder, database: Database) -> None:
    page = f"{COURSE}/questions/final-exam"
    desk.open(page)
    assert "An attempt asks 4 of 8 questions." in words(desk)
    desk.send(page, pass_mark="80", attempts="", feedback="score_only")
    assert desk.answer.status_code == 303
    text = text_of(database, "exam.yaml")
    assert "pass_mark: 80" in text
    assert "attempts" not in text
    assert "pool: ['pool:exam']" in text, "what nobody touched keeps its quotes"
    desk.open(page)
    desk.send(page, pass_mark="ninety")
    desk.open(page)
    assert desk.page.find(id="pass_mark-error")


def test_a_quiz_is_made_where_there_is_none_and_taken_out_again(desk: Desk, rivers: Folder, database: Database) -> None:
    for spot, path in (
        ("pre:delta", "modules/02-downstream/01-delta.pre.yaml"),
        ("module:downstream", "modules/02-downstream/quiz.yaml"),
        ("pool", "pools/deep-water.yaml"),
    ):
        made = desk.client.post(f"{COURSE}/questions", data={"spot": spot, "title": "Deep water"})
        assert made.status_code == 303
        assert path in draft_of(database).folder.files
        assert desk.client.post(f"{made.headers['location']}/remove").status_code == 303
        assert path not in draft_of(database).folder.files
    for spot in ("lesson:spring", "lesson:nope", "../../x"):
        assert desk.client.post(f"{COURSE}/questions", data={"spot": spot, "title": ""}).status_code == 422


GIFT = """\
// from the old system
::one:: Which is a river? {=The Rhine ~The Alps}

::two:: Rivers rest at night. {F}

::three:: Tell me about rivers. {}
"""
AIKEN = "Which one is no mountain?\nA. The Alps\nB. The Rhine\nANSWER: B\n"


def test_pasted_questions_are_shown_first_and_then_added_once(desk: Desk, rivers: Folder, database: Database) -> None:
    page = f"{QUIZ}/paste"
    desk.open(page)
    before = text_of(database)
    desk.send(page, text=GIFT, do="look")
    assert "2 questions would be added" in words(desk)
    assert "skipped" in words(desk)
    assert text_of(database) == before
    assert desk.page.find("textarea").get_text().strip() == GIFT.strip()  # type: ignore[union-attr]
    assert desk.send(page, do="take").status_code == 303
    assert [question(database, number).kind for number in (8, 9)] == ["single", "truefalse"]
    assert text_of(database).startswith(before)
    desk.open(page)
    desk.send(page, text=GIFT, do="take")
    assert desk.answer.status_code == 422
    assert "the course has it already" in words(desk)
    desk.send(page, text=AIKEN, do="look")
    assert "1 question would be added" in words(desk)
    desk.send(page, text="   ", do="look")
    assert "Paste some questions first." in words(desk)


def test_the_history_can_bring_a_question_back(desk: Desk, rivers: Folder, database: Database) -> None:
    desk.open(QUIZ)
    base = desk.page.find("input", {"name": "base"})["value"]  # type: ignore[index]
    desk.client.post(f"{QUIZ}/order", data={"number": "1", "do": "remove", "base": base})
    desk.open(f"{COURSE}/history")
    assert "A question of “The spring” was taken out" in words(desk)
    desk.client.post(f"{COURSE}/history", data={"version": "1"})
    assert text_of(database) == ALL_KINDS


def test_nobody_else_sees_the_questions(client: TestClient[Any], database: Database, rivers: Folder) -> None:
    assert client.get(QUIZ).status_code in (303, 401, 404)
    crew.sign_in(client, database, "priya")
    assert client.get(QUIZ).status_code in (403, 404)


def test_odd_addresses_and_forms_are_refused(desk: Desk, rivers: Folder) -> None:
    for path in (f"{QUIZ}/99", f"{QUIZ}/0", f"{COURSE}/questions/nope", f"{COURSE}/questions/nope/1"):
        assert desk.client.get(path).status_code == 404
    assert desk.client.post(f"{QUIZ}/new", data={"kind": "essay"}).status_code == 422
    assert desk.client.post(f"{QUIZ}/1", data={"do": "kind:x", "kind": "essay", "base": ""}).status_code in (409, 422)
