"""What search engines are told of a course (schema.org, Course)."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from university.revisions.published import Published
from university.serving.json_ld import as_script
from university.settings import Settings


def linked_data(course: Published, settings: Settings) -> Markup:
    page, address = course.page, settings.link(course.address)
    workload = _duration(course)
    return as_script(
        {
            "@context": "https://schema.org",
            "@type": "Course",
            "@id": address,
            "url": address,
            "name": course.title,
            "description": course.summary,
            "image": settings.link(f"{course.address}.png"),
            "provider": {"@type": "Organization", "name": settings.site_name, "url": settings.base_url},
            "inLanguage": course.language,
            "educationalLevel": page["level"],
            "teaches": list(page["outcomes"]),
            "about": [skill["name"] for skill in page["skills"]],
            "coursePrerequisites": list(page["prerequisites"]),
            "timeRequired": workload,
            "isAccessibleForFree": True,
            "offers": {"@type": "Offer", "category": "Free", "price": 0, "priceCurrency": "EUR"},
            "hasCourseInstance": {"@type": "CourseInstance", "courseMode": "Online", "courseWorkload": workload},
            "educationalCredentialAwarded": _credential(course),
        }
    )


def _duration(course: Published) -> str:
    """ISO 8601, in whole minutes."""
    hours, minutes = divmod(round(float(course.page["hours"]) * 60), 60)
    return "PT" + (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes or not hours else "")


def _credential(course: Published) -> dict[str, Any] | None:
    certificate = course.page["certificate"]
    if not certificate["enabled"]:
        return None
    name = certificate["title"] or course.title
    return {"@type": "EducationalOccupationalCredential", "name": name, "credentialCategory": "certificate"}
