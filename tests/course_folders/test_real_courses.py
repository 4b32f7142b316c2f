"""Courses that others wrote, and those that come with us. Those of others stand beside a checkout, or not at all."""

from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest

from university.course_folders import (
    Course,
    Folder,
    Picture,
    check,
    pool,
    quiz_from_json,
    read_course,
    read_folder,
    render,
    render_inline,
    size_of,
)
from university.course_folders.files.links import resolved, split_anchor
from university.course_folders.markdown.words import words_in
from university.language import catalogue, primary

ROOT = Path(__file__).parents[2]
OTHERS = ROOT.parent / "shared" / "courses"
BUNDLED = sorted(path for path in (ROOT / "university" / "bundled_courses").iterdir() if path.is_dir())
EXPECTED: dict[str, tuple[dict[str, int], tuple[int, int], dict[str, int]]] = {
    "secure-software-1-design": (
        {"W205": 1},
        (4, 22),
        {"truefalse": 7, "multiple": 5, "single": 4, "match": 1},
    ),
    "webontwikkeling-eerste-stappen": ({"W128": 3, "W311": 1}, (2, 4), {"single": 15, "truefalse": 9}),
    "version-control-with-git": ({"W128": 4, "W311": 1}, (1, 14), {}),
    "cybersecurity-basics": ({"W122": 24, "W124": 1}, (8, 24), {}),
}


def real(name: str) -> Folder:
    if not (OTHERS / name).is_dir():
        pytest.skip(f"the course {name} by other authors is not beside this checkout")
    return read_folder(OTHERS / name)


def course_in(folder: Folder) -> Course:
    course = read_course(folder).course
    assert course is not None
    return course


class Page(HTMLParser):
    """Ids, links and pictures of a rendered page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.pictures: list[dict[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.ids += [attributes["id"] or ""] if "id" in attributes else []
        self.links += [attributes["href"] or ""] if "href" in attributes else []
        self.pictures += [attributes] if tag == "img" else []


def page_of(course: Course, folder: Folder, text: str, path: str) -> Page:
    def link(target: str) -> str | None:
        name, anchor = split_anchor(target)
        found = resolved(path, name)
        lesson = course.lesson_at(found) if found else None
        return f"lesson:{lesson.id}{anchor}" if lesson else found

    def picture(target: str) -> Picture | None:
        found = resolved(path, target)
        if found not in folder.files or found is None:
            return None
        return Picture(found, *(size_of(found, folder.files[found]) or ()))

    words = words_in(course.language, catalogue(primary(course.language)).gettext)
    return Page(render(text, link, picture, words).html)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_real_course_has_just_the_findings_that_are_known(name: str) -> None:
    findings = check(real(name))
    assert Counter(finding.code for finding in findings) == EXPECTED[name][0]
    assert not any(finding.is_error for finding in findings)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_real_course_has_all_its_lessons_and_questions(name: str) -> None:
    course = course_in(real(name))
    _, (modules, lessons), kinds = EXPECTED[name]
    assert (len(course.modules), len(course.lessons)) == (modules, lessons)
    assert Counter(question.kind for question in course.questions) == kinds
    if course.exam:
        assert len(pool(course, course.exam)) == sum(kinds.values())


@pytest.mark.parametrize("name", EXPECTED)
def test_a_real_course_renders_with_pictures_and_links_that_lead_somewhere(name: str) -> None:
    folder = real(name)
    course = course_in(folder)
    pages = {lesson.id: page_of(course, folder, lesson.text, lesson.path) for lesson in course.lessons}
    for page in pages.values():
        assert len(page.ids) == len(set(page.ids))
        for link in page.links:
            if link.startswith("#"):
                assert link[1:] in page.ids
            elif link.startswith("lesson:") and "#" in link:
                lesson, _, part = link.removeprefix("lesson:").partition("#")
                assert part in pages[lesson].ids
        assert all(picture.get("width") and picture.get("height") for picture in page.pictures)
    written = sum(lesson.text.count("](../../images/") for lesson in course.lessons)
    # One author wrote a backslash into a picture's description, so that it is none.
    broken = sum(lesson.text.count("\\](../../images/") for lesson in course.lessons)
    assert sum(len(page.pictures) for page in pages.values()) == written - broken


def test_code_tables_and_placeholders_of_real_lessons_are_shown() -> None:
    folder = real("version-control-with-git")
    html = "".join(render(lesson.text).html for lesson in course_in(folder).lessons)
    assert html.count("<pre") > 200
    assert "hl-" in html
    assert "&lt;commit message here&gt;" in html
    assert html.count("<details>") == 28
    assert "table-scroll" in "".join(
        render(lesson.text).html for lesson in course_in(real("webontwikkeling-eerste-stappen")).lessons
    )


@pytest.mark.parametrize("name", EXPECTED)
def test_a_real_course_survives_json_and_shows_every_question(name: str) -> None:
    for quiz in course_in(real(name)).quizzes:
        assert quiz_from_json(quiz.as_json()) == quiz
        assert all(render_inline(question.text) for question in quiz.questions)


@pytest.mark.parametrize("path", BUNDLED, ids=lambda path: path.name)
def test_a_course_that_comes_with_us_has_no_findings(path: Path) -> None:
    folder = read_folder(path)
    assert check(folder) == []
    course = course_in(folder)
    assert course.exam is not None
    assert len(pool(course, course.exam)) >= 25
    assert {question.kind for question in course.questions} == {
        *("single", "multiple", "truefalse", "text", "number", "match", "order"),
    }
    for lesson in course.lessons:
        page = page_of(course, folder, lesson.text, lesson.path)
        assert all(link[1:] in page.ids for link in page.links if link.startswith("#"))
