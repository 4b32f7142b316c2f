"""Colours, logo and signature: chosen, looked at on a page and a certificate, kept."""

from __future__ import annotations

from urllib.parse import urlencode

from litestar import Response, Router
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.orm import Session

from university.accounts.signed_in import SignedIn
from university.awarding.specimen import specimen_image
from university.errors import NotFound
from university.language import gettext as _
from university.serving.forms import Form
from university.serving.pages import Visitor, act, settings_of, show
from university.serving.static_files import StaticFiles
from university.serving.style_sheets import renamed
from university.setting_up import kept_settings
from university.setting_up.setup_pages import HERE, coming, filled, keep, onward, page, refused
from university.settings import Settings, SettingsError
from university.setup_look import previewing
from university.setup_look.forms import LookForm, fields_of, typed_in

DRAWN = ("logo", "signature")
BYTES = 512 * 1024
BESIDE = {"certificate_colours": "panel", "logo": "logo_file", "signature": "signature_file"}


@show("/")
def look_form(request: Visitor, session: NamedDependency[Session]) -> Response[bytes]:
    return _look_page(request, session, fields_of(coming(request)), {})


@act("/preview", max_bytes=BYTES)
def preview(request: Visitor, session: NamedDependency[Session], form: NamedDependency[Form]) -> Response[bytes]:
    """The page again with what was typed, and how it would look; nothing is chosen by that."""
    values, errors = _typed(request, form)
    return _look_page(request, session, values, {**refused(request, LookForm(**values).settings(), BESIDE), **errors})


@act("/", max_bytes=BYTES)
def set_look(
    request: Visitor, session: NamedDependency[Session], form: NamedDependency[Form], staff: NamedDependency[SignedIn]
) -> Response[bytes]:
    values, errors = _typed(request, form)
    errors = errors or keep(request, session, staff, "look", LookForm(**values).settings(), BESIDE)
    return _look_page(request, session, values, errors) if errors else onward("look")


@show("/colours.css")
def colours(request: Visitor) -> Response[bytes]:
    chosen, uploaded = _asked(request), request.query_params.get("logo", "")
    static: StaticFiles = request.app.state.static
    address = f"{HERE}/{uploaded}" if uploaded else static.address("logo.svg") if settings_of(request).logo else ""
    return _private(renamed(previewing.rules(chosen, address), static.tokens).encode(), "text/css")


@show("/specimen.png")
def specimen(request: Visitor) -> Response[bytes]:
    return _private(specimen_image(_asked(request)), "image/png")


@show("/{name:str}")
def drawing(request: Visitor, name: FromPath[str]) -> Response[bytes]:
    """An uploaded drawing, for the preview: never run, whatever is in it."""
    data, path = settings_of(request).data, f"{kept_settings.FOLDER}/{name}"
    if not kept_settings.is_drawing(data, path):
        raise NotFound(_("There is no page at this address."))
    return _private(
        (data / path).read_bytes(), "image/svg+xml", {"content-security-policy": "default-src 'none'; sandbox"}
    )


def _typed(request: Visitor, form: Form) -> tuple[dict[str, str], dict[str, str]]:
    made_of = dict.fromkeys(("panel", "engraving"), "certificate_colours")
    return typed_in(settings_of(request).data, filled(request, form, fields_of(coming(request)), made_of))


def _look_page(request: Visitor, session: Session, values: dict[str, str], errors: dict[str, str]) -> Response[bytes]:
    """What cannot be kept is not shown either: then the preview is of what was chosen before."""
    usable = values if not errors else fields_of(coming(request))
    chosen = _chosen(request, usable)
    return page(
        request,
        session,
        "setup_look/look.html",
        "look",
        errors,
        values=values,
        query=urlencode(usable),
        header=previewing.page_header(request.app.state.templates, chosen),
        figures=previewing.figures(chosen),
    )


def _asked(request: Visitor) -> Settings:
    """The settings with the look that the address of a part of the preview describes."""
    values = {name: request.query_params.get(name, "") for name in LookForm.model_fields}
    if any(values[name] and not kept_settings.is_drawing(settings_of(request).data, values[name]) for name in DRAWN):
        raise NotFound(_("There is no page at this address."))
    return _chosen(request, values)


def _chosen(request: Visitor, values: dict[str, str]) -> Settings:
    try:
        return kept_settings.with_changes(settings_of(request), LookForm(**values).settings())
    except (SettingsError, ValueError):
        raise NotFound(_("There is no page at this address.")) from None


def _private(content: bytes, media_type: str, headers: dict[str, str] | None = None) -> Response[bytes]:
    return Response(
        content, media_type=media_type, headers={"cache-control": "private, max-age=300", **(headers or {})}
    )


routes = Router(f"{HERE}/look", route_handlers=[look_form, preview, set_look, colours, specimen, drawing])
