"""Catalogue, course, lesson, and the files of a course."""

from __future__ import annotations

from functools import partial
from typing import Any

from litestar import Response, Router
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.orm import Session

from university import clock, limits
from university.awarding.drawing import apart
from university.courses.alternates import lesson_links, links
from university.courses.announcing import addresses, newest, open_courses
from university.courses.catalogue import Question, look_up, versions
from university.courses.linked_data import linked_data
from university.courses.poster import picture
from university.courses.searching import LONGEST_QUERY
from university.drafting.course_files import find_file
from university.errors import NotFound, Unprocessable
from university.language import current_language, gettext as _
from university.learning import enrolments
from university.learning.lesson_pages import (
    description_of,
    find_lesson,
    lesson_page,
    outline_of,
)
from university.learning.resuming import under_way
from university.models import Course
from university.questions import reviewing
from university.revisions import published
from university.revisions.closing import TIME_TO_FINISH, successor
from university.serving.forms import Form
from university.serving.pages import (
    Visitor,
    act,
    answer_unless_known,
    promptly,
    redirect,
    render,
    render_alike,
    settings_of,
    show,
    speak,
)
from university.serving.ranges import in_parts

FILES = "files"
PICTURE = ".png"
FOR_EVERY_SITE = {"access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin"}
MOST_RESUMED = 3


@show("/", hot=True)
def show_catalogue(request: Visitor, session: NamedDependency[Session]) -> Response[bytes]:
    asked = _question(request)
    begun = under_way(session, enrolments.all_of(request, session), MOST_RESUMED)
    found = look_up(session, asked, current_language())
    page: dict[str, Any] = {"catalogue": found, "asked": asked, "begun": begun}
    if begun or asked.query:  # what people search for is drawn once and kept nowhere
        return render(request, "courses/catalogue.html", **page)
    return render_alike(request, "courses/catalogue.html", (asked, found), lambda: page)


def _question(request: Visitor) -> Question:
    given = request.query_params
    return Question(
        query=given.get("q", "")[:LONGEST_QUERY].strip(),
        language=given.get("language", "")[:35],
        topic=given.get("topic", "")[:LONGEST_QUERY],
        length=given.get("length", "")[:10],
    )


@show("/courses")
def show_catalogue_instead() -> Response[bytes]:
    """Who takes the end off the address of a course means them all."""
    return redirect("/", permanently=True)


@show("/courses/{slug:str}", hot=True)
async def show_course(request: Visitor, session: NamedDependency[Session], slug: FromPath[str]) -> Response[bytes]:
    """Page of one course or, with .png at the end of its address, the picture that goes with links to it."""
    if not slug.endswith(PICTURE):
        return await promptly(request, _course_page, request, session, slug)
    offer = await promptly(request, published.find, session, slug.removesuffix(PICTURE))
    image = await apart(partial(picture, offer.course, settings_of(request)))
    return answer_unless_known(request, image, "image/png", FOR_EVERY_SITE)


@show("/sitemap.xml")
def show_sitemap(request: Visitor, session: NamedDependency[Session]) -> Response[bytes]:
    return render_alike(
        request,
        "courses/sitemap.xml",
        open_courses(session),
        lambda: {"addresses": list(addresses(session))},
        media_type="application/xml; charset=utf-8",
    )


@show("/courses.atom")
def show_feed(request: Visitor, session: NamedDependency[Session]) -> Response[bytes]:
    courses = newest(session)
    follows_from = tuple(tuple(course) for course in courses)
    return render_alike(
        request,
        "courses/feed.xml",
        follows_from,
        lambda: {"courses": courses},
        media_type="application/atom+xml; charset=utf-8",
    )


def _course_page(request: Visitor, session: Session, slug: str) -> Response[bytes]:
    offer = published.find(session, slug)
    if offer.slug != slug:
        return redirect(f"/courses/{offer.slug}", permanently=True)
    course = offer.course
    speak(request, course.language)
    progress = enrolments.progress_of(session, enrolments.current(request, session, course.course_id), course)
    others = versions(session, course.slug, course.page["translation_of"])
    instead = successor(session, offer.replaced_by)
    page: dict[str, Any] = {
        **{"offer": offer, "course": course, "progress": progress, "versions": others},
        "alternates": links(course.page["translation_of"] or course.slug, ((code, one) for code, one, _t in others)),
        "linked_data": linked_data(course, settings_of(request)),
        "review_is_due": reviewing.is_due(progress, clock.now()),
        **{
            "instead": instead,
            "last_day": offer.archived_at + TIME_TO_FINISH if instead and offer.archived_at else None,
        },
    }
    if progress.has_begun:
        return render(request, "courses/course.html", **page, **outline_of(progress))
    follows_from = (course.revision_id, *course.measured.items(), offer.status, others, instead, offer.archived_at)
    return render_alike(request, "courses/course.html", follows_from, lambda: page | outline_of(progress))


