"""HTML of other systems to Markdown, where that loses nothing; else to the HTML that lessons may hold."""

import html
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from bs4.element import Comment, NavigableString, Tag
from markdownify import ATX, BACKSLASH, MarkdownConverter

from university.course_folders.files.pictures import Picture
from university.course_folders.imports.results import marked
from university.course_folders.imports.texts import Formed, Loss, as_typed, escaped, formulas_in, shortened, tidy
from university.course_folders.markdown.html_tags import ALLOWED
from university.course_folders.markdown.rendering import keep, render

LinkRewriter = Callable[[str], str | None]
PictureKeeper = Callable[[str], str | None]

GONE = ("script", "style", "noscript", "link", "meta", "base", "title", "template")
MEDIA = ("iframe", "video", "audio", "object", "embed")
CONTROLS = ("form", "input", "button", "select", "textarea", "svg", "canvas", "map")
# Tags that only say how something looks; the words in them stay.
LOOKS = ("u", "font", "mark", "small", "big", "center", "ins", "blink", "marquee", "abbr", "cite", "q", "strike", "dl")
IN_TABLES = {"strong": "b", "em": "i", "code": "tt"}

TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
VOID = frozenset({"br", "img", "hr", "input", "link", "meta", "base", "source", "track", "wbr", "col", "embed"})
DEEPEST = 100

STYLE = marked("colours, sizes and positions are not kept")
LOOK = marked("the look of <%(tag)s> is not kept, its words are")
DROPPED = marked("<%(tag)s> is dropped")
LINKED = marked("a film or frame from elsewhere becomes a link: %(address)s")
NO_LINK = marked("a link that leads nowhere here becomes plain words: %(address)s")
FOREIGN_PICTURE = marked("a picture from another site becomes a link: %(address)s")
NO_PICTURE = marked("a picture that is not in the file is left out: %(address)s")
REWORDED = marked("the layout is not kept, only the words are")


