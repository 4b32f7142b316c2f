"""The look: nothing inline, nothing missing, readable colours, and macros that keep labels and errors together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from jinja2 import Environment

import university
from tests.static import static_files
from university.app import make_templates
from university.keys.keyring import KeyRing
from university.language import speaking
from university.serving.style_sheets import joined, served, shorten
from university.settings import read_settings

HERE = Path(university.__file__).parent
SHEETS = {name: joined(HERE / "static" / name) for name in ("style", "staff")}
STYLE = SHEETS["style"]
ICONS = set(re.findall(r'<symbol id="([^"]+)"', (HERE / "static" / "icons.svg").read_text()))
TEMPLATES = sorted(HERE.rglob("*.html"))


@pytest.fixture
def templates(tmp_path: Path) -> Environment:
    settings = read_settings({"UNIVERSITY_DATA": str(tmp_path), "UNIVERSITY_TESTING": "1"})
    return make_templates(settings, static_files(), KeyRing(settings.data / "keys"))


def render(templates: Environment, source: str, **values: object) -> str:
    imports = (
        '{% from "layout/forms.html" import choice, error_summary, field, form %}'
        '{% from "layout/parts.html" import certificate_picture, cover, cover_tone, pagination %}'
    )
    with speaking("en"):
        return templates.from_string(imports + source).render(language="en", direction="ltr", **values)


@pytest.mark.parametrize("page", TEMPLATES, ids=lambda page: str(page.relative_to(HERE)))
def test_every_icon_and_file_that_a_page_names_is_there(page: Path) -> None:
    source = page.read_text()
    assert set(re.findall(r'\bicon\("([^"]+)"', source)) <= ICONS
    for font in re.findall(r'\bearly\("([^"]+)"\)', source):
        assert (HERE / "static" / "fonts" / f"{font}.woff2").is_file(), font
    for name in re.findall(r'\bstatic\("([^"]+)"\)', source):
        assert (HERE / "static" / name).is_file() or name.removesuffix(".css") in SHEETS, name


def test_every_file_that_the_style_sheet_names_is_there() -> None:
    named = re.findall(r"url\(([^)]+)\)", STYLE)
    assert named
    for name in named:
        assert (HERE / "static" / name).is_file(), name


def test_the_one_sheet_of_public_pages_stays_below_35_kilobytes() -> None:
    """As it is served, before it is compressed."""
    folder = static_files().folder
    assert (folder / "style.css").stat().st_size < 35_000
    assert (folder / "staff.css").stat().st_size < 35_000


def test_public_pages_load_one_sheet_and_staff_pages_one_more() -> None:
    loading = {
        str(page.relative_to(HERE)): sheets
        for page in TEMPLATES
        if (sheets := re.findall(r'static\("(\w+\.css)"', page.read_text()))
    }
    assert loading == {
        "layout/head.html": ["style.css"],
        "layout/staff.html": ["staff.css"],
        "layout/components.html": ["staff.css"],
    }


def test_no_class_means_one_thing_on_public_and_another_on_staff_pages() -> None:
    """The question about statistics once lent the editor's dialogs its shape."""
    assert not re.search(r"(?m)^  \.ask\b", SHEETS["staff"])


def test_a_served_style_sheet_means_the_same_in_fewer_bytes() -> None:
    sheet = (static_files().folder / "style.css").read_text()
    assert len(sheet) < len(STYLE) * 0.8
    assert sheet.count("{") == STYLE.count("{")
    assert shorten("/* no */ a > b :hover { color : red; margin: 0 calc(1px + 2px); }\n") == (
        "a>b :hover{color :red;margin:0 calc(1px + 2px)}"
    )
    assert shorten('@media (width <= 40rem) { i[type="radio"] { color: #aabbcc; } }') == (
        "@media(width<=40rem){i[type=radio]{color:#abc}}"
    )


def test_tokens_have_the_same_short_names_in_both_sheets() -> None:
    sheets, names = served(
        {
            "a.css": ":root { --ink: red; --line: blue; } .b--ink { color: var(--ink); }",
            "b.css": "i { color: var(--line); }",
        }
    )
    assert sheets == {
        "a.css": b":root{--a:red;--b:blue}.b--ink{color:var(--a)}",
        "b.css": b"i{color:var(--b)}",
    }
    assert names == {"--ink": "--a", "--line": "--b"}


def test_every_token_that_is_used_is_set() -> None:
    both = "\n".join(SHEETS.values())
    assert set(re.findall(r"var\((--[\w-]+)\)", both)) <= set(re.findall(r"(--[\w-]+):", both))


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def tokens(theme: int) -> dict[str, str]:
    """Colour tokens of one theme: 0 light, 1 dark."""
    found = re.findall(r"--([\w-]+):\s*light-dark\((#\w{6}), (#\w{6})\)", STYLE)
    return {name: (light, dark)[theme] for name, light, dark in found}


