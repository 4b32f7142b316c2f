"""How long backups live, at both places: to noon (UTC) of day 20 with their key, and then nothing opens them.

Of the last two days every backup is kept, of an older day only its last.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from university.backups.making import FOLDER
from university.backups.manifests import Manifest, day_of, moment_of, read_manifest
from university.keys.day_keys import END_OF_DAY_KEY, day_of_key, open_day_keys
from university.keys.keyring import open_keyring
from university.places import Folder, Place, open_place
from university.settings import Settings

EVERY_ONE_FOR = timedelta(days=2)
ALARM_AFTER = timedelta(days=20, hours=12)
PROMISED = timedelta(days=21)


def places(settings: Settings) -> list[Place]:
    """This machine's own folder, and the second place if there is one."""
    second = open_place(settings.backup_copy)
    return [Folder(settings.data / FOLDER), *([second] if second else [])]


def destroy_old(settings: Settings, now: datetime) -> int:
    """Deletes what is past its day, keys first: with them everything else is noise. Returns how many objects went.

    Raises OSError when a place does not answer; what could be destroyed is destroyed by then.
    """
    gone = len(open_day_keys(settings).destroy_due(now))
    fault: OSError | None = None
    for place in places(settings):
        try:
            for name in _over(place.names(), now, settings.backup_days):
                place.delete(name)
                gone += 1
        except OSError as error:
            fault = error
    if fault:
        raise fault
    return gone


def oldest(settings: Settings) -> datetime | None:
    """When the oldest thing was made that may still hold a person: a backup at any place, or a day key."""
    moments = [moment for place in places(settings) for name in place.names() if (moment := moment_of(name))]
    days = [key.day for key in open_day_keys(settings).all()]
    days += [day for place in places(settings) for name in place.names() if (day := day_of_key(name))]
    return min([*moments, *(datetime.combine(day, END_OF_DAY_KEY) for day in days)], default=None)


def newest(place: Place, settings: Settings) -> Manifest | None:
    """The sheet of the newest backup at this place. BackupFault if we did not sign it."""
    sheets = [name for name in place.names() if moment_of(name) and name.endswith(".json")]
    content = place.read(sheets[-1]) if sheets else None
    return read_manifest(content, open_keyring(settings)) if content else None


def _over(names: list[str], now: datetime, kept_days: int) -> list[str]:
    days = defaultdict(list)
    for name in names:
        if day := day_of(name) or day_of_key(name):
            days[day].append(name)
    over: list[str] = []
    for day, of_day in days.items():
        if now >= datetime.combine(day + timedelta(days=kept_days), END_OF_DAY_KEY):
            over += of_day
        elif now - datetime.combine(day, END_OF_DAY_KEY) > EVERY_ONE_FOR:
            over += _but_the_last(of_day)
    return over


def _but_the_last(names: list[str]) -> list[str]:
    moments = {name: moment for name in names if (moment := moment_of(name))}
    return [name for name, moment in moments.items() if moment != max(moments.values())]
