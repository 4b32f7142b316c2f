"""The second place, tried before it counts: write, read, delete, and look at what lies there already."""

from __future__ import annotations

import secrets
from pathlib import Path

from university.language import gettext as _
from university.operating import health
from university.places import Folder, Place, open_place
from university.settings import Settings

CONTENT = b"This object tells whether the place can be used, and is deleted at once.\n"


def why_unusable(settings: Settings, coming: Settings) -> str | None:
    """None when backups and ledger can be kept there; otherwise a sentence about what went wrong first."""
    inside = Path(coming.backup_copy)
    if "://" not in coming.backup_copy and inside.resolve().is_relative_to(settings.data.resolve()):
        return _("This is inside of the data folder: what destroys one destroys the other.")
    for address in (coming.backup_copy, coming.ledger_copy):
        place = open_place(address)
        if place and (said := _try(place, coming.backup_days)):
            return said
    fault = health.ledger(coming).fault
    return _("Another ledger lies there: %(fault)s. Choose another place.") % {"fault": fault} if fault else None


def is_on_the_same_disk(coming: Settings) -> bool:
    """A folder that a broken disk would take along."""
    place = open_place(coming.backup_copy)
    return isinstance(place, Folder) and place.path.exists() and place.path.stat().st_dev == coming.data.stat().st_dev


def _try(place: Place, days: int) -> str | None:
    name = f"try-{secrets.token_hex(8)}"
    try:
        place.write(name, CONTENT)
    except OSError as error:
        return _("Nothing can be written there (%(fault)s).") % {"fault": _fault(error)}
    try:
        if place.read(name) != CONTENT:
            return _("What was written there cannot be read again.")
        place.delete(name)
        if place.read(name) is not None:
            return _("What was written there cannot be deleted. Backups must be, after 21 days.")
        too_long = place.keeps_longer_than(days)
    except OSError as error:
        return _("It can be written to, but not read or cleaned up (%(fault)s).") % {"fault": _fault(error)}
    return _("The bucket locks what it holds for longer than backups may live: 21 days.") if too_long else None


def _fault(error: OSError) -> str:
    """What the system calls it; of a store, what our own sentence says of it."""
    return error.strerror or str(error) or type(error).__name__
