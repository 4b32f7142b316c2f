"""What the engine must know of a script: its tag, what belongs together in it, and where its lines may break."""

import unicodedata
from functools import lru_cache

_JOINERS = "\u200c\u200d"
# The first word of a character's name, and the tag of ISO 15924 that HarfBuzz shapes by.
_TAGS = {
    **{"LATIN": "Latn", "GREEK": "Grek", "CYRILLIC": "Cyrl", "ARMENIAN": "Armn", "GEORGIAN": "Geor"},
    **{"HEBREW": "Hebr", "ARABIC": "Arab", "DEVANAGARI": "Deva", "BENGALI": "Beng", "GUJARATI": "Gujr"},
    **{"GURMUKHI": "Guru", "TAMIL": "Taml", "TELUGU": "Telu", "KANNADA": "Knda", "MALAYALAM": "Mlym"},
    **{"SINHALA": "Sinh", "THAI": "Thai", "LAO": "Laoo", "KHMER": "Khmr", "MYANMAR": "Mymr", "TIBETAN": "Tibt"},
    **{"ETHIOPIC": "Ethi", "CJK": "Hani", "HIRAGANA": "Hira", "KATAKANA": "Kana", "HANGUL": "Hang"},
    **{"KATAKANA-HIRAGANA": "Kana", "IDEOGRAPHIC": "Hani"},
}
_EAST_ASIAN = {"Hani", "Hira", "Kana", "Hang"}
# Written without blanks between words: a line may end after any letter with its marks.
_UNSPACED = {"Hani", "Hira", "Kana", "Thai", "Laoo", "Khmr"}


@lru_cache(maxsize=4096)
def script_of(character: str) -> str | None:
    """The script of a letter or mark; None for what every script uses."""
    return _TAGS.get(unicodedata.name(character, "").partition(" ")[0])


def graphemes(text: str) -> list[str]:
    """Letters with the marks and joiners that belong to them."""
    found: list[str] = []
    for character in text:
        if found and (unicodedata.category(character).startswith("M") or character in _JOINERS):
            found[-1] += character
        else:
            found.append(character)
    return found


def without_joiners(grapheme: str) -> str:
    """What a face must have a glyph for: joiners only say how their neighbours are shaped."""
    return grapheme.translate(dict.fromkeys(map(ord, _JOINERS)))


def may_break_between(one: str, other: str) -> bool:
    """Whether a line may end between two neighbouring graphemes that no blank or hyphen parts."""
    return script_of(one[0]) in _UNSPACED and script_of(other[0]) in _UNSPACED


def is_east_asian(name: str) -> bool:
    """Whether every letter is Han, Kana or Hangul: such names begin with the family's, and have no blank."""
    letters = [character for character in name if character.isalpha()]
    return bool(letters) and all(script_of(letter) in _EAST_ASIAN for letter in letters)


def has_han(name: str) -> bool:
    return any(script_of(character) == "Hani" for character in name)


def language_of(name: str) -> str | None:
    """The language that the letters of a name tell: Kana are Japanese, Hangul is Korean."""
    scripts = {script_of(character) for character in name}
    if scripts & {"Hira", "Kana"}:
        return "ja"
    return "ko" if "Hang" in scripts else None
