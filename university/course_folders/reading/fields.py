"""Reads the fields of one mapping by type and rule; whatever is wrong becomes a finding with its exact place."""

import difflib
import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar
from urllib.parse import urlsplit

from university.course_folders.files.links import PICTURE_TYPES, resolved
from university.course_folders.files.pictures import is_picture
from university.course_folders.reading.documents import Document, described
from university.course_folders.yaml.tree import BrokenNode, Entry, Node, Place, YamlList, YamlMapping, YamlScalar

ID = re.compile(r"[a-z0-9][a-z0-9-]{0,79}", re.ASCII)
LONGEST_TEXT = 200_000
Word = TypeVar("Word", bound=str)


class Fields:
    """The fields of one mapping. Each is asked for once by name; `close()` reports those nobody asked for."""

    def __init__(self, document: Document, mapping: YamlMapping, name: str = "") -> None:
        self.document = document
        self.mapping = mapping
        self.name = name
        self.asked: set[str] = set()

    @property
    def place(self) -> Place:
        return self.mapping.place

    def place_of(self, field: str) -> Place:
        """Where the field's value stands, or the mapping when it is missing."""
        entry = self.mapping.entries.get(field)
        return entry.value.place if entry else self.place

    def has(self, field: str) -> bool:
        """Whether the field is there, whatever it holds. Counts as asked for."""
        self.asked.add(field)
        return field in self.mapping.entries

    def dotted(self, field: str) -> str:
        return f"{self.name}.{field}" if self.name else field

    def report(self, field: str, code: str, what: str, expected: str, fix: str | None = None) -> None:
        self.document.report(self.place_of(field), code, what, expected, fix)

    def close(self) -> None:
        for field, entry in self.mapping.entries.items():
            if field not in self.asked:
                self._unknown(field, entry)

    def _unknown(self, field: str, entry: Entry) -> None:
        near = difflib.get_close_matches(field, self.asked, 3, 0.5)
        expected = " or ".join(near) if near else "one of " + ", ".join(sorted(self.asked))
        what = f'there is no field "{self.dotted(field)}"'
        self.document.report(entry.key.place, "E103", what, expected, near[0] if near else None)

    # The node of a field, and what is said when it has the wrong type.

    def node(self, field: str, required: bool = False) -> Node | None:
        """What the field holds; None when it is missing or was refused already."""
        self.asked.add(field)
        entry = self.mapping.entries.get(field)
        if entry is None:
            if required:
                what = f'"{self.dotted(field)}" is missing'
                self.document.report(self.place, "E104", what, f"a field {field}")
            return None
        return None if isinstance(entry.value, BrokenNode) else entry.value

    def wrong_type(self, name: str, node: Node, expected: str) -> None:
        fix = None
        if expected.startswith("text") and isinstance(node, YamlScalar) and node.value is not None:
            fix = f'"{node.text}"'
            expected = f"text (put it in quotes: {fix})"
        self.document.report(node.place, "E105", f'"{name}" is {described(node)}', expected, fix)

    def against_rule(self, field: str, what: str, expected: str, fix: str | None = None) -> None:
        self.report(field, "E106", f'"{self.dotted(field)}" {what}', expected, fix)

    # Texts

    def text(self, field: str, required: bool = False, most: int = LONGEST_TEXT, one_line: bool = True) -> str | None:
        """Plain text; an empty optional one counts as missing."""
        node = self.node(field, required)
        text = self._text_of(self.dotted(field), node) if node else None
        if text is None:
            return None
        if not text.strip():
            if required:
                self.against_rule(field, "is empty", "a text")
            return None
        if len(text) > most:
            self.against_rule(field, f"has {len(text)} characters", f"at most {most}")
        elif one_line and has_line_breaks(text):
            self.against_rule(field, "has line breaks or control characters", "text on one line")
        return text

    def _text_of(self, name: str, node: Node) -> str | None:
        if isinstance(node, YamlScalar) and isinstance(node.value, str):
            return node.value
        self.wrong_type(name, node, "text")
        return None

    def markdown(self, field: str, required: bool = False) -> str | None:
        text = self.text(field, required, one_line=False)
        node = self.mapping.entries[field].value if text is not None else None
        if isinstance(node, YamlScalar):
            self.document.remember_markdown(node)
        return text

    def id(self, field: str = "id", required: bool = True) -> str | None:
        """An id; one against the rule is reported and kept, so that what refers to it is not reported too."""
        text = self.text(field, required)
        if text is not None and not ID.fullmatch(text):
            self.against_rule(field, f"is {text}", "small letters, digits and hyphens, at most 80", as_id(text))
        return text

    def word(self, field: str, words: tuple[Word, ...], default: Word) -> Word:
        return self.optional_word(field, words) or default

    def optional_word(self, field: str, words: tuple[Word, ...], required: bool = False) -> Word | None:
        """One of these words; another one is reported with the nearest, and None."""
        text = self.text(field, required)
        for word in words:
            if text == word:
                return word
        if text is not None:
            near = difflib.get_close_matches(text, list[str](words), 1, 0.6)
            self.against_rule(field, f"is {text}", " or ".join(words), near[0] if near else None)
        return None

    def matching(self, field: str, pattern: re.Pattern[str], expected: str, required: bool = False) -> str | None:
        text = self.text(field, required)
        if text is not None and not pattern.fullmatch(text):
            self.against_rule(field, f"is {text}", expected)
            return None
        return text

    def web_address(self, field: str) -> str | None:
        text = self.text(field)
        if text is not None and not is_web_address(text):
            self.against_rule(field, f"is {text}", "an address that begins with https:// or http://")
            return None
        return text

    def file(self, field: str, required: bool = False, is_shown: bool = False) -> str | None:
        """The path, from the course's top, of a file named from there or from where this file stands. One that is
        shown must be a picture."""
        text = self.text(field, required)
        if text is None:
            return None
        for path in (resolved("course.yaml", text), resolved(self.document.path, text)):
            if path is not None and path in self.document.files:
                self.document.used_files.add(path)
                if is_shown and not is_picture(path, self.document.files[path]):
                    self.report(field, "E304", f"this is no picture: {text}", f"one of {', '.join(PICTURE_TYPES)}")
                return path
        self.report(field, "E126", f"no such file: {text}", "an existing file; names are case-sensitive")
        return text

    def texts(self, field: str, ids: bool = False) -> tuple[str, ...]:
        """A list of texts on one line each."""
        return tuple(text for text, _ in self.placed_texts(field, ids))

    def placed_texts(self, field: str, ids: bool = False, alone: bool = False) -> list[tuple[str, Place]]:
        """The same with the place of each; `alone` also takes one text that is not in a list."""
        node = self.node(field)
        if node is None:
            return []
        if alone and isinstance(node, YamlScalar) and isinstance(node.value, str):
            return [(node.value, node.place)]
        if not isinstance(node, YamlList):
            self.wrong_type(self.dotted(field), node, "a list of texts")
            return []
        return [found for at, item in enumerate(node.items) for found in self._list_text(field, at, item, ids)]

    def _list_text(self, field: str, at: int, item: Node, ids: bool) -> Iterator[tuple[str, Place]]:
        name = f"{self.dotted(field)}.{at}"
        text = None if isinstance(item, BrokenNode) else self._text_of(name, item)
        if text is None:
            return
        if ids and not ID.fullmatch(text):
            expected = "small letters, digits and hyphens, at most 80"
            self.document.report(item.place, "E106", f'"{name}" is {text}', expected, as_id(text))
        elif not text.strip():
            self.document.report(item.place, "E106", f'"{name}" is empty', "a text")
        else:
            yield text, item.place

    # Numbers and truth values

    def boolean(self, field: str, default: bool) -> bool:
        found = self.optional_boolean(field)
        return default if found is None else found

    def optional_boolean(self, field: str, required: bool = False) -> bool | None:
        node = self.node(field, required)
        if node is None:
            return None
        if isinstance(node, YamlScalar) and isinstance(node.value, bool):
            return node.value
        self.wrong_type(self.dotted(field), node, "true or false")
        return None

    def integer(self, field: str, low: int, high: int, required: bool = False) -> int | None:
        node = self.node(field, required)
        if node is None:
            return None
        value = node.value if isinstance(node, YamlScalar) else None
        if isinstance(value, bool) or not isinstance(value, int):
            self.wrong_type(self.dotted(field), node, "a whole number")
            return None
        if not low <= value <= high:
            self.against_rule(field, f"is {value}", f"{low} to {high}")
            return None
        return value

    def number(self, field: str, low: str, high: str, required: bool = False) -> Decimal | None:
        """An exact number between two limits, which are part of it."""
        node = self.node(field, required)
        value = self.number_of(self.dotted(field), node) if node else None
        if value is not None and not Decimal(low) <= value <= Decimal(high):
            self.against_rule(field, f"is {value}", f"{low} to {high}")
            return None
        return value

    def number_of(self, name: str, node: Node) -> Decimal | None:
        value = node.value if isinstance(node, YamlScalar) else None
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            self.wrong_type(name, node, "a number")
            return None
        return Decimal(value)

    def fraction(self, field: str, low: str, high: str, default: int) -> Fraction:
        """As `number`, exact; the default when it is missing or wrong."""
        value = self.number(field, low, high)
        return Fraction(default) if value is None else Fraction(value)

    # Mappings

    def mapping_of(self, field: str, required: bool = False) -> "Fields | None":
        node = self.node(field, required)
        return None if node is None else self._inner(self.dotted(field), node)

    def mappings(self, field: str, required: bool = False) -> "list[Fields]":
        """The mappings of a list; what is no mapping is reported and left out."""
        inner = [self._inner(name, item) for name, item in self.items(field, required)]
        return [found for found in inner if found is not None]

    def items(self, field: str, required: bool = False) -> list[tuple[str, Node]]:
        """Name and node of each item of a list."""
        node = self.node(field, required)
        if node is None:
            return []
        if not isinstance(node, YamlList):
            self.wrong_type(self.dotted(field), node, "a list")
            return []
        named = [(f"{self.dotted(field)}.{at}", item) for at, item in enumerate(node.items)]
        return [(name, item) for name, item in named if not isinstance(item, BrokenNode)]

    def _inner(self, name: str, node: Node) -> "Fields | None":
        if isinstance(node, YamlMapping):
            return Fields(self.document, node, name)
        self.wrong_type(name, node, "fields with their values")
        return None


def has_line_breaks(text: str) -> bool:
    return any(ord(sign) < 32 or sign in "\x7f\x85\u2028\u2029" for sign in text)


def as_id(text: str) -> str | None:
    """The nearest valid id, if one is near."""
    near = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:80]
    return near or None


def is_web_address(text: str) -> bool:
    """Whether it is an http(s) address with a host, and nothing in it could end an attribute or a link."""
    if re.search(r"[\s<>\"\\]", text):
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in ("https", "http") and bool(parts.hostname)
    except ValueError:
        return False
