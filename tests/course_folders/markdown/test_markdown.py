"""Lessons as pages: what authors write is shown, what attackers write is shown as text or not at all."""

import io
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings, strategies
from PIL import Image

from university.course_folders import Folder, Picture, plain, render, render_inline, size_of
from university.course_folders.checking.texts import TextCheck
from university.course_folders.files.links import kind_of, resolved
from university.course_folders.markdown.rendering import clean, heading_id
from university.course_folders.markdown.words import words_in
from university.course_folders.reading.documents import MarkdownField
from university.course_folders.yaml.tree import Place
from university.language import catalogue, primary

NL = words_in("nl", catalogue("nl").gettext)


def shown(path: str) -> Picture:
    return Picture(f"/files/{path}", 40, 30)


def lesson_link(target: str) -> str | None:
    return None if "draft" in target else f"/courses/x/{target}"


class Tags(HTMLParser):
    """Every tag with its attributes, as a browser meets them, and the text between."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.found.append(("comment", {}))


def html(text: str) -> str:
    return render(text, link=lesson_link, picture=shown).html


# What authors write


def test_headings_begin_at_two_and_have_the_ids_that_code_hosts_give_them() -> None:
    text = (
        "# Top\n\n## Two & more *marks*\n\n## Two & more marks\n\n### `code` Ünïcode, टेस्ट!\n\n## 🎉\n\nUnder\n-----\n"
    )
    rendered = render(text)
    assert rendered.headings == [
        (2, "top", "Top"),
        (2, "two--more-marks", "Two & more marks"),
        (2, "two--more-marks-1", "Two & more marks"),
        (3, "code-ünïcode-टेस्ट", "code Ünïcode, टेस्ट!"),
        (2, "section", "🎉"),
        (2, "under", "Under"),
    ]
    assert '<h2 id="two--more-marks">Two &amp; more <em>marks</em></h2>' in rendered.html


def test_an_id_made_of_a_number_is_never_given_twice() -> None:
    assert [id_ for _, id_, _ in render("## a\n\n## a-1\n\n## a\n").headings] == ["a", "a-1", "a-2"]


def test_words_are_counted_in_what_is_read() -> None:
    assert render("## One two\n\nthree *four*, don't <b>six</b> `seven`\n\n```\nnot these\n```\n").words == 7


def test_a_table_scrolls_by_itself_and_can_be_reached_with_the_keyboard() -> None:
    text = "| a | b | c |\n|:--|:-:|--:|\n| 1 | 2 | 3 |\n\n| d |\n|---|\n| 4 |\n"
    found = Tags(render(text, words=NL).html).found
    wrappers = [attributes for tag, attributes in found if tag == "div"]
    assert wrappers == [
        {"class": "table-scroll", "tabindex": "0", "role": "region", "aria-label": f"Tabel {number}"}
        for number in (1, 2)
    ]
    cells = [attributes.get("class") for tag, attributes in found if tag in ("th", "td")]
    assert cells == ["align-left", "align-center", "align-right"] * 2 + [None, None]


@pytest.mark.parametrize(
    ("mark", "language", "look", "word"),
    [
        ("NOTE", "en", "note", "Note"),
        ("TIP", "nl-BE", "tip", "Tip"),
        ("WARNING", "nl", "warning", "Waarschuwing"),
        ("note", "de", "note", "Hinweis"),
        ("CAUTION", "xx", "danger", "Caution"),
        ("IMPORTANT", "en", "note", "Important"),
    ],
)
def test_an_alert_is_a_callout_with_its_word_in_the_language_of_the_course(
    mark: str, language: str, look: str, word: str
) -> None:
    assert render(
        f"> [!{mark}]\n> Mind the *step*.", words=words_in(language, catalogue(primary(language)).gettext)
    ).html == (
        f'<aside class="callout callout--{look}" role="note">\n<p class="callout__title">{word}</p>\n'
        "<p>Mind the <em>step</em>.</p>\n</aside>\n"
    )


def test_a_task_list_cannot_be_changed_and_says_what_is_done() -> None:
    found = Tags(render("- [x] read\n- [ ] write").html).found
    boxes = [attributes for tag, attributes in found if tag == "input"]
    assert boxes == [
        {"type": "checkbox", "disabled": "", "checked": "", "aria-label": "Done"},
        {"type": "checkbox", "disabled": "", "aria-label": "To do"},
    ]


def test_code_is_coloured_by_classes_alone() -> None:
    coloured = render('```python\nprint("<b>")\n```\n').html
    assert '<pre tabindex="0"><code><span class="hl-nb">print</span>' in coloured
    assert "&lt;b&gt;" in coloured
    assert "style=" not in coloured
    unknown = render("```nonsense\na <b> c\n```\n\n    indented <i>\n").html
    assert unknown.count("<pre") == 2
    assert "a &lt;b&gt; c" in unknown
    assert "<span" not in unknown


def test_a_picture_has_its_size_and_loads_when_it_is_near() -> None:
    assert html("![A *red* buoy](a.png)") == (
        '<p><img src="/files/a.png" alt="A red buoy" width="40" height="30" loading="lazy"></p>\n'
    )
    assert 'alt=""' in html('![](a.png "decorative")')
    assert 'alt="Buoy"' in html('![Buoy](a.png "A title")')
    no_size = render("![x](a.png)", picture=lambda path: Picture(path)).html
    assert no_size == '<p><img src="a.png" alt="x" loading="lazy"></p>\n'


def test_a_picture_that_may_not_be_shown_leaves_its_description() -> None:
    for target in ("https://example.org/a.png", "data:image/png;base64,AAAA", "/a.png", "//example.org/a.png"):
        assert html(f"![A buoy]({target})") == "<p>A buoy</p>\n"
    assert render("![A buoy](none.png)", picture=lambda path: None).html == "<p>A buoy</p>\n"


def test_links_lead_where_the_site_says() -> None:
    assert html("[x](02-b.md#part)") == '<p><a href="/courses/x/02-b.md#part">x</a></p>\n'
    assert html("[x](#part)") == '<p><a href="#part">x</a></p>\n'
    assert (
        html("[x](mailto:ada@example.org)")
        == '<p><a href="mailto:ada@example.org" rel="noopener noreferrer">x</a></p>\n'
    )
    assert html("<https://example.org/?a=1&b=2>").startswith('<p><a href="https://example.org/?a=1&amp;b=2" rel=')
    assert html('<a href="02-b.md">x</a>') == '<p><a href="/courses/x/02-b.md">x</a></p>\n'
    assert html("[*x*](03-draft.md) y") == "<p><em>x</em> y</p>\n"


def test_placeholders_in_angle_brackets_stay_visible() -> None:
    text = 'git commit -m "<commit message here>" <file> </file> and <your name/> or <p class="x">para</p>'
    assert Tags(html(text)).text.strip() == text


def test_the_allowed_tags_work_and_markdown_works_inside_of_them() -> None:
    text = "<details open>\n<summary>An <b>answer</b></summary>\n\n- **yes**\n\n</details>\n\n"
    text += "H<sub>2</sub>O<br>x<sup>2</sup> <kbd>Q</kbd>"
    assert html(text) == (
        "<details>\n<summary>An <b>answer</b></summary>\n<ul>\n<li><strong>yes</strong></li>\n</ul>\n</details>\n"
        "<p>H<sub>2</sub>O<br>x<sup>2</sup> <kbd>Q</kbd></p>\n"
    )
    table = '<table>\n<tr><td colspan="2" width="9">a &amp; b < c</td></tr>\n</table>\n'
    assert '<td colspan="2">a &amp; b &lt; c</td>' in html(table)


def test_an_open_tag_ends_with_its_text() -> None:
    assert html("a <b>c").count("<b>") == html("a <b>c").count("</b>")
    assert html("x</div></aside></details>y") == "<p>x&lt;/div&gt;&lt;/aside&gt;y</p>\n"


def test_strikethrough_lists_and_breaks_are_known() -> None:
    assert html("~~a~~  \nb") == "<p><s>a</s><br>\nb</p>\n"
    assert html("3. a\n4. b").startswith('<ol start="3">')


def test_a_short_field_comes_without_a_paragraph() -> None:
    assert render_inline("Which *mark*?") == "Which <em>mark</em>?"
    assert render_inline("One.\n\nTwo.") == "<p>One.</p>\n<p>Two.</p>"
    assert render_inline("## No id") == "<h2>No id</h2>"
    assert render_inline("") == ""
    assert render_inline("<title>") == "&lt;title&gt;"


def test_plain_text_has_no_marks() -> None:
    assert plain("## A\n\nB *c* [d](e) ![f](g.png)\n`h` <b>i</b> <j>") == "A B c d f h i <j>"


# What attackers write

ATTACKS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//example.org/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href=" java\nscript:alert(1)">x</a>',
    '<a href="&#106;avascript:alert(1)">x</a>',
    "<a href=data:text/html,<script>alert(1)</script>>x</a>",
    '<b onclick="alert(1)" style="position:fixed">x</b>',
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    '<td background="javascript:alert(1)">x</td>',
    "<svg onload=alert(1)><animate/></svg>",
    "<math><mtext><style><img src onerror=alert(1)></style></mtext></math>",
    "<iframe src=https://example.org></iframe>",
    "<style>body{display:none}</style>",
    "<base href=https://example.org>",
    "<form action=https://example.org><button>x</button></form>",
    "<meta http-equiv=refresh content=0>",
    "<object data=x></object><embed src=x>",
    "<!-- a comment --><!--[if IE]><script>alert(1)</script><![endif]-->",
    "<![CDATA[<script>alert(1)</script>]]><?php echo 1 ?><!DOCTYPE x>",
    "</textarea></title></p></div><script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#x6A;avascript:alert(1))",
    "[x](java%0Ascript:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](vbscript:x)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](file:///etc/passwd)",
    "[x](//example.org)",
    "[x](\\\\example.org)",
    "[x][1]\n\n[1]: javascript:alert(1)",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    "![x](http://169.254.169.254/latest)",
    "![x](file:///etc/passwd)",
    "![x](http://127.0.0.1:8080/)",
    '![" onerror="alert(1)](a.png)',
    '![x](a.png" onerror="alert(1))',
    '[x](https://example.org "\\" onmouseover=\\"alert(1)")',
    "```html\n<script>alert(1)</script>\n```",
    '```"><script>alert(1)</script>\nx\n```',
    "| <script>alert(1)</script> | b |\n|---|---|\n| <img src=x onerror=alert(1)> | d |",
    "> [!NOTE]\n> <script>alert(1)</script>",
    "## <img src=x onerror=alert(1)>",
    '## x" onclick="alert(1)',
]
KNOWN_ATTRIBUTES = {
    *("href", "title", "rel", "src", "alt", "width", "height", "loading", "id", "class", "start", "colspan", "rowspan"),
    *("tabindex", "role", "aria-label", "type", "disabled", "checked"),
}
NEVER = {
    "script",
    "iframe",
    "object",
    "embed",
    "form",
    "style",
    "link",
    "meta",
    "base",
    "svg",
    "math",
    "button",
    "comment",
}


def assert_harmless(page: str) -> None:
    for tag, attributes in Tags(page).found:
        assert tag not in NEVER
        assert set(attributes) <= KNOWN_ATTRIBUTES
        href = attributes.get("href") or "#"
        assert href.startswith(("https://", "http://", "mailto:", "#", "/courses/x/")), href
        if tag == "img":
            assert re.fullmatch(r"/files/[^/:\\]+.*", attributes.get("src") or "")
        if tag == "input":
            assert "disabled" in attributes


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_becomes_text_or_nothing(attack: str) -> None:
    for text in (
        attack,
        f"before {attack} after",
        f"- {attack}",
        f"<details>\n<summary>x</summary>\n{attack}\n</details>",
    ):
        assert_harmless(html(text))
        assert_harmless(render_inline(text, link=lesson_link, picture=shown))


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_last_gate_holds_alone(attack: str) -> None:
    for tag, attributes in Tags(clean(attack)).found:
        assert tag not in NEVER
        assert not any(name.startswith("on") or name == "style" for name in attributes)
        assert not (attributes.get("href") or "").lower().lstrip().startswith(("javascript", "data", "vbscript"))


def test_a_tag_that_is_text_says_all_that_was_written() -> None:
    for text in (
        "<script>alert(1)</script>",
        "<!-- a comment -->",
        "</textarea>",
        "<base href=x>",
        "<svg/onload=alert(1)>",
    ):
        assert Tags(html(text)).text.strip() == text


@settings(max_examples=300, deadline=None)
@given(
    strategies.lists(strategies.sampled_from([*ATTACKS, "\n", "\n\n", " ", "`", "|", "> ", "<", '"', "a"]), max_size=6)
)
def test_attacks_in_any_order_stay_harmless(pieces: list[str]) -> None:
    assert_harmless(html("".join(pieces)))


# Links and pictures as files


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ("02-b.md", "file"),
        ("../../files/a%20b.pdf", "file"),
        ("#part", "anchor"),
        ("https://example.org", "outside"),
        ("HTTP://example.org", "outside"),
        ("mailto:ada@example.org", "outside"),
        ("tel:112", "forbidden"),
        ("/courses", "forbidden"),
        ("//example.org", "forbidden"),
        ("\\\\example.org", "forbidden"),
        ("java\tscript:alert(1)", "forbidden"),
        ("%0Ajavascript:alert(1)", "forbidden"),
    ],
)
def test_a_target_is_of_one_kind(target: str, kind: str) -> None:
    assert kind_of(target) == kind


def test_a_relative_path_never_leaves_the_course() -> None:
    assert resolved("modules/01-a/01-b.md", "../../images/c%20d.png") == "images/c d.png"
    assert resolved("course.yaml", "./files/a.pdf") == "files/a.pdf"
    for target in ("../../../etc", "../..", "../../../../etc/passwd", "%2e%2e/%2e%2e/%2e%2e/x", "a\0b"):
        assert resolved("modules/01-a/01-b.md", target) is None


def picture(kind: str, size: tuple[int, int]) -> bytes:
    packed = io.BytesIO()
    Image.new("RGB", size).save(packed, kind)
    return packed.getvalue()


def test_the_size_of_a_picture_is_read_from_its_bytes() -> None:
    for kind in ("png", "jpeg", "gif", "webp"):
        assert size_of(f"a.{kind}", picture(kind, (40, 30))) == (40, 30)
    svg = '<svg xmlns="http://www.w3.org/2000/svg" {}/>'
    assert size_of("a.svg", svg.format('viewBox="0 0 24 36"').encode()) == (24, 36)
    assert size_of("a.svg", svg.format('width="12.4px" height="10" viewBox="0 0 1 1"').encode()) == (12, 10)
    assert size_of("a.svg", svg.format('width="100%" height="100%" viewBox="0,0,8,9"').encode()) == (8, 9)
    assert size_of("a.svg", svg.format("").encode()) is None
    assert size_of("a.svg", svg.format('width="0" height="5"').encode()) is None


def test_what_is_no_picture_has_no_size() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg">&b;</svg>'
    for path, content in (
        ("a.png", b"GIF"),
        ("a.png", b""),
        ("a.svg", b"<html/>"),
        ("a.svg", bomb),
        ("a.svg", b"\xff"),
    ):
        assert size_of(path, content) is None


def test_heading_ids_follow_the_text() -> None:
    assert heading_id(" Rekenkundige operatoren ") == "rekenkundige-operatoren"
    assert heading_id("C++ & C#: a_b-c") == "c--c-a_b-c"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("## A\n### B\n## C", "2 3 2"),
        ("#### A\n#### B", "2 2"),
        ("### A\n##### B\n#### C\n### D", "2 3 3 2"),
        ("# A\n## B\n### C", "2 2 3"),
        ("## A\n### B\n#### C\n##### D\n###### E\n## F", "2 3 4 5 6 2"),
    ],
)
def test_headings_begin_below_the_title_and_skip_no_level(written: str, shown: str) -> None:
    html = render(written.replace("\n", "\n\n")).html
    assert " ".join(re.findall(r"<h(\d) ", html)) == shown
    assert re.findall(r"<h(\d) ", html) == re.findall(r"</h(\d)>", html)


def test_a_paragraph_of_brackets_stays_text_and_is_told_in_its_line() -> None:
    text = f"A [link](https://example.org).\n\n{'[' * 60_000}]\n\n## End\n"
    rendered = render(text)
    assert [tag for tag, _ in Tags(rendered.html).found] == ["p", "a", "p", "h2"]
    assert "[" * 60_000 + "]" in rendered.html
    said = TextCheck(Folder({})).check(MarkdownField("a.md", Place(1, 1), text, 1, keeps_lines=True))
    assert [(one.code, one.line, one.expected) for one in said] == [("E106", 3, "at most 500")]
