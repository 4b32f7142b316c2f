"""What was learned: outcomes or summary, the row of facts, the skills."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from certificates.rendering import labels as words
from certificates.rendering.page.column import COLUMN, HAIRLINE, LEFT, PILL, Sheet, paragraph
from certificates.rendering.pdf.canvas import width_of
from certificates.rendering.pdf.structure import Element
from certificates.rendering.shapes.ornament import small_star
from certificates.rendering.shapes.palette import GREY, INK
from certificates.rendering.text.faces import MEDIUM, REGULAR
from certificates.rendering.text.fitting import wrap
from certificates.rendering.text.glyphs import Line, Unprintable

_ROW = 12.3
_ROWS = tuple(257.5 - _ROW * row for row in range(3))
_BULLET = 10.0
_GAP = 18.0
_LABEL_SIZE, _LABEL_TRACKING = 6.8, 1.1
_PILL_HEIGHT, _PILL_GAP = 17.6, 6.0
_PILL_SIZES = ((8.4, 9.0), (8.0, 8.0), (7.6, 7.0), (7.2, 6.5))  # letters, space at both ends

_Cell = tuple[Sequence[Line], float, float]  # lines, left edge, first baseline


@dataclass(frozen=True)
class _Arrangement:
    """Outcomes with their places, in letters of this size, and how many more there are."""

    cells: list[_Cell]
    more: tuple[Line, float, float] | None
    size: float


def draw_substance(sheet: Sheet) -> None:
    """Outcomes, or the summary where there are none; under it the hairline."""
    if sheet.certificate.course.outcomes:
        _draw_outcomes(sheet)
    elif sheet.certificate.course.summary:
        _draw_summary(sheet)
    with sheet.canvas.ornament():
        sheet.canvas.rule(LEFT, 222 + _shift(sheet), COLUMN, HAIRLINE)


def draw_facts(sheet: Sheet) -> None:
    """Label over value, in columns."""
    canvas = sheet.canvas
    table, shift = canvas.structure.element("L"), _shift(sheet)
    facts = sheet.labels.facts(sheet.certificate)
    for (label, value), left, size in _columns(sheet, facts):
        item = canvas.structure.element("LI", table)
        with canvas.tagged(canvas.structure.element("Lbl", item)):
            line = sheet.line(label.upper(), MEDIUM)
            canvas.text(line, left, 203.5 + shift, _LABEL_SIZE, GREY, tracking=_LABEL_TRACKING)
        with canvas.tagged(canvas.structure.element("LBody", item)):
            canvas.text(sheet.line(value, MEDIUM), left, 187 + shift, size, INK)


def draw_skills(sheet: Sheet) -> None:
    """As many as fit into one row; how many more there are is said."""
    canvas, skills = sheet.canvas, sheet.certificate.course.skills
    if not skills:
        return
    with canvas.tagged(canvas.structure.element("P")):
        label = sheet.line(sheet.labels.say(words.SKILLS).upper(), MEDIUM)
        canvas.text(label, LEFT, 160, _LABEL_SIZE, GREY, tracking=_LABEL_TRACKING)
    shown, size, inside = _fitting(sheet, [skill.name for skill in skills])
    pills = canvas.structure.element("L", language=sheet.course_language) if shown else canvas.structure.document
    left = LEFT
    for line in shown:
        left = _draw_pill(sheet, line, left, size, inside, pills) + _PILL_GAP
    if len(shown) < len(skills):
        more = sheet.line(sheet.labels.say(words.MORE, count=len(skills) - len(shown)), REGULAR)
        with canvas.tagged(canvas.structure.element("P")):
            canvas.text(more, left, 138.6, size, GREY)


def _shift(sheet: Sheet) -> float:
    """How far the facts move up, so that a part that is not there leaves no gap."""
    course = sheet.certificate.course
    nothing_above = not course.outcomes and not course.summary
    return (16.0 if nothing_above else 0.0) - (0.0 if course.skills else 22.0)


def _draw_summary(sheet: Sheet) -> None:
    canvas, course = sheet.canvas, sheet.certificate.course
    lines, size = paragraph(course.summary, (9.6, 9.2, 8.6, 8.0), 3, course.language)
    with canvas.tagged(canvas.structure.element("P", language=sheet.course_language)):
        for line, baseline in zip(lines, _ROWS, strict=False):
            canvas.text(line, LEFT, baseline, size, GREY)


def _draw_outcomes(sheet: Sheet) -> None:
    canvas = sheet.canvas
    arrangement = _arrange_outcomes(sheet)
    size = arrangement.size
    points = canvas.structure.element("L", language=sheet.course_language)
    for lines, left, baseline in arrangement.cells:
        with canvas.ornament():
            canvas.fill_color(sheet.palette.gold)
            canvas.put(small_star(left + 3, baseline + size * 0.36, 3) + b" f")
        with canvas.tagged(canvas.structure.element("LBody", canvas.structure.element("LI", points))):
            for place, line in enumerate(lines):
                canvas.text(line, left + _BULLET, baseline - _ROW * place, size, INK)
    if arrangement.more:
        line, left, baseline = arrangement.more
        with canvas.tagged(canvas.structure.element("P")):
            canvas.text(line, left + _BULLET, baseline, size, GREY)


def _arrange_outcomes(sheet: Sheet) -> _Arrangement:
    """The arrangement that shows most of them: two columns, or one with lines that wrap; larger letters win a tie."""
    everything = len(sheet.certificate.course.outcomes)
    tried = []
    for columns, size in product((2, 1), (8.8, 8.4, 8.0, 7.6)):
        tried.append(_arranged(sheet, columns, size))
        if len(tried[-1].cells) == everything:
            return tried[-1]
    best = max(tried, key=lambda arrangement: len(arrangement.cells))
    if not best.cells:
        raise Unprintable("an outcome has no room, not even in its smallest size")
    return best


def _arranged(sheet: Sheet, columns: int, size: float) -> _Arrangement:
    """As many outcomes, in their order, as leave room for saying how many more there are."""
    outcomes, width = sheet.certificate.course.outcomes, (COLUMN - _GAP * (columns - 1)) / columns
    places = [(LEFT + column * (width + _GAP), row) for row in _ROWS for column in range(columns)]
    cells: list[_Cell] = []
    for text in outcomes:
        lines = _wrapped(sheet, text, width - _BULLET, size)
        is_last = len(cells) == len(outcomes) - 1
        room = 1 if columns > 1 else len(places) - (not is_last)
        if not lines or len(lines) > room or (len(places) == 1 and not is_last):
            break
        cells.append((lines, *places[0]))
        del places[: len(lines)]
    hidden = len(outcomes) - len(cells)
    return _Arrangement(cells, (_more(sheet, hidden), *places[0]) if hidden else None, size)


def _wrapped(sheet: Sheet, text: str, width: float, size: float) -> Sequence[Line]:
    try:
        return wrap(text, REGULAR, width, size, sheet.certificate.course.language)
    except Unprintable:
        return []


def _more(sheet: Sheet, count: int) -> Line:
    return sheet.line(sheet.labels.say(words.MORE, count=count), REGULAR)


def _columns(sheet: Sheet, facts: list[tuple[str, str]]) -> list[tuple[tuple[str, str], float, float]]:
    """Each fact with its left edge and size: 128 apart where they have room, else shared out and smaller."""
    for size in (10.5, 10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0):
        widths = [_fact_width(sheet, fact, size) for fact in facts]
        if (
            len(facts) <= 4
            and all(width <= 120 for width in widths[:-1])
            and sum(widths[-1:]) <= COLUMN - 128 * (len(facts) - 1)
        ):
            return [(fact, LEFT + 128 * place, size) for place, fact in enumerate(facts)]
        gap = (COLUMN - sum(widths)) / max(len(facts) - 1, 1)
        if gap >= 16:
            gap = min(gap, 40.0)
            return [(fact, LEFT + sum(widths[:place]) + gap * place, size) for place, fact in enumerate(facts)]
    raise Unprintable("the facts have no room, not even in their smallest size")


def _fact_width(sheet: Sheet, fact: tuple[str, str], size: float) -> float:
    label, value = sheet.line(fact[0].upper(), MEDIUM), sheet.line(fact[1], MEDIUM)
    return max(width_of(label, _LABEL_SIZE, _LABEL_TRACKING), width_of(value, size))


def _fitting(sheet: Sheet, names: list[str]) -> tuple[list[Line], float, float]:
    """The pills that have room, their size and the space inside them."""
    lines = [sheet.course_line(name, REGULAR) for name in names]
    for size, inside in _PILL_SIZES:
        if _pills_width(lines, size, inside) <= COLUMN:
            return lines, size, inside
    size, inside = _PILL_SIZES[-1]
    for count in range(len(lines) - 1, 0, -1):
        more = width_of(_more(sheet, len(lines) - count), size)
        if _pills_width(lines[:count], size, inside) + _PILL_GAP + more <= COLUMN:
            return lines[:count], size, inside
    return [], size, inside


def _pills_width(lines: list[Line], size: float, inside: float) -> float:
    return sum(width_of(line, size) + 2 * inside for line in lines) + _PILL_GAP * (len(lines) - 1)


def _draw_pill(sheet: Sheet, line: Line, left: float, size: float, inside: float, pills: Element) -> float:
    canvas = sheet.canvas
    width = width_of(line, size) + 2 * inside
    with canvas.ornament():
        canvas.stroke_color(PILL)
        canvas.put(b"0.6 w")
        canvas.rounded_box(left, 132.6, width, _PILL_HEIGHT, _PILL_HEIGHT / 2)
        canvas.put(b"S")
    body = canvas.structure.element("LBody", canvas.structure.element("LI", pills))
    with canvas.tagged(body):
        canvas.text(line, left + inside, 138.6, size, INK)
    return left + width
