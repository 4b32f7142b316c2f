"""Pieces of pages that are drawn once, such as header, footer and covers: they follow from their values alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from jinja2 import Environment
from markupsafe import Markup

from university.language import current_language, direction

# Header and footer per language, and two pieces per course.
MOST = 4096


def make_fragment(environment: Environment) -> Callable[..., Markup]:
    """The function that templates call: ``fragment("layout/footer.html", name="value")``.

    The template may use nothing but those values, the language and the globals; in particular nothing of the
    request, and no form token.
    """

    @lru_cache(maxsize=MOST)
    def draw(template: str, language: str, values: tuple[tuple[str, str], ...]) -> Markup:
        piece = environment.get_template(template).render(
            language=language, direction=direction(language), **dict(values)
        )
        return Markup(piece.strip())  # noqa: S704 - made by a template of ours, which escapes its values

    def fragment(template: str, **values: str) -> Markup:
        return draw(template, current_language(), tuple(values.items()))

    return fragment
