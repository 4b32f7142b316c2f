"""Mail, links and visits."""

from __future__ import annotations

from university.language import marked
from university.rights.register.entries import (
    COME_BACK,
    ID,
    LETTERS,
    LINKS,
    MAILS,
    TOPICS_WANTED,
    VISITS,
    Entry,
    held,
)

DELIVERY = ("holder", "mail", "contract", "mail")
LINK = ("claimant", "my_data", "legal_duty", "token")
TOPIC = ("subscriber", "topics", "consent", "consent")
SIGN_UP = ("subscriber", "confirmation", "consent", "claim")
VISIT = ("holder", "my_data", "legal_duty", "portal_session")

MAIL: tuple[Entry, ...] = (
    *held(
        DELIVERY,
        ("outbox.id", "pointer", ID, ""),
        ("outbox.person_id", "pointer", ID, ""),
        ("outbox.claim_id", "pointer", ID, ""),
        ("outbox.award_id", "pointer", ID, ""),
        ("outbox.sign_up_id", "pointer", ID, ""),
        ("outbox.campaign_id", "pointer", ID, ""),
        ("outbox.kind", "about", MAILS, "mails[].kind"),
        ("outbox.language", "about", MAILS, "mails[].language"),
        ("outbox.created_at", "about", MAILS, "mails[].created_at"),
        ("outbox.next_try_at", "about", MAILS, "mails[].next_try_at"),
        ("outbox.leased_until", "about", MAILS, ""),
        ("outbox.tries", "about", MAILS, "mails[].tries"),
        ("outbox.sent_at", "about", MAILS, "mails[].sent_at"),
        ("outbox.parked_at", "about", MAILS, "mails[].given_up_at"),
        ("outbox.last_error", "about", MAILS, "mails[].last_error"),
        ("local_mail.id", "pointer", ID, ""),
        ("local_mail.recipient", "address", marked("e-mail address"), "holder.email"),
        ("local_mail.received_at", "about", MAILS, "local_mailbox[].received_at"),
        ("local_mail.message", "name", LETTERS, "local_mailbox[].message"),
    ),
    *held(
        ("visitor", "answer", "legal_duty", "until_sent"),
        ("outbox.address", "address", marked("e-mail address"), "mails[].address"),
    ),
    *held(
        TOPIC,
        ("consent.id", "pointer", ID, ""),
        ("consent.person_id", "pointer", ID, ""),
        ("consent.topic", "about", TOPICS_WANTED, "consents[].topic"),
        ("consent.wording_version", "about", TOPICS_WANTED, "consents[].wording_version"),
        ("consent.wording_sha256", "about", TOPICS_WANTED, "consents[].wording_sha256"),
        ("consent.statement_sha256", "about", TOPICS_WANTED, "consents[].statement_sha256"),
        ("consent.language", "about", TOPICS_WANTED, "consents[].language"),
        ("consent.given_at", "about", TOPICS_WANTED, "consents[].given_at"),
        ("consent.method", "about", TOPICS_WANTED, "consents[].method"),
        ("consent.confirmed_at", "about", TOPICS_WANTED, "consents[].confirmed_at"),
        ("consent.withdrawn_at", "about", TOPICS_WANTED, "consents[].withdrawn_at"),
        ("consent.withdrawn_through", "about", TOPICS_WANTED, "consents[].withdrawn_through"),
    ),
    *held(
        SIGN_UP,
        ("sign_up.id", "pointer", ID, ""),
        ("sign_up.email", "address", marked("e-mail address"), "sign_ups[].email"),
        ("sign_up.language", "about", marked("language of your mails"), "sign_ups[].language"),
        ("sign_up.wishes", "about", TOPICS_WANTED, "sign_ups[].wishes"),
        ("sign_up.created_at", "about", marked("when you asked"), "sign_ups[].created_at"),
        ("sign_up.expires_at", "about", marked("when you asked"), "sign_ups[].expires_at"),
    ),
    *held(
        ("holder", "deliverability", "legitimate_interest", "month"),
        ("bounce.id", "pointer", ID, ""),
        ("bounce.person_id", "pointer", ID, ""),
        ("bounce.kind", "about", COME_BACK, "bounces[].kind"),
        ("bounce.code", "about", COME_BACK, "bounces[].code"),
        ("bounce.received_at", "about", COME_BACK, "bounces[].received_at"),
    ),
    *held(
        LINK,
        ("token.sha256", "pointer", LINKS, ""),
        ("token.claim_id", "pointer", ID, ""),
        ("token.sign_up_id", "pointer", ID, ""),
        ("token.person_id", "pointer", ID, ""),
        ("token.purpose", "about", LINKS, "links[].purpose"),
        ("token.created_at", "about", LINKS, "links[].created_at"),
        ("token.expires_at", "about", LINKS, "links[].expires_at"),
        ("token.used_at", "about", LINKS, "links[].used_at"),
    ),
    *held(
        VISIT,
        ("portal_session.secret_sha256", "pointer", VISITS, ""),
        ("portal_session.person_id", "pointer", ID, ""),
        ("portal_session.claim_id", "pointer", ID, ""),
        ("portal_session.sign_up_id", "pointer", ID, ""),
        ("portal_session.created_at", "about", VISITS, "visits[].opened_at"),
        ("portal_session.last_seen_at", "about", VISITS, "visits[].last_seen_at"),
    ),
    *held(
        ("visitor", "floods", "legitimate_interest", "day"),
        ("rate_limit.key", "pointer", marked("a count per network or address, under a scrambled code"), ""),
        ("rate_limit.arrival", "about", marked("a count per network or address, under a scrambled code"), ""),
        erase="expire",
    ),
)
