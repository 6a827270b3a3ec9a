"""Reading back: asking the network whether something unclear is there."""

import logging
from datetime import datetime, timedelta

from django.conf import settings

from networks.base import SEND_TIMEOUT, Adapter
from networks.content import CANNOT_TELL, CannotTellType, Prepared, Published
from networks.errors import NetworkError
from scheduler import clock
from scheduler.models import PublishAttempt, ScheduledItem, Segment
from scheduler.services import outcome, transition
from scheduler.services.adapters import adapter_for
from scheduler.services.freeze import part_of
from scheduler.services.publish import published_of
from scheduler.services.segments import segments_of
from scheduler.states import State

log = logging.getLogger(__name__)

WAITS = (timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1))
"""After the first look at 30 s. Then hourly, for unresolved only, until a day is over."""
A_DAY = timedelta(days=1)
BEFORE = timedelta(seconds=120)
"""How much earlier than the first sending the search begins: clocks differ."""
UNCLEAR = (State.UNCERTAIN, State.UNRESOLVED)


def look_at_due() -> int:
    """Looks at every unclear item whose look is due; returns how many were looked at."""
    due = ScheduledItem.objects.filter(next_look_at__lte=clock.now(), state__in=UNCLEAR)
    return sum(look(pk) for pk in due.values_list("pk", flat=True)[:50])


def look(item_id: int) -> int:
    """One look: takes its turn by moving the next look on, asks the network with no lock held, writes the answer."""
    if not _take_turn(item_id):
        return 0
    item = ScheduledItem.objects.for_lists().get(pk=item_id)
    segment = _unclear_segment(item)
    if segment is None:
        return 0
    try:
        adapter = adapter_for(item.channel)
        answer = _ask(adapter, item, segment)
        harmless = _is_harmless(adapter, segment)
    except NetworkError as error:
        log.warning(
            "Item %s could not be looked for (%s); it is looked for again.", item_id, error.code or error.message
        )
        return 1
    _write(item_id, segment.pk, answer, harmless)
    return 1


def _take_turn(item_id: int) -> bool:
    with transition.locked(item_id) as item:
        now = clock.now()
        if item.state not in UNCLEAR or item.next_look_at is None or item.next_look_at > now:
            return False
        item.next_look_at = _next(item, now)
        item.looks += 1
        item.save(update_fields=["next_look_at", "looks"])
    return True


def _next(item: ScheduledItem, now: datetime) -> datetime | None:
    if item.looks < len(WAITS):
        return now + WAITS[item.looks]
    began = item.sending_at or item.due_at
    if item.state == State.UNRESOLVED and now - began < A_DAY:
        return now + timedelta(hours=1)
    return None


def _unclear_segment(item: ScheduledItem) -> Segment | None:
    begun = (segment for segment in segments_of(item) if segment.first_sent_at and not segment.is_out)
    return next((segment for segment in begun if segment.open_attempts().exists()), None)


def _ask(adapter: Adapter, item: ScheduledItem, segment: Segment) -> Published | CannotTellType | None:
    segments = segments_of(item)
    parent = published_of(segments[segment.position - 1]) if segment.position else None
    known = Segment.objects.filter(item__channel=item.channel_id).exclude(remote_id="")
    began = segment.first_sent_at or item.due_at
    return adapter.find(
        part_of(segment, len(segments)),
        Prepared(segment.prepared, segment.repeat_key),
        began - BEFORE,
        parent,
        frozenset(known.values_list("remote_id", flat=True)),
    )


def _is_harmless(adapter: Adapter, segment: Segment) -> bool:
    if segment.first_sent_at is None:
        return False
    return adapter.repeat_is_harmless(
        segment.first_sent_at, clock.now() + timedelta(seconds=settings.PUBLISH_LEASE + SEND_TIMEOUT)
    )


def _write(item_id: int, segment_id: int, answer: Published | CannotTellType | None, harmless: bool) -> None:
    with transition.locked(item_id) as item:
        segment = Segment.objects.select_related("item").get(pk=segment_id)
        if item.state not in UNCLEAR or segment.is_out:
            return
        if isinstance(answer, Published):
            _found(item, segment, answer)
        else:
            _not_found(item, answer is CANNOT_TELL, harmless)


def _found(item: ScheduledItem, segment: Segment, published: Published) -> None:
    transition.note(item, "item:looked", facts={"found": True, "url": published.url, "looks": item.looks})
    outcome.mark_out(item, segment, published)
    if item.state == State.UNRESOLVED:
        outcome.after_found(item)
    else:
        outcome.go_on(item, segments_of(item))


def _not_found(item: ScheduledItem, cannot_tell: bool, harmless: bool) -> None:
    transition.note(item, "item:looked", facts={"found": False, "cannot_tell": cannot_tell, "looks": item.looks})
    if item.state != State.UNCERTAIN:
        return
    if item.send_again and sender_is_done(item):
        _send_again(item)
    elif harmless and not cannot_tell:
        transition.move(item, State.SCHEDULED, "item:retry", facts={"harmless": True}, next_try_at=clock.now())


def _send_again(item: ScheduledItem) -> None:
    """A person asked for it, the sender is done, and one more look found nothing."""
    now = clock.now()
    grace = timedelta(minutes=item.campaign.grace_minutes)
    transition.move(
        item, State.SCHEDULED, "item:retry", facts={"by_a_person": True}, next_try_at=now, expires_at=now + grace,
        may_repeat=True,
    )  # fmt: skip


def sender_is_done(item: ScheduledItem) -> bool:
    """Whether no try of this item can still arrive: each sender completed its attempt or was seen gone."""
    sent = PublishAttempt.objects.filter(segment__item=item, sent_at__isnull=False)
    return not sent.filter(sender_done_at=None).exists()
