"""The two colours an issuer may choose, and every shade of the page that follows from them."""

from dataclasses import dataclass
from functools import lru_cache

from certificates.certificate import IssuedBy
from certificates.colors import READABLE, contrast_of, luminance
from certificates.rendering.pdf.canvas import Color, color, mix

PAPER = color("#fcfbf8")
INK = color("#14211f")
GREY = color("#56615e")
_BLACK, _WHITE = (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)


@dataclass(frozen=True)
class Palette:
    """`panel` and the `gold` engraved on it; `depth` of the panel's corners; `gold_text` is the gold one can read on
    paper; `star_light` and `star_dark` are the two halves of the issuer's star."""

    panel: Color
    gold: Color
    depth: Color
    gold_text: Color
    star_light: Color
    star_dark: Color

    def engraved(self, share: float) -> Color:
        """The gold on the panel, as strong as `share` of it."""
        return mix(self.panel, self.gold, share)


HOUSE = Palette(*map(color, ("#0c2f2d", "#cfae74", "#071f1e", "#7d5f28", "#2b5a55", "#0c2f2d")))


def palette_of(issuer: IssuedBy) -> Palette:
    """The house's, unless the issuer has chosen colours."""
    if not issuer.panel_color or not issuer.engraving_color:
        return HOUSE
    return _chosen(color(issuer.panel_color), color(issuer.engraving_color))


@lru_cache(maxsize=16)
def _chosen(panel: Color, gold: Color) -> Palette:
    return Palette(
        panel=panel,
        gold=gold,
        depth=mix(panel, _BLACK, 0.36),
        gold_text=_readable(gold),
        star_light=mix(panel, _WHITE, 0.2),
        star_dark=panel,
    )


def _readable(gold: Color) -> Color:
    """As much of the colour as still reads on paper."""
    for share in range(0, 100, 4):
        darker = mix(gold, INK, share / 100)
        if contrast_of(luminance(darker), luminance(PAPER)) >= READABLE:
            return darker
    return INK
