"""Questions in QTI 1.2: the dialect of Canvas, the profiles of Common Cartridge, and plain items without either."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from university.course_folders.course.questions import Answer, Choice, Pair
from university.course_folders.imports.making import Piece, Weighted, choose, feedback_of, plain_line
from university.course_folders.imports.numbers import exact_number, number_key, range_key
from university.course_folders.imports.qti.qti12_scoring import GENERAL, Condition, conditions
from university.course_folders.imports.quiz_json import TRUTHS
from university.course_folders.imports.results import Item, marked
from university.course_folders.imports.sources import Source
from university.course_folders.imports.texts import Formed, from_plain, one_line
from university.course_folders.imports.xml_text import Node
from university.course_folders.markdown.rendering import plain

UNKNOWN = marked("questions of the type %(sort)s do not exist here")
NO_KEY = marked("no right answer can be read")
DRAWN = marked("it is one of a group of which %(count)s are drawn; here all are asked")
OTHER_NUMBER = marked("only the first right number is kept")
FALSE_FIRST = marked("the two choices are no true and false in a language we know; it becomes a single")
NO_TITLE = ("", "question")
PROFILES = {
    "cc.multiple_choice.v0p1": "multiple_choice",
    "cc.true_false.v0p1": "true_false",
    "cc.multiple_response.v0p1": "multiple_answers",
    "cc.fib.v0p1": "short_answer",
    "cc.pattern_match.v0p1": "pattern_match",
    "cc.essay.v0p1": "essay",
}


@dataclass
class Reading:
    """One item being read. `feedback` are its texts by their name, `rules` its conditions."""

    piece: Piece
    item: Node
    source: Source
    text: str = ""
    rules: list[Condition] = field(default_factory=list)
    shared: dict[str, object] = field(default_factory=dict)

    def take(self, formed: Formed) -> str:
        return self.piece.take(formed)

    @property
    def responses(self) -> list[Node]:
        presentation = self.item.first("presentation")
        return list(presentation.below("response_lid", "response_str", "response_num")) if presentation else []

    def feedback(self, names: tuple[str, ...]) -> str | None:
        """The texts that a condition shows, but for those that belong to the whole question."""
        nodes = [one for one in self.item.every("itemfeedback") if one.get("ident") in names]
        texts = [self.take(self.source.material(one)) for one in nodes if one.get("ident") not in GENERAL]
        return "\n\n".join(text for text in texts if text) or None


def read_qti12(source: Source, root: Node) -> list[Item]:
    """Every item of every assessment, bank and section below the root."""
    return [_item(source, node, group, drawn) for node, group, drawn in _items(root, "", "")]


def group_title(node: Node) -> str:
    """What a quiz or bank is called."""
    title = node.get("title") or metadata(node).get("bank_title", "")
    return one_line(title)


def metadata(node: Node) -> dict[str, str]:
    """The labelled fields of a quiz, bank or item."""
    fields: dict[str, str] = {}
    for outer in (node, node.first("itemmetadata")):
        for one in (outer.first("qtimetadata") or outer).every("qtimetadatafield") if outer else ():
            fields[one.said("fieldlabel")] = one.said("fieldentry")
    return fields


def _items(node: Node, group: str, drawn: str) -> Iterator[tuple[Node, str, str]]:
    for one in node.nodes:
        if one.name == "item":
            yield one, group, drawn
        elif one.name in ("assessment", "objectbank"):
            yield from _items(one, group_title(one), "")
        elif one.name == "section":
            count = one.said("selection_ordering", "selection", "selection_number")
            yield from _items(one, group, count)


def sort_of(item: Node) -> str:
    """What kind of question it is, in the words of Canvas."""
    fields = metadata(item)
    named = fields.get("question_type", "").removesuffix("_question")
    return named or PROFILES.get(fields.get("cc_profile", ""), "") or fields.get("cc_profile", "") or _guessed(item)


def _guessed(item: Node) -> str:
    lids, strings = list(item.below("response_lid")), list(item.below("response_str"))
    if len(lids) == 1 and not strings:
        return "multiple_answers" if lids[0].get("rcardinality").lower() == "multiple" else "multiple_choice"
    return "short_answer" if len(strings) == 1 and not lids and conditions(item) else "unknown"


def _item(source: Source, item: Node, group: str, drawn: str) -> Item:
    sort = sort_of(item)
    title = one_line(item.get("title"))
    piece = Piece(
        source.name,
        item.line,
        sort,
        "" if title.lower() in NO_TITLE else title,
        group,
        wanted_id=item.get("ident") or None,
    )
    reading = Reading(piece, item, source, rules=conditions(item))
    reading.text = reading.take(_question_text(source, item))
    if not piece.title:
        piece.title = one_line(plain(reading.text))
    if drawn:
        piece.lose(DRAWN, count=drawn)
    reader = READERS.get(sort)
    if reader is None:
        return piece.skipped(UNKNOWN, sort=sort)
    reading.shared = _shared(reading)
    return reader(reading)


def _question_text(source: Source, item: Node) -> Formed:
    """The material of the presentation that belongs to no answer."""
    presentation = item.first("presentation")
    kept = Node("presentation", {}, item.line)
    if presentation:
        kept.parts = list(_own_material(presentation))
    return source.material(kept)


def _own_material(node: Node) -> Iterator[Node]:
    for one in node.nodes:
        if one.name == "material":
            yield one
        elif one.name in ("flow", "flow_mat"):
            yield from _own_material(one)


def _shared(reading: Reading) -> dict[str, object]:
    texts: dict[str, str | None] = {}
    for node in reading.item.every("itemfeedback"):
        field_name = GENERAL.get(node.get("ident")) or _shown_to_all(reading, node.get("ident"))
        if field_name:
            texts[field_name] = reading.take(reading.source.material(node))
    points = exact_number(metadata(reading.item).get("points_possible", ""))
    return {
        "feedback": feedback_of(**texts),
        "points": min(max(Fraction(points), Fraction(1, 10)), Fraction(100)) if points else Fraction(1),
    }


def _shown_to_all(reading: Reading, ident: str) -> str | None:
    is_for_all = any(ident in rule.feedback and rule.is_for_everybody for rule in reading.rules)
    return "explanation" if is_for_all else None


# The kinds


def _labels(reading: Reading, response: Node) -> list[tuple[str, Formed]]:
    return [(one.get("ident"), reading.source.material(one)) for one in response.below("response_label")]


def _weights(reading: Reading) -> dict[str, Fraction]:
    """Shares of the points by choice, from conditions about a single one."""
    weights: dict[str, Fraction] = {}
    for rule in reading.rules:
        if rule.score is not None and len(rule.equal) == 1 and not rule.unequal:
            weights[rule.equal[0][1]] = weights.get(rule.equal[0][1], Fraction(0)) + rule.score
    return weights


def _choice_feedback(reading: Reading, ident: str) -> str | None:
    names = [name for rule in reading.rules if [value for _, value in rule.equal] == [ident] for name in rule.feedback]
    return reading.feedback(tuple(names))


def _single(reading: Reading) -> Item:
    weights = _weights(reading)
    choices = [
        Weighted(reading.take(formed), weights.get(ident, Fraction(0)), _choice_feedback(reading, ident))
        for response in reading.responses[:1]
        for ident, formed in _labels(reading, response)
    ]
    return choose(reading.piece, reading.text, choices, is_single=True, **reading.shared)


def _truth(reading: Reading) -> Item:
    labels = _labels(reading, reading.responses[0]) if reading.responses else []
    words = tuple(one_line(plain(formed.text)).casefold() for _, formed in labels)
    pair = next((pair for pair in TRUTHS if words in (pair, pair[::-1])), None)
    if pair is None:
        reading.piece.lose(FALSE_FIRST)
        return _single(reading)
    weights = _weights(reading)
    right = next((word for (ident, _), word in zip(labels, words, strict=True) if weights.get(ident, 0) > 0), None)
    if right is None:
        return reading.piece.skipped(NO_KEY)
    return reading.piece.made("truefalse", reading.text, answer=right == pair[0], **reading.shared)


def _multiple(reading: Reading) -> Item:
    """Right is what one condition with full marks wants; where there is none, what gains points by itself."""
    whole = next((rule for rule in reading.rules if rule.score is not None and rule.score >= 1 and rule.equal), None)
    choices = [one for response in reading.responses[:1] for one in _labels(reading, response)]
    if whole is None:
        weights = _weights(reading)
        weighted = [Weighted(reading.take(formed), weights.get(ident, Fraction(0))) for ident, formed in choices]
        return choose(reading.piece, reading.text, weighted, is_single=False, **reading.shared)
    right = {value for _, value in whole.equal}
    made = tuple(
        Choice(reading.take(formed), ident in right, _choice_feedback(reading, ident)) for ident, formed in choices
    )
    return reading.piece.made("multiple", reading.text, choices=made, scoring="exact", **reading.shared)


def _text(reading: Reading) -> Item:
    answers = []
    for rule in reading.rules:
        for _, value in rule.equal if rule.score else ():
            score = min(rule.score or Fraction(0), Fraction(1))
            answers.append(Answer(plain_line(reading.piece, from_plain(value)), score, reading.feedback(rule.feedback)))
    is_strict = any(rule.is_strict for rule in reading.rules if rule.score)
    if not answers:
        return reading.piece.skipped(NO_KEY)
    return reading.piece.made("text", reading.text, answers=tuple(answers), case_sensitive=is_strict, **reading.shared)


def _number(reading: Reading) -> Item:
    keys = []
    for rule in reading.rules:
        if not rule.score:
            continue
        exact = number_key(rule.equal[0][1]) if rule.equal else None
        low, high = exact_number(rule.low or ""), exact_number(rule.high or "")
        # Canvas writes the number itself and its margin as two ways to be right.
        keys.append(range_key(low, high) or exact)
    keys = [key for key in keys if key]
    if not keys:
        return reading.piece.skipped(NO_KEY)
    if len(keys) > 1:
        reading.piece.lose(OTHER_NUMBER)
    return reading.piece.made("number", reading.text, key=keys[0], **reading.shared)


def _match(reading: Reading) -> Item:
    wanted = dict(pair for rule in reading.rules if rule.score for pair in rule.equal)
    pairs, rights = [], {}
    for response in reading.responses:
        labels = {ident: plain_line(reading.piece, formed) for ident, formed in _labels(reading, response)}
        rights.update(labels)
        left = Node("left", {}, response.line, [one for one in response.nodes if one.name == "material"])
        right = labels.get(wanted.get(response.get("ident"), ""))
        if right is None:
            return reading.piece.skipped(NO_KEY)
        pairs.append(Pair(plain_line(reading.piece, reading.source.material(left)), right))
    used = {pair.right for pair in pairs}
    others = tuple(dict.fromkeys(one for one in rights.values() if one not in used))
    return reading.piece.made("match", reading.text, pairs=tuple(pairs), distractors=others, **reading.shared)


READERS: dict[str, Callable[[Reading], Item]] = {
    "multiple_choice": _single,
    "true_false": _truth,
    "multiple_answers": _multiple,
    "short_answer": _text,
    "numerical": _number,
    "matching": _match,
}
