"""One way in: whatever the file is, what would it import as?"""

import re
from dataclasses import replace

from university.course_folders.imports.aiken import is_aiken, read_aiken
from university.course_folders.imports.distinct import Distinct
from university.course_folders.imports.judging import judged
from university.course_folders.imports.moodle.gift import read_gift, tidy_lines
from university.course_folders.imports.moodle.xml_reading import read_moodle
from university.course_folders.imports.packages import is_zip, read_package
from university.course_folders.imports.picture_box import PictureBox
from university.course_folders.imports.qti.qti2 import read_qti2
from university.course_folders.imports.qti.qti12 import read_qti12
from university.course_folders.imports.quiz_json import is_json, read_quiz_json
from university.course_folders.imports.results import BrokenFile, Import, marked
from university.course_folders.imports.sources import Source
from university.course_folders.imports.texts import decoded
from university.course_folders.imports.xml_text import Node, read_xml

MOST_TEXT = 20 * 1024 * 1024
UTF8_MARK = b"\xef\xbb\xbf"
# GIFT may begin with a tag of HTML; these roots are ours to read.
XML_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|!DOCTYPE|!--|quiz\b|questestinterop\b|assessmentItem\b|qti-)")

TOO_LARGE = marked("the file has %(bytes)s bytes; at most %(most)s")
UNKNOWN = marked("this is no format we can read: GIFT, Aiken, Moodle XML, QTI, Common Cartridge, quiz-app JSON")
UNKNOWN_XML = marked("XML that begins with <%(element)s> is no questions we can read")
NOTHING = marked("there is no question in it")


def read_questions(name: str, content: bytes | str, box: PictureBox | None = None) -> Import:
    """What this file or pasted text would import as, in whatever format it is. Changes nothing, raises nothing.

    `box` takes the pictures and knows where the questions will lie; without one they go into `pools/`.
    """
    try:
        return _distinct(_read(name, content, box or PictureBox()))
    except BrokenFile as broken:
        return Import(name, "", broken=broken.remark)


def _read(name: str, content: bytes | str, box: PictureBox) -> Import:
    if isinstance(content, bytes) and is_zip(content):
        return read_package(name, content, box)
    if len(content) > MOST_TEXT:
        raise BrokenFile(TOO_LARGE, bytes=len(content), most=MOST_TEXT)
    data = content.encode("utf-8", "replace") if isinstance(content, str) else content
    if XML_START.match(data):
        return _read_xml(name, read_xml(data.removeprefix(UTF8_MARK)), box)
    text = tidy_lines(content if isinstance(content, str) else decoded(content))
    if is_json(name, text):
        return read_quiz_json(name, text)
    if is_aiken(text):
        return read_aiken(name, text)
    if not text.strip():
        raise BrokenFile(NOTHING)
    if any(sign in text for sign in ("{", "}", "$CATEGORY:")):
        return read_gift(name, text)
    raise BrokenFile(UNKNOWN)


def _read_xml(name: str, root: Node, box: PictureBox) -> Import:
    if root.name == "quiz":
        return read_moodle(name, root, box)
    if root.name == "questestinterop":
        return Import(name, "QTI 1.2", tuple(read_qti12(Source(name), root)))
    if root.name in ("assessmentItem", "qti-assessment-item"):
        return Import(name, "QTI 2.1" if root.name == "assessmentItem" else "QTI 3.0", (read_qti2(Source(name), root),))
    raise BrokenFile(UNKNOWN_XML, root.line, element=root.name)


def _distinct(found: Import) -> Import:
    if found.folder is not None:  # a course: its own checker knows better
        return found
    distinct = Distinct()
    return judged(replace(found, items=tuple(distinct.met(item) for item in found.items)))
