"""A table of routes as it is written: methods, the template as the router knows it, and words about it."""

from __future__ import annotations

from collections.abc import Collection

METHODS = frozenset({"GET", "POST"})


def read_table(text: str, known: Collection[str] = ()) -> dict[str, list[str]]:
    """Each route with its words, all of them `known`. ValueError for anything else, and for a route that stands there
    twice: a slip of the pen must not open a door."""
    routes: dict[str, list[str]] = {}
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        methods, slash, rest = line.partition("/")
        path, *words = (slash + rest).split() or [""]
        for method in methods.split() or [""]:
            route = f"{method} {path}"
            if not path or method not in METHODS or route in routes or not set(words) <= set(known):
                raise ValueError(f"not a line of this table: {line.strip()}")
            routes[route] = words
    return routes
