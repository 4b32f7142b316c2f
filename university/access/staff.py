"""Who of the staff may call it, by role. A word or two after the role:

* fresh: dangerous, so a factor must have been shown at most five minutes ago;
* early: open to an account that has no factor yet too.
"""

from __future__ import annotations

from university.access.table import read_table
from university.models import EDITOR, OWNER, PRIVACY_OFFICER, PUBLISHER, ROLES

WHO: dict[str, frozenset[str]] = {
    "everybody": frozenset(ROLES),
    "owners": frozenset({OWNER}),
    "writers": frozenset({EDITOR, PUBLISHER, OWNER}),
    "publishers": frozenset({PUBLISHER, OWNER}),
    "answering": frozenset({PRIVACY_OFFICER, OWNER}),
    "privacy": frozenset({PRIVACY_OFFICER}),
}

MARKS = {"fresh", "early"}

TABLE = read_table(
    """
    # Signing out and in again, and one's own account.
    GET       /staff                                                       everybody
    POST      /staff/sign-out                                              everybody early
    GET POST  /staff/step-up                                               everybody
    POST      /staff/step-up/passkey                                       everybody
    POST      /staff/step-up/passkey/question                              everybody
    GET       /staff/welcome                                               everybody early
    GET       /staff/account                                               everybody
    POST      /staff/account/name                                          everybody
    GET POST  /staff/account/address                                       everybody fresh
    GET       /staff/account/address/{token}                               everybody
    POST      /staff/account/address/{token}                               everybody fresh
    POST      /staff/account/passkeys                                      everybody fresh early
    POST      /staff/account/passkeys/question                             everybody fresh early
    POST      /staff/account/passkeys/{passkey_id}/remove                  everybody fresh
    GET POST  /staff/account/password                                      everybody fresh early
    GET       /staff/account/authenticator                                 everybody fresh
    POST      /staff/account/recovery-codes                                everybody fresh
    POST      /staff/account/devices/sign-out                              everybody fresh
    POST      /staff/account/devices/{public_id}/sign-out                  everybody fresh

    # Setting the installation up, and everybody's accounts.
    GET       /staff/setup                                                 owners
    POST      /staff/setup/apply                                           owners fresh
    POST      /staff/setup/skip/{step}                                     owners
    GET       /staff/setup/who                                             owners
    POST      /staff/setup/who                                             owners fresh
    GET       /staff/setup/look                                            owners
    POST      /staff/setup/look                                            owners fresh
    POST      /staff/setup/look/preview                                    owners
    GET       /staff/setup/look/colours.css                                owners
    GET       /staff/setup/look/specimen.png                               owners
    GET       /staff/setup/look/{name}                                     owners
    GET       /staff/setup/address                                         owners
    POST      /staff/setup/address                                         owners fresh
    GET       /staff/setup/mail                                            owners
    POST      /staff/setup/mail                                            owners fresh
    GET POST  /staff/setup/backups                                         owners fresh
    POST      /staff/setup/recovery-key                                    owners fresh
    POST      /staff/setup/recovery-key/kept                               owners fresh
    GET       /staff/accounts                                              owners
    POST      /staff/accounts                                              owners fresh
    GET       /staff/accounts/{staff_id}                                   owners
    POST      /staff/accounts/{staff_id}/roles                             owners fresh
    POST      /staff/accounts/{staff_id}/reset                             owners fresh
    POST      /staff/accounts/{staff_id}/disable                           owners fresh
    POST      /staff/accounts/{staff_id}/enable                            owners fresh

    # Courses: what learners see is changed by those who publish.
    GET       /editor                                                      writers
    GET POST  /editor/new                                                  writers
    GET       /editor/courses/{slug}                                       writers
    POST      /editor/courses/{slug}/order                                 writers
    POST      /editor/courses/{slug}/modules                               writers
    POST      /editor/courses/{slug}/remove                                writers
    GET POST  /editor/courses/{slug}/modules/{module}                      writers
    POST      /editor/courses/{slug}/modules/{module}/lessons              writers
    GET POST  /editor/courses/{slug}/settings                              writers
    POST      /editor/courses/{slug}/copy                                  writers
    POST      /editor/courses/{slug}/address                               writers
    POST      /editor/courses/{slug}/status                                publishers
    GET       /figures                                                     writers
    GET       /figures/courses.csv                                         writers
    GET       /editor/courses/{slug}/figures                               writers
    GET       /editor/courses/{slug}/figures/{name}                        writers
    GET POST  /editor/exchange                                             writers
    POST      /editor/exchange/accept                                      writers
    GET POST  /editor/courses/{slug}/exchange                              writers
    POST      /editor/courses/{slug}/exchange/accept                       writers
    GET       /editor/courses/{slug}/exchange/folder                       writers
    GET       /editor/courses/{slug}/exchange/moodle                       writers
    GET       /editor/courses/{slug}/publish                               writers
    POST      /editor/courses/{slug}/publish                               publishers
    POST      /editor/courses/{slug}/publish/back                          publishers
    POST      /editor/courses/{slug}/publish/cancel                        publishers
    GET POST  /editor/courses/{slug}/questions                             writers
    GET POST  /editor/courses/{slug}/questions/{quiz}                      writers
    POST      /editor/courses/{slug}/questions/{quiz}/remove               writers
    POST      /editor/courses/{slug}/questions/{quiz}/new                  writers
    POST      /editor/courses/{slug}/questions/{quiz}/order                writers
    GET POST  /editor/courses/{slug}/questions/{quiz}/paste                writers
    GET POST  /editor/courses/{slug}/questions/{quiz}/{number}             writers
    POST      /editor/courses/{slug}/questions/{quiz}/{number}/try/answers writers
    GET POST  /editor/courses/{slug}/history                               writers
    GET POST  /editor/courses/{slug}/lessons/{lesson}                      writers
    POST      /editor/courses/{slug}/lessons/{lesson}/preview              writers
    GET       /editor/courses/{slug}/preview                               writers
    GET       /editor/courses/{slug}/preview/{lesson}                      writers
    GET       /editor/courses/{slug}/preview/{lesson}/{sha256}/{path}      writers
    GET POST  /editor/courses/{slug}/files                                 writers
    POST      /editor/courses/{slug}/files/remove                          writers
    POST      /editor/courses/{slug}/pictures                              writers

    # Words to everybody who wants a topic: whoever may publish may send them. No address is shown to anybody.
    GET POST  /campaigns                                                   publishers
    GET POST  /campaigns/{campaign_id}                                     publishers
    GET POST  /campaigns/{campaign_id}/send                                publishers
    POST      /campaigns/{campaign_id}/delete                              publishers
    GET       /campaigns/{campaign_id}/preview/{name}                      publishers

    # Certificates and cases. Learners' data is open to the privacy officer alone.
    GET       /registry                                                    answering
    POST      /registry/find                                               answering
    POST      /registry/people                                             privacy
    GET POST  /registry/classes                                            answering
    GET POST  /registry/extra-time                                         answering
    GET       /registry/log                                                answering
    GET       /registry/cases                                              answering
    GET POST  /registry/cases/{number}                                     answering
    POST      /registry/cases/{number}/close                               answering
    POST      /registry/cases/{number}/contact                             privacy
    GET       /registry/{number}                                           answering
    POST      /registry/{number}/contact                                   privacy
    POST      /registry/{number}/resend                                    answering
    POST      /registry/{number}/reissue                                   answering fresh
    GET       /registry/{number}/revoke                                    answering
    POST      /registry/{number}/revoke                                    answering fresh
    GET POST  /registry/{number}/correct                                   answering
    """,
    known=WHO.keys() | MARKS,
)

STAFF: dict[str, frozenset[str]] = {route: WHO[who] for route, (who, *_marks) in TABLE.items()}
STEP_UP: frozenset[str] = frozenset(route for route, words in TABLE.items() if "fresh" in words)
WHILE_SETTING_UP: frozenset[str] = frozenset(route for route, words in TABLE.items() if "early" in words)
