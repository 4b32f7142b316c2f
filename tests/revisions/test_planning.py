"""A publish at an hour to come, rolling back, and translations that fall behind."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import publish_folder, publish_sample
from tests.quizzes.conftest import Clock
from tests.sample_course import COURSE, SPRING, sample_folder
from university import clock
from university.chains import audit
from university.database import Database
from university.drafting.draft_saving import open_draft
from university.drafting.drafts import Broken, draft_folder, import_folder
from university.errors import Refused
from university.models import AuditEntry, Course, PlannedFile, PlannedRevision, Revision
from university.revisions import planning
from university.revisions.published import revision
from university.revisions.publishing import Terms, history, publish, publish_ready, ready_again, revision_folder
from university.revisions.translating import is_behind, translations

QUITS = sample_folder(**{"modules__01-upstream__01-spring_dot_md": SPRING.replace("leaves", "quits")})


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    stopped = Clock()
    monkeypatch.setattr(clock, "now", stopped)
    return stopped


def the_course(database: Database, slug: str = "rivers") -> Course:
    with database.reading() as session:
        return session.scalars(select(Course).where(Course.slug == slug)).one()


def plan_for(database: Database, hours: int, terms: Terms | None = None) -> None:
    with database.writing() as session:
        opened = open_draft(session, session.scalars(select(Course.slug)).one())
        planning.plan(session, opened, clock.now() + timedelta(hours=hours), terms or Terms())


def run_job(database: Database) -> int:
    with database.writing() as session:
        return planning.publish_due(session, clock.now())


def published_again(session: Session, course: Course, number: int) -> Revision:
    return publish_ready(session, course, ready_again(session, course, number), Terms(restores=number))


def number_now(database: Database) -> int:
    with database.reading() as session:
        return session.get_one(Revision, the_course(database).revision_id).number


def test_a_planned_draft_is_published_in_its_hour_as_it_was_approved(database: Database, time: Clock) -> None:
    publish_sample(database)
    with database.writing() as session:
        import_folder(session, QUITS)
    plan_for(database, hours=2, terms=Terms(reason="Because."))
    with database.writing() as session:
        import_folder(session, sample_folder(title="Half written"))
        assert not planning.is_the_draft(session, session.get_one(Course, the_course(database).id))
    time.wait(hours=1)
    assert run_job(database) == 0
    assert number_now(database) == 1
    time.wait(hours=1)
    assert run_job(database) == 1
    assert run_job(database) == 0
    with database.reading() as session:
        made = session.get_one(Revision, the_course(database).revision_id)
        assert (made.number, made.title, made.reason) == (2, "Rivers", "Because.")
        assert "quits the ground" in revision(session, made.id).lessons["spring"].html
        assert b"Half written" in draft_folder(session, the_course(database)).files["course.yaml"]
        assert session.scalars(select(PlannedFile)).all() == []
        assert audit.check(session) is None
        assert [(one.actor, one.outcome) for one in session.scalars(select(AuditEntry))] == [("worker", "done")]


def test_a_plan_that_cannot_be_carried_out_is_kept_for_somebody_to_look_at(database: Database, time: Clock) -> None:
    publish_sample(database)
    aliased = COURSE.format(slug="rivers", title="R").replace("rivers-of-old", "streams")
    with database.writing() as session:
        import_folder(session, sample_folder(course_dot_yaml=aliased))
    plan_for(database, hours=1)
    publish_sample(database, "streams", "Streams")
    time.wait(hours=1)
    assert run_job(database) == 0
    assert run_job(database) == 0
    assert number_now(database) == 1
    with database.reading() as session:
        assert session.scalars(select(PlannedRevision)).one().failed_at == time.moment
        assert session.scalars(select(AuditEntry.outcome)).all() == ["failed"]


def test_a_plan_takes_the_place_of_the_one_before_and_can_be_dropped(database: Database, time: Clock) -> None:
    publish_sample(database)
    plan_for(database, hours=1)
    plan_for(database, hours=5)
    with database.writing() as session:
        course = session.scalars(select(Course)).one()
        planned = planning.planned_for(session, course)
        assert planned
        assert planned.due_at == time.moment + timedelta(hours=5)
        planning.cancel(session, course)
        assert session.scalars(select(PlannedFile)).all() == []
    for hours in (0, -1, 24 * 400):
        with pytest.raises(Refused):
            plan_for(database, hours=hours)


def test_rolling_back_publishes_the_earlier_revision_anew_and_leaves_the_draft(database: Database) -> None:
    first = publish_sample(database)
    publish_folder(database, QUITS)
    with database.writing() as session:
        course = session.scalars(select(Course)).one()
        again = published_again(session, course, 1)
        assert (again.number, again.restored_number) == (3, 1)
        assert again.sha256 == session.get_one(Revision, first.revision_id).sha256
        assert dict(revision_folder(session, again).files) == dict(sample_folder().files)
        assert [one.number for one in history(session, course)] == [3, 2, 1]
        assert dict(draft_folder(session, course).files) == dict(QUITS.files)
        with pytest.raises(Refused):
            published_again(session, course, 3)
    with database.reading() as session:
        assert "leaves the ground" in revision(session, again.id).lessons["spring"].html


def test_rolling_back_to_what_this_site_no_longer_allows_changes_nothing(database: Database) -> None:
    publish_sample(database)
    plain = COURSE.format(slug="rivers", title="R").replace("aliases: [rivers-of-old]\n", "")
    publish_folder(database, sample_folder(course_dot_yaml=plain))
    taken = COURSE.format(slug="streams", title="S").replace("streams-of-old", "rivers-of-old")
    publish_folder(database, sample_folder("streams", course_dot_yaml=taken))
    with pytest.raises(Broken), database.writing() as session:
        published_again(session, session.get_one(Course, the_course(database).id), 1)
    assert number_now(database) == 2


def test_publishing_the_source_marks_its_translations(database: Database) -> None:
    source = publish_sample(database)
    english = COURSE.format(slug="rivieren", title="Rivieren")
    dutch = english.replace("language: en", "language: nl\ntranslation_of: rivers")
    folder = sample_folder("rivieren", course_dot_yaml=dutch)
    translation = publish_folder(database, folder)
    with database.reading() as session:
        assert not is_behind(session, translation)
    publish_folder(database, QUITS)
    with database.reading() as session:
        assert is_behind(session, translation)
        found = translations(session, session.get_one(Course, source.id))
        assert [(one.slug, one.is_behind) for one in found] == [("rivieren", True)]
    touched = sample_folder("rivieren", course_dot_yaml=dutch.replace("title: Rivieren", "title: De rivieren"))
    with database.writing() as session:
        course = import_folder(session, touched)
        publish(session, course, Terms(follows_source=False))
        assert is_behind(session, course), "a mended word is no translation"
        touched = sample_folder("rivieren", course_dot_yaml=dutch.replace("title: Rivieren", "title: Rivieren!"))
        publish(session, import_folder(session, touched))
        assert not is_behind(session, course)
