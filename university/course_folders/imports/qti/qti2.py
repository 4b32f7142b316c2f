"""Items in QTI 2.1, 2.2 and 3.0: one interaction each, marked by its right response or a mapping."""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

from university.course_folders.course.questions import Answer, Choice, Pair
from university.course_folders.imports.making import Piece, Weighted, choose, plain_line
from university.course_folders.imports.numbers import exact_number, number_key
from university.course_folders.imports.results import Item, marked
from university.course_folders.imports.sources import Source
from university.course_folders.imports.texts import Formed, from_plain, one_line
from university.course_folders.imports.xml_text import Node
from university.course_folders.markdown.rendering import plain

UNKNOWN = marked("an interaction of the type %(sort)s does not exist here")
NONE = marked("it asks nothing")
SEVERAL = marked("it holds %(count)s interactions; a question here has one")
NO_KEY = marked("no right answer can be read")
OWN_RULES = marked("its own way of marking is not kept; the right answer it names counts")
FEEDBACK = marked("feedback by its own rules is not kept")
TWICE = marked("one left side belongs to several right ones")
UNPAIRED = marked("a left side without a right one is left out: %(left)s")

BLANK = "_____"
SORTS = {
    "choiceinteraction": "choice",
    "textentryinteraction": "text",
    "matchinteraction": "match",
    "orderinteraction": "order",
}
# A written-out version of the standard template "match correct" says no more than this.
PLAIN_RULES = frozenset(
    {"responsecondition", "responseif", "responseelse", "match", "variable", "correct", "setoutcomevalue", "basevalue"}
)


@dataclass
class Reading:
    piece: Piece
    source: Source
    item: Node
    interaction: Node
    text: str = ""
    shared: dict[str, object] = field(default_factory=dict)

    @property
    def declaration(self) -> Node | None:
        wanted = self.interaction.get("responseidentifier", "RESPONSE")
        return next((one for one in self.item.every("responsedeclaration") if one.get("identifier") == wanted), None)

    @property
    def right(self) -> list[str]:
        """The values of the right response, in their order."""
        answer = self.declaration.first("correctresponse") if self.declaration else None
        return [one.text.strip() for one in answer.every("value")] if answer else []

    @property
    def mapping(self) -> dict[str, Fraction]:
        """Points by response, where the item is marked by them."""
        mapping = self.declaration.first("mapping") if self.declaration else None
        entries = mapping.every("mapentry") if mapping else []
        return {one.get("mapkey"): Fraction(exact_number(one.get("mappedvalue")) or 0) for one in entries}

    @property
    def is_mapped(self) -> bool:
        processing = self.item.first("responseprocessing")
        return bool(processing and "map_response" in processing.get("template") and self.mapping)

    def line(self, node: Node) -> str:
        return plain_line(self.piece, self.source.html(node.html()))

    def words(self, node: Node) -> str:
        return self.piece.take(self.source.html(node.html()))


def in_small_letters(node: Node) -> Node:
    """The same tree with the names of 2.1 and 3.0 made one: `assessmentItem` and `qti-assessment-item` alike."""
    return Node(
        _small(node.name),
        {_small(name): value for name, value in node.attributes.items()},
        node.line,
        [part if isinstance(part, str) else in_small_letters(part) for part in node.parts],
    )


def _small(name: str) -> str:
    return name.removeprefix("qti-").replace("-", "").lower()


def read_qti2(source: Source, root: Node) -> Item:
    """The one item in this file."""
    item = in_small_letters(root)
    title, ident = one_line(item.get("title")), item.get("identifier")
    piece = Piece(source.name, item.line, "item", "" if title == ident else title, wanted_id=ident or None)
    body = item.first("itembody")
    found = list(body.below(*_interactions(body))) if body else []
    if body is None or len(found) != 1:
        return piece.skipped(SEVERAL, count=len(found)) if found else piece.skipped(NONE)
    reading = Reading(piece, source, item, found[0])
    piece.sort = _sort(reading)
    reading.text = piece.take(_body_text(source, body, found[0]))
    if not piece.title:
        piece.title = one_line(plain(reading.text))
    reader = READERS.get(found[0].name)
    if reader is None:
        return piece.skipped(UNKNOWN, sort=piece.sort)
    _name_losses(reading)
    return reader(reading)


def _interactions(body: Node) -> set[str]:
    return {node.name for node in _all(body) if node.name.endswith("interaction")}


def _all(node: Node) -> list[Node]:
    return [one for child in node.nodes for one in (child, *_all(child))]


def _sort(reading: Reading) -> str:
    sort = SORTS.get(reading.interaction.name, reading.interaction.name.removesuffix("interaction"))
    if sort == "choice":
        return "multiple" if reading.declaration and reading.declaration.get("cardinality") == "multiple" else "single"
    return sort


def _body_text(source: Source, body: Node, interaction: Node) -> Formed:
    """The body without the interaction, then its prompt, unless that says the same once more."""
    before = source.html(_without(body, interaction).html())
    prompt = interaction.first("prompt")
    asked = source.html(prompt.html()) if prompt else Formed("")
    if asked.text in before.text:
        return before
    return Formed("\n\n".join(one for one in (before.text, asked.text) if one), before.losses + asked.losses)


