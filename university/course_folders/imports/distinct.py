"""Every question once, and each with an id of its own."""

from collections import Counter
from dataclasses import replace

from university.course_folders.imports.results import Item, Remark, marked

TWICE = marked("the same question stands in %(place)s already")


class Distinct:
    """Remembers the questions it has met."""

    def __init__(self) -> None:
        self.ids: Counter[str] = Counter()
        self.places: dict[str, str] = {}

    def met(self, item: Item) -> Item:
        """The item, skipped when it stood there before word for word; a namesake gets another id."""
        if item.question is None:
            return item
        content = repr(replace(item.question, id="", quiz_id="", quiz_kind="lesson", lesson_id=None))
        if content in self.places:
            twice = Remark(TWICE, {"place": self.places[content]}, item.line)
            return replace(item, question=None, remarks=(*item.remarks, twice))
        self.places[content] = item.place
        return replace(item, question=replace(item.question, id=self._free(item.question.id)))

    def _free(self, wanted: str) -> str:
        name, count = wanted, 1
        while self.ids[name]:
            count += 1
            name = f"{wanted[:75]}-{count}"
        self.ids[name] += 1
        return name
