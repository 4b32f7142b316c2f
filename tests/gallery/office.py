"""Pages of those who work there: certificates, cases, figures, questions, and what follows a press."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

from playwright.sync_api import Page
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests import crew
from tests.course_folders.imports.packing import packed
from tests.course_folders.imports.test_packages import cartridge
from university import clock
from university.keys.secret_hashes import hashed
from university.learning.short_codes import short_code
from university.models import Enrolment, StaffSession
from university.rights.cases import decide, open_case
from university.settings import Settings

Act = Callable[[Page], None]
# Name, address, who looks, and what is done there before the picture is taken.
Scene = tuple[str, str, str, Act | None]

COURSE = "personal-data-in-plain-words"
PASSWORD, SEED = "four lighthouses on a rock", bytes(20)
CLASS = "Ada, Lovelace, ada@example.org\nNoor, van den Berg, noor@example.org\nZoë, Šćepanović, zoe@example.org"
MISTAKES = "Ada, Lovelace, ada at home\nB3n, Nobody, ben@example.org\nonly two, columns"
QUESTIONS = """::Longest:: Which river is the longest of these? { ~Maas =Rijn ~Vecht }

::Deltas:: A delta is where a river ends. {T}

::Essay:: Tell us about a river you know. {}
"""


def prepare_office(session: Session, settings: Settings, learner: str) -> dict[str, str]:
    """A privacy case somebody has decided, another one that waits, and a code for extra time."""
    session.execute(update(StaffSession).values(auth_at=clock.now() + timedelta(hours=1)))  # a factor, shown just now
    priya = crew.make_member(session, "priya")
    decided = open_case(session, settings, "erasure", language="en", contact="ada@example.org")
    decide(session, decided, priya.id, "granted")
    waiting = open_case(session, settings, "access", language="nl", contact="noor@example.org")
    waiting.due_on = clock.now().date() - timedelta(days=1)
    enrolment = session.scalars(select(Enrolment).where(Enrolment.secret_sha256 == hashed(learner))).one()
    return {"case": f"/registry/cases/{decided.number}", "code": short_code(enrolment.id)}


def office_scenes(pages: dict[str, str]) -> Iterator[Scene]:
    yield from _registry(pages)
    yield from _cases(pages)
    yield from _accounts()
    yield from _course(f"/editor/courses/{COURSE}")
    yield from _questions(f"/editor/courses/{COURSE}/questions")
    # Last: it ends the sign-in that all others of Grace's are seen with.
    yield "account-recovery-codes", "/staff/account", "grace", sent("/staff/account/recovery-codes")


def _registry(pages: dict[str, str]) -> Iterator[Scene]:
    valid = pages["valid"].replace("/verify/", "/registry/")
    yield "registry", "/registry", "priya", None
    yield "registry-found", "/registry", "priya", sent("/registry/people", email="ada@example.org")
    yield "registry-certificate", valid, "priya", None
    yield "registry-contact", valid, "priya", sent(f"{valid}/contact")
    yield "registry-sent-again", valid, "priya", sent(f"{valid}/resend")
    yield "registry-taken-back", pages["revoked"].replace("/verify/", "/registry/"), "priya", None
    yield "registry-take-back", f"{valid}/revoke", "priya", None
    yield "registry-take-back-unsaid", f"{valid}/revoke", "priya", sent(f"{valid}/revoke")
    yield "registry-correct", f"{valid}/correct", "priya", None
    yield "registry-classes", "/registry/classes", "priya", None
    yield "registry-classes-checked", "/registry/classes", "priya", sent("/registry/classes", people=CLASS)
    yield "registry-classes-mistakes", "/registry/classes", "priya", sent("/registry/classes", people=MISTAKES)
    extra = "/registry/extra-time"
    yield "registry-extra-time", extra, "priya", None
    yield "registry-extra-time-given", extra, "priya", sent(extra, course=COURSE, code=pages["code"], extra="50%")
    yield "registry-extra-time-refused", extra, "priya", sent(extra, code="12 34", extra="")
    yield "registry-log", "/registry/log", "priya", None


def _cases(pages: dict[str, str]) -> Iterator[Scene]:
    yield "casework", "/registry/cases", "priya", None
    yield "casework-one", pages["case"], "olga", None
    yield "casework-contact", pages["case"], "priya", sent(f"{pages['case']}/contact")


def _accounts() -> Iterator[Scene]:
    yield "account-address", "/staff/account/address", "grace", None
    asked = sent("/staff/account/address", email="grace@example.net")
    yield "account-address-asked", "/staff/account/address", "grace", asked
    yield "colleagues-link", "/staff/accounts", "olga", _invite
    yield "sign-in-with-work-kept", "/staff/account", "grace", _lose_sign_in
    yield "sign-in-go-on", "/staff/account", "grace", _sign_in_again
    yield "sign-in-send-again", "/staff/account", "olga", _lose_token


def _course(course: str) -> Iterator[Scene]:
    yield "publish", f"{course}/publish", "olga", None
    yield "figures", "/figures", "olga", None
    yield "figures-course", f"{course}/figures", "grace", None
    yield "imports-course", "/editor/exchange", "grace", None
    yield "imports-course-checked", "/editor/exchange", "grace", _look_at_cartridge
    yield "imports-questions", f"{course}/exchange", "grace", None
    yield "editor-course-preview", f"{course}/preview", "grace", None


def _questions(questions: str) -> Iterator[Scene]:
    quiz = f"{questions}/what-counts-quiz"
    yield "builder", questions, "grace", None
    yield "builder-quiz", quiz, "grace", None
    yield "builder-exam", f"{questions}/final-exam", "grace", None
    yield "builder-question", f"{quiz}/1", "grace", None
    yield "builder-paste", f"{quiz}/paste", "grace", None
    yield "builder-pasted", f"{quiz}/paste", "grace", _paste


def sent(action: str, **fields: str) -> Act:
    """Fills in the form to this address and sends it."""

    def act(page: Page) -> None:
        form = page.locator(f'main form[action="{action}"]').first
        for name, value in fields.items():
            field = form.locator(f'[name="{name}"]').first
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        with page.expect_navigation():
            form.locator("button").first.click()

    return act


def _invite(page: Page) -> None:
    form = page.locator('form[action="/staff/accounts"]')
    form.locator('[name="email"]').fill("noor@example.org")
    form.locator('[name="roles"]').first.check()
    with page.expect_navigation():
        form.locator("button").last.click()


def _lose_sign_in(page: Page) -> None:
    """The sign-in ends while something is typed."""
    page.context.clear_cookies(name="s")
    sent("/staff/account/name", name="Grace Hopper")(page)


def _sign_in_again(page: Page) -> None:
    _lose_sign_in(page)
    sent("/staff/sign-in", email="grace@example.org", password=PASSWORD, code=crew.code_of(SEED))(page)


def _lose_token(page: Page) -> None:
    field = page.locator('form[action="/staff/account/name"] [name="csrf_token"]')
    field.evaluate("field => { field.value = 'of another sign-in' }")
    sent("/staff/account/name", name="Olga Ivanova")(page)


def _look_at_cartridge(page: Page) -> None:
    file = {"name": "rivers.imscc", "mimeType": "application/zip", "buffer": packed(cartridge())}
    page.locator('input[type="file"]').set_input_files(file)  # type: ignore[arg-type]
    with page.expect_navigation():
        page.locator('main form[action="/editor/exchange"] button').click()


def _paste(page: Page) -> None:
    page.locator("main textarea").first.fill(QUESTIONS)
    with page.expect_navigation():
        page.locator('main button[value="look"]').click()
