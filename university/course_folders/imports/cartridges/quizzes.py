"""A quiz or question bank of a cartridge as one of ours: its questions, and of its rules those we have."""

from collections.abc import Mapping
from dataclasses import replace

from university.course_folders.course.questions import Quiz, QuizKind, usual
from university.course_folders.imports.cartridges.contents import Outline, Test, name_of
from university.course_folders.imports.cartridges.links import picture_in
from university.course_folders.imports.making import Piece
from university.course_folders.imports.numbers import exact_number
from university.course_folders.imports.picture_box import PictureBox
from university.course_folders.imports.qti.qti12 import group_title, read_qti12
from university.course_folders.imports.results import BrokenFile, Item, marked
from university.course_folders.imports.sources import Source
from university.course_folders.imports.texts import one_line
from university.course_folders.imports.xml_text import Node, read_xml

MISSING = marked("the package names a file that is not in it")
DATES = marked("its dates, access codes and extra rules are not kept")
NO_QUESTIONS = marked("none of its questions can come in, so it is left out")
DATED = ("due_at", "lock_at", "unlock_at", "access_code", "ip_filter")


def read_test(
    found: Outline, test: Test, box: PictureBox, kind: QuizKind, homes: Mapping[str, str], taken: set[str]
) -> tuple[Quiz | None, list[Item]]:
    """The quiz, None when nothing of it can come in, and everything in it. `homes` are files that have a place."""
    piece = Piece(test.path, 1, "question bank" if test.is_bank else "quiz", test.title)
    if test.path not in found.files:
        return None, [piece.skipped(MISSING)]
    root = _xml(found, test.path)
    group = next(root.below("assessment", "objectbank"), root)
    piece.title = one_line(test.title or group_title(group)) or test.id
    source = Source(test.path, picture_in(test.path, found.files, homes, box))
    sort = "bank question" if test.is_bank else "question"
    items = [found.distinct.met(replace(item, sort=sort)) for item in read_qti12(source, root)]
    questions = tuple(item.question for item in items if item.question)
    if not questions:
        return None, [piece.skipped(NO_QUESTIONS), *items]
    quiz = replace(usual(kind), id=name_of(piece.title, "quiz", taken), title=piece.title[:120], questions=questions)
    if test.meta:
        quiz = _with_rules(quiz, _xml(found, test.meta), source, piece)
    return quiz, [piece.noted("pool" if kind == "pool" else "quiz"), *items]


def _xml(found: Outline, path: str) -> Node:
    try:
        return read_xml(found.files[path])
    except BrokenFile as broken:
        raise broken.within(path) from None


def _with_rules(quiz: Quiz, meta: Node, source: Source, piece: Piece) -> Quiz:
    """What Canvas says of the whole quiz, as far as we have it."""
    attempts, minutes = exact_number(meta.said("allowed_attempts")), exact_number(meta.said("time_limit"))
    if any(meta.said(name) for name in DATED) or any(meta.said("assignment", name) for name in DATED):
        piece.lose(DATES)
    return replace(
        quiz,
        intro=piece.take(source.html(meta.said("description"))) or None,
        shuffle=meta.said("shuffle_answers") == "true",
        attempts=int(attempts) if attempts and 1 <= attempts <= 100 else None,
        time_limit_minutes=int(minutes) if minutes and 1 <= minutes <= 600 else None,
    )
