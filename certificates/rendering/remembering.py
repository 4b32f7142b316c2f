"""What drawing names leaves in the memory of this process, and how it goes.

No name is remembered as such. Its letters pass through three caches, one by one or sorted: what each looks like,
whether a face has it, and the part of a face that holds it. A fourth holds what several certificates say, the day of
issue among it.
"""

from certificates.rendering.pdf.embedding import shared_parts
from certificates.rendering.pictures.vector import outline
from certificates.rendering.text.glyphs import can_draw, shape_known


def forget_names() -> None:
    """Empties every cache that the letters of a name, or a picture of them, may have passed through.

    What all certificates share is remembered again at the next one.
    """
    for remembered in (outline, can_draw, shared_parts, shape_known):
        remembered.cache_clear()
