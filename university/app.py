"""The one place where everything is put together. Read it first.

A request passes the gate (its host, size and language, the headers of the answer, the line in the log), then the
static files, then the router: the guard asks who may, session, form and staff are provided as the handler names them,
the handler of one slice does one thing, its page is rendered, and the transaction commits before the answer leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from litestar import Litestar
from litestar.datastructures import State
from litestar.di import Provide
from litestar.types import ControllerRouterHandler

from certificates import show_number
from university import language, statistics
from university.access import guard, may
from university.account.routes import routes as account
from university.accounts.signed_in import csrf_token, provide_staff
from university.awarding import reasons
from university.awarding.credentialing import SignedLists
from university.campaigns.routes import routes as campaigns
from university.cases.routes import routes as cases
from university.casework.routes import routes as casework
from university.choices.routes import routes as choices
from university.claims.routes import routes as claims
from university.colleagues.routes import routes as colleagues
from university.courses.routes import routes as courses
from university.credentials.routes import routes as credentials
from university.database import Database
from university.deletion.routes import routes as deletion
from university.devices.routes import routes as devices
from university.editor.routes import routes as editor
from university.exchange.routes import routes as exchange
from university.extra_time.routes import routes as extra_time
from university.figures.routes import routes as figures
from university.health.routes import routes as health
from university.keys.keyring import KeyRing, open_keyring
from university.layout.routes import routes as layout
from university.learning.small_numbers import said
from university.lesson_editor.routes import routes as lesson_editor
from university.mailbox.routes import routes as mailbox
from university.media.routes import routes as media
from university.metrics.routes import routes as metrics
from university.preferences.routes import routes as preferences
from university.privacy.routes import routes as privacy
from university.publish.routes import routes as publish
from university.quiz_editor.routes import routes as quiz_editor
from university.quizzes.routes import routes as quizzes
from university.registry.routes import routes as registry
from university.second_place.routes import routes as second_place
from university.serving.faults import answer_fault
from university.serving.forms import form_token
from university.serving.fragments import make_fragment
from university.serving.gate import Asgi, Gate
from university.serving.house_style import page_globals, static_files
from university.serving.kept_pages import KeptPages
from university.serving.pages import (
    FORM_BYTES,
    provide_form,
    provide_looking,
    provide_session,
)
from university.serving.static_files import StaticFiles
from university.setting_up.kept_settings import Renew
from university.settings import Settings
from university.setup.routes import routes as setup
from university.setup_look.routes import routes as setup_look
from university.staff.routes import routes as staff
from university.subscriptions.routes import routes as subscriptions
from university.verify.routes import routes as verify
from university.well_known.routes import routes as well_known

HERE = Path(__file__).parent
SLICES: list[ControllerRouterHandler] = [
    *(courses, quizzes, devices, claims),
    *(verify, credentials, well_known),
    *(privacy, choices, deletion, cases, subscriptions),
    *(preferences, layout, mailbox, health, metrics),
    *(staff, account, colleagues, setup, setup_look, second_place),
    *(editor, lesson_editor, quiz_editor, media, publish, exchange, figures, extra_time),
    *(registry, casework, campaigns),
]


def create_app(settings: Settings, on_shutdown: Sequence[Callable[[], None]] = (), renew: Renew | None = None) -> Asgi:
    """The whole program as one ASGI application. The database must already be on the present schema.

    `on_shutdown` is called once the last request has been answered; `renew` makes the server read its settings again.
    """
    static = static_files(settings)
    return Gate(static.wrap(make_router(settings, static, on_shutdown, renew)), settings)


def make_router(
    settings: Settings,
    static: StaticFiles,
    on_shutdown: Sequence[Callable[[], None]] = (),
    renew: Renew | None = None,
) -> Litestar:
    """Slices, guards and dependencies: everything inside the gate."""
    return Litestar(
        route_handlers=SLICES,
        dependencies={
            "session": Provide(provide_session),
            "looking": Provide(provide_looking),
            "form": Provide(provide_form),
            "staff": Provide(provide_staff),
        },
        guards=[guard],
        exception_handlers={Exception: answer_fault},
        state=make_state(settings, static, renew),
        after_response=statistics.note_page,
        on_shutdown=[*on_shutdown, close_database],
        openapi_config=None,
        request_max_body_size=FORM_BYTES,
        logging_config=None,
        debug=False,
    )


def make_state(settings: Settings, static: StaticFiles, renew: Renew | None = None) -> State:
    """What requests share. The routes know none of it, so that one router can serve another state."""
    keyring = open_keyring(settings)
    keyring.make_certificate_keys(settings)
    keyring.secret("forms")  # every page needs it, the one that says that the disk is full too
    return State(
        {
            "settings": settings,
            "database": Database(settings),
            "keyring": keyring,
            "status_lists": SignedLists(keyring, settings),
            "kept_pages": KeptPages(),
            "static": static,
            "renew": renew,
            "templates": make_templates(settings, static, keyring),
        }
    )


def close_database(app: Litestar) -> None:
    """Gives the connections back once the last request has been answered."""
    app.state.database.close()


def make_templates(settings: Settings, static: StaticFiles, keyring: KeyRing) -> Environment:
    """Jinja over the whole package: each page lies beside its handler."""
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=select_autoescape(disabled_extensions=("txt",), default=True),  # mails in plain text stay plain
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        auto_reload=settings.testing,
    )
    environment.install_gettext_callables(language.gettext, language.ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.filters.update(
        date=language.format_date,
        datetime=language.format_datetime,
        moment=language.format_moment,
        number=language.format_number,
        spaced=show_number,
        duration=language.format_duration,
        people=said,
        reason=reasons.sentence_of,
        direction=language.direction,
        language_name=language.language_name,
        locale_name=language.locale_name,
    )
    environment.globals.update(
        static=static.address,
        **page_globals(settings),
        languages=list(language.LANGUAGES.items()),
        form_token=lambda: form_token(keyring.secret("forms")),
        csrf_token=csrf_token,
        may=may,
        fragment=make_fragment(environment),
        asks_for_statistics=statistics.is_asking,
    )
    return environment
