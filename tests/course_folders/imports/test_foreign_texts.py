"""Plain text and HTML of other systems become Markdown that shows the same words."""

import string

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings, strategies as st

from university.course_folders import plain, render
from university.course_folders.imports.html_texts import from_html
from university.course_folders.imports.texts import from_plain, one_line, tidy

WORDS = st.text(st.sampled_from(string.ascii_letters + string.digits + " \n" + string.punctuation), max_size=60)


@settings(max_examples=100, deadline=None)
@given(WORDS)
def test_plain_text_shows_just_its_words(text: str) -> None:
    assert plain(from_plain(text).text) == one_line(tidy(text))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_any_text_and_any_html_is_taken(text: str) -> None:
    from_plain(text)
    from_html(text)
    from_html(f"<p>{text}</p><table><tr><td colspan=2>{text}</td></tr></table>")


@settings(max_examples=60, deadline=None)
@given(WORDS)
def test_the_words_of_a_paragraph_stay(text: str) -> None:
    soup = BeautifulSoup("<p></p>", "html.parser")
    soup.p.append(text)  # type: ignore[union-attr]
    shown = BeautifulSoup(render(from_html(str(soup)).text).html, "html.parser").get_text()
    assert "".join(shown.split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>One <b>two</b> <em>three</em></p>", "One **two** *three*"),
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("<h1>Top</h1><h3>Deep</h3>", "## Top\n\n### Deep"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ("H<sub>2</sub>O and <kbd>Enter</kbd>", "H<sub>2</sub>O and <kbd>Enter</kbd>"),
        ('<a href="https://example.org/a b">x</a>', "[x](https://example.org/a%20b)"),
        ("2 * 3 &lt; 7", "2 * 3 < 7"),
        ("a &lt;b&gt;", r"a \<b\>"),
        ("<pre>a\n  b</pre>", "```\na\n  b\n```"),
    ],
)
def test_html_becomes_the_markdown_a_person_would_write(html: str, markdown: str) -> None:
    assert from_html(html).text == markdown
    assert from_html(html).losses == ()


def test_a_table_that_markdown_cannot_hold_stays_a_table() -> None:
    formed = from_html('<table style="color:red"><tr><td colspan="2"><strong>a</strong><p>b</p></td></tr></table>')
    assert formed.text == '<table><tr><td colspan="2"><b>a</b>b<br></td></tr></table>'
    assert render(formed.text).html.count("<td") == 1


@pytest.mark.parametrize(
    ("html", "loss"),
    [
        ('<p style="color:red">x</p>', "colours, sizes and positions are not kept"),
        ("<u>x</u>", "the look of <u> is not kept, its words are"),
        ("<script>x()</script>", "<script> is dropped"),
        ('<iframe src="https://example.org/film"></iframe>', "a film or frame from elsewhere becomes a link"),
        ('<img src="https://example.org/x.png" alt="x">', "a picture from another site becomes a link"),
        ('<img src="x.png" alt="x">', "a picture that is not in the file is left out: x.png"),
        ('<a href="javascript:x()">x</a>', "a link that leads nowhere here becomes plain words"),
    ],
)
def test_every_loss_is_named(html: str, loss: str) -> None:
    sentences = [sentence % values for sentence, values in from_html(html).losses]
    assert any(sentence.startswith(loss) for sentence in sentences)
    assert "script" not in from_html(html).text


def test_tags_a_thousand_deep_cost_their_shape_not_the_program() -> None:
    formed = from_html("<div>" * 5000 + "deep")
    assert "deep" in formed.text
