"""Whatever is handed in, reading it answers: questions, remarks, or one fault with its place."""

import json

from hypothesis import given, settings, strategies as st

from tests.course_folders.imports.packing import assessment_of, choice_item, packed
from tests.course_folders.imports.test_packages import CHOICES, cartridge, qti2
from tests.sample_course import sample_folder
from university.course_folders import read_course, write_zip
from university.course_folders.imports import read_questions, write_moodle

GIFT = (
    "$CATEGORY: a\n\n// [id:x]\n::T::[html]<p>Who \\{?</p>{~%50%a#b =c->d ####e}\n\n"
    "When?{#=1:2 =%50%3..4}\n\nOk?{T#a#b}"
)
AIKEN = "Who?\nA. me\nB) you\nANSWER: B\n"
JSON = '[{"quizzes": [{"title": "t", "quiz": [{"questionText": "q", "answerOptions": [{"answerText": "a"}]}]}]}]'
TABLE = "<table><tr><td colspan='2'><p>a</p><ul><li>b</ul></td></tr></table><a href='x'>y</a><img src='z'>"
SAMPLES = [
    GIFT.encode(),
    AIKEN.encode(),
    JSON.encode(),
    assessment_of(choice_item("a", "b")).encode(),
    qti2(CHOICES.format(a="true", b="false"), "b").encode(),
    f"Why?{{={TABLE.replace('=', chr(92) + '=')} ~b}}".encode(),
    packed(cartridge()),
    write_zip(sample_folder()),
    write_moodle(read_course(sample_folder()).course.quizzes, sample_folder().files)[0],  # type: ignore[union-attr]
]
NAMES = st.sampled_from(["a.gift", "a.txt", "a.xml", "a.json", "a.zip", "a.imscc"])


def assert_answered(name: str, content: bytes | str) -> None:
    found = read_questions(name, content)
    assert (found.broken is None) or not found.items
    json.dumps(found.as_json())
    assert len({question.id for question in found.questions}) == len(found.questions)
    for remark in [remark for item in found.items for remark in item.remarks] + (
        [found.broken] if found.broken else []
    ):
        assert remark.text
        assert remark.line >= 1


@settings(max_examples=60, deadline=None)
@given(NAMES, st.text(st.sampled_from("{}=~#%:>-</\\&[]\n\"'1aT.$ "), max_size=40))
def test_signs_of_every_format_in_any_order_are_answered(name: str, text: str) -> None:
    assert_answered(name, text)


@settings(max_examples=40, deadline=None)
@given(NAMES, st.binary(max_size=60))
def test_any_bytes_are_answered(name: str, content: bytes) -> None:
    assert_answered(name, content)


@settings(max_examples=120, deadline=None)
@given(NAMES, st.sampled_from(SAMPLES), st.integers(0, 10**6), st.integers(0, 20), st.binary(max_size=6))
def test_a_damaged_file_is_answered(name: str, sample: bytes, at: int, length: int, new: bytes) -> None:
    at %= len(sample)
    assert_answered(name, sample[:at] + new + sample[at + length :])


def test_numbers_and_texts_beyond_all_measure_are_answered() -> None:
    for text in (
        "When?{#1e99999999}",
        "When?{#" + "9" * 500 + "}",
        "Who?{~%1000%a ~%-999%b}",
        "Who?{=" + "a" * 300_000 + "}",
        "Who?{~a ~b}" * 200,
        "{}" * 1000,
        "[" * 100_000,
        '{"quizzes":' * 5000,
        "<p>" * 3000 + "{T}",
    ):
        assert_answered("a.txt", text)
        assert_answered("a.json", text)
