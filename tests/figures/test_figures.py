"""Figures without persons: what they say, and what they never say."""

from __future__ import annotations

import csv
import io
import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from litestar.testing import TestClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests import cast, crew
from tests.figures import classroom, one_by_one
from university import clock
from university.course_folders import Choice, Question
from university.database import Database
from university.figures.answers import exam_of, questions_of
from university.figures.counting import count_course, count_what_is_due
from university.figures.course import CourseFigures, Figures, all_courses, figures_of
from university.figures.learners import count_learners
from university.figures.sittings import sittings
from university.learning.lesson_minutes import measured_minutes
from university.learning.small_numbers import shown, shown_mean, shown_share, whole_fives
from university.models import Award, Course, CourseCount, Enrolment, Lesson, Quiz, Restriction, Revision
from university.questions.tokens import choice_token

EASY = Question(
    "easy",
    "single",
    "<em>Which</em> is longest?",
    choices=(Choice("Maas"), Choice("Rijn", correct=True), Choice("Vecht")),
    objective="Length",
)
HARD = replace(EASY, id="hard", text="Which is deepest?", objective="Depth")


@pytest.fixture
def rivers(database: Database) -> Course:
    return cast.publish_sample(database)


def chosen(question: Question, place: int) -> dict[str, Any]:
    return {"chosen": [choice_token(question, question.choices[place])]}


def award(session: Session, course: Course, email: str) -> Award:
    """A certificate for this course, with the progress that earned it."""
    course = session.get_one(Course, course.id)
    made = cast.make_award(session, cast.make_person(session, email), course)
    asked = session.get_one(Revision, course.revision_id).page["requirements"]
    session.get_one(Enrolment, made.enrolment_id).requirements = dict(asked)
    return made


def exam_id(database: Database, course: Course) -> str:
    with database.reading() as session:
        exam = select(Quiz.quiz_id).where(Quiz.revision_id == course.revision_id, Quiz.kind == "exam")
        return session.scalars(exam).one()


def lesson_ids(database: Database, course: Course) -> list[str]:
    with database.reading() as session:
        lessons = select(Lesson.lesson_id).where(Lesson.revision_id == course.revision_id).order_by(Lesson.position)
        return list(session.scalars(lessons))


def told(database: Database, course: Course) -> Figures:
    """The figures after the next count."""
    classroom.count(database)
    with database.reading() as session:
        figures = figures_of(session, session.get_one(Course, course.id))
    assert figures is not None
    return figures


def told_of_all(database: Database) -> list[CourseFigures]:
    classroom.count(database)
    with database.reading() as session:
        return all_courses(session)


@pytest.mark.parametrize(("count", "said"), [(0, None), (4, None), (5, 5), (9, 5), (10, 10), (23, 20)])
def test_counts_of_people_come_in_fives_and_none_below(count: int, said: int | None) -> None:
    assert shown(count) == said


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        *((3, 4, None), (2, 20, None), (18, 20, None), (15, 20, 75), (20, 20, None), (0, 20, None), (5, 10, 50)),
        *((17, 22, 75), (19, 24, 75)),  # a share of the exact numbers would give them away
    ],
)
def test_a_share_is_not_said_when_one_side_of_it_is_a_few_people(part: int, whole: int, said: int | None) -> None:
    assert shown_share(part, whole) == said


def test_a_mean_cannot_be_undone_by_whoever_sees_one_more_person_come() -> None:
    """The sum of six less the sum of five would be what the sixth reached."""
    assert shown_mean([70, 70, 70, 70]) is None
    assert {shown_mean([70] * 5), *(shown_mean([70] * 5 + [one]) for one in (55, 70, 84))} == {70}


@pytest.mark.parametrize(("latest_first", "counted"), [("dcba", ""), ("edcba", "edcba"), ("gfedcba", "edcba")])
def test_answers_are_told_of_by_fives_of_people(latest_first: str, counted: str) -> None:
    assert whole_fives(latest_first) == counted


