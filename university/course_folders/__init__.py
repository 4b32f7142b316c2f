"""The course folder format: read, check, write, render. Pure: no database, no web, no clock, no settings."""

from university.course_folders.archive import read_zip, write_zip
from university.course_folders.checking import Reading, Site, check, read_course
from university.course_folders.comparing import Change, compare
from university.course_folders.findings import Finding, exit_status, report
from university.course_folders.folder import Folder, Unreadable, read_folder, write_folder
from university.course_folders.keys import key_of, same_key
from university.course_folders.markdown import Rendered, plain, render, render_inline
from university.course_folders.model import (
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
from university.course_folders.pictures import Picture, size_of
from university.course_folders.pools import parts, pool
from university.course_folders.questions import (
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
from university.course_folders.revision import digest, with_status
from university.course_folders.writing import write_course

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
