"""A course moves to another address, and whoever knew the old one finds it."""

from __future__ import annotations

import re
from typing import Any

from litestar.testing import TestClient
from sqlalchemy import select

from tests import crew
from tests.cast import publish_sample
from tests.desk import COURSE, Desk, draft_of
from tests.learner import Learner
from university import clock
from university.course_folders import Folder
from university.database import Database
from university.models import Course, PlannedRevision
from university.revisions.publishing import Terms, publish, publish_ready, ready_again

NEW = "/editor/courses/streams"


def move(client: TestClient[Any], slug: str, course: str = COURSE) -> int:
    return int(client.post(f"{course}/address", data={"slug": slug}).status_code)


def test_a_draft_moves_and_leaves_nothing_behind(desk: Desk, rivers: Folder, database: Database) -> None:
    desk.open(f"{COURSE}/settings")
    assert desk.send(f"{COURSE}/address", slug="Streams!").status_code == 422
    assert "For example: streams" in desk.answer.text
    desk.send(f"{COURSE}/address", slug="streams")
    assert desk.answer.headers["location"] == f"{NEW}/settings"
    assert not draft_of(database, "streams").reading.has_errors
    assert desk.client.get(COURSE).status_code == 404
    desk.open(f"{NEW}/history")
    desk.send(f"{NEW}/history", version="1")
    assert draft_of(database, "streams").value.slug == "streams", "an earlier version stays at the new address"


def test_a_published_course_moves_at_once_and_its_old_address_leads_there_for_good(
    client: TestClient[Any], database: Database
) -> None:
    course = publish_sample(database)
    crew.sign_in(client, database, "grace")
    assert move(client, "streams") == 403
    crew.sign_in(client, database, "pia")
    assert move(client, "streams") == 303
    crew.sign_out(client)
    assert client.get("/courses/rivers").headers["location"] == "/courses/streams"
    assert client.get("/courses/rivers/spring").headers["location"] == "/courses/streams/spring"
    page = client.get("/courses/streams/spring")
    assert page.status_code == 200
    [picture] = set(re.findall(r'src="(/courses/[^"]+drop\.png)"', page.text))
    assert client.get(picture).status_code == 200, "the text of the revision still names the old address"
    assert "/courses/streams" in client.get("/").text
    assert 'href="/courses/rivers"' not in client.get("/").text
    Learner(client, "streams").do_everything()
    with database.writing() as session:
        row = session.get_one(Course, course.id)
        publish(session, row)
        again = publish_ready(session, row, ready_again(session, row, 1), Terms(restores=1))
        assert again.number == 2, "at its new address it says what the draft says"
    for old in ("rivers", "rivers-of-old"):
        assert client.get(f"/courses/{old}").headers["location"] == "/courses/streams", old


def test_a_course_may_go_back_to_where_it_was(client: TestClient[Any], database: Database) -> None:
    publish_sample(database)
    crew.sign_in(client, database, "pia")
    assert (move(client, "streams"), move(client, "rivers", NEW)) == (303, 303)
    assert client.get("/courses/streams").headers["location"] == "/courses/rivers"
    assert client.get("/courses/rivers").status_code == 200
    assert not draft_of(database).reading.has_errors


def test_an_address_that_is_taken_or_that_others_rely_on_stays(client: TestClient[Any], database: Database) -> None:
    course = publish_sample(database)
    publish_sample(database, "lakes", "Lakes")
    crew.sign_in(client, database, "pia")
    for taken in ("lakes", "lakes-of-old"):
        assert move(client, taken) == 422
    with database.writing() as session:
        other = session.scalars(select(Course).where(Course.slug == "lakes")).one()
        other.translation_of = "rivers"
    assert "Translations of this course" in client.post(f"{COURSE}/address", data={"slug": "streams"}).text
    with database.writing() as session:
        session.scalars(select(Course).where(Course.slug == "lakes")).one().translation_of = None
        now = clock.now()
        session.add(PlannedRevision(course_id=course.id, due_at=now, planned_at=now, follows_source=True))
    assert "A publish of this course is planned" in client.post(f"{COURSE}/address", data={"slug": "streams"}).text
