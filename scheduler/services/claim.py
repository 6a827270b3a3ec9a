"""Claiming: a free channel whose turn has come, and its earliest item, in one transaction."""

import time
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import BigAutoField, DateTimeField

from accounts.actors import CHORUS
from campaign.statements import Given, Question
from scheduler import clock, steps
from scheduler.models import Channel, ScheduledItem
from scheduler.services import gates, transition
from scheduler.services.change import end
from scheduler.services.schedule import hold
from scheduler.states import State


@dataclass(frozen=True)
class Claim:
    """What a worker holds: the item, its fence, and its own monotonic clock at the last renewal of the lease."""

    item_id: int
    fence: int
    renewed: float
    item: ScheduledItem | None = field(default=None, repr=False, compare=False)
    """The item as it was claimed, with its channel: what a worker publishes is what it claimed."""

    def time_left(self) -> float:
        """Seconds of the lease by this process's own clock, which no adjustment of the host's clock moves."""
        return float(settings.PUBLISH_LEASE - (time.monotonic() - self.renewed))


NEXT_CHANNEL = Question[Channel](
    lambda: (
        Channel.objects.due(Given("now", DateTimeField()))
        .select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
        .order_by("next_due", "pk")[:1]
    )
)
HEAD = Question[ScheduledItem](
    lambda: ScheduledItem.objects.of_channel_in_turn(Given("channel", BigAutoField())).select_for_update()[:1]
)


def claim_next() -> Claim | None:
    """Takes the next due item for this worker, or None. Whatever stands at the head of the line and must not go out
    (too late, a gate closed) is put aside in the same transaction, so that no head is picked for ever."""
    started = time.monotonic()
    with transaction.atomic():
        channel = NEXT_CHANNEL.first(now=clock.now())
        if channel is None:
            return None
        item = _first_that_may_go(channel)
        if item is None:
            transition.set_next_due(channel)
            return Claim(0, 0, started)
        _take(item)
    steps.reached(steps.AFTER_CLAIM, item.pk)
    return Claim(item.pk, item.fence, started, item)


def _first_that_may_go(channel: Channel) -> ScheduledItem | None:
    now = clock.now()
    while item := HEAD.first(channel=channel.pk):
        item.channel = channel
        if item.next_try_at > now:
            return None
        if item.expires_at < now:
            end(item, State.MISSED, "item:missed", actor=CHORUS, facts={"last_error": item.last_error})
        elif closed := gates.first_closed(item.pk):
            hold(item, closed)
        else:
            return item
    return None


def _take(item: ScheduledItem) -> None:
    fence = item.fence + 1
    lease = clock.now() + timedelta(seconds=settings.PUBLISH_LEASE)
    transition.move(item, State.PUBLISHING, "item:claimed", facts={"fence": fence}, fence=fence, lease_until=lease)
