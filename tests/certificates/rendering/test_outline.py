"""Drawings: SVG paths as people's programs write them."""

from __future__ import annotations

import pytest

from certificates.rendering.shapes.outline import Outline


def drawn(path: str) -> str:
    operators, _ = Outline(path).placed(0, 0, 100, 100)
    return operators.decode().replace("\n", " ")


@pytest.mark.parametrize(
    ("path", "operators"),
    [
        ("M0 0L100 100", "0 100 m 100 0 l"),
        ("m0,0 100,100", "0 100 m 100 0 l"),
        ("M0 0H100V100Z", "0 100 m 100 100 l 100 0 l  h"),
        ("m0 0h100v100z", "0 100 m 100 100 l 100 0 l  h"),
        ("M0 0C0 50 50 100 100 100", "0 100 m 0 50 50 0 100 0 c"),
        ("M0 0Q0 75 75 75L100 100", "0 100 m 0 50 25 25 75 25 c 100 0 l"),
        ("M0 0C0 10 40 50 50 50S100 90 100 100", "0 100 m 0 90 40 50 50 50 c 60 50 100 10 100 0 c"),
        ("M.0.0 1e2 1e+2", "0 100 m 100 0 l"),
    ],
)
def test_a_path_is_drawn_upright_and_as_large_as_its_place(path: str, operators: str) -> None:
    assert drawn(path) == operators


def test_a_wide_drawing_keeps_its_proportions() -> None:
    _, box = Outline("M0 0H200V50Z").placed(10, 20, 100, 100)
    assert box == (10, 20, 110, 45)


@pytest.mark.parametrize(
    "path", ["", "hello", "M0 0A1 1 0 0 2 5 5", "L", "M0", "M0 0L5", "L5 5", "5 5", "M0 0Z5", "M0 0" * 20000, "<svg/>"]
)
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="the drawing"):
        Outline(path)
