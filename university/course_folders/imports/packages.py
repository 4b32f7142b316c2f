"""Zip files: our own course folders, packages of QTI items, Common Cartridges."""

import posixpath
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from university.course_folders.checking.whole_course import read_course
from university.course_folders.files.archive import read_zip
from university.course_folders.files.folder import Folder, Unreadable
from university.course_folders.imports.cartridges.course import read_cartridge
from university.course_folders.imports.cartridges.manifest import MANIFEST, Manifest, Resource, read_manifest
from university.course_folders.imports.making import Piece
from university.course_folders.imports.picture_box import PictureBox
from university.course_folders.imports.qti.qti2 import read_qti2
from university.course_folders.imports.qti.qti12 import read_qti12
from university.course_folders.imports.results import BrokenFile, Import, Item, marked
from university.course_folders.imports.sources import Source
from university.course_folders.imports.xml_text import Node, read_xml

UNREADABLE = marked("the zip file cannot be read: %(why)s")
REFUSED = marked("the zip file is refused: %(why)s; expected %(expected)s")
UNKNOWN = marked("the zip file holds neither a course (course.yaml) nor a package (imsmanifest.xml)")
NO_ITEMS = marked("the package holds no questions that we can read")
NO_COURSE = marked("the course in it cannot be read: %(place)s %(what)s")
MISSING = marked("the package names a file that is not in it")
TEST = marked("the order and the rules of the test are not kept, its questions are")

OWN = "course folder"
QTI2_ROOTS = ("assessmentItem", "qti-assessment-item")


def is_zip(content: bytes) -> bool:
    return content.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def read_package(name: str, content: bytes, box: PictureBox) -> Import:
    """Raises BrokenFile for what is damaged, over a limit or of another kind."""
    folder = unpacked(content)
    if "course.yaml" in folder.files:
        return _own_course(name, folder)
    if MANIFEST not in folder.files:
        raise BrokenFile(UNKNOWN)
    manifest = read_manifest(folder.files)
    if manifest.is_cartridge:
        return read_cartridge(name, manifest, folder.files, box)
    return _questions(name, manifest, folder.files, box)


def unpacked(content: bytes) -> Folder:
    """The files of a zip file within the limits of a course."""
    try:
        folder = read_zip(content)
    except Unreadable as damage:
        raise BrokenFile(UNREADABLE, why=str(damage)) from None
    for finding in folder.findings:
        raise BrokenFile(REFUSED, why=finding.what, expected=finding.expected).within(finding.path)
    return folder


def _own_course(name: str, folder: Folder) -> Import:
    reading = read_course(folder)
    if reading.course is None:
        first = next(iter(reading.findings))
        raise BrokenFile(NO_COURSE, first.line, first.column, place=first.path, what=first.what).within(first.path)
    items = [
        Item(quiz.path, 1, "question", question.id, question, group=quiz.title)
        for quiz in reading.course.quizzes
        for question in quiz.questions
    ]
    return Import(name, OWN, tuple(items), folder=folder)


# Packages of questions


def _questions(name: str, manifest: Manifest, files: Mapping[str, bytes], box: PictureBox) -> Import:
    items: list[Item] = []
    formats: list[str] = []
    for resource in manifest.resources:
        if resource.type.lower().startswith("imsqti"):
            items += _items(resource, files, box, formats)
    if not items:
        raise BrokenFile(NO_ITEMS)
    return Import(name, formats[0] if formats else "QTI", tuple(items), files=box.files)


def _items(resource: Resource, files: Mapping[str, bytes], box: PictureBox, formats: list[str]) -> Iterator[Item]:
    if resource.href not in files:
        yield Piece(resource.href or MANIFEST, resource.line, "missing file", resource.href).skipped(MISSING)
        return
    try:
        root = read_xml(files[resource.href])
        yield from _items_of(resource.href, root, files, box, formats)
    except BrokenFile as broken:
        raise broken.within(resource.href) from None


def _items_of(path: str, root: Node, files: Mapping[str, bytes], box: PictureBox, formats: list[str]) -> Iterator[Item]:
    source = Source(path, picture=lambda address: box.find(*_found(path, address, files)))
    if root.name == "questestinterop":
        formats.append("QTI 1.2")
        yield from read_qti12(source, root)
    elif root.name in QTI2_ROOTS:
        formats.append("QTI 3.0" if root.name == QTI2_ROOTS[1] else "QTI 2.1")
        yield read_qti2(source, root)
    else:
        yield Piece(path, root.line, "test", root.get("title")).skipped(TEST)


def _found(path: str, address: str, files: Mapping[str, bytes]) -> tuple[str, Mapping[str, bytes]]:
    """The address of a picture as the package's files have it."""
    plain = unquote(address).split("?", 1)[0].replace("$IMS-CC-FILEBASE$/", "")
    beside = posixpath.normpath(posixpath.join(posixpath.dirname(path), plain))
    for candidate in (beside, plain, f"web_resources/{plain}"):
        if candidate in files:
            return candidate, files
    return address, {}
