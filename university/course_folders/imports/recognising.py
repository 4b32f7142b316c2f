"""One way in: whatever the file is, what would it import as?"""

from collections import Counter
from dataclasses import replace

from university.course_folders.imports.aiken import is_aiken, read_aiken
from university.course_folders.imports.gift import read_gift, tidy_lines
from university.course_folders.imports.judging import judged
from university.course_folders.imports.results import Broken, Import, Item, Remark, marked
from university.course_folders.imports.texts import decoded

MOST_TEXT = 20 * 1024 * 1024

TOO_LARGE = marked("the file has %(bytes)s bytes; at most %(most)s")
UNKNOWN = marked("this is no format we can read: GIFT, Aiken")
NOTHING = marked("there is no question in it")
TWICE = marked("the same question stands in line %(line)s already")


def read_questions(name: str, content: bytes | str) -> Import:
    """What this file or pasted text would import as, in whatever format it is. Changes nothing, raises nothing."""
    try:
        return judged(_distinct(_read(name, content)))
    except Broken as broken:
        return Import(name, "", broken=broken.remark)


def _read(name: str, content: bytes | str) -> Import:
    if len(content) > MOST_TEXT:
        raise Broken(TOO_LARGE, bytes=len(content), most=MOST_TEXT)
    text = tidy_lines(content if isinstance(content, str) else decoded(content))
    if is_aiken(text):
        return read_aiken(name, text)
    if not text.strip():
        raise Broken(NOTHING)
    if any(sign in text for sign in ("{", "}", "$CATEGORY:")):
        return read_gift(name, text)
    raise Broken(UNKNOWN)


def _distinct(found: Import) -> Import:
    """Every question with an id of its own; one that stands there twice, word for word, comes in once."""
    ids: Counter[str] = Counter()
    known: dict[str, int] = {}
    items = [_one(item, ids, known) for item in found.items]
    return replace(found, items=tuple(items))


def _one(item: Item, ids: Counter[str], known: dict[str, int]) -> Item:
    if item.question is None:
        return item
    content = repr(replace(item.question, id=""))
    if content in known:
        twice = Remark(TWICE, {"line": known[content]}, item.line)
        return replace(item, question=None, remarks=(*item.remarks, twice))
    known[content] = item.line
    ids[item.question.id] += 1
    count = ids[item.question.id]
    if count == 1:
        return item
    return replace(item, question=replace(item.question, id=f"{item.question.id[:75]}-{count}"))
