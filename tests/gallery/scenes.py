"""What the gallery shows: every page by its name, who looks at it, and where it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.gallery.mailing import mail_scenes
from tests.gallery.office import Act, office_scenes, sent
from tests.gallery.rights import DONE, OLD_RECEIPT
from tests.gallery.stage import COURSE, Stage
from tests.gallery.states import checkers_states, learners_states, setup_states

# The only ones whose answer is no; anything else would be a picture of a mistake.
REFUSED = ("error-not-found", "verify-unknown", "verify-mistyped", "verify-mistyped-dutch", "verify-unchecked")
STANDINGS = ("valid", "hidden", "expired", "replaced", "revoked", "withdrawn", "unknown")


@dataclass(frozen=True)
class Scene:
    """`who` is a learner of the stage or nobody, `staff` one of the crew, `visitor` whoever has opened “My data”;
    `language` what the visitor chose, `press` the button whose answer is shown."""

    name: str
    address: str
    who: str = ""
    language: str = ""
    staff: str = ""
    visitor: str = ""
    press: str = ""
    # Somebody reads the whole time, so that the last trace of a deletion cannot go.
    while_reading: bool = False
    # What is done there before the picture is taken, where one button is not enough.
    act: Act | None = None


def scenes(stage: Stage) -> Iterator[Scene]:
    yield from _deciding(stage)  # first: a visit ends by itself after a while
    yield from _learning(stage)
    yield from _checking(stage)
    for name, address, who, language, act in (*learners_states(stage.pages), *checkers_states(stage.pages)):
        yield Scene(name, address, who, language, act=act)
    yield from _claiming(stage)
    yield from _rights(stage)
    yield from (Scene(name, address, staff=staff) for name, address, staff in mail_scenes(stage.pages))
    yield Scene("components", "/layout/components")
    yield from _staff(stage)
    yield from _editing()
    for name, address, staff, act in office_scenes(stage.pages):
        yield Scene(name, address, staff=staff, act=act)
    for name, address, staff, language, act in setup_states():
        yield Scene(name, address, language=language, staff=staff, act=act)
    yield Scene("mailbox", "/mailbox")
    first = next(iter(stage.mails.values()))
    yield Scene("mailbox-text", f"/mailbox/{first}")
    yield from (Scene(f"mailbox-{view}", f"/mailbox/{first}/{view}") for view in ("html", "headers", "source"))
    yield Scene("error-not-found", "/nothing-here")


def _learning(stage: Stage) -> Iterator[Scene]:
    course, exam = f"/courses/{COURSE}", f"/quizzes/{COURSE}/final-exam"
    yield Scene("catalogue", "/")
    yield Scene("catalogue-dutch", "/", language="nl")
    yield Scene("catalogue-found", "/?q=data")
    yield Scene("catalogue-nothing", "/?q=volcano")
    yield Scene("catalogue-begun", "/", "ben")
    yield Scene("course", course)
    yield Scene("course-begun", course, "ben")
    yield Scene("course-done", course, "ada")
    yield Scene("lesson", f"{course}/what-counts")
    yield Scene("lesson-under-way", stage.pages["under way"], "ben")
    yield Scene("lesson-answered", stage.pages["answered"], "ben")
    yield Scene("devices", "/devices", "ben")
    yield Scene("devices-stranger", "/devices")
    yield Scene("devices-arrival", stage.pages["device link"])
    yield Scene("quiz-of-a-module", f"/quizzes/{COURSE}/before-you-use-it-quiz", "ben")
    yield Scene("exam-before", exam)
    yield Scene("exam-waiting", exam, "ben")
    yield Scene("exam-sitting", stage.pages["sitting"], "cleo")
    yield Scene("result-not-passed", stage.pages["not passed"], "ben")
    yield Scene("result-passed", stage.pages["passed"], "ada")


def _checking(stage: Stage) -> Iterator[Scene]:
    yield Scene("verify", "/verify")
    yield Scene("verify-many", "/verify/list")
    yield from (Scene(f"verify-{word}", stage.pages[word]) for word in STANDINGS)
    yield Scene("verify-valid-dutch", stage.pages["valid"], language="nl")


def _claiming(stage: Stage) -> Iterator[Scene]:
    yield Scene("claim", f"/claims/{COURSE}", "ada")
    yield Scene("claim-sent", f"/claims/{COURSE}/sent", "ada")
    yield Scene("claim-confirm", stage.pages["confirmation"])
    yield Scene("claim-claimed", stage.pages["confirmation"], act=sent(stage.pages["confirmation"]))


def _rights(stage: Stage) -> Iterator[Scene]:
    yield Scene("privacy", "/privacy")
    yield Scene("my-data", "/privacy/my-data")
    yield Scene("my-data-sent", "/privacy/my-data/sent")
    yield Scene("my-data-open", stage.pages["portal link"])


def _deciding(stage: Stage) -> Iterator[Scene]:
    data = "/privacy/my-data"
    for who, state in (("cleo", "shown"), ("vera", "hidden")):
        yield Scene(f"my-data-of-a-{state}-name", data, visitor=who)
    yield Scene("my-data-of-a-hidden-name-dutch", data, visitor="vera", language="nl")
    yield Scene("my-data-name", stage.pages["name"], visitor="cleo")
    yield Scene("my-data-object", f"{data}/object", visitor="cleo")
    yield Scene("my-data-object-dutch", f"{data}/object", visitor="cleo", language="nl")
    yield Scene("my-data-delete", f"{data}/delete", visitor="cleo")
    yield Scene("my-data-request", "/privacy/request")
    receipt = f"/privacy/receipt/finishing?receipt={stage.pages['receipt']}"
    yield Scene("receipt", receipt)
    yield Scene("receipt-dutch", receipt, language="nl")
    almost = f"/privacy/receipt/finishing?receipt={stage.pages['receipt under way']}"
    yield Scene("receipt-finishing", almost, while_reading=True)
    yield Scene("receipt-finishing-dutch", almost, language="nl", while_reading=True)
    yield Scene("receipt-form", "/privacy/receipt")
    yield Scene("receipt-form-refused", "/privacy/receipt", press="Receipt as a PDF")
    yield Scene("receipt-kept", f"/privacy/receipt/{DONE.receipt_id}")
    yield Scene("receipt-kept-attested", f"/privacy/receipt/{OLD_RECEIPT}")
    one_click = stage.pages["unsubscribe"]
    yield Scene("unsubscribed-topic", one_click, press="Stop “Newsletter”")
    yield Scene("unsubscribed-all", one_click, press="Stop all topics")
    yield Scene("unsubscribed-never", one_click, press="Never mail me again")
    yield Scene("never-pressed", stage.pages["never"], press="Never mail me again")


def _staff(stage: Stage) -> Iterator[Scene]:
    yield Scene("staff-sign-in", "/staff/sign-in")
    yield Scene("staff-invitation", stage.pages["invitation"])
    yield Scene("staff-welcome", "/staff/welcome", staff="pia")
    yield Scene("staff-home", "/staff", staff="olga")
    yield Scene("staff-home-of-editor-dutch", "/staff", staff="grace", language="nl")
    yield Scene("staff-step-up", "/staff/step-up", staff="olga")
    yield Scene("account", "/staff/account", staff="olga")
    yield Scene("account-password", "/staff/account/password", staff="olga")
    for step in ("", "who", "look", "address", "mail", "backups"):
        yield Scene(f"setup-{step or 'overview'}", f"/staff/setup/{step}".rstrip("/"), staff="olga")
    yield Scene("setup-mail-dutch", "/staff/setup/mail", staff="olga", language="nl")
    yield Scene("colleagues", "/staff/accounts", staff="olga")
    yield Scene("colleagues-one", stage.pages["colleague"], staff="olga")


def _editing() -> Iterator[Scene]:
    """The editor, as Grace sees it on the course of the stage."""
    course = f"/editor/courses/{COURSE}"
    yield Scene("editor", "/editor", staff="grace")
    yield Scene("editor-new-course", "/editor/new", staff="grace")
    yield Scene("editor-content", course, staff="grace")
    yield Scene("editor-content-dutch", course, staff="grace", language="nl")
    yield Scene("editor-module", f"{course}/modules/know-it", staff="grace")
    yield Scene("editor-lesson", f"{course}/lessons/what-counts", staff="grace")
    yield Scene("editor-lesson-preview", f"{course}/preview/what-counts", staff="grace")
    yield Scene("editor-settings", f"{course}/settings", staff="grace")
    yield Scene("editor-files", f"{course}/files", staff="grace")
    yield Scene("editor-history", f"{course}/history", staff="grace")
