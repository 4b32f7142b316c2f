"""The quiz builder: which quizzes a course has, their rules, their questions, a try-out, and questions by paste."""

from __future__ import annotations

from typing import Any

from litestar import Response, Router
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.orm import Session

from university.accounts.signed_in import SignedIn
from university.course_folders.course.questions import QUESTION_KINDS
from university.course_folders.forms import quiz_form
from university.drafting.draft_saving import Conflict, OpenDraft, open_draft
from university.drafting.finding_words import beside
from university.drafting.form_views import FormView
from university.quiz_editor import beside_forms, pasting, questions, quizzes, trying
from university.quiz_editor.questions import OpenQuestion, open_question
from university.quiz_editor.quizzes import Spot, find_spot
from university.serving.forms import Form
from university.serving.pages import Visitor, act, redirect, render, show

PASTED_BYTES = 1024 * 1024
# A page with the tried question and nothing around it, for the module that puts it in place.
FRAGMENT = "x-fragment"


@show("/")
def show_quizzes(request: Visitor, session: NamedDependency[Session], slug: FromPath[str]) -> Response[bytes]:
    opened = open_draft(session, slug)
    return render(request, "quiz_editor/quizzes.html", draft=opened, shelves=quizzes.shelves(opened))


@act("/")
def make_quiz(
    session: NamedDependency[Session],
    form: NamedDependency[Form],
    staff: NamedDependency[SignedIn],
    slug: FromPath[str],
) -> Response[bytes]:
    opened = open_draft(session, slug, lock=True)
    return redirect(f"{opened.address}/questions/{quizzes.make_quiz(session, opened, form, staff.id)}")


@show("/{quiz:str}")
def show_quiz(
    request: Visitor, session: NamedDependency[Session], slug: FromPath[str], quiz: FromPath[str]
) -> Response[bytes]:
    opened = open_draft(session, slug)
    return _quiz_page(request, opened, find_spot(opened, quiz))


@act("/{quiz:str}")
def save_rules(
    request: Visitor,
    session: NamedDependency[Session],
    form: NamedDependency[Form],
    staff: NamedDependency[SignedIn],
    slug: FromPath[str],
    quiz: FromPath[str],
) -> Response[bytes]:
    opened = open_draft(session, slug, lock=True)
    spot = find_spot(opened, quiz)
    typed = questions.typed_in(form)
    try:
        quizzes.save_rules(session, opened, spot, typed, form.one("base"), staff.id)
    except Conflict:
        return _quiz_page(request, opened, spot, 409, typed=typed, clash=beside_forms.rules(opened, spot, typed))
    return redirect(f"{spot.address}?saved=1#rules")


@act("/{quiz:str}/remove")
def remove_quiz(
    session: NamedDependency[Session],
    staff: NamedDependency[SignedIn],
    slug: FromPath[str],
    quiz: FromPath[str],
) -> Response[bytes]:
    opened = open_draft(session, slug, lock=True)
    quizzes.remove_quiz(session, opened, find_spot(opened, quiz), staff.id)
    return redirect(f"{opened.address}/questions")


@act("/{quiz:str}/new")
def make_question(
    session: NamedDependency[Session],
    form: NamedDependency[Form],
    staff: NamedDependency[SignedIn],
    slug: FromPath[str],
    quiz: FromPath[str],
) -> Response[bytes]:
    opened = open_draft(session, slug, lock=True)
    spot = find_spot(opened, quiz)
    number = questions.add_question(session, opened, spot, form.one("kind"), staff.id)
    return redirect(f"{spot.address}/{number}")


@act("/{quiz:str}/order")
def change_order(
    session: NamedDependency[Session],
    form: NamedDependency[Form],
    staff: NamedDependency[SignedIn],
    slug: FromPath[str],
    quiz: FromPath[str],
) -> Response[bytes]:
    """One place up or down, or out."""
    opened = open_draft(session, slug, lock=True)
    spot = find_spot(opened, quiz)
    there = questions.put_in_place(
        session, opened, spot, form.one("number"), form.one("do"), form.one("base"), staff.id
    )
    return redirect(f"{spot.address}#question-{there}")


@show("/{quiz:str}/paste")
def show_paste(
    request: Visitor, session: NamedDependency[Session], slug: FromPath[str], quiz: FromPath[str]
) -> Response[bytes]:
    opened = open_draft(session, slug)
    return render(
        request, "quiz_editor/paste.html", draft=opened, spot=find_spot(opened, quiz), text="", preview=None, missing=""
    )


