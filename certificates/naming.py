"""How a name is set, from its letters alone: which part comes first, and in which language Han is drawn."""

from certificates.certificate import Holder
from certificates.rendering.text.scripts import has_han, is_east_asian, language_of


def make_holder(first_name: str, last_name: str, course_language: str) -> Holder:
    """The holder with what the letters say: a name wholly of Han, Kana or Hangul begins with the family's.

    Kana are Japanese and Hangul is Korean; Han alone is drawn as in the course's language where that writes it, else
    as in Chinese.
    """
    both, written = first_name + last_name, course_language.partition("-")[0]
    language = language_of(both)
    if language is None and has_han(both):
        language = written if written in ("ja", "ko") else "zh"
    return Holder(first_name, last_name, family_first=is_east_asian(both), name_language=language)
