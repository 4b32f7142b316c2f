"""A circuit breaker: when the mail server fails several times in a row, it is left alone for a while."""

from __future__ import annotations

import json
import logging
from datetime import datetime, timedelta

from university import clock

log = logging.getLogger("university.mailing.mail")

# Under this name stands among the jobs how sending goes: of all workers, for the doctor, the metrics and the staff.
SENDING = "mail sending"
FAILURES_IN_A_ROW = 5
SHORTEST, LONGEST = timedelta(minutes=1), timedelta(minutes=15)


class Breaker:
    """Belongs to one worker. After a pause one mail is tried; if that fails too, the next pause is twice as long."""

    def __init__(self) -> None:
        self._failures = 0
        self._pause = SHORTEST
        self._closed_until: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether nothing may be sent now."""
        # Closed for longer than the longest pause: the clock was put back meanwhile.
        now = clock.now()
        return self._closed_until is not None and now < self._closed_until <= now + LONGEST

    def note_success(self) -> None:
        self._failures, self._pause, self._closed_until = 0, SHORTEST, None

    def note_failure(self) -> bool:
        """True when the server is left alone from now on."""
        self._failures += 1
        if self._failures < FAILURES_IN_A_ROW:
            return False
        self._closed_until = clock.now() + self._pause
        seconds = int(self._pause.total_seconds())
        log.error(json.dumps({"alarm": "the mail server fails again and again", "wait": seconds}))
        self._pause = min(2 * self._pause, LONGEST)
        return True
