"""Claim a certificate: the form, the page after it, and the link in the mail."""

from __future__ import annotations

from litestar import Response, Router
from litestar.di import NamedDependency
from litestar.params import FromPath
from markupsafe import Markup
from sqlalchemy.orm import Session

from certificates import show_number
from university import clock, limits
from university.awarding.printed_names import preview, read_names
from university.awarding.versions import is_renewable
from university.claims.claiming import award_of, claim_certificate, request_certificate, revision_of_claim
from university.claims.forms import ClaimForm
from university.consents.giving import given_now, ticked
from university.consents.wording import boxes
from university.errors import Refused
from university.language import current_language, gettext as _
from university.learning.enrolments import Passed, begin_again, current, passed_enrolment
from university.models import Award
from university.revisions.published import Published, find
from university.serving.forms import Form
from university.serving.pages import Visitor, act, redirect, render, settings_of, show, speak


@show("/{slug:str}")
def claim_form(request: Visitor, session: NamedDependency[Session], slug: FromPath[str]) -> Response[bytes]:
    course = find(session, slug).course
    speak(request, course.language)
    passed = _passed(request, session, course)
    if award := award_of(session, passed.enrolment):
        return _claimed(request, course, award)
    return _form_page(request, course, Form([]), {})


@act("/{slug:str}")
def claim(
    request: Visitor, session: NamedDependency[Session], form: NamedDependency[Form], slug: FromPath[str]
) -> Response[bytes]:
    limits.by_network(request, session, "claim")
    course = find(session, slug).course
    speak(request, course.language)
    passed = _passed(request, session, course)
    if award := award_of(session, passed.enrolment):
        return _claimed(request, course, award, status=409)
    asked, errors = read_names(ClaimForm, form, course.language)
    given = given_now(ticked(form))
    if asked is None:
        return _form_page(request, course, form, errors)
    request_certificate(session, settings_of(request), passed, asked, given, current_language())
    return redirect(f"/claims/{course.slug}/sent")


@act("/{slug:str}/preview")
def preview_name(
    request: Visitor, session: NamedDependency[Session], form: NamedDependency[Form], slug: FromPath[str]
) -> Response[bytes]:
    """The form as it was typed so far, with the name as the certificate will print it. Keeps nothing."""
    limits.by_network(request, session, "preview")
    course = find(session, slug).course
    speak(request, course.language)
    _passed(request, session, course)
    picture, errors = preview(form, course.language)
    return _form_page(request, course, form, errors, picture)


@act("/{slug:str}/again")
def renew(request: Visitor, session: NamedDependency[Session], slug: FromPath[str]) -> Response[bytes]:
    """Quizzes and exam once more, for a new certificate; the lessons count as read."""
    course = find(session, slug).course
    passed = _passed(request, session, course)
    award = award_of(session, passed.enrolment)
    if award is None or not is_renewable(award, clock.now().date()):
        raise Refused(_("A certificate can be renewed from 60 days before its last day."))
    begin_again(request, session, passed.enrolment)
    return redirect(f"/courses/{course.slug}")


@show("/{slug:str}/sent")
def sent(request: Visitor, session: NamedDependency[Session], slug: FromPath[str]) -> Response[bytes]:
    course = find(session, slug).course
    speak(request, course.language)
    return render(request, "claims/sent.html", course=course)


@show("/confirm/{token:str}")
def confirmation(request: Visitor, session: NamedDependency[Session], token: FromPath[str]) -> Response[bytes]:
    """The page behind the link in the mail. Opening it changes nothing: mail programs open links by themselves."""
    revision = revision_of_claim(session, token)
    speak(request, revision.language)
    return render(request, "claims/confirm.html", revision=revision, token=token)


@act("/confirm/{token:str}")
def confirm(request: Visitor, session: NamedDependency[Session], token: FromPath[str]) -> Response[bytes]:
    award = claim_certificate(session, request.app.state.keyring, settings_of(request), token)
    return redirect(f"/verify/{show_number(award.number)}#yours")


def _claimed(request: Visitor, course: Published, award: Award, status: int = 200) -> Response[bytes]:
    renewable = is_renewable(award, clock.now().date())
    return render(
        request,
        "claims/claimed.html",
        status=status,
        course=course,
        award=award,
        renewable=renewable,
        today=clock.now().date(),
    )


def _passed(request: Visitor, session: Session, course: Published) -> Passed:
    enrolment = current(request, session, course.course_id)
    if enrolment is None:
        raise Refused(
            _("This browser has not taken this course yet. Begin with the first lesson; no account is needed.")
        )
    return passed_enrolment(session, enrolment)


def _form_page(
    request: Visitor,
    course: Published,
    form: Form,
    errors: dict[str, str],
    picture: Markup | None = None,
) -> Response[bytes]:
    return render(
        request,
        "claims/form.html",
        status=422 if errors else 200,
        course=course,
        values=form.values(ClaimForm),
        topics=ticked(form),
        boxes=boxes(),
        errors=errors,
        picture=picture,
    )


routes = Router("/claims", route_handlers=[claim_form, claim, preview_name, renew, sent, confirmation, confirm])
