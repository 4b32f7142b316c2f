"""How pages and certificates would look: by the templates and the code that draw the real ones."""

from __future__ import annotations

from jinja2 import Environment
from markupsafe import Markup

from certificates import contrast
from university.language import current_language
from university.serving.house_style import DARK_GROUND, accents, colour_rule, logo_rule, page_globals
from university.setting_checks import LIGHT_GROUND
from university.settings import Settings

WITHIN = ".look-preview"


def page_header(templates: Environment, chosen: Settings) -> Markup:
    """The top of every page, with another organisation's words and logo in the same template."""
    other = templates.overlay()
    other.globals = {**templates.globals, **page_globals(chosen)}
    drawn = other.get_template("layout/header.html").render(here="courses", language=current_language(), shown=True)
    return Markup(drawn)  # noqa: S704 - made by a template of ours, which escapes its values


def rules(chosen: Settings, logo_address: str) -> str:
    """The style sheet of the preview alone."""
    found = [colour_rule(accents(chosen), WITHIN)]
    return "\n".join([*found, logo_rule(logo_address, f"{WITHIN} ")] if logo_address else found)


def figures(chosen: Settings) -> dict[str, float]:
    """Contrast of the accent in both themes, and of the engraving on its panel where that was chosen."""
    light, dark = accents(chosen)
    found = {"light": contrast(light.accent, LIGHT_GROUND), "dark": contrast(dark.accent, DARK_GROUND)}
    if chosen.certificate_colours:
        found["certificate"] = contrast(*chosen.certificate_colours)
    return {name: round(value, 1) for name, value in found.items()}
