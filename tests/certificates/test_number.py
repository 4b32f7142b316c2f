"""The number people see, type and mistype."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, strategies as st

from certificates import SPECIMEN_NUMBER, digest_of, make_number, read_number, show_number, suspects
from certificates.number import ALPHABET, check_character

NUMBER = "7KQ29FXDM4TBW8HC"
numbers = st.text(ALPHABET, min_size=15, max_size=15).map(lambda random: random + check_character(random))


@pytest.mark.parametrize(
    ("random", "check"),
    [
        ("7KQ29FXDM4TBW8H", "C"),
        ("000000000000001", "Z"),
        ("100000000000000", "H"),
        ("ZZZZZZZZZZZZZZZ", "6"),
        ("0123456789ABCDE", "1"),
    ],
)
def test_c1_the_check_character_is_the_published_one(random: str, check: str) -> None:
    assert check_character(random) == check


@given(numbers)
def test_c1_a_number_comes_back_from_what_people_see(number: str) -> None:
    assert read_number(show_number(number)) == number


@given(numbers, st.integers(0, 15), st.sampled_from(ALPHABET))
def test_c1_one_wrong_character_is_always_found(number: str, place: int, other: str) -> None:
    wrong = number[:place] + other + number[place + 1 :]
    assert (read_number(wrong) == number) == (wrong == number)
    assert wrong == number or read_number(wrong) is None


@given(numbers, st.integers(0, 15), st.integers(0, 15))
def test_c1_two_swapped_characters_are_always_found(number: str, one: int, two: int) -> None:
    letters = list(number)
    letters[one], letters[two] = letters[two], letters[one]
    swapped = "".join(letters)
    assert swapped == number or read_number(swapped) is None


@pytest.mark.parametrize(
    "typed",
    [
        "7kq2-9fxd-m4tb-w8hc",
        "7KQ29FXDM4TBW8HC",
        " 7KQ2 9FXD\u00a0M4TB\tW8HC ",
        "7KQ2\u20109FXD\u2013M4TB\u2014W8HC",
        "7KQ2\u22129FXD\u2212M4TB\u2212W8HC",
        "\u200e7KQ2-9FXD-M4TB-W8HC\u200f.",
        "(\u201c7KQ2-9FXD-\u00adM4TB-W8HC\u201d)",
    ],
)
def test_c1_vera_may_type_the_number_in_her_own_way(typed: str) -> None:
    assert read_number(typed) == NUMBER


def test_c1_letters_that_look_like_digits_are_read_as_digits() -> None:
    assert read_number("0123-4567-89AB-CDE1") == read_number("ol23-4567-89ab-cdei") == "0123456789ABCDE1"


@pytest.mark.parametrize(
    "typed", ["", "7KQ2", NUMBER + "0", "'", "\0", "%00", "7KQ29FXDM4TBW8HU", "٧KQ29FXDM4TBW8HC", "A" * 300]
)
def test_c1_anything_else_is_no_number(typed: str) -> None:
    assert read_number(typed) is None


@given(st.text())
def test_no_text_makes_reading_fail(typed: str) -> None:
    number = read_number(typed)
    assert number is None or len(number) == 16
    assert bool(suspects(typed)) is False or number is None


def test_c1_vera_is_told_which_characters_to_look_at_again() -> None:
    assert suspects("7KQ2-9FXD-M4TB-W8HC") == []
    assert suspects("7KQ2-9FXD-M4TB-W8HU") == [(16, "U")]
    assert suspects("7KQ2-9FXD-M4TB-WBHC") == [(4, "2"), (12, "B"), (14, "B")]


def test_new_numbers_can_be_read_and_are_never_the_specimens() -> None:
    made = {make_number() for _ in range(500)}
    assert len(made) == 500
    assert all(read_number(number) == number for number in made)
    assert SPECIMEN_NUMBER not in made
    assert read_number("0000-0000-0000-0000") == SPECIMEN_NUMBER


def test_a_tombstone_is_the_digest_of_the_canonical_characters() -> None:
    assert digest_of(NUMBER) == hashlib.sha256(b"7KQ29FXDM4TBW8HC").hexdigest()
