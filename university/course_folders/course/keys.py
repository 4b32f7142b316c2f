"""The key of a question: what decides how an answer is marked. The wording around it is no part of the key."""

import hashlib
import json
from typing import Any

from university.course_folders.course.plain_json import as_plain
from university.course_folders.course.questions import Choice, Question


def key_of(question: Question) -> str:
    """16 hexadecimal digits. The figures of a question are counted apart for each key it ever had."""
    text = json.dumps(_key(question), sort_keys=True, ensure_ascii=False)
    return hashlib.blake2s(text.encode(), digest_size=8).hexdigest()


def same_key(before: Question, after: Question) -> bool:
    """Whether answers are marked as before. A choice that was only reworded, in its place, is the same choice."""
    if before.choices and (before.kind, before.scoring) == (after.kind, after.scoring):
        return _same_choices_are_right(before, after)
    return key_of(before) == key_of(after)


def _same_choices_are_right(before: Question, after: Question) -> bool:
    old, new = {_name(one): one for one in before.choices}, {_name(one) for one in after.choices}
    met: set[str] = set()
    for at, choice in enumerate(after.choices):
        former = old.get(_name(choice))
        if former is None and at < len(before.choices) and _name(before.choices[at]) not in new:
            former = before.choices[at]
        if choice.correct != (former is not None and former.correct):
            return False
        met.update({_name(former)} if former else ())
    return not any(one.correct for one in before.choices if _name(one) not in met)


def _key(question: Question) -> list[Any]:
    return [
        question.kind,
        question.scoring,
        sorted(_name(choice) for choice in question.choices if choice.correct),
        question.answer,
        [[answer.text, str(answer.score)] for answer in question.answers],
        question.case_sensitive,
        as_plain(question.key) if question.key else None,
        sorted([pair.left, pair.right] for pair in question.pairs),
        list(question.items),
    ]


def _name(choice: Choice) -> str:
    return choice.id or choice.text
