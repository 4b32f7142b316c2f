"""Who issues, as every certificate of this installation says it from now on."""

from __future__ import annotations

from certificates import IssuedBy
from university.settings import Settings


def issued_by(settings: Settings) -> IssuedBy:
    """Name, address, signatory, logo and colours of the issuer; a certificate copies them for good."""
    panel, engraving = settings.certificate_colours or (None, None)
    return IssuedBy(
        name=settings.site_name,
        url=settings.base_url,
        signatory_name=settings.signatory_name or None,
        signatory_role=settings.signatory_role or None,
        signature_path=settings.signature_path,
        logo_path=settings.logo_path,
        panel_color=panel,
        engraving_color=engraving,
    )
