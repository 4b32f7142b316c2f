"""GIFT: what teachers write by hand becomes our questions, and every difference is named."""

from decimal import Decimal
from fractions import Fraction

import pytest

from tests.course_folders.imports.others import remarks_of
from university.course_folders import Question
from university.course_folders.course.questions import Answer, NumberKey, Pair
from university.course_folders.imports import Import, read_questions


def read(text: str) -> Import:
    return read_questions("own.gift", text)


def only(text: str) -> Question:
    found = read(text)
    assert found.broken is None
    [question] = found.questions
    return question


def test_one_right_choice_is_a_single() -> None:
    question = only("::Rivers::Which river is in Hengelo?{~Maas =Berflobeek#Well seen. ~Rijn#Further west.}")
    assert question.kind == "single"
    assert [(one.text, one.correct, one.feedback) for one in question.choices] == [
        ("Maas", False, None),
        ("Berflobeek", True, "Well seen."),
        ("Rijn", False, "Further west."),
    ]


def test_weights_alone_are_a_multiple_and_thirds_are_exact() -> None:
    found = read("Which are rivers?{~%33.33333%Maas ~%33.33333%Rijn ~%33.33333%IJssel ~%-33.33333%Veluwe}")
    assert [one.correct for one in found.questions[0].choices] == [True, True, True, False]
    assert found.questions[0].kind == "multiple"
    assert remarks_of(found) == []


def test_weights_that_are_not_our_rule_are_named() -> None:
    assert "the weights 75 %, 25 %, 0 % are not kept" in remarks_of(read("Which?{~%75%a ~%25%b ~%0%c}"))[0]


def test_a_half_right_choice_beside_a_right_one_is_named() -> None:
    found = read("How deep?{=3 m ~%50%2 m ~1 m}")
    assert found.questions[0].kind == "single"
    assert remarks_of(found) == ["a choice is worth 50 % of the points; here it is wrong"]


def test_several_right_choices_become_a_multiple_with_a_word_about_it() -> None:
    found = read("Seasons?{=spring =summer ~easter}")
    assert found.questions[0].kind == "multiple"
    assert "several choices are right" in remarks_of(found)[0]


def test_a_choice_may_hold_an_arrow() -> None:
    question = only("How?{~start -> stop =stop -> start}")
    assert [one.text for one in question.choices] == ["start -> stop", "stop -> start"]


def test_right_answers_alone_are_a_text_with_scores() -> None:
    question = only("Who?{=Nazareth#Yes. =%75%Nazereth#Misspelled. =%0%*#No.####[html]<b>Read</b> on.}")
    assert question.answers == (
        Answer("Nazareth", Fraction(1), "Yes."),
        Answer("Nazereth", Fraction(3, 4), "Misspelled."),
        Answer("*", Fraction(0), "No."),
    )
    assert question.feedback.explanation == "**Read** on."


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("#1822", NumberKey(Decimal(1822))),
        ("#1822:5", NumberKey(Decimal(1822), Decimal(5))),
        ("#-3.142:0.001", NumberKey(Decimal("-3.142"), Decimal("0.001"))),
        ("#3.141..3.142", NumberKey(low=Decimal("3.141"), high=Decimal("3.142"))),
        ("#=7:0.5#Right.", NumberKey(Decimal(7), Decimal("0.5"))),
    ],
)
def test_a_number_is_exact(written: str, key: NumberKey) -> None:
    assert only(f"When?{{{written}}}").key == key


def test_a_second_number_is_named_with_its_feedback() -> None:
    found = read("When?{#=1822:0 =%50%1822:2#Close.}")
    assert remarks_of(found) == [
        "only one right number is kept; 1822:2 (50 %) is not",
        "feedback for one answer is not kept: Close.",
    ]


def test_pairs_and_answers_without_a_partner() -> None:
    question = only("Match.{=Canada -> Ottawa =Italy->Rome = -> Oslo}")
    assert question.pairs == (Pair("Canada", "Ottawa"), Pair("Italy", "Rome"))
    assert question.distractors == ("Oslo",)


