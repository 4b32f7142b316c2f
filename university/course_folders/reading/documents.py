"""One text file of a course while it is read: its findings and the Markdown in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from university.course_folders.findings import Finding
from university.course_folders.yaml.tree import (
    MOST_BYTES,
    BrokenNode,
    Node,
    Place,
    YamlList,
    YamlMapping,
    YamlScalar,
    parse,
)

LONGEST_SENTENCE = 300


@dataclass(frozen=True)
class MarkdownField:
    """A Markdown text in a file: its place, and whether its lines are lines of the file."""

    path: str
    place: Place
    text: str
    first_line: int
    keeps_lines: bool


@dataclass
class Document:
    """A file being read, beside all files of the course.

    `line_offset` moves findings in front matter to their lines. `has_gaps` says that something in the file could
    not be made a value, so that nothing may be concluded from its absence.
    """

    path: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    markdown: list[MarkdownField] = field(default_factory=list)
    used_files: set[str] = field(default_factory=set)
    line_offset: int = 0
    has_gaps: bool = False

    def report(self, place: Place, code: str, what: str, expected: str, fix: str | None = None) -> None:
        """Adds a finding at this place of the file; a very long sentence is cut."""
        what = what if len(what) <= LONGEST_SENTENCE else f"{what[:LONGEST_SENTENCE]}…"
        self.findings.append(Finding(self.path, self.line_of(place), place.column, code, what, expected, fix))

    def line_of(self, place: Place) -> int:
        return place.line + self.line_offset

    def remember_markdown(self, scalar: YamlScalar) -> None:
        # In a literal block (|) each line of the value is a line of the file, from the line after the sign on.
        literal = scalar.style == "|"
        line = self.line_of(scalar.place)
        place, first = Place(line, scalar.place.column), line + literal
        self.markdown.append(MarkdownField(self.path, place, scalar.text, first, literal))


def decode(document: Document, content: bytes) -> str | None:
    """The text of a file; None, and E012, when it is not UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        column = problem.start - content.rfind(b"\n", 0, problem.start)
        document.has_gaps = True
        document.report(Place(line, column), "E012", "the text is not UTF-8", "a file saved as UTF-8")
        return None


def read_yaml(document: Document) -> YamlMapping | None:
    """The fields of the YAML file, or None after reporting why there are none."""
    content = document.files[document.path]
    if len(content) > MOST_BYTES:
        document.has_gaps = True
        document.report(Place(1, 1), "E014", f"the file has {len(content)} bytes", f"at most {MOST_BYTES}")
        return None
    text = decode(document, content)
    return None if text is None else parse_fields(document, text)


def parse_fields(document: Document, text: str) -> YamlMapping | None:
    """The mapping that the text is; None after reporting what it is instead."""
    root, problems = parse(text)
    document.has_gaps |= not isinstance(root, YamlMapping)
    for problem in problems:
        place = Place(problem.line, problem.column)
        document.report(place, problem.code, problem.what, problem.expected)
    if root is None or isinstance(root, BrokenNode):
        return None
    if not isinstance(root, YamlMapping):
        document.report(root.place, "E102", f"the file is {described(root)}", "fields with their values")
        return None
    return root


def described(node: Node) -> str:
    """What kind of value this is, in words."""
    if isinstance(node, YamlList):
        return "a list"
    if isinstance(node, YamlMapping):
        return "a mapping"
    value = node.value if isinstance(node, YamlScalar) else None
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int):
        return "a whole number"
    return "text" if isinstance(value, str) else "a number"
