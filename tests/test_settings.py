"""Settings are read once and loudly."""

from pathlib import Path

import pytest

from university.settings import Settings, SettingsError, read_settings

README = Path(__file__).parents[1] / "README.md"


def test_every_setting_is_documented() -> None:
    text = README.read_text(encoding="utf-8")
    assert not [name for name in Settings.model_fields if f"`UNIVERSITY_{name.upper()}`" not in text]


def test_an_unknown_setting_stops_the_start_and_is_named() -> None:
    with pytest.raises(SettingsError, match="UNIVERSITY_COLOUR: there is no such setting"):
        read_settings({"UNIVERSITY_COLOUR": "green"})


def test_every_wrong_setting_is_named_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings({"UNIVERSITY_BASE_URL": "ftp://x", "UNIVERSITY_PROCESSES": "none"})
    assert "UNIVERSITY_BASE_URL" in str(caught.value)
    assert "UNIVERSITY_PROCESSES" in str(caught.value)


def test_a_public_site_needs_https_and_a_mail_server() -> None:
    with pytest.raises(SettingsError, match="must be https"):
        read_settings({"UNIVERSITY_BASE_URL": "http://learn.example.org"})
    with pytest.raises(SettingsError, match="UNIVERSITY_SMTP_URL is missing"):
        read_settings({"UNIVERSITY_BASE_URL": "https://learn.example.org"})


def test_colours_that_cannot_be_read_and_drawings_that_are_none_stop_the_start(tmp_path: Path) -> None:
    unusable = tmp_path / "logo.svg"
    unusable.write_text("<svg/>", encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        read_settings(
            {
                "UNIVERSITY_CERTIFICATE_COLOURS": "#0c2f2d,#1c3f3d",
                "UNIVERSITY_LOGO": str(unusable),
                "UNIVERSITY_SIGNATURE": str(tmp_path / "nowhere.svg"),
            }
        )
    assert "UNIVERSITY_CERTIFICATE_COLOURS: Value error, the contrast is 1." in str(caught.value)
    assert "UNIVERSITY_LOGO" in str(caught.value)
    assert "nowhere.svg cannot be read" in str(caught.value)


def test_a_failpoint_outside_of_tests_stops_the_start() -> None:
    with pytest.raises(SettingsError, match="UNIVERSITY_TESTING"):
        read_settings({"UNIVERSITY_FAIL_AT": "after_ledger"})