@pytest.mark.parametrize(("word", "answer"), [("T", True), ("TRUE", True), ("f", False), ("FALSE", False)])
def test_true_and_false_with_feedback_for_wrong_and_right(word: str, answer: bool) -> None:
    question = only(f"Water is wet.{{{word}#No.#Yes.}}")
    assert (question.kind, question.answer) == ("truefalse", answer)
    assert (question.feedback.incorrect, question.feedback.correct) == ("No.", "Yes.")


def test_an_answer_in_a_sentence_leaves_a_blank() -> None:
    assert only("Grant is {~buried =entombed} in a tomb.").text == "Grant is _____ in a tomb."


def test_what_a_backslash_guards_is_text() -> None:
    question = only("Is \\{a \\= b\\} a \\#set\\: \\~?\\nOr not{=yes ~no}")
    assert question.text == "Is {a = b} a #set: ~?\nOr not"
    assert only(r"Price \\neq 1{T}").text == r"Price \neq 1"


def test_signs_of_markdown_stay_signs_in_plain_text() -> None:
    assert only("[plain]2 * 3 * 4 and <b> and 1_0_0{=yes ~no}").text == r"2 \* 3 \* 4 and \<b\> and 1\_0\_0"
    assert only("[markdown]A *soft* one{T}").text == "A *soft* one"
    assert only("[html]<p>A <em>soft</em> one</p>{T}").text == "A *soft* one"


def test_ids_and_tags_come_from_comments_and_categories() -> None:
    found = read(
        "$CATEGORY: $course$/top/Rivers\n\n// [id:depth-1] [tag:deep]\nDeep?{T}\n\n$CATEGORY: Lakes\n\nWide?{F}\n"
    )
    deep, wide = found.questions
    assert (deep.id, deep.tags) == ("depth-1", ("Rivers", "deep"))
    assert wide.tags == ("Lakes",)
    assert found.counts == {"Category": 2, "TF": 2}


def test_a_comment_between_the_lines_of_an_answer_is_no_answer() -> None:
    assert len(only("Who?{\n// the usual suspects\n~a\n=b\n}").choices) == 2


def test_essays_and_descriptions_are_skipped_by_name() -> None:
    found = read("Think about rivers.\n\nWrite about rivers.{}")
    assert [(item.line, item.sort, item.remarks[0].text) for item in found.skipped] == [
        (1, "Description", "a text without a question; put it into a lesson"),
        (3, "Essay", "an essay: no program can mark it"),
    ]


def test_a_formula_stays_and_is_named() -> None:
    found = read(r"What is \\(x^2\\) for 3?{#9}")
    assert found.questions[0].text == r"What is \\(x^2\\) for 3?"
    assert remarks_of(found) == [r"a formula stays as it was typed: \(x^2\)"]


def test_the_same_question_twice_comes_in_once_and_a_namesake_gets_its_own_id() -> None:
    found = read("Wet?{T}\n\nWet?{T}\n\nWet?{F}")
    first, second = found.questions
    assert second.id == f"{first.id}-2"
    assert remarks_of(found) == ["the same question stands in own.gift:1 already"]


def test_the_same_text_always_gives_the_same_questions() -> None:
    text = "Wet?{T}\n\nWho?{~a =b}\n\nWhen?{#1}"
    assert read(text) == read(text)


@pytest.mark.parametrize(
    ("text", "line", "column", "why"),
    [
        ("Fine?{T}\n\nWho?{~a\n=b\n", 3, 5, "this { is never closed"),
        ("Who?{~a {b} =c}", 1, 9, "a { within an answer"),
        ("Who? }", 1, 6, "this } closes nothing"),
    ],
)
def test_a_broken_file_makes_nothing_and_says_where(text: str, line: int, column: int, why: str) -> None:
    found = read(text)
    assert found.items == ()
    assert found.broken is not None
    assert (found.broken.line, found.broken.column) == (line, column)
    assert found.broken.text.startswith(why)


def test_what_the_checker_would_stop_is_said_at_once() -> None:
    found = read("One of one?{=yes ~yes}")
    assert len(found.questions) == 1
    assert remarks_of(found) == ["mend it before publishing: E204, two choices have the text yes"]
