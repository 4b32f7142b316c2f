"""What other sites are given of a certificate: pictures, a link to add it to a profile, data for search engines."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

from markupsafe import Markup

from certificates import Card, Certificate, badge, bake, share_image
from university.awarding.awards import Standing, Word
from university.language import catalogue, current_language, primary
from university.serving.json_ld import as_script
from university.serving.moulds import hole
from university.settings import Settings

PROFILE = "https://www.linkedin.com/profile/add?startTask=CERTIFICATION_NAME"


def picture(found: Standing, settings: Settings) -> bytes:
    """The share image, PNG: with the name while that may be shown, neutral once the certificate counts no more."""
    return share_image(_card(found, settings), _translate(found))


def badge_file(found: Standing, credential: str | None, settings: Settings) -> str:
    """The badge, SVG: with its credential inside as long as the certificate holds or has expired."""
    svg = badge(_card(found, settings), _translate(found))
    return bake(svg, credential) if credential and found.certificate else svg


def profile_link(title: str, organisation: str, base_url: str, ends: bool) -> str:
    """Opens a filled-in form on a profile site. With holes for the days and the number; months from 1 to 12."""
    known = urlencode({"name": title, "organizationName": organisation}, quote_via=quote)
    days = f"&issueYear={hole('issue_year')}&issueMonth={hole('issue_month')}"
    if ends:
        days += f"&expirationYear={hole('last_year')}&expirationMonth={hole('last_month')}"
    address = quote(f"{base_url}/verify/", safe="") + hole("number")
    return f"{PROFILE}&{known}{days}&certUrl={address}&certId={hole('number')}"


def profile_days(certificate: Certificate) -> dict[str, str]:
    """What goes into those holes."""
    return {**_year_and_month("issue", certificate.issued_on), **_year_and_month("last", certificate.expires_on)}


def embed_snippet(page: str, title: str, organisation: str) -> str:
    """HTML for any site: a linked picture that shows how the certificate stands. No script, no frame."""
    described = Markup("{}").format(f"{title}, {organisation}")
    picture_of = f'<img src="{page}.svg" width="160" height="160" alt="{described}">'
    return f'<a href="{page}">{picture_of}</a>'


def linked_data(certificate: Certificate, page: str, issued_on: str, last_day: str | None) -> Markup:
    """JSON-LD (schema.org, EducationalOccupationalCredential): what was learned, by whom recognised. No name."""
    course, issuer = certificate.course, certificate.issuer
    document: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "EducationalOccupationalCredential",
        "@id": page,
        "name": course.certificate_title,
        "description": course.summary or course.certificate_title,
        "credentialCategory": "certificate",
        "dateCreated": issued_on,
        "expires": last_day,
        "educationalLevel": course.level,
        "competencyRequired": [skill.name for skill in course.skills] or None,
        "recognizedBy": {"@type": "Organization", "name": issuer.name, "url": issuer.url},
        "about": {"@type": "Course", "name": course.title, "url": f"{issuer.url.rstrip('/')}/courses/{course.slug}"},
    }
    return as_script(document)


def _card(found: Standing, settings: Settings) -> Card:
    certificate = found.certificate or found.nameless
    if certificate:
        is_over = found.word is Word.EXPIRED
        return Card.of(certificate, "expired" if is_over else "valid", shows_name=not found.is_hidden)
    return Card(
        "revoked" if found.word is Word.REVOKED else "withdrawn",
        found.number or "",
        settings.site_name,
        settings.base_url,
    )


def _translate(found: Standing) -> Any:
    """The words of the course's language; the visitor's where nothing is left of the course."""
    language = found.record["course"]["language"] if found.nameless and found.record else current_language()
    return catalogue(primary(language)).gettext


def _year_and_month(name: str, day: date | None) -> dict[str, str]:
    return {f"{name}_year": str(day.year) if day else "", f"{name}_month": str(day.month) if day else ""}
