"""Questions in Moodle XML: https://docs.moodle.org/en/Moodle_XML_format."""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from urllib.parse import unquote

from university.course_folders.course.questions import Answer, Pair
from university.course_folders.imports.html_texts import from_html
from university.course_folders.imports.making import Piece, Weighted, choose, feedback_of, percent, plain_line
from university.course_folders.imports.moodle.gift_pieces import TAGS
from university.course_folders.imports.numbers import exact_number, number_key
from university.course_folders.imports.picture_box import PictureBox
from university.course_folders.imports.results import Import, Item, marked
from university.course_folders.imports.texts import Formed, from_markdown, from_plain, one_line, shortened, tidy
from university.course_folders.imports.xml_text import Node

UNKNOWN = marked("questions of the type %(sort)s do not exist here")
NO_NUMBER = marked("no right number can be read")
OTHER_NUMBER = marked("only one right number is kept; %(answer)s (%(weight)s %%) is not")
LOST_FEEDBACK = marked("feedback for one answer is not kept: %(feedback)s")
UNITS = marked("units are not kept: %(units)s")
SUBSET = marked("it shows only %(count)s of its items; here all of them")
GRADING = marked("its own way of grading an order is not kept; here the whole order is right or wrong")
MORE_HINTS = marked("only the first hint is kept")
NO_POINTS = marked("it is worth 0 points; here 1")
TRUTHS = {"true": True, "false": False}
# All or nothing; and one point for each item that stands before its right neighbour.
ORDER_SCORING = {"-1": "exact", "1": "partial"}
ONES = frozenset({"1", "true", "yes"})
ADDRESS = re.compile(r"@@PLUGINFILE@@/[^)\s\"]+")


@dataclass
class Reading:
    """One question being read: its node, and the pictures that come with its texts."""

    piece: Piece
    node: Node
    box: PictureBox
    text: str = ""
    shared: dict[str, object] = field(default_factory=dict)

    def formed(self, node: Node | None, path: tuple[str, ...] = ("text",)) -> Formed:
        """A text in the format its node names."""
        text_node = node.first(*path) if node else None
        if node is None or text_node is None:
            return Formed("")
        return _in_format(node, text_node, self.box)

    def take(self, node: Node | None) -> str:
        return self.piece.take(self.formed(node))

    def child(self, name: str) -> str | None:
        return self.take(self.node.first(name)) or None


def read_moodle(name: str, root: Node, box: PictureBox) -> Import:
    """Pictures of the questions go into the box."""
    items: list[Item] = []
    tags: tuple[str, ...] = ()
    for node in root.every("question"):
        if node.get("type") == "category":
            path = node.said("category", "text")
            tag = _tag(path)
            tags = (tag,) if tag else ()
            items.append(Piece(name, node.line, "category", path).noted(f"tag: {tag}"))
        else:
            items.append(_question(name, node, tags, box))
    return Import(name, "Moodle XML", tuple(items), files=box.files)


def _tag(path: str) -> str:
    return one_line(tidy(re.sub(r"^\$(?:course|module|cat\d*|system)\$/(?:top/)?", "", path)))


def _question(name: str, node: Node, tags: tuple[str, ...], box: PictureBox) -> Item:
    sort = node.get("type", "?")
    own = tuple(one_line(tag.said("text")) for tag in (node.first("tags") or node).every("tag"))
    title = one_line(node.said("name", "text"))
    piece = Piece(
        name,
        node.line,
        sort,
        title,
        wanted_id=node.said("idnumber"),
        tags=tuple(dict.fromkeys(tag for tag in tags + own if tag)),
    )
    reader = READERS.get(sort)
    if reader is None:
        return piece.skipped(UNKNOWN, sort=sort)
    reading = Reading(piece, node, box)
    reading.text = reading.child("questiontext") or ""
    reading.shared = _shared(reading)
    return reader(reading)


def _shared(reading: Reading) -> dict[str, object]:
    piece, node = reading.piece, reading.node
    hints = [text for hint in node.every("hint") if (text := reading.take(hint))]
    if len(hints) > 1:
        piece.lose(MORE_HINTS)
    return {
        "points": _points(piece, node.said("defaultgrade")),
        "hint": hints[0] if hints else None,
        "feedback": feedback_of(
            correct=reading.child("correctfeedback"),
            partial=reading.child("partiallycorrectfeedback"),
            incorrect=reading.child("incorrectfeedback"),
            explanation=reading.child("generalfeedback"),
        ),
    }


def _points(piece: Piece, grade: str) -> Fraction:
    points = exact_number(grade) if grade else Decimal(1)
    if points is None or points <= 0:
        piece.lose(NO_POINTS)
        return Fraction(1)
    return min(max(Fraction(points), Fraction(1, 10)), Fraction(100))


def _shuffle(reading: Reading) -> dict[str, object]:
    """Only a question that says no differs from the quiz it stands in."""
    said = reading.node.said("shuffleanswers").lower()
    return {"shuffle": False} if said in ("0", "false") else {}


