"""Every file by other authors gives what was promised of it. They stand beside a checkout, or not at all."""

import json
import re
from collections import Counter
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.course_folders.imports.others import OTHERS, other, read_other, remarks_of
from university.course_folders import Question, check
from university.course_folders.imports.html_texts import from_html
from university.course_folders.markdown.rendering import render

GIFT = sorted(path.stem for path in OTHERS.glob("gift/*.gift")) or ["none"]
# What the list of promises calls each sort of thing in a cartridge.
PLURALS = {
    "modules": "module",
    "pages": "page",
    "quizzes": "quiz",
    "questions": "question",
    "question_banks": "question bank",
    "bank_questions": "bank question",
    "files": "file",
    "headings": "heading",
    "assignments": "assignment",
    "discussions": "discussion",
    "web_links": "web link",
    "external_tools": "external tool",
}


def promises() -> list[dict[str, Any]]:
    index = OTHERS / "INDEX.yaml"
    return list(YAML(typ="safe").load(index.read_text(encoding="utf-8"))) if index.exists() else []


PROMISES = {one["path"]: one["expect"] for one in promises()} or {"INDEX.yaml": {}}


@pytest.mark.parametrize("path", PROMISES)
def test_a_file_holds_what_was_promised(path: str) -> None:
    other("INDEX.yaml")
    names = sorted(file.relative_to(OTHERS).as_posix() for file in OTHERS.glob(path))
    found = [read_other(name) for name in names]
    assert found
    if path == "quiz-json/webdev-nl.json":
        counts = {"quizzes": len({item.group for item in found[0].items}), "questions": len(found[0].items)}
        assert counts == PROMISES[path]
        return
    counts = dict(sum((Counter(one.counts) for one in found), Counter()))
    if path.endswith(".imscc"):
        counts = {plural: counts.get(sort, 0) for plural, sort in PLURALS.items() if plural in PROMISES[path]}
    counts.pop("test", None)  # the list of items in a package of QTI 2 and 3 is named, and is no item
    assert counts == PROMISES[path]
    assert all(item.is_skipped <= bool(item.remarks) for one in found for item in one.items)


def test_the_known_defects_and_losses_are_named() -> None:
    broken = read_other("moodle-xml/not-well-formed.xml")
    assert broken.items == ()
    assert broken.broken is not None
    assert (broken.broken.line, broken.broken.column) == (49, 24)
    half = "a choice is worth 50 % of the points; here it is wrong"
    assert remarks_of(read_other("moodle-xml/mt-multiple-choice.xml")) == [half]
    assert len(remarks_of(read_other("moodle-xml/mt-numerical.xml"))) == 2
    assert len(read_other("moodle-xml/mt-ordering.xml").questions[0].items) == 5
    assert len(remarks_of(read_other("moodle-xml/mt-ordering.xml"))) == 2
    wrong_key = remarks_of(read_other("quiz-json/webdev-nl.json"))
    assert wrong_key == ["mend it before publishing: E202, 2 choices are marked correct"]
    for name in ("qti-2.1/iot-secure-design.zip", "qti-3.0/iot-secure-design.zip"):
        assert not any(one.shuffle for one in read_other(name).questions)


@pytest.mark.parametrize("name", ["course-1.imscc", "single-page.imscc", "latex.imscc"])
def test_a_cartridge_becomes_a_course_without_errors(name: str) -> None:
    found = read_other(f"common-cartridge/{name}")
    assert found.folder is not None
    assert not [one for one in check(found.folder) if one.is_error]
    written = b"".join(found.folder.files[path] for path in sorted(found.folder.files))
    assert (name == "latex.imscc") == (rb"\\(" in written)


def test_what_other_programs_wrote_from_our_questions_reads_as_our_questions() -> None:
    """Their text of QTI 1.2 is beside the package: the same questions, in the same order, with the same answers."""
    source = other("qti-1.2/secure-design.text2qti.txt").read_text(encoding="utf-8")
    right = re.findall(r"^(?:\*[a-z]\)|\[\*\]) *(.+)$", source, re.MULTILINE)
    found = read_other("qti-1.2/secure-design.text2qti.zip")
    ticked = [choice.text for one in found.questions for choice in one.choices if choice.correct]
    truths = [one for one in found.questions if one.kind == "truefalse"]
    assert len(ticked) + len(truths) == len(right)


