"""Settings are read once and loudly."""

from pathlib import Path

import pytest

from university.setting_checks import without_password
from university.setting_up import kept_settings
from university.settings import Settings, SettingsError, read_settings
from university.settings_file import written

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


# ---- chosen in the browser


def kept(folder: Path, text: str) -> Path:
    (folder / "settings.env").write_text(text, encoding="utf-8")
    return folder


def test_what_was_chosen_in_the_browser_counts_beneath_the_environment(tmp_path: Path) -> None:
    kept(tmp_path, 'UNIVERSITY_SITE_NAME="Boys\' Academy"\nUNIVERSITY_ACCENT="#123456"\n')
    settings = read_settings({"UNIVERSITY_DATA": str(tmp_path), "UNIVERSITY_ACCENT": "#0b6048"})
    assert (settings.site_name, settings.accent) == ("Boys' Academy", "#0b6048")
    assert [settings.is_fixed(name) for name in ("accent", "site_name")] == [True, False]


def test_the_file_of_the_browser_is_read_as_loudly_and_takes_no_other_settings(tmp_path: Path) -> None:
    environment = {"UNIVERSITY_DATA": str(tmp_path)}
    for line, sentence in (
        ("UNIVERSITY_TESTING=1", "UNIVERSITY_TESTING: cannot be set in settings.env"),
        ("UNIVERSITY_ACCENT=#eeeeee", r"UNIVERSITY_ACCENT: .* \(in settings.env\)"),
        ("UNIVERSITY_BASE_URL=https://learn.example.org", "UNIVERSITY_SMTP_URL is missing"),
        ("UNIVERSITY_LOGO=look/none.svg", "UNIVERSITY_LOGO: .*none.svg cannot be read"),
    ):
        kept(tmp_path, line)
        with pytest.raises(SettingsError, match=sentence):
            read_settings(environment)


def test_a_choice_is_kept_whole_and_private_and_a_wrong_one_not_at_all(tmp_path: Path) -> None:
    settings = read_settings({"UNIVERSITY_DATA": str(tmp_path), "UNIVERSITY_ACCENT": "#0b6048"})
    chosen = kept_settings.keep(settings, {"site_name": 'The "Open" School', "accent": "#123456"})
    assert (chosen.site_name, chosen.accent) == ('The "Open" School', "#0b6048")  # this machine wins
    file = tmp_path / "settings.env"
    before = file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600
    for wrong in ({"base_url": "https://learn.example.org"}, {"accent": "#123456", "mail_from": "x", "base_url": "x"}):
        with pytest.raises(SettingsError):
            kept_settings.keep(settings, wrong)
    with pytest.raises(ValueError, match="one line"):
        kept_settings.keep(settings, {"site_name": "one\nUNIVERSITY_ACCENT=two"})
    assert file.read_bytes() == before
    kept_settings.keep(settings, {"site_name": None})
    assert "Open" in (tmp_path / "settings.previous.env").read_text()
    assert kept_settings.coming(settings).site_name == "University"
    assert {path.name for path in tmp_path.iterdir()} == {"settings.env", "settings.previous.env", ".settings.lock"}


def test_a_write_that_fails_leaves_the_choice_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read_settings({"UNIVERSITY_DATA": str(tmp_path)})
    kept_settings.keep(settings, {"site_name": "First"})

    def torn(_values: object) -> bytes:
        return b'UNIVERSITY_SITE_NAME="Fir'

    with monkeypatch.context() as patch:
        patch.setattr(
            kept_settings, "written", lambda values: torn(values) if "Second" in str(values) else written(values)
        )
        with pytest.raises(SettingsError, match="does not say"):
            kept_settings.keep(settings, {"site_name": "Second"})
    assert kept_settings.coming(settings).site_name == "First"


def test_passwords_in_addresses_are_not_shown() -> None:
    for given, shown in (
        ("smtp://ada:s3%40cret@mail.example.org:587", "smtp://ada:***@mail.example.org:587"),
        (
            "s3://KEY:s3cret@bucket/p?endpoint=https://s3.example.org",
            "s3://KEY:***@bucket/p?endpoint=https://s3.example.org",
        ),
        ("/mnt/elsewhere", "/mnt/elsewhere"),
        ("https://learn.example.org", "https://learn.example.org"),
    ):
        assert without_password(given) == shown


@pytest.mark.parametrize("address", ["sqlite:///ledger", "postgresql://host/ledger", "postgresql+psycopg://host/main"])
def test_a_shared_ledger_is_on_another_postgresql_than_the_database(address: str) -> None:
    environment = {"UNIVERSITY_DATABASE_URL": "postgresql+psycopg://host/main", "UNIVERSITY_LEDGER_URL": address}
    with pytest.raises(SettingsError, match="UNIVERSITY_LEDGER_URL"):
        read_settings(environment)
