"""The limits of every field, just inside and just outside."""

import pytest

from tests.course_folders.lighthouses import COAST, LIGHT, SITE, changed, lighthouses, with_file
from university.course_folders import Finding, check

COURSE = "course.yaml"
EXAM = "exam.yaml"
LAMPS = f"{LIGHT}/01-lamps.md"
QUIZ = f"{COAST}/01-marks.quiz.yaml"
DRAFT_QUIZ = f"{LIGHT}/02-next.quiz.yaml"

# A file, a piece of it, new pieces that are fine, and others that are not.
LIMITS: list[tuple[str, str, list[str], list[str]]] = [
    (COURSE, "format: 1", [], ["format: 2", "format: 0", "format: '1'", "format: 1.0"]),
    (COURSE, "title: 'Lighthouses: reading the coast'", [f"title: {'x' * 120}"], [f"title: {'x' * 121}", "title: ''"]),
    (COURSE, "title: 'Lighthouses: reading the coast'", [], ['title: "a\\nb"', 'title: "a\\u0007b"', "title: ~"]),
    (
        COURSE,
        "summary: How lights, marks and tides bring a ship home.",
        [f"summary: {'x' * 300}"],
        [f"summary: {'x' * 301}"],
    ),
    (
        COURSE,
        "language: en-GB",
        ["language: nl", "language: zh-Hant-TW", "language: sr-Latn"],
        ["language: English", "language: e"],
    ),
    (COURSE, 'version: "2026.1"', [f"version: {'x' * 40}"], [f"version: {'x' * 41}", "version: 2026.1"]),
    (COURSE, "status: draft", ["status: published", "status: archived"], ["status: open", "status: true"]),
    (COURSE, "orcid: 0000-0002-1825-0097", ["orcid: https://orcid.org/0000-0002-1694-233X"], ["orcid: 0000-0002-1825"]),
    (COURSE, "id: CC-BY-4.0", ["id: MIT", "id: proprietary", "id: GPL-3.0+"], ["id: CC BY 4.0", "id: ''"]),
    (COURSE, "hours: 0.5", ["hours: 1"], ["hours: 0.09", "hours: 2001", "hours: .inf", "hours: true", "hours: [1]"]),
    (COURSE, "ects: 0.02", ["ects: 0", "ects: 60"], ["ects: 60.1", "ects: -1"]),
    (COURSE, "eqf: 3", ["eqf: 1", "eqf: 8"], ["eqf: 0", "eqf: 9", "eqf: 3.5"]),
    (COURSE, "level: introductory", ["level: intermediate", "level: advanced"], ["level: Advanced"]),
    (
        COURSE,
        "uri: https://example.org/skills/charts",
        ["uri: http://example.org"],
        ["uri: charts", "uri: ftp://example.org"],
    ),
    (COURSE, "  - Tell a light from a mark", ["  - Tell 'it'"], ["  - ''", "  - 1", "  - {a: b}"]),
    (
        COURSE,
        "lessons: 50",
        ["lessons: all", "lessons: none", "lessons: 1", "lessons: 100"],
        ["lessons: 0", "lessons: 101"],
    ),
    (COURSE, "lessons: 50", [], ["lessons: most", "lessons: 0.5", "lessons: [all]"]),
    (COURSE, "quizzes: passed", ["quizzes: none", "quizzes: attempted"], ["quizzes: all"]),
    (COURSE, "title: Coast reader", [f"title: {'x' * 120}"], [f"title: {'x' * 121}"]),
    (COURSE, "valid_months: 24", ["valid_months: 1", "valid_months: 240"], ["valid_months: 0", "valid_months: 241"]),
    (COURSE, "enabled: true", ["enabled: false"], ["enabled: yes", "enabled: 1", "enabled: 'true'"]),
    (f"{COAST}/module.yaml", "title: The coast", [f"title: {'x' * 120}"], [f"title: {'x' * 121}"]),
    (f"{COAST}/module.yaml", "  - Know the marks", [], ["  - ~"]),
    (LAMPS, "title: Lamps", [f"title: {'x' * 160}"], [f"title: {'x' * 161}"]),
    (LAMPS, "id: lamps", [f"id: {'x' * 80}", "id: 1-a"], [f"id: {'x' * 81}", "id: -a", "id: a_b"]),
    (LAMPS, "minutes: 10", ["minutes: 1"], ["minutes: 0", "minutes: 601", "minutes: 2.5"]),
    (LAMPS, "file: captions/lamp.vtt", [], ["file: files/lamp.webm"]),
    (LAMPS, "lang: en", ["lang: nl-BE"], ["lang: subtitles in English"]),
    (f"{LIGHT}/10-later.md", "url: https://example.org/film", [], ["url: films/1", "url: javascript:alert(1)"]),
    (EXAM, "time_limit_minutes: 20", ["time_limit_minutes: 1", "time_limit_minutes: 600"], ["time_limit_minutes: 0"]),
    (EXAM, "time_limit_minutes: 20", ["feedback: score_only"], ["time_limit_minutes: 601", "feedback: never"]),
    (
        EXAM,
        "time_limit_minutes: 20",
        ["attempts: 1", "attempts: 100", "shuffle: false"],
        ["attempts: 0", "attempts: 101"],
    ),
    (f"{COAST}/quiz.yaml", "draw: 2", ["draw: 1", "draw: 5"], ["draw: 0", "draw: 501", "draw: all"]),
    (EXAM, "    draw: 1", [], ["    draw: 0", "    draw: 501", ""]),
    (EXAM, "  - pool: '*'\n", [], ["  - pool: []\n", "  - pool: 1\n", "  - pool: {a: b}\n"]),
    (QUIZ, "pass_mark: 50", ["pass_mark: 1", "pass_mark: 100"], ["pass_mark: 0", "pass_mark: 50.5", "pass_mark: 50%"]),
    (QUIZ, "wait_hours: 0.5", ["wait_hours: 0", "wait_hours: 720"], ["wait_hours: -1", "wait_hours: 720.5"]),
    (QUIZ, "points: 2", ["points: 0.1", "points: 100"], ["points: 0", "points: 100.1", "points: two"]),
    (QUIZ, "tags: [marks, lights]", ["tags: [lights]"], ["tags: lights", "tags: [lights, 1]"]),
    (QUIZ, "exam: also", ["exam: only"], ["exam: always"]),
    (QUIZ, "shuffle: false", ["shuffle: true"], ["shuffle: off"]),
    (QUIZ, "hint: It floats.", [], ["hint: 1", "hint: [a]"]),
    (QUIZ, "scoring: exact", ["scoring: partial"], ["scoring: half"]),
    (QUIZ, "        id: buoy", ["        id: b"], ["        id: The buoy"]),
    (QUIZ, "    feedback:\n      partial: Nearly.\n", ["    feedback: {}\n"], ["    feedback: Nearly.\n"]),
    ("pools/tides.yaml", "tolerance: 5%", ["tolerance: 0.5", "tolerance: 0", "tolerance: '2.5 %'"], ["tolerance: -1"]),
    (
        "pools/tides.yaml",
        "tolerance: 5%",
        [],
        ["tolerance: wide", "tolerance: -5%", "tolerance: [1]", "tolerance: 5%%"],
    ),
    (
        "pools/tides.yaml",
        "answer: 2.5",
        ["answer: -2.5e3", "answer: 0"],
        ["answer: '2.5'", "answer: 2,5", "answer: true"],
    ),
    (
        "pools/tides.yaml",
        "[12, 12.5]",
        ["[12, 12]", "[-1, 1e3]"],
        ["[12]", "[13, 12]", "[1, 2, 3]", "['12', 13]", "12"],
    ),
    ("pools/tides.yaml", "    range: [12, 12.5]", [], ["    range: [12, 13]\n    tolerance: 1"]),
]

