"""Our questions as Moodle XML. Texts stay Markdown, which Moodle reads, so that nothing is lost on the way back."""

import base64
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from xml.sax.saxutils import escape, quoteattr

from university.course_folders.course.questions import NumberKey, Question, Quiz, default_scoring
from university.course_folders.files.links import resolved
from university.course_folders.imports.results import Remark, marked
from university.course_folders.imports.texts import CONTROLS, one_line, shortened
from university.course_folders.markdown.rendering import plain
from university.course_folders.writing.canonical import exact_decimal

PICTURE = re.compile(r"(!\[(?:[^\]\\]|\\.)*\]\()([^)\s]+)")
TYPES = {
    "single": "multichoice",
    "multiple": "multichoice",
    "truefalse": "truefalse",
    "text": "shortanswer",
    "number": "numerical",
    "match": "matching",
    "order": "ordering",
}
# Moodle shows these three to the kinds that can be partly right; the others have feedback by answer only.
COMBINED = ("single", "multiple", "match", "order")
NOT_XML = re.compile(r"[\ud800-\udfff\ufffe\uffff]")

SCORING = marked("question %(id)s is all or nothing here; Moodle gives points for parts")
UNCHOSEN = marked("feedback for choices left out (question %(id)s) is shown by no Moodle")
PINNED = marked("choices that stay in place (question %(id)s) are shuffled in Moodle")
UNIT = marked("the unit of question %(id)s is not shown in Moodle")
RANGE = marked("the range of question %(id)s becomes a number with a margin")
GENERAL = marked("the feedback of question %(id)s by how right it was is not shown in Moodle")
OBJECTIVE = marked("the objective of question %(id)s does not exist in Moodle")
RULES = marked("that question %(id)s is void or kept for exams does not exist in Moodle")
SHUFFLE = marked("question %(id)s is shuffled whatever the quiz says; Moodle asks the quiz too")


@dataclass
class Writer:
    """Writes questions of one course; `files` are the course's, `remarks` what Moodle cannot hold."""

    files: Mapping[str, bytes]
    remarks: list[Remark] = field(default_factory=list)

    def lose(self, sentence: str, question: Question) -> None:
        self.remarks.append(Remark(sentence, {"id": question.id}))

    def text(self, tag: str, markdown: str | None, path: str, attributes: str = "") -> str:
        """A text with its pictures inside."""
        found: dict[str, bytes] = {}

        def inside(match: re.Match[str]) -> str:
            target = resolved(path, match[2])
            if target is None or target not in self.files:
                return match[0]
            name = target.rpartition("/")[2]
            found[name] = self.files[target]
            return f"{match[1]}@@PLUGINFILE@@/{name}"

        words = _clean(PICTURE.sub(inside, markdown or ""))
        pictures = "".join(
            f'<file name={quoteattr(name)} path="/" encoding="base64">{base64.b64encode(content).decode()}</file>'
            for name, content in found.items()
        )
        return f'<{tag} format="markdown"{attributes}><text>{words}</text>{pictures}</{tag}>'


def write_moodle(quizzes: Iterable[Quiz], files: Mapping[str, bytes]) -> tuple[bytes, list[Remark]]:
    """The XML of these quizzes' questions, and what Moodle cannot hold of them. Several get a category each."""
    quizzes = [quiz for quiz in quizzes if quiz.questions]
    writer = Writer(files)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<quiz>"]
    for quiz in quizzes:
        if len(quizzes) > 1:
            lines.append(_category(quiz))
        lines += [_question(writer, question, quiz.path) for question in quiz.questions]
    return "\n".join([*lines, "</quiz>", ""]).encode(), writer.remarks


def _category(quiz: Quiz) -> str:
    path = f"$course$/top/{one_line(quiz.title).replace('/', '//')}"
    return f'<question type="category"><category><text>{_clean(path)}</text></category></question>'


def _question(writer: Writer, question: Question, path: str) -> str:
    _name_losses(writer, question)
    parts = [
        f"<name><text>{_clean(shortened(plain(question.text), 120) or question.id)}</text></name>",
        writer.text("questiontext", question.text, path),
        writer.text("generalfeedback", question.feedback.explanation, path),
        f"<defaultgrade>{exact_decimal(question.points)}</defaultgrade>",
        "<penalty>0</penalty><hidden>0</hidden>",
        f"<idnumber>{_clean(question.id)}</idnumber>",
        *_combined(writer, question, path),
        *WRITERS[question.kind](writer, question, path),
    ]
    if question.hint:
        parts.append(writer.text("hint", question.hint, path))
    if question.tags:
        parts.append("<tags>" + "".join(f"<tag><text>{_clean(tag)}</text></tag>" for tag in question.tags) + "</tags>")
    inner = "\n".join(f"  {part}" for part in parts)
    return f'<question type="{TYPES[question.kind]}">\n{inner}\n</question>'


