"""Packages: QTI items, Common Cartridges and our own zip files; limits against bombs."""

import zipfile
from io import BytesIO

import pytest

from tests.course_folders.imports.others import remarks_of
from tests.course_folders.imports.packing import assessment_of, choice_item, entry, manifest, packed, page, resource
from tests.sample_course import PIXEL, sample_folder
from university.course_folders import Course, check, read_course, write_zip
from university.course_folders.course.questions import Pair
from university.course_folders.imports import Import, read_questions

CARTRIDGE = "IMS Common Cartridge"


def read(files: dict[str, str | bytes]) -> Import:
    return read_questions("own.zip", packed(files))


def course_of(found: Import) -> Course:
    assert found.broken is None, found.broken
    assert found.folder is not None
    assert not [one for one in check(found.folder) if one.is_error]
    course = read_course(found.folder).course
    assert course is not None
    return course


# QTI 1.2


def test_qti_12_brings_choices_with_feedback_and_explanation() -> None:
    found = read_questions("own.xml", assessment_of(choice_item("q1", "&lt;p&gt;Longest?&lt;/p&gt;")))
    [one] = found.questions
    assert (one.kind, one.id, one.text) == ("single", "q1", "Longest?")
    assert [(choice.text, choice.correct, choice.feedback) for choice in one.choices] == [
        ("Maas", False, "Too short."),
        ("Rijn", True, None),
    ]
    assert one.feedback.explanation == "Both are long."


@pytest.mark.parametrize("kind", ["essay_question", "calculated_question", "file_upload_question"])
def test_qti_12_names_what_it_skips(kind: str) -> None:
    found = read_questions("own.xml", assessment_of(choice_item("q1", "Longest?", kind)))
    assert found.questions == []
    assert remarks_of(found) == [f"questions of the type {kind.removesuffix('_question')} do not exist here"]


def test_qti_12_matching_and_numbers() -> None:
    lids = "".join(
        f'<response_lid ident="{left}"><material><mattext>{left}</mattext></material><render_choice>'
        '<response_label ident="1"><material><mattext>sea</mattext></material></response_label>'
        '<response_label ident="2"><material><mattext>lake</mattext></material></response_label>'
        '<response_label ident="3"><material><mattext>moon</mattext></material></response_label>'
        "</render_choice></response_lid>"
        for left in ("Rijn", "Vecht")
    )
    rules = "".join(
        f'<respcondition><conditionvar><varequal respident="{left}">{right}</varequal></conditionvar>'
        '<setvar varname="SCORE" action="Add">50</setvar></respcondition>'
        for left, right in (("Rijn", "1"), ("Vecht", "2"))
    )
    match = item("m", "matching_question", lids, rules)
    number = item(
        "n",
        "numerical_question",
        '<response_str ident="r"/>',
        '<respcondition><conditionvar><or><varequal respident="r">4</varequal><and><vargte respident="r">3.5</vargte>'
        '<varlte respident="r">4.5</varlte></and></or></conditionvar><setvar varname="SCORE">100</setvar>'
        "</respcondition>",
    )
    found = read_questions("own.xml", assessment_of(match, number))
    assert found.questions[0].pairs == (Pair("Rijn", "sea"), Pair("Vecht", "lake"))
    assert found.questions[0].distractors == ("moon",)
    key = found.questions[1].key
    assert key is not None
    assert [float(end) for end in key.interval] == [3.5, 4.5]


def item(ident: str, kind: str, responses: str, rules: str) -> str:
    return (
        f'<item ident="{ident}" title="T"><itemmetadata><qtimetadata><qtimetadatafield><fieldlabel>question_type'
        f"</fieldlabel><fieldentry>{kind}</fieldentry></qtimetadatafield></qtimetadata></itemmetadata><presentation>"
        f"<material><mattext>Text {ident}</mattext></material>{responses}</presentation><resprocessing><outcomes>"
        f'<decvar maxvalue="100" varname="SCORE"/></outcomes>{rules}</resprocessing></item>'
    )


# QTI 2 and 3


def qti2(body: str, right: str, cardinality: str = "single", rest: str = "", base: str = "identifier") -> str:
    return (
        '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i1" title="T">'
        f'<responseDeclaration identifier="RESPONSE" cardinality="{cardinality}" baseType="{base}"><correctResponse>'
        + "".join(f"<value>{one}</value>" for one in right.split(","))
        + f"</correctResponse></responseDeclaration><itemBody>{body}</itemBody>{rest}</assessmentItem>"
    )


