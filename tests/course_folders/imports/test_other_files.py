"""Every file by other authors gives what was promised of it. They stand beside a checkout, or not at all."""

import json
import re
from collections import Counter
from typing import Any

import pytest

from tests.course_folders.imports.others import OTHERS, other, read_other
from university.course_folders import Choice, Question
from university.course_folders.imports.html_texts import from_html
from university.course_folders.markdown import plain, render

GIFT = sorted(path.stem for path in OTHERS.glob("gift/*.gift")) or ["none"]
PROMISED_GIFT = {
    "MC": 16,
    "Short": 10,
    "TF": 7,
    "Numerical": 12,
    "Essay": 5,
    "Description": 1,
    "Matching": 3,
    "Category": 1,
}


def test_all_gift_files_together_hold_what_was_promised() -> None:
    other("gift")
    found = [read_other(f"gift/{stem}.gift") for stem in GIFT]
    assert sum((Counter(one.counts) for one in found), Counter()) == PROMISED_GIFT
    assert not any(one.broken for one in found)


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


def test_aiken_by_another_program() -> None:
    found = read_other("aiken/iot-single.txt")
    assert found.counts == {"single": 15}
    assert found.kinds == {"single": 15}
    assert all(isinstance(choice, Choice) and plain(choice.text) for one in found.questions for choice in one.choices)
