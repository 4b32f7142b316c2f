"""Colours and drawings: seen on a page and a certificate first, and refused where nobody could read them."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from litestar.testing import TestClient

from tests import crew
from tests.conftest import only_on
from university.setting_up import kept_settings
from university.setting_up.setup_pages import HERE
from university.settings import Settings

pytestmark = only_on("sqlite")
LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path d="M0 0h10v10H0z"/></svg>'
OTHER = LOGO.replace(b"h10v10", b"h9v9")
SCRIPT = LOGO.replace(b"<path", b"<script>alert(1)</script><path")
LOOK = {"accent": "#0b6048", "panel": "#0c2f2d", "engraving": "#cfae74", "logo": "", "signature": ""}


@pytest.fixture(autouse=True)
def _owner(olga: crew.Here) -> None:
    """Every test here is Olga's."""


def drawings(settings: Settings) -> list[Path]:
    return sorted((settings.data / "look").glob("*"))


def test_an_uploaded_logo_stays_with_the_form_and_is_kept_with_the_step(client: TestClient, settings: Settings) -> None:
    wrong = {**LOOK, "accent": "#ffd400"}
    answer = client.post(f"{HERE}/look", data=wrong, files={"logo_file": ("l.svg", LOGO)})
    assert answer.status_code == 422
    kept = BeautifulSoup(answer.text, "html.parser").select_one("input[name=logo]")
    assert kept is not None, "no browser gives a chosen file back"
    name = str(kept["value"])
    assert client.post(f"{HERE}/look", data={**LOOK, "accent": "#7a1f3d", "logo": name}).status_code == 303
    chosen = kept_settings.coming(settings)
    assert chosen.accent == "#7a1f3d"
    assert chosen.logo == settings.data / name
    assert drawings(settings) == [settings.data / name]
    client.post(f"{HERE}/look", data=LOOK, files={"logo_file": ("l.svg", OTHER)})
    client.post(f"{HERE}/look", data=LOOK, files={"logo_file": ("l.svg", SCRIPT)})
    assert len(drawings(settings)) == 2, "the present one and the one before it"
    assert client.post(f"{HERE}/look", data={**LOOK, "logo": name, "logo_none": "1"}).status_code == 303
    assert kept_settings.coming(settings).logo is None
    assert "accent" not in kept_settings.coming(settings).sources.kept, "our own colours are no choice"


def test_a_logo_that_the_preview_and_the_press_bring_at_once_is_kept(settings: Settings) -> None:
    with ThreadPoolExecutor(4) as both:
        names = set(both.map(lambda _time: kept_settings.keep_drawing(settings.data, LOGO), range(40)))
    assert drawings(settings) == [settings.data / name for name in names]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"accent": "#ffd400"}, "accent", "The contrast with the page is 1."),
        ({"accent": "green"}, "accent", "Must be a colour"),
        ({"engraving": "#0c2f2e"}, "panel", "the engraving needs 4.5 to be read"),
    ],
)
def test_what_nobody_could_read_is_refused_beside_its_field(
    client: TestClient, settings: Settings, changes: dict[str, str], field: str, words: str
) -> None:
    for path in ("look", "look/preview"):
        answer = client.post(f"{HERE}/{path}", data={**LOOK, **changes})
        assert answer.status_code == 422
        assert words in answer.text.partition(f'id="{field}-error"')[2].partition("</p>")[0]
    assert not (settings.data / "settings.env").exists()


def test_a_drawing_with_more_than_paths_is_refused(client: TestClient, settings: Settings) -> None:
    answer = client.post(f"{HERE}/look/preview", data=LOOK, files={"logo_file": ("l.svg", SCRIPT)})
    assert "the drawing has a script" in answer.text.partition('id="logo_file-error"')[2].partition("</p>")[0]
    assert drawings(settings) == []


def test_the_preview_is_drawn_by_the_code_of_real_pages_and_certificates(
    client: TestClient, settings: Settings
) -> None:
    kept_settings.keep(settings, {"site_name": "Harbour School"})
    page = client.post(f"{HERE}/look/preview", data={**LOOK, "accent": "#7a1f3d"}, files={"logo_file": ("l", LOGO)})
    drawn = BeautifulSoup(page.text, "html.parser").select_one("[data-preview]")
    assert drawn is not None
    assert "Harbour School" in drawn.text
    sheet = client.get(str(drawn.select_one("link")["href"]))  # type: ignore[index]
    assert sheet.headers["content-type"].startswith("text/css")
    assert re.search(r"\.look-preview\{--\w:light-dark\(#7a1f3d,", sheet.text)
    logo = client.get(sheet.text.partition("url(")[2].partition(")")[0])
    assert (logo.content, logo.headers["content-type"]) == (LOGO, "image/svg+xml")
    assert logo.headers["content-security-policy"] == "default-src 'none'; sandbox"
    image = client.get(str(drawn.select_one("img")["src"]))  # type: ignore[index]
    assert image.content.startswith(b"\x89PNG")
    usual = client.get(f"{HERE}/look/specimen.png?{urlencode(LOOK)}")
    assert usual.content != image.content
    assert "settings.env" not in {path.name for path in settings.data.iterdir() if "accent" in path.name}


def test_the_preview_takes_names_of_drawings_and_nothing_else(client: TestClient) -> None:
    for name in ("../keys/public.json", "look/../settings.env", "look/none.svg"):
        assert client.get(f"{HERE}/look/specimen.png?{urlencode({**LOOK, 'logo': name})}").status_code == 404
        assert client.get(f"{HERE}/look/colours.css?{urlencode({**LOOK, 'logo': name})}").status_code == 404
    assert client.get(f"{HERE}/look/..%2fsettings.env").status_code == 404
    assert client.get(f"{HERE}/look/colours.css?{urlencode({**LOOK, 'accent': 'red}}*{{'})}").status_code == 404
