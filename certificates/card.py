"""What the pictures for other sites say of a certificate: as much as its standing allows, and a name only if it may."""

from dataclasses import dataclass
from typing import Literal

from certificates.certificate import Certificate

CardWord = Literal["valid", "expired", "revoked", "withdrawn"]


@dataclass(frozen=True)
class Card:
    """`certificate` is there while it holds or has expired; without it pictures are neutral: issuer and number."""

    word: CardWord
    number: str
    issuer_name: str
    issuer_url: str
    certificate: Certificate | None = None
    shows_name: bool = True

    @classmethod
    def of(cls, certificate: Certificate, word: CardWord = "valid", shows_name: bool = True) -> "Card":
        issuer = certificate.issuer
        return cls(word, certificate.number, issuer.name, issuer.url, certificate, shows_name)
