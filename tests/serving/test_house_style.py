"""The organisation's own colour and logo: checked at the start, readable in both themes, in one style sheet."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from certificates import READABLE, contrast
from university.serving.house_style import OURS, accents, own_files, static_files
from university.setting_checks import LIGHT_GROUND
from university.settings import SettingsError, read_settings

LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path d="M0 0h10v10H0z"/></svg>'
DARK_GROUNDS = ("#0d1110", "#141a18", "#19211e")


def settings(**given: Any) -> Any:
    return read_settings({f"UNIVERSITY_{name.upper()}": value for name, value in given.items()})


@given(st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}"))
def test_every_colour_is_readable_in_both_themes_or_refused(colour: str) -> None:
    if contrast(colour, LIGHT_GROUND) < READABLE:
        with pytest.raises(SettingsError, match="choose a darker colour"):
            settings(accent=colour)
        return
    light, dark = accents(settings(accent=colour))
    for theme, grounds in ((light, ("#fbfbf9", "#ffffff", LIGHT_GROUND)), (dark, DARK_GROUNDS)):
        for ink in (theme.accent, theme.strong):
            assert min(contrast(ink, ground) for ground in (*grounds, theme.wash)) >= READABLE - 0.3
            assert contrast(theme.on, ink) >= READABLE
    assert contrast("#13201c", light.wash) > 7
    assert contrast("#eef3f0", dark.wash) > 7


def test_a_colour_nobody_can_read_stops_the_start_and_is_named() -> None:
    with pytest.raises(SettingsError, match=r"UNIVERSITY_ACCENT: .*contrast with the page is 1\.\d.*darker"):
        settings(accent="#ffd400")
    with pytest.raises(SettingsError, match=r"UNIVERSITY_ACCENT: .*such as #0b6048"):
        settings(accent="green")


def test_without_a_setting_nothing_changes() -> None:
    assert accents(settings()) == OURS
    assert own_files(settings()) == {}


def test_colour_and_logo_come_in_the_one_style_sheet(tmp_path: Path) -> None:
    logo = tmp_path / "logo.svg"
    logo.write_text(LOGO)
    files = static_files(settings(accent="#7a1f5c", logo=str(logo), data=str(tmp_path / "data")))
    style = (files.folder / "style.css").read_text()
    assert re.search(r"@layer tokens\{:root\{--\w:light-dark\(#7a1f5c,#[0-9a-f]{6}\)", style)
    assert "mask:url(logo.svg)" in style
    assert "#7a1f5c" in (files.folder / "favicon.svg").read_text()
    assert (files.folder / "logo.svg").read_text() == LOGO
    assert files.build != static_files(settings(data=str(tmp_path / "data"))).build
