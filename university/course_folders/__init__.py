"""The course folder format: read, check, write, render. Pure: no database, no web, no clock, no settings."""

from university.course_folders.checking.whole_course import Reading, Site, check, read_course
from university.course_folders.course.comparing import Change, compare
from university.course_folders.course.keys import key_of, same_key
from university.course_folders.course.model import (
    Author,
    Captions,
    CertificateRules,
    Completion,
    Course,
    Cover,
    Lesson,
    Licence,
    Module,
    Skill,
    Video,
)
from university.course_folders.course.pools import parts, pool
from university.course_folders.course.questions import (
    Answer,
    Choice,
    Feedback,
    NumberKey,
    Pair,
    Part,
    Question,
    Quiz,
    question_from_json,
    quiz_from_json,
)
from university.course_folders.files.archive import read_zip, write_zip
from university.course_folders.files.folder import Folder, Unreadable, read_folder, write_folder
from university.course_folders.files.pictures import Picture, size_of
from university.course_folders.findings import Finding, exit_status, report
from university.course_folders.markdown.rendering import Rendered, plain, render, render_inline
from university.course_folders.writing.canonical import write_course
from university.course_folders.writing.revision import digest, with_status

__all__ = [
    "Answer",
    "Author",
    "Captions",
    "CertificateRules",
    "Change",
    "Choice",
    "Completion",
    "Course",
    "Cover",
    "Feedback",
    "Finding",
    "Folder",
    "Lesson",
    "Licence",
    "Module",
    "NumberKey",
    "Pair",
    "Part",
    "Picture",
    "Question",
    "Quiz",
    "Reading",
    "Rendered",
    "Site",
    "Skill",
    "Unreadable",
    "Video",
    "check",
    "compare",
    "digest",
    "exit_status",
    "key_of",
    "parts",
    "plain",
    "pool",
    "question_from_json",
    "quiz_from_json",
    "read_course",
    "read_folder",
    "read_zip",
    "render",
    "render_inline",
    "report",
    "same_key",
    "size_of",
    "with_status",
    "write_course",
    "write_folder",
    "write_zip",
]
