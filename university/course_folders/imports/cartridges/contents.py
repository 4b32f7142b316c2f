"""Common Cartridge 1.1 to 1.3, and what Canvas adds to it, as one of our courses: what is in it and where it goes."""

import posixpath
import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field, replace

from university.course_folders.files.pictures import is_picture
from university.course_folders.imports.cartridges.manifest import MANIFEST, Entry, Manifest, Resource
from university.course_folders.imports.distinct import Distinct
from university.course_folders.imports.making import Piece
from university.course_folders.imports.results import BrokenFile, Item, marked
from university.course_folders.imports.xml_text import read_xml
from university.course_folders.reading.fields import as_id

HEADING = marked("headings between lessons do not exist here")
ASSIGNMENT = marked("assignments that a person marks do not exist here")
DISCUSSION = marked("discussions do not exist here")
WEB_LINK = marked("a link to another site stands in no lesson; write it into one")
TOOL = marked("tools of other sites do not exist here")
OTHER = marked("things of the type %(type)s do not exist here")
MISSING = marked("the package names a file that is not in it")
TWICE = marked("the package names this file twice; it comes in once")
HIDDEN_MODULE = marked("the module was not published there; look at what is in it before you publish")
HIDDEN = marked("it was not published there; look at it before you publish")
LOOSE_PAGES = "Pages"
# What Canvas says of its modules beyond the manifest.
STATES = "course_settings/module_meta.xml"

# Beginnings of a resource's type.
SKIPPED = {
    "imswl": ("web link", WEB_LINK),
    "imsdt": ("discussion", DISCUSSION),
    "imsbasiclti": ("external tool", TOOL),
    "assignment": ("assignment", ASSIGNMENT),
}
PAGE = re.compile(r"\.x?html?$", re.IGNORECASE)
# Where Canvas keeps uploaded files; a page among them is a download.
UPLOADS = "web_resources/"


@dataclass
class Page:
    """A page that becomes a lesson; `path` is its place in the package."""

    path: str
    title: str
    line: int
    is_hidden: bool = False


@dataclass
class Test:
    """A quiz or bank; `path` is the file with its questions, `meta` the one with its rules."""

    id: str
    path: str
    title: str
    line: int
    meta: str | None = None
    is_bank: bool = False
    is_hidden: bool = False


@dataclass
class Part:
    """A module with what is in it, in its order."""

    title: str
    line: int
    things: list[Page | Test] = field(default_factory=list)
    is_hidden: bool = False


@dataclass
class Outline:
    """The whole cartridge, sorted out. `uploads` are the files of the package that come along."""

    manifest: Manifest
    files: Mapping[str, bytes]
    parts: list[Part] = field(default_factory=list)
    banks: list[Test] = field(default_factory=list)
    uploads: dict[str, None] = field(default_factory=dict)  # in order
    items: list[Item] = field(default_factory=list)
    distinct: Distinct = field(default_factory=Distinct)

    def piece(self, line: int, sort: str, title: str) -> Piece:
        return Piece(MANIFEST, line, sort, title)

    def note(self, line: int, sort: str, title: str, sentence: str, **values: str | int) -> None:
        self.items.append(self.piece(line, sort, title).skipped(sentence, **values))


def outline(manifest: Manifest, files: Mapping[str, bytes]) -> Outline:
    """Modules first, in their order; then what stands in none of them."""
    found = Outline(manifest, files)
    seen: set[str] = set()
    hidden = _hidden(files)
    for entry in _modules(manifest):
        part = Part(entry.title, entry.line, is_hidden=entry.id in hidden)
        found.parts.append(part)
        piece = found.piece(entry.line, "module", entry.title)
        if part.is_hidden:
            piece.lose(HIDDEN_MODULE)
        found.items.append(piece.noted("module"))
        for leaf in entry.leaves():
            seen.add(leaf.refers_to)
            before = len(part.things)
            _sort_in(found, part, leaf)
            for thing in part.things[before:]:
                thing.is_hidden = part.is_hidden or leaf.id in hidden
    loose, needed = Part(LOOSE_PAGES, 1), {id_ for resource in manifest.resources for id_ in resource.needs}
    for resource in manifest.resources:
        if resource.id not in seen:
            _sort_loose(found, loose, resource, needed)
    if loose.things:
        found.parts.append(loose)
    return found


