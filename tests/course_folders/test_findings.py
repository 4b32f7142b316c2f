"""Each rule of the format, broken once in a course that is whole otherwise: path, line and code must be exact."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.course_folders.lighthouses import COAST, LIGHT, SITE, changed, lighthouses, with_file
from university.course_folders import Finding, Folder, Site, check, exit_status, report

QUIZ = f"{COAST}/01-marks.quiz.yaml"
LESSON = f"{COAST}/01-marks.md"
LAMPS = f"{LIGHT}/01-lamps.md"
LAMPS_QUIZ = f"{LIGHT}/01-lamps.quiz.yaml"
POOL = "pools/tides.yaml"

CODES = """
E001 E002 E003 E004 E005 E006 W007 E008 W009 E010 E011 E012 E013 E014 E015 W016 E017 W018
E100 E101 E102 E103 E104 E105 E106 E107 E110 E120 E121 W122 E123 W124 E125 E126 W128
E201 E202 E203 E204 W205 E206 E207 E208 E209 E210 E211 E212 E213 E214
E301 E302 E303 E304 W305 W306 E307 E308 W309 E310 W311
"""

Breakage = Callable[[], Folder]


def edit(path: str, old: str, new: str) -> Breakage:
    return lambda: changed(path, old, new)


def add(path: str, content: bytes | str) -> Breakage:
    return lambda: with_file(path, content)


def remove(path: str) -> Breakage:
    return lambda: with_file(path, None)


def in_lesson(text: str) -> Breakage:
    """The last, empty lesson gets this text; it begins in line 6."""
    return lambda: changed(f"{LIGHT}/02-next.md", "Not ready.", text)


def question(text: str) -> Breakage:
    """A question beside the one of a draft lesson; it begins in line 7."""
    path = f"{LIGHT}/02-next.quiz.yaml"
    return lambda: with_file(path, lighthouses().files[path].decode() + text)


# What is broken, and every finding it may give: path, line, code.
BREAKAGES: list[tuple[str, Breakage, list[tuple[str, int, str]]]] = [
    # Structure
    ("E001 no course.yaml", remove("course.yaml"), [("course.yaml", 1, "E001")]),
    ("E002 other slug", edit("course.yaml", "slug: lighthouses", "slug: towers"), [("course.yaml", 3, "E002")]),
    (
        "E003 attribution",
        edit("course.yaml", "  attribution: Lighthouses by Ada and Grace, CC BY 4.0.\n", ""),
        [("course.yaml", 22, "E003")],
    ),
    (
        "E005 module name",
        add("modules/3-short/module.yaml", "id: short\ntitle: Short\n"),
        [("modules/3-short", 1, "E005")],
    ),
    (
        "E005 lesson name",
        add(f"{LIGHT}/Late.md", "---\nid: late\ntitle: Late\nminutes: 1\n---\nLate."),
        [(f"{LIGHT}/Late.md", 1, "E005")],
    ),
    (
        "E005 pool name",
        add("pools/Big Pool.yaml", "id: big\ntitle: Big\nquestions: []\n"),
        [("pools/Big Pool.yaml", 1, "E005")],
    ),
    ("E006 no module.yaml", remove(f"{LIGHT}/module.yaml"), [(f"{LIGHT}/module.yaml", 1, "E006")]),
    ("W007 unused file", add("files/old.pdf", "%PDF"), [("files/old.pdf", 1, "W007")]),
    ("W007 stray file", add("notes.txt", "later"), [("notes.txt", 1, "W007")]),
    ("W009 hours", edit("course.yaml", "hours: 0.5", "hours: 20"), [("course.yaml", 27, "W009")]),
    ("E008 no exam", remove("exam.yaml"), [("course.yaml", 44, "E008")]),
    ("E010 licence file", edit("course.yaml", "file: LICENSE", "file: LICENCE"), [("course.yaml", 23, "E010")]),
    (
        "E011 nothing asked",
        edit(
            "course.yaml",
            "lessons: 50\n  quizzes: passed\n  exam: true",
            "lessons: none\n  quizzes: none\n  exam: false",
        ),
        [("course.yaml", 46, "E011")],
    ),
    ("E012 not UTF-8", add("ATTRIBUTION.md", "one\ntwo \u00e9\n".encode("latin-1")), [("ATTRIBUTION.md", 2, "E012")]),
    ("E013 file name", add("files/my chart.pdf", "%PDF"), [("files/my chart.pdf", 1, "E013")]),
    ("E013 odd name", add("notes\udcff\n.txt", ""), [("notes\udcff\n.txt", 1, "E013")]),
    ("E014 too large", add(POOL, "#" * (1024 * 1024 + 1)), [(POOL, 1, "E014")]),
    (
        "W018 translation",
        edit("course.yaml", "translation_of: vuurtorens", "translation_of: fari"),
        [("course.yaml", 13, "W018")],
    ),
    ("W018 template", edit("course.yaml", "template: classic", "template: baroque"), [("course.yaml", 47, "W018")]),
    ("W016 many lessons", lambda: many_lessons(), [("course.yaml", 1, "W016")]),
    # Fields
    ("E100 no YAML", edit("exam.yaml", "title: Final exam", "title: Final: exam"), [("exam.yaml", 2, "E100")]),
    (
        "E100 unclosed list",
        edit(f"{COAST}/module.yaml", "aliases:\n  - shore", "aliases: [shore"),
        [(f"{COAST}/module.yaml", 7, "E100")],
    ),
    (
        "E101 twice",
        edit("exam.yaml", "title: Final exam", "title: Final exam\ntitle: Again"),
        [("exam.yaml", 3, "E101")],
    ),
    ("E102 a list", add(f"{LIGHT}/module.yaml", "- id: light\n"), [(f"{LIGHT}/module.yaml", 1, "E102")]),
    ("E103 unknown", edit(QUIZ, "pass_mark: 50", "passmark: 50"), [(QUIZ, 4, "E103")]),
    ("E103 in a choice", edit(QUIZ, "        pin: true", "        pinned: true"), [(QUIZ, 35, "E103")]),
    (
        "E104 missing",
        edit("course.yaml", "summary: How lights, marks and tides bring a ship home.\n", ""),
        [("course.yaml", 2, "E104")],
    ),
    (
        "E104 minutes",
        edit(LAMPS, "minutes: 10\n", ""),
        [
            (LAMPS, 2, "E104"),
        ],
    ),
    ("E105 number", edit(QUIZ, "- text: A gull", "- text: 42"), [(QUIZ, 32, "E105")]),
    ("E105 text", edit("course.yaml", "hours: 0.5", "hours: half"), [("course.yaml", 27, "E105")]),
    ("E105 truth", edit(LAMPS, "optional: true", "optional: Yes"), [(LAMPS, 5, "E105")]),
    ("E105 a list", edit("course.yaml", "outcomes:\n  - Tell", "outcomes:\n  Tell"), [("course.yaml", 35, "E105")]),
    (
        "E105 no fields",
        edit("course.yaml", "  - name: Grace Hopper", "  - Grace Hopper"),
        [("course.yaml", 20, "E105")],
    ),
    ("E106 words", edit("course.yaml", "level: introductory", "level: beginner"), [("course.yaml", 30, "E106")]),
    ("E106 limits", edit(QUIZ, "pass_mark: 50", "pass_mark: 101"), [(QUIZ, 4, "E106")]),
    ("E106 length", edit("exam.yaml", "Final exam", "x" * 121), [("exam.yaml", 2, "E106")]),
    ("E106 id", edit(LESSON, "id: marks\n", "id: Marks\n"), [(LESSON, 2, "E106")]),
    ("E106 alias", edit("course.yaml", "  - vuurtoren\n", "  - Vuur toren\n"), [("course.yaml", 51, "E106")]),
    (
        "E106 address",
        edit("course.yaml", "url: https://example.org/ada", "url: javascript:alert(1)"),
        [("course.yaml", 18, "E106")],
    ),
    ("E107 anchor", edit("exam.yaml", "id: final", "id: &x final"), [("exam.yaml", 1, "E107")]),
    ("E107 tag", edit("exam.yaml", "id: final", "id: !!str final"), [("exam.yaml", 1, "E107")]),
    ("E107 alias", edit("exam.yaml", "draw: 1", "draw: *x"), [("exam.yaml", 9, "E107")]),
    ("E110 lesson", edit(LAMPS, "id: lamps", "id: marks"), [(LAMPS, 2, "E110")]),
    ("E110 lesson alias", edit(LAMPS, "minutes: 10", "minutes: 10\naliases: [later]"), [(LAMPS, 5, "E110")]),
    ("E110 module", edit(f"{LIGHT}/module.yaml", "id: light", "id: coast"), [(f"{LIGHT}/module.yaml", 1, "E110")]),
    ("E110 question", edit(LAMPS_QUIZ, "id: lamp-word", "id: pre-red"), [(LAMPS_QUIZ, 4, "E110")]),
    ("E110 quiz", edit(LAMPS_QUIZ, "id: lamps-quiz", "id: coast-check"), [(LAMPS_QUIZ, 1, "E110")]),
    ("E110 choice", edit(QUIZ, "- text: A gull", "- text: A gull\n        id: buoy"), [(QUIZ, 33, "E110")]),
    ("E120 no front matter", add(f"{LIGHT}/02-next.md", "# Next\n"), [(f"{LIGHT}/02-next.md", 1, "E120")]),
    (
        "E121 url and file",
        edit(LAMPS, "  file: files/lamp.webm", "  file: files/lamp.webm\n  url: https://example.org"),
        [(LAMPS, 7, "E121")],
    ),
    (
        "E121 neither",
        edit(f"{LIGHT}/10-later.md", "  url: https://example.org/film\n", ""),
        [(f"{LIGHT}/10-later.md", 6, "E121")],
    ),
    (
        "W122 no captions",
        edit(f"{LIGHT}/10-later.md", "  transcript: It shows a tower.\n", ""),
        [(f"{LIGHT}/10-later.md", 6, "W122")],
    ),
    (
        "E123 empty lesson",
        edit(f"{LIGHT}/02-next.md", "draft: true\n---\nNot ready.", "---\n"),
        [(f"{LIGHT}/02-next.md", 6, "E123")],
    ),
    ("W124 level 1", edit(LAMPS, "## Colours", "# Colours"), [(LAMPS, 16, "W124")]),
    ("W124 underlined", edit(LAMPS, "## Colours", "Colours\n======="), [(LAMPS, 16, "W124")]),
    (
        "E125 lone quiz",
        add(f"{LIGHT}/03-gone.quiz.yaml", "id: gone\ntitle: Gone\n"),
        [(f"{LIGHT}/03-gone.quiz.yaml", 1, "E125")],
    ),
    (
        "E126 cover",
        edit("course.yaml", "file: images/cover.png", "file: images/Cover.png"),
        [("course.yaml", 39, "E126")],
    ),
    (
        "E126 captions",
        edit(LAMPS, "file: captions/lamp.vtt", "file: captions/none.vtt"),
        [("captions/lamp.vtt", 1, "W007"), (LAMPS, 12, "E126")],
    ),
    ("W128 long", edit(LAMPS, "minutes: 10", "minutes: 16"), [(LAMPS, 4, "W128")]),
    # Questions
    (
        "E201 one choice",
        question("  - {id: q, kind: multiple, text: T, choices: [{text: a, correct: true}]}\n"),
        [(f"{LIGHT}/02-next.quiz.yaml", 8, "E201"), (f"{LIGHT}/02-next.quiz.yaml", 8, "W205")],
    ),
    ("E202 two right", edit(QUIZ, "- text: A gull", "- text: A gull\n        correct: true"), [(QUIZ, 27, "E202")]),
    (
        "E202 none right",
        edit(f"{COAST}/01-marks.pre.yaml", "        correct: true\n", ""),
        [(f"{COAST}/01-marks.pre.yaml", 8, "E202")],
    ),
    (
        "E203 none right",
        question("  - {id: q, kind: multiple, text: T, choices: [{text: a}, {text: b}]}\n"),
        [(f"{LIGHT}/02-next.quiz.yaml", 8, "E203")],
    ),
    ("E204 same text", edit(QUIZ, "- text: A gull", "- text: A  buoy "), [(QUIZ, 32, "E204")]),
    ("W205 all right", edit(QUIZ, "- text: A wave", "- text: A wave\n        correct: true"), [(QUIZ, 41, "W205")]),
    (
        "E206 no answer",
        edit(
            LAMPS_QUIZ,
            "    answers:\n      - light\n      - text: '*beam'\n        score: 0.5\n        feedback: Nearly.\n",
            "",
        ),
        [(LAMPS_QUIZ, 4, "E206")],
    ),
    (
        "E206 nothing scores",
        question("  - {id: q, kind: text, text: T, answers: [{text: a, score: 0}]}\n"),
        [(f"{LIGHT}/02-next.quiz.yaml", 8, "E206")],
    ),
    ("E207 both", edit(POOL, "    unit: m", "    range: [2, 3]"), [(POOL, 9, "E207")]),
    ("E207 neither", edit(POOL, "    range: [12, 12.5]\n", ""), [(POOL, 10, "E207")]),
    (
        "E208 one pair",
        edit(LAMPS_QUIZ, "      - left: green\n        right: starboard\n", ""),
        [(LAMPS_QUIZ, 19, "E208")],
    ),
    ("E208 left twice", edit(LAMPS_QUIZ, "- left: green", "- left: red"), [(LAMPS_QUIZ, 21, "E208")]),
    ("E209 two items", edit(LAMPS_QUIZ, "      - ship\n", ""), [(LAMPS_QUIZ, 31, "E209")]),
    ("E209 item twice", edit(LAMPS_QUIZ, "      - ship\n", "      - lens\n"), [(LAMPS_QUIZ, 33, "E209")]),
    ("E210 no questions", add(f"{LIGHT}/quiz.yaml", "id: none\ntitle: None\n"), [(f"{LIGHT}/quiz.yaml", 1, "E210")]),
    (
        "E210 only void",
        edit(f"{COAST}/01-marks.pre.yaml", "    kind: single", "    kind: single\n    void: true"),
        [(f"{COAST}/01-marks.pre.yaml", 1, "E210")],
    ),
    ("E211 too many", edit(f"{COAST}/quiz.yaml", "draw: 2", "draw: 6"), [(f"{COAST}/quiz.yaml", 6, "E211")]),
    (
        "E211 parts overlap",
        edit("exam.yaml", "pool: '*'\n    draw: 1", "pool: tag:marks\n    draw: 1"),
        [("exam.yaml", 9, "E211")],
    ),
    ("E212 blueprint and draw", edit("exam.yaml", "time_limit_minutes: 20", "draw: 3"), [("exam.yaml", 4, "E212")]),
    ("E213 unknown pool", edit("exam.yaml", "'pool:tides'", "'pool:ebb'"), [("exam.yaml", 6, "E213")]),
    (
        "E213 unknown tag",
        edit(f"{COAST}/quiz.yaml", "  - tag:lights", "  - tag:stars"),
        [(f"{COAST}/quiz.yaml", 5, "E213")],
    ),
    ("E214 immediate", edit("exam.yaml", "time_limit_minutes: 20", "feedback: immediate"), [("exam.yaml", 10, "E214")]),
    # Text and pictures
    (
        "E301 other site",
        in_lesson("One.\n\nTwo ![p](https://example.org/p.png)."),
        [(f"{LIGHT}/02-next.md", 9, "E301")],
    ),
    ("E301 data", in_lesson("![p](data:image/png;base64,AAAA)"), [(f"{LIGHT}/02-next.md", 7, "E301")]),
    ("E302 outside", in_lesson("![p](../../../p.png)"), [(f"{LIGHT}/02-next.md", 7, "E302")]),
    ("E302 root", in_lesson("![p](/images/cover.png)"), [(f"{LIGHT}/02-next.md", 7, "E302")]),
    ("E303 missing", in_lesson("- a\n- b\n  ![p](../../images/nope.png)"), [(f"{LIGHT}/02-next.md", 9, "E303")]),
    ("E304 no picture", in_lesson("![p](../../files/chart.pdf)"), [(f"{LIGHT}/02-next.md", 7, "E304")]),
    (
        "E304 other inside",
        add("images/cover.png", b"GIF? no"),
        [("course.yaml", 39, "E304"), (LESSON, 16, "E304"), (LAMPS, 9, "E304")],
    ),
    (
        "W305 large",
        lambda: with_file("images/buoy.svg", lighthouses().files["images/buoy.svg"] + b" " * 310_000),
        [("images/buoy.svg", 1, "W305")],
    ),
    ("W306 no description", in_lesson("![](../../images/cover.png)"), [(f"{LIGHT}/02-next.md", 7, "W306")]),
    ("E307 script", in_lesson("[x](javascript:alert(1))"), [(f"{LIGHT}/02-next.md", 7, "E307")]),
    ("E307 other scheme", in_lesson("[x](ftp://example.org)"), [(f"{LIGHT}/02-next.md", 7, "E307")]),
    ("E307 site path", in_lesson("[x](/verify)"), [(f"{LIGHT}/02-next.md", 7, "E307")]),
    ("E307 in a tag", in_lesson('Hi <a href="data:text/html,x">x</a>'), [(f"{LIGHT}/02-next.md", 7, "E307")]),
    (
        "E307 in a choice",
        edit(f"{COAST}/01-marks.pre.yaml", "text: Right", "text: '[x](file:///etc)'"),
        [(f"{COAST}/01-marks.pre.yaml", 10, "E307")],
    ),
    ("E308 script", in_lesson("a\n\n<script>\nalert(1)\n</script>"), [(f"{LIGHT}/02-next.md", 9, "E308")]),
    ("E308 in feedback", edit(QUIZ, "feedback: It flies.", "feedback: It <iframe src=x>"), [(QUIZ, 33, "E308")]),
    (
        "W309 unused picture",
        add("images/old.png", lighthouses().files["images/cover.png"]),
        [("images/old.png", 1, "W309")],
    ),
    ("E310 no lesson", in_lesson("[x](03-none.md)"), [(f"{LIGHT}/02-next.md", 7, "E310")]),
    ("E310 the exam", in_lesson("[x](../../exam.yaml)"), [(f"{LIGHT}/02-next.md", 7, "E310")]),
    ("W311 other tag", in_lesson("Type <your name here>\nor *not*."), [(f"{LIGHT}/02-next.md", 7, "W311")]),
    ("W311 attribute", in_lesson("a\n<b onclick=alert(1)>x</b>"), [(f"{LIGHT}/02-next.md", 8, "W311")]),
    ("W311 comment", in_lesson("a <!-- b --> c"), [(f"{LIGHT}/02-next.md", 7, "W311")]),
]


def places(findings: list[Finding]) -> list[tuple[str, int, str]]:
    return [(finding.path, finding.line, finding.code) for finding in findings]


def test_the_sample_course_has_no_findings() -> None:
    assert check(lighthouses(), SITE) == []


@pytest.mark.parametrize(("folder", "expected"), [one[1:] for one in BREAKAGES], ids=[one[0] for one in BREAKAGES])
def test_a_broken_course_is_told_where_and_why(folder: Breakage, expected: list[tuple[str, int, str]]) -> None:
    assert places(check(folder(), SITE)) == expected


def many_lessons() -> Folder:
    folder = lighthouses()
    for number in range(20, 44):
        text = f"---\nid: more-{number}\ntitle: More\nminutes: 1\n---\nMore."
        folder = with_file(f"{LIGHT}/{number}-more.md", text, folder)
    return folder


def test_the_table_breaks_every_code_there_is() -> None:
    broken = {code for *_, expected in BREAKAGES for _, _, code in expected}
    # No modules, the zip limits and the names of a site have tests of their own.
    assert broken | {"E004", "E015", "E017"} == set(CODES.split())


def test_a_course_without_modules_says_only_that() -> None:
    folder = Folder({"course.yaml": changed_course(), "LICENSE": b"", "images/cover.png": cover()}, "lighthouses")
    assert places(check(folder, SITE)) == [("modules", 1, "E004")]


def changed_course() -> bytes:
    text = lighthouses().files["course.yaml"].decode().replace("exam: true", "exam: false")
    return text.replace("(modules/01-the-coast/01-marks.md)", "(https://example.org)").encode()


def cover() -> bytes:
    return lighthouses().files["images/cover.png"]


def test_a_slug_or_alias_of_another_course_is_taken() -> None:
    taken = Site({"lighthouses": "towers", "vuurtoren": "towers", "vuurtorens": "vuurtorens"}, SITE.templates)
    assert places(check(lighthouses(), taken)) == [("course.yaml", 3, "E017"), ("course.yaml", 51, "E017")]


def test_a_course_that_is_imported_again_keeps_its_own_names() -> None:
    known = Site({"lighthouses": "lighthouses", "vuurtoren": "lighthouses", "vuurtorens": "x"}, SITE.templates)
    assert check(lighthouses(), known) == []


def test_without_a_site_nothing_is_said_about_one() -> None:
    assert check(lighthouses()) == []


def test_a_finding_is_one_line_with_what_was_expected() -> None:
    folder = changed(f"{COAST}/01-marks.pre.yaml", "- text: Right", "- text: 42")
    assert report(check(folder, SITE)) == (
        'modules/01-the-coast/01-marks.pre.yaml:10: E105 error: "questions.0.choices.1.text" is a whole number. '
        'Expected: text (put it in quotes: "42").\n'
    )


def test_the_words_of_the_rules_people_meet_most() -> None:
    two_right = changed(f"{COAST}/01-marks.pre.yaml", "- text: Right", "- text: Right\n        correct: true")
    assert report(check(two_right, SITE)) == (
        "modules/01-the-coast/01-marks.pre.yaml:8: E202 error: 2 choices are marked correct. "
        'Expected: exactly one "correct: true", or kind: multiple.\n'
    )
    no_number = changed("course.yaml", "hours: 0.5", "hours: half")
    assert report(check(no_number, SITE)) == 'course.yaml:27: E105 error: "hours" is text. Expected: a number.\n'
    no_picture = changed(LAMPS, "## Colours", "![Tower](../../images/nope.png)")
    assert report(check(no_picture, SITE)) == (
        "modules/02-the-light/01-lamps.md:16: E303 error: no such picture: ../../images/nope.png. "
        "Expected: an existing file; names are case-sensitive.\n"
    )
    colon = changed("exam.yaml", "title: Final exam", "title: Final: exam")
    assert report(check(colon, SITE)) == (
        'exam.yaml:2: E100 error: this is not valid YAML: a plain text has ": " in it. '
        "Expected: put the text in quotes.\n"
    )


def test_json_has_every_field_and_the_fix_that_is_known() -> None:
    findings = check(changed(QUIZ, "pass_mark: 50", "passmark: 50"), SITE)
    assert json.loads(report(findings, json=True)) == [
        {
            "path": QUIZ,
            "line": 4,
            "column": 1,
            "code": "E103",
            "severity": "error",
            "what": 'there is no field "passmark"',
            "expected": "pass_mark",
            "fix": "pass_mark",
        }
    ]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("See ![p](../../images/nope.png).", 7, 5),
        ("One\ntwo <script> three", 8, 5),
        ("> - quoted\n>   ![p](../../images/nope.png)", 8, 5),
        ("| a | b |\n|---|---|\n| c | ![p](../../images/nope.png) |", 9, 7),
        ("[![p](../../images/nope.png)](https://example.org)", 7, 2),
        ("a `<script>` b <script> c", 7, 16),
        ("<details>\n<summary>a <style></summary>\n</details>", 8, 12),
    ],
)
def test_a_place_in_a_text_is_exact_to_the_column(text: str, line: int, column: int) -> None:
    (finding,) = check(in_lesson(text)(), SITE)
    assert (finding.line, finding.column) == (line, column)


def test_a_literal_block_in_yaml_keeps_its_lines_and_a_folded_one_gives_its_beginning() -> None:
    literal = changed(QUIZ, "Look **twice**.", "Look <script>.")
    assert places(check(literal, SITE)) == [(QUIZ, 15, "E308")]
    folded = changed("course.yaml", "description: |", "description: >")
    folded = changed("course.yaml", "No ship needed.", "No <script>.", folded)
    assert places(check(folded, SITE)) == [("course.yaml", 6, "E308")]


def test_code_is_exempt_from_the_rules_for_texts() -> None:
    text = "\\<!-- no comment \\<b> `<script>` and `![p](https://example.org/p.png)`\n\n"
    text += "```html\n<iframe src=x>\n# title\n```\n\n    <style>\n"
    assert check(in_lesson(text)(), SITE) == []


def test_windows_line_ends_and_a_byte_order_mark_change_no_line() -> None:
    files = {
        path: b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n") if path.endswith((".yaml", ".md")) else content
        for path, content in lighthouses().files.items()
    }
    folder = replace(lighthouses(), files=files)
    assert check(folder, SITE) == []
    broken = with_file(LAMPS, files[LAMPS].replace(b"## Colours", b"# Colours"), folder)
    assert places(check(broken, SITE)) == [(LAMPS, 16, "W124")]


def test_several_broken_files_are_told_sorted_by_path_and_line() -> None:
    folder = changed("exam.yaml", "id: final", "id: Final")
    folder = changed(LAMPS, "minutes: 10", "minutes: ten", folder)
    folder = changed("course.yaml", "hours: 0.5", "hours: half", folder)
    folder = changed("course.yaml", "eqf: 3", "eqf: 9", folder)
    assert places(check(folder, SITE)) == [
        ("course.yaml", 27, "E105"),
        ("course.yaml", 29, "E106"),
        ("exam.yaml", 1, "E106"),
        (LAMPS, 4, "E105"),
    ]


def test_what_only_follows_from_an_unreadable_file_is_not_said() -> None:
    folder = with_file("pools/tides.yaml", "id: [")
    assert places(check(folder, SITE)) == [("pools/tides.yaml", 1, "E100")]


def test_files_beside_a_bad_name_are_not_called_unused() -> None:
    folder = with_file(f"{LIGHT}/Late.md", "---\nid: late\ntitle: Late\nminutes: 1\n---\nLate.")
    folder = with_file(f"{LIGHT}/Late.quiz.yaml", "id: late\ntitle: Late\n", folder)
    assert places(check(folder, SITE)) == [(f"{LIGHT}/Late.md", 1, "E005")]


def test_a_pool_may_name_the_quiz_of_a_draft_as_long_as_enough_is_left() -> None:
    named = changed(f"{COAST}/quiz.yaml", "  - tag:lights", "  - next-quiz")
    assert check(named, SITE) == []
    too_many = changed(f"{COAST}/quiz.yaml", "draw: 2", "draw: 4", named)
    assert places(check(too_many, SITE)) == [(f"{COAST}/quiz.yaml", 6, "E211")]
    finished = changed(f"{LIGHT}/02-next.md", "draft: true\n", "", too_many)
    assert check(finished, SITE) == []


def test_a_pool_entry_that_is_nearly_right_comes_with_its_fix() -> None:
    (finding,) = check(changed("exam.yaml", "'pool:tides'", "'pool:tide'"), SITE)
    assert finding.fix == "pool:tides"


def test_a_cover_or_poster_must_be_a_picture() -> None:
    folder = changed("course.yaml", "file: images/cover.png", "file: files/chart.pdf")
    folder = changed(LAMPS, "poster: images/cover.png", "poster: ../../captions/lamp.vtt", folder)
    assert places(check(folder, SITE)) == [("course.yaml", 39, "E304"), (LAMPS, 9, "E304")]


def test_a_course_is_no_alias_of_itself() -> None:
    folder = changed("course.yaml", "  - vuurtoren\n", "  - lighthouses\n")
    assert places(check(folder, SITE)) == [("course.yaml", 51, "E106")]


def test_the_exit_status_tells_errors_from_warnings_and_from_no_course() -> None:
    assert exit_status(check(lighthouses(), SITE)) == 0
    assert exit_status(check(changed(LAMPS, "minutes: 10", "minutes: 16"), SITE)) == 0
    assert exit_status(check(changed(LAMPS, "minutes: 10", "minutes: ten"), SITE)) == 1
    assert exit_status(None) == 2


def test_odd_signs_in_a_file_name_stay_on_the_line_of_the_finding() -> None:
    findings = check(with_file("files/a\nE999 b\x1b.pdf", b""), SITE)
    assert report(findings).count("\n") == 1
    assert "\x1b" not in report(findings)
