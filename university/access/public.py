"""Who may call it: everybody."""

from __future__ import annotations

from university.access.table import read_table

PUBLIC: frozenset[str] = frozenset(
    read_table(
        """
        # Learning.
        GET       /
        GET       /courses
        GET POST  /courses/{slug}
        GET POST  /courses/{slug}/{lesson}
        POST      /courses/{slug}/{lesson}/place
        GET       /courses/{slug}/{lesson}/{sha256}/{path}
        GET       /quizzes/{slug}/{quiz}
        POST      /quizzes/{slug}/{quiz}/answers
        POST      /quizzes/{slug}/{quiz}/attempts
        GET POST  /quizzes/{slug}/{quiz}/{attempt}
        GET       /devices
        POST      /devices/code
        POST      /devices/links
        POST      /devices/recovery
        POST      /devices/stop
        GET POST  /devices/{token}
        GET POST  /claims/confirm/{token}
        GET POST  /claims/{slug}
        POST      /claims/{slug}/again
        POST      /claims/{slug}/preview
        GET       /claims/{slug}/sent
        GET       /layout/components
        POST      /language
        POST      /statistics

        # Checking a certificate.
        GET       /verify
        POST      /verify/file
        GET POST  /verify/list
        GET       /verify/{number}
        GET       /V/{number}
        POST      /api/v1/verifications
        GET       /credentials/status/{number}
        GET       /credentials/{number}

        # Being in charge of one's data.
        GET       /privacy
        GET POST  /privacy/my-data
        GET       /privacy/my-data.schema.json
        GET POST  /privacy/my-data/delete
        POST      /privacy/my-data/download
        POST      /privacy/my-data/hide
        GET POST  /privacy/my-data/name/{number}
        GET POST  /privacy/my-data/object
        GET       /privacy/my-data/papers/{name}
        GET       /privacy/my-data/sent
        POST      /privacy/my-data/show
        POST      /privacy/my-data/sign-out
        GET POST  /privacy/my-data/{token}
        GET POST  /privacy/receipt
        GET       /privacy/receipt/finishing
        GET       /privacy/receipt/{receipt_id}
        GET POST  /privacy/request
        GET       /privacy/request/sent
        GET       /privacy/statement/{version}
        GET POST  /subscriptions
        POST      /subscriptions/bounces/{secret}
        GET POST  /subscriptions/confirm/{token}
        GET       /subscriptions/confirmed
        POST      /subscriptions/my-data
        GET POST  /subscriptions/never/{token}
        GET       /subscriptions/sent
        GET POST  /subscriptions/unsubscribe/{token}

        # For machines.
        GET       /healthz
        GET       /healthz/{question}
        GET       /readyz
        GET       /metrics
        GET       /.well-known/certificate-keys.json
        GET       /.well-known/did.json
        GET       /.well-known/security.txt
        GET       /robots.txt
        GET       /sitemap.xml
        GET       /courses.atom
        GET       /favicon.ico
        POST      /policy-reports
        GET       /mailbox
        GET       /mailbox/{mail_id}
        GET       /mailbox/{mail_id}/headers
        GET       /mailbox/{mail_id}/html
        GET       /mailbox/{mail_id}/source

        # Before somebody is signed in.
        GET POST  /staff/invitations/{token}
        GET POST  /staff/sign-in
        POST      /staff/sign-in/passkey
        POST      /staff/sign-in/passkey/question
        """
    )
)
