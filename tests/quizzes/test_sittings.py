"""The exam: begun, saved answer by answer, ended by hand or by the clock, and fair about what comes next."""

from __future__ import annotations

import re
import threading
from typing import Any

import pytest
from litestar.testing import TestClient
from sqlalchemy import select

from tests.cast import make_begun_enrolment, publish_folder, publish_sample
from tests.learner import Learner, field, token, words
from tests.quizzes.conftest import Clock
from tests.sample_course import EXAM, sample_folder
from university.database import Database
from university.errors import Refused
from university.keys.secret_hashes import hashed
from university.learning.enrolments import passed_enrolment
from university.models import Attempt, Course, Enrolment
from university.quizzes import sittings
from university.revisions.published import revision

JSON = {"accept": "application/json"}


def only_attempt(database: Database) -> Attempt:
    with database.reading() as session:
        return session.scalars(select(Attempt)).one()


def test_the_page_before_says_what_to_expect_and_begins_nothing(ben: Learner, database: Database) -> None:
    page = ben.client.get("/quizzes/rivers/final-exam")
    for expected in ("Questions 4", "30 min", "70% of the points", "Attempts left 2", "24 hours between two attempts"):
        assert expected in words(page)
    assert "Take your time. You may look things up." in words(page)
    assert "set-cookie" not in page.headers
    with database.reading() as session:
        assert session.scalars(select(Enrolment)).all() == []


def test_a_reload_asks_the_same_questions_in_the_same_order(ben: Learner) -> None:
    attempt = ben.begin()
    first, second = ben.client.get(attempt).text, ben.client.get(attempt).text
    options = r'name="(q\.e-\d)" value="(\w+)"'
    assert re.findall(options, first) == re.findall(options, second)
    assert len(ben.asked(attempt)) == 4
    assert ben.begin() == attempt


def test_every_answer_is_saved_when_given_and_is_there_after_a_reload(ben: Learner) -> None:
    attempt = ben.begin()
    one = ben.asked(attempt)[0]
    value = token(one, f"Right {one[2:]}")
    saved = ben.client.post(attempt, data={"asked": one, field(one): value}, headers=JSON).json()
    assert (saved["saved"], len(saved["unanswered"])) == (True, 3)
    assert f'value="{value}" checked' in ben.client.get(attempt).text
    by_button = ben.client.post(attempt, data={"asked": one, field(one): value, "save": one})
    assert by_button.headers["location"] == f"{attempt}#{one}"


def test_a_pass_leads_to_the_certificate_only_when_the_rest_is_done(ben: Learner) -> None:
    attempt = ben.take_exam(right=3)
    page = ben.client.get(attempt)
    assert "Passed. Well done. 75%" in words(page)
    assert "What your certificate still needs" in words(page)
    assert "/claims/rivers" not in page.text


def test_ada_who_did_everything_is_shown_the_way_to_her_certificate(
    ben: Learner, database: Database, course: Course
) -> None:
    ben.do_everything()
    assert 'href="/claims/rivers"' in ben.client.get("/courses/rivers").text
    with database.reading() as session:
        passed = passed_enrolment(session, session.scalars(select(Enrolment)).one())
        assert passed.attempt is not None
        assert passed.revision.id == course.revision_id


def test_handing_in_with_gaps_asks_once_more(ben: Learner, database: Database) -> None:
    attempt = ben.begin()
    one = ben.asked(attempt)[0]
    fields = {"asked": one, field(one): token(one, f"Right {one[2:]}")}
    asked_again = ben.client.post(attempt, data={**fields, "hand_in": "ask"})
    assert asked_again.status_code == 200
    assert "3 questions have no answer yet" in words(asked_again)
    assert only_attempt(database).handed_in_at is None
    assert ben.client.post(attempt, data={**fields, "hand_in": "anyway"}).status_code == 303
    assert only_attempt(database).percent == 25


def test_a_failed_exam_says_what_to_read_again_and_when_to_come_back(ben: Learner, time: Clock) -> None:
    attempt = ben.take_exam(right=1)
    page = words(ben.client.get(attempt))
    assert "Not passed this time. 25%" in page
    assert "Say where a river begins" in page or "Tell a delta from an estuary" in page
    assert "You can try again from 25 November 2026 at 09:00 UTC on. You have 1 attempt left." in page
    assert "mention this code" in page
    assert "mailto:" in ben.client.get(attempt).text
    assert "/claims/rivers" not in ben.client.get(attempt).text


def test_results_by_objective_lead_to_the_lessons(client: TestClient[Any], database: Database) -> None:
    spring = "id: spring\ntitle: The spring\nminutes: 4\nobjectives:\n  - Say where a river begins\n"
    changed = {
        "modules__01-upstream__01-spring_dot_md": f"---\n{spring}---\nWater.\n",
        "exam_dot_yaml": EXAM.replace("draw: 4", "draw: 8"),
    }
    publish_folder(database, sample_folder(**changed))
    ada = Learner(client)
    page = ada.client.get(ada.take_exam(right=0)).text
    part = page[page.index("Say where a river begins") :].partition("</li>")[0]
    assert "0% · 4 questions" in part
    assert 'href="/courses/rivers/spring"' in part


