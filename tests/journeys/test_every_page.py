"""Every page there is, as people with other eyes, hands and screens meet it.

One program in which everything there is to be seen has been done (the stage of the gallery), one browser, and for each
page what the Web Content Accessibility Guidelines 2.2 AA ask for: axe in both themes and both languages, 320 pixels
(400 % zoom of a usual window) and 200 % without a sideways scroll, a visible focus at every stop of the Tab key, no
motion where none is wanted, and edges that stay where the system brings its own colours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.gallery.scenes import REFUSED, Scene, scenes
from tests.gallery.stage import COURSE, Stage, set_up
from tests.journeys.conftest import CONTRAST, launched, violations

SNAPSHOTS = Path(__file__).parent / "names"
# What a screen reader is told of these, whole and in order, is read by people: see the folder beside this file.
MAIN_PAGES = ("catalogue", "course", "lesson", "verify", "verify-valid")
PHONE, NARROW, ZOOMED = {"width": 390, "height": 844}, {"width": 320, "height": 640}, {"width": 640, "height": 400}

# Sideways scrolling of the page itself; a table or a block of code may scroll within its own box.
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
MOVING = """() => [...document.querySelectorAll('*')].filter(one => {
    const style = getComputedStyle(one);
    const lasts = value => value.split(',').some(part => parseFloat(part) > 0.01);
    return lasts(style.transitionDuration) || (style.animationName !== 'none' && lasts(style.animationDuration));
}).map(one => one.outerHTML.slice(0, 120))"""
# A field or button that only its background makes visible is gone where the system brings its own colours.
WITHOUT_EDGE = """() => [...document.querySelectorAll('.button, input, select, textarea')]
    .filter(one => one.checkVisibility({visibilityProperty: true, opacityProperty: true}))
    .filter(one => !['hidden', 'checkbox', 'radio', 'file', 'color'].includes(one.type))
    .filter(one => one.getBoundingClientRect().width > 1)
    .filter(one => ![one, one.parentElement, one.parentElement.parentElement].some(
        box => parseFloat(getComputedStyle(box).borderBottomWidth) > 0))
    .map(one => one.outerHTML.slice(0, 120))"""
# Writes down every stop of the Tab key while it is walked, and whether the second round has begun.
NOTE_STOPS = """() => {
    const seen = new Set();
    window.stops = {around: false, unseen: []};
    const outlined = style => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    document.addEventListener('focusin', event => {
        const around = [event.target];
        while (around.length < 5 && around.at(-1).parentElement) around.push(around.at(-1).parentElement);
        window.stops.around ||= seen.has(event.target);
        seen.add(event.target);
        if (!around.some(box => outlined(getComputedStyle(box)))) {
            window.stops.unseen.push(event.target.outerHTML.slice(0, 120));
        }
    });
}"""
AT_ONCE = 25
MOST_STOPS = 400
# Each with a program of its own, so that both workers of a test run have something to do.
PARTS = 2
# A mail as it looks, in a sandbox where no script runs, axe neither; mails have tests of their own.
SANDBOXED = "mailbox-html"


@dataclass
class Findings:
    """What was found, by scene and sort; empty when all is well."""

    lines: list[str] = field(default_factory=list)

    def note(self, scene: str, sort: str, found: object) -> None:
        if found:
            self.lines.append(f"{scene}: {sort}: {found}")


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with set_up(tmp_path, with_others=False) as stage:
        yield stage


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_is_for_everybody(stage: Stage, part: int) -> None:
    findings = Findings()
    with launched() as browser:
        for scene in different_pages(stage)[part::PARTS]:
            with opened(browser, stage, scene) as page:
                in_dutch(page, stage, scene, findings)
                look_with_axe(page, scene, findings)
                make_narrow(page, scene, findings)
                leave_colours_to_the_system(page, scene, findings)
                walk_with_the_tab_key(page, scene, findings)
                if scene.name in MAIN_PAGES:
                    findings.note(scene.name, "is told otherwise than before", compare_names(page, scene))
    assert not findings.lines, "\n".join(findings.lines)


def different_pages(stage: Stage) -> list[Scene]:
    """Every page once, without what is done there, and in both languages without being asked for it."""
    pages: dict[object, Scene] = {}
    for scene in scenes(stage):
        if scene.name != SANDBOXED:
            plain = replace(scene, language="")
            pages.setdefault((scene.address, scene.who, scene.staff, scene.visitor), plain)
    return list(pages.values())


@contextmanager
def opened(browser: Browser, stage: Stage, scene: Scene) -> Iterator[Page]:
    address = stage.server.address
    context = browser.new_context(base_url=address, viewport=PHONE, color_scheme="light", reduced_motion="reduce")  # type: ignore[arg-type]
    cookies = {"e": stage.learners.get(scene.who), "s": stage.staff.get(scene.staff), "l": "nl"}
    cookies["p"] = stage.visitors.get(scene.visitor)
    context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items() if value])
    page = context.new_page()
    page.goto(scene.address)
    yield page
    context.close()


def in_dutch(page: Page, stage: Stage, scene: Scene, findings: Findings) -> None:
    """Looks at it in the other language first, and leaves the page in English."""
    findings.note(scene.name, "axe, in Dutch", violations(page))
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    findings.note(scene.name, "too wide for 320 pixels in Dutch", page.evaluate(TOO_WIDE))
    page.context.add_cookies([{"name": "l", "value": "en", "url": stage.server.address}])
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    answer = page.goto(scene.address)
    is_refused = answer is not None and answer.status >= 400
    findings.note(scene.name, "answers otherwise than meant", is_refused != (scene.name in REFUSED) and answer)


def look_with_axe(page: Page, scene: Scene, findings: Findings) -> None:
    findings.note(scene.name, "axe", violations(page))
    findings.note(scene.name, "moves all the same", page.evaluate(MOVING)[:3])
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    findings.note(scene.name, "axe, in the dark", violations(page, CONTRAST))


def make_narrow(page: Page, scene: Scene, findings: Findings) -> None:
    for words, size in (("320 pixels", NARROW), ("200 %", ZOOMED)):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        findings.note(scene.name, f"too wide for {words}, by pixels", page.evaluate(TOO_WIDE))


def leave_colours_to_the_system(page: Page, scene: Scene, findings: Findings) -> None:
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    findings.note(scene.name, "no edge in forced colours", page.evaluate(WITHOUT_EDGE)[:3])


def walk_with_the_tab_key(page: Page, scene: Scene, findings: Findings) -> None:
    """In forced colours still, where a focus drawn by a background or a shadow would be gone."""
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.evaluate(NOTE_STOPS)
    for _some in range(MOST_STOPS // AT_ONCE):
        for _stop in range(AT_ONCE):
            page.keyboard.press("Tab")
        stops = page.evaluate("window.stops")
        if stops["unseen"]:
            findings.note(scene.name, "focus cannot be seen", stops["unseen"][0])
            return
        if stops["around"]:
            return
    findings.note(scene.name, "a trap for the Tab key", page.evaluate("document.activeElement.outerHTML"))


def compare_names(page: Page, scene: Scene) -> str:
    """The difference to what is written beside this file, or an empty text. Days, hours and numbers may differ."""
    page.set_viewport_size({"width": 1360, "height": 860})
    told = without_figures(page.locator("body").aria_snapshot())
    path = SNAPSHOTS / f"{scene.name}.yaml"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        path.write_text(told)
        return f"{path.name} was missing and is written now: read it, then commit it"
    before = path.read_text()
    return "" if told == before else f"now it is\n{told}"


def without_figures(told: str) -> str:
    told = re.sub(r"http://localhost:\d+", "http://localhost", told)
    told = re.sub(r"\b[0-9A-Z]{4}(-[0-9A-Z]{4}){3}\b", "NUMBER", told, flags=re.IGNORECASE)
    told = re.sub(r"/static/[^/]+/", "/static/", told)
    return (
        re.sub(
            r"\d+( (January|February|March|April|May|June|July|August|September|October|November|December))?( \d{4})?",
            "#",
            told,
        )
        + "\n"
    )


def test_the_pages_whose_names_are_kept_are_there() -> None:
    assert COURSE
    assert {path.stem for path in SNAPSHOTS.glob("*.yaml")} == set(MAIN_PAGES)
