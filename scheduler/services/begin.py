"""Begin sending: the commit after which a post may be out."""

import dataclasses
import time
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from networks.base import SEND_TIMEOUT, Adapter
from scheduler import clock, steps
from scheduler.models import PublishAttempt, ScheduledItem, Segment
from scheduler.services import gates
from scheduler.services.claim import Claim
from scheduler.services.errors import LostLeaseError
from scheduler.services.lease import Holder
from scheduler.services.outcome import gate_closed, still_open
from scheduler.services.worker import this_worker
from scheduler.states import Outcome, State


class GateClosedError(Exception):
    """Rolls the transaction back: a gate closed after the claim."""

    def __init__(self, closed: gates.Closed) -> None:
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


def _begin(claim: Claim, segment: Segment, adapter: Adapter) -> PublishAttempt:
    now = clock.now()
    until = now + timedelta(seconds=settings.PUBLISH_LEASE)
    ours = ScheduledItem.objects.filter(pk=claim.item_id, fence=claim.fence, state=State.PUBLISHING)
    # The update comes first: it takes the row's lock, and what is read after it is read under that lock.
    if not ours.filter(lease_until__gt=clock.Now()).update(sending_at=clock.Now(), lease_until=until):
        raise LostLeaseError
    item = ScheduledItem.objects.for_lists().get(pk=claim.item_id)
    if closed := gates.first_closed(item):
        raise GateClosedError(closed)
    _refuse_a_blind_repeat(item, segment, adapter)
    if item.may_repeat:
        ours.update(may_repeat=False)
    if segment.first_sent_at is None:
        Segment.objects.filter(pk=segment.pk).update(first_sent_at=now)
    me = this_worker()
    return PublishAttempt.objects.create(
        segment=segment,
        fence=claim.fence,
        host=me.host,
        boot_id=me.boot_id,
        pid=me.pid,
        started=me.started,
        sent_at=now,
    )


def _refuse_a_blind_repeat(item: ScheduledItem, segment: Segment, adapter: Adapter) -> None:
    if item.may_repeat or segment.first_sent_at is None:
        return
    if not segment.open_attempts().exclude(outcome=Outcome.NOT_SENT).exists():
        return
    latest_arrival = clock.now() + timedelta(seconds=settings.PUBLISH_LEASE + SEND_TIMEOUT)
    if not adapter.repeat_is_harmless(segment.first_sent_at, latest_arrival):
        raise OpenAttemptError
