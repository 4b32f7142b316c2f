"""A key that was wrong, put right afterwards: stored answers are marked again, and only ever upwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from university.course_folders import Question
from university.questions.grading import Given, score, share


@dataclass(frozen=True)
class Corrections:
    """What the present revision says about questions that were asked before: their keys now, and which are void."""

    questions: Mapping[str, Question]
    void: frozenset[str] = frozenset()


NONE = Corrections({})


def best_share(question: Question, given: Given, corrections: Corrections) -> Fraction:
    """The share by the key as it was asked, or by the corrected one where that is more."""
    corrected = corrections.questions.get(question.id)
    return max(share(question, given), share(corrected, given) if corrected else Fraction(0))


def best_score(questions: Sequence[Question], shares: Mapping[str, Fraction], void: frozenset[str]) -> Fraction:
    """The score with void questions left out of sum and maximum where that helps."""
    result = score(questions, shares)
    asked = [question for question in questions if question.id not in void]
    left_out = [question for question in questions if question.id in void]
    # Best first: whatever earned more than the rest raises it, and the others after it cannot.
    for question in [None, *sorted(left_out, key=lambda one: shares.get(one.id, Fraction(0)), reverse=True)]:
        asked = [*asked, question] if question else asked
        result = max(result, score(asked, shares))
    return result
