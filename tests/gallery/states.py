"""What follows a press on public pages and while an installation is set up: answers, refusals, and bad input."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from playwright.sync_api import Page

from tests.gallery.office import COURSE, Act, sent

# Name, address, which learner or member looks, the language chosen, and what is done there before the picture is taken.
State = tuple[str, str, str, str, Act | None]

LIST = "7KQ2-9FXD-M4TB-W8HC\nhttps://example.org/verify/0000-0000-0000-0000\nan order number: 12345"
DRAWING = "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


def learners_states(pages: dict[str, str]) -> Iterator[State]:
    claim = f"/claims/{COURSE}"
    wrong = sent(claim, first_name="4da", last_name="", email="ada at home")
    yield "claim-refused", claim, "ada", "", wrong
    yield "claim-refused-dutch", claim, "ada", "nl", wrong
    yield "claim-previewed", claim, "ada", "", _preview(claim)
    yield "devices-refused", "/devices", "ben", "", sent("/devices/code", code="ABCDE-FGH")
    yield "devices-made", "/devices", "ben", "", sent("/devices/links")
    yield "devices-recovery", "/devices", "ben", "", sent("/devices/recovery")
    yield "exam-sitting-dutch", pages["sitting"], "cleo", "nl", None
    yield "exam-unanswered", pages["sitting"], "cleo", "", _hand_in


def checkers_states(pages: dict[str, str]) -> Iterator[State]:
    yield "verify-mistyped", "/verify?number=7KQ2-9FXD-M4TB-W8H", "", "", None
    yield "verify-mistyped-dutch", "/verify?number=7KQ2-9FXD-M4TB-W8H", "", "nl", None
    yield "verify-list-answered", "/verify/list", "", "", sent("/verify/list", numbers=LIST + pages["valid"])
    yield "verify-list-empty", "/verify/list", "", "", sent("/verify/list")
    yield "verify-file-untouched", pages["valid"], "", "", _check(lambda pdf: pdf)
    yield "verify-file-altered", pages["valid"], "", "", _check(lambda pdf: pdf + b"%% more\n")
    yield "verify-file-of-others", pages["valid"], "", "", _check(lambda _pdf: b"%PDF-1.7\n%%EOF\n")
    yield "verify-file-no-pdf", pages["valid"], "", "nl", _check(lambda _pdf: b"a letter")


def setup_states() -> Iterator[State]:
    here = "/staff/setup"
    for step in ("", "/who", "/look", "/backups"):
        yield f"setup{step.replace('/', '-') or '-overview'}-dutch", here + step, "olga", "nl", None
    yield "setup-who-refused", f"{here}/who", "olga", "", sent(f"{here}/who", organisation_name="", site_name="")
    yield "setup-look-refused", f"{here}/look", "olga", "", _light_accent
    mail = {"host": "no.such.host.invalid", "port": "many"}
    yield "setup-mail-refused", f"{here}/mail", "olga", "", sent(f"{here}/mail", **mail)
    yield "setup-backups-folder", f"{here}/backups", "olga", "", _choose("folder")
    yield "setup-backups-bucket", f"{here}/backups", "olga", "", _choose("bucket")
    yield "setup-backups-bucket-refused", f"{here}/backups", "olga", "", _bucket_without_name
    yield "setup-recovery-key", f"{here}/backups", "olga", "", sent(f"{here}/recovery-key")
    yield "setup-recovery-key-dutch", f"{here}/backups", "olga", "nl", sent(f"{here}/recovery-key")
    yield "setup-recovery-key-refused", f"{here}/backups", "olga", "", _keep_nothing


def _preview(claim: str) -> Act:
    def act(page: Page) -> None:
        page.fill('[name="first_name"]', "Wilhelmina-Josephina")
        page.fill('[name="last_name"]', "van Oldenbarnevelt-Šćepanović")
        with page.expect_navigation():
            page.click(f'[formaction="{claim}/preview"]')

    return act


def _hand_in(page: Page) -> None:
    with page.expect_navigation():
        page.locator('#sitting [name="hand_in"]').click()


def _check(alter: Callable[[bytes], bytes]) -> Act:
    def act(page: Page) -> None:
        pdf = page.request.get(f"{page.url.split('?')[0]}.pdf").body()
        page.goto("/verify")
        file = {"name": "it.pdf", "mimeType": "application/pdf", "buffer": alter(pdf)}
        page.set_input_files('[name="file"]', file)  # type: ignore[arg-type]
        with page.expect_navigation():
            page.locator('form[action="/verify/file"] button').click()

    return act


def _light_accent(page: Page) -> None:
    page.fill('[name="accent"]', "#ffee00")
    drawing = {"name": "logo.svg", "mimeType": "image/svg+xml", "buffer": DRAWING.encode()}
    page.set_input_files('[name="logo_file"]', drawing)  # type: ignore[arg-type]
    with page.expect_navigation():
        page.locator("#look .btn--big").click()


def _choose(kind: str) -> Act:
    return lambda page: page.check(f'[name="kind"][value="{kind}"]')


def _bucket_without_name(page: Page) -> None:
    _choose("bucket")(page)
    page.fill('[name="endpoint"]', "not an address")
    with page.expect_navigation():
        page.locator('form[action="/staff/setup/backups"] .btn--big').click()


def _keep_nothing(page: Page) -> None:
    sent("/staff/setup/recovery-key")(page)
    sent("/staff/setup/recovery-key/kept")(page)
