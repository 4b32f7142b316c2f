"""course.yaml and module.yaml as values."""

import re
from decimal import Decimal
from typing import Literal

from university.course_folders.course.model import (
    LEVELS,
    QUIZ_DEMANDS,
    STATUSES,
    Author,
    CertificateRules,
    Completion,
    Course,
    Cover,
    Licence,
    Module,
    Skill,
)
from university.course_folders.reading.documents import Document, described
from university.course_folders.reading.fields import Fields
from university.course_folders.reading.lessons import LANGUAGE
from university.course_folders.yaml.tree import YamlMapping, YamlScalar

LICENCE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*")
ORCID = re.compile(r"(https://orcid\.org/)?\d{4}-\d{4}-\d{4}-\d{3}[\dX]", re.ASCII)


def read_course_file(document: Document, mapping: YamlMapping) -> tuple[Course, Fields]:
    """The course without its modules, and its fields for the rules about the whole. Missing fields are reported and
    stand here empty."""
    fields = Fields(document, mapping)
    format_ = fields.integer("format", 1, 1, required=True)
    course = Course(
        format=format_ or 1,
        slug=fields.id("slug") or "",
        title=fields.text("title", required=True, most=120) or "",
        summary=fields.text("summary", required=True, most=300) or "",
        description=fields.markdown("description"),
        audience=fields.text("audience", one_line=False),
        language=fields.matching("language", LANGUAGE, "a language tag such as en or nl-BE", required=True) or "en",
        translation_of=fields.id("translation_of", required=False),
        version=fields.text("version", most=40),
        status=fields.word("status", STATUSES, "draft"),
        authors=tuple(_author(inner) for inner in fields.mappings("authors")),
        licence=_licence(fields.mapping_of("licence", required=True)),
        hours=fields.number("hours", "0.1", "2000", required=True) or Decimal(0),
        ects=fields.number("ects", "0", "60"),
        eqf=fields.integer("eqf", 1, 8),
        level=fields.optional_word("level", LEVELS),
        skills=tuple(_skill(inner) for inner in fields.mappings("skills")),
        outcomes=fields.texts("outcomes"),
        prerequisites=fields.texts("prerequisites"),
        cover=_cover(fields.mapping_of("cover")),
        completion=_completion(fields.mapping_of("completion"), has_exam="exam.yaml" in document.files),
        certificate=_certificate(fields.mapping_of("certificate")),
        aliases=fields.texts("aliases", ids=True),
    )
    fields.close()
    return course, fields


def _author(fields: Fields) -> Author:
    author = Author(
        name=fields.text("name", required=True) or "",
        url=fields.web_address("url"),
        orcid=fields.matching("orcid", ORCID, "an ORCID such as 0000-0002-1825-0097"),
    )
    fields.close()
    return author


def _licence(fields: Fields | None) -> Licence:
    if fields is None:
        return Licence("")
    licence = Licence(
        id=fields.matching("id", LICENCE_ID, "an SPDX id such as CC-BY-4.0, or proprietary", required=True) or "",
        file=fields.text("file"),
        attribution=fields.text("attribution", one_line=False),
        source=fields.text("source"),
        changes=fields.text("changes", one_line=False),
    )
    fields.close()
    if licence.id.upper().startswith("CC-BY") and not licence.attribution:
        what = f"the licence {licence.id} asks for attribution"
        fields.document.report(fields.place, "E003", what, "a field attribution")
    _check_licence_file(fields, licence.file)
    return licence


def _check_licence_file(fields: Fields, file: str | None) -> None:
    if file in fields.document.files:
        fields.document.used_files.add(str(file))
    elif file:
        fields.report("file", "E010", f"no such licence file: {file}", "an existing file; names are case-sensitive")


def _skill(fields: Fields) -> Skill:
    skill = Skill(fields.text("name", required=True) or "", fields.web_address("uri"))
    fields.close()
    return skill


def _cover(fields: Fields | None) -> Cover | None:
    if fields is None:
        return None
    cover = Cover(fields.file("file", required=True, is_shown=True) or "", fields.text("alt"))
    fields.close()
    return cover if cover.file else None


def _completion(fields: Fields | None, has_exam: bool) -> Completion:
    if fields is None:
        return Completion(exam=has_exam)
    completion = Completion(
        lessons=_lessons_needed(fields),
        quizzes=fields.word("quizzes", QUIZ_DEMANDS, "attempted"),
        exam=fields.boolean("exam", has_exam),
    )
    fields.close()
    if completion.exam and not has_exam:
        fields.report("exam", "E008", "the exam is required, but there is no exam.yaml", "exam: false, or an exam.yaml")
    return completion


def _lessons_needed(fields: Fields) -> Literal["all", "none"] | int:
    node = fields.node("lessons")
    value = node.value if isinstance(node, YamlScalar) else None
    if node is None:
        return "all"
    if isinstance(value, int) and not isinstance(value, bool):
        return fields.integer("lessons", 1, 100) or 100
    if isinstance(value, str):
        words: tuple[Literal["all", "none"], ...] = ("all", "none")
        return fields.word("lessons", words, "all")
    expected = "all, none or a whole number from 1 to 100 (per cent)"
    fields.report("lessons", "E105", f'"{fields.dotted("lessons")}" is {described(node)}', expected)
    return "all"


def _certificate(fields: Fields | None) -> CertificateRules:
    if fields is None:
        return CertificateRules()
    rules = CertificateRules(
        enabled=fields.boolean("enabled", False),
        template=fields.id("template", required=False),
        title=fields.text("title", most=120),
        valid_months=fields.integer("valid_months", 1, 240),
    )
    fields.close()
    return rules


def read_module_file(document: Document, mapping: YamlMapping, path: str) -> tuple[Module, Fields]:
    """The module without its lessons."""
    fields = Fields(document, mapping)
    module = Module(
        id=fields.id() or "",
        path=path,
        title=fields.text("title", required=True, most=120) or "",
        summary=fields.markdown("summary"),
        objectives=fields.texts("objectives"),
        aliases=fields.texts("aliases", ids=True),
    )
    fields.close()
    return module, fields
