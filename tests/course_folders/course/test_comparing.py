"""Two states of a course: what changed, by id and by class."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.sample_course import ALL_KINDS, COURSE, DELTA, EXAM, SPRING, pool, sample_folder
from university.course_folders import Change, Choice, Folder, Question, compare, read_course, same_key

QUIZ = "modules__01-upstream__01-spring_dot_quiz_dot_yaml"


def changes(**changed: str | bytes | None) -> list[Change]:
    return between(sample_folder(), sample_folder(**changed))


def between(before: Folder, after: Folder) -> list[Change]:
    old, new = read_course(before).course, read_course(after).course
    assert old
    assert new
    return compare(old, new, before, after)


def said(found: list[Change]) -> list[tuple[str, str, str]]:
    return [(change.kind, change.what, change.id) for change in found]


def test_the_same_course_has_no_changes() -> None:
    assert changes() == []


def test_wording_pictures_and_minutes_are_text() -> None:
    found = changes(
        **{
            "modules__01-upstream__01-spring_dot_md": SPRING.replace("leaves", "quits").replace(
                "minutes: 4", "minutes: 5"
            )
        },
        images__drop_dot_png=b"\x89PNG\r\n\x1a\n other",
    )
    assert said(found) == [
        ("text", "minutes", "spring"),
        ("text", "lesson_text", "spring"),
        ("text", "file_changed", "images/drop.png"),
    ]
    assert (found[0].before, found[0].after) == ("4", "5")
    assert "quits the ground" in (found[1].after or "").replace("*", "")


def test_renaming_and_renumbering_files_is_no_change() -> None:
    moved = {
        "modules__01-upstream__02-bends_dot_md": None,
        "modules__01-upstream__02-bends_dot_pre_dot_yaml": None,
        "modules__01-upstream__02-bends_dot_quiz_dot_yaml": None,
    }
    files = sample_folder().files
    for ending in (".md", ".pre.yaml", ".quiz.yaml"):
        moved[f"modules/01-upstream/07-curves{ending}"] = files[f"modules/01-upstream/02-bends{ending}"]  # type: ignore[assignment]
    moved["modules__01-upstream__01-spring_dot_md"] = SPRING.replace("02-bends.md", "07-curves.md")  # type: ignore[assignment]
    assert said(changes(**moved)) == [("text", "lesson_text", "spring")], "only the link in the text of another lesson"


def test_lessons_added_removed_moved_and_made_required_are_structure() -> None:
    extra = {"modules__02-downstream__05-more_dot_md": DELTA.replace("id: delta", "id: more")}
    assert said(changes(**extra)) == [("structure", "lesson_added", "more")]
    gone = {"modules__02-downstream__01-delta_dot_md": None}
    assert said(changes(**gone)) == [("structure", "lesson_removed", "delta")]
    optional = {"modules__02-downstream__01-delta_dot_md": DELTA.replace("minutes: 3", "minutes: 3\noptional: true")}
    assert said(changes(**optional)) == [("structure", "lesson_optional", "delta")]
    assert said(between(sample_folder(**optional), sample_folder())) == [("structure", "lesson_required", "delta")]
    swapped = {
        "modules__02-downstream__01-delta_dot_md": None,
        "modules__02-downstream__09-delta_dot_md": DELTA,
    }
    assert [one for _, what, one in said(changes(**swapped)) if what == "lesson_moved"] in (["delta"], ["extra"])


def test_a_lesson_that_kept_its_old_id_as_an_alias_is_the_same_lesson() -> None:
    renamed = {"modules__02-downstream__01-delta_dot_md": DELTA.replace("id: delta", "id: mouth\naliases: [delta]")}
    assert said(changes(**renamed)) == []


@pytest.mark.parametrize(
    ("file", "was", "now", "expected"),
    [
        ("exam_dot_yaml", "pass_mark: 70", "pass_mark: 80", ("key", "pass_mark_higher", "final-exam")),
        ("exam_dot_yaml", "pass_mark: 70", "pass_mark: 60", ("key", "pass_mark_lower", "final-exam")),
        ("exam_dot_yaml", "attempts: 2", "attempts: 3", ("key", "limits", "final-exam")),
        ("exam_dot_yaml", "draw: 4", "draw: 3", ("structure", "quiz_ways", "final-exam")),
        ("exam_dot_yaml", "title: The exam", "title: Exam", ("text", "quiz_text", "final-exam")),
        (QUIZ, "answer: false", "answer: true", ("key", "answer", "q-truefalse")),
        (QUIZ, "answer: 12.5", "answer: 13", ("key", "answer", "q-number")),
        (QUIZ, "- spring*", "- well", ("key", "answer", "q-text")),
        (QUIZ, "[Drop, Brook, River]", "[Brook, Drop, River]", ("key", "answer", "q-order")),
        (QUIZ, "right: Beginning", "right: Start", ("key", "answer", "q-match")),
        (QUIZ, "text: Water runs uphill.", "text: Water runs up.", ("text", "question_text", "q-truefalse")),
        (QUIZ, "text: Mountains", "text: Hills", ("text", "question_text", "q-multiple")),
        (QUIZ, "text: Sand", "text: Sand and silt", ("text", "question_text", "q-multiple")),
        (QUIZ, "    answer: false", "    answer: false\n    void: true", ("key", "void", "q-truefalse")),
        (QUIZ, "    answer: false", "    answer: false\n    points: 2", ("key", "points", "q-truefalse")),
        ("course_dot_yaml", "quizzes: attempted", "quizzes: passed", ("key", "completion", "rivers")),
        ("course_dot_yaml", "title: Knows rivers", "title: Rivers", ("key", "certificate", "rivers")),
        ("course_dot_yaml", "hours: 0.5", "hours: 0.6", ("text", "certificate_text", "rivers")),
    ],
)
def test_each_change_has_its_class(file: str, was: str, now: str, expected: tuple[str, str, str]) -> None:
    texts = {"exam_dot_yaml": EXAM, QUIZ: ALL_KINDS, "course_dot_yaml": COURSE.format(slug="rivers", title="Rivers")}
    assert was in texts[file]
    assert said(changes(**{file: texts[file].replace(was, now, 1)})) == [expected]


def test_quizzes_and_questions_come_and_go_by_id() -> None:
    without = {"modules__01-upstream__quiz_dot_yaml": None}
    assert said(changes(**without)) == [
        ("structure", "quiz_removed", "upstream-quiz"),
        ("structure", "question_removed", "m-one"),
    ]
    assert said(changes(pools__exam_dot_yaml=pool(9))) == [("structure", "question_added", "e-9")]


def question(*choices: tuple[str, bool]) -> Question:
    return Question("q", "single", "Which?", choices=tuple(Choice(text, right) for text, right in choices))


def test_a_reworded_choice_is_the_same_choice_and_a_moved_key_is_not() -> None:
    before = question(("Spring", True), ("Sea", False))
    assert same_key(before, question(("The spring", True), ("Sea", False)))
    assert same_key(before, question(("Sea", False), ("Spring", True)))
    assert same_key(before, question(("Spring", True), ("Sea", False), ("Sky", False)))
    assert not same_key(before, question(("Sea", True), ("Spring", False)))
    assert not same_key(before, question(("Spring", False), ("Sea", True)))
    assert not same_key(before, question(("Sky", False), ("Sea", False), ("Lake", True)))
    assert not same_key(before, question(("Spring", True), ("Sea", False), ("Sky", True)))


def test_numbers_and_lists_are_shown_as_people_read_them() -> None:
    hours = COURSE.format(slug="rivers", title="Rivers").replace("hours: 0.5", "hours: 0.75")
    assert changes(course_dot_yaml=hours)[0].after == str(Decimal("0.75"))
    outcomes = COURSE.format(slug="rivers", title="Rivers").replace("  - Say where", "  - Tell where")
    assert (changes(course_dot_yaml=outcomes)[0].after or "").splitlines()[0] == "Tell where a river begins"