# Questions of a draft lesson, which nothing else depends on.
QUESTIONS = [
    ("{id: q, kind: truefalse, text: T, answer: true}", None),
    ("{id: q, kind: truefalse, text: T, answer: 'true'}", "E105"),
    ("{id: q, kind: truefalse, text: T}", "E104"),
    ("{id: q, kind: truefalse, text: '', answer: true}", "E106"),
    ("{id: q, kind: essay, text: T}", "E106"),
    ("{id: q, text: T}", "E104"),
    ("{kind: truefalse, text: T, answer: true}", "E104"),
    ("{id: q, kind: truefalse, text: T, answer: true, choices: []}", "E103"),
    ("{id: q, kind: single, text: T}", "E104"),
    ("{id: q, kind: single, text: T, choices: {a: b}}", "E105"),
    ("{id: q, kind: single, text: T, choices: [{text: a, correct: true}, b]}", "E105"),
    ("{id: q, kind: text, text: T, answers: [a, {text: b, score: 0.25}]}", None),
    ("{id: q, kind: text, text: T, answers: [a, {text: b, score: 1.5}]}", "E106"),
    ("{id: q, kind: text, text: T, answers: [a, {score: 1}]}", "E104"),
    ("{id: q, kind: text, text: T, answers: [a, '']}", "E106"),
    ("{id: q, kind: text, text: T, answers: [a, 42]}", "E105"),
    ("{id: q, kind: text, text: T, answers: a}", "E105"),
    ("{id: q, kind: text, text: T, answers: []}", "E206"),
    ("{id: q, kind: match, text: T, pairs: [{left: a, right: b}, {left: c, right: b}]}", None),
    ("{id: q, kind: match, text: T, pairs: [{left: a, right: b}, {left: c}]}", "E104"),
    ("{id: q, kind: match, text: T}", "E104"),
    ("{id: q, kind: order, text: T, items: [a, b, c]}", None),
    ("{id: q, kind: order, text: T, items: [a, b, 3]}", "E105"),
    ("{id: q, kind: order, text: T}", "E104"),
    ("question", "E105"),
]