def _hidden(files: Mapping[str, bytes]) -> set[str]:
    """Modules and things in them that Canvas did not show to learners, by the ids of the manifest's lines."""
    if STATES not in files:
        return set()
    try:
        root = read_xml(files[STATES])
    except BrokenFile as broken:
        raise broken.within(STATES) from None
    nodes = (node for name in ("module", "item") for node in root.below(name))
    return {node.get("identifier") for node in nodes if node.said("workflow_state") == "unpublished"}


def _modules(manifest: Manifest) -> Iterator[Entry]:
    """The top line of the contents has no title and holds the modules; some writers leave it out."""
    tops = manifest.entries
    inner = [entry for top in tops if not top.title and not top.refers_to for entry in top.entries]
    entries = inner or list(tops)
    alone = tuple(entry for entry in entries if entry.refers_to and not entry.entries)
    yield from (entry for entry in entries if entry.entries)
    if alone:
        yield replace(alone[0], title=manifest.title or LOOSE_PAGES, refers_to="", entries=alone)


def _sort_in(found: Outline, part: Part, leaf: Entry) -> None:
    if not leaf.refers_to:
        found.note(leaf.line, "heading", leaf.title, HEADING)
        return
    resource = found.manifest.by_id.get(leaf.refers_to)
    if resource is None:  # Canvas lists its tools without a resource
        found.note(leaf.line, "external tool", leaf.title, TOOL)
        return
    _sort(found, part, resource, leaf.title, leaf.line)


def _sort_loose(found: Outline, loose: Part, resource: Resource, needed: Set[str]) -> None:
    kind = resource.type.lower()
    if "question-bank" in kind or resource.href.startswith("non_cc_assessments/"):
        _bank(found, resource)
    elif kind.startswith("webcontent") or kind.startswith("imsqti"):
        if resource.id.endswith("_fallback"):  # a page that stands for something that is named already
            return
        _sort(found, loose, resource, "", resource.line)
    elif kind.startswith(tuple(SKIPPED)) and resource.id not in needed:
        _sort(found, loose, resource, "", resource.line)


def _sort(found: Outline, part: Part, resource: Resource, title: str, line: int) -> None:
    kind = resource.type.lower()
    skipped = next((what for start, what in SKIPPED.items() if kind.startswith(start)), None)
    title = title or posixpath.basename(resource.href)
    if skipped:
        found.note(line, skipped[0], title, skipped[1])
    elif kind.startswith("imsqti"):
        part.things.append(_test(found, resource, title, line))
    elif kind.startswith("webcontent"):
        _content(found, part, resource, title, line)
    elif "learning-application-resource" in kind and any("assignment" in path for path in resource.files):
        found.note(line, "assignment", title, ASSIGNMENT)
    else:
        found.note(line, "other", title, OTHER, type=resource.type)


def _content(found: Outline, part: Part, resource: Resource, title: str, line: int) -> None:
    for path in resource.files or (resource.href,):
        if path not in found.files:
            found.note(line, "missing file", path, MISSING)
        elif PAGE.search(path) and not path.startswith(UPLOADS):
            part.things.append(Page(path, title, line))
        elif path in found.uploads:
            found.note(line, "file again", path, TWICE)
        else:
            found.uploads[path] = None
            makes = "picture" if is_picture(path, found.files[path]) else "file"
            found.items.append(found.piece(line, "file", path).noted(makes))


def _test(found: Outline, resource: Resource, title: str, line: int) -> Test:
    """Canvas writes a quiz twice; its own file knows more kinds of questions than the cartridge's."""
    needed = [found.manifest.by_id[one] for one in resource.needs if one in found.manifest.by_id]
    own = f"non_cc_assessments/{resource.id}.xml.qti"
    others = [path for one in needed for path in one.files]
    meta = next((path for path in others if path.endswith("assessment_meta.xml")), None)
    path = own if own in found.files else resource.href
    return Test(resource.id, path, title, line, meta if meta in found.files else None)


def _bank(found: Outline, resource: Resource) -> None:
    quizzes = {thing.path for part in found.parts for thing in part.things if isinstance(thing, Test)}
    if resource.href not in quizzes:
        found.banks.append(Test(resource.id, resource.href, "", resource.line, is_bank=True))


def name_of(text: str, fallback: str, taken: set[str]) -> str:
    """An id that none of its sort has yet."""
    start = (as_id(text) or fallback)[:60].strip("-") or fallback
    name, count = start, 1
    while name in taken:
        count += 1
        name = f"{start}-{count}"
    taken.add(name)
    return name
