"""The few words that rendered course texts bring along, in the language of the course."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass


def N_(message: str) -> str:
    """Marks a word for the catalogue of the pages."""
    return message


@dataclass(frozen=True)
class Words:
    note: str
    tip: str
    important: str
    warning: str
    caution: str
    table: str
    done: str
    to_do: str


ENGLISH = Words(
    note=N_("Note"),
    tip=N_("Tip"),
    important=N_("Important"),
    warning=N_("Warning"),
    caution=N_("Caution"),
    table=N_("Table"),
    done=N_("Done"),
    to_do=N_("To do"),
)
# Of languages in which courses are written though no page need speak them. A catalogue of the pages comes first.
OTHERS = {
    "de": Words("Hinweis", "Tipp", "Wichtig", "Warnung", "Vorsicht", "Tabelle", "Erledigt", "Offen"),
    "fr": Words("Remarque", "Astuce", "Important", "Avertissement", "Attention", "Tableau", "Fait", "À faire"),
    "es": Words("Nota", "Consejo", "Importante", "Advertencia", "Precaución", "Tabla", "Hecho", "Pendiente"),
}


def words_in(language: str, translate: Callable[[str], str] = str) -> Words:
    """The words as `translate`, the catalogue of this language, has them; English ones for a language nobody knows."""
    words = Words(**{name: translate(word) for name, word in asdict(ENGLISH).items()})
    return words if words != ENGLISH else OTHERS.get(language.split("-")[0].lower(), ENGLISH)
