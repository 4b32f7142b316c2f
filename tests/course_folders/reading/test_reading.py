"""A folder becomes the course its authors meant, with the defaults of the format."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from tests.course_folders.lighthouses import COAST, LIGHT, changed, lighthouses, with_file
from university.course_folders import (
    Answer,
    Author,
    Captions,
    CertificateRules,
    Choice,
    Completion,
    Course,
    Cover,
    Feedback,
    Folder,
    Lesson,
    Licence,
    NumberKey,
    Pair,
    Part,
    Question,
    Quiz,
    Skill,
    Video,
    parts,
    pool,
    question_from_json,
    quiz_from_json,
    read_course,
)


def course_in(folder: Folder) -> Course:
    course = read_course(folder).course
    assert course is not None
    return course


@pytest.fixture
def course() -> Course:
    return course_in(lighthouses())


def lesson(course: Course, id_: str) -> Lesson:
    return next(lesson for lesson in course.lessons if lesson.id == id_)


def quiz(course: Course, id_: str) -> Quiz:
    return next(quiz for quiz in course.quizzes if quiz.id == id_)


def question(course: Course, id_: str) -> Question:
    return next(question for question in course.questions if question.id == id_)


def ids(questions: list[Question]) -> set[str]:
    return {question.id for question in questions}


def test_every_field_of_course_yaml_arrives(course: Course) -> None:
    assert (course.format, course.slug, course.title) == (1, "lighthouses", "Lighthouses: reading the coast")
    assert course.summary == "How lights, marks and tides bring a ship home."
    assert course.description is not None
    assert course.description.startswith("You learn to **read**")
    assert course.audience == "Anyone who looks at the sea"
    assert (course.language, course.translation_of, course.version) == ("en-GB", "vuurtorens", "2026.1")
    assert course.authors == (
        Author("Ada Lovelace", "https://example.org/ada", "0000-0002-1825-0097"),
        Author("Grace Hopper"),
    )
    assert course.licence == Licence(
        "CC-BY-4.0",
        "LICENSE",
        "Lighthouses by Ada and Grace, CC BY 4.0.",
        "https://example.org/lighthouses",
        "None yet.",
    )
    assert (course.hours, course.ects, course.eqf, course.level) == (Decimal("0.5"), Decimal("0.02"), 3, "introductory")
    assert course.skills == (Skill("Reading sea charts", "https://example.org/skills/charts"),)
    assert course.outcomes == ("Tell a light from a mark",)
    assert course.prerequisites == ("None",)
    assert course.cover == Cover("images/cover.png", "A tower by night")
    assert course.completion == Completion(50, "passed", True)
    assert course.certificate == CertificateRules(True, "classic", "Coast reader", 24)
    assert course.aliases == ("vuurtoren",)
    assert course.attribution is not None
    assert course.attribution.startswith("# Credits")


def test_a_course_of_few_fields_has_the_defaults() -> None:
    text = "format: 1\nslug: small\ntitle: Small\nsummary: Small.\nlanguage: nl\nlicence: {id: proprietary}\nhours: 1\n"
    course = course_in(Folder({"course.yaml": text.encode()}))
    assert course == Course("small", "Small", "Small.", "nl", Licence("proprietary"), Decimal(1))
    assert (course.status, course.completion) == ("draft", Completion("all", "attempted", False))
    with_exam = Folder({"course.yaml": text.encode(), "exam.yaml": b"id: e\ntitle: E\npool: ['*']"})
    assert course_in(with_exam).completion.exam is True


def test_lessons_stand_in_the_order_of_their_numbers(course: Course) -> None:
    assert [module.id for module in course.modules] == ["coast", "light"]
    assert [one.id for one in course.lessons] == ["marks", "lamps", "next", "later"]
    assert [one.id for one in course.public_lessons] == ["marks", "lamps", "later"]
    assert [one.id for one in course.required_lessons] == ["marks", "later"]
    hundred = with_file(f"{LIGHT}/100-end.md", "---\nid: end\ntitle: End\nminutes: 1\n---\nEnd.")
    assert [one.id for one in course_in(hundred).lessons][-1] == "end"


def test_a_lesson_keeps_its_text_as_written_and_its_film(course: Course) -> None:
    lamps = lesson(course, "lamps")
    assert lamps.text == "## Colours\n\nWhite, red and green.\n"
    assert lamps.path == f"{LIGHT}/01-lamps.md"
    assert lamps.video == Video(
        "A lamp turns",
        file="files/lamp.webm",
        poster="images/cover.png",
        captions=(Captions("en", "captions/lamp.vtt"),),
        transcript="The lamp *turns*.",
        minutes=Decimal("1.5"),
    )
    marks = lesson(course, "marks")
    assert (marks.objectives, marks.aliases, marks.minutes) == (("Name three marks",), ("day-marks",), 5)
    assert course.lesson_at(f"{COAST}/01-marks.md") == marks


def test_files_of_a_film_may_be_named_from_the_lesson_too(course: Course) -> None:
    folder = changed(f"{LIGHT}/01-lamps.md", "file: files/lamp.webm", "file: ../../files/lamp.webm")
    assert lesson(course_in(folder), "lamps").video == lesson(course, "lamps").video


def test_every_quiz_knows_its_place(course: Course) -> None:
    kinds = {one.id: (one.kind, one.lesson_id, one.module_id) for one in course.quizzes}
    assert kinds == {
        "marks-pre": ("pre", "marks", None),
        "marks-quiz": ("lesson", "marks", None),
        "coast-check": ("module", None, "coast"),
        "lamps-quiz": ("lesson", "lamps", None),
        "tides-pool": ("pool", None, None),
        "final": ("exam", None, None),
    }
    assert [one.id for one in course.counting_quizzes] == ["marks-quiz", "coast-check"]


def test_a_quiz_has_the_defaults_of_its_kind(course: Course) -> None:
    final, check = course.exam, quiz(course, "coast-check")
    assert final is not None
    assert (final.pass_mark, final.attempts, final.wait_hours, final.feedback, final.shuffle) == (
        *(70, 3, Decimal(24)),
        *("after_attempt", True),
    )
    assert (check.pass_mark, check.attempts, check.wait_hours, check.feedback, check.shuffle) == (
        *(60, None, Decimal(0)),
        *("immediate", False),
    )
    marks = quiz(course, "marks-quiz")
    assert (marks.pass_mark, marks.attempts, marks.wait_hours, marks.feedback, marks.shuffle) == (
        *(50, 5, Decimal("0.5")),
        *("after_pass", True),
    )
    assert (final.time_limit_minutes, marks.intro) == (20, "Take your *time*.")
    assert final.blueprint == (Part(("tag:lights",), 2), Part(("marks-quiz", "pool:tides"), 2), Part(("*",), 1))


def test_every_kind_of_question_arrives_with_all_its_fields(course: Course) -> None:
    assert question(course, "which-mark") == Question(
        id="which-mark",
        kind="single",
        text="Which of these is a mark?\n\nLook **twice**.",
        points=Fraction(2),
        feedback=Feedback(correct="Right.", incorrect="No.", explanation="A buoy is a mark."),
        hint="It floats.",
        tags=("marks", "lights"),
        objective="Name three marks",
        shuffle=False,
        choices=(
            Choice("A buoy", True, "Yes, it floats.", "The buoy was meant.", False, "buoy"),
            Choice("A gull", feedback="It flies."),
            Choice("None of these", pin=True),
        ),
        quiz_id="marks-quiz",
        quiz_kind="lesson",
        lesson_id="marks",
    )
    assert question(course, "all-marks").scoring == "exact"
    assert question(course, "night-only").answer is False
    assert question(course, "lamp-word").answers == (Answer("light"), Answer("*beam", Fraction(1, 2), "Nearly."))
    assert question(course, "lamp-word").case_sensitive
    assert question(course, "lamp-pairs").pairs == (Pair("red", "port"), Pair("green", "starboard"))
    assert question(course, "lamp-pairs").distractors == ("bow",)
    assert question(course, "lamp-order").items == ("lamp", "lens", "ship")
    assert question(course, "lamp-order").points == Fraction(1, 2)
    assert question(course, "tide-void").void


def test_scoring_is_that_of_the_kind_unless_it_is_written(course: Course) -> None:
    scoring = {one.id: one.scoring for one in course.questions if one.id in ("lamp-pairs", "lamp-order", "which-mark")}
    assert scoring == {"lamp-pairs": "partial", "lamp-order": "partial", "which-mark": "exact"}
    plain = changed(f"{LIGHT}/01-lamps.quiz.yaml", "    scoring: partial\n", "")
    assert question(course_in(plain), "lamp-order").scoring == "exact"


def test_numbers_are_exact_to_the_last_digit(course: Course) -> None:
    height = question(course, "tide-height").key
    assert height == NumberKey(Decimal("2.5"), Decimal(5), is_percent=True)
    assert height.interval == (Fraction(19, 8), Fraction(21, 8))
    assert question(course, "tide-height").unit == "m"
    hours = question(course, "tide-hours").key
    assert hours == NumberKey(low=Decimal(12), high=Decimal("12.5"))
    assert hours.interval == (Fraction(12), Fraction(25, 2))
    assert NumberKey(Decimal("0.1"), Decimal("0.2")).interval == (Fraction(-1, 10), Fraction(3, 10))
    assert NumberKey(Decimal(-200), Decimal(10), is_percent=True).interval == (Fraction(-220), Fraction(-180))


def test_a_quiz_and_a_question_survive_json(course: Course) -> None:
    for one in course.quizzes:
        assert quiz_from_json(one.as_json()) == one
    for question_ in course.questions:
        assert question_from_json(question_.as_json()) == question_


def test_a_question_stored_before_a_field_existed_has_its_default(course: Course) -> None:
    stored = question(course, "pre-red").as_json()
    del stored["hint"]
    stored["gone"] = 1
    assert question_from_json(stored) == question(course, "pre-red")


# What may be drawn


def test_the_exam_may_ask_all_but_what_is_kept_out_of_exams(course: Course) -> None:
    everything = replace(course.exam or quiz(course, "final"), blueprint=(), pool=("*",))
    assert ids(course.questions) - ids(pool(course, everything)) == {"day-only", "tide-void"}


def test_a_quiz_never_asks_what_is_kept_for_exams(course: Course) -> None:
    check = replace(quiz(course, "coast-check"), pool=("*", "pool:tides", "final"))
    kept = {"night-only", "tide-height", "tide-hours", "tide-void", "exam-only"}
    assert ids(course.questions) - ids(pool(course, check)) == kept


def test_pool_entries_name_a_quiz_a_tag_a_pool_or_everything(course: Course) -> None:
    final = replace(course.exam or quiz(course, "final"), blueprint=(), questions=())
    assert ids(pool(course, replace(final, pool=("tag:lights",)))) == {"which-mark", "lamp-word", "lamp-pairs"}
    assert ids(pool(course, replace(final, pool=("pool:tides",)))) == {"tide-height", "tide-hours"}
    assert ids(pool(course, replace(final, pool=("marks-pre",)))) == {"pre-red"}
    assert pool(course, replace(final, pool=("tag:none", "tag:", "pool:none", "none"))) == []


def test_no_question_stands_in_a_pool_twice(course: Course) -> None:
    final = replace(course.exam or quiz(course, "final"), blueprint=(), pool=("*", "tag:lights", "marks-quiz"))
    asked = [one.id for one in pool(course, final)]
    assert len(asked) == len(set(asked))


def test_a_blueprint_draws_part_by_part_and_a_plain_quiz_has_one_part(course: Course) -> None:
    assert [draw for draw, _ in parts(course, course.exam or quiz(course, "final"))] == [2, 2, 1]
    assert [(draw, len(asked)) for draw, asked in parts(course, quiz(course, "coast-check"))] == [(2, 5)]
    assert [(draw, len(asked)) for draw, asked in parts(course, quiz(course, "marks-quiz"))] == [(3, 3)]


def test_questions_of_a_draft_are_drawn_nowhere(course: Course) -> None:
    assert "next-question" not in ids(course.questions)
    finished = changed(f"{LIGHT}/02-next.md", "draft: true\n", "")
    assert "next-question" in ids(course_in(finished).questions)


def test_a_share_of_the_lessons_is_rounded_up() -> None:
    assert [Completion(share).lessons_needed(7) for share in (1, 50, 100)] == [1, 4, 7]
    assert Completion("all").lessons_needed(7) == 7
    assert Completion("none").lessons_needed(7) == 0
