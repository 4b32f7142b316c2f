"""Names: what may stand on a certificate, letter by letter."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, strategies as st

from university.names import LONGEST, NameProblem, clean_name

WELCOME = [
    "Zoë",
    "van ’t Hoff",
    "O'Brien",
    "D‘Angelo",
    "Oʼzbek",
    "Nguyễn Văn",
    "李小龍",
    "محمد",
    "J. R. R.",
    "J.R.R.",
    "Jean-Luc",
    "Jean‐Luc",
    "Gal·la",
    "Łukasz",
    "Þórðr",
    "Κώστας",
    "Иван",
    "Ö",
    "ชำนาญ",  # Thai is written with a letter that Unicode decomposes
    "अमृत",
    "क्‍ष",  # zero width joiner between Indic letters
    "علی‌رضا",  # zero width non-joiner between Arabic letters
    "a" * LONGEST,
]

REFUSED = {
    # link-like, also with other faults in it
    "Win http://evil.nl": "looks_like_link",
    "www.evil": "looks_like_link",
    "evil.nl": "looks_like_link",
    "Evil.COM wins": "looks_like_link",
    "x@evil.nl": "looks_like_link",
    "${jndi:ldap://x}": "looks_like_link",
    '=HYPERLINK("http://x")': "looks_like_link",
    # nothing there
    "": "empty",
    "   ": "empty",
    "\u00a0 \u00a0": "empty",
    # controls, line breaks, separators
    "A\r\nBcc: x": "bad_character",
    "Ada\x00": "bad_character",
    "Ada\tLovelace": "bad_character",
    "Ada\n": "bad_character",
    "Ada\u0085": "bad_character",
    "Ada\u2028Lovelace": "bad_character",
    "=?utf-8?q?A=0D=0ABcc:_x=40y?=": "bad_character",
    # invisible formatting and blank letters
    "Ada\u202eecalevoL": "bad_character",
    "\u2066Ada\u2069": "bad_character",
    "Ada\u2067": "bad_character",
    "Ada\u2068": "bad_character",
    "A\u200bda": "bad_character",
    "\ufeffAda": "bad_character",
    "A\u200dda": "bad_character",
    "A\u200cda": "bad_character",
    "\u200dक": "bad_character",
    "\u3164": "bad_character",
    "\u115f": "bad_character",
    "\u1160": "bad_character",
    "\uffa0": "bad_character",
    "\u2800": "bad_character",
    "A\u034fda": "bad_character",
    # code and formulas
    "<script>alert(1)</script>": "bad_character",
    "{{7*7}}": "bad_character",
    "%s%n": "bad_character",
    "__import__": "bad_character",
    "+1": "bad_character",
    "-2+3": "bad_character",
    "@SUM(1)": "bad_character",
    # pictures, digits, other forms of letters
    "Ada \U0001f600": "bad_character",
    "123": "bad_character",
    "Ada 2": "bad_character",
    "٣": "bad_character",
    "Ⅷ": "bad_character",
    "Ｊａｎ": "bad_character",
    "ﬁona": "bad_character",
    "𝐀𝐝𝐚": "bad_character",
    "Ada\ue000": "bad_character",
    "Ada\ud800": "bad_character",
    "Ada\u0378": "bad_character",
    # marks without a letter, or too many on one
    "\u0301Ada": "bad_character",
    "Ada \u0301": "bad_character",
    "A" + "\u0301" * 40: "bad_character",
    "x\u0316\u0317\u0318\u0319": "bad_character",
    # no letter at all
    ".": "no_letter",
    "'-·": "no_letter",
    # alphabets that look alike
    "J\u0430n": "mixed_scripts",
    "Αda": "mixed_scripts",
    "Adа": "mixed_scripts",
    "Aՙաda": "mixed_scripts",
    "AᎪ": "mixed_scripts",
    # length
    "a" * (LONGEST + 1): "too_long",
}


@pytest.mark.parametrize("name", WELCOME)
def test_a29_names_of_people_are_welcome(name: str) -> None:
    assert clean_name(name) == unicodedata.normalize("NFC", name)


# Which of them are attacks that have a number of their own.
ATTACKS = {
    "a4": ["Win http://evil.nl"],
    "a21": ["A\r\nBcc: x"],
    "a22": ["=?utf-8?q?A=0D=0ABcc:_x=40y?="],
    "a23": ["Ada\x00", "Ada\tLovelace", "Ada\u0085", "Ada\u2028Lovelace"],
    "a24": ["<script>alert(1)</script>"],
    "a25": ["{{7*7}}", "${jndi:ldap://x}", "%s%n", "__import__"],
    "a26": ['=HYPERLINK("http://x")', "+1", "-2+3", "@SUM(1)"],
    "a27": ["Ada\u202eecalevoL", "\u2066Ada\u2069", "Ada\u2067", "Ada\u2068", "A\u200bda", "\ufeffAda"],
    "a28": ["J\u0430n"],
    "a30": ["a" * (LONGEST + 1), "A" + "\u0301" * 40],
    "a31": ["   ", "\u00a0 \u00a0", "\u3164"],
    "a32": ["Ada \U0001f600", "123", "Ⅷ", "Ｊａｎ"],
}


def named(name: str) -> str:
    """The number of the attack, then the name."""
    return "".join(f"{attack}_" for attack, names in ATTACKS.items() if name in names) + ascii(name)


def test_every_attack_on_names_is_among_those_refused() -> None:
    assert {name for names in ATTACKS.values() for name in names} <= set(REFUSED)


@pytest.mark.parametrize("name", REFUSED, ids=named)
def test_what_is_no_name_is_refused_with_its_code_and_a_sentence(name: str) -> None:
    with pytest.raises(NameProblem) as refused:
        clean_name(name)
    assert refused.value.code == REFUSED[name]
    assert str(refused.value).endswith(".")


def test_every_code_says_something_of_its_own() -> None:
    sentences = {}
    for name, code in REFUSED.items():
        with pytest.raises(NameProblem) as refused:
            clean_name(name)
        sentences[code] = str(refused.value)
    assert len(set(sentences.values())) == 6


def test_a_name_is_composed_trimmed_and_its_spaces_collapsed() -> None:
    assert clean_name("  Nguye\u0302\u0303n \u00a0 Va\u0306n ") == "Nguyễn Văn"


def test_three_marks_on_a_letter_are_a_name_and_four_are_not() -> None:
    assert clean_name("x\u0316\u0317\u0318") == "x\u0316\u0317\u0318"


def test_the_length_counts_after_cleaning() -> None:
    assert len(clean_name(" " * 50 + "e\u0301" * LONGEST)) == LONGEST


@given(st.text(max_size=80))
def test_whatever_is_accepted_is_a_clean_name_already_and_fits(text: str) -> None:
    try:
        name = clean_name(text)
    except NameProblem:
        return
    assert clean_name(name) == name
    assert 1 <= len(name) <= LONGEST
    assert not any(unicodedata.category(character) in {"Cc", "Cs", "Co", "Cn", "So", "Nd"} for character in name)