CHOICES = (
    '<p>Longest?</p><choiceInteraction responseIdentifier="RESPONSE" shuffle="true">'
    '<simpleChoice identifier="a" fixed="{a}">Maas</simpleChoice>'
    '<simpleChoice identifier="b" fixed="{b}">Rijn</simpleChoice></choiceInteraction>'
)


def test_choices_that_are_all_fixed_are_not_shuffled_and_one_alone_is_pinned() -> None:
    [still] = read_questions("i.xml", qti2(CHOICES.format(a="true", b="true"), "b")).questions
    assert (still.shuffle, [one.pin for one in still.choices]) == (False, [False, False])
    [pinned] = read_questions("i.xml", qti2(CHOICES.format(a="false", b="true"), "b")).questions
    assert (pinned.shuffle, [one.pin for one in pinned.choices]) == (None, [False, True])
    assert [one.correct for one in pinned.choices] == [False, True]


def test_text_number_and_order_interactions() -> None:
    entry_body = '<p>The <textEntryInteraction responseIdentifier="RESPONSE"/> is long.</p>'
    [text] = read_questions("i.xml", qti2(entry_body, "Rijn", base="string")).questions
    assert (text.kind, text.text, text.answers[0].text) == ("text", "The _____ is long.", "Rijn")
    [number] = read_questions("i.xml", qti2(entry_body, "42", base="integer")).questions
    assert number.kind == "number"
    order = (
        '<orderInteraction responseIdentifier="RESPONSE"><prompt>Order.</prompt>'
        + "".join(f'<simpleChoice identifier="{one}">{one * 3}</simpleChoice>' for one in "cab")
        + "</orderInteraction>"
    )
    [ordered] = read_questions("i.xml", qti2(order, "a,b,c", "ordered")).questions
    assert ordered.items == ("aaa", "bbb", "ccc")


def test_other_interactions_and_own_rules_are_named() -> None:
    found = read_questions("i.xml", qti2('<hotspotInteraction responseIdentifier="RESPONSE"/>', "a"))
    assert remarks_of(found) == ["an interaction of the type hotspot does not exist here"]
    rules = "<responseProcessing><lookupOutcomeValue/></responseProcessing>"
    found = read_questions("i.xml", qti2(CHOICES.format(a="false", b="false"), "b", rest=rules))
    assert remarks_of(found) == ["its own way of marking is not kept; the right answer it names counts"]
    assert len(found.questions) == 1


# Cartridges


def cartridge() -> dict[str, str | bytes]:
    contents = entry(
        "m1",
        "Springs",
        entry("e1", "Begin", refers_to="p1")
        + entry("e2", "Quiz after begin", refers_to="q1")
        + entry("e3", "A heading")
        + entry("e4", "Next", refers_to="p2")
        + entry("e5", "Talk", refers_to="d1"),
    )
    resources = (
        resource("p1", "webcontent", "wiki_content/begin.html")
        + resource("p2", "webcontent", "wiki_content/next.html")
        + resource("q1", "imsqti_xmlv1p2/imscc_xmlv1p1/assessment", "q1/assessment_qti.xml")
        + resource("d1", "imsdt_xmlv1p1", "d1.xml")
        + resource("f1", "webcontent", "web_resources/a map.png")
        + resource("f2", "webcontent", "web_resources/gone.pdf")
        + resource("b1", "associatedcontent", "non_cc_assessments/b1.xml.qti")
    )
    body = (
        '<p><a href="$WIKI_REFERENCE$/pages/next">on</a> <a href="%24WIKI_REFERENCE%24/pages/next">on</a> '
        '<a href="$CANVAS_OBJECT_REFERENCE$/x">off</a></p><p><img src="$IMS-CC-FILEBASE$/a%20map.png" alt="Map"></p>'
    )
    return {
        "imsmanifest.xml": manifest(CARTRIDGE, contents, resources),
        "wiki_content/begin.html": page("Begin", body),
        "wiki_content/next.html": page("Next", "<p>Stream</p>", "unpublished"),
        "web_resources/a map.png": PIXEL,
        "q1/assessment_qti.xml": assessment_of(choice_item("q1a", "Longest?")),
        "non_cc_assessments/b1.xml.qti": assessment_of(choice_item("b1a", "Longest of all?"), title="Bank"),
    }


