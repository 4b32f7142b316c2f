"""Learning, under a random id."""

from __future__ import annotations

from university.language import marked
from university.rights.register.entries import (
    ANSWER,
    ATTEMPT,
    ATTEMPTS,
    AWARD,
    ENROLMENT,
    ID,
    PROGRESS,
    WAYS,
    Entry,
    held,
)

USE = ("learner", "learning", "contract", "enrolment")

LEARNING: tuple[Entry, ...] = (
    *held(
        USE,
        ("enrolment.id", "pointer", ID, ""),
        ("enrolment.secret_sha256", "pointer", ID, ""),
        ("enrolment.course_id", "about", PROGRESS, AWARD + "course"),
        ("enrolment.started_revision_id", "about", PROGRESS, ENROLMENT + "started_with_revision"),
        ("enrolment.requirements", "about", PROGRESS, ENROLMENT + "requirements"),
        (
            "enrolment.extra_time",
            "about",
            marked("extra time for exams, if you asked for it"),
            ENROLMENT + "extra_time",
        ),
        ("enrolment.created_at", "about", PROGRESS, ENROLMENT + "started_at"),
        ("enrolment.last_active_at", "about", PROGRESS, ENROLMENT + "last_active_at"),
        ("enrolment.place", "about", PROGRESS, ENROLMENT + "place"),
        ("hand_over.id", "pointer", ID, ""),
        ("hand_over.secret_sha256", "pointer", ID, ""),
        ("hand_over.token_sha256", "pointer", WAYS, ""),
        ("hand_over.place", "pointer", WAYS, ""),
        ("hand_over.code_sha256", "pointer", WAYS, ""),
        ("hand_over.sealed_by_token", "pointer", WAYS, ""),
        ("hand_over.sealed_by_code", "pointer", WAYS, ""),
        ("hand_over.purpose", "about", WAYS, ""),
        ("hand_over.tries", "about", WAYS, ""),
        ("hand_over.created_at", "about", WAYS, ""),
        ("hand_over.expires_at", "about", WAYS, ""),
        ("hand_over.used_at", "about", WAYS, ""),
        ("lesson_done.enrolment_id", "pointer", ID, ""),
        ("lesson_done.lesson_id", "about", PROGRESS, ENROLMENT + "lessons[].lesson"),
        ("lesson_done.done_at", "about", PROGRESS, ENROLMENT + "lessons[].done_at"),
        ("attempt.id", "pointer", ID, ""),
        ("attempt.enrolment_id", "pointer", ID, ""),
        ("attempt.revision_id", "about", ATTEMPTS, ATTEMPT + "revision"),
        ("attempt.quiz_id", "about", ATTEMPTS, ATTEMPT + "quiz"),
        ("attempt.questions", "about", ATTEMPTS, ATTEMPT + "questions"),
        ("attempt.started_at", "about", ATTEMPTS, ATTEMPT + "started_at"),
        ("attempt.ends_at", "about", ATTEMPTS, ATTEMPT + "ends_at"),
        ("attempt.handed_in_at", "about", ATTEMPTS, ATTEMPT + "handed_in_at"),
        ("attempt.score", "about", ATTEMPTS, ATTEMPT + "score"),
        ("attempt.percent", "about", ATTEMPTS, ATTEMPT + "percent"),
        ("attempt.passed", "about", ATTEMPTS, ATTEMPT + "passed"),
        ("answer.attempt_id", "pointer", ID, ""),
        ("answer.question_id", "about", ATTEMPTS, ANSWER + "question"),
        ("answer.given", "about", ATTEMPTS, ANSWER + "given"),
        ("answer.share", "about", ATTEMPTS, ANSWER + "share"),
        ("answer.answered_at", "about", ATTEMPTS, ANSWER + "answered_at"),
    ),
)