def codes(findings: list[Finding]) -> list[str]:
    return [finding.code for finding in findings if finding.code not in ("W009", "W018")]


@pytest.mark.parametrize(
    ("path", "piece", "new"), [(path, piece, new) for path, piece, fine, _ in LIMITS for new in fine]
)
def test_what_lies_inside_the_limits_is_fine(path: str, piece: str, new: str) -> None:
    assert codes(check(changed(path, piece, new), SITE)) == []


@pytest.mark.parametrize(
    ("path", "piece", "new"), [(path, piece, new) for path, piece, _, bad in LIMITS for new in bad]
)
def test_what_lies_outside_of_the_limits_is_told_in_its_line(path: str, piece: str, new: str) -> None:
    before = lighthouses().files[path].decode()
    line = before[: before.index(piece)].count("\n") + 1
    findings = [one for one in check(changed(path, piece, new), SITE) if one.is_error and one.path == path]
    assert findings
    assert all(line - 1 <= finding.line <= line + 2 for finding in findings)
    assert {finding.code for finding in findings} <= {"E104", "E105", "E106", "E213", "E126"}


@pytest.mark.parametrize(("question", "code"), QUESTIONS)
def test_a_question_has_the_fields_of_its_kind(question: str, code: str | None) -> None:
    text = lighthouses().files[DRAFT_QUIZ].decode() + f"  - {question}\n"
    findings = check(with_file(DRAFT_QUIZ, text), SITE)
    assert codes(findings) == ([code] if code else [])
    assert all((finding.path, finding.line) == (DRAFT_QUIZ, 8) for finding in findings)


@pytest.mark.parametrize(
    ("kind", "field", "smallest", "largest"),
    [("multiple", "choices", 2, 20), ("match", "pairs", 2, 20), ("order", "items", 3, 12)],
)
def test_a_question_has_enough_and_not_too_many_parts(kind: str, field: str, smallest: int, largest: int) -> None:
    part = {
        "choices": "{{text: t{0}, correct: {1}}}",
        "pairs": "{{left: l{0}, right: r}}",
        "items": "i{0}",
    }[field]
    for count in (smallest - 1, smallest, largest, largest + 1):
        parts = ", ".join(part.format(number, str(number == 0).lower()) for number in range(count))
        text = lighthouses().files[DRAFT_QUIZ].decode()
        text += f"  - {{id: q, kind: {kind}, text: T, {field}: [{parts}]}}\n"
        found = codes(check(with_file(DRAFT_QUIZ, text), SITE))
        is_fine = smallest <= count <= largest
        assert set(found) - {"W205"} == (
            set() if is_fine else {{"choices": "E201", "pairs": "E208", "items": "E209"}[field]}
        )
