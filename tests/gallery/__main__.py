"""Pictures of every page, standing and mail, on a phone, a tablet and a desk, in light and in dark.

python -m tests.gallery                                        into build/gallery, with an index.html; the README's too
python -m tests.gallery --only PART-OF-A-NAME [--width 390]    some of them
python -m tests.gallery --readme                               the few pictures of the README alone
"""

from __future__ import annotations

import argparse
import base64
import html
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path
from typing import Literal
from uuid import UUID

from PIL import Image
from playwright.sync_api import Browser, Error, Page

from tests.gallery.rights import draw_receipts, every_mail
from tests.gallery.scenes import REFUSED, Scene, scenes
from tests.gallery.stage import COURSE, NOBODY, Stage, draw_certificate, set_up, without_record
from tests.journeys.conftest import launched
from tests.live import LiveServer
from university import clock
from university.database import Database
from university.models import JobRun, LocalMail
from university.settings import read_settings

HERE = Path(__file__).parent
BUILD = HERE.parents[1] / "build" / "gallery"
WIDTHS = {390: 844, 820: 1180, 1360: 860}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
README_SIZE = {"width": 1360, "height": 860}


@dataclass
class Gallery:
    """Takes pictures into a folder; `only` and `widths` narrow what is taken."""

    browser: Browser
    folder: Path
    only: tuple[str, ...]
    widths: tuple[int, ...]
    taken: dict[str, list[str]] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def wants(self, name: str) -> bool:
        return not self.only or any(part in name for part in self.only)

    def take(self, server: LiveServer, scene: Scene, **cookies: str) -> None:
        """The page is opened once; what is to be done there is done once, and looked at in every theme and width."""
        with self._page(server.address, l=scene.language, **cookies) as page:
            try:
                answer = page.goto(scene.address)
                if scene.act:
                    scene.act(page)
                if scene.press:
                    page.get_by_role("button", name=scene.press).first.click()
                    page.wait_for_load_state()
            except Error as error:  # the others are pictured all the same
                self.failed.append(f"{scene.name}: {error.message.splitlines()[0]}")
                return
            if answer and answer.status >= 400 and scene.name not in REFUSED:
                self.failed.append(f"{scene.name}: answered {answer.status}")
            self._shoot(page, scene.name)

    def take_mail(self, name: str, text: str) -> None:
        with self._page("about:blank") as page:
            page.set_content(text)
            self._shoot(page, name)

    @contextmanager
    def _page(self, address: str, **cookies: str) -> Iterator[Page]:
        context = self.browser.new_context(base_url=address, reduced_motion="reduce")
        context.add_cookies(
            [{"name": name, "value": value, "url": address} for name, value in cookies.items() if value]
        )
        yield context.new_page()
        context.close()

    def _shoot(self, page: Page, name: str) -> None:
        camera = page.context.new_cdp_session(page)
        for width in self.widths:
            page.set_viewport_size({"width": width, "height": WIDTHS[width]})
            for theme in THEMES:
                page.emulate_media(color_scheme=theme)
                height = page.evaluate("document.fonts.ready.then(() => document.documentElement.scrollHeight)")
                whole = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
                # Playwright's own pictures take three times as long: it makes the window as high as the page first.
                taken = camera.send(
                    "Page.captureScreenshot",
                    {"captureBeyondViewport": True, "optimizeForSpeed": True, "clip": whole},
                )
                picture = f"{name}-{width}-{theme}.png"
                (self.folder / picture).write_bytes(base64.b64decode(taken["data"]))
                self.taken.setdefault(name, []).append(picture)

    def write_index(self) -> None:
        rows = (
            f"<h2>{html.escape(name)}</h2>"
            + "".join(
                f'<a href="{file}"><img src="{file}" width="200" loading="lazy" alt="{file}"></a> ' for file in files
            )
            for name, files in self.taken.items()
        )
        head = "<!doctype html><meta charset=utf-8><title>Gallery</title><body style='font-family:sans-serif'>"
        (self.folder / "index.html").write_text(head + "\n".join(rows))


def take_all(gallery: Gallery, stage: Stage, folder: Path) -> None:
    for scene in scenes(stage):
        if gallery.wants(scene.name):
            cookies = {"e": stage.learners.get(scene.who, ""), "s": stage.staff.get(scene.staff, "")}
            with reading(stage) if scene.while_reading else nullcontext():
                gallery.take(stage.server, scene, **cookies, p=stage.visitors.get(scene.visitor, ""))
    for name, text in [*mails(stage), *every_mail(folder)]:
        if gallery.wants(name):
            gallery.take_mail(name, text)
    if gallery.wants("receipt-paper"):
        for name, picture in draw_receipts(read_settings(stage.server.environment), gallery.folder):
            gallery.taken[name] = [picture]
    if gallery.wants("verify-unchecked"):
        with without_record(folder) as server:
            gallery.take(server, Scene("verify-unchecked", f"/verify/{NOBODY}"))
    gallery.write_index()


@contextmanager
def reading(stage: Stage) -> Iterator[None]:
    """Somebody reads what was written last, and does not end."""
    database = Database(read_settings(stage.server.environment))
    with database.writing() as session:
        session.merge(JobRun(name="gallery", succeeded_at=clock.now(), failures=0))
    with database.reading() as session:
        session.get(JobRun, "gallery")
        yield
    database.close()


def mails(stage: Stage) -> Iterator[tuple[str, str]]:
    """The HTML parts, as a mail program would show them."""
    database = Database(read_settings(stage.server.environment))
    with database.reading() as session:
        for name, id_ in stage.mails.items():
            message = message_from_bytes(session.get_one(LocalMail, UUID(id_)).message, policy=policy.default)
            body = message.get_body(("html",))
            if body:
                yield name, body.get_content()
    database.close()


def take_readme(browser: Browser, stage: Stage, folder: Path) -> None:
    lesson = f"/courses/{COURSE}/what-counts"
    for name, address, theme in (("catalogue", "/", "light"), ("lesson", lesson, "dark")):
        context = browser.new_context(viewport=README_SIZE, color_scheme=theme)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(stage.server.address + address)
        page.screenshot(path=HERE / f"{name}.png")
        context.close()
    draw_certificate(stage.server, folder / "certificates", HERE / "certificate")
    for path in HERE.glob("*.png"):
        make_small(path)


def make_small(path: Path) -> None:
    """128 colours are enough for a page of text, and a third of the bytes."""
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(128)
    small.save(path, optimize=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.gallery", description=__doc__)
    parser.add_argument("--only", action="append", help="take what has this in its name (may be repeated)")
    parser.add_argument("--width", type=int, action="append", choices=WIDTHS, help="one width (may be repeated)")
    parser.add_argument("--readme", action="store_true", help="the pictures of the README alone")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, launched() as browser, set_up(Path(folder)) as stage:
        if not asked.only:
            take_readme(browser, stage, Path(folder))
        if asked.readme:
            return
        BUILD.mkdir(parents=True, exist_ok=True)
        gallery = Gallery(browser, BUILD, tuple(asked.only or ()), tuple(asked.width or WIDTHS))
        take_all(gallery, stage, Path(folder))
    print(f"{sum(map(len, gallery.taken.values()))} pictures in {BUILD}")
    if gallery.failed:
        sys.exit("\n".join(["Without a picture of what they should show:", *gallery.failed]))


if __name__ == "__main__":
    main()