@act("/{quiz:str}/paste", max_bytes=PASTED_BYTES)
def paste(
    request: Visitor,
    session: NamedDependency[Session],
    form: NamedDependency[Form],
    staff: NamedDependency[SignedIn],
    slug: FromPath[str],
    quiz: FromPath[str],
) -> Response[bytes]:
    """First what it would become; then, with the same text again, the questions."""
    text = form.one("text")
    found = pasting.read(text)  # before anything is locked: a long text takes a while
    opened = open_draft(session, slug, lock=True)
    spot, preview = find_spot(opened, quiz), pasting.look_at(opened, found)
    if form.one("do") == "take" and pasting.take(session, opened, spot, preview, staff.id):
        return redirect(f"{spot.address}#questions")
    page: dict[str, Any] = {"text": text, "preview": preview, "missing": "" if text.strip() else "text"}
    return render(
        request, "quiz_editor/paste.html", status=200 if preview.new else 422, draft=opened, spot=spot, **page
    )


@show("/{quiz:str}/{number:str}")
def show_question(
    request: Visitor,
    session: NamedDependency[Session],
    slug: FromPath[str],
    quiz: FromPath[str],
    number: FromPath[str],
) -> Response[bytes]:
    opened = open_draft(session, slug)
    return _question_page(request, open_question(opened, find_spot(opened, quiz), number))


@act("/{quiz:str}/{number:str}")
def save_question(
    request: Visitor,
    session: NamedDependency[Session],
    form: NamedDependency[Form],
    staff: NamedDependency[SignedIn],
    slug: FromPath[str],
    quiz: FromPath[str],
    number: FromPath[str],
) -> Response[bytes]:
    """Every button of the form saves what was typed; what breaks a rule is said beside it afterwards."""
    opened = open_draft(session, slug, lock=True)
    question = open_question(opened, find_spot(opened, quiz), number)
    typed = questions.typed_in(form)
    try:
        questions.save_question(session, question, typed, form.one("base"), staff.id)
    except Conflict:
        return _question_page(request, question, 409, typed=typed, clash=beside_forms.question(question, typed))
    return redirect(beside_forms.where_next(question, typed))


@act("/{quiz:str}/{number:str}/try/answers", keeps_nothing=True)
def try_question(
    request: Visitor,
    session: NamedDependency[Session],
    form: NamedDependency[Form],
    slug: FromPath[str],
    quiz: FromPath[str],
    number: FromPath[str],
) -> Response[bytes]:
    """Marks an answer as it would be marked for a learner, and keeps nothing."""
    opened = open_draft(session, slug)
    question = open_question(opened, find_spot(opened, quiz), number)
    tried = trying.try_out(question, form)
    status = 422 if tried and tried.one.problem else 200
    if FRAGMENT in request.headers and tried:
        return render(request, "quiz_editor/tried.html", status=status, quiz=tried, one=tried.one)
    return _question_page(request, question, status, tried=tried)


def _quiz_page(request: Visitor, opened: OpenDraft, spot: Spot, status: int = 200, **told: Any) -> Response[bytes]:
    values = told.pop("typed", None) or quiz_form.shown(quizzes.fields_of(opened, spot))
    page: dict[str, Any] = {
        "clash": None,
        "f": FormView(values, beside(opened, spot.path), opened.base(spot.path)),
        "rows": beside_forms.lines(opened, spot),
        "asked": quizzes.pool_size(opened, spot.quiz) if spot.quiz else (0, 0),
        "kinds": QUESTION_KINDS,
        "pools": [name for name, _pool in opened.value.pools],
        "is_saved": request.query_params.get("saved") == "1",
    }
    return render(request, "quiz_editor/quiz.html", status=status, draft=opened, spot=spot, **(page | told))


def _question_page(request: Visitor, question: OpenQuestion, status: int = 200, **told: Any) -> Response[bytes]:
    page: dict[str, Any] = {
        "clash": None,
        "tried": trying.try_out(question) if "tried" not in told else None,
        "f": questions.view(question, told.pop("typed", None)),
        "kinds": QUESTION_KINDS,
        "is_saved": request.query_params.get("saved") == "1",
        "said": beside_forms.all_said(question),
    }
    return render(
        request, "quiz_editor/question.html", status=status, draft=question.opened, question=question, **(page | told)
    )


routes = Router(
    "/editor/courses/{slug:str}/questions",
    route_handlers=[
        *(show_quizzes, make_quiz, show_quiz, save_rules, remove_quiz, make_question, change_order),
        *(show_paste, paste, show_question, save_question, try_question),
    ],
)
