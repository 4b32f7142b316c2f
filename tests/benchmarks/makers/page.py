"""What every maker sets: the same words and code, and an ornament of the same kind."""

from __future__ import annotations

import io
from functools import cache
from math import cos, pi, sin
from pathlib import Path
from typing import Any

import qrcode
from qrcode.image.svg import SvgPathFillImage

from certificates import Certificate, show_number

FONTS = Path(__file__).parents[3] / "certificates" / "artwork" / "fonts"
SANS, SERIF = FONTS / "inter" / "Inter_400Regular.ttf", FONTS / "noto-serif-display" / "NotoSerifDisplay_300Light.ttf"
POINTS = 260  # so that the ornament weighs in their files what it weighs in ours
ROSETTES = ((262, 58, 36, 8), (176, 50, 30, 8), (109, 25, 36, 8), (65, 9, 40, 6))


def words_of(certificate: Certificate) -> dict[str, Any]:
    course = certificate.course
    return {
        "name": certificate.holder.full_name,
        "title": course.certificate_title,
        "kind": "Certificate of completion",
        "issuer": certificate.issuer.name,
        "outcomes": list(course.outcomes[:6]),
        "facts": [certificate.issued_on.isoformat(), f"{course.hours} hours", "passed", course.level or ""],
        "skills": [skill.name for skill in course.skills],
        "signatory": f"{certificate.issuer.signatory_name}, {certificate.issuer.signatory_role}",
        "assurance": "Name as entered, e-mail address confirmed, identity not checked.",
        "address": f"https://learn.example.org/V/{show_number(certificate.number)}",
    }


def code_of(address: str) -> str:
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_Q, border=4, mask_pattern=3)
    code.add_data(address.upper())
    drawn = io.BytesIO()
    code.make_image(SvgPathFillImage).save(drawn)
    return drawn.getvalue().decode()


@cache
def ornament() -> str:
    """Four rosettes of waves around a circle, each several times, turned."""
    lines = []
    for radius, swing, waves, copies in ROSETTES:
        for copy in range(copies):
            angles = [2 * pi * step / POINTS for step in range(POINTS + 1)]
            reaches = [radius + swing * sin(waves * angle + 2 * pi * copy / copies) for angle in angles]
            points = " ".join(
                f"{124 + reach * cos(angle):.1f},{211 + reach * sin(angle):.1f}"
                for reach, angle in zip(reaches, angles, strict=True)
            )
            lines.append(f'<polyline points="{points}" fill="none" stroke="#cfae74" stroke-width=".35"/>')
    size = 'width="229.89" height="595.28"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 229.89 595.28">{"".join(lines)}</svg>'
