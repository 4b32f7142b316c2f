"""How long lessons really take, as learners see it: counted by a job, the same on every page, and no page kept too
long because of it."""

from __future__ import annotations

import re

import pytest
from litestar.testing import TestClient
from sqlalchemy import select

from tests import cast
from tests.figures import classroom
from university.database import Database
from university.language import format_duration
from university.learning import progress
from university.models import Course, Lesson
from university.revisions import published

LONG = 47
PAGES = ("/", "/courses/rivers", "/courses/rivers/{}", "/courses/rivers.png")


@pytest.fixture
def rivers(database: Database) -> Course:
    return cast.publish_sample(database)


def lessons_of(database: Database, course: Course) -> list[Lesson]:
    with database.reading() as session:
        lessons = select(Lesson).where(Lesson.revision_id == course.revision_id).order_by(Lesson.position)
        return list(session.scalars(lessons))


def read_by(database: Database, course: Course, people: int, lessons: list[Lesson]) -> None:
    """So many learners take long over the second lesson; then the job comes by."""
    with database.writing() as session:
        for _learner in range(people):
            steps = {lessons[0].lesson_id: 1.0, lessons[1].lesson_id: float(LONG)}
            classroom.read(session, classroom.begin(session, course), steps)
    classroom.count(database)


@pytest.mark.usefixtures("same_hour")
def test_measured_minutes_come_to_every_page_of_a_course_and_no_browser_keeps_the_old_ones(
    client: TestClient, database: Database, rivers: Course
) -> None:
    lessons = lessons_of(database, rivers)
    paths = [path.format(lessons[1].lesson_id) for path in PAGES]
    written = sum(lesson.minutes for lesson in lessons)
    read_by(database, rivers, 29, lessons)
    before = {path: client.get(path) for path in paths}
    assert format_duration(written) in before["/"].text
    assert f"about {format_duration(lessons[1].minutes)}" in before[paths[2]].text
    assert "measured" not in before[paths[1]].text + before[paths[2]].text, "29 are not enough"
    read_by(database, rivers, 1, lessons)
    after = {path: client.get(path, headers={"if-none-match": before[path].headers["etag"]}) for path in paths}
    assert [one.status_code for one in after.values()] == [200] * 4
    in_all = format_duration(written - lessons[1].minutes + LONG)
    assert in_all in after["/"].text
    assert in_all in after["/courses/rivers"].text
    assert "thirty or more were measured" in after["/courses/rivers"].text
    assert f"about {LONG} min, as measured" in after[paths[2]].text
    other = client.get(f"/courses/rivers/{lessons[0].lesson_id}").text
    assert f"about {format_duration(lessons[0].minutes)}<" in other, "where nobody was measured, as written"
    for path in paths:
        again = client.get(path, headers={"if-none-match": after[path].headers["etag"]})
        assert again.status_code == 304, path


def test_the_time_left_is_what_was_measured_wherever_it_is_told(
    client: TestClient, database: Database, rivers: Course
) -> None:
    lessons = lessons_of(database, rivers)
    read_by(database, rivers, 30, lessons)
    with database.writing() as session:
        session.get_one(Course, rivers.id).slug = "streams"
    client.cookies.set("e", cast.make_begun_enrolment(database, rivers))
    told = {
        path: re.findall(r"about ([^<]+?) left", client.get(path).text)[0]
        for path in ("/", "/devices", "/courses/streams", f"/courses/streams/{lessons[1].lesson_id}")
    }
    with database.reading() as session:
        course = published.find(session, "streams").course
        assert published.as_now(session, session.get_one(Course, rivers.id)).address == "/courses/streams"
    left = progress.Progress(course, course.page["requirements"]).minutes_left
    assert left >= LONG
    assert set(told.values()) == {format_duration(left)}
