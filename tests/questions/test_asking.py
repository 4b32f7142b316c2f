"""Which questions are drawn, and in which order they and their choices stand."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import given, strategies as st

from university.course_folders import Choice, Question, Quiz
from university.questions.asking import ask
from university.questions.paper import Paper, Part, paper_from_json
from university.questions.showing import show_question


def paper(count: int = 12, *, parts: list[tuple[int, range]] | None = None, **rules: Any) -> Paper:
    questions = [
        Question(
            id=f"q{n}",
            kind="single",
            text="?",
            choices=(Choice("right", correct=True), Choice("b"), Choice("c"), Choice("none of these", pin=True)),
        )
        for n in range(count)
    ]
    named = parts or [(count, range(count))]
    return Paper(
        rules=Quiz(id="exam", kind="exam", title="Exam", path="exam.yaml", **{"shuffle": True, **rules}),
        questions={question.id: question for question in questions},
        parts=tuple(Part(draw, tuple(f"q{n}" for n in numbers)) for draw, numbers in named),
    )


def test_a_reload_asks_the_same_and_another_attempt_something_else() -> None:
    drawing = paper(parts=[(5, range(12))])
    assert ask(drawing, "one") == ask(drawing, "one")
    assert {tuple(one.id for one in ask(drawing, str(seed))) for seed in range(20)} != {
        tuple(one.id for one in ask(drawing, "0"))
    }


def test_every_question_and_every_place_gets_its_turn() -> None:
    drawing = paper(parts=[(3, range(12))])
    seen = Counter(one.id for seed in range(400) for one in ask(drawing, str(seed)))
    assert len(seen) == 12
    assert min(seen.values()) > 400 * 3 / 12 / 2
    places = Counter(ask(drawing, str(seed))[0].choices[0].text for seed in range(300))
    assert set(places) == {"right", "b", "c"}
    assert min(places.values()) > 50


@given(st.text(max_size=20), st.integers(1, 4), st.integers(1, 4))
def test_overlapping_parts_never_ask_a_question_twice(seed: str, first: int, second: int) -> None:
    asked = [one.id for one in ask(paper(parts=[(first, range(0, 8)), (second, range(4, 12))]), seed)]
    assert len(asked) == len(set(asked)) == first + second


@given(st.text(max_size=20))
def test_pinned_choices_stay_where_they_are(seed: str) -> None:
    for question in ask(paper(), seed):
        assert question.choices[3].text == "none of these"
        assert sorted(choice.text for choice in question.choices[:3]) == ["b", "c", "right"]


def test_without_shuffle_everything_stays_in_order() -> None:
    asked = ask(paper(shuffle=False), "seed")
    assert [one.id for one in asked] == [f"q{n}" for n in range(12)]
    assert all(one.choices[0].text == "right" for one in asked)


def test_a_question_may_decide_on_its_own_shuffle() -> None:
    stiff = paper(1)
    question = Question(**{**vars(stiff.questions["q0"]), "shuffle": False})
    stiff.questions["q0"] = question
    assert all(ask(stiff, str(seed))[0].choices[0].text == "right" for seed in range(20))


def test_an_order_is_never_shown_in_its_right_order() -> None:
    for n in range(50):
        question = Question(id=f"order-{n}", kind="order", text="?", items=("a", "b", "c"))
        assert [line.text for line in show_question(question, {}, "en").lines] != ["a", "b", "c"]


def test_a_paper_survives_being_stored() -> None:
    before = paper(parts=[(2, range(3)), (1, range(3, 12))])
    assert paper_from_json(before.as_json()) == before