def test_a_failed_attempt_has_to_wait_and_the_last_one_ends_it(ben: Learner, time: Clock) -> None:
    ben.take_exam(right=0)
    too_soon = ben.client.post("/quizzes/rivers/final-exam/attempts")
    assert too_soon.status_code == 409
    assert "25 November 2026 at 09:00 UTC" in words(too_soon)
    time.wait(hours=24)
    ben.take_exam(right=0)
    time.wait(hours=240)
    refused = ben.client.post("/quizzes/rivers/final-exam/attempts")
    assert refused.status_code == 409
    assert "You have used all attempts" in words(refused)
    assert "ask a human" in words(ben.client.get("/quizzes/rivers/final-exam"))


def test_whoever_passed_needs_no_other_attempt(ben: Learner) -> None:
    ben.take_exam()
    refused = ben.client.post("/quizzes/rivers/final-exam/attempts")
    assert refused.status_code == 409
    assert "You passed with 100%" in words(ben.client.get("/quizzes/rivers/final-exam"))


def test_the_best_attempt_counts(ben: Learner, time: Clock, database: Database) -> None:
    ben.take_exam(right=2)
    time.wait(hours=25)
    ben.take_exam(right=3)
    with database.reading() as session:
        assert [one.passed for one in session.scalars(select(Attempt).order_by(Attempt.started_at))] == [False, True]
    assert "What your certificate still needs" in words(ben.client.get("/quizzes/rivers/final-exam"))


def test_right_answers_stay_hidden_while_attempts_are_left_and_are_shown_after_the_last(
    ben: Learner, time: Clock
) -> None:
    first = ben.take_exam(right=0)
    page = ben.client.get(first).text
    assert "KEY-e-" in page, "explanations of wrong answers are told"
    assert "This is right" not in page
    assert not re.search(r"opt--right", page)
    time.wait(hours=25)
    second = ben.take_exam(right=0)
    assert "This is right" in ben.client.get(second).text


def test_an_exam_with_a_small_pool_never_shows_its_right_answers(client: TestClient[Any], database: Database) -> None:
    publish_folder(database, sample_folder(exam_dot_yaml=EXAM.replace("draw: 4", "draw: 5")))
    ada = Learner(client)
    page = ada.client.get(ada.take_exam(right=4)).text
    assert "Passed. Well done." in page
    assert "opt--right" not in page


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize(
    ("mode", "right", "objectives", "explanations"),
    [("after_pass", 0, True, False), ("after_pass", 3, True, True), ("score_only", 3, False, False)],
)
def test_the_mode_of_feedback_is_kept(
    client: TestClient[Any], database: Database, mode: str, right: int, objectives: bool, explanations: bool
) -> None:
    publish_folder(database, sample_folder(exam_dot_yaml=EXAM.replace("after_attempt", mode)))
    ada = Learner(client)
    page = ada.client.get(ada.take_exam(right)).text
    assert ("How each part went" in page) is objectives
    assert ("KEY-e-" in page) is explanations


def test_the_clock_of_the_server_ends_the_exam_with_ten_seconds_of_grace(
    ben: Learner, time: Clock, database: Database
) -> None:
    attempt = ben.begin()
    answers = ben.answers(attempt, right=4)
    ben.client.post(attempt, data=answers, headers=JSON)
    time.wait(minutes=30, seconds=9)
    assert ben.client.post(attempt, data=answers, headers=JSON).json()["saved"] is True
    time.wait(seconds=1)
    late = ben.client.post(attempt, data=ben_changes_his_mind(answers), headers=JSON).json()
    assert (late["saved"], late["result"]) == (False, attempt)
    assert "Passed. Well done. 100%" in words(ben.client.get(attempt))
    assert only_attempt(database).percent == 100


def ben_changes_his_mind(answers: dict[str, Any]) -> dict[str, Any]:
    return {
        name: token(name[2:], f"Wrong {name[4:]}") if name.startswith("q.") else one for name, one in answers.items()
    }


def test_an_exam_that_nobody_hands_in_is_graded_with_what_was_saved(
    ben: Learner, time: Clock, database: Database
) -> None:
    attempt = ben.begin()
    ben.client.post(attempt, data=ben.answers(attempt, right=3))
    time.wait(hours=2)
    with database.reading() as session:
        enrolment = session.scalars(select(Enrolment)).one()
        with pytest.raises(Refused, match="lessons"):
            passed_enrolment(session, enrolment)
    assert "Passed. Well done. 75%" in words(ben.client.get(attempt))
    with database.reading() as session:
        assert session.scalars(select(Attempt)).one().handed_in_at is None, "looking changes nothing"
    ben.client.post(attempt, data={"hand_in": "ask"})
    assert only_attempt(database).percent == 75


