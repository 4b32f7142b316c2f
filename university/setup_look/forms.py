"""Colours and drawings as they are typed and uploaded, and the settings they make."""

from __future__ import annotations

from pathlib import Path

from certificates import UnusableDrawing
from university.language import gettext as _
from university.serving.forms import Fields, Form
from university.serving.house_style import OUR_ACCENT
from university.setting_up import kept_settings
from university.setting_up.setup_pages import Line
from university.settings import Settings
from university.settings_file import DRAWINGS

OUR_COLOURS = ("#0c2f2d", "#cfae74")


class LookForm(Fields):
    """`logo` and `signature` are names of uploaded drawings, or empty: none."""

    accent: Line
    panel: Line
    engraving: Line
    logo: Line
    signature: Line

    def settings(self) -> dict[str, str | None]:
        colours = (self.panel.lower(), self.engraving.lower())
        return {
            "accent": self.accent if self.accent.lower() != OUR_ACCENT else None,
            "certificate_colours": ",".join(colours) if colours != OUR_COLOURS else None,
            "logo": self.logo or None,
            "signature": self.signature or None,
        }


def fields_of(settings: Settings) -> dict[str, str]:
    """What the form shows of these settings."""
    panel, engraving = settings.certificate_colours or OUR_COLOURS
    drawings = {name: settings.sources.kept.get(name, "") for name in DRAWINGS}
    return {"accent": settings.accent or OUR_ACCENT, "panel": panel, "engraving": engraving, **drawings}


def typed_in(data: Path, form: Form) -> tuple[dict[str, str], dict[str, str]]:
    """What the form shows again, and what is wrong with its files. An uploaded drawing is kept at once under the hash
    of its content: no browser gives a chosen file back."""
    values, errors = form.values(LookForm), {}
    for name in sorted(DRAWINGS):
        content = form.files.get(f"{name}_file", b"")
        if form.one(f"{name}_none") or not kept_settings.is_drawing(data, values[name]):
            values[name] = ""
        if content:
            try:
                values[name] = kept_settings.keep_drawing(data, content)
            except UnusableDrawing as reason:
                errors[f"{name}_file"] = _("This drawing cannot be used: %(reason)s") % {"reason": reason}
    return values, errors
