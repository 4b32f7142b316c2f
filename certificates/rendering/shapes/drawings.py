"""An SVG file of an owner, such as a logo, as the one path that a certificate keeps of it."""

import re
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from certificates.rendering.shapes.outline import Outline
from certificates.rendering.text.glyphs import Unprintable

_LARGEST = 200_000  # bytes
_SVG = "{http://www.w3.org/2000/svg}"
_SILENT = {f"{_SVG}{name}" for name in ("svg", "g", "path", "title", "desc", "metadata", "defs")}
_FIRST_MOVE = re.compile(r"\s*m[\s,]*([-+]?[\d.]+(?:[eE][-+]?\d+)?)[\s,]*([-+]?[\d.]+(?:[eE][-+]?\d+)?)(.*)", re.S)


class UnusableDrawing(Exception):
    """The file is no drawing that can be printed in one colour; the text says why."""


def read_drawing(svg: bytes) -> str:
    """The paths of an SVG file as one path, to be filled in one colour.

    Shapes other than paths, and turned or moved ones, are refused: programs that draw save as such on request.
    """
    path = " ".join(_from_the_corner(part) for part in _paths(_parsed(svg)))
    if not path:
        raise UnusableDrawing("there is no path in the drawing")
    try:
        Outline(path)
    except Unprintable as reason:
        raise UnusableDrawing(str(reason)) from None
    return path


def _parsed(svg: bytes) -> Element:
    if len(svg) > _LARGEST:
        raise UnusableDrawing(f"the drawing is larger than {_LARGEST // 1000} kB")
    try:
        root: Element = fromstring(svg, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError):
        raise UnusableDrawing("the file is not an SVG drawing") from None
    if root.tag != f"{_SVG}svg":
        raise UnusableDrawing("the file is not an SVG drawing")
    return root


def _paths(root: Element) -> list[str]:
    for element in root.iter():
        name = str(element.tag).removeprefix(_SVG)
        if element.tag not in _SILENT:
            raise UnusableDrawing(f"the drawing has a {name}; save it with everything as paths")
        if "transform" in element.attrib:
            raise UnusableDrawing(f"a {name} of the drawing is turned or moved; save it with plain coordinates")
    return [element.get("d", "") for element in root.iter(f"{_SVG}path") if element.get("d", "").strip()]


def _from_the_corner(path: str) -> str:
    """A path that may follow another: its first move counts from the corner, as it does where it stands alone."""
    move = _FIRST_MOVE.match(path)
    if not move:
        return path
    rest = move[3].strip(" \t\r\n,")
    return f"M{move[1]} {move[2]} " + (f"l{rest}" if re.match(r"[-+.\d]", rest) else rest)
