"""The organisation's own colour and logo in our style sheet: everything follows from one colour of theirs.

The tokens are the ones of static/style/; what is derived here stands at its end, in the same layer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from certificates import contrast
from university.serving.static_files import SOURCE, StaticFiles
from university.serving.style_sheets import joined
from university.settings import Settings

OUR_ACCENT = "#0b6048"
WHITE, BLACK = "#ffffff", "#000000"
# The grounds of the two themes that accent and text are hardest to read on.
DARK_GROUND = "#19211e"
COMFORTABLE = 8.0


@dataclass(frozen=True)
class Accent:
    """Colours of one theme: the accent, its stronger form, what is written on it, and its wash."""

    accent: str
    strong: str
    on: str
    wash: str


OURS = (Accent("#0b6048", "#084a38", "#ffffff", "#e6f2ec"), Accent("#5fd7ae", "#86e6c5", "#05231a", "#12291f"))


def accents(settings: Settings) -> tuple[Accent, Accent]:
    """For light and for dark. The setting was checked to be readable on the light pages."""
    if not settings.accent or settings.accent == OUR_ACCENT:
        return OURS
    light = settings.accent
    dark = _first(lambda share: mix(light, WHITE, share), lambda one: contrast(one, DARK_GROUND) >= COMFORTABLE)
    on_dark = _first(lambda share: mix(light, BLACK, share), lambda one: contrast(one, dark) >= COMFORTABLE)
    return (
        Accent(light, mix(light, BLACK, 0.25), WHITE, mix(light, WHITE, 0.92)),
        Accent(dark, mix(dark, WHITE, 0.3), on_dark, mix(light, "#0d1110", 0.85)),
    )


def static_files(settings: Settings) -> StaticFiles:
    """The static folder, with the organisation's colour and logo where they are set."""
    return StaticFiles(settings.data, own=own_files(settings))


def own_files(settings: Settings) -> dict[str, bytes]:
    """Files of the static folder that this organisation has otherwise, or besides."""
    pair, rules, own = accents(settings), [], {}
    if pair != OURS:
        icon = (SOURCE / "favicon.svg").read_text().replace(OUR_ACCENT, pair[0].accent)
        own["favicon.svg"] = icon.encode()
        rules.append(colour_rule(pair, ":root"))
    if settings.logo:
        own["logo.svg"] = settings.logo.read_bytes()
        rules.append(logo_rule("logo.svg"))
    if rules:
        own["style.css"] = "\n".join([joined(SOURCE / "style"), *rules]).encode()
    return own


def colour_rule(pair: tuple[Accent, Accent], selector: str) -> str:
    """The colours that follow from the accent, for everything inside of `selector`."""
    pairs = zip(("accent", "accent-strong", "on-accent", "accent-wash"), _columns(*pair), strict=True)
    tokens = "".join(f"--{name}:light-dark({one},{other});" for name, (one, other) in pairs)
    return f"@layer tokens{{{selector}{{{tokens}}}}}"


def logo_rule(address: str, within: str = "") -> str:
    return f"@layer layout{{{within}.logo__own{{mask:url({address}) center/contain no-repeat}}}}"


def page_globals(settings: Settings) -> dict[str, Any]:
    """What every page knows of the organisation and its installation."""
    return {
        "site_name": settings.site_name,
        "organisation": {
            "name": settings.organisation_name,
            "address": settings.organisation_address,
            "registration": settings.organisation_registration,
            "email": settings.organisation_email,
        },
        "has_logo": settings.logo is not None,
        "accents": accents(settings),
        "base_url": settings.base_url,
        "host": settings.base.netloc,
        "has_local_mailbox": settings.has_local_mailbox,
    }


def mix(one: str, other: str, share: float) -> str:
    """`one` with so much of `other` in it."""
    parts = zip(_parts(one), _parts(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in parts)


def _parts(code: str) -> list[int]:
    return [int(code[start : start + 2], 16) for start in (1, 3, 5)]


def _columns(light: Accent, dark: Accent) -> list[tuple[str, str]]:
    one, other = ((theme.accent, theme.strong, theme.on, theme.wash) for theme in (light, dark))
    return list(zip(one, other, strict=True))


def _first(colour: Callable[[float], str], is_enough: Callable[[str], bool]) -> str:
    """The colour with the smallest share of the other one that is enough; the whole of it if none is."""
    tried = (colour(share / 20) for share in range(20))
    return next((one for one in tried if is_enough(one)), colour(1))