def _without(node: Node, interaction: Node) -> Node:
    parts: list[str | Node] = []
    for part in node.parts:
        if part is interaction:
            parts.append(BLANK if interaction.name == "textentryinteraction" else "")
        elif isinstance(part, str):
            parts.append(part)
        elif part.name not in ("rubricblock", "feedbackblock"):
            parts.append(_without(part, interaction))
    return Node(node.name, node.attributes, node.line, parts)


def _name_losses(reading: Reading) -> None:
    processing = reading.item.first("responseprocessing")
    if processing and not processing.get("template"):
        names = {node.name for node in _all(processing)}
        if not names <= PLAIN_RULES or any(one.get("identifier") == "FEEDBACK" for one in processing.below("variable")):
            reading.piece.lose(OWN_RULES)
    if any(reading.item.below("modalfeedback", "feedbackblock", "feedbackinline")):
        reading.piece.lose(FEEDBACK)


def _choice(reading: Reading) -> Item:
    nodes = reading.interaction.every("simplechoice")
    fixed = [node.get("fixed") == "true" for node in nodes]
    is_still = reading.interaction.get("shuffle") == "false" or all(fixed)
    shared = {**reading.shared, **({"shuffle": False} if is_still else {})}
    pins = [one and not is_still for one in fixed]
    texts = [reading.words(_without_feedback(node)) for node in nodes]
    if not reading.right and not reading.is_mapped:
        return reading.piece.skipped(NO_KEY)
    if reading.is_mapped:
        return _mapped(reading, nodes, texts, pins, shared)
    right = set(reading.right)
    choices = tuple(
        Choice(text, node.get("identifier") in right, pin=pin)
        for node, text, pin in zip(nodes, texts, pins, strict=True)
    )
    if reading.piece.sort == "single":
        return reading.piece.made("single", reading.text, choices=choices, **shared)
    return reading.piece.made("multiple", reading.text, choices=choices, scoring="exact", **shared)


def _mapped(reading: Reading, nodes: list[Node], texts: list[str], pins: list[bool], shared: dict[str, object]) -> Item:
    points = [reading.mapping.get(node.get("identifier"), Fraction(0)) for node in nodes]
    is_single = reading.piece.sort == "single"
    gains = [one for one in points if one > 0]
    whole = (max(gains) if is_single else sum(gains, Fraction(0))) if gains else Fraction(1)
    choices = [Weighted(text, point / whole, pin=pin) for text, point, pin in zip(texts, points, pins, strict=True)]
    return choose(reading.piece, reading.text, choices, is_single, **shared)


def _without_feedback(node: Node) -> Node:
    kept = [part for part in node.parts if isinstance(part, str) or part.name != "feedbackinline"]
    return Node(node.name, {}, node.line, kept)


def _entry(reading: Reading) -> Item:
    declaration = reading.declaration
    if declaration and declaration.get("basetype") in ("integer", "float"):
        key = number_key(reading.right[0]) if reading.right else None
        return reading.piece.made("number", reading.text, key=key) if key else reading.piece.skipped(NO_KEY)
    scores = {value: Fraction(1) for value in reading.right}
    most = max(reading.mapping.values(), default=Fraction(0))
    if reading.is_mapped and most > 0:
        scores = {value: max(points / most, Fraction(0)) for value, points in reading.mapping.items()}
    answers = tuple(
        Answer(plain_line(reading.piece, from_plain(value)), score) for value, score in scores.items() if value
    )
    mapping = declaration.first("mapping") if declaration else None
    is_strict = (
        any(one.get("casesensitive", "true") == "true" for one in mapping.every("mapentry")) if mapping else False
    )
    if not answers:
        return reading.piece.skipped(NO_KEY)
    return reading.piece.made("text", reading.text, answers=answers, case_sensitive=is_strict)


def _match(reading: Reading) -> Item:
    sets = reading.interaction.every("simplematchset")
    words = {one.get("identifier"): reading.line(one) for one in reading.interaction.below("simpleassociablechoice")}
    wanted = [tuple(value.split()) for value in reading.right]
    if len(sets) != 2 or not wanted or any(len(pair) != 2 or pair[1] not in words for pair in wanted):
        return reading.piece.skipped(NO_KEY)
    rights = {pair[0]: pair[1] for pair in wanted}
    if len(rights) < len(wanted):
        return reading.piece.skipped(TWICE)
    pairs = []
    for node in sets[0].every("simpleassociablechoice"):
        left, right = words[node.get("identifier")], words.get(rights.get(node.get("identifier"), ""))
        if right is None:
            reading.piece.lose(UNPAIRED, left=left)
        else:
            pairs.append(Pair(left, right))
    used = {pair.right for pair in pairs}
    second = [words[one.get("identifier")] for one in sets[1].every("simpleassociablechoice")]
    others = tuple(dict.fromkeys(word for word in second if word not in used))
    return reading.piece.made("match", reading.text, pairs=tuple(pairs), distractors=others)


def _order(reading: Reading) -> Item:
    words = {one.get("identifier"): reading.line(one) for one in reading.interaction.every("simplechoice")}
    if sorted(words) != sorted(reading.right):
        return reading.piece.skipped(NO_KEY)
    return reading.piece.made("order", reading.text, items=tuple(words[one] for one in reading.right))


READERS: dict[str, Callable[[Reading], Item]] = {
    "choiceinteraction": _choice,
    "textentryinteraction": _entry,
    "matchinteraction": _match,
    "orderinteraction": _order,
}
