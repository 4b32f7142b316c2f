"""Everything that differs between machines, read once from the environment.

Every setting is an environment variable ``UNIVERSITY_NAME``, a line in a ``.env`` file beside the program, or, where
neither says anything, what an owner chose in the browser (``settings.env`` in the data folder). An unknown, missing
or malformed one stops the start and is named.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, ValidationError

from university import setting_checks as checks
from university.setting_checks import LOOPBACK_NAMES, N_, Unusable
from university.settings_file import DRAWINGS, KEPT, KEPT_FILE, PREFIX, read_file, read_kept

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class SettingsError(Exception):
    """The settings cannot be used; the message names each and what is wrong with it.

    `problems` says the same by the names of fields, as source strings of the catalogue with what fills them.
    """

    def __init__(self, message: str, problems: Mapping[str, Unusable] | None = None) -> None:
        super().__init__(message)
        self.problems = dict(problems or {})


@dataclass(frozen=True)
class Sources:
    """Where the settings of a process come from: `machine` wins over `kept`, and `kept` over `presumed`.

    `machine` is the environment, ``.env`` and the command line; `kept` was chosen in the browser; `presumed` is what
    the start itself supposes, such as an address with its port.
    """

    machine: Mapping[str, Any] = field(default_factory=dict)
    kept: Mapping[str, str] = field(default_factory=dict)
    presumed: Mapping[str, str] = field(default_factory=dict)


def _listed(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


Place = Annotated[str, AfterValidator(checks.place)]
Drawing = Annotated[Path | None, AfterValidator(checks.drawing)]
Colours = Annotated[tuple[str, ...], BeforeValidator(_listed), AfterValidator(checks.certificate_colours)]


class Settings(BaseModel):
    """One installation. Field names are the variable names in lower case, without the prefix."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_url: Annotated[str, AfterValidator(checks.address)] = Field(
        "http://127.0.0.1:8000",
        description="The public address; the only source of links in pages, mails and QR codes.",
    )
    data: Path = Field(Path("data"), description="Folder of the database, keys, rights ledger and backups.")
    ledger_url: Annotated[str, AfterValidator(checks.ledger_server)] = Field(
        "",
        description="postgresql+psycopg://user@host/name on another server than the database: the rights ledger that "
        "several machines share; empty means a file in the data folder.",
    )
    ledger_copy: Place = Field(
        "", description="Second place of the rights ledger: a folder, or s3://bucket/prefix?endpoint=…&region=…"
    )
    backup_copy: Place = Field(
        "", description="Second place of the backups: a folder, or s3://bucket/prefix?endpoint=…&region=…"
    )
    backup_days: int = Field(
        20,
        ge=1,
        le=20,
        description="Days until a backup and its key are destroyed, at noon UTC; people are promised 21.",
    )
    recovery_key: str = Field("", description="The recovery key, while backups are opened: for `university restore`.")
    postgres_tools: Path | None = Field(None, description="Folder of pg_dump and pg_restore; empty means: look around.")
    database_url: str = Field("", description="SQLAlchemy address; empty means SQLite inside the data folder.")
    smtp_url: Annotated[str, AfterValidator(checks.mail_server)] = Field(
        "",
        description="smtp://user:password@host:587 or smtps://…; empty means the local mailbox page, "
        "which exists on a loopback base address only.",
    )
    mail_from: str = Field("", description="Sender address of every mail; empty means the organisation's.")
    bounces_to: str = Field(
        "", description="Envelope sender: the mailbox where mail comes back; empty means the sender address."
    )
    bounce_secret: str = Field(
        "",
        pattern=r"^([A-Za-z0-9_-]{24,})?$",
        description="Last part of the address at which the mail service reports bounces; empty closes it.",
    )
    processes: int = Field(1, ge=1, le=64, description="Worker processes of `university serve`.")
    trusted_proxies: Annotated[tuple[Network, ...], BeforeValidator(_listed)] = Field(
        (), description="Networks whose X-Forwarded-For is believed, separated by commas."
    )
    limits_factor: float = Field(1.0, gt=0, description="Multiplies every rate limit; 1 outside of tests.")
    testing: bool = Field(False, description="Allows the failpoints and a fake clock of the test suite.")
    fail_at: str = Field("", description="Name of a failpoint to die at; only with UNIVERSITY_TESTING=1.")

    metrics: str = Field(
        "",
        pattern=r"^(loopback|[A-Za-z0-9_-]{24,})?$",
        description="Who may read /metrics: `loopback`, or whoever sends this token as Bearer; empty: nobody.",
    )

    organisation_name: str = Field("SelfGuide B.V.", min_length=1, description="Who issues and is responsible.")
    organisation_address: str = Field(
        "John Maynard Keynesstraat 351, Hengelo", description="Postal address of the controller."
    )
    organisation_registration: str = Field("KvK 69222975", description="Trade register entry.")
    organisation_email: str = Field("privacy@selfguide.com", description="Where people can write to.")
    site_name: str = Field("University", min_length=1, description="Name in the header, mails and certificates.")
    second_proof: Literal["", "jcs"] = Field(
        "", description="`jcs` adds a second proof (eddsa-jcs-2022) to every credential, for wallets that want it."
    )
    tsa_url: Annotated[str, AfterValidator(checks.time_stamping_authority)] = Field(
        "", description="Time-stamping authority (RFC 3161), http or https; every new certificate then gets a stamp."
    )
    accent: Annotated[str, AfterValidator(checks.accent)] = Field(
        "", description="The colour of links and buttons, as #0b6048; empty means our green."
    )
    logo: Drawing = Field(None, description="SVG file of the organisation's logo in one colour, as paths.")
    certificate_colours: Colours = Field(
        (), description="Panel of the certificate and the engraving on it, as #0c2f2d,#cfae74."
    )
    signature: Drawing = Field(None, description="SVG file of the signatory's signature in one colour, as paths.")
    signatory_name: str = Field("", description="Person who signs certificates; empty leaves the line out.")
    signatory_role: str = Field("", description="Role of the signatory.")

    _sources: Sources = PrivateAttr(default_factory=Sources)

    @property
    def logo_path(self) -> str | None:
        """The logo as one SVG path."""
        return checks.drawing_path(self.logo) if self.logo else None

    @property
    def signature_path(self) -> str | None:
        return checks.drawing_path(self.signature) if self.signature else None

    @property
    def base(self) -> SplitResult:
        return urlsplit(self.base_url)

    @property
    def origin(self) -> str:
        """Scheme, host and port as browsers write them in Origin: lower case, without the usual port."""
        usual = 443 if self.is_https else 80
        port = "" if self.base.port in {None, usual} else f":{self.base.port}"
        host = self.base.hostname or ""
        return f"{self.base.scheme}://{f'[{host}]' if ':' in host else host}{port}"

    @property
    def is_https(self) -> bool:
        return self.base.scheme == "https"

    @property
    def is_local(self) -> bool:
        """True on a loopback base address: the only place where the local mailbox may be shown."""
        return self.base.hostname in LOOPBACK_NAMES

    @property
    def has_local_mailbox(self) -> bool:
        return self.is_local and not self.smtp_url

    @property
    def sqlalchemy_url(self) -> str:
        return self.database_url or f"sqlite:///{self.data / 'university.sqlite3'}"

    @property
    def ledger_shares_server(self) -> bool:
        """True where database and ledger are on one server, which the ledger is there to outlive."""
        here, there = urlsplit(self.database_url), urlsplit(self.ledger_url)
        return bool(there.scheme) and (here.hostname, here.port, here.query) == (
            there.hostname,
            there.port,
            there.query,
        )

    @property
    def sender(self) -> str:
        return self.mail_from or self.organisation_email

    @property
    def bounce_address(self) -> str:
        """Where mail comes back, and where a mail program writes to end a topic."""
        return self.bounces_to or self.sender

    @property
    def sources(self) -> Sources:
        return self._sources

    def is_fixed(self, name: str) -> bool:
        """Set by this machine: what is chosen in the browser would not count."""
        return name in self._sources.machine

    def cookie_name(self, letter: str) -> str:
        """``__Host-e`` on https; on a loopback http address browsers refuse the prefix, so ``e``."""
        return f"__Host-{letter}" if self.is_https else letter

    def link(self, path: str) -> str:
        """The full public address of one of our paths; the path begins with a slash."""
        return self.base_url + path


