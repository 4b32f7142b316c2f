"""The one family of refusals. Each carries a sentence for the visitor; `pages` turns it into HTML or JSON."""

from __future__ import annotations

from typing import Any

from university.language import gettext as _


class Problem(Exception):
    """Something the visitor must be told. `status` is the HTTP status, `sentence` is shown as it is."""

    status = 500

    def __init__(self, sentence: str = "", *, headers: dict[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.headers = headers or {}

    @property
    def title(self) -> str:
        return _("Something went wrong")


class BadRequest(Problem):
    status = 400

    @property
    def title(self) -> str:
        return _("We could not read that")


class Forbidden(Problem):
    status = 403

    @property
    def title(self) -> str:
        return _("This is not open to you")


class Detour(Problem):
    """Something has to be done first, at `place`: signing in, or showing a factor again. A page without anything
    typed is sent there; `page` and `values` draw one that keeps what was."""

    status = 401

    def __init__(
        self,
        place: str,
        sentence: str = "",
        *,
        page: str = "",
        values: dict[str, Any] | None = None,
        status: int = 401,
    ) -> None:
        super().__init__(sentence)
        self.place = place
        self.page = page
        self.values = values or {}
        self.status = status

    @property
    def title(self) -> str:
        return _("Sign in first")


class NotFound(Problem):
    status = 404

    @property
    def title(self) -> str:
        return _("There is nothing here")


class Refused(Problem):
    """The request is understood and may be repeated, but the state of things does not allow it."""

    status = 409

    @property
    def title(self) -> str:
        return _("Not now")


class Gone(Problem):
    status = 410

    @property
    def title(self) -> str:
        return _("This is over")


class TooLarge(Problem):
    status = 413

    @property
    def title(self) -> str:
        return _("That is too large")


class WrongMediaType(Problem):
    status = 415

    @property
    def title(self) -> str:
        return _("We could not read that")


class Unprocessable(Problem):
    """A form that our pages never send: fields or values that nobody was asked for."""

    status = 422

    @property
    def title(self) -> str:
        return _("We could not read that")


class TooMany(Problem):
    """A rate limit. `seconds` is when to try again, sent as Retry-After."""

    status = 429

    def __init__(self, sentence: str = "", *, seconds: int) -> None:
        super().__init__(sentence, headers={"retry-after": str(seconds)})

    @property
    def title(self) -> str:
        return _("That went a little fast")


class Unavailable(Problem):
    """Database locked, disk full, commit failed: nothing was done and trying again is right."""

    status = 503

    def __init__(self, sentence: str = "") -> None:
        super().__init__(
            sentence or _("We could not do this just now, and nothing was changed. Please try again in a minute."),
            headers={"retry-after": "30"},
        )

    @property
    def title(self) -> str:
        return _("Please try again in a minute")
