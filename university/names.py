"""The name of a person, one field at a time: what may stand on a certificate, and a sentence for what may not."""

from __future__ import annotations

import re
import unicodedata

from university.language import gettext as _

LONGEST = 64
MARKS_IN_A_ROW = 3

# Apostrophes, hyphens, the full stop of an initial and the Catalan dot.
_PUNCTUATION = frozenset(" '’‘ʼ-‐.·")
_JOINERS = frozenset("\u200c\u200d")
# Letters and marks by their category that nobody can see: fillers, blank Braille, joiners of graphemes.
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5")
# Unicode gives these a compatibility form, yet Thai and Lao are written with them.
_ORDINARY = frozenset("\u0e33\u0eb3\u0edc\u0edd")
_INDIC = {"DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ORIYA", "TAMIL", "TELUGU", "KANNADA", "MALAYALAM"}
_JOINING_SCRIPTS = frozenset({"ARABIC", "SINHALA"} | _INDIC)
_LOOKALIKES_OF_LATIN = frozenset({"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"})
# Mail programs make a link of a dot between letters without a space; an initial before one letter is none.
_LINK = re.compile(r"://|www\.|https?:|mailto:|\.[^\W\d_]{2,}", re.IGNORECASE)


class NameProblem(ValueError):
    """A name that cannot stand on a certificate. `code` is for programs, the text is for the visitor."""

    def __init__(self, code: str) -> None:
        super().__init__(_sentence(code))
        self.code = code


def clean_name(text: str) -> str:
    """One name as it will be kept and printed: NFC, spaces trimmed and collapsed, 1 to 64 code points.

    Raises NameProblem with one of the codes empty, too_long, bad_character, no_letter, mixed_scripts or
    looks_like_link.
    """
    name = re.sub(" +", " ", unicodedata.normalize("NFC", text).replace("\u00a0", " ")).strip(" ")
    problem = _problem(name)
    if problem:
        raise NameProblem(problem)
    return name


def _problem(name: str) -> str | None:
    if not name:
        return "empty"
    if _LINK.search(name):
        return "looks_like_link"
    if not all(_may_stand(name, place) for place in range(len(name))):
        return "bad_character"
    if len(name) > LONGEST:
        return "too_long"
    if not any(_is_letter(character) for character in name):
        return "no_letter"
    scripts = {_script(character) for character in name if _is_letter(character)}
    return "mixed_scripts" if "LATIN" in scripts and scripts & _LOOKALIKES_OF_LATIN else None


def _may_stand(name: str, place: int) -> bool:
    character = name[place]
    if character in _PUNCTUATION:
        return True
    if character in _JOINERS:
        return _joins(name, place)
    if character in _BLANK or _is_compatibility_form(character):
        return False
    return _is_letter(character) or (_is_mark(character) and _is_well_placed_mark(name, place))


def _is_well_placed_mark(name: str, place: int) -> bool:
    """A mark belongs to a letter before it, with at most two other marks in between."""
    before = name[max(0, place - MARKS_IN_A_ROW) : place]
    stacked = len(before) == MARKS_IN_A_ROW and all(_is_mark(character) for character in before)
    previous = before[-1:]
    return not stacked and (_is_letter(previous) or _is_mark(previous) or previous in _JOINERS) and bool(previous)


def _joins(name: str, place: int) -> bool:
    """A zero-width (non-)joiner between two letters of a script whose spelling needs it."""
    neighbours = name[max(0, place - 1) : place], name[place + 1 : place + 2]
    return all(
        neighbour and unicodedata.category(neighbour)[0] in "LM" and _script(neighbour) in _JOINING_SCRIPTS
        for neighbour in neighbours
    )


def _is_letter(character: str) -> bool:
    return bool(character) and unicodedata.category(character).startswith("L")


def _is_mark(character: str) -> bool:
    return bool(character) and unicodedata.category(character).startswith("M")


def _is_compatibility_form(character: str) -> bool:
    """Full-width letters, ligatures and the like: other code points for what ordinary letters say."""
    return unicodedata.decomposition(character).startswith("<") and character not in _ORDINARY


def _script(character: str) -> str:
    return unicodedata.name(character, "").partition(" ")[0]


def _sentence(code: str) -> str:
    return {
        "empty": _("Please fill in your name."),
        "too_long": _("A name here has at most 64 characters."),
        "bad_character": _("A name can hold letters, spaces, hyphens, apostrophes and full stops only."),
        "no_letter": _("A name needs at least one letter."),
        "mixed_scripts": _("This name mixes letters of two alphabets that look alike. Please type it in one of them."),
        "looks_like_link": _("A name cannot look like a web address. If it has a full stop, type a space after it."),
    }[code]
