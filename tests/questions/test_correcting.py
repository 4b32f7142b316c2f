"""Marking again by a corrected key: upwards only, and void questions are left out where that helps."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import given, strategies as st

from tests.quizzes.conftest import Clock
from university.course_folders import Question
from university.models import Answer, Attempt
from university.questions.correcting import Corrections, best_score
from university.questions.grading import score
from university.questions.marking import mark

NOON = Clock().moment
ids = st.sampled_from("abcdef")


def truth(id_: str, answer: bool, points: int = 1) -> Question:
    return Question(id_, "truefalse", "?", points=Fraction(points), answer=answer)


@st.composite
def asked(draw: st.DrawFn) -> list[Question]:
    chosen = draw(st.lists(ids, unique=True, min_size=1))
    return [truth(id_, draw(st.booleans()), draw(st.integers(1, 5))) for id_ in chosen]


@given(
    questions=asked(),
    given_=st.dictionaries(ids, st.booleans()),
    corrected=st.dictionaries(ids, st.booleans()),
    void=st.frozensets(ids),
    pass_mark=st.integers(1, 100),
)
def test_marking_again_never_lowers_anything(
    questions: list[Question],
    given_: dict[str, bool],
    corrected: dict[str, bool],
    void: frozenset[str],
    pass_mark: int,
) -> None:
    attempt = Attempt(questions=[question.as_json() for question in questions])
    answers = {id_: Answer(question_id=id_, given={"chosen": [str(one).lower()]}) for id_, one in given_.items()}
    mark(attempt, answers, pass_mark, NOON)
    before = (Fraction(attempt.score or 0), attempt.percent or 0, bool(attempt.passed))
    shares = {id_: Fraction(answer.share or 0) for id_, answer in answers.items()}
    corrections = Corrections({id_: truth(id_, one) for id_, one in corrected.items()}, void)
    mark(attempt, answers, pass_mark, NOON, corrections)
    assert (Fraction(attempt.score or 0), attempt.percent or 0, bool(attempt.passed)) >= before
    assert (attempt.percent or 0) >= before[1]
    assert bool(attempt.passed) >= before[2]
    assert all(Fraction(answer.share or 0) >= shares[id_] for id_, answer in answers.items())
    mark(attempt, answers, pass_mark, NOON)
    assert (attempt.percent or 0) >= before[1], "marked once more by the old key, it stays"
    assert attempt.handed_in_at == NOON


@given(questions=asked(), shares=st.dictionaries(ids, st.fractions(0, 1)), void=st.frozensets(ids))
def test_void_questions_are_left_out_in_the_best_way_there_is(
    questions: list[Question], shares: dict[str, Fraction], void: frozenset[str]
) -> None:
    found = best_score(questions, shares, void)
    optional = [one for one in questions if one.id in void]
    kept = [one for one in questions if one.id not in void]
    ways = [
        [*kept, *(one for at, one in enumerate(optional) if chosen >> at & 1)] for chosen in range(2 ** len(optional))
    ]
    assert found == max(score(way, shares) for way in ways)


def test_a_void_question_that_was_answered_right_still_counts() -> None:
    questions = [truth("a", True), truth("b", True)]
    shares = {"a": Fraction(1), "b": Fraction(0)}
    assert best_score(questions, shares, frozenset("a")) == Fraction(1, 2)
    assert best_score(questions, shares, frozenset("b")) == 1
    assert best_score([replace(one, points=Fraction(1)) for one in questions], {}, frozenset("ab")) == 0
