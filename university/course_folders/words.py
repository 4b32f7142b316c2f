"""The few words that rendered course texts bring along, in the language of the course."""

from dataclasses import dataclass


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


WORDS = {
    "en": Words("Note", "Tip", "Important", "Warning", "Caution", "Table", "Done", "To do"),
    "nl": Words("Opmerking", "Tip", "Belangrijk", "Waarschuwing", "Voorzichtig", "Tabel", "Gedaan", "Te doen"),
    "de": Words("Hinweis", "Tipp", "Wichtig", "Warnung", "Vorsicht", "Tabelle", "Erledigt", "Offen"),
    "fr": Words("Remarque", "Astuce", "Important", "Avertissement", "Attention", "Tableau", "Fait", "À faire"),
    "es": Words("Nota", "Consejo", "Importante", "Advertencia", "Precaución", "Tabla", "Hecho", "Pendiente"),
}


def words_in(language: str) -> Words:
    """The words of this language, or English ones for a language we do not speak."""
    return WORDS.get(language.split("-")[0].lower(), WORDS["en"])
