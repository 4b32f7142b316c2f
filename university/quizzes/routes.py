"""Quizzes and exams: practice answers, the page before a sitting, the sitting itself and its result."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Response, Router
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.orm import Session

from university import clock, limits
from university.errors import NotFound, Unprocessable
from university.language import gettext as _
from university.learning import enrolments
from university.learning.short_codes import short_code
from university.models import Attempt, Course, Enrolment
from university.questions import reviewing
from university.questions.answers import read_answer, refuse_other_fields, what_is_missing
from university.questions.marking import questions_of
from university.questions.paper import Paper
from university.questions.practice import practice, show_practice_question
from university.quizzes import practising, sittings
from university.quizzes.results import result_of
from university.quizzes.sitting_page import problems_of, sitting_page
from university.revisions import published
from university.revisions.published import Published
from university.serving.forms import Form
from university.serving.pages import Visitor, act, redirect, render, show, speak, wants_json

# A page with a single question and nothing around it, for the module that puts it in place.
FRAGMENT = "x-fragment"


@dataclass(frozen=True)
class Asked:
    """The course and quiz that an address names."""

    course: Published
    paper: Paper

    def by(self, enrolment: Enrolment | None) -> Asked:
        """With the rules as they hold for this learner."""
        return Asked(self.course, enrolments.paper_for(enrolment, self.paper))

    @property
    def address(self) -> str:
        return self.course.quiz_address(self.paper.id)

    @property
    def page(self) -> str:
        """Where a practice quiz is shown: in its lesson, or on a page of its own."""
        lesson = self.paper.rules.lesson_id
        return self.course.lesson_address(lesson) if lesson else self.address


@show("/{slug:str}/{quiz:str}")
def show_quiz(
    request: Visitor, session: NamedDependency[Session], slug: FromPath[str], quiz: FromPath[str]
) -> Response[bytes]:
    asked = _asked(request, session, slug, quiz)
    course = asked.course
    enrolment = enrolments.current(request, session, course.course_id)
    paper = asked.by(enrolment).paper
    progress = enrolments.progress_of(session, enrolment, course)
    cache = "no-store" if enrolment else "no-cache"
    if quiz == reviewing.REVIEW and not reviewing.present_review(progress, clock.now()):
        return redirect(course.address)  # it begins there
    if paper.is_practice and paper.rules.lesson_id:
        return redirect(f"{asked.page}#quiz-{paper.id}")
    if paper.is_practice:
        quiz_now = practice(session, course, paper, progress.attempts)
        return render(request, "quizzes/practice.html", cache=cache, course=course, quiz=quiz_now)
    stand = sittings.outlook(paper, [one for one in progress.attempts if one.quiz_id == paper.id])
    code = short_code(enrolment.id) if enrolment else ""
    page: dict[str, Any] = {"paper": paper, "stand": stand, "progress": progress, "code": code}
    return render(request, "quizzes/before.html", cache=cache, course=course, **page)


@act("/{slug:str}/{quiz:str}/answers")
def answer_practice(
    request: Visitor,
    session: NamedDependency[Session],
    form: NamedDependency[Form],
    slug: FromPath[str],
    quiz: FromPath[str],
) -> Response[bytes]:
    """One answer in practice: told at once in place, or on the page it came from."""
    limits.by_network(request, session, "answer")
    asked = _asked(request, session, slug, quiz)
    if not asked.paper.is_practice:
        raise NotFound(_("This quiz is answered on a page of its own."))
    mine = enrolments.current(request, session, asked.course.course_id, lock=True)
    asked = asked.by(mine)
    question = practising.find_question(session, mine, asked.course, asked.paper, form.one("asked"))
    refuse_other_fields(form, [question], "asked")
    given = read_answer(question, form)
    problem = what_is_missing(question, given)
    if problem:
        shown = show_practice_question(asked.course, question, given, problem)
        return _ask_again(request, session, asked, mine, shown)
    enrolment, secret = enrolments.begin(request, session, session.get_one(Course, asked.course.course_id))
    practising.answer(session, enrolment, asked.course, asked.paper, question, given)
    answer = _told(request, session, asked, enrolment, question.id)
    enrolments.keep(answer, request, secret)
    return answer


@act("/{slug:str}/{quiz:str}/attempts")
def begin(
    request: Visitor, session: NamedDependency[Session], slug: FromPath[str], quiz: FromPath[str]
) -> Response[bytes]:
    limits.by_network(request, session, "answer")
    asked = _asked(request, session, slug, quiz)
    enrolment, secret = enrolments.begin(request, session, session.get_one(Course, asked.course.course_id))
    asked = asked.by(enrolment)
    if asked.paper.is_practice:
        practising.begin_again(session, enrolment, asked.course, asked.paper)
        answer = redirect(f"{asked.page}#quiz-{asked.paper.id}")
    else:
        attempt = sittings.begin(session, enrolment, asked.course, asked.paper)
        answer = redirect(f"{asked.address}/{attempt.id}")
    enrolments.keep(answer, request, secret)
    return answer


@show("/{slug:str}/{quiz:str}/{attempt:uuid}")
def show_attempt(
    request: Visitor,
    session: NamedDependency[Session],
    slug: FromPath[str],
    quiz: FromPath[str],
    attempt: FromPath[UUID],
) -> Response[bytes]:
    """The questions while the attempt is open, its result afterwards."""
    course = published.find(session, slug).course
    enrolment = enrolments.current(request, session, course.course_id)
    found = sittings.find_attempt(session, enrolment, quiz, attempt)
    assert enrolment is not None  # noqa: S101  an attempt was found, so there is somebody who made it
    speak(request, course.language)
    asked = _asked_in(session, enrolment, found)
    if wants_json(request):
        return _saved(session, asked, found, found.handed_in_at is None, f"{course.quiz_address(quiz)}/{found.id}")
    if found.handed_in_at is None:
        return _sitting(request, session, asked, found)
    return _result(request, session, course, enrolment, found)


@act("/{slug:str}/{quiz:str}/{attempt:uuid}")
def save_or_hand_in(
    request: Visitor,
    session: NamedDependency[Session],
    form: NamedDependency[Form],
    slug: FromPath[str],
    quiz: FromPath[str],
    attempt: FromPath[UUID],
) -> Response[bytes]:
    """Saves what was sent; with `hand_in` the attempt ends, asking once more when something is unanswered."""
    limits.by_network(request, session, "answer")
    course = published.find(session, slug).course
    speak(request, course.language)
    enrolment = enrolments.current(request, session, course.course_id, lock=True)
    found = sittings.find_attempt(session, enrolment, quiz, attempt)
    assert enrolment is not None  # noqa: S101  an attempt was found, so there is somebody who made it
    asked = _asked_in(session, enrolment, found)
    is_saved = sittings.save(session, found, _answers(form, found))
    address = f"{course.quiz_address(quiz)}/{found.id}"
    if wants_json(request):
        return _saved(session, asked, found, is_saved, address)
    left = [*sittings.unanswered(session, found), *problems_of(session, found)] if is_saved else []
    if form.one("hand_in") == "ask" and left:
        return _sitting(request, session, asked, found, unanswered=left)
    if form.one("hand_in") and is_saved:
        sittings.hand_in(session, enrolment, found, asked.paper)
    here = f"#{form.one('save')}" if form.one("save") in form.many("asked") and is_saved else ""
    answer = redirect(address + here)
    enrolments.keep(answer, request, enrolments.secret_of(request) or "")
    return answer


def _asked(request: Visitor, session: Session, slug: str, quiz: str) -> Asked:
    course = published.find(session, slug).course
    paper = _review(request, session, course) if quiz == reviewing.REVIEW else course.papers.get(quiz)
    if paper is None:
        raise NotFound(_("This course has no such quiz. Have a look at its outline."))
    speak(request, course.language)
    return Asked(course, paper)


def _review(request: Visitor, session: Session, course: Published) -> Paper | None:
    """Five questions for whoever is under way; there is no such quiz for anybody else."""
    speak(request, course.language)
    enrolment = enrolments.current(request, session, course.course_id)
    progress = enrolments.progress_of(session, enrolment, course)
    now = clock.now()
    is_there = reviewing.present_review(progress, now) or reviewing.is_due(progress, now)
    return reviewing.review_paper(session, progress, now) if is_there else None


def _revision_of(session: Session, attempt: Attempt) -> Published:
    return published.revision(session, attempt.revision_id)


def _asked_in(session: Session, enrolment: Enrolment, attempt: Attempt) -> Asked:
    """An attempt goes on, and ends, on the revision it was begun on."""
    course = _revision_of(session, attempt)
    return Asked(course, course.papers[attempt.quiz_id]).by(enrolment)


def _answers(form: Form, attempt: Attempt) -> dict[str, dict[str, Any]]:
    """What was sent about the questions of this attempt. Anything else was never on our page."""
    questions = {question.id: question for question in questions_of(attempt)}
    sent = form.many("asked")
    if not set(sent).issubset(questions) or len(sent) != len(set(sent)):
        raise Unprocessable(_("This form holds questions that were not asked. Open the page again."))
    refuse_other_fields(form, (questions[id_] for id_ in sent), "asked", "save", "hand_in")
    return {id_: read_answer(questions[id_], form) for id_ in sent}


def _told(request: Visitor, session: Session, asked: Asked, enrolment: Enrolment, question_id: str) -> Response[bytes]:
    if FRAGMENT not in request.headers:
        return redirect(f"{asked.page}#q-{question_id}")
    quiz = practice(session, asked.course, asked.paper, enrolments.attempts_of(session, enrolment))
    shown = next(one for one in quiz.questions if one.id == question_id)
    return render(request, "quizzes/fragment.html", quiz=quiz, one=shown)


def _ask_again(
    request: Visitor, session: Session, asked: Asked, enrolment: Enrolment | None, shown: Any
) -> Response[bytes]:
    attempts = enrolments.attempts_of(session, enrolment) if enrolment else []
    quiz = practice(session, asked.course, asked.paper, attempts)
    page = "quizzes/fragment.html" if FRAGMENT in request.headers else "quizzes/again.html"
    return render(request, page, status=422, course=asked.course, back=asked.page, quiz=quiz, one=shown)


def _sitting(
    request: Visitor, session: Session, asked: Asked, attempt: Attempt, unanswered: list[str] | None = None
) -> Response[bytes]:
    page = sitting_page(session, asked.course, asked.paper, attempt)
    return render(
        request, "quizzes/sitting.html", course=asked.course, paper=asked.paper, page=page, unanswered=unanswered or []
    )


def _result(
    request: Visitor, session: Session, course: Published, enrolment: Enrolment, attempt: Attempt
) -> Response[bytes]:
    paper = _asked_in(session, enrolment, attempt).paper
    progress = enrolments.progress_of(session, enrolment, course)
    stand = sittings.outlook(paper, [one for one in progress.attempts if one.quiz_id == paper.id])
    return render(
        request,
        "quizzes/result.html",
        course=course,
        paper=paper,
        stand=stand,
        progress=progress,
        result=result_of(session, _revision_of(session, attempt), paper, attempt, stand),
        pass_mark=enrolments.pass_mark_of(session, enrolment, attempt),
    )


def _saved(session: Session, asked: Asked, attempt: Attempt, is_saved: bool, address: str) -> Response[bytes]:
    """What the module on the page shows: saved or over, the time left, and answers nobody can read."""
    body = {
        "saved": is_saved,
        "result": None if is_saved else address,
        "seconds_left": sittings.seconds_left(attempt, asked.paper),
        "unanswered": sittings.unanswered(session, attempt),
        "problems": problems_of(session, attempt),
    }
    return Response(json.dumps(body).encode(), headers={"cache-control": "no-store"}, media_type="application/json")


routes = Router(
    "/quizzes",
    route_handlers=[show_quiz, answer_practice, begin, show_attempt, save_or_hand_in],
)