def pairs_of_text() -> Iterator[tuple[str, str]]:
    for ink in ("ink", "ink-2", "ink-3", "accent", "accent-strong", "gold", "bad", "info"):
        for ground in ("paper", "surface", "sunken"):
            yield ink, ground
    yield from (("on-accent", "accent"), ("on-accent", "accent-strong"), ("paper", "ink"))
    for tone in ("accent", "gold", "bad", "info"):
        yield from ((tone, f"{tone}-wash"), ("ink", f"{tone}-wash"), ("ink-2", f"{tone}-wash"))


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_text_can_be_read_on_every_ground(theme: int) -> None:
    colours = tokens(theme)
    weak = [pair for pair in pairs_of_text() if contrast(colours[pair[0]], colours[pair[1]]) < 4.5]
    assert weak == []


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_edges_of_fields_and_focus_can_be_seen(theme: int) -> None:
    colours = tokens(theme)
    for edge in ("edge", "focus"):
        assert min(contrast(colours[edge], colours[ground]) for ground in ("paper", "surface")) >= 3


def test_a_field_is_tied_to_its_hint_and_its_error(templates: Environment) -> None:
    page = render(templates, '{{ field("email", "E-mail", "ada", "Enter an address.", "We send a link.") }}')
    assert 'aria-describedby="email-hint email-error"' in page
    assert 'aria-invalid="true"' in page
    assert 'id="email-hint"' in page
    assert 'id="email-error"' in page
    assert 'value="ada"' in page


def test_a_field_without_error_is_not_marked_invalid(templates: Environment) -> None:
    assert "aria-invalid" not in render(templates, '{{ field("email", "E-mail") }}')


def test_what_people_typed_is_escaped(templates: Environment) -> None:
    hostile = "\"><script>alert('x')</script>"
    page = render(
        templates,
        '{{ field("a", hostile, hostile, hostile, hostile, unit=hostile, placeholder=hostile) }}'
        '{{ choice("radio", "a", hostile, hostile, note=hostile) }}{{ error_summary({"a": hostile}) }}'
        "{{ certificate_picture(hostile, hostile, hostile, hostile) }}{{ cover(hostile) }}",
        hostile=hostile,
    )
    assert "<script" not in page
    assert '""' not in page


def test_a_form_brings_its_token(templates: Environment) -> None:
    page = render(templates, '{% call form("/x") %}fields{% endcall %}')
    assert re.search(r'name="form_token" value="[0-9a-f]+\.[0-9a-f]{32}"', page)


def test_an_answer_is_marked_in_words_and_shape(templates: Environment) -> None:
    page = render(templates, '{{ choice("checkbox", "q", "a", "A", checked=true, mark="wrong") }}')
    assert "opt--wrong" in page
    assert "#cross" in page
    assert "Not right" in page


def test_every_error_in_the_summary_leads_to_its_field(templates: Environment) -> None:
    page = render(templates, '{{ error_summary({"first_name": "Enter a name.", "email": "Enter an address."}) }}')
    assert 'href="#first_name"' in page
    assert 'href="#email"' in page
    assert "2 things" in page
    assert render(templates, "{{ error_summary({}) }}").strip() == ""


def test_a_cover_follows_from_the_slug_and_differs_between_courses(templates: Environment) -> None:
    source = "{{ cover_tone(slug) }}{{ cover(slug) }}"
    covers = [render(templates, source, slug=f"course-{number}") for number in range(40)]
    assert covers[0] == render(templates, source, slug="course-0")
    assert len(set(covers)) > 30


@pytest.mark.parametrize("page", range(1, 13))
def test_page_numbers_never_skip_one_silently(templates: Environment, page: int) -> None:
    shown = render(templates, '{{ pagination(page, 12, "/?page=") }}', page=page)
    numbers = re.findall(r"</span>(\d+)</a>|<span>(…)</span>", shown)
    seen = [int(number) if number else None for number, _gap in numbers]
    for before, after in pairwise(seen):
        assert before is None or after is None or after == before + 1
    assert seen[0] == 1
    assert seen[-1] == 12


def test_a_fragment_speaks_the_language_of_each_page(templates: Environment) -> None:
    source = templates.from_string('{{ fragment("layout/header.html", here="verify") }}')
    with speaking("en"):
        english = source.render()
    with speaking("nl"):
        dutch = source.render()
    assert 'lang="en" aria-current="true"' in english
    assert 'lang="nl" aria-current="true"' in dutch
    assert 'href="/verify" aria-current="true"' in english


def test_the_language_switch_comes_back_to_the_page_it_was_used_on(templates: Environment) -> None:
    page = templates.get_template("layout/error.html")
    values = {"language": "en", "direction": "ltr", "request_id": "r", "title": "T", "sentence": "S", "staff": None}
    with speaking("en"):
        first, second = page.render(path="/verify", **values), page.render(path='/"><b>', **values)
    assert 'name="next" value="/verify" form="language"' in first
    assert 'name="next" value="/&#34;&gt;&lt;b&gt;" form="language"' in second


def test_colours_are_named_in_one_place() -> None:
    names = re.findall(r"(?m)^\s+--((?:on-)?accent[\w-]*):", STYLE)
    assert names == ["accent", "accent-strong", "on-accent", "accent-wash"]
