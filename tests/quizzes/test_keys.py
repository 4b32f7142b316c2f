"""Nothing that tells a right answer leaves the server before an answer was given."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from litestar.testing import TestClient
from sqlalchemy import select

from tests.cast import publish_folder
from tests.learner import RIGHT, Learner, field, token
from tests.sample_course import sample_folder
from university.database import Database
from university.models import Course, Quiz, RevisionFile
from university.serving.static_files import SOURCE

# Every feedback and explanation of the sample begins so; hints are no keys.
KEY = re.compile(r"KEY-(?!hint)")
WORDS = re.compile(r"correct|is_right|isright|tolerance|\"answer\"|feedback_if|explanation", re.IGNORECASE)
PAGES = [
    "/",
    "/courses/rivers",
    *(f"/courses/rivers/{lesson}" for lesson in ("spring", "bends", "delta", "extra")),
    *(f"/quizzes/rivers/{quiz}" for quiz in ("upstream-quiz", "bends-quiz", "final-exam")),
]


def test_a44_no_page_holds_a_key_of_any_kind_of_question(ben: Learner) -> None:
    for path in PAGES:
        page = ben.client.get(path).text
        assert not KEY.search(page), path
        assert not WORDS.search(page), path
        assert "12.5" not in page
        assert "Springs" not in page


def test_a44_neither_the_exam_nor_what_it_answers_when_saving_holds_a_key(ben: Learner) -> None:
    attempt = ben.begin()
    page = ben.client.get(attempt).text
    asked = ben.asked(attempt)
    fields = {"asked": asked[0], field(asked[0]): token(asked[0], f"Wrong {asked[0][2:]}")}
    saved = ben.client.post(attempt, data=fields, headers={"accept": "application/json"})
    after = ben.client.get(attempt).text
    for text in (page, saved.text, after):
        assert not KEY.search(text)
        assert not WORDS.search(text)
    assert json.loads(saved.text) == {
        "saved": True,
        "result": None,
        "seconds_left": json.loads(saved.text)["seconds_left"],
        "unanswered": asked[1:],
        "problems": {},
    }


def test_an_answer_tells_of_its_own_question_only(ben: Learner) -> None:
    ben.check("spring-quiz", "q-truefalse", RIGHT["q-truefalse"])
    told = set(KEY.split(ben.lesson("spring").text)[1:])
    assert {text.partition("<")[0] for text in told} == {"truefalse-explanation"}


def test_the_value_of_an_option_does_not_tell_its_place(database: Database, client: TestClient[Any]) -> None:
    """Authors tend to write the right choice first, and name it so."""
    course = publish_folder(database, sample_folder())
    definition = _definition(database, course, "spring-quiz")
    first = definition["questions"][0]["choices"][0]
    assert first["correct"] is True
    values = re.findall(r'name="q\.q-single" value="(\w+)"', client.get("/courses/rivers/spring").text)
    assert values == [token("q-single", text) for text in ("At the spring", "At the sea", "None of these")]
    assert all(re.fullmatch(r"[0-9a-f]{16}", value) for value in values)


def test_the_file_of_the_exam_is_not_a_file_of_the_course(client: TestClient[Any], database: Database) -> None:
    publish_folder(database, sample_folder())
    hashes = _hashes(database)
    for path in ("exam.yaml", "pools/exam.yaml", "course.yaml", "modules/01-upstream/01-spring.quiz.yaml"):
        assert client.get(f"/courses/rivers/files/{hashes[path]}/{path}").status_code == 404
    assert client.get(f"/courses/rivers/files/{hashes['files/map.txt']}/files/map.txt").status_code == 200


def test_a44_no_script_knows_a_key() -> None:
    for script in Path(SOURCE).glob("*.js"):
        assert not KEY.search(script.read_text(encoding="utf-8"))


def test_a44_nobody_is_told_which_addresses_there_are(client: TestClient[Any]) -> None:
    for path in ("/schema", "/schema/openapi.json", "/openapi.json", "/docs"):
        assert client.get(path).status_code == 404


def _definition(database: Database, course: Course, quiz_id: str) -> dict[str, Any]:
    with database.reading() as session:
        wanted = select(Quiz.definition).where(Quiz.revision_id == course.revision_id, Quiz.quiz_id == quiz_id)
        definition: dict[str, Any] = session.scalars(wanted).one()
        return definition


def _hashes(database: Database) -> dict[str, str]:
    with database.reading() as session:
        return {one.path: one.sha256 for one in session.scalars(select(RevisionFile))}
