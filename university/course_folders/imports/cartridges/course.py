"""A sorted-out cartridge written as a course folder: lessons, quizzes, pools, pictures and files."""

import hashlib
import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from bs4 import BeautifulSoup
from bs4.element import Tag

from university.course_folders.course.model import Course, Lesson, Licence, Module
from university.course_folders.course.questions import Quiz, QuizKind
from university.course_folders.imports.cartridges.contents import HIDDEN, Outline, Page, Test, name_of, outline
from university.course_folders.imports.cartridges.links import Places, link_in, picture_in, safe_name
from university.course_folders.imports.cartridges.manifest import Manifest
from university.course_folders.imports.cartridges.quizzes import read_test
from university.course_folders.imports.html_texts import from_html
from university.course_folders.imports.making import Piece
from university.course_folders.imports.picture_box import PictureBox
from university.course_folders.imports.results import BrokenFile, Import, Item, Remark, marked
from university.course_folders.imports.texts import one_line
from university.course_folders.reading.fields import as_id
from university.course_folders.writing.canonical import write_course

EMPTY = marked("the page is empty; it becomes a draft")
UNPUBLISHED = marked("the page was not published; it becomes a draft")
GUESSED = marked("a cartridge does not say the language, the licence, the summary and the hours; check them")
SHORTENED = marked("the title is shortened")
NO_LESSONS = marked("the cartridge holds neither pages nor quizzes")
NOT_TEXT = marked("the page is not UTF-8; other signs may be lost")
LICENCES = {
    "creativecommons.org/licenses/by/4.0": "CC-BY-4.0",
    "creativecommons.org/licenses/by-sa/4.0": "CC-BY-SA-4.0",
    "creativecommons.org/publicdomain/zero/1.0": "CC0-1.0",
}
WORDS_A_MINUTE = 180


@dataclass
class Making:
    """A course in the making. `homes` leads from files of the package to those of the course, in the box."""

    found: Outline
    places: Places
    box: PictureBox
    homes: dict[str, str] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)
    quiz_ids: set[str] = field(default_factory=set)
    pools: list[tuple[str, Quiz]] = field(default_factory=list)


def read_cartridge(name: str, manifest: Manifest, files: Mapping[str, bytes], box: PictureBox) -> Import:
    """Raises BrokenFile when a file in it cannot be read or when it holds nothing for a course."""
    found = outline(manifest, files)
    if not any(part.things for part in found.parts) and not found.banks:
        raise BrokenFile(NO_LESSONS)
    making = Making(found, _places(found), box.at_depth("../../"))
    _add_uploads(making)
    modules = [_module(making, number) for number in range(1, len(found.parts) + 1)]
    for bank in found.banks:
        _pool(making, bank)
    course = _course(making, tuple(module for module in modules if module))
    piece = found.piece(1, "course", course.title)
    piece.lose(GUESSED)
    items = (piece.noted("course"), *found.items, *making.items)
    return Import(name, "Common Cartridge", items, folder=write_course(course, making.box.files))


def _places(found: Outline) -> Places:
    """Where every page will lie, before any is read: pages link to later ones."""
    places: Places = {}
    modules: set[str] = set()
    lessons: set[str] = set()
    for number, part in enumerate(found.parts, 1):
        module = name_of(part.title, f"module-{number}", modules)
        pages = [thing for thing in part.things if isinstance(thing, Page)]
        for at, page in enumerate(pages, 1):
            stem = posixpath.basename(page.path).rpartition(".")[0]
            lesson = name_of(stem, f"lesson-{number}-{at}", lessons)
            folder = f"modules/{number:02}-{module}"
            places.setdefault(page.path, (lesson, f"{folder}/{at:02}-{lesson}.md"))
    return places


def _add_uploads(making: Making) -> None:
    """Every file of the package with its place in the course: pictures among pictures, the rest to download."""
    files = making.box.files
    for path in making.found.uploads:
        content = making.found.files[path]
        name = safe_name(posixpath.basename(path))
        picture = making.box.keep(name, content)
        home = picture.removeprefix(making.box.prefix) if picture else f"files/{name}"
        if not picture and files.get(home, content) != content:
            home = f"files/{hashlib.sha256(content).hexdigest()[:8]}-{name}"
        if not picture:
            files[home] = content
        making.homes[path] = home