def test_without_a_time_limit_an_attempt_lasts_a_day(client: TestClient[Any], database: Database, time: Clock) -> None:
    publish_folder(database, sample_folder(exam_dot_yaml=EXAM.replace("time_limit_minutes: 30\n", "")))
    ada = Learner(client)
    attempt = ada.begin()
    time.wait(hours=23, minutes=59)
    assert ada.client.post(attempt, data={"asked": []}, headers=JSON).json()["saved"] is True
    time.wait(minutes=2)
    assert ada.client.post(attempt, data={"asked": []}, headers=JSON).json()["saved"] is False


def test_the_attempt_of_somebody_else_is_not_found(ben: Learner) -> None:
    attempt = ben.begin()
    ben.client.cookies.clear()
    assert ben.client.get(attempt).status_code == 404
    assert ben.client.post(attempt, data={"hand_in": "anyway"}).status_code == 404
    ben.read("spring")
    assert ben.client.get(attempt).status_code == 404


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a45_what_was_never_asked_is_refused_and_changes_nothing(ben: Learner, database: Database) -> None:
    attempt = ben.begin()
    asked = ben.asked(attempt)
    other = next(f"e-{n}" for n in range(1, 9) if f"e-{n}" not in asked)
    for fields in (
        {"asked": other, field(other): token(other, f"Right {other[2:]}")},
        {"asked": asked[0], field(asked[0]): "0"},
        {"asked": asked[0], field(asked[0]): token(other, f"Right {other[2:]}")},
        {"asked": asked[0], field(asked[1]): token(asked[1], f"Right {asked[1][2:]}")},
        {"asked": [asked[0], asked[0]]},
        {"asked": asked[0], "score": "100"},
        {"asked": asked[0], "passed": "true", "hand_in": "anyway"},
        {"asked": asked * 100},
        {"asked": asked[0], field(asked[0]): "-1"},
        {
            "asked": asked[0],
            field(asked[0]): [token(asked[0], f"{word} {asked[0][2:]}") for word in ("Right", "Wrong")],
        },
    ):
        assert ben.client.post(attempt, data=fields).status_code in (400, 422), fields
    assert ben.client.post(attempt, data={"asked": asked * 2500}).status_code in (400, 413, 422)
    assert only_attempt(database).handed_in_at is None


def test_a47_two_hand_ins_at_once_with_different_answers_give_one_result(database: Database) -> None:
    course = publish_sample(database)
    secret = make_begun_enrolment(database, course)
    attempt_id = _begin(database, course, secret)
    marks: list[tuple[str | None, object]] = []
    barrier = threading.Barrier(4)

    def hand_in(right: bool) -> None:
        barrier.wait()
        with database.writing() as session:
            wanted = select(Enrolment).where(Enrolment.secret_sha256 == hashed(secret)).with_for_update()
            enrolment = session.scalars(wanted).one()
            published = revision(session, course.revision_id)  # type: ignore[arg-type]
            attempt = sittings.find_attempt(session, enrolment, "final-exam", attempt_id)
            word = "Right" if right else "Wrong"
            given = {one["id"]: {"chosen": [token(one["id"], f"{word} {one['id'][2:]}")]} for one in attempt.questions}
            sittings.save(session, attempt, given)
            sittings.hand_in(session, enrolment, attempt, published.papers["final-exam"])
            marks.append((attempt.score, attempt.handed_in_at))

    threads = [threading.Thread(target=hand_in, args=(right,)) for right in (True, False, True, False)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(marks) == 4
    assert len(set(marks)) == 1


@pytest.mark.usefixtures("still_limits")
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a48_whoever_guesses_without_end_has_to_wait(ben: Learner, database: Database) -> None:
    for _guess in range(80):
        answer = ben.check("upstream-quiz", "m-one", {field("m-one"): "false"})
        if answer.status_code == 429:
            break
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert "again" in words(answer)
    assert ben.client.post("/quizzes/rivers/final-exam/attempts").status_code in (303, 429)


def test_two_starts_at_once_begin_one_attempt(database: Database) -> None:
    course = publish_sample(database)
    secret = make_begun_enrolment(database, course)
    barrier = threading.Barrier(3)
    begun: list[object] = []

    def start() -> None:
        barrier.wait()
        begun.append(_begin(database, course, secret))

    threads = [threading.Thread(target=start) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(begun) == 3
    assert len(set(begun)) == 1


def _begin(database: Database, course: Course, secret: str) -> Any:
    with database.writing() as session:
        wanted = select(Enrolment).where(Enrolment.secret_sha256 == hashed(secret)).with_for_update()
        enrolment = session.scalars(wanted).one()
        published = revision(session, course.revision_id)  # type: ignore[arg-type]
        return sittings.begin(session, enrolment, published, published.papers["final-exam"]).id
