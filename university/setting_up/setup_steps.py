"""The steps of setting an installation up: which settings each is about, and which are still open."""

from __future__ import annotations

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from university import clock
from university.language import gettext as _
from university.models import SETUP_STEPS, SetupStep
from university.setting_up.kept_settings import coming
from university.settings import Settings

SETTINGS_OF: dict[str, tuple[str, ...]] = {
    "who": (
        *("site_name", "organisation_name", "organisation_address", "organisation_registration"),
        *("organisation_email", "signatory_name", "signatory_role"),
    ),
    "look": ("logo", "accent", "certificate_colours", "signature"),
    "address": ("base_url",),
    "mail": ("smtp_url", "mail_from"),
    "backups": ("backup_copy", "ledger_copy"),
}


def title_of(step: str) -> str:
    return {
        "who": _("Who you are"),
        "look": _("Look"),
        "address": _("Address"),
        "mail": _("Mail"),
        "backups": _("Backups"),
    }[step]


def after(step: str) -> str | None:
    """The step that follows, or None after the last."""
    position = SETUP_STEPS.index(step) + 1
    return SETUP_STEPS[position] if position < len(SETUP_STEPS) else None


def settle(session: Session, step: str, outcome: str) -> None:
    session.merge(SetupStep(name=step, outcome=outcome, settled_at=clock.now()))


def outcomes(session: Session, settings: Settings) -> dict[str, str]:
    """Of every step: done, skipped, or open. What this machine sets need not be chosen by anybody."""
    settled: dict[str, str] = {row.name: row.outcome for row in session.scalars(select(SetupStep))}
    chosen = coming(settings).sources
    found = {}
    for step, names in SETTINGS_OF.items():
        is_set = any(name in chosen.machine or name in chosen.kept for name in names)
        found[step] = "done" if is_set or settled.get(step) == "done" else settled.get(step, "open")
    return found


def open_steps(session: Session, settings: Settings) -> list[str]:
    """Steps that nobody did; skipped ones are among them: they were put off, not answered."""
    return [step for step, outcome in outcomes(session, settings).items() if outcome != "done"]


def is_untouched(session: Session) -> bool:
    """Nobody was at any step yet."""
    return not session.scalar(select(exists().where(SetupStep.name.is_not(None))))
