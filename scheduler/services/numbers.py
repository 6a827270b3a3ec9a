"""Reading back what networks count of posts: hourly for two days, then daily for a fortnight.

Never with a transaction open, a few posts of a channel at a time, and only where reading costs nothing: X asks money for
each post that is read (networks/prices.py), so its numbers are never read unasked.
"""

import logging
import time
from datetime import datetime, timedelta

from django.db.models import Min

from accounts.crypto import UnreadableCredentialsError
from networks.content import Metrics
from networks.errors import LaterError, NetworkError, RefusedError
from networks.registry import all_networks
from scheduler import clock
from scheduler.models import Channel, Health, Segment, SegmentNumbers, Transport
from scheduler.services.adapters import adapter_for, capabilities_of

log = logging.getLogger(__name__)

HOURLY, DAILY = timedelta(hours=1), timedelta(days=1)
HOURLY_UNTIL = timedelta(days=2)
"""The age of a post until which it is read each hour."""
DAILY_UNTIL = HOURLY_UNTIL + timedelta(days=14)
"""The age from which it is read no more."""

CHANNELS, OF_A_CHANNEL, NEW = 20, 10, 200
"""At most so many channels in one run, readings of each, and posts that are taken up."""
FAILURES = 2
"""After so many in one run nothing more is asked of a channel: its network is in trouble, or its token is dead."""
SECONDS = 20.0
"""After which a run begins no further reading: the hands that read also look after what is unclear."""


def read_due() -> int:
    """Takes up new posts and reads those whose turn it is; returns how many were asked for."""
    take_up_new()
    ends = time.monotonic() + SECONDS
    return sum(_read_of(channel, ends) for channel in _channels_due())


def take_up_new() -> int:
    """Plans the first reading of posts that came out by themselves on a network that tells numbers; how many."""
    now = clock.now()
    new = Segment.objects.filter(
        published_at__gt=now - DAILY_UNTIL, numbers=None, item__channel__transport=Transport.API,
        item__channel__health=Health.OK, item__channel__network__in=_telling(),
    ).exclude(remote_id="")  # fmt: skip
    rows = [
        SegmentNumbers(segment_id=pk, next_read_at=published_at + HOURLY)
        for pk, published_at in new.order_by("published_at").values_list("pk", "published_at")[:NEW]
        if published_at
    ]
    SegmentNumbers.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def next_reading(published_at: datetime, now: datetime) -> datetime | None:
    """When a post that was just read is read again; None where it is old enough."""
    again = now + (HOURLY if now - published_at < HOURLY_UNTIL else DAILY)
    return again if again - published_at <= DAILY_UNTIL else None


def _telling() -> list[str]:
    """The networks whose numbers can be read for nothing."""
    return [
        network.slug
        for network in all_networks()
        if "metrics" in capabilities_of(network) and not (network.price and network.price.read_post)
    ]


def _channels_due() -> list[Channel]:
    """Channels with a reading due, the longest waiting first, so that one with many posts holds up nobody."""
    due = Channel.objects.filter(
        transport=Transport.API, health=Health.OK, items__segments__numbers__next_read_at__lte=clock.now()
    )
    waiting = due.annotate(oldest=Min("items__segments__numbers__next_read_at")).order_by("oldest")
    return list(waiting.select_related("organisation")[:CHANNELS])


def _due_of(channel: Channel) -> list[SegmentNumbers]:
    """Its next readings; those that failed last time come last, so that they stand in nobody's way."""
    due = SegmentNumbers.objects.filter(segment__item__channel=channel, next_read_at__lte=clock.now())
    return list(due.select_related("segment").order_by("code", "next_read_at", "pk")[:OF_A_CHANNEL])


def _read_of(channel: Channel, ends: float) -> int:
    """Reads some posts of a channel with one adapter; returns how many were asked for."""
    try:
        adapter = adapter_for(channel)
    except (NetworkError, UnreadableCredentialsError) as error:
        _put_off(channel, DAILY, error)
        return 0
    asked = failed = 0
    for numbers in _due_of(channel):
        if time.monotonic() >= ends or failed == FAILURES:
            break
        if not _take_turn(numbers):
            continue
        asked += 1
        try:
            _store(numbers, adapter.metrics(numbers.segment.remote_id))
        except RefusedError as error:  # the network has no such post (any more)
            _fail(numbers, error, None)
        except NetworkError as error:
            _fail(numbers, error, _wait(error))
            failed = FAILURES if getattr(error, "of", "") == "channel" else failed + 1
            if failed == FAILURES:
                _put_off(channel, _wait(error), error)
    return asked


def _take_turn(numbers: SegmentNumbers) -> bool:
    """Whether this hand has the reading; another one may have taken it meanwhile."""
    mine = SegmentNumbers.objects.filter(pk=numbers.pk, next_read_at=numbers.next_read_at)
    return mine.update(next_read_at=clock.now() + HOURLY) == 1


def _store(numbers: SegmentNumbers, told: Metrics) -> None:
    now = clock.now()
    SegmentNumbers.objects.filter(pk=numbers.pk).update(
        likes=told.likes, shares=told.shares, replies=told.replies, views=told.views, read_at=now, code="",
        next_read_at=next_reading(numbers.segment.published_at or now, now),
    )  # fmt: skip


def _wait(error: NetworkError) -> timedelta:
    """How long the channel's readings wait: as long as the network says, an hour at least; a day where it is not
    willing at all, since a dead token is found out by who publishes and by the renewal."""
    if not isinstance(error, LaterError):
        return DAILY
    return max(HOURLY, timedelta(seconds=error.wait or 0.0))


def _put_off(channel: Channel, wait: timedelta, error: Exception) -> None:
    """Lets all that is due on the channel wait."""
    log.info("The numbers of channel %s could not be read (%s).", channel.pk, _code(error))
    until = clock.now() + wait
    SegmentNumbers.objects.filter(segment__item__channel=channel, next_read_at__lt=until).update(next_read_at=until)


def _fail(numbers: SegmentNumbers, error: NetworkError, wait: timedelta | None) -> None:
    """Writes why there was nothing to read; it is read again after `wait`, unless the post is too old by then."""
    now = clock.now()
    again = now + wait if wait else None
    if again and again - (numbers.segment.published_at or now) > DAILY_UNTIL:
        again = None
    SegmentNumbers.objects.filter(pk=numbers.pk).update(next_read_at=again, code=_code(error))


def _code(error: Exception) -> str:
    return str(getattr(error, "code", "") or type(error).__name__)[:80]
