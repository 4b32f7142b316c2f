"""The manifest of an IMS package: what is in it, and in which order."""

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from university.course_folders.imports.results import BrokenFile
from university.course_folders.imports.texts import one_line
from university.course_folders.imports.xml_text import Node, read_xml

MANIFEST = "imsmanifest.xml"
CARTRIDGES = ("ims common cartridge", "ims thin common cartridge")


@dataclass(frozen=True)
class Resource:
    """One thing of the package; `href` is its main file. The same id may stand for two of them."""

    id: str
    type: str
    href: str
    files: tuple[str, ...]
    needs: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class Entry:
    """A line of the table of contents."""

    id: str
    title: str
    refers_to: str
    line: int
    entries: "tuple[Entry, ...]" = ()

    def leaves(self) -> "Iterator[Entry]":
        """Every line below, those that only head others too."""
        for entry in self.entries:
            yield entry
            yield from entry.leaves()


@dataclass(frozen=True)
class Manifest:
    schema: str
    title: str
    language: str
    rights: str
    resources: tuple[Resource, ...]
    entries: tuple[Entry, ...]
    by_id: dict[str, Resource] = field(default_factory=dict)

    @property
    def is_cartridge(self) -> bool:
        return self.schema.lower().startswith(CARTRIDGES)


def read_manifest(files: Mapping[str, bytes]) -> Manifest:
    """Raises BrokenFile when the manifest is no XML."""
    try:
        root = read_xml(files[MANIFEST])
    except BrokenFile as broken:
        raise broken.within(MANIFEST) from None
    metadata = root.first("metadata") or root
    resources = tuple(_resource(node) for node in (root.first("resources") or root).every("resource"))
    organization = next(root.below("organization"), None)
    by_id: dict[str, Resource] = {}
    for resource in resources:
        by_id.setdefault(resource.id, resource)
    return Manifest(
        schema=metadata.said("schema"),
        title=_said_below(metadata, "title"),
        language=_said_below(metadata, "language"),
        rights=_said_below(metadata, "description", within="rights"),
        resources=resources,
        entries=tuple(_entry(node) for node in organization.every("item")) if organization else (),
        by_id=by_id,
    )


def _said_below(node: Node, name: str, within: str = "") -> str:
    inside = next(node.below(within), None) if within else node
    found = next(inside.below(name), None) if inside else None
    return one_line(found.text) if found else ""


def _resource(node: Node) -> Resource:
    base = node.get("base")
    files = tuple(_path(base, one.get("href")) for one in node.every("file"))
    href = _path(base, node.get("href")) if node.get("href") else next(iter(files), "")
    needs = tuple(one.get("identifierref") for one in node.every("dependency"))
    return Resource(node.get("identifier"), node.get("type"), href, files, needs, node.line)


def _path(base: str, href: str) -> str:
    path = posixpath.normpath(posixpath.join(base, unquote(href.split("?", 1)[0])))
    return path.removeprefix("./")


def _entry(node: Node) -> Entry:
    return Entry(
        node.get("identifier"),
        one_line(node.said("title")),
        node.get("identifierref"),
        node.line,
        tuple(_entry(one) for one in node.every("item")),
    )
