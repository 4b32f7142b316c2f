"""Frozen values to plain JSON and back without loss: exact numbers as text, tuples as lists, nothing left out."""

import types
from dataclasses import fields, is_dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

Value = TypeVar("Value")
Json = dict[str, Any]


def as_plain(value: Any) -> Json:
    """The fields of a frozen value as plain JSON."""
    return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return as_plain(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, (Fraction, Decimal)) else value


def from_plain(kind: type[Value], stored: Json) -> Value:
    """The value as it was; a field stored before it existed gets its default, one that is gone is left out."""
    hints = get_type_hints(kind)
    known = {name: _typed(hint, stored[name]) for name, hint in hints.items() if name in stored}
    return kind(**known)


def _typed(hint: Any, stored: Any) -> Any:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        present = next(option for option in get_args(hint) if option is not type(None))
        return None if stored is None else _typed(present, stored)
    if origin is tuple:
        return tuple(_typed(get_args(hint)[0], item) for item in stored)
    if origin is Literal:
        return stored
    if is_dataclass(hint) and isinstance(hint, type):
        return from_plain(hint, stored)
    return hint(stored) if hint in (Fraction, Decimal) else stored
