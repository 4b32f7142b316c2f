"""The quiz builder: which quizzes a course has, their rules, their questions, a try-out, and questions by paste."""

from __future__ import annotations

from functools import partial
from typing import Any

from litestar import Response, Router
from litestar.di import NamedDependency
from litestar.params import FromPath

from university.course_folders.course.questions import QUESTION_KINDS
from university.course_folders.forms import quiz_form
from university.drafting.desks import AT_A_DESK, Desk
from university.drafting.draft_saving import Conflict, OpenDraft
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
def show_quizzes(request: Visitor, draft: NamedDependency[OpenDraft]) -> Response[bytes]:
    return render(request, "quiz_editor/quizzes.html", draft=draft, shelves=quizzes.shelves(draft))


@act("/")
def make_quiz(desk: NamedDependency[Desk], form: NamedDependency[Form]) -> Response[bytes]:
    saved = desk.save(partial(quizzes.with_quiz, key=form.one("spot"), title=form.one("title")))
    return redirect(f"{saved.address}/questions/{quizzes.new_quiz(desk.draft, saved)}")


@show("/{quiz:str}")
def show_quiz(request: Visitor, draft: NamedDependency[OpenDraft], quiz: FromPath[str]) -> Response[bytes]:
    return _quiz_page(request, draft, find_spot(draft, quiz))


@act("/{quiz:str}")
def save_rules(
    request: Visitor, desk: NamedDependency[Desk], form: NamedDependency[Form], quiz: FromPath[str]
) -> Response[bytes]:
    typed = questions.typed_in(form)
    try:
        saved = desk.save(partial(quizzes.with_rules, quiz=quiz, typed=typed, base=form.one("base")))
    except Conflict as conflict:
        spot = find_spot(conflict.draft, quiz)
        clash = beside_forms.rules(conflict.draft, spot, typed)
        return _quiz_page(request, conflict.draft, spot, 409, typed=typed, clash=clash)
    return redirect(f"{find_spot(saved, quiz).address}?saved=1#rules")


@act("/{quiz:str}/remove")
def remove_quiz(desk: NamedDependency[Desk], quiz: FromPath[str]) -> Response[bytes]:
    desk.save(partial(quizzes.without_quiz, quiz=quiz))
    return redirect(f"{desk.draft.address}/questions")


@act("/{quiz:str}/new")
def make_question(desk: NamedDependency[Desk], form: NamedDependency[Form], quiz: FromPath[str]) -> Response[bytes]:
    saved = desk.save(partial(questions.with_new_question, quiz=quiz, kind=form.one("kind")))
    spot = find_spot(saved, quiz)
    return redirect(f"{spot.address}/{len(quizzes.questions_in(saved, spot))}")


@act("/{quiz:str}/order")
def change_order(desk: NamedDependency[Desk], form: NamedDependency[Form], quiz: FromPath[str]) -> Response[bytes]:
    """One place up or down, to a place, or out."""
    move = questions.Move(*(form.one(name) for name in ("number", "do", "to", "base")))
    desk.save(partial(questions.with_move, quiz=quiz, move=move))
    there = questions.where_after(desk.draft, quiz, move)
    return redirect(f"{find_spot(desk.draft, quiz).address}#question-{there}")


@show("/{quiz:str}/paste")
def show_paste(request: Visitor, draft: NamedDependency[OpenDraft], quiz: FromPath[str]) -> Response[bytes]:
    page: dict[str, Any] = {"spot": find_spot(draft, quiz), "text": "", "preview": None, "missing": ""}
    return render(request, "quiz_editor/paste.html", draft=draft, **page)


@act("/{quiz:str}/paste", max_bytes=PASTED_BYTES)
def paste(
    request: Visitor, desk: NamedDependency[Desk], form: NamedDependency[Form], quiz: FromPath[str]
) -> Response[bytes]:
    """First what it would become; then, with the same text again, the questions."""
    text, spot = form.one("text"), find_spot(desk.draft, quiz)
    found = pasting.read(text)
    preview = pasting.look_at(desk.draft, found)
    if form.one("do") == "take" and preview.new:
        desk.save(partial(pasting.with_pasted, quiz=quiz, found=found))
        return redirect(f"{spot.address}#questions")
    page: dict[str, Any] = {"text": text, "preview": preview, "missing": "" if text.strip() else "text"}
    status = 200 if preview.new else 422
    return render(request, "quiz_editor/paste.html", status=status, draft=desk.draft, spot=spot, **page)


@show("/{quiz:str}/{number:str}")
def show_question(
    request: Visitor, draft: NamedDependency[OpenDraft], quiz: FromPath[str], number: FromPath[str]
) -> Response[bytes]:
    return _question_page(request, open_question(draft, find_spot(draft, quiz), number))


@act("/{quiz:str}/{number:str}")
def save_question(
    request: Visitor,
    desk: NamedDependency[Desk],
    form: NamedDependency[Form],
    quiz: FromPath[str],
    number: FromPath[str],
) -> Response[bytes]:
    """Every button of the form saves what was typed; what breaks a rule is said beside it afterwards."""
    typed, base = questions.typed_in(form), form.one("base")
    try:
        saved = desk.save(partial(questions.with_question, quiz=quiz, number=number, typed=typed, base=base))
    except Conflict as conflict:
        there = open_question(conflict.draft, find_spot(conflict.draft, quiz), number)
        return _question_page(request, there, 409, typed=typed, clash=beside_forms.question(there, typed))
    return redirect(beside_forms.where_next(open_question(saved, find_spot(saved, quiz), number), typed))


@act("/{quiz:str}/{number:str}/try/answers", keeps_nothing=True)
def try_question(
    request: Visitor,
    draft: NamedDependency[OpenDraft],
    form: NamedDependency[Form],
    quiz: FromPath[str],
    number: FromPath[str],
) -> Response[bytes]:
    """Marks an answer as it would be marked for a learner, and keeps nothing."""
    question = open_question(draft, find_spot(draft, quiz), number)
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
    dependencies=AT_A_DESK,
)