def _choices(reading: Reading) -> Item:
    choices = [
        Weighted(reading.take(answer), _weight(answer), reading.take(answer.first("feedback")) or None)
        for answer in reading.node.every("answer")
    ]
    is_single = reading.node.said("single").lower() in ONES or not reading.node.said("single")
    return choose(reading.piece, reading.text, choices, is_single, **reading.shared, **_shuffle(reading))


def _weight(answer: Node) -> Fraction:
    weight = exact_number(answer.get("fraction", "0"))
    return Fraction(weight or 0) / 100


def _truth(reading: Reading) -> Item:
    answers = {answer.said("text").lower(): answer for answer in reading.node.every("answer")}
    right = next((word for word, answer in answers.items() if _weight(answer) > 0), "")
    shared = dict(reading.shared)
    wrong = next((answer for word, answer in answers.items() if word != right), None)
    shared["feedback"] = feedback_of(
        correct=reading.take(answers[right].first("feedback")) if right else None,
        incorrect=reading.take(wrong.first("feedback")) if wrong else None,
        explanation=reading.child("generalfeedback"),
    )
    return reading.piece.made("truefalse", reading.text, answer=TRUTHS.get(right), **shared)


def _text(reading: Reading) -> Item:
    answers = tuple(
        Answer(
            one_line(tidy(answer.said("text"))),
            min(max(_weight(answer), Fraction(0)), Fraction(1)),
            reading.take(answer.first("feedback")) or None,
        )
        for answer in reading.node.every("answer")
        if answer.said("text")
    )
    is_strict = reading.node.said("usecase") in ONES
    return reading.piece.made("text", reading.text, answers=answers, case_sensitive=is_strict, **reading.shared)


def _number(reading: Reading) -> Item:
    answers = reading.node.every("answer")
    right = next((one for one in answers if _weight(one) >= 1), None)
    key = number_key(right.said("text"), right.said("tolerance") or "0") if right else None
    if right is None or key is None:
        return reading.piece.skipped(NO_NUMBER)
    for answer in answers:
        if answer is not right:
            _other_number(reading, answer)
    units = [unit.said("unit_name") for unit in reading.node.below("unit")]
    if any(units):
        reading.piece.lose(UNITS, units=", ".join(units))
    shared = dict(reading.shared)
    feedback = reading.take(right.first("feedback")) or reading.child("correctfeedback")
    shared["feedback"] = feedback_of(
        correct=feedback,
        incorrect=reading.child("incorrectfeedback"),
        explanation=reading.child("generalfeedback"),
    )
    return reading.piece.made("number", reading.text, key=key, **shared)


def _other_number(reading: Reading, answer: Node) -> None:
    if _weight(answer):
        reading.piece.lose(OTHER_NUMBER, answer=answer.said("text"), weight=percent(_weight(answer)))
    feedback = reading.take(answer.first("feedback"))
    if feedback:
        reading.piece.lose(LOST_FEEDBACK, feedback=shortened(feedback))


def _pairs(reading: Reading) -> Item:
    pairs, distractors = [], []
    for sub in reading.node.every("subquestion"):
        left = plain_line(reading.piece, reading.formed(sub))
        right = one_line(tidy(sub.said("answer", "text")))
        if left:
            pairs.append(Pair(left, right))
        elif right:
            distractors.append(right)
    return reading.piece.made(
        "match", reading.text, pairs=tuple(pairs), distractors=tuple(distractors), **reading.shared
    )


def _order(reading: Reading) -> Item:
    answers = sorted(reading.node.every("answer"), key=lambda answer: exact_number(answer.get("fraction")) or 0)
    items = tuple(plain_line(reading.piece, reading.formed(answer)) for answer in answers)
    if reading.node.said("selecttype") not in ("", "0", "ALL") and reading.node.said("selectcount"):
        reading.piece.lose(SUBSET, count=reading.node.said("selectcount"))
    grading = reading.node.said("gradingtype") or "-1"
    if grading not in ORDER_SCORING:
        reading.piece.lose(GRADING)
    scoring = ORDER_SCORING.get(grading, "exact")
    return reading.piece.made("order", reading.text, items=items, scoring=scoring, **reading.shared)


READERS = {
    "multichoice": _choices,
    "truefalse": _truth,
    "shortanswer": _text,
    "numerical": _number,
    "matching": _pairs,
    "match": _pairs,
    "ordering": _order,
}


# Texts


def _in_format(node: Node, text: Node, box: PictureBox) -> Formed:
    words = text.text.strip() if not text.nodes else text.html().strip()
    style = node.get("format", "moodle_auto_format")
    files = {unquote(one.get("name")): one for one in node.every("file")}
    if style == "markdown":
        return from_markdown(ADDRESS.sub(lambda found: box.find(found[0], _files(files)) or found[0], words))
    if style == "plain_text" or (style == "moodle_auto_format" and not TAGS.search(words)):
        return from_plain(words)
    return from_html(words, picture=lambda source: box.find(source, _files(files)))


def _files(nodes: Mapping[str, Node]) -> dict[str, bytes]:
    """The pictures in a text by their address."""
    found = {}
    for name, node in nodes.items():
        try:
            found[f"@@PLUGINFILE@@{node.get('path', '/')}{name}"] = base64.b64decode(node.text, validate=False)
        except (binascii.Error, ValueError):
            continue
    return found