class _Converter(MarkdownConverter):
    """Escapes only where Markdown would read more than the words say."""

    def escape(self, text: str, parent_tags: set[str]) -> str:
        core = text.strip()
        return text.replace(core, as_typed(core)) if core else text

    def convert_kbd(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"<kbd>{text}</kbd>" if text else ""

    def convert_table(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"\n\n{_table(el)}\n\n" if _is_beyond_markdown(el) else f"\n\n{text.strip()}\n\n"


class _EscapingConverter(_Converter):
    """Escapes every sign, for words whose pieces only together mean something to Markdown."""

    def escape(self, text: str, parent_tags: set[str]) -> str:
        return escaped(text)


def from_html(source: str, link: LinkRewriter | None = None, picture: PictureKeeper | None = None) -> Formed:
    """The words and their shape as Markdown.

    `link` answers the new target of a relative link, `picture` the path of a picture in the course; None for
    what leads nowhere.
    """
    source = tidy(source)
    if "<" not in source and "&" not in source:
        return Formed(as_typed(source), formulas_in(source))
    if _depth(source) > DEEPEST:  # nobody wrote that as a text, and it costs minutes
        words = html.unescape(re.sub(r"<[^<>]*>", " ", source))
        return Formed(as_typed(words.strip()), ((REWORDED, {}),))
    soup = BeautifulSoup(source, "html.parser")
    losses: list[Loss] = []
    _prepare(soup, losses, link or _outward, picture or _none)
    text, kept = _converted(soup)
    if not kept:
        losses.append((REWORDED, {}))
    return Formed(text, _once([*losses, *formulas_in(_words(soup))]))


def _depth(source: str) -> int:
    depth = deepest = 0
    for found in TAG.finditer(source):
        depth += -1 if found[1] else found[2].lower() not in VOID
        deepest = max(deepest, depth)
    return deepest


def _converted(soup: BeautifulSoup) -> tuple[str, bool]:
    """The Markdown, and whether it shows the same words."""
    wanted = _seen(soup)
    for converter in (_Converter, _EscapingConverter):
        text = tidy(_with_usual_options(converter).convert_soup(soup))
        if _seen(BeautifulSoup(_rendered(text), "html.parser")) == wanted:
            return text, True
    return escaped(_words(soup)), False


def _with_usual_options(converter: type[_Converter]) -> _Converter:
    return converter(
        heading_style=ATX,
        newline_style=BACKSLASH,
        bullets="-",
        sub_symbol="<sub>",
        sup_symbol="<sup>",
        keep_inline_images_in=["td", "th"],
    )


def _rendered(text: str) -> str:
    return render(text, keep, lambda path: Picture(path)).html


def _seen(soup: BeautifulSoup) -> str:
    return "".join(soup.get_text().split())


def _words(soup: BeautifulSoup) -> str:
    return soup.get_text("\n").strip()


def _once(losses: list[Loss]) -> tuple[Loss, ...]:
    seen: list[Loss] = []
    for loss in losses:
        if loss not in seen:
            seen.append(loss)
    return tuple(seen)


# Before the conversion: what cannot come along is taken out and named


def _prepare(soup: BeautifulSoup, losses: list[Loss], link: LinkRewriter, picture: PictureKeeper) -> None:
    for comment in soup.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    for tag in list(soup.find_all(True)):
        if tag.decomposed:
            continue
        if tag.has_attr("style") or tag.has_attr("color") or tag.has_attr("bgcolor"):
            losses.append((STYLE, {}))
        _prepare_tag(soup, tag, losses, link, picture)


def _prepare_tag(soup: BeautifulSoup, tag: Tag, losses: list[Loss], link: LinkRewriter, picture: PictureKeeper) -> None:
    if tag.name in GONE:
        _drop(tag, losses, is_named=tag.name in ("script", "style"))
    elif tag.name in MEDIA:
        _media(soup, tag, losses)
    elif tag.name in CONTROLS:
        _drop(tag, losses)
    elif tag.name == "math":
        losses.extend(formulas_in(f"$${tag.get_text()}$$"))
        tag.unwrap()
    elif tag.name in LOOKS:
        losses.append((LOOK, {"tag": tag.name}))
        tag.unwrap()
    elif tag.name == "h1":
        tag.name = "h2"  # the title of a lesson is level 1
    elif tag.name == "img":
        _picture(soup, tag, losses, picture)
    elif tag.name == "a" and tag.has_attr("href"):
        _link(tag, losses, link)


def _drop(tag: Tag, losses: list[Loss], is_named: bool = True) -> None:
    if is_named:
        losses.append((DROPPED, {"tag": tag.name}))
    tag.decompose()


def _media(soup: BeautifulSoup, tag: Tag, losses: list[Loss]) -> None:
    source = tag.find("source")
    address = _attribute(tag, "src") or _attribute(tag, "data")
    address = address or (_attribute(source, "src") if isinstance(source, Tag) else "")
    if address.startswith("//"):
        address = f"https:{address}"
    if not _is_web(address):
        _drop(tag, losses)
        return
    losses.append((LINKED, {"address": shortened(address)}))
    _replace(soup, tag, address, _attribute(tag, "title") or address)


def _picture(soup: BeautifulSoup, tag: Tag, losses: list[Loss], picture: PictureKeeper) -> None:
    source, words = _attribute(tag, "src"), " ".join(_attribute(tag, "alt").split())
    formula = _attribute(tag, "data-equation-content")
    if formula:
        tag.replace_with(NavigableString(rf"\({formula}\)"))
        return
    path = picture(source)
    if path is not None:
        tag.attrs = {"src": path, "alt": escaped(words), **({} if words else {"title": "decorative"})}
    elif _is_web(source):
        losses.append((FOREIGN_PICTURE, {"address": shortened(source)}))
        _replace(soup, tag, source, words or source)
    else:
        losses.append((NO_PICTURE, {"address": shortened(source)}))
        tag.replace_with(NavigableString(words))


def _link(tag: Tag, losses: list[Loss], link: LinkRewriter) -> None:
    address = _attribute(tag, "href").strip()
    target = link(address)
    if target is None:
        losses.append((NO_LINK, {"address": shortened(address)}))
        tag.unwrap()
    else:
        tag.attrs = {"href": _in_markdown(target)}


def _replace(soup: BeautifulSoup, tag: Tag, address: str, words: str) -> None:
    anchor = soup.new_tag("a", href=_in_markdown(address))
    anchor.string = words
    tag.replace_with(anchor)


def _in_markdown(address: str) -> str:
    """The address as it may stand between brackets."""
    return re.sub(r"[\s()<>\\]", lambda found: f"%{ord(found[0]):02X}" if ord(found[0]) < 128 else "%20", address)


def _outward(address: str) -> str | None:
    return address if _is_web(address) or address.startswith("mailto:") else None


def _none(source: str) -> str | None:
    return None


def _is_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def _attribute(tag: Tag, name: str) -> str:
    value: Any = tag.get(name)
    return value if isinstance(value, str) else ""


# Tables that Markdown cannot hold


def _is_beyond_markdown(table: Tag) -> bool:
    wide = any(cell.has_attr("colspan") or cell.has_attr("rowspan") for cell in table.find_all(["td", "th"]))
    return wide or table.find(["p", "ul", "ol", "pre", "table", "br"]) is not None or table.find("th") is None


def _table(table: Tag) -> str:
    """The table in the tags that lessons may hold; no empty line, which would end it."""
    return re.sub(r"\s*\n\s*", "\n", _allowed(table)).strip()


def _allowed(node: Any) -> str:
    if isinstance(node, Tag):
        inner = "".join(_allowed(child) for child in node.children)
        name = IN_TABLES.get(node.name, node.name)
        if name in ("p", "li", "div") and inner.strip():
            return f"{inner}<br>"
        if name not in ALLOWED:
            return inner
        kept = {"href", "colspan", "rowspan"} & set(node.attrs)
        attributes = "".join(f' {one}="{html.escape(_attribute(node, one))}"' for one in sorted(kept))
        return f"<{name}{attributes}>" if name == "br" else f"<{name}{attributes}>{inner}</{name}>"
    return html.escape(str(node), quote=False)
