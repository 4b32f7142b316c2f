"""The frozen facts of a certificate: copied at issue, never updated. Page, file and pictures are drawn from them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

from certificates.number import show_number


@dataclass(frozen=True)
class Skill:
    name: str
    uri: str | None = None


@dataclass(frozen=True)
class Holder:
    """Both names in NFC, as the holder spells them. With the family's name first there is no blank between them.

    `name_language` is for Han, whose letters differ with the language.
    """

    first_name: str
    last_name: str
    family_first: bool = False
    name_language: str | None = None

    @property
    def full_name(self) -> str:
        if self.family_first:
            return self.last_name + self.first_name
        return " ".join(name for name in (self.first_name, self.last_name) if name)


@dataclass(frozen=True)
class Course:
    """`hours` of effort, `ects` points, `eqf` 1-8, `pass_mark` in percent or None for a course without an exam."""

    slug: str
    title: str
    certificate_title: str
    revision: int
    revision_sha256: str
    language: str
    hours: float | None = None
    ects: float | None = None
    level: str | None = None
    eqf: int | None = None
    summary: str = ""
    outcomes: tuple[str, ...] = ()
    skills: tuple[Skill, ...] = ()
    pass_mark: int | None = None


@dataclass(frozen=True)
class IssuedBy:
    """`url` is the installation's base address, `key_id` the key of the credential.

    `signature_path` and `logo_path` are SVG paths of lines, curves and arcs, filled in one colour. `panel_color` and
    `engraving_color`, such as ``#0c2f2d``, replace the house's colours when both are there.
    """

    name: str
    url: str
    signatory_name: str | None = None
    signatory_role: str | None = None
    signature_path: str | None = None
    key_id: str | None = None
    logo_path: str | None = None
    panel_color: str | None = None
    engraving_color: str | None = None


@dataclass(frozen=True)
class Certificate:
    """`issued_at` is aware and in UTC, whole seconds; `expires_on` the last valid UTC day; `number` 16 characters.

    `version_at` is the moment of a version after the first; the first is as old as the certificate.
    """

    number: str
    version: int
    issued_at: datetime
    expires_on: date | None
    design: str
    holder: Holder
    course: Course
    issuer: IssuedBy
    version_at: datetime | None = None

    def __post_init__(self) -> None:
        for moment in (self.issued_at, self.version_at):
            if moment is not None and moment.utcoffset() is None:
                raise ValueError("a moment of a certificate needs its time zone")

    @property
    def issued_on(self) -> date:
        return self.issued_at.astimezone(UTC).date()

    @property
    def present_since(self) -> datetime:
        """The moment of this version, in UTC and whole seconds: every date inside the document."""
        return (self.version_at or self.issued_at).astimezone(UTC).replace(microsecond=0)

    @property
    def address(self) -> str:
        """The public page."""
        return f"{self.issuer.url.rstrip('/')}/verify/{show_number(self.number)}"

    @property
    def identifier(self) -> str:
        """Number and version in one address: what the signed metadata carries."""
        return f"{self.address}#{self.version}"

    @property
    def short_address(self) -> str:
        """For the QR code: upper case is half the size there, but a path in the base address keeps its case."""
        address = f"{self.issuer.url.rstrip('/')}/V/{show_number(self.number)}"
        return address if urlsplit(self.issuer.url).path.strip("/") else address.upper()

    def record(self) -> dict[str, Any]:
        """Everything but the holder's names, as JSON types."""
        return {
            "number": self.number,
            "version": self.version,
            "issued_at": _show_moment(self.issued_at),
            "version_at": _show_moment(self.version_at) if self.version_at else None,
            "expires_on": self.expires_on.isoformat() if self.expires_on else None,
            "design": self.design,
            "holder": {"family_first": self.holder.family_first, "name_language": self.holder.name_language},
            "course": {
                **vars(self.course),
                "outcomes": list(self.course.outcomes),
                "skills": [dict(vars(skill)) for skill in self.course.skills],
            },
            "issuer": dict(vars(self.issuer)),
        }

    @classmethod
    def from_record(cls, record: dict[str, Any], first_name: str, last_name: str) -> "Certificate":
        """The certificate that `record()` was called on, given the names again."""
        course = record["course"]
        return cls(
            number=record["number"],
            version=record["version"],
            issued_at=datetime.fromisoformat(record["issued_at"]),
            version_at=datetime.fromisoformat(record["version_at"]) if record.get("version_at") else None,
            expires_on=date.fromisoformat(record["expires_on"]) if record["expires_on"] else None,
            design=record["design"],
            holder=Holder(first_name, last_name, **record["holder"]),
            course=Course(
                **{
                    **course,
                    "outcomes": tuple(course["outcomes"]),
                    "skills": tuple(Skill(**skill) for skill in course["skills"]),
                }
            ),
            issuer=IssuedBy(**record["issuer"]),
        )


def _show_moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
