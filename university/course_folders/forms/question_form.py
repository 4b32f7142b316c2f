"""A question as a form, and back: what was typed becomes the fields of its mapping, whatever the checker says of it.

Fields of the form are called by their path below the question: `choices.0.text`, `feedback.explanation`.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from university.course_folders.course.questions import QUESTION_KINDS

Typed = Mapping[str, str]
Fields = dict[str, Any]

NUMBER = re.compile(r"[-−]?[0-9]{1,20}([.,][0-9]{1,20})?", re.ASCII)
TOLD = ("correct", "partial", "incorrect", "explanation")
OWN_FIELDS = {
    "single": ("choices",),
    "multiple": ("choices",),
    "truefalse": ("answer",),
    "text": ("answers", "case_sensitive"),
    "number": ("answer", "tolerance", "range", "unit"),
    "match": ("pairs", "distractors"),
    "order": ("items",),
}
# The list of a kind that grows, and the fields of one row of it.
ROWS = {
    "single": ("choices", ("text", "feedback", "feedback_if_not_chosen", "id", "pin", "correct")),
    "multiple": ("choices", ("text", "feedback", "feedback_if_not_chosen", "id", "pin", "correct")),
    "text": ("answers", ("text", "score", "feedback")),
    "match": ("pairs", ("left", "right")),
    "order": ("items", ("text",)),
}
MOST_ROWS = 30


def kind_of(question: Fields) -> str:
    """The kind it has, or the first one where its file names none that there is."""
    kind = question.get("kind")
    return kind if kind in QUESTION_KINDS else QUESTION_KINDS[0]


def shown(question: Fields) -> dict[str, str]:
    """What the form shows of this mapping; rows as many as there are."""
    values = {name: word(question.get(name)) for name in ("text", "points", "scoring", "hint", "objective", "exam")}
    values |= {name: word(question.get(name)) for name in ("shuffle", "unit", "tolerance", "void", "case_sensitive")}
    values["answer"] = word(question.get("answer"))
    told = question.get("feedback")
    values |= {f"feedback.{name}": word(told.get(name)) if isinstance(told, dict) else "" for name in TOLD}
    values["tags"] = ", ".join(_texts(question.get("tags")))
    values["distractors"] = "\n".join(_texts(question.get("distractors")))
    ends = question.get("range")
    values["way"] = "range" if isinstance(ends, list) else "answer"
    values["low"], values["high"] = (
        (word(end) for end in (*ends, None, None)[:2]) if isinstance(ends, list) else ("", "")
    )
    return values | _rows_shown(question)


def _rows_shown(question: Fields) -> dict[str, str]:
    name, columns = ROWS.get(kind_of(question), ("", ()))
    items = question.get(name)
    found: dict[str, str] = {}
    for at, item in enumerate(items if isinstance(items, list) else ()):
        row = item if isinstance(item, dict) else {"text": item}
        found |= {f"{name}.{at}.{column}": word(row.get(column)) for column in columns}
    return found


def rows_typed(typed: Typed, kind: str) -> list[dict[str, str]]:
    """The rows of the form in their order, empty ones too."""
    name, columns = ROWS.get(kind, ("", ()))
    pattern = re.compile(rf"{name}\.([0-9]{{1,2}})\.[a-z_]+", re.ASCII)
    numbers = sorted({int(found[1]) for key in typed if name and (found := pattern.fullmatch(key))})[:MOST_ROWS]
    rows = [{column: typed.get(f"{name}.{number}.{column}", "") for column in columns} for number in numbers]
    if kind == "single":
        for number, row in zip(numbers, rows, strict=True):
            row["correct"] = "true" if typed.get("correct") == str(number) else ""
    return rows


def with_typed(question: Fields, typed: Typed, rows: list[dict[str, str]]) -> Fields:
    """The mapping with what was typed. Fields that no form knows stay; those of other kinds go."""
    kind = kind_of(question)
    kept = {name: value for name, value in question.items() if name not in _of_other_kinds(kind)}
    made = {
        **{name: text_in(typed.get(name, "")) for name in ("hint", "objective")},
        "text": text_in(typed.get("text", "")) or "",
        "points": number_in(typed.get("points", "")),
        "scoring": text_in(typed.get("scoring", "")),
        "shuffle": switch_in(typed.get("shuffle", "")),
        "exam": text_in(typed.get("exam", "")),
        "void": True if typed.get("void") == "true" else None,
        "tags": [tag.strip() for tag in typed.get("tags", "").split(",") if tag.strip()] or None,
        "feedback": without_nothing({name: text_in(typed.get(f"feedback.{name}", "")) for name in TOLD}) or None,
        **_OWN[kind](typed, [row for row in rows if _is_filled(row)]),
    }
    changed = {**kept, **made}
    return without_nothing({name: _as_it_was(question.get(name), value) for name, value in changed.items()})


def with_kind(question: Fields, kind: str) -> Fields:
    """As another kind; the texts of its rows go along where that kind has rows."""
    if kind not in QUESTION_KINDS:
        raise ValueError(f"there is no kind {kind}")
    rows = [row["text"] if "text" in row else row["left"] for row in rows_typed(shown(question), kind_of(question))]
    kept = {name: value for name, value in question.items() if name not in _of_other_kinds(kind)}
    kept = {name: value for name, value in kept.items() if name != "answer" and name != "scoring"}
    changed = {**kept, "kind": kind}
    if kind in ROWS and ROWS[kind][0] not in changed and rows:
        changed[ROWS[kind][0]] = [_of_text(kind, text) for text in rows if text]
    return changed


def new_question(id_: str, kind: str) -> Fields:
    """A question with everything still to be written."""
    if kind not in QUESTION_KINDS:
        raise ValueError(f"there is no kind {kind}")
    return {"id": id_, "kind": kind, "text": ""}


def _of_text(kind: str, text: str) -> Any:
    return {"choices": {"text": text}, "pairs": {"left": text, "right": ""}}.get(ROWS[kind][0], text)


def _of_other_kinds(kind: str) -> set[str]:
    return {name for names in OWN_FIELDS.values() for name in names} - set(OWN_FIELDS[kind])


def _is_filled(row: Mapping[str, str]) -> bool:
    return any(value.strip() for name, value in row.items() if name not in ("correct", "id", "pin"))


# The fields of each kind


def _choices(_typed: Typed, rows: list[dict[str, str]]) -> Fields:
    return {
        "choices": [
            without_nothing(
                {
                    "text": text_in(row["text"]) or "",
                    "correct": True if row["correct"] == "true" else None,
                    "feedback": text_in(row["feedback"]),
                    "feedback_if_not_chosen": text_in(row["feedback_if_not_chosen"]),
                    "pin": True if row["pin"] == "true" else None,
                    "id": text_in(row["id"]),
                }
            )
            for row in rows
        ]
        or None
    }


def _truth(typed: Typed, _rows: list[dict[str, str]]) -> Fields:
    return {"answer": switch_in(typed.get("answer", ""))}


def _answers(typed: Typed, rows: list[dict[str, str]]) -> Fields:
    made: list[Any] = []
    for row in rows:
        more = without_nothing({"score": number_in(row["score"]), "feedback": text_in(row["feedback"])})
        text = text_in(row["text"]) or ""
        made.append({"text": text, **more} if more else text)
    return {"answers": made or None, "case_sensitive": True if typed.get("case_sensitive") == "true" else None}


def _number_key(typed: Typed, _rows: list[dict[str, str]]) -> Fields:
    unit = text_in(typed.get("unit", ""))
    if typed.get("way") == "range":
        ends = [number_in(typed.get("low", "")), number_in(typed.get("high", ""))]
        return {"range": [end for end in ends if end is not None] or None, "unit": unit, **_none("answer", "tolerance")}
    tolerance = typed.get("tolerance", "").strip().replace(" ", "")
    return {
        "answer": number_in(typed.get("answer", "")),
        "tolerance": tolerance if tolerance.endswith("%") else number_in(tolerance),
        "unit": unit,
        **_none("range"),
    }


def _pairs(typed: Typed, rows: list[dict[str, str]]) -> Fields:
    others = [line.strip() for line in typed.get("distractors", "").splitlines() if line.strip()]
    pairs = [{"left": _line(row["left"]), "right": _line(row["right"])} for row in rows]
    return {"pairs": pairs or None, "distractors": others or None}


def _items(_typed: Typed, rows: list[dict[str, str]]) -> Fields:
    return {"items": [_line(row["text"]) for row in rows] or None}


_OWN: dict[str, Callable[[Typed, list[dict[str, str]]], Fields]] = {
    "single": _choices,
    "multiple": _choices,
    "truefalse": _truth,
    "text": _answers,
    "number": _number_key,
    "match": _pairs,
    "order": _items,
}


# Words and values


def word(value: Any) -> str:
    if value is None or isinstance(value, (list, dict)):
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _texts(value: Any) -> list[str]:
    return [word(item) for item in value] if isinstance(value, list) else []


def text_in(typed: str) -> str | None:
    text = typed.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    return text if text.strip() else None


def _line(typed: str) -> str:
    return " ".join(typed.split())


def number_in(typed: str) -> Any:
    """A number where it is one; what else was typed stays as a text, for the checker to point at."""
    text = typed.strip().replace("−", "-")
    if not NUMBER.fullmatch(text):
        return text or None
    number = Decimal(text.replace(",", "."))
    return int(number) if "." not in str(number) else number


def switch_in(typed: str) -> Any:
    return typed == "true" if typed in ("true", "false") else typed or None


def _none(*names: str) -> Fields:
    return dict.fromkeys(names)


def without_nothing(fields: Mapping[str, Any]) -> Fields:
    return {name: value for name, value in fields.items() if value is not None}


def _as_it_was(was: Any, now: Any) -> Any:
    """What the file says already in another way: `{text: x}` is `x`, a default that is written out stays."""
    if isinstance(was, list) and isinstance(now, list):
        return [_as_it_was(one, other) for one, other in zip(was, now, strict=False)] + now[len(was) :]
    if isinstance(was, dict) and set(was) == {"text"} and was["text"] == now:
        return was
    if isinstance(was, dict) and isinstance(now, dict):
        written_out = {name: False for name, value in was.items() if value is False and name not in now}
        return {**now, **written_out}
    return False if was is False and now is None else now
