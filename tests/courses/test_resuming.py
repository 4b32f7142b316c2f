"""Where a learner left off: the lesson, the part of it, and the day of everything that is done."""

from __future__ import annotations

import re

from tests.learner import Learner, words
from tests.quizzes.conftest import Clock


def test_continue_leads_to_the_heading_where_reading_stopped(ben: Learner) -> None:
    ben.read("spring")
    answer = ben.client.post("/courses/rivers/bends/place", data={"heading": "why-it-bends"})
    assert answer.status_code == 204
    for page in (ben.client.get("/"), ben.client.get("/courses/rivers")):
        assert "Continue: lesson 2, part 1" in words(page)
        assert 'href="/courses/rivers/bends#why-it-bends"' in page.text
    ben.read("bends")
    assert "Continue: lesson 3" in words(ben.client.get("/"))


def test_a_place_that_is_not_in_the_lesson_is_refused(ben: Learner) -> None:
    ben.read("spring")
    for heading in ("nowhere", "why-it-bends"):
        assert ben.client.post("/courses/rivers/spring/place", data={"heading": heading}).status_code == 422
    assert ben.client.post("/courses/rivers/nowhere/place", data={"heading": ""}).status_code == 404


def test_a_place_without_progress_leaves_no_trace(ben: Learner) -> None:
    answer = ben.client.post("/courses/rivers/bends/place", data={"heading": "why-it-bends"})
    assert answer.status_code == 204
    assert "set-cookie" not in answer.headers
    assert "data-place" not in ben.lesson("bends").text


def test_the_checklist_names_the_day_of_what_is_done(ben: Learner, time: Clock) -> None:
    ben.do_everything()
    page = ben.client.get("/courses/rivers")
    assert "Get your certificate" in words(page)
    ben.client.post("/courses/rivers", data={"do": "delete"})
    for lesson in ("spring", "bends", "delta"):
        ben.read(lesson)
        time.wait(days=1)
    done = re.search(
        r'<li class="done">.*?Read 3 lessons.*?<small>([^<]+)</small>', ben.client.get("/courses/rivers").text
    )
    assert done
    assert done[1] == "26 November 2026"


def test_the_first_lesson_done_is_worth_a_word_and_asks_nothing(ben: Learner) -> None:
    assert "Your first lesson is done" not in ben.lesson("bends").text
    ben.read("spring")
    assert "nobody asked who you are" in words(ben.lesson("bends"))
    ben.read("bends")
    assert "Your first lesson is done" not in ben.lesson("delta").text


def test_the_time_that_is_left_is_told_per_module_and_course(ben: Learner) -> None:
    assert "min left" not in words(ben.client.get("/courses/rivers")).split("What is in it")[1].split("Exam")[0]
    ben.read("spring")
    assert "1 of 4 lessons · about 8 min left" in words(ben.client.get("/courses/rivers"))
    assert re.search(r"\d min left", words(ben.client.get("/courses/rivers")).split("What is in it")[1])
