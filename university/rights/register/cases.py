"""Requests that a person has to look at."""

from __future__ import annotations

from university.language import marked
from university.rights.register.entries import ID, Entry, held

CASE = marked("your request: which kind, from when till when, how it ended")

CASES: tuple[Entry, ...] = (
    *held(
        ("asker", "case", "legal_duty", "case"),
        ("privacy_case.contact", "address", marked("e-mail address"), "cases[].contact"),
        ("privacy_case.certificate", "pointer", marked("number of the certificate"), "cases[].certificate"),
        ("privacy_case.language", "about", marked("language of your mails"), "cases[].language"),
        ("privacy_case.person_id", "pointer", ID, ""),
        erase="reduce",
    ),
    *held(
        ("asker", "account", "legal_duty", "two_years"),
        ("privacy_case.id", "pointer", ID, ""),
        ("privacy_case.number", "pointer", CASE, "cases[].number"),
        ("privacy_case.kind", "about", CASE, "cases[].kind"),
        ("privacy_case.opened_at", "about", CASE, "cases[].opened_at"),
        ("privacy_case.due_on", "about", CASE, "cases[].due_on"),
        ("privacy_case.closed_at", "about", CASE, "cases[].closed_at"),
        ("privacy_case.outcome", "about", CASE, "cases[].outcome"),
        erase="keep",
    ),
    Entry("privacy_case.proposed"),
    Entry("privacy_case.first_staff_id"),
    Entry("privacy_case.second_staff_id"),
)
