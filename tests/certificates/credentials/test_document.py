"""The credential's form: the same for every certificate, with nothing in it that the certificate does not say."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from certificates import (
    Skill,
    credential_id,
    credential_json,
    identity_hash,
    make_salt,
    make_subject_id,
    unsignable,
)
from tests.certificates.badges import BASE, DID, INDEX, LIST, SALT, SUBJECT, ada, credential_of
from tests.certificates.conftest import ISSUED

MEMBERS = ["@context", "id", "type", "name", "image", "issuer", "validFrom", "awardedDate", "credentialSubject"]
MEMBERS += ["evidence", "credentialStatus"]
ASSURANCE = "Name as entered by the holder, e-mail address confirmed, identity not checked."


def test_adas_credential_has_the_published_form() -> None:
    document = credential_of(ada())
    assert list(document) == MEMBERS
    assert document["id"] == f"{BASE}/credentials/7KQ2-9FXD-M4TB-W8HC"
    assert document["name"] == "Secure design of web applications"
    assert document["image"] == {
        "id": f"{BASE}/verify/7KQ2-9FXD-M4TB-W8HC.svg",
        "type": "Image",
        "caption": "Badge: Secure design of web applications, Example University",
    }
    assert document["issuer"] == {"id": DID, "type": ["Profile"], "name": "Example University", "url": BASE}
    assert document["validFrom"] == document["awardedDate"] == "2026-11-14T09:30:00Z"
    assert document["evidence"] == [
        {
            "id": f"{BASE}/verify/7KQ2-9FXD-M4TB-W8HC",
            "type": ["Evidence"],
            "name": "Public page of this certificate",
        }
    ]
    assert document["credentialStatus"] == {
        "id": f"{LIST}#{INDEX}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(INDEX),
        "statusListCredential": LIST,
    }


def test_the_achievement_is_the_revision_of_the_course() -> None:
    assert credential_of(ada())["credentialSubject"]["achievement"] == {
        "id": f"{BASE}/courses/secure-design#revision-3",
        "type": ["Achievement"],
        "achievementType": "CertificateOfCompletion",
        "name": "Secure design of web applications",
        "description": "Find and remove weaknesses of a design before code is written.",
        "criteria": {
            "id": f"{BASE}/courses/secure-design",
            "narrative": "6 hours of lessons and an exam, passed with at least 70 %.\n\n"
            "* Draw the trust boundaries of a system\n* Rank threats and choose a measure for each\n\n" + ASSURANCE,
        },
        "inLanguage": "en",
        "version": "3",
        "tag": ["Threat modelling", "Least privilege"],
        "alignment": [
            {
                "type": ["Alignment"],
                "targetName": "Threat modelling",
                "targetUrl": "https://skills.example.org/threats",
            }
        ],
    }


def test_no_name_and_no_address_of_the_holder_is_in_the_credential() -> None:
    text = credential_json(credential_of(ada(), email="Ada.Lovelace@example.org"))
    assert not re.search("ada|lovelace", text, re.IGNORECASE)


def test_the_address_is_hashed_trimmed_and_in_lower_case_with_a_salt() -> None:
    subject = credential_of(ada(), email=" Ada@Example.org\n")["credentialSubject"]
    assert subject["id"] == SUBJECT
    assert subject["identifier"] == [
        {
            "type": "IdentityObject",
            "hashed": True,
            "identityType": "emailAddress",
            "salt": SALT,
            "identityHash": "sha256$" + hashlib.sha256(f"ada@example.org{SALT}".encode()).hexdigest(),
        }
    ]
    assert identity_hash("ada@example.org", SALT) != identity_hash("ada@example.org", SALT[::-1])


def test_salts_and_subjects_are_fresh_each_time() -> None:
    assert len({make_salt() for _ in range(100)}) == len({make_subject_id() for _ in range(100)}) == 100
    assert re.fullmatch("[0-9a-f]{32}", make_salt())
    assert re.fullmatch(
        "urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", make_subject_id()
    )


def test_a_second_version_has_an_id_of_its_own_and_the_day_of_the_first() -> None:
    second = replace(ada(version=2), version_at=ISSUED + timedelta(days=3))
    document = credential_of(second)
    assert document["id"] == credential_id(second) == f"{BASE}/credentials/7KQ2-9FXD-M4TB-W8HC#2"
    assert document["validFrom"] == "2026-11-14T09:30:00Z"
    assert document["evidence"][0]["id"] == f"{BASE}/verify/7KQ2-9FXD-M4TB-W8HC"


def test_an_end_is_the_last_second_of_the_last_day() -> None:
    document = credential_of(ada(expires_on=date(2028, 2, 29)))
    assert document["validUntil"] == "2028-02-29T23:59:59Z"
    assert list(document) == [*MEMBERS[:7], "validUntil", *MEMBERS[7:]]


def test_moments_are_in_utc_and_whole_seconds() -> None:
    hague = datetime(2026, 11, 14, 10, 30, 0, 999_999, tzinfo=timezone(timedelta(hours=1)))
    assert credential_of(replace(ada(), issued_at=hague))["validFrom"] == "2026-11-14T09:30:00Z"
    assert hague.astimezone(UTC).day == 14


@pytest.mark.parametrize(
    ("hours", "pass_mark", "says"),
    [
        (6.0, 70, "6 hours of lessons and an exam, passed with at least 70 %."),
        (1.0, 70, "1 hour of lessons and an exam, passed with at least 70 %."),
        (2.5, None, "2.5 hours of lessons."),
        (0.75, None, "45 minutes of lessons."),
        (None, 0, "An exam, passed with at least 0 %."),
        (None, None, "All lessons of the course."),
    ],
)
def test_the_criteria_say_what_was_asked(hours: float | None, pass_mark: int | None, says: str) -> None:
    certificate = ada(hours=hours, pass_mark=pass_mark, outcomes=())
    criteria = credential_of(certificate)["credentialSubject"]["achievement"]["criteria"]
    assert criteria["narrative"] == f"{says}\n\n{ASSURANCE}"


def test_the_words_come_from_the_catalogue_of_the_course() -> None:
    dutch = {
        "{count} hours": "{count} uur",
        "{length} of lessons.": "{length} aan lessen.",
        "language:en": "language:nl",
    }
    certificate = ada(hours=7.5, pass_mark=None)
    document = credential_of(certificate, translate=lambda text: dutch.get(text, text))
    assert document["credentialSubject"]["achievement"]["criteria"]["narrative"].startswith("7,5 uur aan lessen.\n\n*")


def test_a_course_without_skills_has_neither_tags_nor_alignment() -> None:
    achievement = credential_of(ada(skills=()))["credentialSubject"]["achievement"]
    assert not {"tag", "alignment"} & set(achievement)


def test_only_skills_with_an_address_are_aligned() -> None:
    achievement = credential_of(ada(skills=(Skill("Listening"),)))["credentialSubject"]["achievement"]
    assert achievement["tag"] == ["Listening"]
    assert "alignment" not in achievement


def test_a_course_without_a_summary_is_described_by_its_title() -> None:
    achievement = credential_of(ada(summary=""))["credentialSubject"]["achievement"]
    assert achievement["description"] == "Secure design of web applications"


def test_a_specimen_has_no_place_in_a_status_list() -> None:
    assert list(credential_of(ada(), status=None)) == MEMBERS[:-1]


def test_addresses_keep_the_path_of_the_installation() -> None:
    certificate = ada()
    below = replace(certificate, issuer=replace(certificate.issuer, url="https://example.org/learn/"))
    document = credential_of(below)
    assert document["id"] == "https://example.org/learn/credentials/7KQ2-9FXD-M4TB-W8HC"
    assert document["issuer"]["url"] == "https://example.org/learn"


def test_it_is_written_compactly_and_as_people_spell_it() -> None:
    text = credential_json(credential_of(ada(summary="Één – für alle")))
    assert "Één – für alle" in text
    assert '": ' not in text
    assert json.loads(text) == credential_of(ada(summary="Één – für alle"))


@pytest.mark.parametrize("text", ["a\x00", "\x08", "a\x0bb", "\x0c", "\x0e", "\x1f", "\x7f", "\ud800", "_:b0"])
def test_what_no_proof_can_cover_is_known_before_a_certificate_is_issued(text: str) -> None:
    assert unsignable(text)


@pytest.mark.parametrize("text", ["", "tab\tand\nline\rend", "Zoë", "a_:b", "\x80", "日本", "\U0001f393"])
def test_every_other_text_can_be_signed(text: str) -> None:
    assert not unsignable(text)
