"""Publishing: what a worker does with its hands, from the claim to the outcome."""

import logging
import time

from django.conf import settings

from networks.base import SEND_TIMEOUT, Adapter
from networks.content import Prepared, Published, ReplyTo
from networks.content import Segment as Part
from networks.errors import LaterError, NetworkError, UnclearError
from scheduler import steps, stopping, trace
from scheduler.models import ScheduledItem, Segment, Transport
from scheduler.services import spool
from scheduler.services.adapters import adapter_for
from scheduler.services.begin import begin_sending
from scheduler.services.claim import Claim, Taken, claim_next
from scheduler.services.errors import LostLeaseError
from scheduler.services.freeze import freeze, part_of, waits_for_a_link
from scheduler.services.gate_facts import Facts
from scheduler.services.handover import hand_over
from scheduler.services.lease import Holder
from scheduler.services.outcome import NotSent, does_not_fit, finish, link_closed, not_prepared

log = logging.getLogger(__name__)

MARGIN = 5.0
"""Seconds of the lease that must be left after the longest possible call."""


def drain(seconds: float | None = None) -> int:
    """Claims and publishes until nothing is due or the time is up. Returns how many items were handled."""
    until = time.monotonic() + (settings.PUBLISH_DRAIN if seconds is None else seconds)
    handled = 0
    while time.monotonic() < until and not stopping.asked():
        steps.reached(steps.BEFORE_CLAIM, 0)
        claim = claim_next()
        if claim is None:
            break
        if claim.item_id:
            publish_claimed(claim)
            handled += 1
    return handled


def publish_claimed(claim: Claim) -> None:
    """Takes a claimed item as far as it goes. A lost lease ends it without a trace: somebody else goes on."""
    with trace.bound(item=claim.item_id, fence=claim.fence):
        try:
            _publish(Holder(claim))
        except LostLeaseError:
            log.warning("Item %s was taken over while this worker held it; it stops here.", claim.item_id)


def _publish(holder: Holder) -> None:
    taken = holder.claim.taken or _read_again(holder.claim.item_id)
    item = taken.item
    rendering, segments = freeze(item, taken.facts)
    if rendering is not None and rendering.errors:
        does_not_fit(holder.claim, rendering)
        return
    if rendering is not None and waits_for_a_link(rendering):
        link_closed(holder.claim)
        return
    if item.channel.transport == Transport.BY_HAND:
        hand_over(holder.claim)
        return
    missing = [segment for segment in segments if not segment.is_out]
    if not missing:
        finish(holder.claim)
    for segment in missing:
        if not _send(holder, item, segment, segments):
            return


def _read_again(item_id: int) -> Taken:
    return Taken(ScheduledItem.objects.for_lists().get(pk=item_id), Facts.of(item_id))


def _send(holder: Holder, item: ScheduledItem, segment: Segment, segments: list[Segment]) -> bool:
    """Sends one segment; True if it is out and the item goes on with the next one."""
    part = part_of(segment, len(segments))
    reply_to = _reply_to(segments, segment.position)
    holder.extend_in_time()
    prepared = _prepare(holder, item, segment, part, reply_to)
    if prepared is None:
        return False
    adapter, ready = prepared
    attempt = begin_sending(holder, segment, adapter)
    if attempt is None:
        return False
    steps.reached(steps.AFTER_BEGIN, item.pk)
    with trace.bound(attempt=attempt.pk, channel=item.channel_id, network=item.channel.network):
        result = _call(holder.claim, adapter, part, ready, reply_to)
        steps.reached(steps.AFTER_ACCEPTED, item.pk)
        log.info("The network answered: %s", type(result).__name__)
        goes_on = spool.record(attempt, result, holder.claim.fence)
    steps.reached(steps.AFTER_OUTCOME, item.pk)
    if goes_on and isinstance(result, Published):
        segment.refresh_from_db()
    return goes_on


def _prepare(
    holder: Holder, item: ScheduledItem, segment: Segment, part: Part, reply_to: ReplyTo | None
) -> tuple[Adapter, Prepared] | None:
    try:
        adapter = adapter_for(item.channel)
        adapter.refresh()
        steps.reached(steps.DURING_PREPARE, item.pk)
        ready = adapter.prepare(part, segment.prepared, holder.keeper(segment), reply_to)
    except NetworkError as error:
        not_prepared(holder.claim, error)
        return None
    except LostLeaseError:
        raise
    except Exception as error:  # a fault in an adapter: nothing was sent, so it is tried again and said aloud
        log.exception("Preparing item %s failed inside the adapter.", item.pk)
        not_prepared(holder.claim, LaterError(f"Preparing failed: {type(error).__name__}.", code="adapter-fault"))
        return None
    holder.keeper(segment).keep_what_is_new(ready)
    return adapter, ready


def _call(
    claim: Claim, adapter: Adapter, part: Part, ready: Prepared, reply_to: ReplyTo | None
) -> Published | NetworkError | NotSent:
    """The one irreversible call, with no transaction open. A worker that slept too long does not make it."""
    if claim.time_left() < SEND_TIMEOUT + MARGIN:
        return NotSent("This worker was stopped for so long that its claim may be over; it sent nothing.")
    try:
        return adapter.publish(part, ready, reply_to)
    except NetworkError as error:
        return error
    except Exception as error:  # the call had begun: whatever went wrong, it may be out
        log.exception("Publishing item %s failed inside the adapter.", claim.item_id)
        return UnclearError(f"The call broke off: {type(error).__name__}.", code="adapter-fault")


def _reply_to(segments: list[Segment], position: int) -> ReplyTo | None:
    if position == 0:
        return None
    return ReplyTo(root=published_of(segments[0]), parent=published_of(segments[position - 1]))


def published_of(segment: Segment) -> Published:
    """What the network told when this segment went out."""
    return Published(segment.remote_id, segment.url, segment.ref)