def test_two_counts_differ_by_five_people_or_by_none(database: Database, rivers: Course) -> None:
    """What an exam says after the fifth learner it says until the tenth."""
    said = []
    exam = exam_id(database, rivers)
    for number in range(10):
        with database.writing() as session:
            given = {"easy": chosen(EASY, 1), "hard": chosen(HARD, 1 if number in (3, 4, 5) else 0)}
            classroom.sit(session, classroom.begin(session, rivers), exam, [EASY, HARD], given)
        figures = told(database, rivers)
        said.append((figures.exam, figures.questions))
    assert said[:4] == [(None, [])] * 4
    assert said[4] == said[5] == said[8] != said[9]


def test_the_database_counts_what_anybody_would_count_by_hand(database: Database, rivers: Course) -> None:
    chance = random.Random(20)
    with database.writing() as session:
        classroom.fill_at_random(session, rivers, 150, chance)
        for number in range(3):
            hidden = award(session, rivers, f"learner{number}@example.org")
        session.add(Restriction(person_id=hidden.person_id, restricted_at=clock.now()))
        cast.make_enrolment(session, cast.make_course(session))
    with database.reading() as session:
        by_hand = one_by_one.count(session, rivers.id)
        assert count_learners(session, rivers.id) == by_hand
        assert min(by_hand.finished, *by_hand.done.values(), *by_hand.stopped.values()) > 0
        assert by_hand.finished < by_hand.started == 152
        assert measured_minutes(session, rivers.id) == one_by_one.minutes(session, rivers.id) != {}


def test_a_course_is_counted_once_a_day_and_a_new_one_soon(database: Database, rivers: Course) -> None:
    now = clock.now()
    assert [one.counted_at for one in told_of_all(database)] != [None]
    with database.writing() as session:
        session.execute(update(CourseCount).values(counted_at=now))
        lakes = cast.make_course(session)
    counts = [count_what_is_due(database, now + timedelta(hours=hours)) for hours in (0, 1, 23, 24, 25)]
    assert counts == [1, 0, 0, 2, 0], "the new one at once, and both when their day is over"
    assert count_what_is_due(database, now - timedelta(hours=1)) == 2, "after a clock that was ahead too"
    assert count_course(database, lakes.id).columns["started"] is None


def test_who_began_finished_and_stopped(database: Database, rivers: Course) -> None:
    first, second, *_ = lesson_ids(database, rivers)
    for _ in range(6):
        cast.make_passed_enrolment(database, rivers)
    with database.writing() as session:
        long_ago = clock.now() - timedelta(days=20)
        for _ in range(7):
            classroom.read(session, classroom.begin(session, rivers, long_ago), {first: 3})
        for _ in range(2):
            classroom.read(session, classroom.begin(session, rivers, long_ago), {first: 3, second: 4})
    figures = told(database, rivers)
    course, lessons = figures.course, figures.lessons
    assert (course.started, course.finished, course.certificates) == (15, 5, None)
    assert course.finished_share == 33
    assert [lessons[0].done, lessons[0].stopped] == [15, 5]
    assert [lessons[1].done, lessons[1].stopped] == [5, None]


def test_whoever_hides_their_name_counts_nowhere(database: Database, rivers: Course) -> None:
    with database.writing() as session:
        for number in range(5):
            last = award(session, rivers, f"learner{number}@example.org")
    assert [(one.started, one.certificates) for one in told_of_all(database)] == [(5, 5)]
    with database.writing() as session:
        session.add(Restriction(person_id=last.person_id, restricted_at=clock.now()))
    assert [(one.started, one.certificates) for one in told_of_all(database)] == [(None, None)]
    with database.reading() as session:
        assert list(sittings(session, rivers.id)) != []
        assert len(list(sittings(session, rivers.id))) == 4


def test_minutes_are_a_median_of_thirty_without_those_who_left_in_between(database: Database, rivers: Course) -> None:
    first, second, third, *_ = lesson_ids(database, rivers)
    with database.writing() as session:
        for minutes in [*[4] * 10, *[7] * 11, *[30] * 9]:
            classroom.read(session, classroom.begin(session, rivers), {first: 1, second: minutes, third: 600})
    with database.reading() as session:
        assert measured_minutes(session, rivers.id) == {second: 7}