def read_settings(
    environment: Mapping[str, str] | None = None, *, presumed: Mapping[str, str] | None = None, **given: Any
) -> Settings:
    """Settings from the environment, ``.env`` and the data folder; `given` (command line options) wins over all.

    An `environment` that is given instead is all there is, unless it names a data folder. Raises SettingsError that
    names every unknown or unusable setting at once.
    """
    found = environment if environment is not None else {**read_file(Path(".env")), **os.environ}
    machine = {name.removeprefix(PREFIX).lower(): value for name, value in found.items() if name.startswith(PREFIX)}
    machine.update({name: value for name, value in given.items() if value is not None})
    has_folder = environment is None or "data" in machine
    kept = read_kept(Path(machine.get("data", Settings.model_fields["data"].default))) if has_folder else {}
    return settings_from(Sources(machine, kept, presumed or {}))


def settings_from(sources: Sources) -> Settings:
    """The settings these sources make together. Raises SettingsError."""
    strange = sorted(name for name in sources.kept if name not in KEPT)
    if strange:
        raise SettingsError("\n".join(f"{_named(name)}: cannot be set in {KEPT_FILE}" for name in strange))
    data = Path(sources.machine.get("data", Settings.model_fields["data"].default))
    kept = {name: str(data / value) if name in DRAWINGS else value for name, value in sources.kept.items()}
    try:
        settings = Settings.model_validate({**sources.presumed, **kept, **sources.machine})
    except ValidationError as error:
        raise SettingsError(_sentences(error, sources), _problems(error)) from None
    if settings.fail_at and not settings.testing:
        raise SettingsError(f"{PREFIX}FAIL_AT needs {PREFIX}TESTING=1.")
    if settings.ledger_url and settings.ledger_url == settings.database_url:
        raise SettingsError(f"{PREFIX}LEDGER_URL is {PREFIX}DATABASE_URL: restoring one would bring back the other.")
    if not settings.is_local and not settings.smtp_url:
        missing = Unusable(N_("is missing: a public base address needs a mail server"))
        raise SettingsError(f"{_named('smtp_url')} {missing}.", {"smtp_url": missing})
    settings._sources = sources
    return settings


def _named(name: str) -> str:
    return f"{PREFIX}{name.upper()}"


def _sentences(error: ValidationError, sources: Sources) -> str:
    lines = []
    for problem in error.errors():
        name = str(problem["loc"][0])
        where = f" (in {KEPT_FILE})" if name in sources.kept and name not in sources.machine else ""
        said = "there is no such setting" if problem["type"] == "extra_forbidden" else problem["msg"]
        lines.append(f"{_named(name)}: {said}{where}")
    return "\n".join(lines)


def _problems(error: ValidationError) -> dict[str, Unusable]:
    found = {}
    for problem in error.errors():
        cause = problem.get("ctx", {}).get("error")
        said = cause if isinstance(cause, Unusable) else Unusable(N_("cannot be used like this"))
        found[str(problem["loc"][0])] = said
    return found