def _name_losses(writer: Writer, question: Question) -> None:
    feedback = question.feedback
    if question.scoring != default_scoring(question.kind) and question.kind != "order":
        writer.lose(SCORING, question)
    if question.kind not in (*COMBINED, "truefalse") and (feedback.correct or feedback.partial or feedback.incorrect):
        writer.lose(GENERAL, question)
    if question.objective:
        writer.lose(OBJECTIVE, question)
    if question.void or question.exam != "also":
        writer.lose(RULES, question)
    if question.shuffle:
        writer.lose(SHUFFLE, question)


def _combined(writer: Writer, question: Question, path: str) -> Iterator[str]:
    if question.kind == "truefalse":  # stands with the two answers
        return
    for tag, text in (
        ("correctfeedback", question.feedback.correct),
        ("partiallycorrectfeedback", question.feedback.partial),
        ("incorrectfeedback", question.feedback.incorrect),
    ):
        if text or question.kind in COMBINED:
            yield writer.text(tag, text, path)


# The kinds


def _choices(writer: Writer, question: Question, path: str) -> Iterator[str]:
    if any(choice.feedback_if_not_chosen for choice in question.choices):
        writer.lose(UNCHOSEN, question)
    if any(choice.pin for choice in question.choices):
        writer.lose(PINNED, question)
    yield f"<single>{'true' if question.kind == 'single' else 'false'}</single>"
    yield f"<shuffleanswers>{0 if question.shuffle is False else 1}</shuffleanswers>"
    yield "<answernumbering>none</answernumbering>"
    right = sum(choice.correct for choice in question.choices) or 1
    for choice in question.choices:
        weight = Fraction(1, right) if choice.correct else Fraction(-1, right)
        if question.kind == "single":
            weight = Fraction(choice.correct)
        yield _answer(writer, choice.text, weight, choice.feedback, path)


def _answer(writer: Writer, text: str, weight: Fraction, feedback: str | None, path: str, inner: str = "") -> str:
    inner += writer.text("feedback", feedback, path)
    written = writer.text("answer", text, path, f' fraction="{_percent(weight)}"')
    return written.removesuffix("</answer>") + inner + "</answer>"


def _plain_answer(writer: Writer, text: str, weight: Fraction, feedback: str | None, path: str, inner: str = "") -> str:
    """Answers that are compared and never shown hold no Markdown."""
    inner += writer.text("feedback", feedback, path)
    words = f"<text>{_clean(text)}</text>"
    return f'<answer fraction="{_percent(weight)}" format="plain_text">{words}{inner}</answer>'


def _truth(writer: Writer, question: Question, path: str) -> Iterator[str]:
    for is_true in (True, False):
        is_right = question.answer is is_true
        feedback = question.feedback.correct if is_right else question.feedback.incorrect
        yield _plain_answer(writer, str(is_true).lower(), Fraction(is_right), feedback, path)


def _texts(writer: Writer, question: Question, path: str) -> Iterator[str]:
    yield f"<usecase>{int(question.case_sensitive)}</usecase>"
    for answer in question.answers:
        yield _plain_answer(writer, answer.text, answer.score, answer.feedback, path)


def _number(writer: Writer, question: Question, path: str) -> Iterator[str]:
    if question.unit:
        writer.lose(UNIT, question)
    key = question.key or NumberKey(Decimal(0))
    if key.answer is None:
        writer.lose(RANGE, question)
    low, high = key.interval
    middle, margin = exact_decimal((low + high) / 2), exact_decimal((high - low) / 2)
    inner = f"<tolerance>{margin:f}</tolerance>"
    yield _plain_answer(writer, f"{middle:f}", Fraction(1), None, path, inner)


def _pairs(writer: Writer, question: Question, path: str) -> Iterator[str]:
    yield f"<shuffleanswers>{0 if question.shuffle is False else 1}</shuffleanswers>"
    for left, right in [
        *((pair.left, pair.right) for pair in question.pairs),
        *(("", one) for one in question.distractors),
    ]:
        answer = f"<answer><text>{_clean(right)}</text></answer>"
        yield f'<subquestion format="plain_text"><text>{_clean(left)}</text>{answer}</subquestion>'


def _order(writer: Writer, question: Question, path: str) -> Iterator[str]:
    yield "<layouttype>0</layouttype><selecttype>0</selecttype><selectcount>0</selectcount>"
    yield f"<gradingtype>{-1 if question.scoring == 'exact' else 1}</gradingtype>"
    for place, item in enumerate(question.items, 1):
        yield f'<answer fraction="{place}" format="plain_text"><text>{_clean(item)}</text></answer>'


WRITERS = {
    "single": _choices,
    "multiple": _choices,
    "truefalse": _truth,
    "text": _texts,
    "number": _number,
    "match": _pairs,
    "order": _order,
}


def _percent(weight: Fraction) -> str:
    """As Moodle writes shares: five decimals at most."""
    return f"{float(weight * 100):.5f}".rstrip("0").rstrip(".")


def _clean(text: str) -> str:
    return escape(NOT_XML.sub("", CONTROLS.sub("", text)))
