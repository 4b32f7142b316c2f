"""Why we hold what we hold, about whom, on which ground and for how long: the words of the register, for people."""

from __future__ import annotations

from university.language import marked

SUBJECTS = {
    "holder": marked("People with a certificate"),
    "claimant": marked("People who ask for a certificate"),
    "learner": marked("People who take a course, without a name"),
    "asker": marked("People who ask us something about their data"),
    "visitor": marked("Visitors"),
    "staff": marked("People who work here and sign in"),
    "subscriber": marked("People who want mail on a topic"),
}
PURPOSES = {
    "certificate": marked("To make your certificate and to let others check it"),
    "confirmation": marked("To make sure that the address is yours before anything is issued"),
    "mail": marked("To send you the mails that belong to your certificate, in your language"),
    "topics": marked("To send you the topics you asked for, and to be able to show that you did"),
    "deliverability": marked("To stop writing on topics to a mailbox that is not there or does not want it"),
    "never_mail": marked("To keep the promise never to mail you again"),
    "answer": marked("To answer whoever asks what we hold about an address"),
    "learning": marked("To remember how far you are and to mark your exams"),
    "my_data": marked("To let you, and only you, see and delete your data"),
    "case": marked("To answer a request about your data"),
    "floods": marked("To keep the service usable when somebody floods it"),
    "account": marked("To be able to show what was done, without knowing any more to whom"),
    "withdrawn": marked("To say “withdrawn” to whoever checks the certificate of somebody who is gone"),
    "backups": marked("To keep a restored backup from bringing somebody back"),
    "statistics": marked("To respect your choice about statistics: a number per page and day, only if you agreed"),
    "language": marked("To show the pages in the language you chose"),
    "staff_account": marked("To let the people who work here sign in safely"),
}
BASES = {
    "contract": marked("Needed for what you ask us to do"),
    "consent": marked("Your consent, which you can withdraw at any time"),
    "legitimate_interest": marked("Our legitimate interest in a service that works and can be trusted"),
    "legal_duty": marked("Our legal duty to honour your rights and to be able to show it"),
}
KEEPS = {
    "until_erased": marked("Until you delete it; it never expires by itself"),
    "claim": marked("At most 24 hours; when you confirm, it moves to your certificate"),
    "enrolment": marked("400 days after your last visit to the course; deleted with your certificate if there is one"),
    "token": marked("24 hours after the link stops working"),
    "portal_session": marked("1 hour"),
    "mail": marked("7 days after sending"),
    "until_sent": marked("Until that one mail has left, at most three days"),
    "case": marked("Until your request is answered"),
    "day": marked("24 hours"),
    "two_years": marked("2 years"),
    "consent": marked("1 year after you stop the topic; deleted with everything else of yours"),
    "until_undone": marked("Until you undo it"),
    "month": marked("30 days"),
    "for_good": marked("For good: a code and a day that say nothing to anybody who does not hold the certificate"),
    "staff_account": marked("30 days after the account was disabled"),
    "staff_session": marked("12 hours at most, and half an hour without use"),
    "invitation": marked("24 hours after the invitation has expired"),
    "draft_step": marked("one year after the change"),
    "waiting_file": marked("one hour at most"),
    "address_change": marked("until the new address is confirmed, one day at most"),
    "cookie_400_days": marked("400 days, in your browser"),
    "cookie_180_days": marked("180 days, in your browser"),
    "cookie_182_days": marked("6 months, in your browser"),
    "cookie_30_minutes": marked("30 minutes, in your browser"),
}
