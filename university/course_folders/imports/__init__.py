"""Questions and courses of other systems: what a file would become, and every loss by name. Pure, like the format."""

from university.course_folders.imports.merging import Line, Plan, every_quiz, merged, new_files, new_pool, plan
from university.course_folders.imports.moodle.xml_writing import write_moodle
from university.course_folders.imports.picture_box import PictureBox
from university.course_folders.imports.recognising import read_questions
from university.course_folders.imports.results import Import, Item, Remark

__all__ = [
    "Import",
    "Item",
    "Line",
    "PictureBox",
    "Plan",
    "Remark",
    "every_quiz",
    "merged",
    "new_files",
    "new_pool",
    "plan",
    "read_questions",
    "write_moodle",
]