def test_a_cartridge_becomes_a_course_that_can_be_checked() -> None:
    found = read(cartridge())
    course = course_of(found)
    [module] = course.modules
    first, second = module.lessons
    assert first.text.startswith("[on](../01-springs/02-next.md) [on](../01-springs/02-next.md) off")
    assert "![Map](../../images/a-map.png)" in first.text
    assert first.quiz is not None
    assert [one.id for one in first.quiz.questions] == ["q1a"]
    assert second.draft
    assert [name for name, _ in course.pools] == ["bank"]
    assert course.status == "draft"


def test_a_cartridge_names_every_thing_it_leaves_out() -> None:
    skipped = {(one.sort, one.title) for one in read(cartridge()).skipped}
    assert skipped == {("heading", "A heading"), ("discussion", "Talk"), ("missing file", "web_resources/gone.pdf")}


def test_a_cartridge_names_what_the_other_system_did_not_show_to_its_learners() -> None:
    contents = entry("m1", "Springs", entry("i1", "Start", refers_to="p1") + entry("i2", "Next", refers_to="p2"))
    contents += entry("m2", "Hidden", entry("i3", "Later", refers_to="p3"))
    names = ("start", "next", "later")
    pages = {f"wiki_content/{name}.html": page(name.title(), "<p>Water</p>") for name in names}
    resources = "".join(resource(f"p{n}", "webcontent", f"wiki_content/{name}.html") for n, name in enumerate(names, 1))
    state = "<workflow_state>{}</workflow_state>"
    meta = f"""<?xml version="1.0"?><modules xmlns="http://canvas.instructure.com/xsd/cccv1p0">
<module identifier="m1"><title>Springs</title>{state.format("active")}<items>
<item identifier="i1">{state.format("active")}</item><item identifier="i2">{state.format("unpublished")}</item>
</items></module><module identifier="m2"><title>Hidden</title>{state.format("unpublished")}</module></modules>"""
    given = {"imsmanifest.xml": manifest(CARTRIDGE, contents, resources), **pages}
    found = read({**given, "course_settings/module_meta.xml": meta})
    told = {item.title for item in found.items if any("was not published there" in one.text for one in item.remarks)}
    assert told == {"Next", "Hidden", "Later"}
    assert read({**given, "course_settings/module_meta.xml": "<modules"}).broken is not None


def test_the_same_cartridge_gives_the_same_course() -> None:
    first, second = read(cartridge()).folder, read(cartridge()).folder
    assert first is not None
    assert second is not None
    assert first.files == second.files


def test_a_page_in_no_module_still_comes_in() -> None:
    found = read(
        {
            "imsmanifest.xml": manifest(CARTRIDGE, "", resource("p", "webcontent", "wiki_content/x.html")),
            "wiki_content/x.html": page("Alone", ""),
        }
    )
    [lesson] = course_of(found).lessons
    assert (lesson.title, lesson.draft) == ("Alone", True)


def test_our_own_zip_is_a_course_byte_for_byte() -> None:
    folder = sample_folder()
    found = read_questions("rivers.zip", write_zip(folder))
    assert found.folder is not None
    assert found.folder.files == folder.files
    assert write_zip(found.folder) == write_zip(folder)


# Limits


@pytest.mark.parametrize("name", ["../up.txt", "/root.txt", "a\\b.txt", "a/../../b"])
def test_an_entry_outside_the_folder_is_refused(name: str) -> None:
    found = read({name: "x", "imsmanifest.xml": "<manifest/>"})
    assert found.items == ()
    assert found.broken is not None
    assert "outside its folder" in found.broken.text


def test_links_in_a_zip_file_are_refused() -> None:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    found = read_questions("own.zip", content.getvalue())
    assert found.broken is not None
    assert "a link or device" in found.broken.text


def test_too_many_entries_and_too_much_growth_are_refused() -> None:
    many = read_questions("own.zip", packed({f"{number}": "" for number in range(5001)}))
    assert many.broken is not None
    assert "5001 entries" in many.broken.text
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(30_000_000))
    grown = read_questions("own.zip", content.getvalue())
    assert grown.broken is not None
    assert "more than 100 times" in grown.broken.text


def test_a_broken_file_in_a_package_is_named_with_its_place() -> None:
    files = cartridge()
    files["q1/assessment_qti.xml"] = "<questestinterop>\n <item>"
    found = read(files)
    assert found.items == ()
    assert found.broken is not None
    assert (found.broken.path, found.broken.line) == ("q1/assessment_qti.xml", 2)


@pytest.mark.parametrize("content", [b"PK\x03\x04 no zip", packed({"readme.txt": "hello"})])
def test_a_zip_that_is_none_of_ours_is_refused_with_a_reason(content: bytes) -> None:
    found = read_questions("own.zip", content)
    assert found.broken is not None
