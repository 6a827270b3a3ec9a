"""Begin sending: the commit after which a post may be out."""

import dataclasses
import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import BigAutoField, DateTimeField, IntegerField

from campaign import statements
from campaign.statements import Change, Given, changed
from networks.base import SEND_TIMEOUT, Adapter
from scheduler import clock, steps
from scheduler.models import PublishAttempt, ScheduledItem, Segment
from scheduler.services import gates
from scheduler.services.claim import Claim
from scheduler.services.errors import LostLeaseError
from scheduler.services.gate_facts import Closed
from scheduler.services.lease import Holder
from scheduler.services.outcome import gate_closed, still_open
from scheduler.services.worker import this_worker
from scheduler.states import Outcome, State


class GateClosedError(Exception):
    """Rolls the transaction back: a gate closed after the claim."""

    def __init__(self, closed: Closed) -> None:
        super().__init__(closed.sentence)
        self.closed = closed


class OpenAttemptError(Exception):
    """Rolls the transaction back: an earlier try may be out, and repeating it is not harmless now."""


def begin_sending(holder: Holder, segment: Segment, adapter: Adapter) -> PublishAttempt | None:
    """Writes the attempt and commits, or returns None where it must not be sent (the item has then been moved).
    Raises LostLeaseError. Touches the item's row only, never the channel's, so that no two locks can cross."""
    started = time.monotonic()
    try:
        with transaction.atomic():
            attempt = _begin(holder.claim, segment, adapter)
            steps.reached(steps.BEFORE_BEGIN_COMMIT, holder.claim.item_id)
    except GateClosedError as error:
        gate_closed(holder.claim, error.closed)
        return None
    except OpenAttemptError:
        still_open(holder.claim)
        return None
    holder.claim = dataclasses.replace(holder.claim, renewed=started)
    return attempt


BEGIN = Change(
    lambda: (
        ScheduledItem.objects.filter(
            pk=Given("item", BigAutoField()),
            fence=Given("fence", IntegerField()),
            state=State.PUBLISHING,
            lease_until__gt=Given("now", DateTimeField()),
        ),
        {"sending_at": Given("now", DateTimeField()), "lease_until": Given("until", DateTimeField())},
    )
)


def _begin(claim: Claim, segment: Segment, adapter: Adapter) -> PublishAttempt:
    now = clock.now()
    until = now + timedelta(seconds=settings.PUBLISH_LEASE)
    # The update comes first: it takes the row's lock, and what is read after it is read under that lock.
    if not BEGIN.run(item=claim.item_id, fence=claim.fence, now=now, until=until):
        raise LostLeaseError
    if closed := gates.first_closed(claim.item_id):
        raise GateClosedError(closed)
    along = []
    if segment.first_sent_at is None:
        segment.first_sent_at = now
        along = [changed(segment, "first_sent_at")]
    elif not ScheduledItem.objects.filter(pk=claim.item_id, may_repeat=True).update(may_repeat=False):
        _refuse_a_blind_repeat(segment, segment.first_sent_at, adapter)
    me = this_worker()
    attempt = PublishAttempt(segment=segment, fence=claim.fence, sent_at=now)
    attempt.host, attempt.boot_id, attempt.pid, attempt.started = me.host, me.boot_id, me.pid, me.started
    statements.insert(attempt, along=along)
    return attempt


def _refuse_a_blind_repeat(segment: Segment, first_sent_at: datetime, adapter: Adapter) -> None:
    if not segment.open_attempts().exclude(outcome=Outcome.NOT_SENT).exists():
        return
    latest_arrival = clock.now() + timedelta(seconds=settings.PUBLISH_LEASE + SEND_TIMEOUT)
    if not adapter.repeat_is_harmless(first_sent_at, latest_arrival):
        raise OpenAttemptError