def test_twenty_nine_are_not_enough_for_a_median(database: Database, rivers: Course) -> None:
    first, second, *_ = lesson_ids(database, rivers)
    with database.writing() as session:
        for _ in range(29):
            classroom.read(session, classroom.begin(session, rivers), {first: 1, second: 5})
    with database.reading() as session:
        assert measured_minutes(session, rivers.id) == {}


def test_a_question_tells_its_share_its_discrimination_and_its_trap(database: Database, rivers: Course) -> None:
    with database.writing() as session:
        for number in range(40):
            is_good = number < 20
            given = {"easy": chosen(EASY, 1 if is_good else 0), "hard": chosen(HARD, 1 if is_good else 2)}
            classroom.sit(session, classroom.begin(session, rivers), "exam", [EASY, HARD], given)
    with database.reading() as session:
        easy, hard = sorted(questions_of(sittings(session, rivers.id)), key=lambda one: one.id)
    assert (easy.text, easy.quiz, easy.answers, easy.right) == ("Which is longest?", "exam", 40, 50)
    assert easy.discrimination == 1.0
    assert (easy.wrong, easy.wrong_count) == ("Maas", 20)
    assert (hard.wrong, hard.wrong_count) == ("Vecht", 20)


def test_only_the_first_attempt_of_a_learner_counts(database: Database, rivers: Course) -> None:
    with database.writing() as session:
        for _ in range(5):
            learner = classroom.begin(session, rivers)
            classroom.sit(session, learner, "exam", [EASY], {"easy": chosen(EASY, 0)})
            classroom.sit(session, learner, "exam", [EASY], {"easy": chosen(EASY, 1)})
    with database.reading() as session:
        [easy] = questions_of(sittings(session, rivers.id))
    assert (easy.answers, easy.right, easy.is_easy) == (5, None, False)


def test_a_changed_key_splits_the_figures(database: Database, rivers: Course) -> None:
    changed = replace(EASY, choices=(Choice("Maas", correct=True), Choice("Rijn"), Choice("Vecht")))
    with database.writing() as session:
        for question in [*[EASY] * 7, *[changed] * 6]:
            given = {"easy": chosen(question, 1)}
            classroom.sit(session, classroom.begin(session, rivers), "exam", [question], given)
    with database.reading() as session:
        figures = questions_of(sittings(session, rivers.id))
    assert [(one.answers, one.is_easy, one.is_former) for one in figures] == [(5, False, False), (5, True, True)]


def test_what_fewer_than_five_did_is_not_said_of_a_question(database: Database, rivers: Course) -> None:
    with database.writing() as session:
        for place in [0, 0, 0, 0, 1, 1, 1, 1, 1, 1]:
            classroom.sit(session, classroom.begin(session, rivers), "exam", [EASY], {"easy": chosen(EASY, place)})
        for _ in range(4):
            classroom.sit(session, classroom.begin(session, rivers), "exam", [HARD], {})
    with database.reading() as session:
        [easy] = questions_of(sittings(session, rivers.id))
        assert (easy.wrong, easy.wrong_count, easy.discrimination) == ("", None, None)
        exam = exam_of(sittings(session, rivers.id), "exam", {})
    assert exam is not None
    assert [one.objective for one in exam.objectives] == ["Length"]


def test_an_exam_is_told_by_objective(database: Database, rivers: Course) -> None:
    with database.writing() as session:
        for number in range(10):
            given = {"easy": chosen(EASY, 1), "hard": chosen(HARD, 1 if number < 5 else 0)}
            classroom.sit(session, classroom.begin(session, rivers), "exam", [EASY, HARD], given)
    with database.reading() as session:
        exam = exam_of(sittings(session, rivers.id), "exam", {})
    assert exam is not None
    assert (exam.sittings, exam.passed_share, exam.mean_percent) == (10, 50, 75)
    assert [(one.objective, one.right) for one in exam.objectives] == [("Depth", 50), ("Length", None)]