@show("/courses/{slug:str}/{lesson:str}", hot=True)
def show_lesson(
    request: Visitor, session: NamedDependency[Session], slug: FromPath[str], lesson: FromPath[str]
) -> Response[bytes]:
    offer = published.find(session, slug)
    course, found = offer.course, find_lesson(offer.course, lesson)
    if (offer.slug, found.id) != (slug, lesson):
        return redirect(course.lesson_address(found.id), permanently=True)
    speak(request, course.language)
    progress = enrolments.progress_of(session, enrolments.current(request, session, course.course_id), course)
    page: dict[str, Any] = {
        **{"offer": offer, "course": course, "description": description_of(found) or course.summary},
        "alternates": lesson_links(session, course.page["translation_of"] or course.slug, found.id),
    }
    if progress.has_begun:
        return render(request, "courses/lesson.html", **page, page=lesson_page(session, found, progress))
    follows_from = (course.revision_id, *course.measured.items(), offer.status, page["alternates"])
    return render_alike(
        request, "courses/lesson.html", follows_from, lambda: page | {"page": lesson_page(session, found, progress)}
    )


@act("/courses/{slug:str}/{lesson:str}")
def mark_as_read(
    request: Visitor, session: NamedDependency[Session], slug: FromPath[str], lesson: FromPath[str]
) -> Response[bytes]:
    """The first act of a learner may be this one: it begins the enrolment."""
    course = published.find(session, slug).course
    found = find_lesson(course, lesson)
    if enrolments.current(request, session, course.course_id) is None:
        limits.by_network(request, session, "answer")  # each makes a row that nobody knows the owner of
    enrolment, secret = enrolments.begin(request, session, session.get_one(Course, course.course_id))
    enrolments.mark_as_done(session, enrolment, found.id)
    later = course.lesson_list[found.position + 1 :]
    answer = redirect(course.lesson_address(later[0].id) if later else f"{course.address}#certificate")
    enrolments.keep(answer, request, secret)
    return answer


@act("/courses/{slug:str}/{lesson:str}/place")
def keep_place(
    request: Visitor,
    session: NamedDependency[Session],
    form: NamedDependency[Form],
    slug: FromPath[str],
    lesson: FromPath[str],
) -> Response[bytes]:
    """Where reading stopped, noted by the page as it is left; whoever has no enrolment leaves nothing."""
    course = published.find(session, slug).course
    found, heading = find_lesson(course, lesson), form.one("heading")
    if heading not in ("", *(id_ for _level, id_, _text in found.page["headings"])):
        raise Unprocessable(_("We could not read this form."))
    enrolment = enrolments.current(request, session, course.course_id, lock=True)
    if enrolment:
        enrolments.keep_place(enrolment, found.id, heading)
    return Response(b"", status_code=204, headers={"cache-control": "no-store"})


@act("/courses/{slug:str}")
def leave(
    request: Visitor, session: NamedDependency[Session], form: NamedDependency[Form], slug: FromPath[str]
) -> Response[bytes]:
    """Stop on this computer, delete the progress in this course, or leave the review for another day."""
    course = published.find(session, slug).course
    enrolment = enrolments.current(request, session, course.course_id, lock=True)
    answer = redirect(course.address)
    if form.one("do") == "delete":
        if enrolment:
            enrolments.delete_progress(session, enrolment)
    elif form.one("do") == "later":
        if enrolment:
            reviewing.put_off(session, enrolment, course, clock.now())
    elif form.one("do") == "stop":
        enrolments.stop_on_this_computer(answer, request)
    else:
        raise Unprocessable(_("We could not read this form."))
    return answer


@show("/courses/{slug:str}/{lesson:str}/{sha256:str}/{path:path}")
def send_file(
    request: Visitor,
    session: NamedDependency[Session],
    slug: FromPath[str],
    lesson: FromPath[str],
    sha256: FromPath[str],
    path: FromPath[Any],
) -> Response[bytes]:
    """A file of the course, at /courses/{slug}/files/{sha256}/{path}; films are sent in parts when asked."""
    if lesson != FILES:
        raise NotFound(_("There is no page at this address."))
    file = find_file(session, slug, sha256, str(path).lstrip("/"))
    return in_parts(request, file.content, file.media_type, file.headers)


routes = Router(
    "/",
    route_handlers=[
        *(show_catalogue, show_catalogue_instead, show_course, show_lesson, show_sitemap, show_feed),
        *(mark_as_read, keep_place, leave, send_file),
    ],
)
