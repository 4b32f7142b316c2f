"""Moodle XML, in and out: what its types become, what is named, and that our own questions come back unchanged."""

import base64
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from tests.course_folders.imports.others import remarks_of
from tests.sample_course import PIXEL, sample_folder
from university.course_folders import Question, read_course
from university.course_folders.course.questions import NumberKey, Pair
from university.course_folders.imports import Import, PictureBox, read_questions, write_moodle


def read(*questions: str) -> Import:
    return read_questions("own.xml", f"<quiz>{''.join(questions)}</quiz>")


def question(sort: str, inner: str, text: str = "<p>Which?</p>") -> str:
    return (
        f'<question type="{sort}"><name><text>Name</text></name>'
        f'<questiontext format="html"><text><![CDATA[{text}]]></text></questiontext>{inner}</question>'
    )


def answer(text: str, fraction: str = "0", feedback: str = "", inner: str = "") -> str:
    return (
        f'<answer fraction="{fraction}" format="html"><text>{text}</text>{inner}'
        f'<feedback format="html"><text>{feedback}</text></feedback></answer>'
    )


def only(found: Import) -> Question:
    assert found.broken is None, found.broken
    [one] = found.questions
    return one


def test_one_type_is_single_or_multiple_by_its_own_word_with_blanks_around() -> None:
    choices = answer("a", "100", "Yes.") + answer("b", "-100")
    assert only(read(question("multichoice", f"<single>\n true </single>{choices}"))).kind == "single"
    multiple = only(read(question("multichoice", f"<single>false</single>{choices}")))
    assert multiple.kind == "multiple"
    assert [(one.text, one.correct, one.feedback) for one in multiple.choices] == [
        ("a", True, "Yes."),
        ("b", False, None),
    ]


def test_only_a_question_that_says_no_is_kept_from_shuffling() -> None:
    choices = answer("a", "100") + answer("b")
    still = read(question("multichoice", f"<shuffleanswers>\n 0\n</shuffleanswers>{choices}"))
    assert only(still).shuffle is False
    assert only(read(question("multichoice", f"<shuffleanswers>1</shuffleanswers>{choices}"))).shuffle is None


def test_true_and_false_keep_their_feedback() -> None:
    one = only(read(question("truefalse", answer("true", "0", "No.") + answer("false", "100", "Right."))))
    assert (one.answer, one.feedback.correct, one.feedback.incorrect) == (False, "Right.", "No.")


def test_short_answers_keep_scores_stars_and_capitals() -> None:
    one = only(read(question("shortanswer", "<usecase>1</usecase>" + answer("Rijn*", "100") + answer("Maas", "50"))))
    assert [(text.text, text.score) for text in one.answers] == [("Rijn*", Fraction(1)), ("Maas", Fraction(1, 2))]
    assert one.case_sensitive


def test_a_number_with_its_margin_and_what_is_not_kept() -> None:
    units = "<units><unit><multiplier>1</multiplier><unit_name>km</unit_name></unit></units>"
    answers = answer("4", "100", inner="<tolerance>0.5</tolerance>") + answer("5", "50", "Near.")
    found = read(question("numerical", answers + units))
    assert only(found).key == NumberKey(Decimal(4), Decimal("0.5"))
    assert remarks_of(found) == [
        "only one right number is kept; 5 (50 %) is not",
        "feedback for one answer is not kept: Near.",
        "units are not kept: km",
    ]


def test_a_subquestion_without_a_question_is_a_distractor() -> None:
    pairs = "".join(
        f'<subquestion format="html"><text>{left}</text><answer><text>{right}</text></answer></subquestion>'
        for left, right in (("&lt;p&gt;Rijn&lt;/p&gt;", "sea"), ("Maas", "river"), ("", "moon"))
    )
    one = only(read(question("matching", pairs)))
    assert one.pairs == (Pair("Rijn", "sea"), Pair("Maas", "river"))
    assert one.distractors == ("moon",)


def test_an_order_comes_in_whole_and_says_how_it_was_marked() -> None:
    items = answer("c", "3") + answer("a", "1") + answer("b", "2")
    found = read(question("ordering", f"<selecttype>2</selecttype><selectcount>2</selectcount>{items}"))
    assert only(found).items == ("a", "b", "c")
    assert remarks_of(found) == ["it shows only 2 of its items; here all of them"]


@pytest.mark.parametrize("sort", ["cloze", "gapselect", "mtf", "essay", "description", "stack"])
def test_every_other_type_is_named_and_skipped(sort: str) -> None:
    found = read(question(sort, ""))
    assert found.questions == []
    assert remarks_of(found) == [f"questions of the type {sort} do not exist here"]


def test_categories_and_tags_become_tags_and_the_idnumber_the_id() -> None:
    category = '<question type="category"><category><text>$course$/top/Rivers</text></category></question>'
    tags = "<idnumber>depth 1</idnumber><tags><tag><text>deep</text></tag></tags>"
    one = only(read(category, question("truefalse", answer("true", "100") + tags)))
    assert (one.tags, one.id) == (("Rivers", "deep"), "depth-1")


def test_a_picture_inside_comes_along() -> None:
    file = f'<file name="a b.png" path="/" encoding="base64">{base64.b64encode(PIXEL).decode()}</file>'
    text = '<p><img src="@@PLUGINFILE@@/a%20b.png" alt="A map"></p>'
    xml = question("truefalse", answer("true", "100"), text).replace("</questiontext>", f"{file}</questiontext>")
    found = read(xml)
    assert only(found).text == "![A map](../images/a-b.png)"
    assert found.files == {"images/a-b.png": PIXEL}
    assert remarks_of(found) == []


def test_a_bare_ampersand_makes_nothing_and_is_pointed_at() -> None:
    found = read_questions("own.xml", "<quiz>\n<question>\n  <text>I & A</text></question></quiz>")
    assert found.items == ()
    assert found.broken is not None
    assert (found.broken.line, found.broken.column) == (3, 11)
    assert found.broken.text == "a bare & in the XML; it is written &amp;"


@pytest.mark.parametrize(
    "bomb",
    [
        '<!DOCTYPE quiz [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><quiz>&b;</quiz>',
        '<!DOCTYPE quiz [<!ENTITY a SYSTEM "file:///etc/passwd">]><quiz>&a;</quiz>',
        '<!DOCTYPE quiz [<!ENTITY % a SYSTEM "http://127.0.0.1:9/x"> %a;]><quiz/>',
        "<quiz>" + "<a>" * 1000 + "</a>" * 1000 + "</quiz>",
    ],
)
def test_an_xml_bomb_is_refused(bomb: str) -> None:
    found = read_questions("own.xml", bomb)
    assert found.items == ()
    assert found.broken is not None


def test_our_questions_come_back_from_moodle_xml_as_they_were() -> None:
    folder = sample_folder()
    course = read_course(folder).course
    assert course is not None
    for quiz in course.quizzes:
        written, remarks = write_moodle([quiz], folder.files)
        box = PictureBox("../" * quiz.path.count("/"))
        back = {one.id: one for one in read_questions("out.xml", written, box).questions}
        lost = {remark.values["id"] for remark in remarks}
        for one in quiz.questions:
            if one.id not in lost:
                assert comparable(back[one.id]) == comparable(one)
            assert one.id in back


def comparable(one: Question) -> Question:
    return replace(one, quiz_id="", quiz_kind="lesson", lesson_id=None)
