"""The rules of a quiz as a form, and back: everything in its file but its questions."""

from typing import Any

from university.course_folders.forms.question_form import (
    Fields,
    Typed,
    number_in,
    switch_in,
    text_in,
    without_nothing,
    word,
)

WORDS = ("title", "pass_mark", "attempts", "wait_hours", "time_limit_minutes", "feedback", "shuffle", "draw", "intro")
FIGURES = ("pass_mark", "attempts", "wait_hours", "time_limit_minutes", "draw")
MOST_PARTS = 20


def shown(quiz: Fields) -> dict[str, str]:
    """What the form shows; the parts of a blueprint as rows."""
    values = {name: word(quiz.get(name)) for name in WORDS}
    values["pool"] = "\n".join(_entries(quiz.get("pool")))
    parts = quiz.get("blueprint")
    for at, part in enumerate(parts if isinstance(parts, list) else ()):
        if isinstance(part, dict):
            values[f"blueprint.{at}.pool"] = ", ".join(_entries(part.get("pool")))
            values[f"blueprint.{at}.draw"] = word(part.get("draw"))
    return values


def with_typed(quiz: Fields, typed: Typed) -> Fields:
    """The mapping with what was typed; its questions and fields that no form knows stay."""
    made: Fields = {name: number_in(typed.get(name, "")) for name in FIGURES}
    made |= {"intro": text_in(typed.get("intro", "")), "feedback": text_in(typed.get("feedback", ""))}
    made |= {"title": " ".join(typed.get("title", "").split()), "shuffle": switch_in(typed.get("shuffle", ""))}
    made["pool"] = [line.strip() for line in typed.get("pool", "").splitlines() if line.strip()] or None
    made["blueprint"] = [part for at in range(MOST_PARTS) if (part := _part(quiz, typed, at))] or None
    return without_nothing({**quiz, **made})


def _part(quiz: Fields, typed: Typed, at: int) -> Fields | None:
    entries = [entry.strip() for entry in typed.get(f"blueprint.{at}.pool", "").split(",") if entry.strip()]
    draw = number_in(typed.get(f"blueprint.{at}.draw", ""))
    if not entries and draw is None:
        return None
    parts = quiz.get("blueprint")
    was = parts[at] if isinstance(parts, list) and at < len(parts) and isinstance(parts[at], dict) else {}
    # One entry may stand without a list around it, and then stays so.
    alone = len(entries) == 1 and isinstance(was.get("pool"), str)
    return without_nothing({**was, "pool": entries[0] if alone else entries or None, "draw": draw})


def _entries(value: Any) -> list[str]:
    if isinstance(value, list):
        return [word(item) for item in value]
    return [word(value)] if value else []
