"""Everything that differs between machines, read once from the environment.

Every setting is an environment variable ``UNIVERSITY_NAME`` or a line in a ``.env`` file beside the
program; the environment wins. An unknown, missing or malformed one stops the start and is named.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import SplitResult, parse_qs, urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from certificates import READABLE, UnusableDrawing, contrast, is_color, read_drawing

PREFIX = "UNIVERSITY_"
# The darkest ground of a light page.
LIGHT_GROUND = "#f3f4f0"
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class SettingsError(Exception):
    """The environment cannot be used; the message names each setting and what is wrong with it."""


def _listed(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


class Settings(BaseModel):
    """One installation. Field names are the variable names in lower case, without the prefix."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_url: str = Field(
        "http://127.0.0.1:8000",
        description="The public address; the only source of links in pages, mails and QR codes.",
    )
    data: Path = Field(Path("data"), description="Folder of the database, keys, rights ledger and backups.")
    ledger_copy: str = Field(
        "", description="Second place of the rights ledger: a folder, or s3://bucket/prefix?endpoint=…&region=…"
    )
    backup_copy: str = Field(
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
    smtp_url: str = Field(
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
    tsa_url: str = Field(
        "", description="Time-stamping authority (RFC 3161), http or https; every new certificate then gets a stamp."
    )
    accent: str = Field("", description="The colour of links and buttons, as #0b6048; empty means our green.")
    logo: Path | None = Field(None, description="SVG file of the organisation's logo in one colour, as paths.")
    certificate_colours: Annotated[tuple[str, ...], BeforeValidator(_listed)] = Field(
        (), description="Panel of the certificate and the engraving on it, as #0c2f2d,#cfae74."
    )
    signature: Path | None = Field(None, description="SVG file of the signatory's signature in one colour, as paths.")
    signatory_name: str = Field("", description="Person who signs certificates; empty leaves the line out.")
    signatory_role: str = Field("", description="Role of the signatory.")

    @field_validator("base_url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("must be an http or https address such as https://learn.example.org")
        if parts.scheme == "http" and parts.hostname not in LOOPBACK_NAMES:
            raise ValueError("must be https; http is for 127.0.0.1 and localhost only")
        return value.rstrip("/")

    @field_validator("smtp_url")
    @classmethod
    def _is_a_mail_server(cls, value: str) -> str:
        if value and (urlsplit(value).scheme not in {"smtp", "smtps"} or not urlsplit(value).hostname):
            raise ValueError("must look like smtp://user:password@mail.example.org:587")
        return value

    @field_validator("tsa_url")
    @classmethod
    def _is_a_time_stamping_authority(cls, value: str) -> str:
        if value and (urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).hostname):
            raise ValueError("must be an http or https address such as http://timestamp.example.org")
        return value

    @field_validator("accent")
    @classmethod
    def _is_readable_on_the_page(cls, value: str) -> str:
        colour = value.lower()
        if colour and not is_color(colour):
            raise ValueError("must be a colour such as #0b6048")
        if colour and contrast(colour, LIGHT_GROUND) < READABLE:
            found = f"{contrast(colour, LIGHT_GROUND):.1f}"
            raise ValueError(f"the contrast with the page is {found} and text needs {READABLE}: choose a darker colour")
        return colour

    @field_validator("logo", "signature")
    @classmethod
    def _is_a_drawing(cls, value: Path | None) -> Path | None:
        if value is not None:
            _drawing(value)
        return value

    @field_validator("certificate_colours")
    @classmethod
    def _are_two_readable_colours(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        colours = tuple(colour.lower() for colour in value)
        if colours and (len(colours) != 2 or not all(map(is_color, colours))):
            raise ValueError("must be two colours such as #0c2f2d,#cfae74")
        if colours and contrast(*colours) < READABLE:
            raise ValueError(f"the contrast is {contrast(*colours):.1f}; the engraving needs {READABLE} to be read")
        return colours

    @property
    def logo_path(self) -> str | None:
        """The logo as one SVG path."""
        return _drawing(self.logo) if self.logo else None

    @property
    def signature_path(self) -> str | None:
        return _drawing(self.signature) if self.signature else None

    @field_validator("ledger_copy", "backup_copy")
    @classmethod
    def _is_a_place(cls, value: str) -> str:
        parts = urlsplit(value)
        endpoint = parse_qs(parts.query).get("endpoint", ["https://"])[-1]
        if "://" in value and (parts.scheme != "s3" or not parts.netloc or "://" not in endpoint):
            raise ValueError("must be a folder, or look like s3://bucket/prefix?endpoint=https://s3.example.org")
        return value

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
    def sender(self) -> str:
        return self.mail_from or self.organisation_email

    @property
    def bounce_address(self) -> str:
        """Where mail comes back, and where a mail program writes to end a topic."""
        return self.bounces_to or self.sender

    def cookie_name(self, letter: str) -> str:
        """``__Host-e`` on https; on a loopback http address browsers refuse the prefix, so ``e``."""
        return f"__Host-{letter}" if self.is_https else letter

    def link(self, path: str) -> str:
        """The full public address of one of our paths; the path begins with a slash."""
        return self.base_url + path


def read_settings(environment: Mapping[str, str] | None = None, **given: Any) -> Settings:
    """Settings from the environment and ``.env``; `given` (command line options) wins over both.

    Raises SettingsError that names every unknown or unusable setting at once.
    """
    found = environment if environment is not None else {**_dotenv(Path(".env")), **os.environ}
    values = {name.removeprefix(PREFIX).lower(): value for name, value in found.items() if name.startswith(PREFIX)}
    values.update({name: value for name, value in given.items() if value is not None})
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        raise SettingsError(_sentences(error)) from None
    if settings.fail_at and not settings.testing:
        raise SettingsError(f"{PREFIX}FAIL_AT needs {PREFIX}TESTING=1.")
    if not settings.is_local and not settings.smtp_url:
        raise SettingsError(f"{PREFIX}SMTP_URL is missing: a public base address needs a mail server.")
    return settings


@lru_cache(maxsize=8)
def _drawing(path: Path) -> str:
    """Read once, like the settings themselves. ValueError, and so a refused setting, if it is no drawing."""
    try:
        return read_drawing(path.read_bytes())
    except OSError:
        raise ValueError(f"{path} cannot be read") from None
    except UnusableDrawing as reason:
        raise ValueError(f"{path} cannot be used: {reason}") from None


def _dotenv(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name.strip(): value.strip().strip("\"'") for name, _, value in pairs}


def _sentences(error: ValidationError) -> str:
    return "\n".join(
        f"{PREFIX}{str(problem['loc'][0]).upper()}: "
        + ("there is no such setting" if problem["type"] == "extra_forbidden" else problem["msg"])
        for problem in error.errors()
    )