def test_the_pages_show_charts_with_a_table_and_a_csv_beside_each(
    client: TestClient[Any], grace: crew.Here, database: Database, rivers: Course
) -> None:
    first, *_ = lesson_ids(database, rivers)
    exam = exam_id(database, rivers)
    with database.writing() as session:
        for number in range(12):
            learner = classroom.begin(session, rivers)
            classroom.read(session, learner, {first: 2})
            given = {"easy": chosen(EASY, number % 2), "hard": chosen(HARD, 1)}
            classroom.sit(session, learner, exam, [EASY, HARD], given)
    assert "Nothing was counted yet" in client.get("/editor/courses/rivers/figures").text
    classroom.count(database)
    page = BeautifulSoup(client.get("/editor/courses/rivers/figures").text, "html.parser")
    assert len(page.find_all("svg", role="img")) == len(page.find_all("table")) == 3
    assert not page.find_all(style=True)
    links = [one["href"] for one in page.find_all("a", download=True)]
    assert len(links) == 3
    for link in links:
        answer = client.get(str(link))
        assert answer.headers["content-type"].startswith("text/csv")
        assert len(list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))) >= 2
    assert client.get("/editor/courses/rivers/figures/people.csv").status_code == 404
    every = client.get("/figures")
    assert every.status_code == 200
    assert every.headers["cache-control"] == "no-store"
    rows = list(csv.reader(io.StringIO(client.get("/figures/courses.csv").text.lstrip("\ufeff"))))
    assert rows[1] == ["Rivers", "10", "", "", ""]


def test_a74_no_page_of_figures_holds_a_small_number_of_people_or_a_person(
    client: TestClient[Any], grace: crew.Here, database: Database, rivers: Course
) -> None:
    first, *_ = lesson_ids(database, rivers)
    with database.writing() as session:
        number_of_award = award(session, rivers, "ada@example.org").number
        for number in range(4):
            learner = classroom.begin(session, rivers)
            classroom.read(session, learner, {first: 2})
            classroom.sit(session, learner, "exam", [EASY], {"easy": chosen(EASY, number % 2)})
    classroom.count(database)
    for path in ("/figures", "/figures/courses.csv", "/editor/courses/rivers/figures"):
        text = client.get(path).text
        assert "example.org" not in text
        assert number_of_award not in text
    rows = list(csv.reader(io.StringIO(client.get("/figures/courses.csv").text.lstrip("\ufeff"))))
    assert rows[1] == ["Rivers", "5", "", "", ""]  # five began; how many finished is not said
    page = client.get("/editor/courses/rivers/figures").text
    assert "fewer than five" in page
    lessons = csv.DictReader(
        io.StringIO(client.get("/editor/courses/rivers/figures/lessons.csv").text.lstrip("\ufeff"))
    )
    assert {one["Done"] for one in lessons} <= {"", "5"}


def test_a_course_without_a_revision_has_no_figures_yet(
    client: TestClient[Any], grace: crew.Here, database: Database
) -> None:
    client.post(
        "/editor/new",
        data={"title": "Lakes", "summary": "About lakes.", "language": "en", "module": "One", "licence": "proprietary"},
    )
    answer = client.get("/editor/courses/lakes/figures")
    assert answer.status_code == 200
    assert "Figures begin with the first publishing" in answer.text
    with database.reading() as session:
        assert figures_of(session, session.scalars(select(Course).where(Course.slug == "lakes")).one()) is None


@pytest.mark.parametrize("path", ["/figures", "/figures/courses.csv", "/editor/courses/rivers/figures"])
def test_figures_are_for_those_who_write_courses(
    client: TestClient[Any], database: Database, rivers: Course, path: str
) -> None:
    assert client.get(path).status_code in (303, 401, 404)
    crew.sign_in(client, database, "priya")
    assert client.get(path).status_code in (403, 404)
    crew.sign_in(client, database, "pia")
    assert client.get(path).status_code == 200
