"""The words beside each box, by version: what somebody agreed to can be read again for as long as the proof is kept.

A version that anybody has agreed to is never changed: new words are a new version, and the old ones stay here.
New words ask nobody again and subscribe nobody again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from university.language import DEFAULT, current_language
from university.models import TOPICS


@dataclass(frozen=True)
class Wording:
    """One box in one language. `introduction` stands once above all boxes, and belongs to each of them."""

    version: str
    language: str
    topic: str
    introduction: str
    label: str
    note: str

    @property
    def text(self) -> str:
        return f"{self.introduction}\n{self.label}\n{self.note}\n"

    @property
    def sha256(self) -> str:
        """Of the UTF-8 text: introduction, label and note, each on its line."""
        return hashlib.sha256(self.text.encode()).hexdigest()


# version → language → introduction, and topic → label, note.
WORDINGS: dict[str, dict[str, tuple[str, dict[str, tuple[str, str]]]]] = {
    "2026-11": {
        "en": (
            "Nothing here is needed for a certificate. Tick only what you want to receive by mail, "
            "and only if you are 16 or older. Each topic stops with one click, at any time.",
            {
                "product_updates": ("Product updates", "New courses, and what is new on this site."),
                "subprocessor_changes": (
                    "Changes of sub-processors",
                    "When another company starts or stops handling personal data for us.",
                ),
                "status_updates": ("Status updates", "Planned maintenance and serious disturbances."),
                "newsletter": ("Newsletter", "News and background about our work."),
            },
        ),
        "nl": (
            "Voor een certificaat is dit niet nodig. Vink alleen aan wat je per mail wilt ontvangen, "
            "en alleen als je 16 of ouder bent. Elk onderwerp stopt met één klik, wanneer je maar wilt.",
            {
                "product_updates": ("Productupdates", "Nieuwe cursussen, en wat er nieuw is op deze site."),
                "subprocessor_changes": (
                    "Wijzigingen van subverwerkers",
                    "Als een ander bedrijf persoonsgegevens voor ons gaat verwerken of daarmee stopt.",
                ),
                "status_updates": ("Statusupdates", "Gepland onderhoud en ernstige storingen."),
                "newsletter": ("Nieuwsbrief", "Nieuws en achtergronden over ons werk."),
            },
        ),
    },
}
PRESENT = "2026-11"


def wording(topic: str, language: str = "", version: str = PRESENT) -> Wording:
    """The words of one box; in the language of this visit unless told. KeyError for what was never shown."""
    spoken = WORDINGS[version]
    code = language or current_language()
    code = code if code in spoken else DEFAULT
    introduction, boxes = spoken[code]
    return Wording(version, code, topic, introduction, *boxes[topic])


def boxes() -> list[Wording]:
    """The four boxes of a form, in the language of this visit."""
    return [wording(topic) for topic in TOPICS]


def label(topic: str) -> str:
    """What a topic is called, in the language of this visit."""
    return wording(topic).label
