"""A learner who has studied: reads the questions on a page as a person would and knows what to answer.

The key comes from the course folder; what is on the page is recognised by its words, never by inner values.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx
from bs4 import BeautifulSoup, Tag

from university.course_folders import Question, plain, read_course, read_folder

Field = tuple[str, str]


def words(text: str) -> str:
    """Letters and figures only, in lower case: what two renderings of one text have in common."""
    return re.sub(r"\W+", "", text).lower()


class Key:
    """Right answers to every question of one course folder."""

    def __init__(self, folder: Path) -> None:
        course = read_course(read_folder(folder)).course
        assert course is not None, f"{folder} cannot be read"
        self.course = course
        self.questions = {question.id: question for question in course.questions}

    def answer(self, fieldset: Tag) -> list[Field]:
        """The fields that answer the question in this part of a page."""
        question = self.questions[str(the(fieldset, 'input[name="asked"]')["value"])]
        if question.kind in {"single", "multiple"}:
            return _tick(question, fieldset)
        if question.kind == "match":
            return _match(question, fieldset)
        if question.kind == "order":
            return _order(question, fieldset)
        if question.kind == "truefalse":
            box = the(fieldset, f'input[value="{str(question.answer).lower()}"]')
            return [(str(box["name"]), str(box["value"]))]
        return [(str(the(fieldset, "input.input")["name"]), _typed(question))]


def the(part: Tag, selector: str) -> Tag:
    found = part.select_one(selector)
    assert found is not None, f"no {selector}"
    return found


def _tick(question: Question, fieldset: Tag) -> list[Field]:
    right = {words(plain(choice.text)) for choice in question.choices if choice.correct}
    boxes = [
        the(label, "input") for label in fieldset.select("label.opt") if words(the(label, "span").get_text()) in right
    ]
    assert len(boxes) == len(right), f"{question.id}: {len(boxes)} of {len(right)} right choices are on the page"
    return [(str(box["name"]), str(box["value"])) for box in boxes]


def _match(question: Question, fieldset: Tag) -> list[Field]:
    sides = {words(plain(pair.left)): words(plain(pair.right)) for pair in question.pairs}
    return [(name, options[sides[left]]) for left, name, options in _lines(fieldset)]


def _order(question: Question, fieldset: Tag) -> list[Field]:
    places = {words(plain(item)): str(place) for place, item in enumerate(question.items, 1)}
    return [(name, options[places[item]]) for item, name, options in _lines(fieldset)]


def _lines(fieldset: Tag) -> list[tuple[str, str, dict[str, str]]]:
    """Words of the label, name of the field, and value by words of the option, per line."""
    return [
        (
            words(the(line, "label").get_text()),
            str(the(line, "select")["name"]),
            {words(option.get_text()): str(option["value"]) for option in line.select("option")},
        )
        for line in fieldset.select("li.pair")
    ]


def _typed(question: Question) -> str:
    if question.kind == "text":
        best = max(question.answers, key=lambda answer: (answer.score, "*" not in answer.text))
        return best.text.replace("*", "")
    assert question.key is not None
    low, high = question.key.interval
    return f"{float((low + high) / 2):g}"


class PlainBrowser:
    """A browser without JavaScript: follows links, fills in forms, keeps cookies, sends an Origin."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.client = httpx.Client(base_url=address, follow_redirects=True, timeout=30)
        self.url = address
        self.page = BeautifulSoup()
        self.status = 0

    def open(self, address: str) -> BeautifulSoup:
        """GET, by path or full address of this site."""
        return self._keep(self.client.get(urljoin(self.url, address)))

    def send(self, form: Tag, *answers: Field, button: str | None = None) -> BeautifulSoup:
        """Sends `form` with what is filled in already, changed by `answers`; `button` is a name=value pair."""
        fields = [*_filled_in(form, {name for name, _value in answers}), *answers]
        if button:
            name, _equals, value = button.partition("=")
            fields.append((name, value))
        body: dict[str, list[str]] = {}
        for name, value in fields:
            body.setdefault(name, []).append(value)
        action = urljoin(self.url, str(form.get("action") or self.url))
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(self.address))
        return self._keep(self.client.post(action, data=body, headers={"origin": origin}))

    def form(self, selector: str) -> Tag:
        found = self.page.select_one(selector)
        assert found is not None, f"no form {selector} on {self.url}: {self.page.get_text(' ', strip=True)[:600]}"
        return found

    def _keep(self, answer: httpx.Response) -> BeautifulSoup:
        assert answer.status_code < 500, f"{answer.request.method} {answer.url}: {answer.status_code}"
        self.url, self.status = str(answer.url), answer.status_code
        self.page = BeautifulSoup(answer.text, "html.parser")
        return self.page


def _filled_in(form: Tag, answered: set[str]) -> list[Field]:
    """Hidden fields, ticked boxes, typed text and chosen lines that the page came with."""
    boxes = [
        (str(field["name"]), str(field.get("value", "")))
        for field in form.select("input[name]:not([disabled])")
        if field.get("type", "text") not in {"radio", "checkbox"} or field.has_attr("checked")
    ]
    lines = [
        (str(select["name"]), str(option["value"]))
        for select in form.select("select[name]:not([disabled])")
        for option in select.select("option[selected]")
    ]
    # A hidden field may stand once per question; what is answered now replaces what was there.
    return [(name, value) for name, value in [*boxes, *lines] if name not in answered]
