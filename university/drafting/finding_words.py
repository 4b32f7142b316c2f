"""What the checker found, in the reader's language and beside the field or page it belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from university.course_folders import Finding
from university.course_folders.reading.field_places import BODY, body_line, field_of
from university.drafting.draft_saving import OpenDraft
from university.language import current_language, gettext as _, marked

# Codes never change meaning, so the translation goes by code. What is special about the one case follows in the
# checker's own words.
WORDS = {
    "E003": marked("This licence asks for a line that names the authors."),
    "E008": marked("The exam is required, but the course has no exam."),
    "W009": marked("The hours do not fit the minutes of the lessons."),
    "E011": marked("There is a certificate, but nothing has to be done for it."),
    "W016": marked("The course has many lessons. Two shorter courses are finished more often."),
    "E017": marked("Another course of this site has this address."),
    "W018": marked("This site does not know it."),
    "E104": marked("This is still missing."),
    "E105": marked("This has the wrong form."),
    "E106": marked("This does not fit."),
    "E110": marked("Another one has this id already."),
    "E121": marked("A film needs either an address or a file."),
    "W122": marked("The film has neither captions nor a transcript: not everybody can hear it."),
    "E123": marked("The lesson is still empty."),
    "W124": marked("A heading of level 1 in the text: the title is level 1 already."),
    "E126": marked("There is no such file in the course."),
    "W128": marked("The lesson is long. Short ones are finished more often: can it be two?"),
    "E201": marked("Two to twenty choices, please."),
    "E202": marked("Exactly one choice is the right one."),
    "E203": marked("Mark at least one choice as right."),
    "E204": marked("Two choices say the same."),
    "W205": marked("Every choice is right: is that meant?"),
    "E206": marked("There is no answer that is accepted."),
    "E207": marked("Give either one number or two ends."),
    "E208": marked("Two to twenty pairs, please, and every left side once."),
    "E209": marked("Three to twelve things, please, and each once."),
    "E212": marked("Either parts with a number each, or sources with one number for all."),
    "E214": marked("An exam does not tell right from wrong at once."),
    "E210": marked("There are no questions yet."),
    "E211": marked("More questions are drawn than there are."),
    "E213": marked("This names no questions."),
    "E301": marked("The picture is on another site. Add it to the course instead."),
    "E302": marked("The picture is outside of the course."),
    "E303": marked("There is no such picture in the course."),
    "E304": marked("This file is no picture."),
    "W305": marked("The picture is large and loads slowly."),
    "W306": marked("The picture has no description for people who cannot see it."),
    "W007": marked("Nothing uses this file."),
    "W309": marked("Nothing shows this picture."),
    "E307": marked("This link leads to nothing we can allow."),
    "E308": marked("This HTML is not allowed in a course."),
    "E310": marked("The link leads to no file of the course."),
    "W311": marked("This HTML is shown as text, or a part of it is left out."),
}
# Findings about a group of fields, and the field in which they are put right.
FIELDS = {"E003": "licence.attribution", "W122": "video.transcript", "E011": "certificate.enabled", "W016": ""}
# Their sentence says it all.
COMPLETE = {"E104", "E123", "W122", "E121", "E003", "E008", "E011", "E203", "E206", "E207", "E212", "E214"}

QUESTION = re.compile(r"questions\.([0-9]+)(?:\.(.+))?", re.ASCII)


@dataclass(frozen=True)
class Said:
    """One finding as people read it. `line` is that of the text below it, where there is one; `detail` are the
    checker's own words, in English."""

    sentence: str
    detail: str
    is_error: bool
    place: str
    address: str
    line: int = 0


def words_for(finding: Finding) -> tuple[str, str]:
    """The sentence, and the checker's own words where they add something."""
    own = f"{finding.what[:1].upper()}{finding.what[1:]}. Expected: {finding.expected}."
    known = WORDS.get(finding.code)
    if known is None:
        return (own, "") if current_language() == "en" else (_("The checker says:"), own)
    return _(known), "" if finding.code in COMPLETE else own


def beside(opened: OpenDraft, path: str) -> dict[str, list[Said]]:
    """What is said about one file, by the field it is about; under an empty name what is about all of it."""
    found: dict[str, list[Said]] = {}
    content = opened.folder.files.get(path, b"")
    for finding in opened.findings_in(path):
        found.setdefault(_field(finding, content), []).append(_said(opened, finding, content))
    return found


def listed(opened: OpenDraft, findings: Iterable[Finding]) -> list[Said]:
    """What is said, errors first, each with a link to where it can be put right."""
    said = [_said(opened, finding, opened.folder.files.get(finding.path, b"")) for finding in findings]
    return sorted(said, key=lambda one: not one.is_error)


def _said(opened: OpenDraft, finding: Finding, content: bytes) -> Said:
    sentence, detail = words_for(finding)
    field = _field(finding, content)
    place, address = place_of(opened, finding.path)
    line = finding.line - body_line(content.decode("utf-8-sig", "replace")) + 1 if field == BODY else 0
    asked = QUESTION.fullmatch(field)
    if asked and finding.path.endswith(".yaml"):
        anchor = f"/{int(asked[1]) + 1}#{asked[2] or 'text'}"
    else:
        anchor = f"?line={line}#text" if line > 0 else f"#{field}" if field else ""
    return Said(sentence, detail, finding.is_error, place, f"{address}{anchor}" if address else "", max(line, 0))


def _field(finding: Finding, content: bytes) -> str:
    return FIELDS[finding.code] if finding.code in FIELDS else field_of(finding, content) or ""


def place_of(opened: OpenDraft, path: str) -> tuple[str, str]:
    """What a file of the course is called on pages, and the page on which it is edited; empty where there is none."""
    if path in ("course.yaml", "ATTRIBUTION.md", "LICENSE"):
        return _("Settings"), f"{opened.address}/settings"
    for module in opened.reading.course.modules if opened.reading.course else ():
        if path == f"{module.path}/module.yaml":
            return module.title, f"{opened.address}/modules/{module.id}"
        for lesson in module.lessons:
            if path == lesson.path:
                return lesson.title, f"{opened.address}/lessons/{lesson.id}"
    for quiz in opened.reading.course.quizzes if opened.reading.course else ():
        if path == quiz.path:
            return quiz.title or path, f"{opened.address}/questions/{quiz.id}" if quiz.id else ""
    if path.startswith(("images/", "files/", "captions/")):
        return path.partition("/")[2], f"{opened.address}/files"
    return path, ""
