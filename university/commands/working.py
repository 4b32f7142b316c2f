"""`university worker`: mail and scheduled jobs, in a process of their own or inside of `university serve`."""

from __future__ import annotations

import signal
import threading
from datetime import timedelta
from functools import partial

import click

from university.account.mails import MAILS as ACCOUNT_MAILS
from university.app import make_templates
from university.awarding.time_stamps import stamp_new
from university.backups.jobs import jobs as backup_jobs
from university.campaigns.mails import MAILS as CAMPAIGN_MAILS
from university.cases.mails import MAILS as CASE_MAILS
from university.claims.mails import MAILS as CLAIM_MAILS
from university.colleagues.mails import MAILS as COLLEAGUE_MAILS
from university.commands.environment import settings_or_exit
from university.database import Database
from university.drafting.draft_steps import JOBS as STEPS
from university.figures.counting import jobs as figure_jobs
from university.jobs.worker import Worker
from university.keys.keyring import open_keyring
from university.mailing.mail import Writer
from university.operating import in_use
from university.privacy.mails import MAILS as PRIVACY_MAILS
from university.registry.mails import MAILS as REGISTRY_MAILS
from university.retention import JOBS, Job
from university.revisions.planning import JOBS as PLANNED
from university.rights.jobs import jobs as privacy_jobs
from university.serving import logs
from university.serving.house_style import static_files
from university.settings import Settings
from university.subscriptions.mails import MAILS as SUBSCRIPTION_MAILS

# Every kind of mail there is, and who writes it.
WRITERS: dict[str, Writer] = {
    **CLAIM_MAILS,
    **PRIVACY_MAILS,
    **REGISTRY_MAILS,
    **SUBSCRIPTION_MAILS,
    **CAMPAIGN_MAILS,
    **CASE_MAILS,
    **ACCOUNT_MAILS,
    **COLLEAGUE_MAILS,
}


@click.command()
def worker() -> None:
    """Send mail and run the scheduled jobs, until told to stop."""
    settings = settings_or_exit()
    logs.log_to_stdout()
    working = make_worker(settings)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=working.stop).start())
    with in_use.using(settings):
        working.run()


def start_worker(settings: Settings) -> Worker:
    """A worker in a thread of its own, with its own connections; `stop` ends it."""
    return make_worker(settings).start()


def make_worker(settings: Settings) -> Worker:
    database = Database(settings)
    keyring = open_keyring(settings)
    templates = make_templates(settings, static_files(settings), keyring)
    stamp = partial(stamp_new, database=database, keyring=keyring, settings=settings)
    keys = Job("keys", timedelta(minutes=1), lambda _session, _now: keyring.make_certificate_keys(settings))
    stamping = Job("time stamps", timedelta(minutes=1), stamp)
    fixed = (*JOBS, *STEPS, *PLANNED)
    own = (*privacy_jobs(settings), *backup_jobs(database, settings), *figure_jobs(database))
    planned = (*fixed, *own, stamping, keys)
    return Worker(database, settings, templates, WRITERS, planned, closing=database.close)
