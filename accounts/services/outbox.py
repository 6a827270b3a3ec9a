"""The outbox: a mail is a row first, so that a crash between the cause and the mail loses nothing."""

import logging
from datetime import datetime, timedelta

from django.core.mail import EmailMessage
from django.db import transaction

from accounts.models import OutboxMail

log = logging.getLogger(__name__)

LONGEST_WAIT = timedelta(hours=1)


def post(key: str, to: str, subject: str, body: str, now: datetime) -> None:
    """Puts a mail into the outbox, once for each `key`. Call it in the transaction of its cause."""
    OutboxMail.objects.get_or_create(
        key=key,
        defaults={"to": to, "subject": subject[:200], "body": body, "created_at": now, "next_try_at": now},
    )


def send_due(now: datetime, limit: int = 50) -> int:
    """Sends what is due and returns how many went. A mail may go twice if the process dies after the server took it:
    for a reminder that is better than not at all."""
    sent = 0
    for pk in OutboxMail.objects.filter(sent_at=None, next_try_at__lte=now).values_list("pk", flat=True)[:limit]:
        sent += _send_one(pk, now)
    return sent


def _send_one(pk: int, now: datetime) -> int:
    # The row is taken by moving its next try, so that no lock is held while the mail server is spoken to.
    with transaction.atomic():
        taken = OutboxMail.objects.filter(pk=pk, sent_at=None, next_try_at__lte=now).update(
            next_try_at=now + timedelta(minutes=5)
        )
    if not taken:
        return 0
    mail = OutboxMail.objects.get(pk=pk)
    try:
        EmailMessage(mail.subject, mail.body, to=[mail.to]).send()
    except OSError as error:  # smtplib's errors are OSErrors
        _try_again(mail, now, error)
        return 0
    OutboxMail.objects.filter(pk=pk).update(sent_at=now, tries=mail.tries + 1, last_error="")
    return 1


def _try_again(mail: OutboxMail, now: datetime, error: OSError) -> None:
    wait = min(timedelta(seconds=30) * 2**mail.tries, LONGEST_WAIT)
    log.warning("Mail %s was not sent (%s); the next try is in %s.", mail.pk, error, wait)
    OutboxMail.objects.filter(pk=mail.pk).update(
        tries=mail.tries + 1, next_try_at=now + wait, last_error=str(error)[:300]
    )