def _course(making: Making, modules: tuple[Module, ...]) -> Course:
    manifest = making.found.manifest
    title = (manifest.title or "Course")[:120]
    minutes = sum(lesson.minutes for module in modules for lesson in module.lessons) or 60
    return Course(
        slug=(as_id(title) or "course")[:60].strip("-"),
        title=title,
        summary=title,
        language=manifest.language or "en",
        licence=_licence(manifest),
        hours=max(Decimal(minutes * 10 // 60) / 10, Decimal("0.1")),
        modules=modules,
        pools=tuple(making.pools),
    )


def _licence(manifest: Manifest) -> Licence:
    for address, id_ in LICENCES.items():
        if address in manifest.rights:
            return Licence(id_, attribution=manifest.title or "Unknown" if id_.startswith("CC-BY") else None)
    return Licence("proprietary", source=manifest.rights or None)


# Modules and lessons


def _module(making: Making, number: int) -> Module | None:
    """A quiz right behind a page is that lesson's, the first other one the module's, further ones are pools."""
    part = making.found.parts[number - 1]
    folder = next((_folder(making, thing) for thing in part.things if isinstance(thing, Page)), None)
    lessons: list[Lesson] = []
    module_quiz: Quiz | None = None
    is_behind_page = False
    for thing in part.things:
        before = len(making.items)
        if isinstance(thing, Page):
            lessons.append(_lesson(making, thing))
            is_behind_page = True
            _name_hidden(making, thing, before)
            continue
        if is_behind_page and lessons[-1].quiz is None:
            lessons[-1] = replace(
                lessons[-1], quiz=_quiz(making, thing, lessons[-1].path.replace(".md", ".quiz.yaml"), "lesson")
            )
        elif folder and module_quiz is None:
            module_quiz = _quiz(making, thing, f"{folder}/quiz.yaml", "module")
        else:
            _pool(making, thing)
        is_behind_page = False
        _name_hidden(making, thing, before)
    if folder is None:
        return None
    module_id = folder.partition("/")[2].partition("-")[2]
    return Module(module_id, folder, part.title[:120] or module_id, lessons=tuple(lessons), quiz=module_quiz)


def _name_hidden(making: Making, thing: Page | Test, before: int) -> None:
    """Says so of what this thing became, where the other system did not show it to its learners."""
    if thing.is_hidden and making.items[before:]:
        item = making.items[before]
        making.items[before] = replace(item, remarks=(*item.remarks, Remark(HIDDEN, {})))


def _folder(making: Making, page: Page) -> str:
    return posixpath.dirname(making.places[page.path][1])


def _lesson(making: Making, page: Page) -> Lesson:
    id_, path = making.places[page.path]
    content = making.found.files[page.path]
    piece = Piece(page.path, 1, "page", page.title)
    source = content.decode("utf-8-sig", "replace")
    if "\ufffd" in source:
        piece.lose(NOT_TEXT)
    soup = BeautifulSoup(source, "html.parser")
    title = one_line(page.title if page.title and page.title != posixpath.basename(page.path) else _said(soup, "title"))
    piece.title = title or id_
    body = soup.find("body")
    html = body.decode_contents() if isinstance(body, Tag) else source
    picture = picture_in(page.path, making.found.files, making.homes, making.box)
    text = piece.take(from_html(html, link_in(page.path, making.places, making.homes), picture))
    is_draft = _is_draft(piece, soup, text)
    if len(piece.title) > 160:
        piece.lose(SHORTENED)
    making.items.append(piece.noted("draft lesson" if is_draft else "lesson"))
    minutes = min(max(round(len(text.split()) / WORDS_A_MINUTE), 1), 600)
    return Lesson(id_, path, piece.title[:160], minutes, f"{text}\n" if text else "", draft=is_draft)


def _said(soup: BeautifulSoup, name: str) -> str:
    node = soup.find(name)
    return node.get_text() if isinstance(node, Tag) else ""


def _is_draft(piece: Piece, soup: BeautifulSoup, text: str) -> bool:
    state = soup.find("meta", attrs={"name": "workflow_state"})
    if isinstance(state, Tag) and state.get("content") == "unpublished":
        piece.lose(UNPUBLISHED)
        return True
    if not text.strip():
        piece.lose(EMPTY)
    return not text.strip()


# Quizzes


def _quiz(making: Making, test: Test, path: str, kind: QuizKind) -> Quiz | None:
    quiz, items = read_test(making.found, test, making.box, kind, making.homes, making.quiz_ids)
    making.items += items
    return replace(quiz, path=path) if quiz else None


def _pool(making: Making, test: Test) -> None:
    box = making.box.at_depth("../")
    quiz, items = read_test(making.found, test, box, "pool", making.homes, making.quiz_ids)
    making.items += items
    if quiz:
        making.pools.append((quiz.id, replace(quiz, path=f"pools/{quiz.id}.yaml")))
