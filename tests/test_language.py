"""The pages speak Dutch and English, and every string of the program is in the catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from tests.static import static_files
from university import language
from university.app import make_templates
from university.keys.keyring import open_keyring
from university.language import LANGUAGES, TRANSLATIONS, choose_language, speaking
from university.settings import read_settings

ROOT = Path(__file__).parents[1]
KEYWORDS = {**DEFAULT_KEYWORDS, "marked": None, "N_": None}
JINJA = {"trim_blocks": "true", "newstyle_gettext": "true", "silent": "false"}
METHODS = [("bundled_courses/**", "ignore"), ("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
GLUED = re.compile(r"[a-zà-ž)][.?!:][”’)]?(?=[A-ZÀ-Ž%“])")


def source_strings() -> Iterator[str | tuple[str, ...]]:
    for package in ("university", "certificates"):
        found = extract_from_dir(
            ROOT / package,
            method_map=METHODS,
            options_map={"**.html": JINJA, "**.txt": JINJA},
            keywords=KEYWORDS,
        )
        yield from (message for _file, _line, message, _comments, _context in found)


def catalogue_of(code: str) -> Catalog:
    with (TRANSLATIONS / code / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=code)


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != "en"])
def test_every_string_is_translated(code: str) -> None:
    catalogue = catalogue_of(code)
    missing = []
    for source in source_strings():
        message = catalogue.get(source[0] if isinstance(source, tuple) else source)
        if message is None or message.fuzzy or not all(texts_of(message)):
            missing.append(source)
    assert not missing, f"{len(missing)} strings without {code}, the first: {missing[:5]}"


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != "en"])
def test_translations_keep_their_placeholders(code: str) -> None:
    for message in catalogue_of(code):
        if message.id:
            sources = message.id if isinstance(message.id, tuple) else (message.id,)
            wanted = {name for source in sources for name in PLACEHOLDER.findall(source)}
            for text in texts_of(message):
                assert set(PLACEHOLDER.findall(text)) <= wanted, message.id
                assert isinstance(message.id, tuple) or set(PLACEHOLDER.findall(text)) == wanted, message.id


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != "en"])
def test_no_translation_has_another_text_glued_to_its_end(code: str) -> None:
    """What a merge of two catalogues line by line can leave behind."""
    for message in catalogue_of(code):
        sources = message.id if isinstance(message.id, tuple) else (message.id,)
        if message.id and not any(GLUED.search(source) for source in sources):
            assert not any(GLUED.search(text) for text in texts_of(message)), message.string


def texts_of(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, (tuple, list)) else [message.string]


def test_the_visitors_choice_wins_over_the_course_and_the_browser() -> None:
    assert choose_language("en", "nl", "nl") == "en"
    assert choose_language(None, "en", "nl-BE") == "nl"
    assert choose_language(None, "fr, nl;q=0.7, en;q=0.3") == "nl"
    assert choose_language("xx", "zz;q=abc", "de") == "en"


def test_dates_numbers_and_durations_are_written_the_way_people_write_them() -> None:
    with speaking("nl"):
        assert language.format_date(date(2026, 11, 14)) == "14 november 2026"
        assert language.format_number(1234.5) == "1.234,5"
        assert [language.format_digits(Decimal(n)) for n in ("1234.50000", "0.00001")] == ["1234,50000", "0,00001"]
    with speaking("en"):
        assert language.format_date(date(2026, 11, 14)) == "14 November 2026"
        assert language.format_datetime(datetime(2026, 11, 14, 9, 5, tzinfo=UTC)) == "14 November 2026 at 09:05 UTC"
        assert [language.format_duration(n) for n in (5, 60, 100)] == ["5 min", "1 h", "1 h 40 min"]


def test_a_language_we_do_not_speak_falls_back_to_english() -> None:
    with speaking("fr"):
        assert language.current_language() == "en"
    assert language.direction("ar") == "rtl"
    assert language.direction("not a tag") == "ltr"


def test_a_language_is_added_by_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One file, here of a language that runs from the right: switch, direction, dates and words follow."""
    folder = tmp_path / "ar" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text('msgid ""\nmsgstr ""\n\nmsgid "Courses"\nmsgstr "الدورات"\n', encoding="utf-8")
    found = language.find_languages(tmp_path)
    assert found == {"en": "English", "ar": "العربية"}
    monkeypatch.setattr(language, "TRANSLATIONS", tmp_path)
    monkeypatch.setattr(language, "LANGUAGES", found)
    language.catalogue.cache_clear()
    try:
        settings = read_settings({"UNIVERSITY_DATA": str(tmp_path / "data")})
        templates = make_templates(settings, static_files(), open_keyring(settings))
        with speaking("ar"):
            header = templates.get_template("layout/header.html").render(here="courses", language="ar")
            assert language.gettext("Courses") == "الدورات"
            assert "نوفمبر" in language.format_date(date(2026, 11, 14))
        assert 'value="ar" lang="ar"' in header
        assert "الدورات" in header
        assert (language.direction("ar"), language.locale_name("ar"), language.locale_name("nl")) == (
            "rtl",
            "ar_EG",
            "nl_NL",
        )
    finally:
        language.catalogue.cache_clear()
