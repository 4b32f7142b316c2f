"""Where a text comes from: how its links and pictures are found again in a course."""

from collections.abc import Callable
from dataclasses import dataclass

from university.course_folders.imports.html_texts import from_html
from university.course_folders.imports.texts import Formed, from_plain
from university.course_folders.imports.xml_text import Node


def nowhere(target: str) -> str | None:
    return None


@dataclass(frozen=True)
class Source:
    """A file of questions. `link` and `picture` answer what an address becomes; None for what leads nowhere."""

    name: str
    picture: Callable[[str], str | None] = nowhere
    link: Callable[[str], str | None] | None = None

    def html(self, text: str) -> Formed:
        return from_html(text, self.link, self.picture)

    def material(self, node: Node | None) -> Formed:
        """The texts of QTI 1.2 below a node, in their order."""
        if node is None:
            return Formed("")
        texts = [self._mattext(one) for one in node.below("mattext")]
        losses = tuple(loss for one in texts for loss in one.losses)
        return Formed("\n\n".join(one.text for one in texts if one.text), losses)

    def _mattext(self, node: Node) -> Formed:
        if node.get("texttype") == "text/html":
            return self.html(node.text if not node.nodes else node.html())
        return from_plain(node.text)
