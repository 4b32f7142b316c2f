"""Rules that need the whole course: ids, pools, files, completion, and the site it comes to."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from university.course_folders.checking.texts import TextCheck
from university.course_folders.course.model import Course
from university.course_folders.course.pools import parts
from university.course_folders.files.folder import FILE_FOLDERS, Folder, bad_names
from university.course_folders.findings import Finding, in_order
from university.course_folders.reading.documents import Document
from university.course_folders.reading.fields import ID, Fields
from university.course_folders.reading.quizzes import PlacedQuiz
from university.course_folders.reading.whole_course import Pieces, read_pieces
from university.course_folders.yaml.tree import Place

LARGE_PICTURE = 300 * 1024
MANY_LESSONS = 25
FILES = tuple(f"{folder}/" for folder in FILE_FOLDERS)


@dataclass(frozen=True)
class Site:
    """What a course meets where it is imported. `names` maps each slug and alias to the slug of its course."""

    names: Mapping[str, str] = field(default_factory=dict)
    templates: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Reading:
    """A course with all that is to be said about it. `course` is None only when it cannot be read; with errors it
    holds what could be read, good enough for a preview, not for publishing."""

    course: Course | None
    findings: list[Finding]

    @property
    def has_errors(self) -> bool:
        return any(finding.is_error for finding in self.findings)


def read_course(folder: Folder, site: Site | None = None) -> Reading:
    """Read and check a course folder."""
    pieces = read_pieces(folder)
    pieces.extra += bad_names(folder)
    _check_ids(pieces)
    if pieces.course and pieces.course_fields:
        _check_course(pieces.course, pieces.course_fields, folder)
        if site:
            _check_names(pieces.course, pieces.course_fields, site)
        if not pieces.has_gaps:
            _check_hours(pieces.course, pieces.course_fields)
            _check_draws(pieces.course, pieces.quizzes)
    texts = TextCheck(folder)
    findings = [finding for text in pieces.markdown for finding in texts.check(text)]
    findings += [*pieces.findings, *_structure(folder), *_files(pieces, pieces.used_files | texts.used)]
    return Reading(pieces.course, in_order(findings))


def check(folder: Folder, site: Site | None = None) -> list[Finding]:
    return read_course(folder, site).findings


def _structure(folder: Folder) -> Iterator[Finding]:
    if folder.files and not any(folder.under("modules")):
        yield Finding("modules", 1, 1, "E004", "there is no folder modules", "modules/01-name/ with lessons")


# Ids


def _check_ids(pieces: Pieces) -> None:
    """E110: every id is used once for its sort; old ids of lessons and modules count too."""
    lessons = [(one.lesson.id, one.document, one.id_place) for one in pieces.lessons]
    lessons += [(alias, one.document, place) for one in pieces.lessons for alias, place in one.alias_places]
    modules = [(module.id, fields.document, fields.place_of("id")) for module, fields in pieces.modules]
    modules += [(alias, fields.document, place) for _, fields in pieces.modules for alias, place in _aliases(fields)]
    quizzes = [(one.quiz.id, one.document, one.id_place) for one in pieces.quizzes]
    questions = [
        (question.id, one.document, place)
        for one in pieces.quizzes
        for question, place in zip(one.quiz.questions, one.question_places, strict=True)
    ]
    for sort, used in (("lesson", lessons), ("module", modules), ("quiz", quizzes), ("question", questions)):
        _check_used_once(sort, used)


def _aliases(fields: Fields) -> list[tuple[str, Place]]:
    return fields.placed_texts("aliases", ids=True)


def _check_used_once(sort: str, used: Iterable[tuple[str, Document, Place]]) -> None:
    first: dict[str, str] = {}
    for id_, document, place in used:
        if id_ in first:
            what = f'"{id_}" is the id of another {sort} already: {first[id_]}'
            document.report(place, "E110", what, "an id of its own")
        elif id_:
            first[id_] = f"{document.path}:{document.line_of(place)}"


# The course itself


def _check_course(course: Course, fields: Fields, folder: Folder) -> None:
    if folder.name and ID.fullmatch(course.slug) and course.slug != folder.name:
        expected = f"the same name; the folder is called {folder.name}"
        fields.report("slug", "E002", f"the slug is {course.slug}", expected, folder.name)
    for alias, place in _aliases(fields):
        if alias == course.slug:
            fields.document.report(place, "E106", f'"{alias}" is the slug itself', "old slugs of this course")
    needed = course.completion
    if course.certificate.enabled and needed.lessons == "none" and needed.quizzes == "none" and not needed.exam:
        what = "a certificate is enabled, but completion asks for nothing"
        fields.report("certificate", "E011", what, "lessons, quizzes or the exam in completion")
    count = len(course.public_lessons)
    if count > MANY_LESSONS:
        expected = f"at most {MANY_LESSONS}; split it into two courses"
        fields.document.report(Place(1, 1), "W016", f"the course has {count} lessons", expected)


def _check_hours(course: Course, fields: Fields) -> None:
    minutes = [lesson.minutes for lesson in course.public_lessons]
    total = sum(minutes)
    if total and all(minutes) and course.hours and not 4 * total <= course.hours * 600 <= 40 * total:
        what = f"{course.hours} hours, but the lessons take {total} minutes"
        fields.report("hours", "W009", what, "hours between 0.4 and 4 times the lesson minutes")


def _check_names(course: Course, fields: Fields, site: Site) -> None:
    """What is taken or unknown on the site."""
    named = [("slug", course.slug, fields.place_of("slug")), *(("alias", *alias) for alias in _aliases(fields))]
    for sort, name, place in named:
        owner = site.names.get(name, course.slug)
        if owner != course.slug:
            what = f"the {sort} {name} belongs to the course {owner} already"
            fields.document.report(place, "E017", what, f"a {sort} that is free on this site")
    if course.translation_of and course.translation_of not in site.names:
        what = f"there is no course {course.translation_of} on this site"
        fields.report("translation_of", "W018", what, "the slug of a course on this site")
    template = course.certificate.template
    rules = fields.mapping_of("certificate")
    if rules and template and template not in site.templates:
        what = f"there is no certificate template {template} on this site"
        rules.report("template", "W018", what, "the id of a template on this site")


# Pools and draws


def _check_draws(course: Course, quizzes: list[PlacedQuiz]) -> None:
    drafts = {lesson.id for lesson in course.lessons if lesson.draft}
    entries = _pool_entries(course, quizzes)
    for placed in quizzes:
        if placed.quiz.lesson_id not in drafts and _names_questions(placed, entries):
            _check_enough(course, placed)


def _pool_entries(course: Course, quizzes: list[PlacedQuiz]) -> set[str]:
    """Everything a pool may name. Drafts count: making a lesson a draft breaks no exam that has enough without it."""
    asking = [placed.quiz for placed in quizzes if placed.quiz.questions]
    tags = {f"tag:{tag}" for quiz in asking for question in quiz.questions for tag in question.tags}
    return {"*", *(quiz.id for quiz in asking), *tags, *(f"pool:{name}" for name, _ in course.pools)}


def _names_questions(placed: PlacedQuiz, entries: set[str]) -> bool:
    """E213 for pool entries that name nothing; what only follows from them is not said again."""
    unknown = [(entry, place) for entry, place in placed.pool_places if entry not in entries]
    for entry, place in unknown:
        what = f'"{entry}" names no questions'
        placed.document.report(place, "E213", what, "a quiz id, tag:x, pool:NAME or *", _near(entry, entries))
    return not unknown


def _near(entry: str, entries: set[str]) -> str | None:
    near = difflib.get_close_matches(entry, sorted(entries), 1, 0.7)
    return near[0] if near else None


def _check_enough(course: Course, placed: PlacedQuiz) -> None:
    """E211. Parts of a blueprint are drawn one after the other without repeating a question, so each must have
    enough even when the parts before it took all they share with it."""
    quiz = placed.quiz
    places = placed.part_places if quiz.blueprint else (placed.draw_place,)
    before: list[tuple[int, set[str]]] = []
    for (draw, questions), place in zip(parts(course, quiz), places, strict=True):
        ids = {question.id for question in questions}
        taken = sum(min(drawn, len(ids & shared)) for drawn, shared in before)
        left = max(len(ids) - taken, 0)
        before.append((draw, ids))
        if not ids and (quiz.questions or quiz.pool or quiz.blueprint):
            what = "there is no question that may be asked here"
            placed.document.report(place, "E210", what, "questions that are not void or kept out")
        elif draw > left:
            placed.document.report(place, "E211", f"{draw} of {left} questions are drawn", f"at most {left}")


# Files


def _files(pieces: Pieces, used: set[str]) -> Iterator[Finding]:
    """Files that nothing uses, and pictures that are large to load."""
    texts = [text.text for text in pieces.markdown]
    for path in pieces.folder.files:
        if path in used or path in ("README.md", "LICENSE") or _is_reported(pieces, path):
            continue
        if not path.startswith("images/"):
            yield Finding(path, 1, 1, "W007", "nothing uses this file", "a file that the course names")
        # A picture that a text only mentions counts as used: the author may show it as an example of code.
        elif not any(path in text for text in texts):
            yield Finding(path, 1, 1, "W309", "nothing shows this picture", "a lesson that shows it, or no file")
    for path in pieces.folder.under("images"):
        size = len(pieces.folder.files[path])
        if size > LARGE_PICTURE:
            what = f"the picture has {-(-size // 1024)} KiB"
            yield Finding(path, 1, 1, "W305", what, f"at most {LARGE_PICTURE // 1024} KiB")


def _is_reported(pieces: Pieces, path: str) -> bool:
    """Whether something was said already that explains why nothing uses this file."""
    if pieces.has_gaps and path.startswith(FILES):
        return True
    bad = [finding.path.removesuffix(".md") for finding in pieces.extra]
    return any(path == name or path.startswith((f"{name}/", f"{name}.")) for name in bad)
