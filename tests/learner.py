"""A learner in a browser without JavaScript, taking the sample course."""

from __future__ import annotations

import re
from typing import Any

from httpx import Response
from litestar.testing import TestClient

from university.course_folders import Question
from university.questions.tokens import text_token


def token(question: str, text: str) -> str:
    """The value of an option: what a browser sends for the choice with this text."""
    return text_token(Question(id=question, kind="single", text=""), text)


def field(question: str, *line: str) -> str:
    return ".".join(["q", question, *(token(question, text) for text in line)])


def order(question: str, *items: str) -> dict[str, str]:
    return {field(question, item): str(place) for place, item in enumerate(items, 1)}


RIGHT: dict[str, dict[str, Any]] = {
    "q-single": {field("q-single"): token("q-single", "At the spring")},
    "q-multiple": {field("q-multiple"): [token("q-multiple", "Water"), token("q-multiple", "Sand")]},
    "q-truefalse": {field("q-truefalse"): "false"},
    "q-text": {field("q-text"): " Springs "},
    "q-number": {field("q-number"): "12,5"},
    "q-match": {
        field("q-match", "Spring"): token("q-match", "Beginning"),
        field("q-match", "Delta"): token("q-match", "End"),
    },
    "q-order": order("q-order", "Drop", "Brook", "River"),
}


class Learner:
    def __init__(self, client: TestClient[Any], slug: str = "rivers") -> None:
        self.client = client
        self.slug = slug

    def lesson(self, lesson: str) -> Response:
        return self.client.get(f"/courses/{self.slug}/{lesson}")

    def read(self, lesson: str) -> Response:
        return self.client.post(f"/courses/{self.slug}/{lesson}")

    def check(self, quiz: str, question: str, fields: dict[str, Any], **headers: str) -> Response:
        address = f"/quizzes/{self.slug}/{quiz}/answers"
        return self.client.post(address, data={"asked": question, **fields}, headers=headers)

    def begin(self, quiz: str = "final-exam") -> str:
        """The address of the attempt."""
        answer = self.client.post(f"/quizzes/{self.slug}/{quiz}/attempts")
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    def asked(self, attempt: str) -> list[str]:
        return re.findall(r'name="asked" value="([^"]+)"', self.client.get(attempt).text)

    def answers(self, attempt: str, right: int) -> dict[str, Any]:
        """Every question of the exam answered, so many of them right."""
        asked = self.asked(attempt)
        fields: dict[str, Any] = {"asked": asked}
        for at, question in enumerate(asked):
            word = "Right" if at < right else "Wrong"
            fields[field(question)] = token(question, f"{word} {question.removeprefix('e-')}")
        return fields

    def take_exam(self, right: int = 4) -> str:
        attempt = self.begin()
        answer = self.client.post(attempt, data={**self.answers(attempt, right), "hand_in": "ask"})
        assert answer.status_code == 303, answer.text
        return attempt

    def do_everything(self) -> None:
        """All the certificate asks for."""
        for lesson in ("spring", "bends", "delta"):
            self.read(lesson)
        for question, fields in RIGHT.items():
            assert self.check("spring-quiz", question, fields).status_code == 303
        self.check("upstream-quiz", "m-one", {field("m-one"): "true"})
        attempt = self.begin("bends-quiz")
        self.client.post(attempt, data={"asked": "b-one", field("b-one"): "true", "hand_in": "ask"})
        self.take_exam()


def without_token(page: str) -> str:
    """A page but for the tokens of its forms, which are others in every hour."""
    return re.sub(r'name="form_token" value="[^"]+"', "", page)


def words(page: Response) -> str:
    """The text of a page as a reader sees it."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())
