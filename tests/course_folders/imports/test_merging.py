"""Questions from elsewhere in a quiz that is there: nothing twice, nobody's words lost, comments kept."""

from tests.sample_course import sample_folder
from university.course_folders import Course, Quiz, read_course
from university.course_folders.files.folder import Folder
from university.course_folders.imports import Plan, merged, new_pool, plan, read_questions, write_moodle

GIFT = "Is water wet?{T}\n\n// [id:longest]\nWhich is longest?{~Maas =Rijn}\n\nWrite.{}"
POOL = """\
# Ours since the first year.
id: own
title: Own
questions:
  # The first one.
  - id: dry
    kind: truefalse
    text: Is sand dry?   # mostly
    answer: true
"""


def course_with(pool: str | None = None) -> tuple[Course, Quiz | None]:
    files = {**sample_folder().files}
    if pool is not None:
        files["pools/own.yaml"] = pool.encode()
    course = read_course(Folder(files, "rivers")).course
    assert course is not None
    return course, dict(course.pools).get("own")


def outcomes(planned: Plan) -> list[str]:
    return [line.outcome for line in planned.lines]


def test_a_new_pool_takes_them_all_and_the_second_time_nothing_changes() -> None:
    found = read_questions("own.gift", GIFT)
    planned = plan(found, None, course_with()[0])
    assert outcomes(planned) == ["new", "new", "skipped"]
    course, quiz = course_with(new_pool("own", "Own", planned))
    again = plan(found, quiz, course)
    assert outcomes(again) == ["same", "same", "skipped"]
    assert again.is_empty


def test_comments_and_other_questions_stay_byte_for_byte() -> None:
    course, quiz = course_with(POOL)
    text = merged(POOL, plan(read_questions("own.gift", GIFT), quiz, course))
    assert text.startswith(POOL)
    course, quiz = course_with(text)
    assert quiz is not None
    assert [one.kind for one in quiz.questions] == ["truefalse", "truefalse", "single"]
    assert plan(read_questions("own.gift", GIFT), quiz, course).is_empty


def test_a_question_with_a_known_id_or_text_is_changed_in_its_place() -> None:
    course, quiz = course_with(POOL)
    planned = plan(read_questions("own.gift", "Is sand dry?{F}\n\nMore{T}"), quiz, course)
    assert outcomes(planned) == ["changed", "new"]
    text = merged(POOL, planned)
    assert "answer: false" in text
    by_id = plan(read_questions("own.gift", "Is sand dry?{F}\n\n// [id:dry]\nMore{T}"), quiz, course)
    assert outcomes(by_id) == ["new", "changed"]
    assert "# Ours since the first year." in text
    assert "  - id: dry\n" in text


def test_a_question_of_another_quiz_is_not_brought_in_again_and_its_id_is_not_taken() -> None:
    course, _ = course_with()
    known = next(one for one in course.questions if one.kind == "truefalse")
    written = write_moodle([Quiz("x", "pool", "X", "pools/x.yaml", questions=(known,))], {})[0]
    assert outcomes(plan(read_questions("own.xml", written), None, course)) == ["skipped"]
    planned = plan(read_questions("own.gift", f"// [id:{known.id}]\nSomething else?{{T}}"), None, course)
    assert planned.added[0].id == f"{known.id}-2"
    assert planned.lines[0].item.remarks


def test_what_moodle_gives_back_changes_nothing() -> None:
    course, _ = course_with()
    for quiz in course.quizzes:
        written, remarks = write_moodle([quiz], sample_folder().files)
        lost = {remark.values["id"] for remark in remarks if "range" not in remark.sentence}
        planned = plan(read_questions("out.xml", written), quiz, course)
        assert {line.question.id for line in planned.lines if line.outcome == "changed" and line.question} <= lost
        assert not planned.added
