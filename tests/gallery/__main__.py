"""Takes the pictures of the README anew: python -m tests.gallery"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from tests.journeys.conftest import launched
from tests.live import LiveServer

HERE = Path(__file__).parent
LESSON = "/courses/personal-data-in-plain-words/what-counts"
SIZE = {"width": 1360, "height": 860}


def take(browser: Browser, address: str, name: str, **options: str) -> None:
    page = browser.new_context(viewport=SIZE, **options).new_page()  # type: ignore[arg-type]
    page.goto(address)
    page.screenshot(path=HERE / f"{name}.png")


def draw_certificate(server: LiveServer, folder: Path) -> None:
    server.run("sample", "--name", "Zoë Šćepanović-Nguyễn", "--out", str(folder))
    [pdf] = folder.glob("*.pdf")
    subprocess.run(["pdftoppm", "-r", "80", "-png", "-singlefile", pdf, HERE / "certificate"], check=True)


def make_small(path: Path) -> None:
    """128 colours are enough for a page of text, and a third of the bytes."""
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(128)
    small.save(path, optimize=True)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, launched() as browser, LiveServer(Path(folder) / "data") as server:
        take(browser, f"{server.address}/", "catalogue")
        take(browser, server.address + LESSON, "lesson", color_scheme="dark")
        draw_certificate(server, Path(folder) / "certificates")
    for path in HERE.glob("*.png"):
        make_small(path)


main()
