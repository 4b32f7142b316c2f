"""The receipt in words: one list of facts, for the page that shows it and for the paper that is drawn from it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from certificates import Attachment, Fact, Paper, paper_pdf
from university.awarding.issuing import issued_by
from university.language import current_language, format_moment, gettext as _
from university.settings import Settings

AUTHORITY = "Autoriteit Persoonsgegevens"


def facts_of(said: dict[str, Any]) -> tuple[Fact, ...]:
    """What a receipt states, in the language spoken now."""
    return (
        Fact(_("Receipt"), said["id"]),
        Fact(_("Deleted"), format_moment(said["erased_at"])),
        Fact(_("Certificates withdrawn"), str(said["certificates_withdrawn"])),
        Fact(
            _("Records deleted"),
            str(sum(said["deleted"].values())),
            _("certificates, claims, progress, attempts, mails, links and visits"),
        ),
        Fact(_("Gone from backups"), format_moment(said["backups_gone_on"]), _("at the latest")),
        Fact(_("Rights ledger"), _("Record %(seq)s") % {"seq": said["ledger"]["seq"]}, said["ledger"]["sha256"]),
        Fact(_("Deleted by"), said["by"], said["iss"]),
    )


def receipt_paper(receipt: str, said: dict[str, Any], settings: Settings) -> bytes:
    """The receipt as a PDF with the signed text inside. The same bytes for the same receipt and language."""
    address = f"{said['iss'].rstrip('/')}/privacy/receipt/{said['id']}"
    paper = Paper(
        kind=_("Receipt of a deletion"),
        title=_("Everything is deleted"),
        lede=_("We deleted the data of the person who has this receipt. We no longer know who that is."),
        facts=facts_of(said),
        notes=(
            _("The signed receipt is a file inside of this document. It proves that the deletion took place.")
            + " "
            + _("It does not hold your name or your address."),
            " ".join(
                (_("Not satisfied? You can complain to the data protection authority:"), AUTHORITY, said["complaint"])
            ),
        ),
        address=address,
        address_label=_("Later you can see here that the backups are gone as well:"),
        described=_("The page of this receipt: %(address)s") % {"address": address},
        at=datetime.fromisoformat(said["erased_at"]).replace(microsecond=0),
        language=current_language(),
        issuer=issued_by(settings),
        proof=Attachment("receipt.jws", "application/jose", receipt.encode(), _("The signed receipt")),
    )
    return paper_pdf(paper)