@pytest.mark.parametrize("stem", GIFT)
def test_a_gift_file_reads_as_the_reference_grammar_reads_it(stem: str) -> None:
    expected = json.loads(other(f"gift/{stem}.json").read_text(encoding="utf-8"))
    items = read_other(f"gift/{stem}.gift").items
    assert [item.sort for item in items] == [one["type"] for one in expected]
    for item, one in zip(items, expected, strict=True):
        if item.question:
            compare(item.question, one)


def compare(question: Question, expected: dict[str, Any]) -> None:
    assert words(question.text) == said(expected["stem"])
    assert list(question.tags) == (expected["tags"] or [])
    assert words(question.feedback.explanation) == said(expected["globalFeedback"])
    COMPARE[expected["type"]](question, expected)


def compare_choices(question: Question, expected: dict[str, Any]) -> None:
    assert [words(choice.text) for choice in question.choices] == [said(one["text"]) for one in expected["choices"]]
    assert [words(choice.feedback) for choice in question.choices] == [
        said(one["feedback"]) for one in expected["choices"]
    ]
    right = [one["isCorrect"] or (one["weight"] or 0) > 0 for one in expected["choices"]]
    if question.kind == "single":  # a half right choice beside a right one is wrong here, and named
        right = [one["isCorrect"] for one in expected["choices"]]
    assert [choice.correct for choice in question.choices] == right


def compare_texts(question: Question, expected: dict[str, Any]) -> None:
    assert [one.text for one in question.answers] == [
        " ".join(said(one["text"]).split()) for one in expected["choices"]
    ]
    assert [one.score * 100 for one in question.answers] == [
        100 if one["weight"] is None else one["weight"] for one in expected["choices"]
    ]
    assert [words(one.feedback) for one in question.answers] == [said(one["feedback"]) for one in expected["choices"]]


def compare_truths(question: Question, expected: dict[str, Any]) -> None:
    # The grammar calls the first feedback "true" and the second "false"; in Moodle they are for wrong and right.
    assert question.answer is expected["isTrue"]
    assert words(question.feedback.incorrect) == said(expected["trueFeedback"])
    assert words(question.feedback.correct) == said(expected["falseFeedback"])


def compare_pairs(question: Question, expected: dict[str, Any]) -> None:
    assert [(pair.left, pair.right) for pair in question.pairs] == [
        (said(one["subquestion"]), one["subanswer"]) for one in expected["matchPairs"]
    ]


def compare_numbers(question: Question, expected: dict[str, Any]) -> None:
    key = expected["choices"]
    if isinstance(key, list):
        key = next(one["text"] for one in key if one["weight"] in (None, 100))
    assert question.key is not None
    low, high = (float(end) for end in question.key.interval)
    if key["type"] == "high-low":
        assert (low, high) == (key["numberLow"], key["numberHigh"])
    else:
        margin = key.get("range", 0)
        assert (low, high) == pytest.approx((key["number"] - margin, key["number"] + margin))


COMPARE = {
    "MC": compare_choices,
    "Short": compare_texts,
    "TF": compare_truths,
    "Matching": compare_pairs,
    "Numerical": compare_numbers,
}


def words(markdown: str | None) -> str:
    """What a reader sees; the grammar puts a blank before a full stop that follows a gap."""
    return squeezed(re.sub(r"<[^>]+>", "", render(markdown).html) if markdown else "")


def said(text: dict[str, str] | None) -> str:
    if not text:
        return ""
    if text["format"] == "html":
        return words(from_html(text["text"]).text)
    return squeezed(text["text"]) if text["format"] != "markdown" else words(text["text"])


def squeezed(text: str) -> str:
    return re.sub(r"\s+(?=[.,])", "", " ".join(plain_entities(text).split()))


def plain_entities(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
