"""The publish page: what the checker says, what is different and for whom, then publish, plan or roll back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from litestar.testing import TestClient
from sqlalchemy import select

from tests import crew
from tests.cast import make_begun_enrolment, publish_folder
from tests.desk import COURSE, Desk, saved
from tests.learner import Learner
from tests.quizzes.conftest import Clock
from tests.sample_course import COURSE as COURSE_FILE, DELTA, EXAM, SPRING, sample_folder
from university import clock
from university.course_folders import Folder
from university.database import Database
from university.drafting.draft_saving import open_draft
from university.drafting.draft_steps import Step
from university.drafting.drafts import import_folder
from university.models import AuditEntry, Course, Enrolment, PlannedRevision, Revision
from university.publish.forms import PublishForm
from university.revisions import planning

PAGE = f"{COURSE}/publish"
SPRING_PATH = "modules/01-upstream/01-spring.md"
MORE = {"modules__02-downstream__04-more_dot_md": DELTA.replace("id: delta\ntitle: The delta", "id: more\ntitle: More")}
HARDER = sample_folder(exam_dot_yaml=EXAM.replace("pass_mark: 70", "pass_mark: 90"), **MORE)


def words(desk: Desk) -> str:
    return " ".join(desk.page.get_text(" ").split())


@pytest.fixture
def pia_desk(client: TestClient[Any], pia: crew.Here) -> Desk:
    return Desk(client)


def put(database: Database, folder: Folder) -> None:
    with database.writing() as session:
        import_folder(session, folder)


def actions(database: Database) -> list[tuple[str, str]]:
    with database.reading() as session:
        return [(one.action, one.actor) for one in session.scalars(select(AuditEntry).order_by(AuditEntry.seq))]


def number_now(database: Database) -> int:
    with database.reading() as session:
        course = session.scalars(select(Course)).one()
        return session.get_one(Revision, course.revision_id).number if course.revision_id else 0


def test_pia_publishes_the_first_revision(pia_desk: Desk, rivers: Folder, database: Database) -> None:
    pia_desk.open(PAGE)
    assert "all of it is new" in words(pia_desk)
    assert pia_desk.send(PAGE).status_code == 303
    assert number_now(database) == 1
    pia_desk.open(PAGE)
    assert "Nothing. The draft is what learners see: revision 1." in words(pia_desk)
    assert "There is nothing to publish." in words(pia_desk)
    assert actions(database) == [("publish", "staff")]


def test_grace_sees_everything_and_cannot_publish(desk: Desk, rivers: Folder, database: Database) -> None:
    desk.open(PAGE)
    assert "Publishing is for publishers and owners." in words(desk)
    assert desk.page.find("form", action=PAGE) is None
    for path in (PAGE, f"{PAGE}/back", f"{PAGE}/cancel"):
        assert desk.client.post(path, data={"seen": "x", "when": "now"}).status_code == 403
    assert number_now(database) == 0


def test_the_difference_stands_by_class_with_what_it_means(pia_desk: Desk, rivers: Folder, database: Database) -> None:
    rivers_course = publish_folder(database, rivers)
    Learner(pia_desk.client).read("spring")
    texts = {"modules__01-upstream__01-spring_dot_md": SPRING.replace("leaves", "quits")}
    put(database, sample_folder(exam_dot_yaml=EXAM.replace("pass_mark: 70", "pass_mark: 90"), **MORE, **texts))
    said = words_of(pia_desk)
    key, structure, text = (
        said.index(title)
        for title in ("What decides about passing", "What the course consists of", "Words and pictures")
    )
    assert key < structure < text
    assert "Higher pass mark The exam" in said[key:structure]
    assert "Whoever has begun keeps the lower one." in said[key:structure]
    assert "New lesson More" in said[structure:text]
    assert "new since they started" in said[structure:text]
    assert "Words of a lesson The spring" in said[text:]
    assert "Fewer than five learners have begun this course." in said
    for _learner in range(6):
        make_begun_enrolment(database, rivers_course)
    assert "At least 5 learners have begun this course." in words_of(pia_desk)
    assert pia_desk.page.find("del")
    assert pia_desk.page.find("ins")


def words_of(desk: Desk) -> str:
    desk.open(PAGE)
    return words(desk)


def test_errors_come_first_and_stop_publishing(pia_desk: Desk, rivers: Folder, database: Database) -> None:
    publish_folder(database, rivers)
    pia_desk.open(PAGE)
    with database.writing() as session:
        opened = open_draft(session, "rivers")
        saved(session, opened, {"exam.yaml": EXAM.replace("draw: 4", "draw: 40").encode()}, Step("quiz"))
        seen = opened.state.sha256
    said = words_of(pia_desk)
    assert "More questions are drawn than there are." in said
    assert "put them right first" in said
    refused = pia_desk.client.post(PAGE, data={"seen": seen, "when": "now"})
    assert refused.status_code == 422
    assert number_now(database) == 1


def test_nobody_publishes_what_they_have_not_seen(pia_desk: Desk, rivers: Folder, database: Database) -> None:
    publish_folder(database, rivers)
    put(database, HARDER)
    pia_desk.open(PAGE)
    put(database, sample_folder(title="Overtaken"))
    refused = pia_desk.send(PAGE)
    assert refused.status_code == 409
    assert "The draft was changed since you opened this page." in refused.text
    assert number_now(database) == 1


def test_for_learners_under_way_only_with_a_reason(pia_desk: Desk, rivers: Folder, database: Database) -> None:
    publish_folder(database, rivers)
    Learner(pia_desk.client).read("spring")
    put(database, HARDER)
    pia_desk.open(PAGE)
    refused = pia_desk.send(PAGE, everybody="true", reason=" ")
    assert refused.status_code == 422
    assert "Say why learners who have begun" in words(pia_desk)
    assert pia_desk.page.find("input", {"name": "everybody"}).has_attr("checked")  # type: ignore[union-attr]
    assert pia_desk.send(PAGE, everybody="true", reason="The law changed.").status_code == 303
    with database.reading() as session:
        assert session.scalars(select(Enrolment)).one().requirements["pass_mark"] == 90
    assert "Also for learners under way: The law changed." in words_of(pia_desk)


def test_the_page_says_how_many_attempts_will_pass(pia_desk: Desk, rivers: Folder, database: Database) -> None:
    publish_folder(database, rivers)
    Learner(pia_desk.client).take_exam(right=2)
    put(database, sample_folder(exam_dot_yaml=EXAM.replace("pass_mark: 70", "pass_mark: 50")))
    assert "Fewer than five attempts that had not passed will pass." in words_of(pia_desk)
    assert "Fewer than five attempts that had not passed will pass." in words_of(pia_desk), "looking changed nothing"
    pia_desk.send(PAGE)
    assert "will pass" not in words_of(pia_desk)


def test_a_publish_is_planned_shown_and_dropped(
    pia_desk: Desk, rivers: Folder, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_folder(database, rivers)
    put(database, HARDER)
    pia_desk.open(PAGE)
    for wrong in ("", "tomorrow"):
        assert pia_desk.send(PAGE, when="later", due_at=wrong).status_code == 422
        assert "Give a day and an hour" in words(pia_desk)
    day = in_a_month()
    due = f"{day:%Y-%m-%dT08:00}"
    assert pia_desk.send(PAGE, when="later", due_at="2001-01-01T08:00").status_code == 422
    assert "Choose an hour in the coming year." in words(pia_desk)
    assert pia_desk.send(PAGE, when="later", due_at=due).status_code == 303
    assert f"Planned: what was approved is published on {day.day} {day:%B}" in words_of(pia_desk)
    put(database, sample_folder(title="Later words"))
    assert "those changes are not part of it" in words_of(pia_desk)
    pia_desk.client.post(f"{PAGE}/cancel")
    assert "Planned" not in words_of(pia_desk)
    assert [action for action, _ in actions(database)] == ["plan", "cancel_plan"]
    pia_desk.send(PAGE, when="later", due_at=due)
    time = Clock()
    time.moment = clock.now()
    monkeypatch.setattr(clock, "now", time)
    time.wait(days=31)
    with database.writing() as session:
        assert planning.publish_due(session, clock.now()) == 1
        assert session.scalars(select(PlannedRevision)).all() == []
    assert number_now(database) == 2


def test_rolling_back_takes_one_button(pia_desk: Desk, rivers: Folder, database: Database) -> None:
    publish_folder(database, rivers)
    publish_folder(database, HARDER)
    pia_desk.open(PAGE)
    assert pia_desk.client.post(f"{PAGE}/back", data={"number": "1"}).status_code == 303
    assert number_now(database) == 3
    said = words_of(pia_desk)
    assert "revision 1 anew" in said
    assert "Higher pass mark" in said, "the draft stays as it was"
    for wrong in ("3", "9", "x", ""):
        assert pia_desk.client.post(f"{PAGE}/back", data={"number": wrong}).status_code in (404, 409)
    assert actions(database)[-1] == ("roll_back", "staff")


def test_a_translation_is_marked_when_its_source_moves_on(pia_desk: Desk, rivers: Folder, database: Database) -> None:
    publish_folder(database, rivers)
    english = COURSE_FILE.format(slug="rivieren", title="Rivieren")
    dutch = english.replace("language: en", "language: nl\ntranslation_of: rivers")
    publish_folder(database, sample_folder("rivieren", course_dot_yaml=dutch))
    put(database, HARDER)
    assert "Publishing marks them all: the source is newer." in words_of(pia_desk)
    pia_desk.send(PAGE)
    assert "source is newer" in words_of(pia_desk)
    put(database, sample_folder("rivieren", course_dot_yaml=dutch.replace("title: Rivieren", "title: Stromen")))
    pia_desk.open("/editor/courses/rivieren/publish")
    assert "The source is newer" in words(pia_desk)
    pia_desk.send("/editor/courses/rivieren/publish", follows_source=None)
    pia_desk.open("/editor/courses/rivieren/publish")
    assert "The source is newer" in words(pia_desk)


def test_nobody_publishes_what_went_on_being_written_in_the_same_step(
    pia_desk: Desk, rivers: Folder, database: Database
) -> None:
    def written(words: bytes) -> int:
        with database.writing() as session:
            step = Step("lesson", "The spring", is_auto=True)
            return saved(session, open_draft(session, "rivers"), {SPRING_PATH: words}, step).state.version

    version = written(SPRING.replace("leaves", "left").encode())
    pia_desk.open(PAGE)
    assert written(SPRING.replace("leaves", "quits").encode()) == version, "one sitting is one step"
    assert pia_desk.send(PAGE).status_code == 409
    assert number_now(database) == 0


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2027-03-28T01:30", "2027-03-28T01:30+00:00"),
        ("2027-03-28T02:30", "2027-03-28T02:30+00:00"),  # no such hour on clocks in Amsterdam
        ("2027-03-28T01:59+01:00", "2027-03-28T00:59+00:00"),
        ("2027-03-28T03:00+02:00", "2027-03-28T01:00+00:00"),
        ("2026-10-25T02:30+02:00", "2026-10-25T00:30+00:00"),  # this hour comes twice there
        ("2026-10-25T02:30+01:00", "2026-10-25T01:30+00:00"),
        ("2026-10-25T02:30Z", "2026-10-25T02:30+00:00"),
    ],
)
def test_an_hour_is_meant_in_utc_unless_its_offset_is_typed(typed: str, meant: str) -> None:
    asked = PublishForm(when="later", due_at=typed, everybody="", reason="", follows_source="true")
    assert asked.moment == datetime.fromisoformat(meant)


def test_the_hour_of_a_plan_stands_on_its_page_and_in_the_list(
    pia_desk: Desk, rivers: Folder, database: Database
) -> None:
    pia_desk.open(PAGE)
    assert "Day and hour, in UTC" in words(pia_desk)
    assert pia_desk.send(PAGE, when="later", due_at="0001-01-01T00:00+23:00").status_code == 422
    day = in_a_month()
    assert pia_desk.send(PAGE, when="later", due_at=f"{day:%Y-%m-%dT03:00+02:00}").status_code == 303
    for page in (PAGE, "/editor"):
        pia_desk.open(page)
        assert f"{day.day} {day:%B} {day.year} at 01:00 UTC" in words(pia_desk), page


def in_a_month() -> datetime:
    """No plan reaches further than a year."""
    return clock.now() + timedelta(days=30)
