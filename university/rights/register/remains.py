"""What stays when a person is gone, and leads to nobody."""

from __future__ import annotations

from university.language import marked
from university.rights.register.entries import (
    Entry,
    held,
    plain,
)

REMAINS: tuple[Entry, ...] = (
    *held(
        ("holder", "withdrawn", "legitimate_interest", "for_good"),
        ("tombstone.number_sha256", "pointer", marked("a code made from the number of the certificate"), ""),
        ("tombstone.withdrawn_on", "about", marked("the day it was withdrawn"), ""),
        erase="keep",
    ),
    *held(
        ("holder", "account", "legal_duty", "two_years"),
        ("audit_entry.object_ref", "pointer", marked("what was done and when, under a random identifier"), ""),
        ("audit_entry.request_id", "pointer", marked("what was done and when, under a random identifier"), ""),
        ("receipt.id", "pointer", marked("number and dates of the receipt of your deletion"), ""),
        ("receipt.erased_on", "about", marked("number and dates of the receipt of your deletion"), ""),
        ("receipt.backups_gone_on", "about", marked("number and dates of the receipt of your deletion"), ""),
        erase="keep",
    ),
    *held(
        ("holder", "backups", "legal_duty", "month"),
        (
            "file:ledger/ledger.jsonl",
            "pointer",
            marked("that you decided about your data, under a random identifier"),
            "",
        ),
        erase="expire",
    ),
    *held(
        ("holder", "backups", "legal_duty", "month"),
        (
            "file:ledger/names/*",
            "name",
            marked("a corrected name, sealed so that only a restored backup can be put right"),
            "",
        ),
    ),
    *held(
        ("visitor", "never_mail", "consent", "until_undone"),
        ("suppression.address_hmac", "pointer", marked("if you asked for it: your address as a keyed hash"), ""),
        ("suppression.asked_on", "about", marked("the day you asked never to be mailed again"), ""),
        erase="keep",
    ),
    *plain("audit_entry", "seq at actor action object_kind outcome previous hash"),
    *plain("ledger_applied", "seq applied_at"),
    *plain("attestation", "day statement"),
    *plain("job_run", "name succeeded_at failed_at failures fault"),
)
